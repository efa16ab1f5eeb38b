"""`/review/add` and `/review/passage`: what was missed in a text, and what was read from words of it."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from kg.errors import KgError
from kg.review import review_id
from kg.review.apply import PARTIES
from kg.review.queue import Queue
from kg.review.wording import summary
from kg.terms import BASE
from kg.views.statements import CLAIM_KINDS
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.review import sessions
from kg.web.review.choices import event_paths, kinds_below, known_paths
from kg.web.review.forms import form_of, one, split
from kg.web.review.replies import login_form, private, redirect
from kg.web.review.service import ReviewService, Subject
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_NOT_FIELDS = ("csrf", "iri", "verdict", "note", "document", "quote", "start", "what")
_PROPERTIES = ("discussedTopic", "excludedTopic", "mainTopic", *sorted(PARTIES), "date", "place", "duration")
_Text = Annotated[str, Query(max_length=400)]


@router.get("/review/passage")
async def passage_page(
    request: Request,
    document: _Text,
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int, Query(ge=0)] = 0,
    quote: _Text = "",
    name: Annotated[list[_Text] | None, Query(max_length=10)] = None,
) -> Response:
    """Leads to what was read from words of a document; if nothing was, to where it can be added.

    Args:
        request: The request.
        document: The document.
        start: Where the words begin.
        end: Where they end.
        quote: The words, or how they begin, in the place of that.
        name: Paths of whom and what the statement names that is looked for.
    """
    if sessions.reviewer(request) is None:
        return login_form(request, "")
    names = {f"{BASE}id/{it}" for it in name or ()}
    iri = await run_in_threadpool(_read_from, request, document, range(start, end), quote, names)
    if iri:
        return redirect(request, "/review/statement", iri=iri.removeprefix(f"{BASE}id/"), document=document)
    return redirect(request, "/review/add", document=document)


@router.get("/review/add")
async def add_page(
    request: Request,
    document: Annotated[str, Query(max_length=300)],
    done: _Text = "",  # noqa: ARG001  # read where it is shown
) -> Response:
    """The text of a document, and the form to add what was missed in it."""
    who = sessions.reviewer(request)
    if who is None:
        return login_form(request, "")
    return await _adding(request, who, document, {}, "")


@router.post("/review/add")
async def add(request: Request) -> Response:
    """Add a statement or an event that was missed."""
    given = await form_of(request)
    who, document = sessions.check_form(request, one(given, "csrf")), one(given, "document")
    start = one(given, "start")
    parts = {name: split(values) for name, values in given.items() if name not in _NOT_FIELDS and any(values)}
    try:
        made = await ReviewService(request.app).add(
            who,
            document,
            one(given, "quote").replace("\r\n", "\n"),
            int(start) if start.isdecimal() else None,
            parts,
            one(given, "note"),
        )
    except KgError as error:
        return await _adding(request, who, document, given, str(error), status=error.http_status)
    return redirect(request, "/review/add", document=document, done=review_id(made[0]))


async def _adding(
    request: Request,
    who: str,
    document_id: str,
    given: Mapping[str, list[str]],
    problem: str,
    status: int = 200,
) -> Response:
    document, applied = await ReviewService(request.app).document(document_id)
    it = Subject(document, applied, next(iter(applied.statements), None), None)  # type: ignore[arg-type]  # only its document is shown
    response = await run_in_threadpool(
        page,
        request,
        "review_add.html",
        title="Add what was missed",
        status=status,
        who=who,
        csrf=sessions.form_token(request),
        document=document,
        given={name: ", ".join(values) for name, values in given.items()},
        events=event_paths(it),
        claim_kinds=CLAIM_KINDS,
        event_kinds=kinds_below("Event"),
        properties=_PROPERTIES,
        agents=known_paths("Agent"),
        topics=known_paths("Topic"),
        statements=[summary(st, document_id) for st in applied.statements],
        done=request.query_params.get("done", "")[:20],
        problem=problem,
    )
    return private(response)


def _read_from(request: Request, document: str, place: range, quote: str, names: set[str]) -> str:
    """The first statement of those in the queue that a passage supports and that name most of some names."""
    its = [it for it in snapshots(request).view(Queue).items if it.document == document]
    found = [it for it in its if it.start in place or (quote and it.quote.startswith(quote))]
    return max(found, key=lambda it: len(names & it.names)).iri if found else ""
