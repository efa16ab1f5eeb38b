"""What an answer must say while two events that it rests on may be one."""

import re
from collections.abc import Iterable, Sequence

from kg.questions.event_matching import EventMatcher
from kg.questions.phrases import Phrases

__all__ = ["NUMBERS", "caveat", "caveat_of_number", "caveat_of_rows"]

_IRI = re.compile(r"<([^<>\s]+)>")
_TOLD = 2  # pairs that are named
NUMBERS = ("times", "events", "count", "statements", "documents", "exchanges", "mentions", "number")


def caveat_of_rows(
    matcher: EventMatcher,
    words: Phrases,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    asked: str,
) -> str:
    """The sentence for a table: of the events in it, or of all where it has only numbers.

    Args:
        matcher: The stored events.
        words: The language of the answer.
        columns: Names of the columns.
        rows: The table.
        asked: The query that gave it, with the events that it asks about.
    """
    listed = [*rows]
    found = {value for row in listed for value in row if matcher.get(value)}
    found.update(iri for iri in _IRI.findall(asked) if matcher.get(iri))
    if not found and (not listed or any(name in columns for name in NUMBERS)):
        return caveat(matcher, words, (it.iri for it in matcher.all()), is_general=True)
    return caveat(matcher, words, found)


def caveat_of_number(pairs: int, words: Phrases) -> str:
    """That so many pairs of events may each be one, where no event in particular is told of."""
    return words.say(
        "Undecided: {n} pairs of events may each be one, which would change counts and what is missing.",
        "尚未确定：有{n}对事件可能各为同一事件，这会影响次数和缺失的内容。",
        n=pairs,
    )


def caveat(matcher: EventMatcher, words: Phrases, events: Iterable[str], *, is_general: bool = False) -> str:
    """That some of these events may be one with others, so that counts and silences are not certain.

    Args:
        matcher: The stored events.
        words: The language of the answer.
        events: IRIs of the events that an answer rests on.
        is_general: Name no pair: the answer is about none in particular.

    Returns:
        A sentence that can stand after the answer; empty if nothing is open.
    """
    pairs = {
        tuple(sorted((iri, other), key=lambda it: _rank(matcher, it)))
        for iri in events
        if (it := matcher.get(iri)) is not None
        for other in it.same
    }
    if not pairs:
        return ""
    if is_general:
        return ("" if words.is_chinese else " ") + caveat_of_number(len(pairs), words)
    named = [
        words.say("the {one} and the {other}", "{one}与{other}", one=_event(matcher, words, one),
                  other=_event(matcher, words, other))
        for one, other in sorted(pairs)[:_TOLD]
    ]  # fmt: skip
    more = len(pairs) - len(named)
    return words.say(
        " Undecided: {pairs}{more} may be one event, so counts, firsts and what is left out may change.",
        "尚未确定：{pairs}{more}可能是同一事件，次数、先后以及一方未提及的内容可能因此改变。",
        pairs=words.say("; ", "；").join(named),
        more=words.say(" (and {n} more pairs)", "（另有{n}对）", n=more) if more else "",
    )


def _rank(matcher: EventMatcher, iri: str) -> tuple[bool, str]:
    it = matcher.get(iri)
    return it is None or not it.date, iri


def _event(matcher: EventMatcher, words: Phrases, iri: str) -> str:
    it = matcher.get(iri)
    if it is None:
        return iri.rsplit("/", 1)[-1]
    return words.event(it) + ("" if it.date else words.say(" without a day", "（日期不详）"))
