"""Writing over HTTP, for who has the token: SPARQL Update and the Graph Store Protocol.

What a graph would hold afterwards is validated as documents are, and refused with the SHACL report if it does
not conform.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from kg.errors import ForbiddenError, InputError, NotFoundError, UnsupportedMediaTypeError
from kg.ingest import edit
from kg.query_pool import bounded_dry_run
from kg.search import open_indexed
from kg.settings import Settings
from kg.store import Store
from kg.store.results import TRIPLE_FORMATS, NamedNode
from kg.web.extraction_worker.pool import workers_of
from kg.web.http.asgi import Scope
from kg.web.http.authorization import authorize
from kg.web.http.negotiation import choose
from kg.web.http.parameters import known_only
from kg.web.http.problems import documented
from kg.web.pipeline import pipeline
from kg.web.sparql.all_triples import all_triples
from kg.web.sparql.protocol import TRIPLE_TYPES, SparqlRequest, base_of, content_type

__all__ = ["router", "update"]

router = APIRouter(prefix="/graphs", tags=["graphs"], dependencies=[known_only])
_BODY_TYPES = {
    format.media_type: name for name, format in TRIPLE_FORMATS.items() if not format.supports_datasets
}
_BODY_TYPES["application/ld+json"] = "jsonld"
_FORM_TYPE = "multipart/form-data"
_MOST_FILES = 100  # in one form
_Graph = Annotated[str | None, Query(max_length=2000, description="IRI of the graph.")]
_Default = Annotated[
    str | None, Query(max_length=0, description="Without a value: the union of all graphs instead of one.")
]
_TRIPLES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The triples.", "content": {media_type: {} for media_type in TRIPLE_TYPES}}
}
_TOKEN: dict[str, Any] = {"security": [{"token": []}]}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            **{media_type: {"schema": {"type": "string"}} for media_type in _BODY_TYPES},
            _FORM_TYPE: {"schema": {"type": "object"}},
        },
    }
}
_WRITTEN: dict[int | str, dict[str, Any]] = {
    201: {"description": "The graph is new."},
    204: {"description": "The graph was there, and holds the triples now."},
    **documented(400, 401, 403, 413, 415, 422, 429, 503),
}
_REMOVED: dict[int | str, dict[str, Any]] = {
    204: {"description": "The graph is gone."},
    **documented(400, 401, 403, 404, 422, 429, 503),
}


async def update(scope: Scope, call: SparqlRequest) -> None:
    """Carry out the update of a request.

    Raises:
        KgError: it is not allowed, does not parse, or would break the shapes.
    """
    _authorize_updates(scope)
    options: Settings = scope["app"].state.options
    text = str(call.update)
    using, named = call.graphs("using-graph-uri"), call.graphs("using-named-graph-uri")

    def changes(store: Store) -> Mapping[str, bytes]:
        return bounded_dry_run(
            text,
            store,
            options.store,
            seconds=options.query_timeout,
            using=using,
            using_named=named,
            hosts=options.service_hosts,
            base=base_of(scope),
        )

    await _write(scope, changes)


@router.get("", summary="The triples of a graph", response_class=Response,
            responses={**_TRIPLES, **documented(400, 403, 404, 406, 422, 429, 503, 504)})  # fmt: skip
async def read(request: Request, graph: _Graph = None, default: _Default = None) -> Response:
    """All triples of one graph, or with `default` of their union."""
    _require_updates(request.scope)
    wanted = _named(graph, default)
    choose(request.headers.get("accept"), tuple(TRIPLE_TYPES))
    _require_graph(request, wanted)
    return await all_triples(request, wanted)


@router.put("", summary="Make a graph hold these triples", response_class=Response, status_code=204,
            responses=_WRITTEN, openapi_extra={**_TOKEN, **_BODY})  # fmt: skip
async def replace(request: Request, graph: _Graph = None, default: _Default = None) -> Response:
    """The body's triples instead of what the graph holds; 201 if there was none before."""
    _authorize_updates(request.scope)
    graph = _writable(graph, default)
    triples = await _triples(request, graph)
    is_new = graph not in _graphs(request)
    await _write(request.scope, lambda _: {graph: triples})
    return Response(status_code=201 if is_new else 204)


