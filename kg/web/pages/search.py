"""Search over names and titles, and completion while somebody types."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response

from kg.views.hidden_characters import plain
from kg.web.html.formatting import path_of
from kg.web.html.render import page
from kg.web.pages.errors import page_router
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_Typed = Annotated[str, Query(max_length=300)]


@router.get("/search")
def search_page(request: Request, q: _Typed = "") -> Response:
    """What has the words of `q` in a name, a title or a date."""
    found = snapshots(request).name_search().find(q, limit=100)
    return page(request, "search.html", title=f"Search: {q}" if q else "Search", q=q, found=found)


@router.get("/search/suggest")
def suggest(request: Request, q: _Typed = "") -> Response:
    """The first few, for the search box."""
    root = request.scope.get("root_path", "")
    found = snapshots(request).name_search().find(q, limit=8)
    told = [
        {
            "href": root + path_of(it.iri),
            "label": plain(it.label),
            "other": plain(it.other),
            "kind": it.kind.replace("-", " "),
        }
        for it in found
    ]
    return JSONResponse(told)
