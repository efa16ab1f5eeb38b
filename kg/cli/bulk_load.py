"""`kg bulk-load`: loads what `kg read` wrote."""

import os

import click

from kg import corpus, ingest
from kg.cli import options
from kg.search import open_indexed


@click.command(name="bulk-load")
@click.argument("folder", metavar="FOLDER|URL")
@click.option("--workers", type=click.IntRange(1), help="Processes that check; by default one a core.")
@click.option("--replace", is_flag=True, help="Let a document take the place of another one of the same id.")
@options.quiet
@options.store
@options.verbose
@click.pass_context
def command(
    context: click.Context, folder: str, workers: int | None, replace: bool, quiet: bool, store_url: str
) -> None:
    """Load the parts that `kg read` wrote: checked in all processes, added as fast as the store can.

    Each document passes the gate, whoever wrote the part. Documents that are new are added in bulk; after a
    stop run it again. Documents that the store has are replaced or left as they are; another document of the
    same id is refused. At the end what they tell of one event is joined, and facts that contradict each
    other are linked. Exit code 1: a document was refused.

    \b
    kg read ~/corpus --out parts
    kg bulk-load parts
    """
    with open_indexed(store_url) as store:
        pipeline = ingest.Pipeline()
        ingest.put_ontology(store, pipeline)
        loading = corpus.bulk_load(
            folder, store, pipeline, replace=replace, workers=workers or os.cpu_count() or 1
        )
        loaded = [*loading]
        ingest.settle(store)
        linked = corpus.link_conflicts(store)
    if not quiet:
        added, replaced, unchanged = (
            sum(getattr(part, name) for part in loaded) for name in ("added", "replaced", "unchanged")
        )
        click.echo(f"{added} documents added, {replaced} replaced, {unchanged} unchanged; {linked} linked")
    refused = [problem for part in loaded for problem in part.refused]
    for problem in refused:
        click.echo(f"kg: {problem}", err=True)
    context.exit(1 if refused else 0)
