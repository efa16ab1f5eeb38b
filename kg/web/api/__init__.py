"""`/api/v1`: the graph as resources in JSON."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from kg.web.api import (
    ask,
    claims,
    documents,
    entities,
    events,
    extraction,
    questions,
    search,
    timeline,
    topics,
)
from kg.web.api.openapi import describe
from kg.web.extraction_worker.pool import workers_of
from kg.web.http.parameters import known_only
from kg.web.review import api as reviews

__all__ = ["describe", "router"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        workers_of(app).close()


router = APIRouter(prefix="/api/v1", lifespan=_lifespan)
for _part in (search, entities, events, claims, topics, documents, timeline, ask, extraction, reviews):
    router.include_router(_part.router, dependencies=[known_only])
router.include_router(questions.router)  # each has parameters of its own
