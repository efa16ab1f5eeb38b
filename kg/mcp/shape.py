"""Views as plain objects for a language model: short, labelled, each with its citations."""

from dataclasses import asdict
from typing import Any

from kg.questions import Answer
from kg.terms import BASE
from kg.views.almanac import Almanac
from kg.views.finder import Found
from kg.views.telling import Cell, Telling
from kg.views.told import Told

_ROWS = 60


def answer_of(answer: Answer) -> dict[str, Any]:
    """An answer with at most 60 rows; `context` is to be given back with a follow-up."""
    return {
        "verdict": answer.verdict,
        "text": answer.text,
        "understood": answer.understood,
        "columns": list(answer.columns),
        "rows": [list(row) for row in answer.rows[:_ROWS]],
        "rows_in_all": len(answer.rows),
        "citations": [asdict(citation) for citation in answer.citations],
        "suggestions": [it.text for it in answer.suggestions],
        "sparql": answer.sparql,
        "context": {"query": answer.context.query, "values": dict(answer.context.values)}
        if answer.context
        else None,
    }


def found_of(found: Found) -> dict[str, str]:
    """One find of a search, with the path that other tools take."""
    path = found.iri.removeprefix(f"{BASE}id/")
    return {"path": path, "iri": found.iri, "kind": found.kind, "label": found.label, "other": found.other}


def event_of(telling: Telling, almanac: Almanac) -> dict[str, Any]:
    """An event: its particulars, then a row for each topic with what each account says of it."""
    happening = almanac.by_iri.get(telling.event)
    return {
        "iri": telling.event,
        "title": almanac.title(happening) if happening else telling.event,
        "date": happening.date if happening else None,
        "status": happening.status if happening else None,
        "particulars": [
            {"property": it.relation, "value": _named(it.value, almanac), "accounts": list(it.accounts)}
            for it in telling.particulars
        ],
        "topics": [
            {
                "topic": almanac.name(row.topic).en,
                "is_contradicted": row.is_contradicted,
                "accounts": {cell.account: _cell(cell, almanac) for cell in row.cells if not cell.is_silent},
            }
            for row in telling.rows
        ],
        "documents": [
            {"iri": iri, "title": almanac.papers[iri].title, "issued": almanac.papers[iri].issued}
            for iri in telling.documents
            if iri in almanac.papers
        ],
    }


def _cell(cell: Cell, almanac: Almanac) -> dict[str, Any]:
    verdict = "excluded" if cell.excludes else "discussed"
    return {"standing": verdict, "statements": [_statement(it, almanac) for it in cell.distinct]}


def _statement(it: Told, almanac: Almanac) -> dict[str, Any]:
    return {
        "kind": it.kind,
        "says": it.content or f"{it.relation} {_named(it.object, almanac)}",
        "claimants": [almanac.name(iri).en for iri in it.claimants],
        "is_negated": it.is_negated,
        "document": it.document,
        "citations": [asdict(quote) for quote in it.quotes],
    }


def _named(value: str, almanac: Almanac) -> str:
    if value.startswith(f"{BASE}ontology#"):
        return value.rpartition("#")[2]
    return almanac.name(value).en if "://" in value else value
