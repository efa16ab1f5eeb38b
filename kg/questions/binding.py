"""Takes a question apart: every word says what is wanted or of what, or is told as unknown."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from kg.lexicon import Entry, Lexicon
from kg.questions.grammar import (
    DETERMINERS,
    EMPTY,
    EMPTY_CHINESE,
    Meaning,
    Token,
    is_han,
    known_words,
    meaning_at,
    tokens,
)
from kg.questions.naming import Named, Naming
from kg.questions.periods import ANY_TIME, Period, dated
from kg.questions.spelling import Corrector, plain

__all__ = ["Binder", "Bound", "Span"]

NAMES = ("agent", "topic", "office", "place")


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a question with one thing that they say.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last one.
        group: `date`, `want`, `kind`, `act`, `role`, or `agent`, `topic`, `office`, `place`.
        value: For words of the grammar what they say.
        entries: For names what they may name.
        period: For a date what it names.
        relation: For a date `since`, `until`, `range` or empty.
    """

    start: int
    end: int
    group: str
    value: str = ""
    entries: tuple[Entry, ...] = ()
    period: Period = ANY_TIME
    relation: str = ""

    @property
    def iris(self) -> tuple[str, ...]:
        """What it may name."""
        return tuple(entry.iri for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Bound:
    """A question taken apart.

    Attributes:
        question: As it was typed.
        text: As it is read; offsets count in it.
        spans: What its words say, in order; one word may say several things.
        unknown: The words that say nothing we know, neighbours together.
        corrected: Pairs of what was typed and what was read.
    """

    question: str
    text: str
    spans: tuple[Span, ...]
    unknown: tuple[str, ...]
    corrected: tuple[tuple[str, str], ...] = ()

    @property
    def language(self) -> str:
        """`zh` if most of it is Chinese, else `en`."""
        grammar = [self.text[it.start : it.end] for it in self.spans if it.group not in NAMES]
        han = sum(map(is_han, grammar))
        return "zh" if is_han(self.text) and (han * 2 > len(grammar) or not grammar) else "en"

    def of(self, *groups: str) -> list[Span]:
        """The spans of these groups."""
        return [it for it in self.spans if it.group in groups]

    def says(self, group: str, *values: str) -> bool:
        """Whether some word of the grammar says one of these."""
        return any(it.group == group and it.value in values for it in self.spans)


class Binder:
    """Takes questions apart; built once for a lexicon."""

    def __init__(self, lexicon: Lexicon, *, is_used: Callable[[str], bool] = lambda _: False) -> None:
        """Prepare.

        Args:
            lexicon: The names that are known.
            is_used: Whether the texts use a word.
        """
        self.naming = Naming(lexicon)
        self.corrector = Corrector(self.naming.words | known_words(), is_used)

    def bind(self, question: str, today: str | None = None) -> Bound:
        """Take a question apart.

        Args:
            question: As it was typed.
            today: Day against which “last month” is resolved.
        """
        text, corrected = plain(question), []
        for token in reversed(tokens(text)):
            if (better := self._better(text, token)) is not None:
                corrected.append((text[token.start : token.end], better))
                text = text[: token.start] + better + text[token.end :]
        spans = _apart(self._candidates(text, today))
        kept = tuple(
            (typed, read) for typed, read in reversed(corrected) if read.rstrip("s") != typed.rstrip("s")
        )
        return Bound(question, text, tuple(spans), tuple(_unknown(text, spans)), kept)

    def _better(self, text: str, token: Token) -> str | None:
        word = token.word.removesuffix("'s")
        known = self.naming.words
        if word in known or word in known_words() or not word.isascii() or any(c.isdigit() for c in word):
            return None
        if next(meaning_at([word], 0), None) is not None:
            return None
        if word.endswith("s") and word[:-1] in known:  # “trumps position”
            return text[token.start : token.start + len(word) - 1]
        before = text[: token.start].rstrip().rsplit(" ", 1)[-1]
        is_name = (
            text[token.start].isupper()
            and bool(before)
            and before[0].isupper()
            and before.lower() not in known
        )
        return None if is_name else self.corrector.correct(word)

    def _candidates(self, text: str, today: str | None) -> Iterator[Span]:
        days = dated(text, today)
        for it in days:
            yield Span(it.start, it.end, "date", period=it.period, relation=it.relation)
        begins = {it.start for it in days}
        found = tokens(text)
        words = [token.word.removesuffix("'s") for token in found]
        for index in range(len(words)):
            for meaning in _meanings(found, words, index, begins):
                end = found[index + meaning.length - 1].end
                yield Span(found[index].start, end, meaning.group, meaning.value)
        names = _with_titles(self.naming.find(text))
        for name in names:
            if name.group != "topic" or not _is_kind_of_place(text, name, names):
                start = name.start + len("the ") * text[name.start : name.end].lower().startswith("the ")
                yield Span(start, name.end, name.group, entries=name.entries)


def _meanings(found: Sequence[Token], words: list[str], index: int, days: Collection[int]) -> list[Meaning]:
    """What the phrase at a word says; “the *call* on June 5” calls on nobody."""
    meanings = [*meaning_at(words, index)]
    if not any(it.group == "act" and it.length > 1 for it in meanings):
        return meanings
    alone = [*meaning_at(words[index : index + 1], 0)]
    length = meanings[0].length
    before = found[index - 1].word if index else ""
    is_noun = before in DETERMINERS or before.endswith("'s")
    is_noun |= any(found[it].start in days for it in range(index + 1, min(index + length + 1, len(found))))
    return alone if is_noun and any(it.group == "kind" for it in alone) else meanings


def _with_titles(names: Sequence[Named]) -> list[Named]:
    """The names, a person's with the whole of the office before it: “*Treasury Secretary Yellen*”."""
    offices = [it for it in names if it.group == "office"]
    found = []
    for it in names:
        before = [o.start for o in offices if it.group == "agent" and o.start < it.start < o.end < it.end]
        found.append(it._replace(start=min(before, default=it.start)))
    return found


def _is_kind_of_place(text: str, topic: Named, names: Sequence[Named]) -> bool:
    """“visit Beijing” is a wording of a topic, and in a question a visit with its place."""
    inner = [
        it
        for it in names
        if it.group in ("place", "agent")
        and topic.start <= it.start
        and it.end <= topic.end
        and (it.start, it.end) != (topic.start, topic.end)
    ]
    words = [token.word for token in tokens(text[topic.start : topic.end])]
    kinds = [m for index in range(len(words)) for m in meaning_at(words, index) if m.group == "kind"]
    return bool(inner and kinds)


def _apart(candidates: Iterator[Span]) -> list[Span]:
    """The longest spans, none across another; what claims the very same words stays together."""
    chosen: list[Span] = []
    for it in sorted(
        candidates, key=lambda s: (s.start - s.end, s.group in NAMES, s.group != "date", s.start)
    ):
        over = [other for other in chosen if other.start < it.end and it.start < other.end]
        is_same = all(
            (o.start, o.end) == (it.start, it.end)
            and (o.group in NAMES) == (it.group in NAMES)
            and o.group != "date"
            for o in over
        )
        if is_same:
            chosen.append(it)
    return sorted(chosen, key=lambda it: (it.start, it.group))


def _unknown(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """What no span covers and no empty word is, neighbours together; no name is one character alone."""
    yield from (phrase for phrase in _uncovered(text, spans) if not (len(phrase) == 1 and is_han(phrase)))


def _uncovered(text: str, spans: Sequence[Span]) -> Iterator[str]:
    last_end, phrase = -1, ""
    for token in tokens(_blanked(text)):
        word = token.word.removesuffix("'s")
        is_covered = any(it.start < token.end and token.start < it.end for it in spans)
        if is_covered or word in EMPTY or (word.isdigit() and len(word) < 3):
            continue
        gap = text[last_end : token.start] if last_end >= 0 else ""
        if phrase and gap in ("", " ", "-"):
            phrase += gap + text[token.start : token.end]
        else:
            if phrase:
                yield phrase.removesuffix("'s")
            phrase = text[token.start : token.end]
        last_end = token.end
    if phrase:
        yield phrase.removesuffix("'s")


def _blanked(text: str) -> str:
    """The text without the Chinese words that say nothing."""
    for word in EMPTY_CHINESE:
        text = text.replace(word, " " * len(word))
    return text
