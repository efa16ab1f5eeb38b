"""A small world of documents in our own words, told as typed statements instead of read from text."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kg import ingest
from kg.identity import kind_slug
from kg.lexicon import Lexicon
from kg.merges import Decisions
from kg.model import (
    Claim,
    Document,
    Entity,
    Event,
    Fact,
    Literal,
    Name,
    Passage,
    Review,
    Statement,
    Term,
    Verdict,
)
from kg.review.stored import triples
from kg.store import Store
from kg.terms import BASE, DECISIONS_GRAPH, KG

TELLINGS = Path(__file__).parent / "world"
_KINDS = {
    kind_slug(name): name for name in reversed([name for name in KG.__annotations__ if name[0].isupper()])
}
_SUMMIT = f"{BASE}id/meeting/2023-11-15-joe-biden-xi-jinping"
_DECISIONS = Decisions(apart=frozenset({("2025-07-15-institute-note", _SUMMIT)}))
_REVIEWED = "2025-07-15-institute-note"
_DATATYPES = {10: "date", 7: "gYearMonth", 4: "gYear"}


class Source:
    """One document of the world, and what it says.

    Attributes:
        document: Its body is the sentences, in their order.
        statements: What each sentence says.
    """

    def __init__(self, name: str, told: Mapping[str, Any]) -> None:
        self._told = told
        sentences = [entry["says"] for entry in told["text"]]
        self.document = Document(
            name,
            " ".join(sentences),
            kind=told["kind"],
            title=told.get("title"),
            publisher=told.get("publisher"),
            published=told["issued"],
            url=told.get("url"),
        )
        self._first = Passage(0, len(sentences[0]), sentences[0])
        self._events = {key: self._event(fields) for key, fields in told.get("events", {}).items()}
        self.statements = [*self._statements()]

    def _statements(self) -> Iterator[Statement]:
        start = 0
        for entry in self._told["text"]:
            words = entry["says"]
            passage = Passage(start, start + len(words), words)
            start = passage.end + 1
            for fact in entry.get("facts", ()):
                yield self._fact({"fact": fact} if isinstance(fact, str) else fact, passage)
            for claim in entry.get("claims", ()):
                yield self._claim(claim, passage)

    def _fact(self, told: Mapping[str, Any], passage: Passage) -> Fact:
        subject, predicate, value = told["fact"].split(" ")
        return Fact(
            subject=_entity(subject) if ":" in subject else self._events[subject],
            predicate=predicate,
            object=self._value(predicate, value),
            date_basis=told.get("basis"),
            **self._attribution(told, passage),
        )

    def _claim(self, told: Mapping[str, Any], passage: Passage) -> Claim:
        return Claim(
            kind=told["is"],
            content=told["content"],
            about=_entities(told.get("about")),
            affirms=_entities(told.get("affirms")),
            addressee=next(iter(_entities(told.get("addressee"))), None),
            **self._attribution(told, passage),
        )

    def _attribution(self, told: Mapping[str, Any], passage: Passage) -> dict[str, Any]:
        told = {**{key: self._told[key] for key in ("by", "as") if key in self._told}, **told}
        return {
            "evidence": (passage,),
            "claimants": _entities(told.get("by")),
            "relayed_by": next(iter(_entities(told.get("via"))), None),
            "cue": told.get("cue"),
            "certainty": "Hedged" if told.get("hedged") else "Certain",
            "polarity": "Negated" if told.get("not") else "Affirmed",
            "in_event": self._events[told["in"]] if "in" in told else None,
            "capacity": next(iter(_entities(told.get("as"))), None),
        }

    def _event(self, fields: Mapping[str, Any]) -> Event:
        # No two undated events of one document may share an anchor, for it names them.
        place = len(fields["kind"]) if "date" not in fields else 0
        anchor = Passage(place, self._first.end, self._first.exact[place:])
        return Event(
            fields["kind"],
            anchor,
            fields.get("date"),
            _entities(fields["of"]),
            directed=fields.get("directed", False),
        )

    def _value(self, predicate: str, value: str) -> Term:
        if value in self._events:
            return self._events[value]
        if "/" in value:
            return _entity(value)
        if predicate in ("date", "endDate"):
            return Literal(value, _DATATYPES[len(value)])
        if predicate in ("duration", "approximate"):
            return Literal(value, "duration" if predicate == "duration" else "boolean")
        return Name(value)


class Tellings:
    """An extractor that knows what each document of the world says; it reads nothing."""

    name = "world"
    version = "1"

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources

    def extract(self, document: Document, lexicon: Lexicon) -> Iterator[Statement]:  # noqa: ARG002
        """What `document` says."""
        yield from self._sources[document.id].statements


def sources() -> dict[str, Source]:
    """The documents of the world by identifier."""
    return {
        path.stem: Source(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(TELLINGS.glob("*.yaml"))
    }


def build(store: Store) -> None:
    """Put the ontology and the world into a store, through the same door as any document."""
    world = sources()
    pipeline = ingest.Pipeline()
    pipeline.extractor = Tellings(world)  # what is cached here is never loaded
    ingest.put_ontology(store, pipeline)
    store.replace_graphs({str(DECISIONS_GRAPH): _DECISIONS.triples()})
    for review in _reviews(world[_REVIEWED]):
        store.replace_graphs(triples(review))
    for source in world.values():
        outcome = ingest.load_document(source.document, store, pipeline)
        assert outcome.status == "stored", outcome.problem


def _reviews(source: Source) -> Iterator[Review]:
    """Two people accept what a document claims first; one of them rejects what it claims next."""
    claims = [it for it in source.statements if isinstance(it, Claim)]
    judged: list[tuple[Verdict, Statement, str]] = [
        ("Accepted", claims[0], "anna"),
        ("Accepted", claims[0], "bob"),
        ("Accepted", claims[1], "anna"),
        ("Rejected", claims[1], "bob"),
    ]
    for verdict, statement, who in judged:
        yield Review(
            document=source.document.id,
            verdict=verdict,
            reviewer=who,
            time="2026-11-27T09:00:00Z",
            statement=statement,
        )


def _entities(paths: str | list[str] | None) -> tuple[Entity, ...]:
    listed = [paths] if isinstance(paths, str) else paths or []
    return tuple(map(_entity, listed))


def _entity(path: str) -> Entity:
    """`person/xi-jinping` of the reference data, or `Group:traders` that only one document knows."""
    if ":" in path:
        kind, label = path.split(":")
        return Entity(kind, label)
    folder, label = path.split("/")
    return Entity(_KINDS[folder], label, f"{BASE}id/{path}")
