"""What would be read from a text, and what the shapes say of RDF; nothing is stored."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from kg.errors import TooLargeError
from kg.validate import Report
from kg.web.api import request_bodies
from kg.web.api.dependencies import RequestContext
from kg.web.api.documents import Span, spans
from kg.web.api.schemas import Context, Statement
from kg.web.api.serializers import Serializer
from kg.web.extraction_worker.pool import LONGEST, ExtractionResult, workers_of
from kg.web.http.negotiation import choose
from kg.web.http.problems import documented

__all__ = ["router"]

router = APIRouter(tags=["attempts"])
_TURTLE = "text/turtle"
_MOST_RDF = 500_000  # bytes: some seconds of checking


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one node breaks."""

    severity: Annotated[str, Field(description="`Violation` is not stored, `Warning` is.")]
    shape: Annotated[str, Field(description="Name of the rule.", examples=["Call-date"])]
    focus: Annotated[str, Field(description="The node that breaks it.")]
    message: Annotated[str, Field(description="What is wrong, then what to do.")]
    path: Annotated[str | None, Field(description="The property that it is about.")] = None
    value: Annotated[str | None, Field(description="The value that is wrong.")] = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the shapes and the citation check say."""

    conforms: Annotated[bool, Field(description="Whether it may be stored; warnings do not hinder it.")]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was read from a text."""

    context: Context
    body: Annotated[str, Field(description="The text in which offsets count.")]
    problem: Annotated[str | None, Field(description="Why it could not be stored; missing if it could.")] = (
        None
    )
    verdict: Verdict
    spans: Annotated[tuple[Span, ...], Field(description="The cited passages, in order of the text.")]
    statements: tuple[Statement, ...]
    turtle: Annotated[str, Field(description="The same as RDF; empty if a check refused it.")]


@router.post(
    "/extract",
    summary="Read a text",
    response_model=Extraction,
    responses=documented(400, 406, 413, 415, 422, 429, 503),
    openapi_extra={"requestBody": request_bodies.DOCUMENT},
)
async def extract(request: Request) -> Response:
    """What would be stored of a text: statements with their passages, the shapes' verdict, the Turtle."""
    at = RequestContext(request)
    upload = await request_bodies.upload_of(request, longest=LONGEST)
    made = await workers_of(request.app).extract(upload)

    def answer() -> Response:
        serializer = Serializer(made.event_index or at.event_index, at.serializer.root)
        return at.answer(_extraction(made, serializer), cache_control="no-store")

    return await run_in_threadpool(answer)


@router.post(
    "/validate",
    summary="Check RDF",
    response_model=Verdict,
    responses={
        200: {"content": {_TURTLE: {"schema": {"type": "string"}}}},
        **documented(400, 406, 413, 415, 422, 429, 503),
    },
    openapi_extra={"requestBody": request_bodies.RDF},
)
async def validate(request: Request) -> Response:
    """What the shapes and the citation check find in anybody's RDF; as a SHACL report to who takes Turtle."""
    data, suffix = await request_bodies.rdf_of(request)
    if len(data) > _MOST_RDF:
        raise TooLargeError("the RDF", _MOST_RDF)
    chosen = choose(request.headers.get("accept"), ("application/json", "application/ld+json", _TURTLE))
    report = await workers_of(request.app).check(data, suffix)

    def answer() -> Response:
        if chosen == _TURTLE:
            return Response(report.turtle(), media_type=_TURTLE, headers={"vary": "Accept"})
        return RequestContext(request).answer(_verdict(report))

    return await run_in_threadpool(answer)


def _extraction(made: ExtractionResult, serializer: Serializer) -> Extraction:
    return Extraction(
        context=serializer.context,
        body=made.body,
        problem=made.made.problem,
        verdict=_verdict(made.made.report or Report()),
        spans=spans(made.read) if made.read else (),
        statements=serializer.statements(made.read.statements) if made.read else (),
        turtle=made.turtle,
    )


def _verdict(report: Report) -> Verdict:
    return Verdict(
        report.conforms,
        tuple(
            Finding(
                it.severity,
                it.shape,
                str(it.focus),
                it.message,
                it.path,
                None if it.value is None else str(it.value),
            )
            for it in report.results
        ),
    )
