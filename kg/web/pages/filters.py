"""What narrows lists of events and the timeline: the parameters of the address, and what may be chosen."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from kg.terms import BASE
from kg.views.event_index import EventFilter, EventIndex
from kg.views.statements import SIDES

__all__ = ["Choices", "Filters"]

_MOST_AGENTS = 60
_DATE = r"^(\d{4}(-\d\d(-\d\d)?)?)?$"
_STATUSES = ("Occurred", "Planned", "Proposed", "Cancelled")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader can choose from, each with its identifier and its name."""

    kinds: list[str]
    agents: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    statuses: tuple[str, ...] = _STATUSES


@dataclass(frozen=True)
class Filters:
    """The parameters that narrow a list; things are given by their paths (`person/xi-jinping`)."""

    kind: Annotated[str, Query(max_length=60)] = ""
    participant: Annotated[list[str] | None, Query(max_length=4)] = None
    topic: Annotated[str, Query(max_length=300)] = ""
    excluded_topic: Annotated[str, Query(max_length=300)] = ""
    status: Annotated[str, Query(max_length=60)] = ""
    side: Annotated[str, Query(pattern=f"^({'|'.join(SIDES)})?$")] = ""
    after: Annotated[str, Query(alias="from", pattern=_DATE)] = ""
    before: Annotated[str, Query(alias="to", pattern=_DATE)] = ""

    @property
    def event_filter(self) -> EventFilter:
        """What the event index is asked for."""
        return EventFilter(
            kind=self.kind,
            agents=tuple(f"{BASE}id/{agent}" for agent in self.participants),
            topic=f"{BASE}id/{self.topic}" if self.topic else "",
            status=self.status,
            account=SIDES.get(self.side, ""),
            start=self.after,
            end=self.before,
            excluded=f"{BASE}id/{self.excluded_topic}" if self.excluded_topic else "",
        )

    @property
    def participants(self) -> list[str]:
        """Who takes part; a form sends a field that is left empty too."""
        return [agent for agent in self.participant or () if agent]

    @property
    def given(self) -> dict[str, str | list[str]]:
        """The parameters that narrow anything, by the names that addresses have for them."""
        named = {**vars(self), "participant": self.participants, "from": self.after, "to": self.before}
        return {name: value for name, value in named.items() if value and name not in ("after", "before")}

    def choices(self, event_index: EventIndex) -> Choices:
        """What a reader can choose from; of the participants, those that take part most often."""
        common = event_index.agents_by_frequency[:_MOST_AGENTS]
        chosen = [f"{BASE}id/{agent}" for agent in self.participants]
        agents = {agent for agent, _ in common}.union(chosen)
        topics = {topic for topic, _ in event_index.topics_by_frequency}
        if self.topic:
            topics.add(f"{BASE}id/{self.topic}")
        return Choices(event_index.kinds, _named(agents, event_index), _named(topics, event_index))


def _named(iris: set[str], event_index: EventIndex) -> list[tuple[str, str]]:
    named = [(iri.removeprefix(f"{BASE}id/"), event_index.name(iri).en) for iri in iris]
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))
