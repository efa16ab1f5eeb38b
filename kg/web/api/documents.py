"""Documents: their texts with the passages that statements rest on; storing and removing them."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from kg.errors import NonConformingError, RefusedError, TakenError
from kg.ingest import Outcome, Prepared, load_document, put_ontology, remove
from kg.model import Document
from kg.search import open_indexed
from kg.settings import Settings
from kg.terms import BASE
from kg.views.annotated_document import AnnotatedDocument, annotated_document
from kg.views.document_list import DocumentSummary
from kg.views.pagination import paginate
from kg.web.api import dependencies, request_bodies
from kg.web.api.dependencies import Paging, RequestContext, Slug
from kg.web.api.schemas import Context, DocumentLink, Id, Iri, Statement, Thing
from kg.web.api.serializers import Serializer
from kg.web.extraction_worker.pool import ExtractionWorkers, workers_of
from kg.web.http.authorization import authorize
from kg.web.http.problems import documented
from kg.web.pipeline import pipeline

__all__ = ["Span", "router", "spans"]

router = APIRouter(prefix="/documents", tags=["documents"])


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Part of a list of documents."""

    context: Context
    total: Annotated[int, Field(description="Length of the whole list.")]
    items: tuple[DocumentLink, ...]
    cursor: Annotated[str | None, Field(description="For the next page; missing at the end.")] = None
    next: Annotated[str | None, Field(description="Address of the next page.")] = None


