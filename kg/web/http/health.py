"""`/healthz` and `/readyz`, for whatever watches over the server."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from kg import __version__
from kg.errors import KgError, StoreError
from kg.query_pool import QueryPool, QueryRequest
from kg.web.http.problems import documented, problem_of

__all__ = ["router"]

router = APIRouter(tags=["operations"])
_FRESH = {"cache-control": "no-store"}
_FRESHLY = "ASK { BIND(NOW() AS ?now) }"  # no answer to it is kept
_WAIT = 5.0  # seconds


@router.get(
    "/healthz", summary="Whether the server is alive", response_class=JSONResponse, responses=documented(503)
)
async def health(request: Request) -> Response:
    """Answers as long as the process does; 503 while it can start no process that answers queries."""
    pool: QueryPool = request.app.state.pool
    if pool.trouble is not None:
        return problem_of(StoreError(pool.trouble))
    return JSONResponse({"status": "ok", "version": __version__}, headers=_FRESH)


@router.get(
    "/readyz",
    summary="Whether the server can answer queries",
    response_class=JSONResponse,
    responses=documented(503, 504),
)
async def ready(request: Request) -> Response:
    """Asks the store the way a client does; 503 or 504 if no answer comes."""
    pool: QueryPool = request.app.state.pool
    try:
        (await pool.ask(QueryRequest(_FRESHLY), timeout=_WAIT)).close()
    except KgError as error:
        return problem_of(error)
    return JSONResponse({"status": "ready", "version": __version__}, headers=_FRESH)
