"""`kg query`: SPARQL from a string, a file, a question's file or standard input."""

import sys
from pathlib import Path

import click

from kg import queries
from kg.cli import options, output
from kg.errors import InputError
from kg.store import Result, Store, open_store


@click.command()
@click.argument("query")
@click.option("-f", "--format", type=click.Choice(output.FORMATS), default="table", show_default=True)
@click.option("--reviews", is_flag=True, help="Also what reviews reject.")
@options.json_output
@options.store
@options.verbose
def command(query: str, format: str, reviews: bool, as_json: bool, store_url: str) -> None:
    """Run a SPARQL query: a text, a file, the name of a question, or - for standard input.

    \b
    kg query 'SELECT * WHERE { ?s a kg:Call }'        (prefixes of the project are filled in)
    kg query mine.rq --format csv > rows.csv
    kg query excluded-topics
    """
    with open_store(store_url) as store:
        output.result(_answer(store, query, rejected=reviews), "json" if as_json else format)


def _answer(store: Store, query: str, *, rejected: bool) -> Result:
    if query in queries.names():
        return store.query(queries.named(query).unnarrowed, rejected=rejected)
    return store.query(_text(query), prefixes=queries.PREFIXES, rejected=rejected)


def _text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    if not query.endswith(".rq"):
        return query
    try:
        return Path(query).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{query}: cannot be read as UTF-8 text: {error}") from error
