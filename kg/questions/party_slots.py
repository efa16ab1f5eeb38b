"""The parties and the period of a question, and the account to which it confines itself."""

import re
from collections.abc import Iterable, Sequence

from kg.questions.binding import Span
from kg.questions.frame import Party
from kg.questions.periods import ANY_TIME, Period
from kg.questions.question_words import CHINA, SIDES, US, QuestionWords
from kg.terms import BASE

__all__ = ["PartyReader"]

_HEADS = {US: f"{BASE}id/office/president-of-the-united-states", CHINA: f"{BASE}id/office/president-of-china"}
_ACCOUNTS = {US: "UnitedStatesAccount", CHINA: "ChinaAccount"}
_UNDER = re.compile(
    r"\b(?:under|during the (?:presidency|term|years|administration) of|in the time of)\s+(?:president\s+)?$",
    re.I,
)
_AS = re.compile(r"\b(?:as|while|when|under|during)\b|任内|担任|执政|就任", re.I)


class PartyReader:
    """Reads who is named in a question, and in what time."""

    def __init__(self, words: QuestionWords) -> None:
        self.words, self.lexicon = words, words.lexicon

    def parties(self, named: Sequence[Span], period: Period) -> tuple[Party, ...]:
        """Who is named, as persons, sides or holders of offices."""
        found: list[Party] = []
        heads = "leaders" in self.words.roles
        leaders = next((it for it in self.words.spans if it.group == "role" and it.value == "leaders"), None)
        for it in named:
            if it.group == "office" and any(o.group == "agent" and o.start == it.start for o in named):
                continue
            if it.group == "office" and self._is_title(it, named):
                continue
            if it.group == "office":
                holders = self._holders(it.iris, period)
                label = self._label(it.iris[0])
                if holders and not any(p.iris == holders for p in found):
                    found.append(Party(label, holders, it.start))
                continue
            iris = it.iris
            is_side = {*iris} <= {*SIDES} or any(self.lexicon.is_a(e.kind, "Country") for e in it.entries)
            if (
                heads
                and leaders
                and is_side
                and len(iris) == 1
                and leaders.start > it.start
                and iris[0] in _HEADS
                and leaders.start - it.end < 3
            ):
                found.append(
                    Party(self._label(_HEADS[iris[0]]), self._holders((_HEADS[iris[0]],), period), it.start)
                )
                heads = False
            elif not any({*p.iris} == {*iris} for p in found):
                found.append(
                    Party(
                        self._label(iris[0]) if len(iris) == 1 else self.words.text[it.start : it.end],
                        iris,
                        it.start,
                        is_side,
                    )
                )
        if (
            heads
            and leaders
            and not found
            and self.words.text[leaders.start : leaders.end].lower() not in ("president", "presidents")
        ) or (heads and leaders and not found and re.search(r"\btwo\b|\bboth\b", self.words.text, re.I)):
            found += [
                Party(self._label(_HEADS[side]), self._holders((_HEADS[side],), period), leaders.start)
                for side in SIDES
            ]
        return tuple(found)

    def _is_title(self, office: Span, named: Sequence[Span]) -> bool:
        """“里根*总统*”: the office of the person whose name it follows."""
        return any(
            it.group == "agent"
            and it.end == office.start
            and any(t.holder in it.iris and t.office in office.iris for t in self.lexicon.tenures)
            for it in named
        )

    def _holders(self, offices: Iterable[str], period: Period) -> tuple[str, ...]:
        day = period.start if period.start and period.start == period.end else None
        return tuple(dict.fromkeys(e.iri for office in offices for e in self.lexicon.holders(office, day)))

    def _label(self, iri: str) -> str:
        return self.lexicon.label(iri, self.words.bound.language)

    def period(self, named: Sequence[Span]) -> tuple[Period, list[Span]]:
        """When; “under Biden” and “while Biden was president” are terms of office."""
        period = ANY_TIME
        for it in self.words.dates():
            period = it.period if not period else period.with_other(it.period)
        terms: list[Span] = []
        for it in named:
            if it.group == "agent" and len(it.iris) == 1 and _UNDER.search(self.words.text[: it.start]):
                term = self._term(it.iris[0])
                if term:
                    period, terms = period.within(term) if period else term, [*terms, it]
        office = next((it for it in self.words.spans if it.group == "role" and it.value == "leaders"), None)
        office = office or next((it for it in self.words.spans if it.group == "office"), None)
        if office is not None and not terms and _AS.search(self.words.text[: office.start]):
            last = next(
                (
                    it
                    for it in reversed(named)
                    if it.group == "agent"
                    and it.end <= office.start
                    and len(it.iris) == 1
                    and it.iris[0] not in SIDES
                ),
                None,
            )
            if last is not None and (term := self._term(last.iris[0])):
                again = [it for it in named if it.iris == last.iris]
                period = period.within(term) if period else term
                terms += [last] if len(again) > 1 else []
                self.words.spans = [it for it in self.words.spans if it is not office]
                self.words.roles -= {"leaders"}
        return period, terms

    def _term(self, person: str) -> Period | None:
        terms = [t for t in self.lexicon.tenures if t.holder == person and t.office in _HEADS.values()]
        if not terms:
            return None
        latest = max(terms, key=lambda t: (t.end is None, t.start))
        return Period(latest.start, latest.end or "")

    def account(self, named: Sequence[Span]) -> str:
        """The account to which a question confines itself."""
        sides = [self.words.side(it) for it in named if self.words.is_account(it)]
        return _ACCOUNTS.get(sides[0] or "", "") if sides else ""

    def two_sided(self, parties: Sequence[Party]) -> bool:
        """Whether both are asked for: “What did *Beijing* say …, and what did *Washington* say?”."""
        sides = {iri for p in parties if p.is_side for iri in p.iris}
        return {*SIDES} <= sides and self.words.acts.count("say") > 1
