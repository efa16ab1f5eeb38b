"""`/review/events`: where people decide whether two events are one."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from kg import ingest, merges
from kg.errors import ForbiddenError, InputError
from kg.review import Reviews, now
from kg.store import Store
from kg.terms import BASE
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.review import sessions
from kg.web.review.forms import form_of, one
from kg.web.review.replies import login_form, private, redirect
from kg.web.review.service import ReviewService

__all__ = ["router"]

router = page_router()
_DECISIONS = {
    "accept": ingest.accept,
    "reject": ingest.reject,
    "take back same": ingest.untie,
    "take back different": ingest.unpart,
}


@router.get("/review/events")
async def pairs_page(
    request: Request, event: Annotated[str, Query(max_length=400, description="Path of an event.")] = ""
) -> Response:
    """The events that may be one, all or those of an event, and what was decided before."""
    who = sessions.reviewer(request)
    if who is None:
        return login_form(request, "")
    return await run_in_threadpool(_pairs, request, who, event)


@router.post("/review/events")
async def decide(request: Request) -> Response:
    """Say that two events are one, or two; or take that back."""
    given = await form_of(request)
    who = sessions.check_form(request, one(given, "csrf"))
    decision = _DECISIONS.get(one(given, "decision"))
    if decision is None:
        raise InputError("choose whether these are the same event or two events")
    event, other = (_iri(one(given, name)) for name in ("event", "other"))
    by = ingest.Signature(who, now(), one(given, "note").strip()[:2000])
    if one(given, "decision").startswith("take back"):
        await run_in_threadpool(_refuse_of_others, request, who, {event, other})
    await ReviewService(request.app).decide_events(lambda store: decision(event, other, store, by))
    return redirect(request, "/review/events", event=one(given, "in_event"))


def _refuse_of_others(request: Request, who: str, events: set[str]) -> None:
    """A decision is taken back by who made it; others decide otherwise, beside it.

    Raises:
        ForbiddenError: it is somebody else's.
    """
    store: Store = request.app.state.store
    made = [
        it for it in Reviews.of(store).events.values() if not it.withdrawn and {it.one, it.other} == events
    ]
    if others := sorted({it.reviewer for it in made} - {who}):
        raise ForbiddenError(f"that is a review of {', '.join(others)}; make one of your own beside it")


def _pairs(request: Request, who: str, event: str) -> Response:
    store: Store = request.app.state.store
    found, wanted = merges.candidates(store), _iri(event) if event else ""
    shown = page(
        request,
        "review_events.html",
        title="One event or two?",
        who=who,
        csrf=sessions.form_token(request),
        wanted=wanted,
        pairs=[it for it in found if not wanted or wanted in (it.event, it.other)],
        total=len(found),
        decided=[it for it in merges.decided(store) if not wanted or wanted in it],
    )
    return private(shown)


def _iri(path: str) -> str:
    return path if "://" in path else f"{BASE}id/{path}"
