"""The timeline: years, months or days as columns that lead one level down, with the events beside them."""

from collections import Counter
from collections.abc import Collection
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from kg.views.event_index import Calendar, starting
from kg.web.html.formatting import day
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.pages import charts
from kg.web.pages.filters import Filters
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_PER_PAGE = 30
_PERIOD = r"^(\d{4}(-(0[1-9]|1[0-2]))?)?$"
_US, _CN = "UnitedStatesAccount", "ChinaAccount"
_SMALLER = {0: 4, 4: 7, 7: 10}  # length of the name of a period, and of those that it is shown in
TELLERS = ("us", "both", "cn", "third")


@router.get("/timeline")
def timeline_page(
    request: Request,
    filters: Annotated[Filters, Depends()],
    at: Annotated[str, Query(pattern=_PERIOD)] = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """Events in time.

    Args:
        request: The request.
        filters: Which events.
        at: The year or the month that is looked into; all years without it.
        number: Page of the list.
    """
    event_index = snapshots(request).event_index()
    kept = event_index.select(filters.event_filter)
    inside = starting(kept, at) if at else kept
    columns = _columns(event_index.calendar(kept, _SMALLER[len(at)]), at)
    chart = charts.stacks(columns, TELLERS, height=150) if columns else None
    first = (number - 1) * _PER_PAGE
    return page(
        request,
        "timeline.html",
        title=f"Timeline: {day(at)}" if at else "Timeline",
        filters=filters,
        choices=filters.choices(event_index),
        at=at,
        chart=chart,
        columns=columns,
        periods=_steps(at, event_index.calendar(kept, len(at))) if at else ("", ""),
        inside=inside[::-1][first : first + _PER_PAGE],
        total=len(inside),
        number=number,
        last=max(1, -(-len(inside) // _PER_PAGE)),
        given=filters.given,
    )


def _columns(calendar: Calendar, at: str) -> dict[str, Counter[str]]:
    """Numbers of events by period, then by who tells of them; periods without an event count too."""
    columns: dict[str, Counter[str]] = {label: Counter() for label in _labels(calendar, at)}
    for (period, accounts), number in calendar.items():
        if period in columns:
            columns[period][_column_of(accounts)] += number
    return columns


def _labels(calendar: Calendar, at: str) -> list[str]:
    if not any(period.startswith(at) for period, _ in calendar):
        return []
    if len(at) == 7:
        return [f"{at}-{number:02d}" for number in range(1, 32)]
    if len(at) == 4:
        return [f"{at}-{number:02d}" for number in range(1, 13)]
    years = [int(year) for year, _ in calendar]
    return [str(year) for year in range(min(years), max(years) + 1)]


def _column_of(accounts: Collection[str]) -> str:
    if _US in accounts and _CN in accounts:
        return "both"
    return "us" if _US in accounts else "cn" if _CN in accounts else "third"


def _steps(at: str, calendar: Calendar) -> tuple[str, str]:
    """The period of the same size before and after this one that has an event; empty if there is none."""
    periods = {period for period, _ in calendar}
    before = max((period for period in periods if period < at), default="")
    return before, min((period for period in periods if period > at), default="")
