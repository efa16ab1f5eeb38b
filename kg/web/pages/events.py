"""The list of events, and the page of one: the accounts side by side."""

from collections import defaultdict
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from kg.views.almanac import Almanac, Happening
from kg.views.telling import Particular, Row, Telling, telling
from kg.web.pages.errors import page_router
from kg.web.pages.filters import Filters
from kg.web.pages.memory import memory
from kg.web.pages.render import Alternate, page

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
    almanac = memory(request).almanac()
    found = almanac.select(filters.wanted)[::-1]
    first = (number - 1) * _PER_PAGE
    return page(
        request,
        "events.html",
        title="Events",
        filters=filters,
        choices=filters.choices(almanac),
        total=len(found),
        shown_events=found[first : first + _PER_PAGE],
        number=number,
        last=max(1, -(-len(found) // _PER_PAGE)),
    )


def render(request: Request, iri: str, alternates: tuple[Alternate, ...]) -> Response:
    """The page of one event."""
    kept = memory(request)
    almanac, told = kept.almanac(), kept.view(telling, iri)
    event = almanac.by_iri[iri]
    before, after, invitations = _linked(told, almanac)
    return page(
        request,
        "event.html",
        title=f"{almanac.title(event)}, {event.date or 'undated'}",
        alternates=alternates,
        data=_described(event, almanac),
        iri=iri,
        event=event,
        telling=told,
        tellers={account for it in told.statements for account in it.accounts},
        parting=_parting(told),
        particulars=_captioned(told),
        before=before,
        after=after,
        invitations=invitations,
        neighbours=almanac.beside(event),
    )


def _parting(told: Telling) -> dict[str, list[Row]]:
    """Where the tellings part: what one side alone tells, both tell, is left out, or is contradicted."""
    raised = {row.topic: {cell.account for cell in row.cells if cell.raises} for row in told.rows}
    return {
        "us": [row for row in told.rows if _US in raised[row.topic] and _CN not in raised[row.topic]],
        "cn": [row for row in told.rows if _CN in raised[row.topic] and _US not in raised[row.topic]],
        "both": [row for row in told.rows if {_US, _CN} <= raised[row.topic]],
        "excluded": [row for row in told.rows if any(cell.excludes for cell in row.cells)],
        "contradicted": [row for row in told.rows if row.is_contradicted],
    }


def _captioned(told: Telling) -> dict[str, list[Particular]]:
    found: defaultdict[str, list[Particular]] = defaultdict(list)
    for it in told.particulars:
        if it.relation in _CAPTIONS:
            found[_CAPTIONS[it.relation]].append(it)
    return found


def _linked(told: Telling, almanac: Almanac) -> tuple[list[Happening], list[Happening], list[Happening]]:
    """The events that came before, came after, and the invitations to it."""
    others: defaultdict[str, set[str]] = defaultdict(set)
    for it in told.links:
        others["precedes" if it.relation == "precedes" else "follows"].add(it.object)
    others["precedes"].update(iri for iri, earlier in almanac.follows.items() if told.event in earlier)
    invitations = {iri for iri, ends in almanac.invited_to.items() if told.event in ends}
    return (
        _sorted(others["follows"], almanac),
        _sorted(others["precedes"], almanac),
        _sorted(invitations, almanac),
    )


def _sorted(iris: set[str], almanac: Almanac) -> list[Happening]:
    return sorted((almanac.by_iri[iri] for iri in iris if iri in almanac.by_iri), key=lambda it: it.key)


def _described(event: Happening, almanac: Almanac) -> dict[str, object]:
    told: dict[str, object] = {
        "@type": "Event",
        "@id": event.iri,
        "name": almanac.title(event),
        "attendee": [{"@id": agent, "name": almanac.name(agent).en} for agent in event.agents],
    }
    return told if event.date is None else {**told, "startDate": event.date}
