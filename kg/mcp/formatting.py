"""Views as plain objects for a language model: short, labelled, each with its citations."""

import json
from dataclasses import asdict
from typing import Any

from kg.entities import Description
from kg.model import EventReview, Review
from kg.questions import Answer
from kg.review.wording import event_summary, summary
from kg.search import Found, Passage
from kg.search.results import marked
from kg.terms import BASE
from kg.views.accounts import EventAccounts, TopicCell
from kg.views.event_index import EventIndex
from kg.views.name_search import SearchHit
from kg.views.statements import StatementSummary

_ROWS = 60
_LINKS = 60
_CITED = 30
_STATEMENTS = 6  # of one account on one topic
_TOPICS = 60
_DOCUMENTS = 60
_TEXT = 1_500  # characters of one value: a document's body is a value too
_VALUES = 8  # of a facet
_ANSWER = 40_000  # characters of the answer to a query: what a model can still read


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
        "citations_only_mention_it": answer.only_mentions,
        "suggestions": [it.text for it in answer.suggestions],
        "sparql": answer.sparql,
        "context": {"query": answer.context.query, "values": dict(answer.context.values)}
        if answer.context
        else None,
    }


def found_of(found: SearchHit) -> dict[str, str]:
    """One find of a search, with the path that other tools take."""
    path = found.iri.removeprefix(f"{BASE}id/")
    return {"path": path, "iri": found.iri, "kind": found.kind, "label": found.label, "other": found.other}


def texts_of(found: Found, event_index: EventIndex) -> dict[str, Any]:
    """What a search of the texts found: passages with the words between **, and what to narrow by."""
    return {
        "documents_in_all": found.total,
        "documents": [
            {
                "iri": hit.document,
                "title": hit.title,
                "kind": hit.kind,
                "account": hit.side,
                "publisher": _named(hit.publisher, event_index),
                "issued": hit.issued,
                "passages": [_passage(it, event_index) for it in hit.passages],
                "passages_more": hit.more,
            }
            for hit in found.hits
        ],
        "facets": {
            name: [
                {"value": _named(it.value, event_index), "documents": it.number} for it in values[:_VALUES]
            ]
            for name, values in found.facets.items()
        },
        "also_searched_for": {it.word: list(it.names[:_VALUES]) for it in found.widened},
        "unused": found.unused,
        "is_complete": found.is_complete,
    }


def _passage(it: Passage, event_index: EventIndex) -> dict[str, Any]:
    pieces = marked(it.text, it.lit, it.start)
    return {
        "start": it.start,
        "end": it.end,
        "text": "".join(f"**{piece}**" if is_lit else piece for piece, is_lit in pieces),
        "speakers": [event_index.name(iri).en for iri in it.speakers],
    }


def entity_of(it: Description) -> dict[str, Any]:
    """A thing: its triples and the passages of its statements, the first of each."""
    return {
        "iri": it.iri,
        "label": it.label,
        "links": [{**asdict(link), "other": clipped(link.other)} for link in it.links[:_LINKS]],
        "links_in_all": len(it.links),
        "citations": [{**asdict(one), "quote": clipped(one.quote)} for one in it.citations[:_CITED]],
        "citations_in_all": len(it.citations),
    }


def clipped(text: str) -> str:
    """A text, or its beginning if it is a long one."""
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}… [{len(text)} characters in all]"


def rows_of(body: str, *, is_cut: bool) -> str:
    """SPARQL results in JSON with as many rows as a model can read; `cut` says that there are more."""
    results = json.loads(body)
    if "boolean" in results:
        return body
    rows, room, kept = results["results"]["bindings"], _ANSWER, []
    for row in rows:
        short = {name: {**cell, "value": clipped(cell["value"])} for name, cell in row.items()}
        room -= len(json.dumps(short, ensure_ascii=False))
        if room < 0:
            break
        kept.append(short)
    told = {"head": results["head"], "results": {"bindings": kept}}
    if is_cut or len(kept) < len(rows):
        told["cut"] = f"the first {len(kept)} rows; there are more: count them, or use LIMIT and OFFSET"
    return json.dumps(told, ensure_ascii=False)


def triples_of(body: str, *, is_cut: bool) -> str:
    """N-Triples with as many lines as a model can read; a comment says that there are more."""
    lines, room, kept = body.splitlines(), _ANSWER, []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    if is_cut or len(kept) < len(lines):
        kept.append(f"# the first {len(kept)} triples; there are more: use LIMIT and OFFSET")
    return "\n".join(kept)


def event_of(event_accounts: EventAccounts, event_index: EventIndex) -> dict[str, Any]:
    """An event: its particulars, then a row for each topic with what each account says of it."""
    event = event_index.by_iri.get(event_accounts.event)
    return {
        "iri": event_accounts.event,
        "title": event_index.title(event) if event else event_accounts.event,
        "date": event.date if event else None,
        "date_basis": (event.date_basis or "Stated") if event and event.date else None,
        "status": event.status if event else None,
        "may_be_the_same_as": [
            {"iri": it.iri, "reason": reason} for it, reason in event_index.may_be(event_accounts.event)
        ],
        "particulars": [
            {"property": it.relation, "value": _named(it.value, event_index), "accounts": list(it.accounts)}
            for it in event_accounts.details
        ],
        "topics": [
            {
                "topic": event_index.name(row.topic).en,
                "is_contradicted": row.is_contradicted,
                "accounts": {
                    cell.account: _cell(cell, event_index) for cell in row.cells if not cell.is_silent
                },
            }
            for row in event_accounts.rows[:_TOPICS]
        ],
        "topics_in_all": len(event_accounts.rows),
        "documents": [
            {
                "iri": iri,
                "title": event_index.documents[iri].title,
                "issued": event_index.documents[iri].issued,
            }
            for iri in [*event_accounts.documents][:_DOCUMENTS]
            if iri in event_index.documents
        ],
        "documents_in_all": len(event_accounts.documents),
    }


def _cell(cell: TopicCell, event_index: EventIndex) -> dict[str, Any]:
    verdict = "excluded" if cell.excludes else "discussed"
    told = [_statement(it, event_index) for it in cell.distinct[:_STATEMENTS]]
    return {"standing": verdict, "statements": told, "statements_in_all": len(cell.distinct)}


def _statement(it: StatementSummary, event_index: EventIndex) -> dict[str, Any]:
    return {
        "kind": it.kind,
        "says": clipped(it.content) if it.content else f"{it.relation} {_named(it.object, event_index)}",
        "claimants": [event_index.name(iri).en for iri in it.claimants],
        "is_negated": it.is_negated,
        "document": it.document,
        "citations": [{**asdict(quote), "exact": clipped(quote.exact)} for quote in it.quotes],
    }


def _named(value: str, event_index: EventIndex) -> str:
    if value.startswith(f"{BASE}ontology#"):
        return value.rpartition("#")[2]
    return event_index.name(value).en if "://" in value else value


def review_of(it: Review | EventReview) -> dict[str, str]:
    """A review: who found what of which statement, or of which events."""
    if isinstance(it, EventReview):
        told = {
            "verdict": it.verdict,
            "reviewer": it.reviewer,
            "time": it.time,
            "events": event_summary(it),
            "note": it.note,
        }
        return {name: value for name, value in told.items() if value}
    told = {
        "verdict": it.verdict,
        "reviewer": it.reviewer,
        "time": it.time,
        "document": it.document,
        "statement": summary(it.statement, it.document),
        "instead": summary(it.instead, it.document) if it.instead else "",
        "passage": it.statement.evidence[0].exact,
        "note": it.note,
    }
    return {name: value for name, value in told.items() if value}
