"""`/api/v1`: the graph as resources in JSON."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from kg.web.api import ask, attempts, claims, documents, entities, events, questions, timeline, topics
from kg.web.api.description import describe
from kg.web.parameters import known_only
from kg.web.workers import workers_of

__all__ = ["describe", "router"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        workers_of(app).close()


router = APIRouter(prefix="/api/v1", lifespan=_lifespan)
for _part in (entities, events, claims, topics, documents, timeline, ask, attempts):
    router.include_router(_part.router, dependencies=[known_only])
router.include_router(questions.router)  # each has parameters of its own
