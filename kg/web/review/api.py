"""`/api/v1/reviews`: what people found of statements, and reviewing for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from kg.errors import InputError
from kg.model import EventReview, Review, Verdict
from kg.review import Reviews, review_id
from kg.review.agreement import agreement, disagreements
from kg.review.change import fields
from kg.review.event_reviews import event_disagreements
from kg.review.file import AnyReview, export, read_file
from kg.review.stored import open_reasons, review_iri
from kg.review.wording import event_summary, summary
from kg.store import Store
from kg.web.http.authorization import authorize
from kg.web.http.problems import documented
from kg.web.review.service import ReviewService
from kg.web.review.sessions import program

__all__ = ["router"]

router = APIRouter(prefix="/reviews", tags=["reviews"])
_TOKEN: dict[str, Any] = {"security": [{"token": []}]}
_FILE: dict[str, Any] = {
    **_TOKEN,
    "requestBody": {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}},
}
_WRITTEN = documented(400, 401, 403, 404, 406, 413, 422, 429, 503)
_READ = documented(400, 404, 406, 429, 503)
_Values = dict[str, Annotated[list[Annotated[str, Field(max_length=1000)]], Field(max_length=50)]]


class Judgement(BaseModel):
    """A review to be made."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict = Field(description="What is found of the statement.")
    statement: str = Field("", max_length=1000, description="Path or IRI of the statement, if it is there.")
    document: str = Field("", max_length=300, description="Identifier of the document of an addition.")
    quote: str = Field("", max_length=20_000, description="Words of an addition, character for character.")
    start: int | None = Field(None, ge=0, description="Where they begin, if they stand in several places.")
    fields: _Values = Field(default_factory=dict, description="What holds instead, or what is added.")
    note: str = Field("", max_length=2000, description="What else there is to say.")


@dataclass(frozen=True, slots=True)
class ReviewBody:
    """A review."""

    id: str
    review: str
    document: str
    verdict: str
    reviewer: str
    time: str
    statement: str
    fields: dict[str, tuple[str, ...]]
    instead: dict[str, tuple[str, ...]] | None
    note: str
    withdrawn: str | None
    disputed: bool
    open: str | None


@router.get("", summary="Reviews", responses=_READ)
def listed(
    request: Request,
    document: Annotated[str, Query(max_length=300, description="Identifier of a document.")] = "",
    reviewer: Annotated[str, Query(max_length=100, description="Name of a person.")] = "",
    verdict: Annotated[Verdict | None, Query(description="Only these.")] = None,
    withdrawn: Annotated[bool, Query(description="Also those that were taken back.")] = False,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 200,
) -> Response:
    """What people found of statements, the latest first."""
    store: Store = request.app.state.store
    known, reasons = Reviews.of(store), open_reasons(store)
    unlike = {review_id(it) for its in disagreements(known.by_id.values()) for it in its.values()}
    unlike |= {review_id(it) for its in event_disagreements(known.events.values()) for it in its.values()}
    found = [
        _body(it, unlike, reasons)
        for it in reversed(known.all)
        if document in ("", it.document if isinstance(it, Review) else None)
        and reviewer in ("", it.reviewer)
        and verdict in (None, it.verdict)
        and (withdrawn or not it.withdrawn)
    ]
    return _answer({"total": len(found), "items": found[:limit]})


@router.get("/file", summary="All reviews as a file", response_class=PlainTextResponse, responses=_READ)
def file(request: Request) -> Response:
    """All reviews, a line each, sorted: what `kg review export` writes."""
    store: Store = request.app.state.store
    return PlainTextResponse("".join(export(Reviews.of(store).all)))


@router.get("/agreement", summary="How far reviewers agree", responses=_READ)
def agree(request: Request) -> Response:
    """Shares and Cohen's kappa of each two reviewers, slot by slot."""
    store: Store = request.app.state.store
    return _answer({"items": [_parts(it) for it in agreement(Reviews.of(store).by_id.values())]})


@router.post("", summary="Review a statement", status_code=201, responses=_WRITTEN, openapi_extra=_TOKEN)
async def judge(request: Request, given: Judgement, who: Annotated[str, Depends(program)]) -> Response:
    """Accept, reject or correct a statement, or add one that was missed; the token is `NAME:SECRET`.

    What a check refuses is answered with 422, and nothing changes.
    """
    service = ReviewService(request.app)
    if given.verdict == "Added":
        made = await service.add(who, given.document, given.quote, given.start, given.fields, given.note)
    else:
        if not given.statement:
            raise InputError("name the `statement`")
        made = await service.judge(who, given.statement, given.verdict, given.fields, given.note)
    return _answer({"items": [_body(it, set(), {}) for it in made]}, 201)


@router.post("/file", summary="Take in reviews from a file", responses=_WRITTEN, openapi_extra=_FILE)
async def take_in(request: Request) -> Response:
    """Take in what `kg review export` wrote elsewhere, of whomever; takes the token of the operator."""
    authorize(request.scope)
    text = (await request.body()).decode("utf-8", "replace")
    found = await ReviewService(request.app).take_in(read_file(text, "body"))
    merged = found.merged
    return _answer({
        "new": [*map(review_id, merged.new)],
        "withdrawn": [*map(review_id, merged.withdrawn)],
        "known": merged.known,
        "conflicts": [{who: review_id(it) for who, it in its.items()} for its in merged.conflicts],
        "open": dict(found.open),
    })  # fmt: skip


@router.delete("/{id}", summary="Take a review back", responses=_WRITTEN, openapi_extra=_TOKEN)
async def undo(
    request: Request,
    id: Annotated[str, Path(pattern=r"^[0-9a-f]{20}$", description="Identifier of the review.")],
    who: Annotated[str, Depends(program)],
) -> Response:
    """Take a review of one's own back; it stays on record."""
    made = await ReviewService(request.app).undo(who, id)
    return _answer({"items": [_body(it, set(), {}) for it in made]})


def _body(it: AnyReview, unlike: set[str], reasons: dict[str, str]) -> dict[str, object]:
    id = review_id(it)
    if isinstance(it, EventReview):
        return _parts(
            ReviewBody(
                id=id,
                review=review_iri(id),
                document="",
                verdict=it.verdict,
                reviewer=it.reviewer,
                time=it.time,
                statement=event_summary(it),
                fields={"events": (it.one, it.other)},
                instead=None,
                note=it.note,
                withdrawn=it.withdrawn or None,
                disputed=id in unlike,
                open=None,
            )
        )
    return _parts(
        ReviewBody(
            id=id,
            review=review_iri(id),
            document=it.document,
            verdict=it.verdict,
            reviewer=it.reviewer,
            time=it.time,
            statement=summary(it.statement, it.document),
            fields=fields(it.statement, it.document),
            instead=fields(it.instead, it.document) if it.instead else None,
            note=it.note,
            withdrawn=it.withdrawn or None,
            disputed=id in unlike,
            open=reasons.get(id),
        )
    )


def _parts(it: Any) -> dict[str, object]:
    return {name: getattr(it, name) for name in it.__dataclass_fields__}


def _answer(body: dict[str, Sequence[object] | object], status: int = 200) -> Response:
    return JSONResponse(body, status, headers={"vary": "Accept", "cache-control": "no-store"})
