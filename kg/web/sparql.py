"""`/sparql`: queries by the SPARQL 1.1 Protocol."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from kg.errors import NotAcceptableError, QueryError, UnsupportedMediaTypeError
from kg.store import Store, Triples
from kg.store.results import ROW_FORMATS, TRIPLE_FORMATS

router = APIRouter()
_ROW_TYPES = {format.media_type.partition(";")[0]: name for name, format in ROW_FORMATS.items()}
_TRIPLE_TYPES = {
    format.media_type: name for name, format in TRIPLE_FORMATS.items() if not format.supports_datasets
}
_BODY_TYPES = ("application/sparql-query", "application/x-www-form-urlencoded")


@router.get("/sparql", summary="Run a SPARQL query")
def query_by_get(
    request: Request, query: Annotated[str, Query(description="A SPARQL 1.1 query.")]
) -> Response:
    """Answer a query; the `Accept` header chooses the format."""
    return _answer(request, query)


@router.post("/sparql", summary="Run a SPARQL query")
async def query_by_post(request: Request) -> Response:
    """Answer a query sent as `application/sparql-query` or as the field `query` of a form."""
    return await run_in_threadpool(_answer, request, await _posted(request))


async def _posted(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _BODY_TYPES:
        raise UnsupportedMediaTypeError(kind, known=_BODY_TYPES)
    if kind == _BODY_TYPES[1]:
        return str((await request.form()).get("query", ""))
    try:
        return (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"the query is not UTF-8: {error}") from error


def _answer(request: Request, query: str) -> Response:
    if not query:
        raise QueryError("the query is missing; send it as the parameter `query`")
    store: Store = request.app.state.store
    store.refresh()
    answer = store.query(query)
    types = _TRIPLE_TYPES if isinstance(answer, Triples) else _ROW_TYPES
    media_type = _chosen(request.headers.get("accept", "*/*"), types)
    return Response(answer.serialize(types[media_type]), media_type=media_type)


def _chosen(accept: str, types: Mapping[str, str]) -> str:
    """The media type that the client likes best (RFC 9110, section 12.5.1); ours first where it is equal.

    Raises:
        NotAcceptableError: it takes none of them.
    """
    wishes = [_wish(part) for part in accept.split(",") if part.strip()]
    ranked = sorted(types, key=lambda offered: -_liking(offered, wishes))
    if not ranked or _liking(ranked[0], wishes) <= 0:
        raise NotAcceptableError(accept, known=types)
    return ranked[0]


def _wish(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return media_range, float(weight)
    except ValueError:
        return media_range, 0.0


def _liking(offered: str, wishes: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that fits."""
    ranges = (offered, offered.partition("/")[0] + "/*", "*/*")
    for media_range in ranges:
        weights = [weight for wished, weight in wishes if wished == media_range]
        if weights:
            return max(weights)
    return 0.0
