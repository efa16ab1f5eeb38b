"""A FastAPI application over one store: SPARQL queries and a health check."""

import re

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from kg import __version__
from kg.errors import KgError
from kg.store import Store
from kg.web import sparql

_HOME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>uschina-kg</title>
<h1>A knowledge graph of U.S.–China relations</h1>
<p>Ask in SPARQL at <a href="sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"><code>/sparql</code></a>;
the interface is described at <a href="docs"><code>/docs</code></a>.</p>
</html>
"""


def create_app(store: Store) -> FastAPI:
    """The application; it reads `store` and never writes it."""
    app = FastAPI(title="uschina-kg", version=__version__, docs_url="/docs", redoc_url=None)
    app.state.store = store
    app.include_router(sparql.router)
    app.add_exception_handler(KgError, _problem)
    app.add_api_route("/healthz", _health, summary="Whether the server can answer")
    app.add_api_route("/", _home, include_in_schema=False)
    return app


def _health(request: Request) -> dict[str, str]:
    store: Store = request.app.state.store
    store.query("ASK { }")
    return {"status": "ok", "version": __version__}


def _home() -> Response:
    return HTMLResponse(_HOME)


def _problem(_request: Request, error: Exception) -> Response:
    """An error of the package as a problem document (RFC 9457)."""
    assert isinstance(error, KgError)
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()
    body = {"type": f"about:blank#{kind}", "status": error.http_status, "detail": str(error)}
    return JSONResponse(body, error.http_status, media_type="application/problem+json")
