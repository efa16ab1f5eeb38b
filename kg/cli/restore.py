"""`kg restore`: a store from a backup."""

from pathlib import Path

import click

from kg import ingest, maintenance
from kg.cli import options
from kg.cli.outcomes import exit_code, reported
from kg.cli.progress import watched
from kg.cli.summary import Summary
from kg.search import open_indexed


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.json_output
@options.quiet
@options.store
@options.verbose
@click.pass_context
def command(context: click.Context, file: Path, as_json: bool, quiet: bool, store_url: str) -> None:
    """Fill an empty store from a backup, or from N-Quads that `kg dump` wrote; everything is checked.

    A file that is cut or changed is refused before anything is written. Each document passes the same gate as
    any other; one that does not hold under the present ontology is read again from its text. What follows
    from documents is derived anew. Exit code 1: a document was refused; 2: the file cannot be used.

    \b
    kg restore uschina-kg.nq.gz --store oxigraph:new
    kg rebuild --store oxigraph:new
    """
    summary = Summary(every_name=options.is_verbose(context))
    with open_indexed(store_url) as store:
        outcomes = maintenance.restore(file, store, ingest.Pipeline())
        shown = watched(outcomes, "Restoring", None, silent=quiet or as_json)
        for outcome in reported(shown, as_json=as_json):
            summary.add(outcome)
    if not (quiet or as_json):
        summary.show()
    context.exit(exit_code(summary.documents))
