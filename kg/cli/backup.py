"""`kg backup`: the store in one file."""

from pathlib import Path

import click

from kg import maintenance
from kg.cli import options
from kg.store import open_store


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@options.quiet
@options.store
@options.verbose
def command(file: Path, quiet: bool, store_url: str) -> None:
    """Write all documents and decisions into one file of N-Quads that says whether it is whole.

    A server and a loader may go on meanwhile: it is the state of one moment. Ontology and reference data are
    left out, as every version brings its own. A name that ends in .gz makes it compressed.

    \b
    kg backup uschina-kg.nq.gz
    kg restore uschina-kg.nq.gz --store oxigraph:new
    """
    with open_store(store_url) as store:
        made = maintenance.backup(store, file)
    if not quiet:
        click.echo(f"{made.quads} quads in {file}")
