"""Passages of the documents that tell of an event, where no fact gives its place or length."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.lexicon import Lexicon
from kg.questions.citation import Citation
from kg.questions.event_matching import EventCandidate
from kg.questions.evidence import PREFIXES, any_of
from kg.questions.frame import Frame
from kg.store import Store
from kg.store.results import NamedNode

if TYPE_CHECKING:
    from kg.search import Search

__all__ = ["OwnPassages", "TextSearch"]

_LENGTH = re.compile(r"\b(?:hours?|minutes?)\b|小时|分钟", re.I)
_LASTED = re.compile(
    r"\b(?:last|talk|met|meet|session|spoke|went|more than|about|over|approximately)\w*\b", re.I
)
_SENTENCE = re.compile(r"[^\n.!?。！？]+(?:[.!?](?!\s|$)[^\n.!?]*)*[.!?。！？]?")
_HEAD = 1500  # characters in which a document says where it is from
_PARAGRAPH = re.compile(r"\s*[^\n]+")
_ANSWER = 500  # characters of an answer that are shown with its question
_EVENTS = 3
_AROUND = 90


class OwnPassages:
    """Looks into the documents of events."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self.store, self.lexicon = store, lexicon

    def lengths(self, events: Sequence[EventCandidate]) -> Iterator[Citation]:
        """Sentences that give a number of hours or minutes, those that speak of lasting first."""
        found = [m for m in self._sentences(events, _LENGTH) if re.search(r"\d|half|hour", m.exact)]
        yield from sorted(found, key=lambda m: _LASTED.search(m.exact) is None)

    def places(self, events: Sequence[EventCandidate]) -> Iterator[Citation]:
        """Lines at the head of a document that name a place which is no country."""
        for mention in self._sentences(events, None):
            names = [m for m in self.lexicon.find(mention.exact) if m.group == "place"]
            if mention.start < _HEAD and any(
                not self.lexicon.lookup(e.label, ("Country",)) for m in names for e in m.entries
            ):
                yield mention

    def with_answers(self, found: Sequence[Citation]) -> tuple[Citation, ...]:
        """The passages, each that ends with a question followed by the paragraph that answers it."""
        asking = [it for it in found if it.exact.rstrip().endswith("?")]
        if not asking:
            return tuple(found)
        named = " ".join(str(NamedNode(it.document)) for it in asking)
        query = f"""{PREFIXES}SELECT ?document ?body WHERE {{
  VALUES ?document {{ {named} }} ?document kg:body ?body }}"""
        bodies = {row[0] or "": row[1] or "" for row in self.store.select(query).texts()}
        return tuple(_answered(it, bodies.get(it.document, "")) if it in asking else it for it in found)

    def _sentences(
        self, events: Sequence[EventCandidate], pattern: re.Pattern[str] | None
    ) -> Iterator[Citation]:
        if not events:
            return
        query = f"""{PREFIXES}SELECT DISTINCT ?document ?title ?issued ?publisher ?body WHERE {{
  {any_of("?fact rdf:subject {}", (it.iri for it in events[:_EVENTS]))}
  ?fact kg:reportedIn ?document . ?document kg:body ?body ; dcterms:title ?title .
  OPTIONAL {{ ?document dcterms:issued ?issued }}
  OPTIONAL {{ ?document dcterms:publisher/skos:prefLabel ?publisher FILTER(LANG(?publisher) = "en") }}
}} ORDER BY ?issued ?document LIMIT 12"""
        for row in self.store.select(query).texts():
            document, title, issued, publisher, body = (value or "" for value in row)
            for match in _SENTENCE.finditer(body):
                text = match[0].strip()
                if text and (pattern is None or pattern.search(text)):
                    start = match.start() + len(match[0]) - len(match[0].lstrip())
                    end = start + len(text)
                    yield Citation(
                        document,
                        title,
                        publisher,
                        issued,
                        start,
                        end,
                        text,
                        body[max(0, start - _AROUND) : start],
                        body[end : end + _AROUND],
                    )


def _answered(it: Citation, body: str) -> Citation:
    following = _PARAGRAPH.match(body, it.end)
    if following is None:
        return it
    end = min(following.end(), it.end + _ANSWER)
    return replace(it, end=end, exact=body[it.start : end].rstrip(), after=body[end : end + _AROUND])


class TextSearch:
    """Searches the texts of a store; its index is opened when it is first needed."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self._store, self._lexicon = store, lexicon

    @cached_property
    def search(self) -> "Search | None":
        """What searches; `None` if there is no place for its index."""
        from kg.search import Search  # takes long to import, and most questions need none

        try:
            return Search(self._store, self._lexicon)
        except StoreError:
            return None

    @property
    def opened(self) -> "Search":
        """What searches.

        Raises:
            StoreError: there is no place for its index.
        """
        if self.search is None:
            raise StoreError("there is no place for the index of texts; the setting search_index names one")
        return self.search

    def nearby(self, frame: Frame, words: Sequence[str], *, limit: int) -> tuple[Citation, ...]:
        """Passages that name the topics, people and words of a question, of its time.

        Args:
            frame: What is asked.
            words: Words that they must have.
            limit: How many at most.
        """
        from kg.search import Near  # as above

        if self.search is None:
            return ()
        agents = tuple(iri for p in (*frame.parties, *frame.to) if len(p.iris) == 1 for iri in p.iris)
        topics = frame.topics if not frame.wordings or frame.is_widened else ()
        when = frame.period
        near = Near(topics, agents, tuple(words), when.start, when.end, when.yearless)
        return tuple(
            Citation(
                it.document,
                it.title,
                it.publisher,
                it.issued,
                it.start,
                it.end,
                it.exact,
                it.before,
                it.after,
            )
            for it in self.search.nearby(near, limit=limit)
        )

    def having(self, text: str, *, limit: int) -> tuple[Citation, ...]:
        """The best passages of the documents that have all the words of a text."""
        if self.search is None:
            return ()
        return tuple(
            Citation(
                its.document,
                its.title,
                self._lexicon.label(its.publisher) if its.publisher else "",
                its.issued,
                it.start,
                it.end,
                it.text,
            )
            for its in self.search.find(text, limit=limit).hits
            for it in its.passages[:1]
        )

    def close(self) -> None:
        """Let go of the index, if it was opened."""
        if (search := self.__dict__.get("search")) is not None:
            search.close()
