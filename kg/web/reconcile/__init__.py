"""The Reconciliation Service API 0.2: matches the names of somebody's table to the graph.

OpenRefine and other tools that speak it are given the address `/reconcile`.
"""

from functools import partial
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from kg.errors import InputError, NotFoundError, UnsupportedMediaTypeError
from kg.terms import BASE
from kg.views.entity_summary import entity_summary
from kg.views.name_search import fold
from kg.web.api.dependencies import RequestContext
from kg.web.html.render import environment
from kg.web.http.problems import documented
from kg.web.reconcile.extension import PropertyRequest, extend
from kg.web.reconcile.manifest import manifest
from kg.web.reconcile.matching import matches
from kg.web.reconcile.vocabulary import PROPERTIES, TYPES, class_of, described, iri_of
from kg.web.sparql.protocol import FORM_TYPE, content_type

__all__ = ["router"]

router = APIRouter(prefix="/reconcile", tags=["reconciliation"])
Value = TypeVar("Value")
_BATCH: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])
_WISH: TypeAdapter[PropertyRequest] = TypeAdapter(PropertyRequest)
_LISTED = 20
_OBJECT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}
_HTML = {200: {"description": "A small page.", "content": {"text/html": {"schema": {"type": "string"}}}}}
# Shown in frames of other tools, so it may stand in any, but does nothing.
_POLICY = "default-src 'none'; frame-ancestors *"
_Queries = Annotated[
    str | None, Query(description="Names by key, as JSON.", examples=['{"q0": {"query": "Xi Jinping"}}'])
]
_Extend = Annotated[str | None, Query(description="Things and properties, as JSON.")]
_Typed = Annotated[
    str, Query(max_length=300, description="What somebody has typed so far.", examples=["xi jin"])
]


@router.get("", summary="The service, or matches", response_class=JSONResponse,
            responses={**_OBJECT, **documented(400, 413, 429, 503)})  # fmt: skip
def asked(request: Request, queries: _Queries = None, extend: _Extend = None) -> Response:
    """Without parameters what the service can do; with `queries` matches of names; with `extend` values."""
    return _answer(RequestContext(request), queries, extend)


@router.post("", summary="Matches, in a form", response_class=JSONResponse,
             responses={**_OBJECT, **documented(400, 413, 415, 429, 503)},
             openapi_extra={"requestBody": {"content": {FORM_TYPE: {"schema": {
                 "type": "object",
                 "properties": {name: {"type": "string"} for name in ("queries", "extend")}}}}}})  # fmt: skip
async def sent(request: Request) -> Response:
    """The same as with GET, for batches that are too long for an address."""
    media_type, _ = content_type(request.scope)
    if media_type != FORM_TYPE:
        raise UnsupportedMediaTypeError(media_type, known=(FORM_TYPE,))
    try:
        form = parse_qs((await request.body()).decode("ascii"), errors="strict", max_num_fields=10)
    except ValueError as error:
        raise InputError(f"the form is not percent-encoded UTF-8: {error}") from error
    queries, extension = (form.get(name, [None])[-1] for name in ("queries", "extend"))
    return await run_in_threadpool(partial(_answer, RequestContext(request), queries, extension))


@router.get("/suggest/entity", summary="Things that begin so", response_class=JSONResponse,
            responses={**_OBJECT, **documented(400, 429, 503)})  # fmt: skip
def suggest_entity(
    request: Request,
    prefix: _Typed = "",
    cursor: Annotated[int, Query(ge=0, le=1000, description="How many to leave out.")] = 0,
) -> Response:
    """For completion while somebody types, in either script; `cursor` leaves out as many."""
    at = RequestContext(request)
    found = at.snapshots.name_search().find(prefix, kinds=tuple(TYPES.values()), limit=cursor + _LISTED)
    return _suggested(
        [{**described(it.iri, at.event_index), "notable": [_type_of(it.kind)]} for it in found[cursor:]]
    )


@router.get("/suggest/type", summary="Types that begin so", response_class=JSONResponse,
            responses={**_OBJECT, **documented(400, 429)})  # fmt: skip
def suggest_type(prefix: _Typed = "") -> Response:
    """For completion while somebody types."""
    return _suggested([{"id": name, "name": name} for name in TYPES if fold(prefix) in fold(name)])


@router.get("/suggest/property", summary="Properties that begin so", response_class=JSONResponse,
            responses={**_OBJECT, **documented(400, 429)})  # fmt: skip
def suggest_property(prefix: _Typed = "") -> Response:
    """For completion while somebody types."""
    return _suggested(
        [{"id": it.id, "name": it.name} for it in PROPERTIES.values() if fold(prefix) in fold(it.name)]
    )


@router.get("/properties", summary="Properties of a type", response_class=JSONResponse,
            responses={**_OBJECT, **documented(400, 429)})  # fmt: skip
def properties(
    type: Annotated[str, Query(max_length=300, description="A type.", examples=["Person"])] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 100,
) -> Response:
    """Properties whose values `extend` can fetch."""
    known = [it for it in PROPERTIES.values() if not type or not it.types or class_of(type) in it.types]
    told = [{"id": it.id, "name": it.name} for it in known[:limit]]
    return JSONResponse({"type": type, "limit": limit, "properties": told})


@router.get("/preview", summary="A thing at a glance", response_class=HTMLResponse,
            responses={**_HTML, **documented(400, 404, 429, 503)})  # type: ignore[dict-item]  # fmt: skip
def preview(
    request: Request,
    id: Annotated[str, Query(max_length=500, description="A thing.", examples=["person/xi-jinping"])],
) -> Response:
    """A page of a few lines, to be shown in a frame."""
    at = RequestContext(request)
    iri = iri_of(id)
    if iri is None:
        raise NotFoundError(f"{id[:200]!r} is no thing of ours")
    html = environment().get_template("preview.html").render(
        entity_summary=at.snapshots.view(entity_summary, iri),
        told=described(iri, at.event_index),
        event_index=at.event_index,
        link=f"{at.serializer.root}id/{iri.removeprefix(f'{BASE}id/')}",
    )  # fmt: skip
    return HTMLResponse(html, headers={"content-security-policy": _POLICY})


def _answer(at: RequestContext, queries: str | None, extension: str | None) -> Response:
    if extension is not None:
        return JSONResponse(extend(at, _read(_WISH, "extend", extension)))
    if queries is not None:
        batch = _read(_BATCH, "queries", queries)
        return JSONResponse(matches(at, batch))
    return JSONResponse(manifest(at.serializer.root))


def _read(adapter: TypeAdapter[Value], name: str, text: str) -> Value:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        wrong = "; ".join(f"{'/'.join(map(str, it['loc']))}: {it['msg']}" for it in error.errors()[:5])
        raise InputError(f"the field {name} is not what the protocol asks for: {wrong}") from error


def _suggested(found: list[dict[str, Any]]) -> Response:
    return JSONResponse({"result": found})


def _type_of(kind: str) -> dict[str, str]:
    name = next(name for name, folder in TYPES.items() if folder == kind)
    return {"id": name, "name": name}
