"""The names and dates of a question as slots: topics, places, parties, the period, the account."""

import re
from collections.abc import Iterable, Sequence

from kg.lexicon import Entry, Lexicon
from kg.questions.binding import Bound, Span
from kg.questions.frame import Party
from kg.questions.periods import ANY_TIME, Period
from kg.terms import BASE

__all__ = ["CHINA", "SIDES", "US", "SlotReader"]

US, CHINA = f"{BASE}id/country/united-states", f"{BASE}id/country/china"
SIDES = (US, CHINA)
_HEADS = {US: f"{BASE}id/office/president-of-the-united-states", CHINA: f"{BASE}id/office/president-of-china"}
_ACCOUNTS = {US: "UnitedStatesAccount", CHINA: "ChinaAccount"}
_AT = re.compile(r"\b(?:in|at|to|from|near|visit|visited|visiting|via|of)\s+(?:the\s+)?$|[在于到赴访]$", re.I)
_NOUN_AFTER = re.compile(
    r"\s*(?:'s\s+)?(?:summit|meeting|talks?|visit|trip|round|consultations|declaration|会|之行|峰会|磋商|会晤|会谈)",
    re.I,
)
_UNDER = re.compile(
    r"\b(?:under|during the (?:presidency|term|years|administration) of|in the time of)\s+(?:president\s+)?$",
    re.I,
)
_AS = re.compile(r"\b(?:as|while|when|under|during)\b|任内|担任|执政|就任", re.I)
# A wording that names something of its own, though it has the topic's name in it.
_BODY = re.compile(r" (?:working group|board|dialogue|mechanism|forum|act|trap|summit)$", re.I)


