"""Who of those that a question names speaks, who hears, and whose people are asked for."""

import re
from dataclasses import replace

from kg.questions.frame import Frame, Party
from kg.questions.grammar import is_han
from kg.questions.question_words import CHINA, SIDES, US, QuestionWords

__all__ = ["with_speakers"]

_TO = re.compile(
    r"\b(?:to|with|of|from|tell|told|ask|asked|warned|warn|urge|urged|promise|promised|assure|against|about|on|for)"
    r"\s+(?:the\s+|president\s+|secretary\s+)*$|[对向跟给]$",
    re.I,
)
_PEOPLE = re.compile(
    r"(?:'s)?\s*(?:side|delegation|team|participants|delegates|negotiators)\b|方(?:面)?(?:有|的|谁|哪|参|代|官)",
    re.I,
)
_FOR = re.compile(
    r"\b(?:represent(?:ed|s|ing)?|(?:spoke|speaking|negotiat(?:ed|ing)) for|on behalf of|on the part of)"
    r"\s+(?:the\s+)?$|代表$",
    re.I,
)
_SENT = re.compile(r"\s+(?:send|sent|dispatch(?:ed)?)\b|派", re.I)
_OWN = re.compile(r"\b(?:side|delegation)$|方$", re.I)
_ON = re.compile(r"\b(?:about|on|over|regarding|concerning)\s+(?:the\s+)?$", re.I)
_BY = re.compile(r"\bby\s+(?:the\s+)?(?:president\s+)?$|[被由]$", re.I)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been)\s+(?:the\s+)?$", re.I)


def with_speakers(frame: Frame, words: QuestionWords) -> Frame:
    """The frame with speakers and hearers apart, and people of a side as what is asked for."""
    if frame.of in ("claims", "agreements"):
        frame = _spoken(frame, words)
    if frame.of in ("claims", "topics", "agreements") and words.bound.unknown:
        said = (word for word in words.bound.unknown if not is_han(word))
        frame = replace(frame, words=(*frame.words, *said))
    if frame.of == "events" and frame.want in ("who", "list") and (own := _own_people(frame, words)):
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
        and "officials" in words.roles
        and "between" not in words.text
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


def _own_people(frame: Frame, words: QuestionWords) -> Party | None:
    """The side whose people are asked for: “there on the *Chinese* side”, “who represented *China*”."""
    named = [
        it
        for it in words.spans
        if it.group == "agent"
        and (
            _PEOPLE.match(words.text[it.end :])
            or _SENT.match(words.text[it.end :])
            or _FOR.search(words.text[: it.start])
            or _OWN.search(words.text[it.start : it.end])
        )
    ]
    return next((p for p in frame.parties if p.is_side and any(p.iris == it.iris for it in named)), None)


def _spoken(frame: Frame, words: QuestionWords) -> Frame:
    """Who speaks, and to whom."""
    acts = [it for it in words.spans if it.group == "act"]
    first = min((it.start for it in acts), default=len(words.text))
    if frame.by_side or frame.want == "compare":
        return replace(frame, by_side=True)
    about = [
        p
        for p in frame.parties
        if p.start > 0 and _ON.search(words.text[: p.start]) and p.iris[0] not in SIDES
    ]
    if about and len(about) < len(frame.parties):
        frame = replace(
            frame,
            parties=tuple(p for p in frame.parties if p not in about),
            words=(*frame.words, *(p.label for p in about)),
        )
    by = [p for p in frame.parties if _BY.search(words.text[: p.start])]
    passive = (
        [p for p in frame.parties if _PASSIVE.search(words.text[: p.start]) and p.start < first and not by]
        if re.search(r"\bto\b", words.text[first:])
        else []
    )
    if by or passive:
        rest = tuple(p for p in frame.parties if p not in by)
        return replace(frame, parties=tuple(by), to=rest)
    hearers = [
        p
        for p in frame.parties
        if _TO.search(words.text[: p.start])
        and (p.start > first or re.search(r"[对向跟给]$", words.text[: p.start]))
    ]
    speakers = tuple(p for p in frame.parties if p not in hearers)
    if not speakers and len(frame.parties) == 1:
        return replace(frame, parties=frame.parties, to=())
    if acts and not hearers and len(speakers) > 1:
        after = tuple(p for p in speakers if p.start > first)
        if 0 < len(after) < len(speakers):
            return replace(frame, parties=tuple(p for p in speakers if p not in after), to=after)
    return replace(frame, parties=speakers, to=tuple(hearers))
