"""`kg documents`: what the store holds, a line a document."""

import click

from kg import queries
from kg.cli import options, output
from kg.store import open_store


@click.command()
@options.json_output
@options.store
@options.verbose
def command(as_json: bool, store_url: str) -> None:
    """List the stored documents: id, date, kind, publisher, title.

    \b
    kg documents
    kg documents --json
    """
    with open_store(store_url) as store:
        answer = store.query(queries.named("documents").bind({}))
        output.result(answer, "json" if as_json else "table")
