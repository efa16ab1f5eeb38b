"""`kg bulk-load`: loads what `kg read` wrote."""

import click

from kg import corpus, ingest
from kg.cli import options
from kg.store import open_store


@click.command(name="bulk-load")
@click.argument("folder", metavar="FOLDER|URL")
@options.quiet
@options.store
@options.verbose
def command(folder: str, quiet: bool, store_url: str) -> None:
    """Load the parts that `kg read` wrote, as fast as the store can.

    Documents that are new are added in bulk, which is no transaction: after a stop run it again. Documents
    that the store has are replaced or left as they are. At the end facts that contradict each other are
    linked.

    \b
    kg read ~/corpus --out parts
    kg bulk-load parts
    """
    with open_store(store_url, write=True) as store:
        ingest.put_ontology(store, ingest.Pipeline())
        loaded = [*corpus.bulk_load(folder, store)]
        linked = corpus.link_conflicts(store)
    if not quiet:
        added, replaced, unchanged = (
            sum(getattr(part, name) for part in loaded) for name in ("added", "replaced", "unchanged")
        )
        click.echo(f"{added} documents added, {replaced} replaced, {unchanged} unchanged; {linked} linked")
