"""Who took part in events, and which of them are one: for counts, firsts and lasts."""

import datetime
from collections import defaultdict
from collections.abc import Sequence

from kg.lexicon import Lexicon
from kg.questions.event_matching import EventCandidate
from kg.questions.frame import Party

__all__ = ["Participation", "day_number", "each_once"]

_FAMILIES = {"call": "call", "meeting": "meeting", "trade-talk": "meeting", "visit": "visit"}
_LONGEST = 40  # days that one event lasts at most


class Participation:
    """Tells the persons and countries of events; keeps what it told."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._sides: dict[str, frozenset[str]] = {}
        self._people: dict[str, frozenset[str]] = {}

    def took_part(self, party: Party, it: EventCandidate) -> bool:
        """Whether somebody who may be meant, or who acts for a country that is, took part."""
        return bool({*party.iris} & it.agents) or (party.is_side and bool({*party.iris} & self.sides(it)))

    def sides(self, it: EventCandidate) -> frozenset[str]:
        """The countries for which its participants act."""
        known = self._sides.get(it.iri)
        if known is None:
            entries = [self.lexicon.entries[a] for a in it.agents if a in self.lexicon.entries]
            acting = {entry.represents for entry in entries if entry.represents}
            countries = {entry.iri for entry in entries if self.lexicon.is_a(entry.kind, "Country")}
            known = self._sides[it.iri] = frozenset(acting | countries)
        return known

    def persons(self, it: EventCandidate) -> frozenset[str]:
        """The persons among its participants."""
        found = self._people.get(it.iri)
        if found is None:
            known = self.lexicon.entries
            persons = (a for a in it.agents if a in known and self.lexicon.is_a(known[a].kind, "Person"))
            found = self._people[it.iri] = frozenset(persons)
        return found


def each_once(events: Sequence[EventCandidate], of: Participation) -> list[EventCandidate]:
    """Each event once: what only names countries is folded into what names those who came for them."""
    kept: dict[str, EventCandidate] = {}
    by_day: defaultdict[int, list[EventCandidate]] = defaultdict(list)
    for it in sorted(events, key=lambda e: (-len(of.persons(e)), -len(e.places), e.date, e.iri)):
        first, last = day_number(it.date), max(day_number(it.date), day_number(it.end))
        own = range(first, min(last, first + _LONGEST) + 1)
        around = range(own.start - 1, own.stop + 1)
        near = {other.iri: other for day in around for other in by_day.get(day, ())}
        if kept.keys().isdisjoint(it.same) and not any(_is_same(it, other, of) for other in near.values()):
            kept[it.iri] = it
            for day in own:
                by_day[day].append(it)
    return sorted(kept.values(), key=lambda e: (e.date, e.iri))


def _is_same(it: EventCandidate, other: EventCandidate, of: Participation) -> bool:
    if other.iri in it.same:
        return True
    if it.kind not in _FAMILIES or _FAMILIES[it.kind] != _FAMILIES.get(other.kind):
        return False
    if not _overlap(it, other) and not _is_told_a_day_off(it, other, of):
        return False
    if it.places and other.places and not it.places & other.places:
        return False
    mine, theirs = of.persons(it), of.persons(other)
    return (not mine or mine <= theirs) and (bool(mine) or of.sides(it) <= of.sides(other))


def _is_told_a_day_off(it: EventCandidate, other: EventCandidate, of: Participation) -> bool:
    """Evening in Washington is morning in Beijing: a call, or a meeting that only one account places."""
    is_vague = it.kind == "call" or bool(it.places) != bool(other.places)
    persons = of.persons(it)
    return (
        is_vague
        and abs(day_number(it.date) - day_number(other.date)) == 1
        and len({of.lexicon.entries[a].represents for a in persons}) > 1
        and persons <= of.persons(other)
    )


def day_number(date: str) -> int:
    """The ordinal of a day; 0 of a month, a year or nothing."""
    return datetime.date.fromisoformat(date).toordinal() if len(date) == len("2025-06-05") else 0


def _overlap(it: EventCandidate, other: EventCandidate) -> bool:
    return it.date <= (other.end or other.date) and other.date <= (it.end or it.date)