@dataclass(frozen=True, slots=True)
class Span:
    """A cited passage, and the statements that rest on it; passages may lie within one another."""

    start: Annotated[int, Field(ge=0, description="Offset in the body, in code points.")]
    end: Annotated[int, Field(ge=1, description="Offset after it.")]
    exact: str
    statements: Annotated[tuple[Iri, ...], Field(description="Identifiers of entries of `statements`.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullDocument:
    """A document with its text."""

    context: Context
    id: Id
    type: Annotated[
        str, Field(serialization_alias="@type", description="Local name of its class.", examples=["Readout"])
    ]
    name: Annotated[str, Field(description="Its title.")]
    issued: Annotated[str | None, Field(description="Day of publication.")] = None
    publisher: Thing | None = None
    source: Annotated[str | None, Field(description="Where it was published.")] = None
    language: str
    body: Annotated[str, Field(description="The text in which offsets count.")]
    digest: Annotated[str, Field(description="SHA-256 of the text.")]
    extractor: Annotated[str, Field(description="What read it.")]
    spans: Annotated[tuple[Span, ...], Field(description="The cited passages, in order of the text.")]
    statements: tuple[Statement, ...]
    notes: Annotated[
        tuple[str, ...],
        Field(description="How it was read: where its day came from, what gave nothing and why."),
    ]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a document."""

    id: Id
    document: Annotated[str, Field(description="Identifier of the document.")]
    status: Annotated[str, Field(description="`stored`, or `unchanged` if just this was stored already.")]
    triples: Annotated[int, Field(description="Triples that it states; 0 if unchanged.")]
    warnings: Annotated[tuple[str, ...], Field(description="What a person may want to look at.")]


@dataclass(frozen=True)
class DocumentParameters:
    """What narrows a list of documents."""

    q: Annotated[str, Query(max_length=200, description="Words of the title.", examples=["readout"])] = ""
    publisher: Annotated[
        str | None, Query(max_length=300, description="By path, IRI or whole name.", examples=["Xinhua"])
    ] = None
    after: Annotated[
        str | None, Query(alias="from", pattern=dependencies.DATE, description="First day, month or year.")
    ] = None
    before: Annotated[
        str | None, Query(alias="to", pattern=dependencies.DATE, description="Last day, month or year.")
    ] = None

    def select(self, at: RequestContext) -> Iterator[DocumentSummary]:
        """The documents, the oldest first."""
        publisher, words = at.meant(self.publisher), self.q.casefold().split()
        for it in sorted(at.event_index.documents.values(), key=_key):
            is_late_enough = not self.after or it.issued >= self.after
            is_early_enough = not self.before or (
                bool(it.issued) and it.issued[: len(self.before)] <= self.before
            )
            fits = is_late_enough and is_early_enough and (not publisher or it.publisher == publisher)
            if fits and all(word in it.title.casefold() for word in words):
                yield it


@router.get("", summary="Documents", response_model=DocumentPage, responses=dependencies.FOUND)
def listed(
    request: Request, given: Annotated[DocumentParameters, Depends()], paging: Annotated[Paging, Depends()]
) -> Response:
    """Documents that meet all conditions, the newest first."""
    at = RequestContext(request)
    part = paginate([*given.select(at)], _key, cursor=paging.cursor, limit=paging.limit, backwards=True)
    items = tuple(at.serializer.document(it.iri) for it in part.items)
    return at.page(DocumentPage(at.serializer.context, part.total, items, part.next, at.next(part)), part)


@router.get("/{name}", summary="One document", response_model=FullDocument, responses=dependencies.FOUND)
def one(
    request: Request,
    name: Slug,
    reviews: dependencies.Reviews = None,  # noqa: ARG001  # the context reads it
) -> Response:
    """A document with its text, the passages that are cited, and the statements that rest on them."""
    at = RequestContext(request)
    return at.answer(_full(at.snapshots.view(annotated_document, at.iri("document", name)), at.serializer))


@router.post(
    "",
    summary="Store a document",
    status_code=201,
    response_model=Stored,
    responses={
        200: {"model": Stored, "description": "Just this was stored already."},
        **documented(400, 401, 403, 406, 409, 413, 415, 422, 429, 503),
    },
    openapi_extra={"security": [{"token": []}], "requestBody": request_bodies.DOCUMENT},
)
async def store(
    request: Request,
    replace: Annotated[
        bool, Query(description="Let it take the place of another document of the same identifier.")
    ] = False,
) -> Response:
    """Read a document, check it, and store it; an edition of one that is stored takes its place.

    Another document of the same identifier is answered with 409, unless `replace=true` is given.

    What a check refuses is answered with 422 and the SHACL report, and nothing changes.
    """
    authorize(request.scope)
    workers = workers_of(request.app)
    document = await workers.parse(await request_bodies.upload_of(request))
    at, options = RequestContext(request), _options(request)
    async with request.app.state.writing:
        outcome = await asyncio.to_thread(_kept, document, options.store, _preparing(workers), replace)
    if outcome.problem is not None:
        raise _refused(outcome)
    at.store.refresh()
    response = at.answer(
        _stored(outcome), location=at.serializer.href(f"{BASE}id/document/{outcome.document}")
    )
    response.status_code = 201 if outcome.status == "stored" else 200
    return response


@router.delete(
    "/{name}",
    summary="Remove a document",
    status_code=204,
    response_class=Response,
    responses=documented(400, 401, 403, 404, 429, 503),
    openapi_extra={"security": [{"token": []}]},
)
async def delete(request: Request, name: Slug) -> Response:
    """Remove a document with all that only it says."""
    authorize(request.scope)
    url = _options(request).store

    def work() -> None:
        with open_indexed(url) as opened:
            remove(name, opened)

    async with request.app.state.writing:
        await asyncio.to_thread(work)
    return Response(status_code=204)


def spans(read: AnnotatedDocument) -> tuple[Span, ...]:
    """The cited passages of a document."""
    return tuple(
        Span(start, end, read.body[start:end], tuple(it.iri for it in told))
        for (start, end), told in read.by_span.items()
    )


def _kept(document: Document, url: str, prepare: Callable[[Document], Prepared], replace: bool) -> Outcome:
    with open_indexed(url) as opened:
        put_ontology(opened, pipeline())
        try:
            return load_document(document, opened, pipeline(), prepare=prepare, replace=replace)
        except TakenError as error:
            problem = (
                f"{error}; give it an id of its own, or say ?replace=true to put it in the other's place"
            )
            raise TakenError(problem) from error


def _preparing(workers: ExtractionWorkers) -> Callable[[Document], Prepared]:
    """Has a document read by a worker process, for a thread that waits for it."""
    loop = asyncio.get_running_loop()

    def prepare(document: Document) -> Prepared:
        return asyncio.run_coroutine_threadsafe(workers.prepare(document), loop).result()

    return prepare


def _full(read: AnnotatedDocument, serializer: Serializer) -> FullDocument:
    link = serializer.document_link(read.summary)
    return FullDocument(
        context=serializer.context,
        id=link.id,
        type=read.kind,
        name=link.name,
        issued=link.issued,
        publisher=link.publisher,
        source=link.source,
        language=read.language,
        body=read.body,
        digest=read.digest,
        extractor=read.extractor,
        spans=spans(read),
        statements=serializer.statements(read.statements),
        notes=read.notes,
    )


def _stored(outcome: Outcome) -> Stored:
    found = outcome.report.warnings if outcome.report else ()
    warnings = tuple(f"{it.focus}: {it.message}" for it in found)
    name = outcome.document or ""
    return Stored(f"{BASE}id/document/{name}", name, outcome.status, outcome.triples, warnings)


def _refused(outcome: Outcome) -> RefusedError:
    problem = outcome.problem or ""
    return (
        RefusedError(problem)
        if outcome.report is None
        else NonConformingError(problem, outcome.report.turtle())
    )


def _key(it: DocumentSummary) -> tuple[str, str]:
    return it.issued, it.iri


def _options(request: Request) -> Settings:
    options: Settings = request.app.state.options
    return options
