"""From the parts of a question to what it asks."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from kg.lexicon import Lexicon
from kg.questions.binding import Bound
from kg.questions.frame import Frame, Of, Party, Want
from kg.questions.grammar import is_han
from kg.questions.slots import CHINA, SIDES, US, SlotReader

__all__ = ["frame_of"]

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
_TO = re.compile(
    r"\b(?:to|with|of|from|tell|told|ask|asked|warned|warn|urge|urged|promise|promised|assure|against|about|on|for)"
    r"\s+(?:the\s+|president\s+|secretary\s+)*$|[对向跟给]$",
    re.I,
)
_YES_NO = re.compile(r"^\s*(?:and\s+|but\s+)?(?:was|were|did|is|are|has|have|had|do|does|did)\b", re.I)
_PEOPLE = re.compile(
    r"(?:'s)?\s*(?:side|delegation|team|participants|delegates|negotiators)\b|方(?:面)?(?:有|的|谁|哪|参|代|官)",
    re.I,
)
_OWN = re.compile(r"\b(?:side|delegation)$|方$", re.I)
_SEVERAL_TEXTS = re.compile(r"\b(?:readouts|transcripts|press releases|fact sheets)\b", re.I)
_BETWEEN = re.compile(r"discuss|talk|cover|go over|went over|讨论|谈", re.I)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SEVERAL = re.compile(rf"\b(?:first|last|latest|most recent)\s+({'|'.join(_NUMBERS[2:])}|\d{{1,2}})\b", re.I)
_WILL = re.compile(
    r"\bwill\b|\b(?:is|are)\b[\w'. ]{0,40}?\b(?:going|due|expected|set|scheduled|about) to\b"
    r"|将|会在|何时会|什么时候会",
    re.I,
)
_ON = re.compile(r"\b(?:about|on|over|regarding|concerning)\s+(?:the\s+)?$", re.I)
_BY = re.compile(r"\bby\s+(?:the\s+)?(?:president\s+)?$|[被由]$", re.I)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been)\s+(?:the\s+)?$", re.I)


class _Reader(SlotReader):
    """Puts the spans of one question into the slots of a frame."""

    _is_guess = False

    def read(self, otherwise: Of | None = None) -> Frame | None:
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
        of = self._of(topics, parties, places) or otherwise
        if of is None:
            return None
        frame = Frame(
            question=self.bound.question,
            language=self.bound.language,
            want=self._want(of),
            of=of,
            kinds=self._folders(),
            is_trade="TradeTalk" in self.kinds,
            is_guess=self._is_guess,
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
            number=self._number(),
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
        if _SEVERAL_TEXTS.search(self.text) and not acts and not wants - {"list", "count", "first", "last"}:
            return "documents"
        if (
            roles & {"document", "joint"}
            and not ("compare" in wants and topics)
            and not acts & {"say", "discuss", "exclude", *_CLAIMS}
            and "topics" not in wants
            and not (has_kind and "account" in roles)
        ) or "joint" in roles:
            return "documents"
        if self._asks_office(acts, has_kind):
            return "offices"
        if "account" in roles and has_kind and not acts and not wants and self._account_of():
            return "topics"
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
            if self.bound.unknown and not has_kind and not roles & {"took_place", "planned"} and not acts:
                self._is_guess = True  # a verb that is not known
                return "claims" if topics or parties or places else None
            is_guess = bool(self.bound.unknown) and not has_kind and not parties
            return "events" if (parties or places or topics or has_kind) and not is_guess else None
        if parties and self._dates() and self.bound.unknown and not acts and not topics:
            self._is_guess = True
            return "claims"
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

    def _account_of(self) -> bool:
        """“the *U.S. account* of the call”: what one side tells of it."""
        return any(self._is_account(it) for it in self.spans if it.group == "agent")

    def _speaks_alone(self, parties: Sequence[Party]) -> bool:
        """“What did *Trump* raise”, “did *China* mention”: one side's words, no exchange."""
        return (
            len(parties) == 1
            and not self.kinds
            and not self._yes_no()
            and "topics" not in self.wants
            and "when" not in self.wants
            and not (self._is_of_both() and any(it.group in ("place", "date") for it in self.spans))
        )

    def _is_of_both(self) -> bool:
        """Whether the word is one that takes two, “discuss”, and no “raise” or “mention”."""
        said = [self.text[it.start : it.end].lower() for it in self.spans if it.group == "act"]
        return any(_BETWEEN.match(word) for word in said)

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

    def _number(self) -> int:
        """“the last *three* meetings”."""
        match = _SEVERAL.search(self.text)
        if match is None:
            return 1
        return _NUMBERS.index(match[1].lower()) if match[1].lower() in _NUMBERS else max(1, int(match[1]))

    def _folders(self) -> tuple[str, ...]:
        named = [part for value in self.kinds for part in value.split("+")]
        if {*named} - {"Exchange", "Invitation", "PolicyAction"}:  # “spoke … by phone” is a call
            named = [part for part in named if part != "Exchange"]
        found = [folder for part in named for folder in FOLDERS.get(part, ())]
        if self.kinds and all(value == "Meeting" for value in self.kinds) and "person" in self.roles:
            found = ["meeting"]
        return tuple(dict.fromkeys(found))

    def _is_planned(self) -> bool:
        will = _WILL.search(self.text) is not None and bool(self.kinds)
        return will or ("planned" in self.roles and "took_place" not in self.roles)

    def _is_plural(self) -> bool:
        nouns = [self.text[it.start : it.end].lower() for it in self.spans if it.group == "kind"]
        return any(it.endswith("s") for it in nouns) or "list" in self.wants

    # ── The parts together ──

    def _turned(self, frame: Frame) -> Frame:
        """The frame with speakers and hearers apart, and people of a side as what is asked for."""
        if frame.of in ("claims", "agreements"):
            frame = self._spoken(frame)
        if frame.of in ("claims", "topics", "agreements") and self.bound.unknown:
            said = (word for word in self.bound.unknown if not is_han(word))
            frame = replace(frame, words=(*frame.words, *said))
        if frame.of == "events" and frame.want in ("who", "list") and (own := self._own_people(frame)):
            return replace(
                frame,
                want="who",
                of_side=own.iris[0],
                parties=tuple(p for p in frame.parties if p is not own),
            )
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

    def _own_people(self, frame: Frame) -> Party | None:
        """The side whose people are asked for: “who was there on the *Chinese* side?”."""
        named = [
            it
            for it in self.spans
            if it.group == "agent"
            and (_PEOPLE.match(self.text[it.end :]) or _OWN.search(self.text[it.start : it.end]))
        ]
        return next((p for p in frame.parties if p.is_side and any(p.iris == it.iris for it in named)), None)

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


def frame_of(bound: Bound, lexicon: Lexicon, otherwise: Of | None = None) -> Frame | None:
    """What a question asks; `None` if nothing that can be answered is recognised in it.

    Args:
        bound: The question taken apart.
        lexicon: Tells persons from countries, and terms of office.
        otherwise: Of what it is if it does not say so.
    """
    return _Reader(bound, lexicon).read(otherwise)
