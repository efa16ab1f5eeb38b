"""A named graph answers at the path of its IRI: what a document says, what follows from it, the ontology."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from kg.errors import NotFoundError
from kg.store import Store
from kg.terms import GRAPH
from kg.web.http.negotiation import choose
from kg.web.http.problems import documented
from kg.web.sparql.all_triples import all_triples
from kg.web.sparql.protocol import TRIPLE_TYPES

__all__ = ["router"]

router = APIRouter(tags=["linked data"])
_HTML = "text/html"
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The triples of the graph.",
        "content": {name: {"schema": {"type": "string"}} for name in TRIPLE_TYPES},
    },
    303: {"description": "To a browser: the page of the document."},
}


@router.get("/graph/{name:path}", summary="The triples of a graph by its IRI", response_class=Response,
            responses={**_CONTENT, **documented(404, 406, 422, 429, 503, 504)})  # fmt: skip
async def graph(request: Request, name: str) -> Response:
    """All triples of one graph; a browser is led to the page of its document, or to that of the ontology."""
    wanted = str(GRAPH[name])
    store: Store = request.app.state.store
    if wanted not in store.graphs():
        raise NotFoundError(f"there is no graph {wanted}")
    kind, _, document = name.partition("/")
    page = f"/id/document/{document}" if document else "/ontology" if kind == "ontology" else None
    offered = (*TRIPLE_TYPES, _HTML) if page else tuple(TRIPLE_TYPES)
    if page and choose(request.headers.get("accept"), offered) == _HTML:
        return RedirectResponse(page, 303, headers={"vary": "Accept"})
    return await all_triples(request, wanted)
