"""`kg explain-merge`: why documents meet in one event, and how to keep one out of it."""

import getpass
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click

from kg import entities, ingest, merges
from kg.cli import options, output
from kg.errors import InputError
from kg.identity import document_iri
from kg.merges import Merge
from kg.review import now
from kg.search import open_indexed
from kg.store import Store, open_store

_DECISIONS: dict[str, Callable[[str, str, Store, ingest.Signature], None]] = {
    "undo": ingest.split,
    "redo": ingest.rejoin,
    "tie": ingest.tie,
    "untie": ingest.untie,
    "part": ingest.part,
    "unpart": ingest.unpart,
}


@click.command()
@click.argument("event")
@click.option("--undo", metavar="DOCUMENT", help="Keep this document's telling apart from now on.")
@click.option("--redo", metavar="DOCUMENT", help="Let this document meet the others again.")
@click.option("--tie", metavar="OTHER", help="Say that OTHER, another event, is this one.")
@click.option("--untie", metavar="OTHER", help="Take that back.")
@click.option("--part", metavar="OTHER", help="Say that OTHER, which may be this one, is not.")
@click.option("--unpart", metavar="OTHER", help="Take that back.")
@click.option("--as", "reviewer", metavar="NAME", default=getpass.getuser,
              help="Who decides.  [default: the user]")  # fmt: skip
@click.option("--note", default="", help="What else there is to say.")
@options.json_output
@options.store
@options.verbose
def command(
    event: str, reviewer: str, note: str, as_json: bool, store_url: str, **decisions: str | None
) -> None:
    """Say why several documents meet in one event: the kind, day, place and people that each of them gives.

    EVENT is a path or an IRI, also a former one. --undo gives the document an event of its own; --redo takes
    that back. Events that EVENT may be are listed; --tie makes one of them EVENT, --untie takes that back,
    --part says that it is another, --unpart takes that back. Decisions are reviews: they hold however
    documents are loaded, and `kg review` lists, takes back and sends them.

    \b
    kg explain-merge call/2025-06-05-donald-trump-xi-jinping
    kg explain-merge call/2025-06-05-donald-trump-xi-jinping --undo 2025-06-07-some-note
    kg explain-merge call/2025-06-05-donald-trump-xi-jinping --tie call/2025-06-07-some-note.120
    """
    given = [(name, value) for name, value in decisions.items() if value]
    if len(given) > 1:
        raise InputError(f"give one of {', '.join(f'--{name}' for name, _ in given)} at a time")
    with open_indexed(store_url) if given else open_store(store_url) as store:
        iri = entities.find_event(event, store)
        for name, value in given:
            _decide(name, iri, value, store, ingest.Signature(reviewer, now(), note))
        found = merges.explain(iri, store)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        _show(found)


def _decide(decision: str, event: str, value: str, store: Store, by: ingest.Signature) -> None:
    """Make a decision, or take one back."""
    if decision in ("undo", "redo"):
        value = value.removeprefix(document_iri("")).removeprefix("document/")
    else:
        value = entities.find_event(value, store)
    _DECISIONS[decision](event, value, store, by)


def _show(found: Merge) -> None:
    count = len(found.documents)
    if count > 1:
        click.echo(f"{count} documents meet in {output.short(found.event)}:")
    elif not found.is_shared:
        click.echo(f"{output.short(found.event)} belongs to one document: no other tells of it for certain")
    else:
        click.echo(f"{count or 'no'} document tells of {output.short(found.event)}; others would meet it by:")
    output.table(("field", "value", "document", "passage"), [*_rows(found)])
    for join in found.joins:
        if join.reason:
            click.echo(f"{join.document} tells of {output.short(join.name)}: {join.reason}")
    for document in found.apart:
        click.echo(f"kept apart by decision: {document}")
    for other in found.tied:
        click.echo(f"tied by decision: {output.short(other)}")
    for other in found.different:
        click.echo(f"another event by decision: {output.short(other)}")
    for it in found.may_be:
        click.echo(f"may be the same: {output.short(it.event)} ({it.reason})")


def _rows(found: Merge) -> Iterator[tuple[str, str, str, str]]:
    for field in found.fields:
        name, label = field.name, field.label
        for source in field.sources:
            for passage in source.passages:
                yield name, label, source.document, " ".join(passage.exact.split())
                name = label = ""
