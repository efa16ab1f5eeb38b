"""Answers about documents: which there are, by kind, publisher, topic, event and day."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from kg.questions.document_lookup import DocumentLookup
from kg.questions.evidence import PREFIXES, any_of
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selection
from kg.store import Store

__all__ = ["DocumentAnswers"]

_KINDS = {
    "joint": "JointStatement",
    "readout": "Readout",
    "transcript": "Transcript",
    "通稿": "Readout",
    "联合声明": "JointStatement",
}
_SHOWN = 100
_SOON = 7  # days


class DocumentAnswers:
    """Answers what is asked about documents."""

    def __init__(self, selection: Selection, store: Store) -> None:
        self.selection, self.store, self.lexicon = selection, store, selection.lexicon
        self.documents = DocumentLookup(store)

    def answer(self, frame: Frame, words: Phrases) -> Reply:
        """The answer to a frame of documents."""
        kind = next((name for word, name in _KINDS.items() if word in frame.question.lower()), "Document")
        publishers = [iri for party in frame.parties for iri in party.iris]
        topics = sorted(self.selection.below(frame.topics)) if frame.topics else []
        events = self._events(frame)
        if events is not None and not events:
            return Reply("", is_found=False)
        among, sparql = self._among(topics, events)
        listed = self.documents.find(kind, frame.period, self._publishing(publishers), among)
        if events and not frame.topics:
            days = [it.date for iri in events if (it := self.selection.matcher.get(iri)) and it.is_resolved]
            listed = [it for it in listed if any(_is_soon(it.issued, day) for day in days)] or listed
        if not listed:
            return Reply("", sparql=sparql, is_found=False)
        found = [
            (it.iri, it.title, it.issued, words.label(it.publisher) if it.publisher else "") for it in listed
        ]
        which = frame.order or frame.want
        number = len(found)
        found = found[:1] if which == "first" else found[-1:] if which == "last" else found[::-1]
        rows: list[Row] = [
            {
                "date": issued,
                "documentTitle": title,
                "publisherLabel": publisher,
                "document": document,
                "quote": "",
            }
            for document, title, issued, publisher in found[:_SHOWN]
        ]
        items = words.listed((f"“{title}” ({words.date(issued)})" for _, title, issued, _ in found), most=5)
        if frame.want == "who":
            items = words.listed(publisher for _, _, _, publisher in found)
        text = words.say(
            "{n} document{s}: {items}.",
            "{n}份文件：{items}。",
            n=number,
            s="" if number == 1 else "s",
            items=items,
        )
        return Reply(text, rows, (), sparql)

    def _among(self, topics: Sequence[str], events: Sequence[str] | None) -> tuple[set[str] | None, str]:
        """The documents that tell of some events or speak of some topics, and the query; `None` for any."""
        lines = [
            any_of("?told rdf:subject {} ; kg:reportedIn ?document .", events) if events else "",
            any_of("?claim kg:about {} ; kg:reportedIn ?document .", topics) if topics else "",
        ]
        body = "\n  ".join(filter(None, lines)) or "?document a kg:Document ."
        sparql = f"""{PREFIXES}SELECT DISTINCT ?document ?title ?issued WHERE {{
  {body}
  ?document dcterms:title ?title ; dcterms:issued ?issued .
}} ORDER BY ?issued ?document"""
        if not any(lines):
            return None, sparql
        return {row[0] or "" for row in self.store.select(sparql).texts()}, sparql

    def _publishing(self, publishers: Sequence[str]) -> frozenset[str]:
        """These publishers with all that act for a country among them."""
        if not publishers:
            return frozenset()
        acting = (e.iri for e in self.lexicon.entries.values() if e.represents in publishers)
        return frozenset([*publishers, *acting])

    def _events(self, frame: Frame) -> list[str] | None:
        if not frame.kinds and not frame.places:
            return None
        found = self.selection.select(
            replace(frame, parties=tuple(p for p in frame.parties if not p.is_side), topics=())
        )
        return [it.iri for it in (*found.events, *found.undated)]


def _is_soon(issued: str, day: str) -> bool:
    """Whether a document was published within days of an event, so that it is about it."""
    if len(issued) != len(day):
        return False
    away = datetime.date.fromisoformat(issued) - datetime.date.fromisoformat(day)
    return abs(away.days) <= _SOON
