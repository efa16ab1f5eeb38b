"""The site for people: pages that the server renders, and that scripts only make better."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter, FastAPI

from kg.errors import KgError
from kg.web.html import static
from kg.web.pages import (
    api_reference,
    ask,
    documents,
    events,
    graph,
    home,
    query,
    questions,
    search,
    timeline,
    topics,
    try_text,
)
from kg.web.snapshot import snapshots_of

__all__ = ["router"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Read ahead while the server already answers."""
    kept = snapshots_of(app)
    reading = asyncio.create_task(asyncio.to_thread(kept.warm))
    try:
        yield
    finally:
        with suppress(KgError):  # whoever asks for a page is told
            await reading
        await asyncio.to_thread(kept.close)


router = APIRouter(lifespan=_lifespan)
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
    questions,
    try_text,
    api_reference,
):
    router.include_router(_part.router)
