"""`kg index`: makes the index of texts anew."""

import click

from kg import search
from kg.cli import options


@click.command()
@options.quiet
@options.store
@options.verbose
def command(quiet: bool, store_url: str) -> None:
    """Make the index that `kg search` uses anew, from the store.

    The index follows the store by itself; this is for one that is damaged, or was copied from elsewhere. It
    lies beside a store on disk, and in the folder of the setting search_index for a SPARQL server.

    \b
    kg index
    kg index --store sparql+http://localhost:3030/kg
    """
    number = search.rebuild(store_url)
    if not quiet:
        click.echo(f"indexed {number} documents")
