"""The list of documents, and the page of one: its text with every cited passage lit."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from kg.views.almanac import Almanac
from kg.views.papers import Paper
from kg.views.reading import reading
from kg.web.pages.citations import cite_source
from kg.web.pages.errors import page_router
from kg.web.pages.memory import memory
from kg.web.pages.passages import anchor, paragraphs
from kg.web.pages.render import Alternate, page

__all__ = ["render", "router"]

router = page_router()
_PER_PAGE = 50


@router.get("/documents")
def documents_page(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    publisher: Annotated[str, Query(max_length=300)] = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """All documents whose title or publisher has the words, the newest first."""
    almanac = memory(request).almanac()
    found = [it for it in almanac.papers.values() if _fits(it, q.casefold().split(), publisher, almanac)]
    first = (number - 1) * _PER_PAGE
    publishers = sorted({it.publisher for it in almanac.papers.values() if it.publisher})
    return page(
        request,
        "documents.html",
        title="Documents",
        q=q,
        publisher=publisher,
        publishers=sorted(
            ((almanac.name(iri).en, iri) for iri in publishers), key=lambda it: it[0].casefold()
        ),
        total=len(found),
        papers=found[first : first + _PER_PAGE],
        number=number,
        last=max(1, -(-len(found) // _PER_PAGE)),
    )


def render(request: Request, iri: str, alternates: tuple[Alternate, ...]) -> Response:
    """The page of one document."""
    kept = memory(request)
    almanac, read = kept.almanac(), kept.view(reading, iri)
    paper = read.paper
    publisher = almanac.name(paper.publisher).en if paper.publisher else None
    numbers = {span: place for place, span in enumerate(read.by_span, start=1)}
    events = sorted({it.subject for it in read.statements} & almanac.by_iri.keys())
    return page(
        request,
        "document.html",
        title=paper.title,
        alternates=alternates,
        data=_described(paper, publisher, read.language),
        citation=cite_source(
            paper.title, iri, source=paper.source, publisher=publisher or "", issued=paper.issued
        ),
        iri=iri,
        paper=paper,
        read=read,
        paragraphs=list(paragraphs(read.body, read.by_span)),
        numbers=numbers,
        anchor=anchor,
        stored=True,
        events=sorted((almanac.by_iri[event] for event in events), key=lambda it: it.key),
    )


def _fits(it: Paper, words: list[str], publisher: str, almanac: Almanac) -> bool:
    if publisher and it.publisher != publisher:
        return False
    text = f"{it.title} {almanac.name(it.publisher).en if it.publisher else ''}".casefold()
    return all(word in text for word in words)


def _described(paper: Paper, publisher: str | None, language: str) -> dict[str, object]:
    told: dict[str, object] = {
        "@type": "Article",
        "@id": paper.iri,
        "headline": paper.title,
        "inLanguage": language,
    }
    if paper.issued:
        told["datePublished"] = paper.issued
    if publisher:
        told["publisher"] = {"@type": "Organization", "@id": paper.publisher, "name": publisher}
    if paper.source:
        told["isBasedOn"] = paper.source
    return told
