"""The site for people: pages that the server renders, and that scripts only make better."""

from fastapi import APIRouter

from kg.web.pages import documents, events, query, static, topics

__all__ = ["router"]

router = APIRouter()
for _part in (static, events, documents, topics, query):
    router.include_router(_part.router)
