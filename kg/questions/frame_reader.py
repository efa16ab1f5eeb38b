"""Reads a question, and those before it, as a frame: what is wanted, of what."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.lexicon import Lexicon
from kg.questions.binding import Binder, Bound
from kg.questions.conversation import continued
from kg.questions.frame import Frame
from kg.questions.framing import frame_of
from kg.store import Store
from kg.terms import BASE

__all__ = ["FrameReader"]

_SPLIT = re.compile(r"\b(?:did|was|were|until|and then|do)\b", re.I)
_AFTER = re.compile(r"^.*?\b(?:after|between)\b|相隔.*$", re.I)
_WORDS = 500  # documents whose words are known not to be misspelt
_WORD = re.compile(r"[a-z]{4,}")


class FrameReader:
    """Reads questions; built once for a state of a store."""

    def __init__(self, store: Store, lexicon: Lexicon, today: str | None) -> None:
        """Prepare.

        Args:
            store: Whose documents tell which words are not misspelt.
            lexicon: The names that are known.
            today: Day that “last month” counts from.
        """
        self.store, self.lexicon, self.today = store, lexicon, today
        self._used: frozenset[str] | None = None
        self.binder = Binder(lexicon, is_used=self._is_used)

    def bind(self, question: str) -> Bound:
        """The words of a question with what each stands for."""
        return self.binder.bind(question, self.today)

    def read(self, questions: Sequence[str]) -> Frame | None:
        """What the last of some questions asks, each after the one before.

        Args:
            questions: What somebody asked, in order.
        """
        frame: Frame | None = None
        for question in questions:
            bound = self.bind(question)
            own = self._interval(bound) or frame_of(
                bound, self.lexicon, frame.of if frame is not None else None
            )
            frame = continued(bound, own, frame) if frame is not None else own
        return frame

    def _interval(self, bound: Bound) -> Frame | None:
        """“How long after the Busan meeting did Trump and Xi phone?”: two events."""
        if not bound.says("want", "interval"):
            return None
        text = _AFTER.sub("", bound.text)
        match = _SPLIT.search(text) or re.search(r"\band\b", text)
        if match is None:
            return None
        after = frame_of(self.bind(text[: match.start()]), self.lexicon)
        later = frame_of(self.bind(text[match.end() :]), self.lexicon)
        if after is None or later is None:
            return None
        after = replace(after, of="events", parties=after.parties or later.parties)
        return replace(
            later,
            question=bound.question,
            of="events",
            want="interval",
            after=after,
            parties=later.parties or after.parties,
        )

    def _is_used(self, word: str) -> bool:
        """Whether the documents use a word, as far as some of them tell."""
        if self._used is None:
            query = f"SELECT ?body WHERE {{ ?document <{BASE}ontology#body> ?body }} LIMIT {_WORDS}"
            self._used = frozenset(
                w for row in self.store.select(query).texts() for w in _WORD.findall((row[0] or "").lower())
            )
        return word.lower() in self._used