@router.post("", summary="Add triples to a graph", response_class=Response, status_code=204,
             responses=_WRITTEN, openapi_extra={**_TOKEN, **_BODY})  # fmt: skip
async def add(request: Request, graph: _Graph = None, default: _Default = None) -> Response:
    """The body's triples beside what the graph holds; 201 if there was none before."""
    _authorize_updates(request.scope)
    graph = _writable(graph, default)
    triples = await _triples(request, graph)
    is_new = graph not in _graphs(request)
    await _write(request.scope, lambda store: {graph: b"".join(store.lines(graph)) + triples})
    return Response(status_code=201 if is_new else 204)


@router.delete("", summary="Remove a graph", response_class=Response, status_code=204,
               responses=_REMOVED,
               openapi_extra=_TOKEN)  # fmt: skip
async def delete(request: Request, graph: _Graph = None, default: _Default = None) -> Response:
    """Remove a document's graph, and what follows from it."""
    _authorize_updates(request.scope)
    graph = _writable(graph, default)
    _require_graph(request, graph)
    await _write(request.scope, lambda _: {graph: b""})
    return Response(status_code=204)


def _require_updates(scope: Scope) -> None:
    options: Settings = scope["app"].state.options
    if not options.updates:
        raise ForbiddenError("updates are off on this server; the setting `updates` switches them on")


def _authorize_updates(scope: Scope) -> None:
    _require_updates(scope)
    authorize(scope)


def _named(graph: str | None, default: str | None) -> str | None:
    if (graph is None) == (default is None):
        raise InputError("name one graph: ?graph=IRI, or ?default for the union of all")
    if graph is not None:
        try:
            NamedNode(graph)
        except ValueError as error:
            raise InputError(f"{graph!r} is no IRI of a graph") from error
    return graph


def _writable(graph: str | None, default: str | None) -> str:
    named = _named(graph, default)
    if named is None:
        raise ForbiddenError("the default graph is the union of all others; name the one with ?graph=IRI")
    return named


def _graphs(request: Request) -> list[str]:
    store: Store = request.app.state.store
    return store.graphs()


def _require_graph(request: Request, graph: str | None) -> None:
    if graph is not None and graph not in _graphs(request):
        raise NotFoundError(f"there is no graph {graph}")


async def _triples(request: Request, graph: str) -> bytes:
    """The triples of the body, or of all files in it."""
    media_type, _ = content_type(request.scope)
    if media_type == _FORM_TYPE:
        async with request.form(max_files=_MOST_FILES, max_fields=0) as form:
            files = [it for it in form.values() if isinstance(it, UploadFile)]
            kinds = [(it.content_type or "").partition(";")[0].strip().lower() for it in files]
            each = zip(files, kinds, strict=True)
            return b"".join([await _read(request, await it.read(), kind, graph) for it, kind in each])
    return await _read(request, await request.body(), media_type, graph)


async def _read(request: Request, body: bytes, media_type: str, graph: str) -> bytes:
    if media_type not in _BODY_TYPES:
        raise UnsupportedMediaTypeError(media_type, known=_BODY_TYPES)
    return await workers_of(request.app).triples(body, _BODY_TYPES[media_type], graph)


async def _write(scope: Scope, changes: Callable[[Store], Mapping[str, bytes]]) -> None:
    """Work out the changes and make them, off the event loop."""
    options: Settings = scope["app"].state.options

    def write() -> None:
        with open_indexed(options.store) as store:
            edit(changes(store), store, pipeline())

    async with scope["app"].state.writing:
        await asyncio.to_thread(write)
