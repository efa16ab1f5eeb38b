"""All triples of one graph, or of their union, as a response."""

from fastapi import Request
from fastapi.responses import Response

from kg.query_pool import QueryPool, whole_graph
from kg.web.http.negotiation import accepts_gzip, choose
from kg.web.http.spooled_response import collected
from kg.web.sparql.protocol import TRIPLE_TYPES

__all__ = ["all_triples"]


async def all_triples(request: Request, graph: str | None) -> Response:
    """All triples of a graph, or without one of their union, in the form that the client likes best."""
    media_type = choose(request.headers.get("accept"), tuple(TRIPLE_TYPES))
    gzip = accepts_gzip(request.headers.get("accept-encoding", ""))
    pool: QueryPool = request.app.state.pool
    answer = await pool.ask(whole_graph(graph, TRIPLE_TYPES[media_type], gzip=gzip))
    try:
        headers = {"content-encoding": "gzip"} if answer.head.gzip else {}
        body = await collected(answer, request.app)
    finally:
        answer.close()
    return body.response(media_type, headers | {"vary": "Accept"})
