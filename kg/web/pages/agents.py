"""The page of a person, country, organization or group."""

from collections import Counter
from itertools import islice

from fastapi import Request
from fastapi.responses import Response

from kg.terms import BASE
from kg.views.entity_summary import statements
from kg.views.event_index import EventSummary
from kg.views.profile import agent_profile
from kg.views.statements import ACCOUNTS, statements_by_iri
from kg.web.html.formatting import folder_of, slug_of
from kg.web.html.render import Alternate, page
from kg.web.pages import charts
from kg.web.snapshot import snapshots

__all__ = ["render"]

_EVENTS, _MET, _TOPICS, _DOCUMENTS, _CLAIMS = 12, 12, 24, 12, 16
_SCHEMA = {"person": "Person", "country": "Country", "organization": "Organization", "group": "Organization"}


def render(request: Request, iri: str, alternates: tuple[Alternate, ...]) -> Response:
    """The page of one agent; the parameter `topic` narrows what it said."""
    kept = snapshots(request)
    event_index = kept.event_index()
    profile = kept.view(agent_profile, kept.claim_index(), iri)
    asked = request.query_params.get("topic", "")
    topics = {slug_of(topic): number for topic, number in profile.claims_by_topic}
    topic = f"{BASE}id/{asked}" if asked in topics else ""
    latest = (it.iri for it in reversed(profile.claims) if not topic or topic in it.about)
    told = kept.view(statements, event_index, iri)
    documents = [*dict.fromkeys(document for _, document, _ in reversed(told))]
    events = event_index.by_agent.get(iri, ())
    return page(
        request,
        "agent.html",
        title=event_index.name(iri).en,
        alternates=alternates,
        data={"@type": _SCHEMA.get(folder_of(iri), "Thing"), "@id": iri, "name": event_index.name(iri).en,
              "alternateName": [name for name, _ in profile.names], "sameAs": list(profile.same_as)},
        iri=iri,
        folder=folder_of(iri),
        profile=profile,
        topic=topic,
        topics=profile.claims_by_topic[:_TOPICS],
        claims=statements_by_iri(request.app.state.store, [*islice(latest, _CLAIMS)]),
        events=events[::-1][:_EVENTS],
        total=len(events),
        chart=_per_year(events),
        met=event_index.met.get(iri, ())[:_MET],
        documents=[event_index.documents[it] for it in documents[:_DOCUMENTS] if it in event_index.documents],
        mentioned=len(documents),
    )  # fmt: skip


def _per_year(events: tuple[EventSummary, ...]) -> charts.Stacks | None:
    """Events by year; each counts once, for the account of its own that tells of it first in our order."""
    years = [int(it.date[:4]) for it in events if it.date]
    if len(set(years)) < 2:
        return None
    counts: dict[str, Counter[str]] = {str(year): Counter() for year in range(min(years), max(years) + 1)}
    for it in events:
        if it.date:
            counts[it.date[:4]]["all"] += 1
    return charts.stacks(counts, ["all", *ACCOUNTS], height=90)