class SlotReader:
    """Puts the names and dates of one question into slots."""

    def __init__(self, bound: Bound, lexicon: Lexicon) -> None:
        self.bound, self.lexicon, self.text = bound, lexicon, bound.text
        self.spans = list(dict.fromkeys(bound.spans))
        self.acts = [it.value for it in self.spans if it.group == "act"]
        self.wants = [it.value for it in self.spans if it.group == "want"]
        self.kinds = [it.value for it in self.spans if it.group == "kind"]
        self.roles = {it.value for it in self.spans if it.group == "role"}

    def _topics(self) -> tuple[tuple[str, ...], list[Span]]:
        """The topics; a third country or a company that is one too counts as topic unless it speaks."""
        found = [it for it in self.spans if it.group == "topic"]
        agents = [it for it in self.spans if it.group == "agent"]
        kept = []
        for it in found:
            twin = next((a for a in agents if (a.start, a.end) == (it.start, it.end)), None)
            others = [a for a in agents if a is not twin]
            is_speaker = twin is not None and not others and self._is_before_act(it) and "say" in self.acts
            if not is_speaker:
                kept.append(it)
        spans = [
            *kept,
            *(a for a in agents if self._as_topic(a) and not any(a.start == k.start for k in found)),
        ]
        iris = [iri for it in kept for iri in it.iris]
        iris += [topic.iri for a in spans if a.group == "agent" for topic in self._as_topic(a)]
        return tuple(dict.fromkeys(iris)), spans

    def _wordings(self, topics: Iterable[Span]) -> tuple[str, ...]:
        """Wordings that are narrower than the topic that they name."""
        found = []
        for it in topics:
            word = self.text[it.start : it.end]
            labels = {
                label.lower() for e in it.entries for label in (e.label, self.lexicon.label(e.iri, "zh"))
            }
            is_label = any(word.lower().rstrip("s") in label or label in word.lower() for label in labels)
            if (not is_label or _BODY.search(word)) and word.isascii():
                found.append(word)
        return tuple(found)

    def _is_name(self, it: Span) -> bool:
        """“Jimmy Lai” is a topic's wording, and a person."""
        return any(
            a.group == "agent"
            and (a.start, a.end) == (it.start, it.end)
            and not all(self.lexicon.is_a(e.kind, "Country") for e in a.entries)
            for a in self.spans
        )

    def _as_topic(self, it: Span) -> list[Entry]:
        """“台湾”, “Ukraine” as what is spoken of: the topic of the same name."""
        if (
            not it.entries
            or it.entries[0].iri in SIDES
            or not self.lexicon.is_a(it.entries[0].kind, "Country")
        ):
            return []
        return self.lexicon.lookup(it.entries[0].label, ("Topic",))

    def _is_before_act(self, it: Span) -> bool:
        acts = [a.start for a in self.spans if a.group == "act"]
        return bool(acts) and it.start < min(acts)

    def _places(self, topics: Iterable[Span]) -> tuple[tuple[tuple[str, ...], ...], list[Span]]:
        taken = {(it.start, it.end) for it in topics}
        found = []
        for it in self.spans:
            if it.group != "place" or (it.start, it.end) in taken:
                continue
            is_agent_too = any(
                a.group == "agent" and (a.start, a.end) == (it.start, it.end) for a in self.spans
            )
            before, after = self.text[: it.start], self.text[it.end :]
            if is_agent_too and (self._is_joined(it) or self._is_account(it)):
                continue
            is_where = bool(_AT.search(before) or _NOUN_AFTER.match(after)) or "Visit" in self.kinds
            if "Visit" in self.kinds and is_agent_too and self._goes_before(it):
                is_where = False
            if (
                re.search(r"\b(?:of|from)\s+(?:the\s+)?$", before, re.I)
                and is_agent_too
                and not _NOUN_AFTER.match(after)
            ):
                is_where = False
            if not is_agent_too or is_where:
                found.append(it)
        return tuple(dict.fromkeys(it.iris for it in found)), found

    def _is_joined(self, it: Span) -> bool:
        """“the *U.S.-China* summit”, “the U.S. and *China* talk”: two parties."""
        pairs = r"(?:[\w.]\s?[-–—/]|\w\s+and(?: the)?\s)\s?$"
        joined = re.search(pairs, self.text[: it.start]) or re.match(r"\s?[-–—/]\s?\w", self.text[it.end :])
        return joined is not None and sum(a.group == "agent" for a in self.spans) > 1

    def _goes_before(self, it: Span) -> bool:
        """“*China* visits”: a country before the word visits; after it, it is visited."""
        visits = [v.start for v in self.spans if v.group == "kind" and v.value == "Visit"]
        return (
            bool(visits)
            and it.end < min(visits)
            and not _NOUN_AFTER.match(self.text[it.end :])
            and not _AT.search(self.text[: it.start])
        )

    def _parties(self, named: Sequence[Span], period: Period) -> tuple[Party, ...]:
        found: list[Party] = []
        heads = "leaders" in self.roles
        leaders = next((it for it in self.spans if it.group == "role" and it.value == "leaders"), None)
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
                        self._label(iris[0]) if len(iris) == 1 else self.text[it.start : it.end],
                        iris,
                        it.start,
                        is_side,
                    )
                )
        if (
            heads
            and leaders
            and not found
            and self.text[leaders.start : leaders.end].lower() not in ("president", "presidents")
        ) or (heads and leaders and not found and re.search(r"\btwo\b|\bboth\b", self.text, re.I)):
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
        return self.lexicon.label(iri, self.bound.language)

    def _period(self, named: Sequence[Span]) -> tuple[Period, list[Span]]:
        """When; “under Biden” and “while Biden was president” are terms of office."""
        period = ANY_TIME
        for it in self._dates():
            period = it.period if not period else period.with_other(it.period)
        terms: list[Span] = []
        for it in named:
            if it.group == "agent" and len(it.iris) == 1 and _UNDER.search(self.text[: it.start]):
                term = self._term(it.iris[0])
                if term:
                    period, terms = period.within(term) if period else term, [*terms, it]
        office = next((it for it in self.spans if it.group == "role" and it.value == "leaders"), None)
        office = office or next((it for it in self.spans if it.group == "office"), None)
        if office is not None and not terms and _AS.search(self.text[: office.start]):
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
                self.spans = [it for it in self.spans if it is not office]
                self.roles -= {"leaders"}
        return period, terms

    def _term(self, person: str) -> Period | None:
        terms = [t for t in self.lexicon.tenures if t.holder == person and t.office in _HEADS.values()]
        if not terms:
            return None
        latest = max(terms, key=lambda t: (t.end is None, t.start))
        return Period(latest.start, latest.end or "")

    def _dates(self) -> list[Span]:
        return [it for it in self.spans if it.group == "date"]

    def _account(self, named: Sequence[Span]) -> str:
        sides = [self._side(it) for it in named if self._is_account(it)]
        return _ACCOUNTS.get(sides[0] or "", "") if sides else ""

    def _is_account(self, it: Span) -> bool:
        """“the *Chinese* readout”, “the *White House* one” after it."""
        if ("account" not in self.roles and "document" not in self.roles) or self._side(it) is None:
            return False
        after = self.text[it.end :]
        return bool(
            re.match(
                r"(?:'s|\s)*\s*(?:readout|account|version|telling|one\b|side's)|方?(?:通稿|文本|新闻稿)",
                after,
                re.I,
            )
        )

    def _side(self, it: Span) -> str | None:
        for entry in it.entries:
            if entry.iri in SIDES or entry.represents in SIDES:
                return entry.iri if entry.iri in SIDES else entry.represents
        return None

    def _two_sided(self, parties: Sequence[Party]) -> bool:
        """Whether both are asked for: “What did *Beijing* say …, and what did *Washington* say?”."""
        sides = {iri for p in parties if p.is_side for iri in p.iris}
        return {*SIDES} <= sides and [a for a in self.acts if a == "say"].__len__() > 1
