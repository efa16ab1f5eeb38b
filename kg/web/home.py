"""The first page, as long as nothing nicer answers at `/`."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

__all__ = ["router"]

router = APIRouter()
_HOME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>uschina-kg</title>
<h1>A knowledge graph of U.S.–China relations</h1>
<p>Ask in SPARQL at <a href="sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"><code>/sparql</code></a>;
the interface is described at <a href="docs"><code>/docs</code></a>.</p>
</html>
"""


@router.get("/", include_in_schema=False)
def home() -> Response:
    """Where to go from here."""
    return HTMLResponse(_HOME)
