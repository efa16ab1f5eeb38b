"""`kg info`: what runs here, on which store, and how much is in it."""

import json

import click

from kg import __version__, entities
from kg.cli import options, output
from kg.resources import vocabulary
from kg.settings import settings
from kg.store import open_store


@click.command()
@options.json_output
@options.store
@options.verbose
def command(as_json: bool, store_url: str) -> None:
    """Show versions, the store, its counts, and the settings in force; a secret is shown as stars.

    \b
    kg info
    KG_QUERY_TIMEOUT=10 kg info
    kg info --json
    """
    with open_store(store_url) as store:
        numbers = entities.counts(store)
    facts = {"version": __version__, "ontology": vocabulary().version, "base IRI": settings().base_iri,
             "store": store_url, **numbers}  # fmt: skip
    chosen = {name: _shown(value) for name, value in settings().model_dump().items() if name != "store"}
    if as_json:
        click.echo(json.dumps({**facts, "settings": chosen}, ensure_ascii=False, indent=2))
    else:
        output.table(("what", "value"), [(name, str(value)) for name, value in facts.items()])
        click.echo()
        output.table(("setting", "value"), [(name, str(value)) for name, value in chosen.items()])


def _shown(value: object) -> object:
    """A setting as JSON can hold it; pydantic shows a secret as stars."""
    return value if isinstance(value, bool | int | float | None) else str(value) if value else ""
