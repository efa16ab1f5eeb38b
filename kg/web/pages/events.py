"""The list of events, and the page of one: the accounts side by side."""

from collections import defaultdict
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from kg.views.accounts import EventAccounts, EventDetail, TopicAccounts, event_accounts
from kg.views.date_basis import CONCLUDED
from kg.views.event_index import EventIndex, EventSummary
from kg.web.html.problem_pages import page_router
from kg.web.html.render import Alternate, page
from kg.web.pages.filters import Filters
from kg.web.snapshot import snapshots

__all__ = ["render", "router"]

router = page_router()
_PER_PAGE = 50
_US, _CN = "UnitedStatesAccount", "ChinaAccount"
_CAPTIONS = {
    "dateStatus": "Date",
    "dayPart": "Part of the day",
    "duration": "How long",
    "medium": "How",
    "place": "Where",
    "placeStatus": "Place",
    "initiator": "At the request of",
    "host": "Host",
    "inviter": "Inviter",
    "invitee": "Invitee",
    "imposedBy": "Imposed by",
    "target": "Target",
}


@router.get("/events")
def events_page(
    request: Request,
    filters: Annotated[Filters, Depends()],
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """All events that the filters leave, the newest first."""
    event_index = snapshots(request).event_index()
    found = event_index.select(filters.event_filter)[::-1]
    first = (number - 1) * _PER_PAGE
    return page(
        request,
        "events.html",
        title="Events",
        filters=filters,
        choices=filters.choices(event_index),
        total=len(found),
        shown_events=found[first : first + _PER_PAGE],
        number=number,
        last=max(1, -(-len(found) // _PER_PAGE)),
    )


def render(request: Request, iri: str, alternates: tuple[Alternate, ...]) -> Response:
    """The page of one event."""
    kept = snapshots(request)
    event_index, told = kept.event_index(), kept.view(event_accounts, iri)
    event = event_index.by_iri[iri]
    before, after, invitations = _linked(told, event_index)
    return page(
        request,
        "event.html",
        title=f"{event_index.title(event)}, {event.date or 'undated'}",
        alternates=alternates,
        data=_described(event, event_index),
        iri=iri,
        event=event,
        event_accounts=told,
        tellers={account for it in told.statements for account in it.accounts},
        undecided=event_index.may_be(iri),
        concluded=CONCLUDED,
        parting=_parting(told),
        details=_captioned(told, is_dated=bool(event.date)),
        before=before,
        after=after,
        invitations=invitations,
        neighbours=event_index.beside(event),
    )


def _parting(told: EventAccounts) -> dict[str, list[TopicAccounts]]:
    """Where the tellings part: what one side alone tells, both tell, is left out, or is contradicted."""
    raised = {row.topic: {cell.account for cell in row.cells if cell.raises} for row in told.rows}
    return {
        "us": [row for row in told.rows if _US in raised[row.topic] and _CN not in raised[row.topic]],
        "cn": [row for row in told.rows if _CN in raised[row.topic] and _US not in raised[row.topic]],
        "both": [row for row in told.rows if {_US, _CN} <= raised[row.topic]],
        "excluded": [row for row in told.rows if any(cell.excludes for cell in row.cells)],
        "contradicted": [row for row in told.rows if row.is_contradicted],
    }


def _captioned(told: EventAccounts, *, is_dated: bool) -> dict[str, list[EventDetail]]:
    """What is told of an event, by its caption; that one document gives no day only where none does."""
    found: defaultdict[str, list[EventDetail]] = defaultdict(list)
    for it in told.details:
        if it.relation in _CAPTIONS and not (is_dated and it.relation == "dateStatus"):
            found[_CAPTIONS[it.relation]].append(it)
    return found


def _linked(
    told: EventAccounts, event_index: EventIndex
) -> tuple[list[EventSummary], list[EventSummary], list[EventSummary]]:
    """The events that came before, came after, and the invitations to it."""
    others: defaultdict[str, set[str]] = defaultdict(set)
    for it in told.links:
        others["precedes" if it.relation == "precedes" else "follows"].add(it.object)
    others["precedes"].update(iri for iri, earlier in event_index.follows.items() if told.event in earlier)
    invitations = {iri for iri, ends in event_index.invited_to.items() if told.event in ends}
    return (
        _sorted(others["follows"], event_index),
        _sorted(others["precedes"], event_index),
        _sorted(invitations, event_index),
    )


def _sorted(iris: set[str], event_index: EventIndex) -> list[EventSummary]:
    return sorted(
        (event_index.by_iri[iri] for iri in iris if iri in event_index.by_iri), key=lambda it: it.key
    )


def _described(event: EventSummary, event_index: EventIndex) -> dict[str, object]:
    told: dict[str, object] = {
        "@type": "Event",
        "@id": event.iri,
        "name": event_index.title(event),
        "attendee": [{"@id": agent, "name": event_index.name(agent).en} for agent in event.agents],
    }
    return told if event.date is None else {**told, "startDate": event.date}
