"""`kg materialize`: answers beforehand what sums up the whole store."""

import os

import click

from kg import summaries
from kg.cli import options
from kg.cli.progress import watched
from kg.errors import InputError
from kg.store import open_store


@click.command()
@click.option("--nice", is_flag=True, help="Leave the processors to whatever else runs.")
@options.quiet
@options.store
@options.verbose
def command(nice: bool, quiet: bool, store_url: str) -> None:
    """Answer the questions that sum up the whole store, or all on a topic, and keep the answers beside it.

    Whoever asks the same then, by whatever way, gets the answer at once, until documents are loaded or
    removed. The server does this by itself; after a bulk load it takes minutes for 100,000 documents. What is
    kept already is not asked again.

    \b
    kg bulk-load parts && kg materialize
    kg ask topics-per-year
    """
    if nice:
        os.nice(19)
    with open_store(store_url) as store:
        if store.version is None:
            raise InputError(f"{store_url} cannot keep answers; a store on disk can: oxigraph:PATH")
        number = sum(1 for _ in watched(summaries.materialize(store), "Answering", None, silent=quiet))
    if not quiet:
        click.echo(f"{number} answers are ready")
