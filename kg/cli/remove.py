"""`kg remove`: takes documents out of the store."""

import click

from kg import ingest
from kg.cli import options
from kg.search import open_indexed


@click.command()
@click.argument("documents", nargs=-1, required=True, metavar="ID…")
@options.quiet
@options.store
@options.verbose
def command(documents: tuple[str, ...], quiet: bool, store_url: str) -> None:
    """Remove documents by their id, and all that only they say.

    \b
    kg remove 2025-06-07-trump-xi-90-minute-call
    """
    with open_indexed(store_url) as store:
        for document in documents:
            ingest.remove(document, store)
            if not quiet:
                click.echo(f"removed {document}")
