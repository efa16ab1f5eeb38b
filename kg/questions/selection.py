"""Which stored events a question means: those that fit its slots, each counted once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.lexicon import Lexicon
from kg.questions.event_matching import EXCHANGES, EventCandidate, EventMatcher
from kg.questions.frame import Frame
from kg.questions.participation import Participation, day_number, each_once
from kg.questions.periods import ANY_TIME
from kg.questions.places import PLACE, surroundings
from kg.terms import BASE

__all__ = ["Selected", "Selection"]

# Offices whose holders talk about trade, as the labels of the reference data name them.
_ECONOMIC = re.compile(r"\b(?:treasury|trade|commerce|finance|vice premier)\b", re.I)
_LATEST = 60  # events that are enough to say what is told instead
_TRADE = f"{BASE}id/topic/trade"


@dataclass(frozen=True, slots=True)
class Selected:
    """The events that fit.

    Attributes:
        events: Those whose day is known, in order of their days; if there are none, those of a month or year.
        undated: Mentions that fit but give no day.
    """

    events: tuple[EventCandidate, ...] = ()
    undated: tuple[EventCandidate, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything fits."""
        return bool(self.events or self.undated)


class Selection:
    """Selects events of one state of a store."""

    def __init__(self, matcher: EventMatcher, lexicon: Lexicon) -> None:
        self.matcher, self.lexicon = matcher, lexicon
        self.participation = Participation(lexicon)
        self._below: dict[frozenset[str], frozenset[str]] = {}

    def select(
        self,
        frame: Frame,
        *,
        kinds: Sequence[str] = EXCHANGES,
        most: int | None = None,
        among: Iterable[str] | None = None,
    ) -> Selected:
        """The events that fit a frame.

        Args:
            frame: What is asked.
            kinds: Folders of identifiers that count if the frame names none.
            most: How many of the latest are enough.
            among: IRIs of those that may be meant; `None` if all may.
        """
        candidates = (
            self._candidates(frame)
            if among is None
            else [it for iri in among if (it := self.matcher.get(iri)) is not None]
        )
        fitting = [it for it in candidates if self._fits(frame, it, kinds)]
        if not fitting and len(frame.places) > 1:
            apart = [self.select(replace(frame, places=(it,)), kinds=kinds, most=most) for it in frame.places]
            if all(apart):
                events = {it.iri: it for found in apart for it in found.events}
                undated = {it.iri: it for found in apart for it in found.undated}
                ordered = sorted(events.values(), key=lambda it: (it.date, it.iri))
                return Selected(tuple(ordered), tuple(undated.values()))
        if frame.in_person:
            fitting = [it for it in fitting if not self._was_remote(it)]
        if frame.period.yearless:
            years = [it.date[:4] for it in fitting if frame.period.holds(it.date, it.end)]
            fitting = [it for it in fitting if it.date[:4] == max(years)] if years else []
        resolved = sorted((it for it in fitting if it.is_resolved), key=lambda it: (it.date, it.iri))
        resolved = each_once(resolved if most is None else resolved[-most:], self.participation)
        vague = [it for it in fitting if not it.is_resolved]
        if not resolved:
            precision = len(frame.period.start or frame.period.end)
            dated = {it.iri: it for it in vague if it.date and len(it.date) >= precision}
            rest = tuple(it for it in vague if it.iri not in dated)  # of 2025, where May 2025 is asked about
            return Selected(tuple(sorted(dated.values(), key=lambda it: it.date)), rest)
        return Selected(tuple(resolved), tuple(vague))

    def loosened(self, frame: Frame) -> Iterator[tuple[str, Selected]]:
        """What fits if one slot is given up: its name, and the events; to put a false premise right."""
        tries: list[tuple[str, Frame]] = []
        if frame.kinds:
            tries.append(("kind", replace(frame, kinds=())))
        if len(frame.parties) > 1:
            tries += [
                ("party", replace(frame, parties=tuple(p for p in frame.parties if p is not left)))
                for left in frame.parties
            ]
        if frame.places:
            tries.append(("place", replace(frame, places=())))
        if frame.period:
            tries.append(("period", replace(frame, period=ANY_TIME)))
        if frame.topics:
            tries.append(("topic", replace(frame, topics=())))
        for name, other in tries:
            found = self.select(other, most=_LATEST)
            if found.events:
                yield name, found

    def _candidates(self, frame: Frame) -> Iterable[EventCandidate]:
        """Some events among which all that fit are: by who took part, where or when, whichever are fewest."""
        found: list[Iterable[EventCandidate]] = []
        for party in frame.parties:
            if not party.is_side:
                its = {it.iri: it for iri in party.iris for it in self.matcher.by_agent.get(iri, ())}
                found.append([*its.values()])
        for named in frame.places:
            slugs = {iri.removeprefix(PLACE) for iri in named}
            inner = [slug for slug, around in surroundings().items() if slug in slugs or around & slugs]
            places = {*named, *(f"{PLACE}{slug}" for slug in inner)}
            its = {it.iri: it for place in places for it in self.matcher.by_place.get(place, ())}
            found.append([*its.values()])
        if frame.period.start and frame.period.end:
            found.append(self.matcher.of_years(int(frame.period.start[:4]) - 1, int(frame.period.end[:4])))
        return min(found, key=lambda its: len([*its])) if found else self.matcher.all()

    def below(self, topics: Iterable[str]) -> frozenset[str]:
        """Topics with all that lie below them."""
        wanted = frozenset(topics)
        found = self._below.get(wanted)
        if found is None:
            every = (e.iri for e in self.lexicon.entries.values() if self.lexicon.is_a(e.kind, "Topic"))
            inner = {iri for iri in every if wanted & self.lexicon.ancestors(iri)}
            found = self._below[wanted] = wanted | inner
        return found

    def _fits(self, frame: Frame, it: EventCandidate, kinds: Sequence[str]) -> bool:
        wanted = frame.kinds or tuple(kinds)
        if it.kind not in wanted:
            return False
        if frame.planned == it.has_occurred:
            return False
        if frame.is_trade and it.kind == "meeting" and not self._is_on_trade(it):
            return False
        if frame.in_person and it.medium:
            return False
        if _is_day(frame.period.start) and frame.period.start == frame.period.end and not it.is_resolved:
            return False
        is_dated = bool(it.date) or not frame.period
        return (
            (frame.period.holds(it.date, it.end) if it.date else is_dated)
            and all(self.participation.took_part(party, it) for party in frame.parties)
            and self._is_there(frame.places, it)
            and (not frame.topics or bool(self.below(frame.topics) & it.topics))
        )

    def _is_on_trade(self, it: EventCandidate) -> bool:
        """Whether those who met hold offices of trade, or if nobody is named, trade was raised."""
        persons = self.participation.persons(it)
        if persons:
            offices = (o for a in persons for o in self.lexicon.offices_of(a, it.date or None))
            is_summit = any(self.lexicon.entries[a].kind == "Leader" for a in persons)
            return not is_summit and any(_ECONOMIC.search(office.label) for office in offices)
        return not it.topics or bool(it.topics & self.below((_TRADE,)))

    def _was_remote(self, it: EventCandidate) -> bool:
        """Whether the same persons spoke by video then, which a document calls a meeting."""
        if it.places or not it.is_resolved:
            return False
        persons = self.participation.persons(it)
        return any(
            other.medium
            and other.kind == "call"
            and abs(day_number(other.date) - day_number(it.date)) < 2
            and self.participation.persons(other) <= persons
            for other in self.matcher.on_days(it.date)
            if other is not it
        )

    def _is_there(self, places: Sequence[tuple[str, ...]], it: EventCandidate) -> bool:
        return all(bool({*named} & it.places) or self._is_within(named, it) for named in places)

    def _is_within(self, named: Sequence[str], it: EventCandidate) -> bool:
        """“in China” of what took place in Beijing."""
        around = {wider for iri in it.places for wider in surroundings().get(iri.removeprefix(PLACE), ())}
        return any(iri.removeprefix(PLACE) in around for iri in named)


def _is_day(date: str) -> bool:
    return len(date) == len("2025-06-05")
