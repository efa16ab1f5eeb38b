"""`kg show`: all that is known of one thing, with the passages."""

import json
from dataclasses import asdict

import click
from rich.text import Text

from kg import entities
from kg.cli import options, output
from kg.store import open_store
from kg.views.hidden_characters import plain


@click.command()
@click.argument("entity")
@options.json_output
@options.store
@options.verbose
def command(entity: str, as_json: bool, store_url: str) -> None:
    """Show one thing: its triples, what points at it, and the passages that say so.

    ENTITY is a name in English or Chinese, a path such as person/xi-jinping, or an IRI.

    \b
    kg show "Xi Jinping"
    kg show 习近平
    kg show call/2025-06-05-donald-trump-xi-jinping
    """
    with open_store(store_url) as store:
        found = entities.describe(entities.find(entity, store), store)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        _show(found)


def _show(found: entities.Description) -> None:
    screen = output.console()
    screen.print(Text(plain(found.label), style="bold"), Text(found.iri, style="dim"), sep="\n", end="\n\n")
    output.table(
        ("", "property", "value"),
        [
            ("→" if link.is_outgoing else "←", output.short(link.predicate), _value(link))
            for link in found.links
        ],
    )
    if found.citations:
        screen.print()
        rows = dict.fromkeys(
            (
                cited.issued or "",
                output.short(cited.document),
                cited.claimant or "",
                cited.account or "",
                cited.quote,
            )
            for cited in found.citations
        )
        output.table(("date", "document", "claimant", "account", "passage"), list(rows))


def _value(link: entities.Link) -> str:
    short = output.short(link.other)
    return f"{link.label}  ({short})" if link.label else short
