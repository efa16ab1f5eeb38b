"""The reviews that a store holds, and their graphs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

from kg.identity import document_iri, slug, statement_iri
from kg.model import Document, EventReview, Review, Statement
from kg.review.apply import Mark, in_force
from kg.review.record import decode, encode, review_id
from kg.store import Store
from kg.store.results import Literal, NamedNode
from kg.terms import BASE, KG, review_graph

__all__ = ["Reviews", "digest", "lines", "open_lines", "open_reasons", "review_iri", "triples"]

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PROV = "http://www.w3.org/ns/prov#"
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"


@dataclass(frozen=True)
class Reviews:
    """All reviews of a store, those that were taken back included.

    Attributes:
        by_id: Those of statements, sorted by identifier.
        events: Those of events, sorted by identifier.
    """

    by_id: Mapping[str, Review]
    events: Mapping[str, EventReview] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> "Reviews":
        """Those of a store."""
        rows = store.select(f"SELECT ?record WHERE {{ GRAPH ?graph {{ ?review <{KG.record}> ?record }} }}")
        return cls.made(decode(record or "") for (record,) in rows.texts())

    @classmethod
    def made(cls, reviews: Iterable[Review | EventReview]) -> "Reviews":
        """These reviews; of one that comes twice the later state."""
        known = sorted({review_id(it): it for it in reviews}.items())
        return cls(
            {id: it for id, it in known if isinstance(it, Review)},
            {id: it for id, it in known if isinstance(it, EventReview)},
        )

    @cached_property
    def all(self) -> tuple[Review | EventReview, ...]:
        """Those of statements and of events, the earliest first."""
        both: list[Review | EventReview] = [*self.by_id.values(), *self.events.values()]
        return tuple(sorted(both, key=lambda it: (it.time, review_id(it))))

    @cached_property
    def by_document(self) -> Mapping[str, tuple[Review, ...]]:
        """The reviews of each document, the earliest first."""
        found: defaultdict[str, list[Review]] = defaultdict(list)
        for it in sorted(self.by_id.values(), key=lambda it: (it.time, review_id(it))):
            found[it.document].append(it)
        return {id: tuple(reviews) for id, reviews in found.items()}

    def on(self, document: Document) -> Document:
        """A document with the reviews of it that count."""
        return replace(document, reviews=tuple(in_force(self.by_document.get(document.id, ()))))


def digest(document: Document) -> str | None:
    """SHA-256 of the reviews of a document; `None` if there are none."""
    if not document.reviews:
        return None
    return sha256("\n".join(sorted(map(encode, document.reviews))).encode()).hexdigest()


def review_iri(id: str) -> str:
    """The IRI of a review."""
    return f"{BASE}id/review/{id}"


def triples(review: Review | EventReview) -> dict[str, bytes]:
    """The graph of a review as N-Triples, by its IRI."""
    id = review_id(review)
    about = _about_events(review) if isinstance(review, EventReview) else _about_statement(review)
    lines = "".join(f"{' '.join(map(str, triple))} .\n" for triple in _triples(id, review, about))
    return {str(review_graph(id)): lines.encode()}


def lines(mark: Mark) -> Iterator[str]:
    """What a mark says, as N-Triples."""
    node = NamedNode(mark.statement)
    yield f"{node} <{KG.reviewStatus}> <{BASE}ontology#{mark.status}> .\n"
    for id in mark.reviews:
        yield f"{node} <{KG.review}> <{review_iri(id)}> .\n"


def open_lines(reasons: Mapping[str, str]) -> str:
    """Why reviews have no effect, as N-Triples."""
    return "".join(
        f"<{review_iri(id)}> <{KG.openReason}> {Literal(reasons[id])} .\n" for id in sorted(reasons)
    )


def open_reasons(store: Store) -> dict[str, str]:
    """By identifier of each review that has no effect, why."""
    rows = store.select(
        f"SELECT ?review ?why WHERE {{ ?review <{KG.openReason}> ?why }} ORDER BY ?review ?why"
    )
    return {(review or "").rsplit("/", 1)[-1]: why or "" for review, why in rows.texts()}


def _triples(
    id: str, review: Review | EventReview, about: Iterable[tuple[str, NamedNode]]
) -> Iterator[tuple[object, ...]]:
    node, person = NamedNode(review_iri(id)), NamedNode(f"{BASE}id/reviewer/{slug(review.reviewer)}")

    def said(name: str, value: object) -> tuple[object, ...]:
        return node, NamedNode(f"{BASE}ontology#{name}"), value

    yield node, NamedNode(_RDF_TYPE), NamedNode(str(KG.Review))
    yield said("reviewer", Literal(review.reviewer))
    yield said("reviewedAt", Literal(review.time, datatype=NamedNode(_TIME)))
    for name, value in about:
        yield said(name, value)
    if review.note:
        yield said("reviewNote", Literal(review.note))
    if review.withdrawn:
        yield said("withdrawnAt", Literal(review.withdrawn, datatype=NamedNode(_TIME)))
        yield said("withdrawnBy", Literal(review.withdrawn_by))
    yield said("record", Literal(encode(review)))
    yield node, NamedNode(f"{_PROV}wasAttributedTo"), person
    yield person, NamedNode(_RDF_TYPE), NamedNode(f"{_PROV}Agent")
    yield person, NamedNode(_LABEL), Literal(review.reviewer, language="en")


def _about_statement(review: Review) -> Iterator[tuple[str, NamedNode]]:
    yield "verdict", NamedNode(f"{BASE}ontology#{review.verdict}")
    yield "reviewedDocument", NamedNode(document_iri(review.document))
    yield "reviews", _node(review.statement, review)
    if review.instead is not None:
        yield "instead", _node(review.instead, review)


def _about_events(review: EventReview) -> Iterator[tuple[str, NamedNode]]:
    is_one = review.verdict == "same"
    yield "verdict", NamedNode(f"{BASE}ontology#{'Accepted' if is_one else 'Rejected'}")
    if review.verdict == "apart":
        yield "reviewedDocument", NamedNode(document_iri(review.one))
    else:
        yield "reviewedEvent", NamedNode(review.one)
    yield "reviewedEvent", NamedNode(review.other)


def _node(statement: Statement, review: Review) -> NamedNode:
    return NamedNode(statement_iri(statement, review.document))
