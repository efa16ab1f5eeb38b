"""`kg explain-merge`: why documents meet in one event, and how to keep one out of it."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from kg import entities, ingest, merges
from kg.cli import options, output
from kg.errors import InputError, NotFoundError
from kg.identity import document_iri
from kg.merges import Merge
from kg.store import Store, open_store
from kg.terms import BASE


@click.command()
@click.argument("event")
@click.option("--undo", metavar="DOCUMENT", help="Keep this document's telling apart from now on.")
@click.option("--redo", metavar="DOCUMENT", help="Let this document meet the others again.")
@options.json_output
@options.store
@options.verbose
def command(event: str, undo: str | None, redo: str | None, as_json: bool, store_url: str) -> None:
    """Say why several documents meet in one event: the kind, day and principals that each of them gives.

    EVENT is a path or an IRI. --undo gives the document an event of its own and remembers the decision in
    the store, so that loading the document again keeps to it; --redo takes the decision back.

    \b
    kg explain-merge call/2025-06-05-donald-trump-xi-jinping
    kg explain-merge call/2025-06-05-donald-trump-xi-jinping --undo 2025-06-07-some-note
    kg explain-merge call/2025-06-05-donald-trump-xi-jinping --redo 2025-06-07-some-note
    """
    if undo and redo:
        raise InputError("give --undo or --redo, not both")
    with open_store(store_url, write=bool(undo or redo)) as store:
        iri = _event(event, store)
        if undo:
            ingest.split(iri, _document(undo), store, ingest.Pipeline())
        if redo:
            ingest.rejoin(iri, _document(redo), store, ingest.Pipeline())
        found = merges.explain(iri, store)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        _show(found)


def _event(name: str, store: Store) -> str:
    """The IRI of an event; one that only decisions name is taken as it is written."""
    try:
        return entities.find(name, store)
    except NotFoundError:
        if "/" not in name:
            raise
        return name if "://" in name else f"{BASE}id/{name}"


def _document(name: str) -> str:
    """The identifier of a document, however it is written."""
    return name.removeprefix(document_iri("")).removeprefix("document/")


def _show(found: Merge) -> None:
    count = len(found.documents)
    if count > 1:
        click.echo(f"{count} documents meet in {output.short(found.event)}, since each gives:")
    elif not found.is_shared:
        click.echo(f"{output.short(found.event)} belongs to one document: day or principals are not certain")
    else:
        click.echo(f"{count or 'no'} document tells of {output.short(found.event)}; others would meet it by:")
    output.table(("field", "value", "document", "passage"), [*_rows(found)])
    for document in found.apart:
        click.echo(f"kept apart by decision: {document}")


def _rows(found: Merge) -> Iterator[tuple[str, str, str, str]]:
    for field in found.fields:
        name, label = field.name, field.label
        for telling in field.tellings:
            for passage in telling.passages:
                yield name, label, telling.document, " ".join(passage.exact.split())
                name = label = ""
