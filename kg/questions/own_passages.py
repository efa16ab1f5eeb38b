"""Passages of the documents that tell of an event, where no fact gives its place or length."""

import re
from collections.abc import Iterator, Sequence

from kg.errors import StoreError
from kg.lexicon import Lexicon
from kg.questions.event_matching import EventCandidate
from kg.questions.evidence import PREFIXES, any_of
from kg.search import Mention, Search
from kg.store import Store

__all__ = ["OwnPassages", "text_search"]

_LENGTH = re.compile(r"\b(?:hours?|minutes?)\b|小时|分钟", re.I)
_LASTED = re.compile(
    r"\b(?:last|talk|met|meet|session|spoke|went|more than|about|over|approximately)\w*\b", re.I
)
_SENTENCE = re.compile(r"[^\n.!?。！？]+(?:[.!?](?!\s|$)[^\n.!?]*)*[.!?。！？]?")
_HEAD = 1500  # characters in which a document says where it is from
_EVENTS = 3
_AROUND = 90


class OwnPassages:
    """Looks into the documents of events."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self.store, self.lexicon = store, lexicon

    def lengths(self, events: Sequence[EventCandidate]) -> Iterator[Mention]:
        """Sentences that give a number of hours or minutes, those that speak of lasting first."""
        found = [m for m in self._sentences(events, _LENGTH) if re.search(r"\d|half|hour", m.exact)]
        yield from sorted(found, key=lambda m: _LASTED.search(m.exact) is None)

    def places(self, events: Sequence[EventCandidate]) -> Iterator[Mention]:
        """Lines at the head of a document that name a place which is no country."""
        for mention in self._sentences(events, None):
            names = [m for m in self.lexicon.find(mention.exact) if m.group == "place"]
            if mention.start < _HEAD and any(
                not self.lexicon.lookup(e.label, ("Country",)) for m in names for e in m.entries
            ):
                yield mention

    def _sentences(
        self, events: Sequence[EventCandidate], pattern: re.Pattern[str] | None
    ) -> Iterator[Mention]:
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
                    yield Mention(
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


def text_search(store: Store, lexicon: Lexicon) -> Search | None:
    """What searches the texts of a store; `None` if there is no place for its index."""
    try:
        return Search(store, lexicon)
    except StoreError:
        return None
