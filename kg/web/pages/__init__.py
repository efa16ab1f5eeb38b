"""The site for people: pages that the server renders, and that scripts only make better."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kg.terms import BASE
from kg.web.pages import (
    ask,
    attempt,
    documents,
    events,
    graph,
    home,
    interface,
    query,
    search,
    static,
    things,
    timeline,
    topics,
)

__all__ = ["router"]

router = APIRouter()
for _part in (
    static,
    home,
    search,
    events,
    documents,
    topics,
    timeline,
    graph,
    ask,
    query,
    attempt,
    interface,
):
    router.include_router(_part.router)


@router.get("/id/{kind}/{slug:path}", include_in_schema=False)
def thing(request: Request, kind: str, slug: str) -> Response:
    """The page of the thing that an identifier names."""
    return things.render(request, f"{BASE}id/{kind}/{slug}")
