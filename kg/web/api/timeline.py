"""The relationship in time: how much happened when, and light rows for drawing."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from kg.views.event_index import EventSummary
from kg.web.api import dependencies
from kg.web.api.dependencies import RequestContext
from kg.web.api.events import EventParameters
from kg.web.api.schemas import Account, Condition, Context, Date, Href, Id, Type
from kg.web.api.serializers import Serializer, class_of, precision

__all__ = ["router"]

router = APIRouter(prefix="/timeline", tags=["timeline"])
_LENGTHS = {"year": 4, "month": 7, "day": 10}


@dataclass(frozen=True, slots=True)
class Moment:
    """An event, as light as a mark on a line."""

    id: Id
    type: Type
    name: str
    href: Href
    date: Date
    status: Condition
    accounts: Annotated[tuple[Account, ...], Field(description="Whose tellings there are.")]
    context: Context = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of time."""

    period: Annotated[str, Field(description="A year, a month or a day.", examples=["2025-06"])]
    events: int
    kinds: Annotated[dict[str, int], Field(description="Number of events by kind.", examples=[{"call": 2}])]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events that have a date, in order of time."""

    context: Context
    total: Annotated[int, Field(description="Number of events that meet all conditions and have a date.")]
    undated: Annotated[int, Field(description="Number of those that have none.")]
    buckets: Annotated[tuple[Bucket, ...], Field(description="How many fall into each stretch of time.")]
    items: Annotated[tuple[Moment, ...], Field(description="The latest, as many as were asked for.")]


@router.get("", summary="The timeline", response_model=Timeline, responses=dependencies.FOUND)
def timeline(
    request: Request,
    given: Annotated[EventParameters, Depends()],
    per: Annotated[
        Literal["year", "month", "day"],
        Query(description="Length of a stretch; a date that is less exact stands for itself."),
    ] = "year",
    limit: Annotated[int, Query(ge=0, le=10_000, description="How many events at most.")] = 1000,
) -> Response:
    """Counts by stretch of time over all events that meet the conditions, and the latest of them in short."""
    at = RequestContext(request)
    found = at.event_index.select(given.event_filter(at))
    dated = [it for it in found if it.date]
    serializer = at.serializer
    latest = tuple(_moment(it, serializer) for it in dated[len(dated) - min(limit, len(dated)) :])
    return at.answer(
        Timeline(serializer.context, len(dated), len(found) - len(dated), _buckets(dated, per), latest)
    )


def _buckets(events: list[EventSummary], per: str) -> tuple[Bucket, ...]:
    counted = Counter(((it.date or "")[: _LENGTHS[per]], it.kind) for it in events)
    kinds: dict[str, dict[str, int]] = {}
    for (period, kind), number in sorted(counted.items()):
        kinds.setdefault(period, {})[kind] = number
    return tuple(Bucket(period, sum(numbers.values()), numbers) for period, numbers in kinds.items())


def _moment(it: EventSummary, serializer: Serializer) -> Moment:
    return Moment(
        it.iri,
        class_of(it.kind),
        serializer.event_index.title(it),
        serializer.href(it.iri),
        it.date or "",
        it.status,
        tuple(sorted(it.accounts)),
        precision(date=it.date),
    )
