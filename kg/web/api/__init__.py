"""`/api/v1`: the graph as resources in JSON."""

from fastapi import APIRouter

from kg.web.api import attempts, claims, documents, entities, events, questions, timeline, topics
from kg.web.api.description import describe

__all__ = ["describe", "router"]

router = APIRouter(prefix="/api/v1")
for _part in (entities, events, claims, topics, documents, timeline, questions, attempts):
    router.include_router(_part.router)
