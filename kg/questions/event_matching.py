"""Finds the event that a question describes among those that are stored."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from kg.lexicon import Lexicon
from kg.questions.recognition import AGENT, EVENT, PLACE, Name
from kg.store import Store
from kg.terms import BASE
from kg.views.date_basis import concluded_days
from kg.views.undecided import undecided_pairs

_QUERY = f"""PREFIX kg: <{BASE}ontology#>
SELECT ?event ?date ?end ?agent ?place ?status ?medium WHERE {{
  ?event kg:status ?status . OPTIONAL {{ ?event kg:date ?date }} OPTIONAL {{ ?event kg:endDate ?end }}
  OPTIONAL {{ ?event kg:participant ?agent }} OPTIONAL {{ ?event kg:place ?place }}
  OPTIONAL {{ ?event kg:medium ?medium }} }}"""
_TOPICS = f"""PREFIX kg: <{BASE}ontology#>
SELECT ?event ?topic WHERE {{ ?event kg:discussedTopic ?topic }}"""
_OCCASIONS = f"""PREFIX kg: <{BASE}ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?event ?name (LANG(?name) AS ?language) WHERE {{ ?event kg:status ?status ; rdfs:label ?name }}"""
_WHEN = re.compile(r" ?[(（][^()（）]*[)）]$")

EXCHANGES = ("call", "meeting", "trade-talk")


class EventCandidate:
    """What is known of one stored event: enough to tell whether a description fits."""

    __slots__ = (
        "agents",
        "basis",
        "date",
        "end",
        "iri",
        "kind",
        "medium",
        "names",
        "places",
        "same",
        "statuses",
        "topics",
    )

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self.kind = iri.removeprefix(f"{BASE}id/").split("/")[0]  # folder of the identifier
        self.date = ""
        self.basis = ""  # of the day, if no text states it
        self.agents: set[str] = set()
        self.places: set[str] = set()
        self.statuses: set[str] = set()
        self.end = ""
        self.medium = ""
        self.topics: set[str] = set()
        self.names: dict[str, str] = {}  # what people call it, without its day, by language
        self.same: set[str] = set()  # IRIs of those that may be this one

    @property
    def has_occurred(self) -> bool:
        """Whether a document says that it took place."""
        return any(it.endswith("Occurred") for it in self.statuses)

    @property
    def is_resolved(self) -> bool:
        """Whether its day is known, so that it can be counted beside others."""
        return len(self.date) == len("2025-06-05")

    @property
    def weight(self) -> tuple[bool, str, int]:
        """Which of several to take: one that happened, the latest, the one with most parties."""
        return any(it.endswith("Occurred") for it in self.statuses), self.date, len(self.agents)


class EventMatcher:
    """The events of one state of a store."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._by_iri: dict[str, EventCandidate] = {}
        for event, date, end, agent, place, status, medium in store.select(_QUERY).texts():
            it = self._by_iri.setdefault(event or "", EventCandidate(event or ""))
            it.date = max(it.date, date or "")
            it.agents |= {agent} if agent else set()
            it.places |= {place} if place else set()
            it.statuses |= {status} if status else set()
            it.end, it.medium = max(it.end, end or ""), medium or it.medium
        for iri, by_day in concluded_days(store).items():
            if iri in self._by_iri:
                self._by_iri[iri].basis = by_day.get(self._by_iri[iri].date, "")
        for event, topic in store.select(_TOPICS).texts():
            if (found := self._by_iri.get(event or "")) is not None and topic:
                found.topics.add(topic)
        for event, name, language in store.select(_OCCASIONS).texts():
            if (found := self._by_iri.get(event or "")) is not None:
                found.names[language or ""] = _WHEN.sub("", name or "") if found.date else name or ""
        for iri, others in undecided_pairs(store).items():
            if iri in self._by_iri:
                self._by_iri[iri].same.update(others)

    def get(self, iri: str) -> EventCandidate | None:
        """One event; `None` if it is not stored."""
        return self._by_iri.get(iri)

    def all(self) -> Iterable[EventCandidate]:
        """Every event."""
        return self._by_iri.values()

    def on_days(self, date: str) -> Iterable[EventCandidate]:
        """The events of the month of a day, and of the months beside it."""
        return [it for it in self._by_year.get(date[:4], ()) if it.date]

    def title(self, iri: str) -> str | None:
        """An event in words, “call of A and B, 2025-06-05”; `None` if it is not stored."""
        it = self._by_iri.get(iri)
        if it is None:
            return None
        agents = [self.lexicon.label(agent) for agent in sorted(it.agents)]
        whose = f" of {', '.join(agents[:-1])} and {agents[-1]}" if len(agents) > 1 else ""
        return f"{it.kind.replace('-', ' ')}{whose}" + (f", {it.date}" if it.date else "")

    def on(self, date: str) -> list[str]:
        """The exchanges of a day, month or year."""
        return sorted(it.iri for it in self._by_iri.values() if it.date and it.date.startswith(date)
                      and it.kind in EXCHANGES)  # fmt: skip

    def resolve(self, name: Name) -> Name:
        """A described event with its identifier and day; without identifier if none or several fit."""
        if name.kind != EVENT:
            return name
        fitting = sorted(self._fitting(name), key=lambda it: it.weight, reverse=True)
        if not fitting:
            return replace(name, date=None if name.yearless else name.date)
        best = fitting[0]
        rivals = [it for it in fitting[1:] if it.weight[:2] == best.weight[:2] and it.kind == best.kind]
        is_pinned = name.is_latest or name.date is not None or any(part.kind == PLACE for part in name.parts)
        if rivals or not is_pinned:
            return replace(name, date=best.date or name.date)
        return replace(name, iris=(best.iri,), date=best.date or name.date)

    def _fitting(self, name: Name) -> Iterator[EventCandidate]:
        agents = {iri for part in name.parts if part.kind == AGENT for iri in part.iris[:1]}
        places = {iri for part in name.parts if part.kind == PLACE for iri in part.iris}
        for it in self._about_then(name):
            is_there = not places or bool(places & it.places)
            if (
                it.kind in name.kinds
                and is_there
                and self._is_on(name, it.date)
                and self._took_part(agents, it)
            ):
                yield it

    def _about_then(self, name: Name) -> Iterable[EventCandidate]:
        """The events of the years in which a described one can lie."""
        if name.date is None or name.yearless:
            return self._by_iri.values()
        years = range(int(name.date[:4]), int((name.end_date or name.date)[:4]) + 1)
        return [it for year in years for it in self._by_year.get(str(year), ())]

    @cached_property
    def by_agent(self) -> Mapping[str, list[EventCandidate]]:
        """The events by each of those who took part."""
        found: defaultdict[str, list[EventCandidate]] = defaultdict(list)
        for it in self._by_iri.values():
            for agent in it.agents:
                found[agent].append(it)
        return found

    @cached_property
    def by_place(self) -> Mapping[str, list[EventCandidate]]:
        """The events by each of their places."""
        found: defaultdict[str, list[EventCandidate]] = defaultdict(list)
        for it in self._by_iri.values():
            for place in it.places:
                found[place].append(it)
        return found

    def of_years(self, first: int, last: int) -> Iterable[EventCandidate]:
        """The events of some years, and those without a date."""
        return [it for year in ("", *map(str, range(first, last + 1))) for it in self._by_year.get(year, ())]

    @cached_property
    def _by_year(self) -> Mapping[str, list[EventCandidate]]:
        found: defaultdict[str, list[EventCandidate]] = defaultdict(list)
        for it in self._by_iri.values():
            found[it.date[:4]].append(it)
        return found

    def _took_part(self, agents: set[str], it: EventCandidate) -> bool:
        """Whether each agent, or somebody who speaks for that country, was there."""
        sides = {self.lexicon.entries[a].represents for a in it.agents if a in self.lexicon.entries}
        return all(agent in it.agents or agent in sides for agent in agents)

    def _is_on(self, name: Name, date: str) -> bool:
        if name.yearless:
            return date[5:] == name.yearless
        if name.date is None:
            return bool(date) or not name.is_latest
        if name.end_date:
            return (
                bool(date)
                and name.date <= date[: len(name.date)]
                and date[: len(name.end_date)] <= name.end_date
            )
        return bool(date) and (date.startswith(name.date) or name.date.startswith(date))
