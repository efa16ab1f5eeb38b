"""From the parts of a question to what it asks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from kg.lexicon import Entry, Lexicon
from kg.questions.binding import Bound, Span
from kg.questions.frame import Frame, Of, Party, Want
from kg.questions.periods import ANY_TIME, Period
from kg.terms import BASE

__all__ = ["frame_of"]

US, CHINA = f"{BASE}id/country/united-states", f"{BASE}id/country/china"
SIDES = (US, CHINA)
_HEADS = {US: f"{BASE}id/office/president-of-the-united-states", CHINA: f"{BASE}id/office/president-of-china"}
_ACCOUNTS = {US: "UnitedStatesAccount", CHINA: "ChinaAccount"}
FOLDERS = {
    "Call": ("call",),
    "Meeting": ("meeting", "trade-talk"),
    "TradeTalk": ("trade-talk", "meeting"),
    "Visit": ("visit",),
    "Exchange": ("call", "meeting", "trade-talk"),
}
# What is wanted if several words say so: the first of these.
_FOREMOST: tuple[Want, ...] = ("interval", "duration", "count", "where", "compare", "changed", "who", "when")
_CLAIMS = ("Demand", "Commitment", "Warning", "Prediction", "Assessment")
_AT = re.compile(r"\b(?:in|at|to|from|near|visit|visited|visiting|via|of)\s+(?:the\s+)?$|[在于到赴访]$", re.I)
_NOUN_AFTER = re.compile(
    r"\s*(?:'s\s+)?(?:summit|meeting|talks?|visit|trip|round|consultations|declaration|会|之行|峰会|磋商|会晤|会谈)",
    re.I,
)
_TO = re.compile(
    r"\b(?:to|with|of|from|tell|told|ask|asked|warned|warn|urge|urged|promise|promised|assure|against|about|on|for)\s+(?:the\s+|president\s+|secretary\s+)*$|[对向跟给]$",
    re.I,
)
_ABOUT = re.compile(r"\b(?:about|on|over|regarding|concerning|of)\s+(?:the\s+)?$|[对关于就]$", re.I)
_YES_NO = re.compile(r"^\s*(?:and\s+|but\s+)?(?:was|were|did|is|are|has|have|had|do|does|did)\b", re.I)
_ON = re.compile(r"\b(?:about|on|over|regarding|concerning)\s+(?:the\s+)?$", re.I)
_BY = re.compile(r"\bby\s+(?:the\s+)?(?:president\s+)?$|[被由]$", re.I)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been)\s+(?:the\s+)?$", re.I)
_AS = re.compile(r"\b(?:as|while|when|under|during)\b|任内|担任|执政|就任", re.I)
_UNDER = re.compile(
    r"\b(?:under|during the (?:presidency|term|years|administration) of|in the time of)\s+(?:president\s+)?$",
    re.I,
)
_BUT_NOT = re.compile(r"\b(?:but|and)?\s*not in\b|而(?:没有|未|不)|却(?:没有|未|不)", re.I)


_BODY = re.compile(
    r" (?:working group|board|dialogue|mechanism|forum|act|trap|summit)$", re.I
)  # something of its own


class _Reader:
    """Puts the spans of one question into the slots of a frame."""

    def __init__(self, bound: Bound, lexicon: Lexicon) -> None:
        self.bound, self.lexicon, self.text = bound, lexicon, bound.text
        self.spans = _without_visited_places(bound)
        self.acts = [it.value for it in self.spans if it.group == "act"]
        self.wants = [it.value for it in self.spans if it.group == "want"]
        self.kinds = [it.value for it in self.spans if it.group == "kind"]
        self.roles = {it.value for it in self.spans if it.group == "role"}

    def read(self) -> Frame | None:
        topics, topic_spans = self._topics()
        places, place_spans = self._places(topic_spans)
        named = [
            it
            for it in self.spans
            if it.group in ("agent", "office")
            and not any((it.start, it.end) == (o.start, o.end) for o in (*topic_spans, *place_spans))
        ]
        period, terms = self._period(named)
        named = [it for it in named if it not in terms]
        account = self._account(named)
        named = [it for it in named if not self._is_account(it)]
        parties = self._parties(named, period)
        of = self._of(topics, parties, places)
        if of is None:
            return None
        frame = Frame(
            question=self.bound.question,
            language=self.bound.language,
            want=self._want(of),
            of=of,
            kinds=self._folders(),
            in_person="person" in self.roles,
            planned=self._is_planned(),
            parties=parties,
            topics=topics,
            places=places,
            period=period,
            wordings=self._wordings(topic_spans),
            is_narrow=any(self._is_name(it) for it in topic_spans),
            claims=tuple(dict.fromkeys(act for act in self.acts if act in _CLAIMS)) if of == "claims" else (),
            excluded="exclude" in self.acts
            or ("discuss" in self.acts and "not" in self.roles and not self._yes_no()),
            account=account,
            one_sided="only" in self.roles and of == "topics",
            by_side="both" in self.roles or self._two_sided(parties),
            cancelled="cancel" in self.acts,
            why="why" in self.roles,
            is_plural=self._is_plural(),
            is_special="special" in self.roles or ("cancel" in self.acts and not parties and not places),
            unknown=self.bound.unknown,
            corrected=self.bound.corrected,
            order=self._order(),
            offices=tuple(iri for it in named if it.group == "office" for iri in it.iris),
        )
        return self._turned(frame)

    # ── What is wanted, of what ──

    def _of(
        self, topics: Sequence[str], parties: Sequence[Party], places: Sequence[tuple[str, ...]]
    ) -> Of | None:
        acts, wants, roles = set(self.acts), set(self.wants), self.roles
        has_kind, claims = bool(self.kinds), acts & {*_CLAIMS}
        if "Invitation" in self.kinds:
            return "invitations"
        if (
            roles & {"document", "joint"}
            and not acts & {"say", "discuss", "exclude", *_CLAIMS}
            and "topics" not in wants
            and not (has_kind and "account" in roles)
        ) or "joint" in roles:
            return "documents"
        if self._asks_office(acts, has_kind):
            return "offices"
        has_slot = bool(topics or parties or places or has_kind or self._dates())
        if not has_slot and self.bound.unknown and not self._is_quoting():
            return None
        if (
            "say" in acts
            and topics
            and not parties
            and self._yes_no()
            and (has_kind or places or self._dates() or "account" in roles)
        ):
            return "topics"
        if "exclude" in acts or "topics" in wants or ("only" in roles and not claims):
            return "topics"
        if claims and not ("Commitment" in claims and "both" in roles):
            return "claims"
        if "agree" in acts or claims:
            return "agreements"
        if "discuss" in acts and not self._speaks_alone(parties):
            return "topics"
        if acts & {"say", "discuss"} or {"words", "changed"} & set(wants):
            return "claims" if topics or parties or places or has_kind or self._is_quoting() else None
        if topics and {"compare"} & set(wants):
            return "claims"
        if "both" in roles and (has_kind or places):
            return "claims"
        if topics and not has_kind and not wants:
            return "claims"
        if has_kind or len(parties) > 1 or places or roles & {"attend", "took_place"} or acts & {"cancel"}:
            if "attend" in roles:
                return "events"
            is_guess = bool(self.bound.unknown) and not has_kind and not parties
            return "events" if (parties or places or topics or has_kind) and not is_guess else None
        return "claims" if topics else "events" if parties and self._dates() else None

    def _asks_office(self, acts: set[str], has_kind: bool) -> bool:
        has_office = any(it.group == "office" for it in self.spans) or "leaders" in self.roles
        return (
            has_office
            and not acts
            and not has_kind
            and ("who" in self.wants or "holds" in self.roles or not self.wants)
            and len(
                [it for it in self.spans if it.group == "agent" and it.iris and not {*it.iris} <= {*SIDES}]
            )
            < 2
        )

    def _speaks_alone(self, parties: Sequence[Party]) -> bool:
        """“What did *Trump* raise”, “did *China* mention”: one side's words, no exchange."""
        return (
            len(parties) == 1
            and not self.kinds
            and not self._yes_no()
            and "topics" not in self.wants
            and "when" not in self.wants
        )

    def _is_quoting(self) -> bool:
        """“did anyone mention the *xy*”: words that some text must have."""
        said = {self.text[it.start : it.end].lower() for it in self.spans if it.group == "act"}
        return bool(
            said & {"mention", "mentions", "mentioned", "say", "said", "提到", "提及", "说"}
        ) and bool(self.bound.unknown)

    def _want(self, of: Of) -> Want:
        wants = self.wants
        for want in _FOREMOST:
            if want in wants:
                return want
        if of == "claims" and ("words" in wants or not self._yes_no()):
            return "words"
        if self._yes_no() or "whether" in wants:
            return "whether"
        if order := self._order():
            return order
        return "topics" if of == "topics" else "list"

    def _yes_no(self) -> bool:
        return bool(_YES_NO.search(self.text)) or "whether" in self.wants

    def _order(self) -> Literal["", "first", "last"]:
        if "first" in self.wants:
            return "first"
        if "duration" in self.wants:
            return ""
        return "last" if "last" in self.wants else ""

    def _folders(self) -> tuple[str, ...]:
        named = [part for value in self.kinds for part in value.split("+")]
        found = [folder for part in named for folder in FOLDERS.get(part, ())]
        if self.kinds and all(value == "Meeting" for value in self.kinds) and "person" in self.roles:
            found = ["meeting"]
        return tuple(dict.fromkeys(found))

    def _is_planned(self) -> bool:
        return "planned" in self.roles and "took_place" not in self.roles

    def _is_plural(self) -> bool:
        nouns = [self.text[it.start : it.end].lower() for it in self.spans if it.group == "kind"]
        return any(it.endswith("s") for it in nouns) or "list" in self.wants

    # ── Names ──

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

    def _holders(self, offices: Iterable[str], period: Period) -> tuple[str, ...]:
        day = period.start if period.start and period.start == period.end else None
        return tuple(dict.fromkeys(e.iri for office in offices for e in self.lexicon.holders(office, day)))

    def _label(self, iri: str) -> str:
        return self.lexicon.label(iri, self.bound.language)

    def _period(self, named: Sequence[Span]) -> tuple[Period, list[Span]]:
        """When; “under Biden” and “while Biden was president” are terms of office."""
        period = ANY_TIME
        for it in self._dates():
            period = it.period if not period else period.within(it.period)
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

    # ── The parts together ──

    def _turned(self, frame: Frame) -> Frame:
        """The frame with speakers and hearers apart, and people of a side as what is asked for."""
        if frame.of in ("claims", "agreements"):
            frame = self._spoken(frame)
        if frame.of in ("claims", "topics", "agreements") and self.bound.unknown:
            frame = replace(frame, words=(*frame.words, *self.bound.unknown))
        if frame.of == "agreements" and {US, CHINA} <= {iri for p in frame.parties for iri in p.iris}:
            frame = replace(frame, parties=tuple(p for p in frame.parties if not p.is_side))
        if (
            frame.of == "events"
            and frame.want in ("who", "list")
            and "officials" in self.roles
            and "between" not in self.text
        ):
            sides = [p for p in frame.parties if p.is_side]
            if len(sides) == 1 and len(frame.parties) > 1:
                frame = replace(
                    frame,
                    want="who",
                    of_side=sides[0].iris[0],
                    parties=tuple(p for p in frame.parties if p is not sides[0]),
                )
        return frame

    def _spoken(self, frame: Frame) -> Frame:
        """Who speaks, and to whom."""
        acts = [it for it in self.spans if it.group == "act"]
        first = min((it.start for it in acts), default=len(self.text))
        if frame.by_side or frame.want == "compare":
            return replace(frame, by_side=True)
        about = [
            p
            for p in frame.parties
            if p.start > 0 and _ON.search(self.text[: p.start]) and p.iris[0] not in SIDES
        ]
        if about and len(about) < len(frame.parties):
            frame = replace(
                frame,
                parties=tuple(p for p in frame.parties if p not in about),
                words=(*frame.words, *(p.label for p in about)),
            )
        by = [p for p in frame.parties if _BY.search(self.text[: p.start])]
        passive = (
            [p for p in frame.parties if _PASSIVE.search(self.text[: p.start]) and p.start < first and not by]
            if re.search(r"\bto\b", self.text[first:])
            else []
        )
        if by or passive:
            rest = tuple(p for p in frame.parties if p not in by)
            return replace(frame, parties=tuple(by), to=rest)
        hearers = [
            p
            for p in frame.parties
            if _TO.search(self.text[: p.start])
            and (p.start > first or re.search(r"[对向跟给]$", self.text[: p.start]))
        ]
        speakers = tuple(p for p in frame.parties if p not in hearers)
        if not speakers and len(frame.parties) == 1:
            return replace(frame, parties=frame.parties, to=())
        if acts and not hearers and len(speakers) > 1:
            after = tuple(p for p in speakers if p.start > first)
            if 0 < len(after) < len(speakers):
                return replace(frame, parties=tuple(p for p in speakers if p not in after), to=after)
        return replace(frame, parties=speakers, to=tuple(hearers))


def _without_visited_places(bound: Bound) -> list[Span]:
    return list(dict.fromkeys(bound.spans))


def frame_of(bound: Bound, lexicon: Lexicon) -> Frame | None:
    """What a question asks; `None` if nothing that can be answered is recognised in it.

    Args:
        bound: The question taken apart.
        lexicon: Tells persons from countries, and terms of office.
    """
    return _Reader(bound, lexicon).read()
