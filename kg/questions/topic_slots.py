"""The topics and places of a question, with wordings that are narrower than the topic."""

import re
from collections.abc import Iterable

from kg.lexicon import Entry
from kg.questions.binding import Span
from kg.questions.question_words import SIDES, QuestionWords

__all__ = ["TopicReader"]

_AT = re.compile(r"\b(?:in|at|to|from|near|visit|visited|visiting|via|of)\s+(?:the\s+)?$|[在于到赴访]$", re.I)
_NOUN_AFTER = re.compile(
    r"\s*(?:'s\s+)?(?:summit|meeting|talks?|visit|trip|round|consultations|declaration|会|之行|峰会|磋商|会晤|会谈)",
    re.I,
)
# A wording that names something of its own, though it has the topic's name in it.
_BODY = re.compile(r" (?:working group|board|dialogue|mechanism|forum|act|trap|summit)$", re.I)


class TopicReader:
    """Reads which topics and places are named in a question."""

    def __init__(self, words: QuestionWords) -> None:
        self.words, self.lexicon = words, words.lexicon

    def topics(self) -> tuple[tuple[str, ...], list[Span]]:
        """The topics; a third country or a company that is one too counts as topic unless it speaks."""
        found = [it for it in self.words.spans if it.group == "topic"]
        agents = [it for it in self.words.spans if it.group == "agent"]
        kept = []
        for it in found:
            twin = next((a for a in agents if (a.start, a.end) == (it.start, it.end)), None)
            others = [a for a in agents if a is not twin]
            is_speaker = (
                twin is not None and not others and self._is_before_act(it) and "say" in self.words.acts
            )
            if not is_speaker:
                kept.append(it)
        spans = [
            *kept,
            *(a for a in agents if self._as_topic(a) and not any(a.start == k.start for k in found)),
        ]
        iris = [iri for it in kept for iri in it.iris]
        iris += [topic.iri for a in spans if a.group == "agent" for topic in self._as_topic(a)]
        return tuple(dict.fromkeys(iris)), spans

    def wordings(self, topics: Iterable[Span]) -> tuple[str, ...]:
        """Wordings that are narrower than the topic that they name."""
        found = []
        for it in topics:
            word = self.words.text[it.start : it.end]
            labels = {
                label.lower() for e in it.entries for label in (e.label, self.lexicon.label(e.iri, "zh"))
            }
            is_label = any(word.lower().rstrip("s") in label or label in word.lower() for label in labels)
            if (not is_label or _BODY.search(word)) and word.isascii():
                found.append(word)
        return tuple(found)

    def is_name(self, it: Span) -> bool:
        """“Jimmy Lai” is a topic's wording, and a person."""
        return any(
            a.group == "agent"
            and (a.start, a.end) == (it.start, it.end)
            and not all(self.lexicon.is_a(e.kind, "Country") for e in a.entries)
            for a in self.words.spans
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
        acts = [a.start for a in self.words.spans if a.group == "act"]
        return bool(acts) and it.start < min(acts)

    def places(self, topics: Iterable[Span]) -> tuple[tuple[tuple[str, ...], ...], list[Span]]:
        """The places, and the spans that name them."""
        taken = {(it.start, it.end) for it in topics}
        found = []
        for it in self.words.spans:
            if it.group != "place" or (it.start, it.end) in taken:
                continue
            is_agent_too = any(
                a.group == "agent" and (a.start, a.end) == (it.start, it.end) for a in self.words.spans
            )
            before, after = self.words.text[: it.start], self.words.text[it.end :]
            if is_agent_too and (self._is_joined(it) or self.words.is_account(it)):
                continue
            is_where = bool(_AT.search(before) or _NOUN_AFTER.match(after)) or "Visit" in self.words.kinds
            if "Visit" in self.words.kinds and is_agent_too and self._goes_before(it):
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
        joined = re.search(pairs, self.words.text[: it.start]) or re.match(
            r"\s?[-–—/]\s?\w", self.words.text[it.end :]
        )
        return joined is not None and sum(a.group == "agent" for a in self.words.spans) > 1

    def _goes_before(self, it: Span) -> bool:
        """“*China* visits”: a country before the word visits; after it, it is visited."""
        visits = [v.start for v in self.words.spans if v.group == "kind" and v.value == "Visit"]
        return (
            bool(visits)
            and it.end < min(visits)
            and not _NOUN_AFTER.match(self.words.text[it.end :])
            and not _AT.search(self.words.text[: it.start])
        )
