"""`/review`: where people put statements right; it works by keyboard alone and without scripts."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, get_args

from fastapi import Form, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from kg.errors import InputError, KgError
from kg.merges import candidates
from kg.model import EventReview, Verdict
from kg.review import Reviews, review_id
from kg.review.agreement import disagreements
from kg.review.change import fields
from kg.review.file import AnyReview
from kg.review.places import is_same
from kg.review.queue import ALL_DOUBTS, Queue, QueueFilter
from kg.review.stored import open_reasons
from kg.review.wording import event_summary, summary
from kg.store import Store
from kg.terms import BASE
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.review import sessions
from kg.web.review.choices import Choice, options
from kg.web.review.forms import address_of, changed, filter_of, form_of, one
from kg.web.review.replies import login_form, private, redirect
from kg.web.review.service import ReviewService, Subject
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_PER_PAGE = 50
_AROUND = 600  # characters of the text before and after a passage
_Text = Annotated[str, Query(max_length=400)]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A review in a history."""

    id: str
    review: AnyReview
    said: str
    instead: str
    open: str
    is_mine: bool
    document: str = ""


@router.get("/review")
async def queue_page(
    request: Request,
    document: _Text = "",
    about: _Text = "",
    kind: _Text = "",
    doubt: _Text = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
    done: _Text = "",  # noqa: ARG001  # read where it is shown
) -> Response:
    """What waits, the doubtful first; or the form to log in."""
    who = sessions.reviewer(request)
    if who is None:
        return login_form(request, "")
    return await run_in_threadpool(_queue, request, who, filter_of(document, about, kind, doubt), number)


