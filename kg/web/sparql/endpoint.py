"""`/sparql`: queries by the SPARQL 1.1 Protocol.

A layer of plain ASGI before the FastAPI application: what that does to find and run a handler would cost more
than a small query does.
"""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from kg.errors import KgError, NotAcceptableError
from kg.query_pool import Answer, QueryPool, QueryRequest, is_volatile
from kg.query_pool.service_description import describe
from kg.settings import Settings
from kg.store.results import ROW_FORMATS
from kg.web.http.asgi import ASGIApp, Headers, Receive, Scope, Send, header
from kg.web.http.disconnect import DisconnectWatcher
from kg.web.http.negotiation import accepts_gzip, choose
from kg.web.http.problems import problem, problem_of
from kg.web.http.spooled_response import SpooledBody, collected
from kg.web.sparql import update
from kg.web.sparql.protocol import ROW_TYPES, TRIPLE_TYPES, SparqlRequest, base_of, read_request

__all__ = ["Endpoint"]

_VARY = (b"vary", b"Accept, Accept-Encoding")
_QUERY_PAGE = "/query"


class Endpoint:
    """Answers `/sparql` itself, and leaves all else to the application.

    Attributes:
        path: Where; the counters of requests name it.
    """

    path = "/sparql"

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != scope.get("root_path", "") + self.path:
            return await self._app(scope, receive, send)
        scope["route"] = self
        try:
            await self._respond(scope, receive, send)
        except KgError as error:
            await problem_of(error)(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = {"allow": "GET, HEAD, OPTIONS, POST"}
        if scope["method"] == "OPTIONS":
            return await Response(status_code=204, headers=allowed)(scope, receive, send)
        if scope["method"] not in ("GET", "POST"):
            response = problem(405, "method-not-allowed", "send GET or POST", headers=allowed)
            return await response(scope, receive, send)
        call = await read_request(scope, receive)
        if call.update is not None:
            await update.update(scope, call)
            return await Response(status_code=204)(scope, receive, send)
        if call.query is None:
            return await _description(scope)(scope, receive, send)
        async with DisconnectWatcher(receive):
            await _answer(scope, call, call.query, send)


async def _answer(scope: Scope, call: SparqlRequest, query: str, send: Send) -> None:
    pool: QueryPool = scope["app"].state.pool
    accept = header(scope, b"accept")
    row_type, triple_type = _chosen(accept, ROW_TYPES), _chosen(accept, TRIPLE_TYPES)
    if row_type is None and triple_type is None:
        raise NotAcceptableError(accept, known=[*ROW_TYPES, *TRIPLE_TYPES])
    gzip = accepts_gzip(header(scope, b"accept-encoding"))
    question = _question(call, query, row_type, triple_type, gzip, base_of(scope))
    try:
        answer = await pool.ask(question, timeout=call.timeout)
    except NotAcceptableError as error:
        raise NotAcceptableError(accept, known=ROW_TYPES if row_type is None else TRIPLE_TYPES) from error
    try:
        body = await collected(answer, scope["app"])
    finally:
        answer.close()
    try:
        media_type = row_type if answer.head.format in ROW_FORMATS else triple_type
        await _send(body, _headers(scope, answer, str(media_type), query), send)
    finally:
        body.close()


def _question(
    call: SparqlRequest, query: str, row_type: str | None, triple_type: str | None, gzip: bool, base: str
) -> QueryRequest:
    default_graphs, named_graphs = call.dataset
    return QueryRequest(
        query,
        rows=None if row_type is None else ROW_TYPES[row_type],
        triples=None if triple_type is None else TRIPLE_TYPES[triple_type],
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        gzip=gzip,
        base=base,
        rejected=call.with_rejected,
    )


def _chosen(accept: str, types: Mapping[str, str]) -> str | None:
    try:
        return choose(accept, tuple(types))
    except NotAcceptableError:
        return None


def _headers(scope: Scope, answer: Answer, media_type: str, query: str) -> Headers:
    options: Settings = scope["app"].state.options
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    headers = [(b"content-type", f"{media_type}{charset}".encode()), _VARY]
    if answer.head.gzip:
        headers.append((b"content-encoding", b"gzip"))
    if is_volatile(query):
        headers.append((b"cache-control", b"no-store"))
    if answer.is_cut:
        headers.append((b"x-truncated", str(options.query_rows).encode()))
        headers.append((b"link", f'<{base_of(scope)}>; rel="service-desc"'.encode()))
    return headers


async def _send(body: SpooledBody, headers: Headers, send: Send) -> None:
    headers.append((b"content-length", str(body.size).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for block in body.blocks():
        await send({"type": "http.response.body", "body": block, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _description(scope: Scope) -> Response:
    """What the service can do, or its page for people."""
    media_type = choose(header(scope, b"accept"), [*TRIPLE_TYPES, "text/html"])
    if media_type == "text/html":
        page = f"{Request(scope).base_url}{_QUERY_PAGE[1:]}"
        return RedirectResponse(page, 303, headers={"vary": "Accept"})
    body = describe(base_of(scope), scope["app"].state.options, TRIPLE_TYPES[media_type])
    return Response(body, media_type=media_type, headers={"vary": "Accept"})
