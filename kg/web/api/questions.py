"""The questions of the catalogue as resources: what they take, and their rows."""

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field

from kg.errors import InputError, NotFoundError
from kg.queries import Query, catalogue
from kg.query_pool import QueryPool, QueryRequest
from kg.store.results import ROW_FORMATS
from kg.web.api import dependencies
from kg.web.api.dependencies import RequestContext, Slug
from kg.web.http.negotiation import choose
from kg.web.http.parameters import known_only
from kg.web.http.problems import documented
from kg.web.snapshot import snapshots

__all__ = ["ROWS", "router"]

router = APIRouter(prefix="/queries", tags=["queries"])
ROWS = "/queries/{name}/rows"
_OWN = ("application/json", "application/ld+json")
_FORMATS = {format.media_type.partition(";")[0]: name for name, format in ROW_FORMATS.items()}
_RAW = {media_type: {"schema": {"type": "string"}} for media_type in _FORMATS}
_KINDS = {"agent": dependencies.AGENTS, "topic": dependencies.TOPICS}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question can be given."""

    name: str
    kind: Annotated[str, Field(description="`date`, `iri`, `topic`, `agent`, `text` or `integer`.")]
    description: str
    example: str
    required: bool


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Catalogued:
    """A question."""

    name: str
    title: str
    description: str
    phrasings: Annotated[tuple[str, ...], Field(description="How people ask it.")]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    sparql: Annotated[str, Field(description="The file; lines after `#?NAME` hold if NAME is given.")]
    rows: Annotated[str, Field(description="Address of its answer.")]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All questions."""

    items: tuple[Catalogued, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that answer a question."""

    query: str
    values: Annotated[dict[str, str], Field(description="What it was given.")]
    sparql: Annotated[str, Field(description="What was run; any SPARQL client can run it again.")]
    columns: tuple[Column, ...]
    rows: Annotated[
        list[dict[str, str]],
        Field(description="IRIs and plain values by column; what is unknown is missing."),
    ]
    cut: Annotated[bool, Field(description="Whether there are more rows than one answer may have.")]
    undecided: Annotated[
        str | None, Field(description="Which events may be one, so that counts and silences may change.")
    ] = None


@router.get(
    "",
    summary="The questions of the catalogue",
    response_model=Catalogue,
    responses=dependencies.FOUND,
    dependencies=[known_only],
)
def listed(request: Request) -> Response:
    """What can be asked without writing SPARQL."""
    at = RequestContext(request)
    return at.answer(Catalogue(tuple(_catalogued(it, at) for it in catalogue().values())))


@router.get("/{name}", summary="One question", response_model=Catalogued, responses=dependencies.FOUND,
            dependencies=[known_only])  # fmt: skip
def one(request: Request, name: Slug) -> Response:
    """A question with its parameters, its columns and its SPARQL."""
    at = RequestContext(request)
    return at.answer(_catalogued(_query(name), at))


@router.get(
    "/{name}/rows",
    summary="The answer to a question",
    response_model=Answer,
    responses={200: {"content": _RAW}, **documented(400, 404, 406, 422, 429, 503, 504)},
)
async def rows(request: Request, name: Slug) -> Response:
    """The rows for the given values; a parameter that is left out narrows nothing.

    Things are given by path, IRI or whole name. With `reviews=all` it is answered as if reviews had rejected
    nothing. SPARQL results (JSON, XML, CSV, TSV) come by `Accept`.
    """
    at, query = RequestContext(request), _query(name)
    values = {key: value for key, value in request.query_params.items() if key != "reviews"}
    if at.reviews not in (None, "all"):
        raise InputError("reviews: write all, or leave it out")
    media_type = choose(request.headers.get("accept"), (*_OWN, *_FORMATS))
    bound = await run_in_threadpool(
        query.bind, values, resolve=lambda kind, value: at.meant(value, _KINDS.get(kind, ()))
    )  # names may have to be read first
    pool: QueryPool = request.app.state.pool
    format = _FORMATS.get(media_type, "json")
    found = await pool.ask(QueryRequest(bound, rows=format, triples=None, rejected=at.with_rejected))
    try:
        body = await found.body()
        is_cut = found.is_cut
    finally:
        found.close()
    if media_type not in _OWN:
        headers = {"vary": "Accept"} | ({"x-truncated": "true"} if is_cut else {})
        return Response(body, media_type=media_type, headers=headers)
    told = _plain(body)
    columns = [*query.columns]
    listed = [[row.get(column, "") for column in columns] for row in told]
    undecided = snapshots(request).undecided(columns, listed, bound.text) or None
    return at.answer(Answer(name, values, bound.text, _columns(query), told, is_cut, undecided))


def _query(name: str) -> Query:
    found = catalogue().get(name)
    if found is None:
        raise NotFoundError(f"no question is called {name!r}; /api/v1/queries lists them")
    return found


def _catalogued(it: Query, at: RequestContext) -> Catalogued:
    parameters = tuple(
        Parameter(name, given.kind, given.description, given.example, given.required)
        for name, given in it.parameters.items()
    )
    address = f"{at.serializer.root}api/v1/queries/{it.name}/rows"
    return Catalogued(
        it.name, it.title, it.description, it.phrasings, parameters, _columns(it), it.text, address
    )


def _columns(it: Query) -> tuple[Column, ...]:
    return tuple(Column(name, text) for name, text in it.columns.items())


def _plain(body: bytes) -> list[dict[str, str]]:
    results: dict[str, Any] = json.loads(body)
    if "boolean" in results:
        return [{"answer": str(results["boolean"]).lower()}]
    return [{name: cell["value"] for name, cell in row.items()} for row in results["results"]["bindings"]]