@router.post("/review/login")
async def login(
    request: Request,
    name: Annotated[str, Form(max_length=60)] = "",
    secret: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Begin a session."""
    if not sessions.log_in(request, name.strip(), secret.strip()):
        return login_form(request, "That name and secret do not belong together.", status=401)
    response = redirect(request, "/review")
    sessions.begin(request, response, name.strip())
    return response


@router.post("/review/logout")
async def logout(request: Request, csrf: Annotated[str, Form(max_length=100)] = "") -> Response:
    """End a session."""
    sessions.check_form(request, csrf)
    response = redirect(request, "/review")
    sessions.end(request, response)
    return response


@router.get("/review/statement")
async def statement_page(
    request: Request,
    iri: Annotated[str, Query(max_length=1000)],
    blind: bool = False,
    document: _Text = "",
    about: _Text = "",
    kind: _Text = "",
    doubt: _Text = "",
    done: _Text = "",  # noqa: ARG001  # read where it is shown
) -> Response:
    """One statement beside its passage, with its history and what can be said of it."""
    who = sessions.reviewer(request)
    if who is None:
        return login_form(request, "")
    return await _show(request, who, iri, filter_of(document, about, kind, doubt), blind=blind)


@router.post("/review/statement")
async def judge(request: Request) -> Response:
    """Accept, reject or correct a statement, and go on to the next one."""
    given = await form_of(request)
    who = sessions.check_form(request, one(given, "csrf"))
    iri, verdict = one(given, "iri"), one(given, "verdict")
    if verdict not in get_args(Verdict)[:3]:
        raise InputError("choose to accept, reject or correct")
    wanted = filter_of(*(one(given, f"in_{name}") for name in ("document", "about", "kind", "doubt")))
    service = ReviewService(request.app)
    try:
        changes: dict[str, list[str]] = {}
        if verdict == "Corrected":
            it = await service.subject(iri)
            changes = changed(fields(it.statement, it.document.id), given)
        [made] = await service.judge(who, iri, verdict, changes, one(given, "note"))  # type: ignore[arg-type]  # looked up above
    except KgError as error:
        return await _show(
            request, who, iri, wanted, blind=False, problem=str(error), status=error.http_status
        )
    following = await run_in_threadpool(_next, request, iri, wanted)
    done = {"done": review_id(made), **address_of(wanted)}
    return redirect(request, "/review/statement" if following else "/review", iri=following, **done)


@router.get("/review/second")
async def second(request: Request) -> Response:
    """A statement that somebody else judged, drawn at random and shown without what was found."""
    who = sessions.reviewer(request)
    if who is None:
        return login_form(request, "")
    iri = await run_in_threadpool(_drawn, request, who)
    return (
        redirect(request, "/review/statement", iri=iri, blind="true") if iri else redirect(request, "/review")
    )


@router.post("/review/undo")
async def undo(request: Request) -> Response:
    """Take a review of one's own back."""
    given = await form_of(request)
    who = sessions.check_form(request, one(given, "csrf"))
    await ReviewService(request.app).undo(who, one(given, "id"))
    return redirect(request, "/review/history", document=one(given, "document"))


@router.get("/review/history")
async def history_page(request: Request, document: _Text = "") -> Response:
    """All reviews, or those of a document: who found what and when."""
    who = sessions.reviewer(request)
    if who is None:
        return login_form(request, "")
    return await run_in_threadpool(_history_page, request, who, document)


def _queue(request: Request, who: str, wanted: QueueFilter, number: int) -> Response:
    queue = snapshots(request).view(Queue)
    store: Store = request.app.state.store
    reviews = Reviews.of(store).by_id.values()
    found = queue.waiting(wanted)
    first = (number - 1) * _PER_PAGE
    return private(
        page(
            request,
            "review.html",
            title="Review",
            who=who,
            csrf=sessions.form_token(request),
            items=found[first : first + _PER_PAGE],
            total=len(found),
            wanted=wanted,
            address=address_of(wanted),
            kinds=queue.kinds,
            doubts=ALL_DOUBTS,
            pairs=len(snapshots(request).view(candidates)),
            all=len(queue.items),
            reviewed=queue.reviewed,
            mine=sum(it.reviewer == who and not it.withdrawn for it in reviews),
            disputed=len(disagreements(reviews)),
            open=len(open_reasons(store)),
            number=number,
            last=max(1, -(-len(found) // _PER_PAGE)),
        )
    )


async def _show(
    request: Request,
    who: str,
    iri: str,
    wanted: QueueFilter,
    *,
    blind: bool,
    problem: str = "",
    status: int = 200,
) -> Response:
    it = await ReviewService(request.app).subject(iri)
    return await run_in_threadpool(_statement, request, who, iri, wanted, it, blind, problem, status)


def _statement(
    request: Request,
    who: str,
    iri: str,
    wanted: QueueFilter,
    it: Subject,
    blind: bool,
    problem: str,
    status: int,
) -> Response:
    full = iri if "://" in iri else f"{BASE}id/{iri}"
    queue = snapshots(request).view(Queue)
    quote = it.shown.evidence[0]
    body = it.document.body
    entry = queue.by_iri.get(full)
    return private(
        page(
            request,
            "review_statement.html",
            title="Is this right?",
            status=status,
            who=who,
            csrf=sessions.form_token(request),
            statement=full,
            said=summary(it.shown, it.document.id),
            is_held=entry is not None,
            doubts=entry.doubts if entry else (),
            mark="" if blind or entry is None else entry.status,
            document=it.document,
            before=body[max(0, quote.start - _AROUND) : quote.start],
            quote=quote.exact,
            after=body[quote.end : quote.end + _AROUND],
            fields=[
                Choice(name, ", ".join(values), options(name, it.statement, it))
                for name, values in fields(it.statement, it.document.id).items()
            ],
            history=[] if blind else _history(request, who, it),
            blind=blind,
            next=_next(request, full, wanted),
            previous=_previous(request, full, wanted),
            wanted=wanted,
            address=address_of(wanted),
            done=request.query_params.get("done", "")[:20],
            problem=problem,
        )
    )


def _history(request: Request, who: str, it: Subject) -> list[_Entry]:
    """All that was found of a statement, the latest first."""
    store: Store = request.app.state.store
    reasons = open_reasons(store)
    known = Reviews.of(store).by_document.get(it.document.id, ())
    return [_entry(one, who, reasons) for one in reversed(known) if is_same(one.statement, it.statement)]


def _history_page(request: Request, who: str, document: str) -> Response:
    store: Store = request.app.state.store
    reasons, known = open_reasons(store), Reviews.of(store)
    reviews = known.by_document.get(document, ()) if document else known.all
    latest = [*reversed(reviews)][:500]
    return private(
        page(
            request,
            "review_history.html",
            title="Reviews",
            who=who,
            csrf=sessions.form_token(request),
            document=document,
            entries=[_entry(it, who, reasons) for it in latest],
        )
    )


def _entry(it: AnyReview, who: str, reasons: Mapping[str, str]) -> _Entry:
    if isinstance(it, EventReview):
        return _Entry(review_id(it), it, event_summary(it), "", "", it.reviewer == who)
    instead = summary(it.instead, it.document) if it.instead else ""
    id = review_id(it)
    return _Entry(
        id,
        it,
        summary(it.statement, it.document),
        instead,
        reasons.get(id, ""),
        it.reviewer == who,
        it.document,
    )


def _drawn(request: Request, who: str) -> str:
    """A statement that others judged and this person did not."""
    queue = snapshots(request).view(Queue)
    store: Store = request.app.state.store
    rows = store.select(
        f"SELECT ?it ?review WHERE {{ ?it <{BASE}ontology#review> ?review }} ORDER BY ?it ?review"
    )
    mine = {review_id(it) for it in Reviews.of(store).by_id.values() if it.reviewer == who}
    judged = [(it or "", (review or "").rsplit("/", 1)[-1]) for it, review in rows.texts()]
    done = {it for it, id in judged if id in mine}
    left = sorted({it for it, _ in judged if it in queue.by_iri} - done)
    return random.choice(left) if left else ""  # no secret


def _next(request: Request, iri: str, wanted: QueueFilter) -> str:
    following = snapshots(request).view(Queue).after(iri, wanted)
    return following.iri if following else ""


def _previous(request: Request, iri: str, wanted: QueueFilter) -> str:
    earlier = snapshots(request).view(Queue).before(iri, wanted)
    return earlier.iri if earlier else ""
