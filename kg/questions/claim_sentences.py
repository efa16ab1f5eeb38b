"""Sentences about claims: who said what, and how many statements there are."""

from collections.abc import Sequence

from kg.questions.claim_lookup import Said
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.terms import BASE

__all__ = ["and_more", "quoted", "speakers_of", "statements"]

_QUOTED = 3
_CUT = 260  # characters of a quotation in the sentence


def statements(frame: Frame, found: Sequence[Said], words: Phrases) -> str:
    """Some claims in a sentence: how many, and the first of them in their words."""
    words_of_them = "; ".join(quoted(it, words) for it in found[:_QUOTED])
    more = len(found) - _QUOTED
    number = words.say(
        "{n} statement{s} in {d} document{t}",
        "{n}条表态，见于{d}份文件",
        n=len(found),
        s="" if len(found) == 1 else "s",
        d=len({it.document for it in found}),
        t="" if len({it.document for it in found}) == 1 else "s",
    )
    kinds = words.listed(words.label(f"{BASE}ontology#{name}") for name in frame.claims)
    lead = ""
    if frame.want == "count":
        lead = number + words.say(": ", "：")
    elif frame.want == "whether" and kinds:
        lead = words.say("Read as {kinds}: ", "读作{kinds}的表态：", kinds=kinds)
    return words.say(
        "{lead}{quoted}{more}.",
        "{lead}{quoted}{more}。",
        lead=lead,
        quoted=words_of_them,
        more=and_more(more, words),
    )


def and_more(number: int, words: Phrases) -> str:
    """That there are more, if there are."""
    return words.say(" and {n} more", "，另有{n}条", n=number) if number > 0 else ""


def quoted(it: Said, words: Phrases) -> str:
    """One claim with whoever makes it, and when."""
    content = it.content if len(it.content) <= _CUT else it.content[: it.content.rfind(" ", 0, _CUT)] + " …"
    who = speakers_of(it, words) or (words.label(it.side) if it.side else "")
    when = words.date(it.issued) if it.issued else ""
    lead = words.say(", ", "，").join(filter(None, [who, when]))
    denied = words.say(" (denied)", "（否认）") if it.negated else ""
    return words.say(
        "{lead}: “{content}”{denied}",
        "{lead}：“{content}”{denied}",
        lead=lead,
        content=content.rstrip("."),
        denied=denied,
    )


def speakers_of(it: Said, words: Phrases) -> str:
    """Whoever makes a claim, with the office held then."""
    known = [iri for iri in it.speakers if iri in words.lexicon.entries]
    return words.people(known, it.issued, with_office=True)
