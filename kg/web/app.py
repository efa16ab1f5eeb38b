"""The FastAPI application: its parts, and the layers that every request passes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI

from kg import __version__
from kg.query_pool import FairSemaphore, QueryPool
from kg.settings import Settings, settings
from kg.store import Store
from kg.web import api, pages, reconcile
from kg.web.extraction_worker.pool import ExtractionWorkers
from kg.web.html.problem_pages import handle_for_people
from kg.web.http import health, metrics
from kg.web.http.asgi import Scope, header
from kg.web.http.disconnect import EndWithClient
from kg.web.http.limits import BodyLimit, FairScheduling, RateLimit
from kg.web.http.middleware import CommonHeaders, Conditional, Prefix, TrustedHosts
from kg.web.http.problems import handle_problems
from kg.web.http.spooled_response import Compression, SpoolSpace
from kg.web.linked_data import dumps, identifiers, named_graphs
from kg.web.materialize import keep_ready
from kg.web.pages import entity
from kg.web.review import event_pairs, texts
from kg.web.review import pages as review_pages
from kg.web.sparql import endpoint, update
from kg.web.sparql.protocol import UPDATE_TYPE

__all__ = ["create_app"]

# One line a part. Where two fit a path, the first one answers.
ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    metrics.router,
    update.router,
    api.router,
    reconcile.router,
    identifiers.router,
    dumps.router,
    pages.router,
    review_pages.router,
    event_pairs.router,
    texts.router,
    named_graphs.router,  # after the pages: /graph/data is one of theirs
)
# What has turns of its own, at the processes that do it.
_ATTEMPTS = ("/api/v1/extract", "/api/v1/validate", "/try")  # nothing is stored
_BY_WORKERS = (*_ATTEMPTS, "/api/v1/documents", "/api/v1/reviews")


def create_app(store: Store, *, options: Settings | None = None) -> FastAPI:
    """The application over one store.

    What its parts find in `app.state`: `store` (read-only, for queries of our own; at its newest checkpoint
    when a request arrives), `version` (tells its state), `pool` (for queries of strangers), `options` (the
    settings), `workers` (processes for what strangers send), `spool` (room for long answers on disk),
    `metrics`, `writing` (a lock to hold while writing), and `entity_page` (renders the page of one thing).

    Args:
        store: For queries of our own; the application does not close it.
        options: The settings; without them, those of the process. Their `store` is what strangers ask.
    """
    chosen = settings() if options is None else options
    app = FastAPI(title="uschina-kg", version=__version__, docs_url=None, redoc_url=None, lifespan=_lifespan)

    def version() -> str | None:
        store.refresh()
        return store.version

    app.state.store, app.state.options, app.state.version = store, chosen, version
    app.state.pool = QueryPool(chosen, version=version)
    app.state.writing = asyncio.Lock()  # the store takes one writer at a time; others wait their turn
    app.state.spool = SpoolSpace(chosen.query_answers_total)
    app.state.workers = ExtractionWorkers(chosen.task_memory)
    app.state.entity_page = entity.render
    app.state.metrics = metrics.Metrics(app.state.pool)
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = partial(api.describe, app)  # type: ignore[method-assign]  # FastAPI's own way to do this
    handle_problems(app)
    handle_for_people(app)
    _add_layers(app, version, chosen)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    pool: QueryPool = app.state.pool
    await pool.start()
    materializing = asyncio.create_task(keep_ready(app.state.options.store, app.state.version))
    try:
        yield
    finally:
        materializing.cancel()
        await pool.close()


def _add_layers(app: FastAPI, version: Callable[[], str | None], chosen: Settings) -> None:
    """Wrap the application, the innermost layer first."""
    app.add_middleware(EndWithClient, applies=lambda it: it["method"] == "POST" and _path(it) in _ATTEMPTS)
    app.add_middleware(FairScheduling, turns_of=_turns())
    app.add_middleware(Compression, compresslevel=5)
    app.add_middleware(endpoint.Endpoint)
    app.add_middleware(Conditional, version=version)
    app.add_middleware(BodyLimit, limit_of=_longest_bodies(chosen))
    app.add_middleware(RateLimit, per_second=chosen.rate_limit)
    app.add_middleware(metrics.Observed, metrics=app.state.metrics, log_format=chosen.log_format)
    app.add_middleware(CommonHeaders)
    app.add_middleware(TrustedHosts, names=chosen.trusted_hosts)
    app.add_middleware(Prefix, root_path=chosen.root_path)


def _longest_bodies(chosen: Settings) -> Callable[[Scope], int]:
    """How many bytes the body of a request may have, by its address."""
    for_writers = chosen.max_body
    by_path = {
        endpoint.Endpoint.path: chosen.query_bytes,
        "/graphs": for_writers,
        "/api/v1/documents": for_writers,
        "/api/v1/reviews/file": for_writers,
        "/api/v1/extract": 2_000_000,
        "/api/v1/validate": 500_000,
        "/reconcile": 1_000_000,
        "/try": 400_000,  # as many as a text that is read may have in a form
    }

    def limit_of(scope: Scope) -> int:
        path = _path(scope)
        is_update = path == endpoint.Endpoint.path and header(scope, b"content-type").startswith(UPDATE_TYPE)
        return for_writers if is_update else min(by_path.get(path, 100_000), for_writers)

    return limit_of


def _turns() -> Callable[[Scope], FairSemaphore | None]:
    """In whose turns a request belongs: what is worked out in this process is done by few threads at once."""
    many, few = FairSemaphore(4, 200), FairSemaphore(1, 50)

    def turns_of(scope: Scope) -> FairSemaphore | None:
        path = _path(scope)
        if path.startswith("/reconcile"):
            return few
        if path.startswith(("/static/", "/healthz", "/readyz", "/metrics", "/dumps", "/graphs")):
            return None
        if path.startswith("/review"):
            return None
        return None if scope["method"] == "POST" and path in _BY_WORKERS else many

    return turns_of


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))
