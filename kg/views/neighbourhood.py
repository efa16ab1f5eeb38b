"""What a thing is tied to, one step away: for a drawing, and for the table that says the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE
from kg.views.event_index import EventIndex
from kg.views.rows import rows

__all__ = ["Neighbour", "neighbourhood"]

# Ties that are few for any one thing; those of events come from the event index, the newest first.
_TIES = ("kg:represents", "kg:officeOf", "kg:heldOffice", "skos:broader", "kg:place", "kg:follows",
         "kg:invitedTo", "kg:firstSince")  # fmt: skip
_FEW = 200


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One tie.

    Attributes:
        relation: Local name of the property, from the other's side if it is incoming.
        other: The thing at its other end.
        is_outgoing: Whether it leads away from the thing that was asked for.
    """

    relation: str
    other: str
    is_outgoing: bool


def neighbourhood(store: Store, event_index: EventIndex, iri: str) -> list[Neighbour]:
    """All ties of a thing to agents, topics, places, offices and events; the newest events first."""
    return [*_of_event(event_index, iri), *_stated(store, iri), *_events_of(event_index, iri)]


def _of_event(event_index: EventIndex, iri: str) -> Iterator[Neighbour]:
    event = event_index.by_iri.get(iri)
    if event is None:
        return
    yield from (Neighbour("participant", agent, True) for agent in event.agents)
    yield from (Neighbour("discussedTopic", topic, True) for topic in event.discussed)
    yield from (Neighbour("excludedTopic", topic, True) for topic in event.excluded)


def _events_of(event_index: EventIndex, iri: str) -> Iterator[Neighbour]:
    for event in reversed(event_index.by_agent.get(iri, ())):
        yield Neighbour("participant", event.iri, False)
    for event in reversed(event_index.by_topic.get(iri, ())):
        if iri in event.discussed:
            yield Neighbour("discussedTopic", event.iri, False)
        if iri in event.excluded:
            yield Neighbour("excludedTopic", event.iri, False)


def _stated(store: Store, iri: str) -> Iterator[Neighbour]:
    node = NamedNode(iri)
    each = " UNION ".join(
        f"{{ {node} {tie} ?other BIND({tie} AS ?tie) BIND(true AS ?outgoing) }} UNION "
        f"{{ ?other {tie} {node} BIND({tie} AS ?tie) BIND(false AS ?outgoing) }}"
        for tie in _TIES
    )
    query = f"SELECT DISTINCT ?tie ?other ?outgoing WHERE {{ {each} }} ORDER BY ?tie ?other LIMIT {_FEW}"
    for tie, other, outgoing in rows(store, query):
        if other and other.startswith(f"{BASE}id/"):
            relation = (tie or "").rpartition("#")[2]
            yield Neighbour(relation, other, outgoing == "true")
