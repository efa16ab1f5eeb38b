"""The list of documents, and the page of one: its text with every cited passage lit."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from kg.views.annotated_document import annotated_document
from kg.views.document_list import DocumentSummary
from kg.views.event_index import EventIndex
from kg.web.html.citations import cite_source
from kg.web.html.problem_pages import page_router
from kg.web.html.render import Alternate, page
from kg.web.pages.passages import anchor, paragraphs
from kg.web.snapshot import snapshots

__all__ = ["render", "router"]

router = page_router()
_PER_PAGE = 50
_LONGEST = 300  # characters of words that are searched for


@router.get("/documents")
def documents_page(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    publisher: Annotated[str, Query(max_length=300)] = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """All documents whose title or publisher has the words, the newest first."""
    event_index = snapshots(request).event_index()
    found = [
        it for it in event_index.documents.values() if _fits(it, q.casefold().split(), publisher, event_index)
    ]
    first = (number - 1) * _PER_PAGE
    publishers = sorted({it.publisher for it in event_index.documents.values() if it.publisher})
    return page(
        request,
        "documents.html",
        title="Documents",
        q=q,
        publisher=publisher,
        publishers=sorted(
            ((event_index.name(iri).en, iri) for iri in publishers), key=lambda it: it[0].casefold()
        ),
        total=len(found),
        documents=found[first : first + _PER_PAGE],
        number=number,
        last=max(1, -(-len(found) // _PER_PAGE)),
    )


def render(request: Request, iri: str, alternates: tuple[Alternate, ...]) -> Response:
    """The page of one document."""
    kept = snapshots(request)
    event_index, read = kept.event_index(), kept.view(annotated_document, iri)
    summary = read.summary
    publisher = event_index.name(summary.publisher).en if summary.publisher else None
    numbers = {span: place for place, span in enumerate(read.by_span, start=1)}
    events = sorted({it.subject for it in read.statements} & event_index.by_iri.keys())
    words = request.query_params.get("q", "")[:_LONGEST]
    found = kept.full_text.spans(read.body, words) if words else ()
    return page(
        request,
        "document.html",
        title=summary.title,
        alternates=alternates,
        data=_described(summary, publisher, read.language),
        citation=cite_source(
            summary.title, iri, source=summary.source, publisher=publisher or "", issued=summary.issued
        ),
        iri=iri,
        summary=summary,
        read=read,
        paragraphs=list(paragraphs(read.body, read.by_span, found=found, target=_target(request))),
        q=words,
        numbers=numbers,
        anchor=anchor,
        stored=True,
        events=sorted((event_index.by_iri[event] for event in events), key=lambda it: it.key),
    )


def _target(request: Request) -> int | None:
    """Where the passage begins that a link leads to."""
    at = request.query_params.get("at", "")
    return int(at) if at.isascii() and at.isdigit() and len(at) < 10 else None


def _fits(it: DocumentSummary, words: list[str], publisher: str, event_index: EventIndex) -> bool:
    if publisher and it.publisher != publisher:
        return False
    text = f"{it.title} {event_index.name(it.publisher).en if it.publisher else ''}".casefold()
    return all(word in text for word in words)


def _described(summary: DocumentSummary, publisher: str | None, language: str) -> dict[str, object]:
    told: dict[str, object] = {
        "@type": "Article",
        "@id": summary.iri,
        "headline": summary.title,
        "inLanguage": language,
    }
    if summary.issued:
        told["datePublished"] = summary.issued
    if publisher:
        told["publisher"] = {"@type": "Organization", "@id": summary.publisher, "name": publisher}
    if summary.source:
        told["isBasedOn"] = summary.source
    return told
