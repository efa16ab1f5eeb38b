"""Stores reviews together with the documents that they change, and takes them back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from kg.errors import InputError, NotFoundError, RefusedError
from kg.identity import document_iri, event_iri
from kg.ingest.loader import Outcome, put
from kg.ingest.merge_decisions import Signature, put_event_reviews
from kg.ingest.pipeline import Pipeline, Prepared
from kg.ingest.stored_documents import as_loaded, stored_document
from kg.lexicon import Lexicon
from kg.model import Document, EventReview, Fact, Review, Statement, Verdict
from kg.resolution import resolver_of
from kg.review import Applied, Reviews, review_id
from kg.review.change import Names
from kg.review.file import AnyReview, Merged, merge
from kg.review.places import events_of
from kg.review.stored import triples
from kg.store import Rows, Store
from kg.store.results import NamedNode
from kg.terms import BASE, KG
from kg.validate import parse_rdf

__all__ = [
    "Imported",
    "context_of",
    "import_reviews",
    "is_read",
    "names_in",
    "record",
    "reviewed_document",
    "signed_review",
    "statement_at",
    "withdraw",
]

_FOREIGN = "its statements were written by another program; put them right there"
Prepare = Callable[[Document], Prepared]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of reviews that came from elsewhere.

    Attributes:
        merged: What is new.
        outcomes: The documents that were read again.
        open: By identifier of a review that has no effect, why.
    """

    merged: Merged
    outcomes: tuple[Outcome, ...] = ()
    open: Mapping[str, str] = field(default_factory=dict)


def reviewed_document(document_id: str, store: Store) -> Document:
    """A stored document with what people decided on it.

    Raises:
        NotFoundError: the store has no such document.
    """
    return Reviews.of(store).on(stored_document(document_id, store))


def statement_at(
    name: str, store: Store, read: Callable[[Document], Applied]
) -> tuple[Document, Applied, Statement]:
    """The statement that a review of `name` is about, with its document.

    Args:
        name: Path or IRI of a statement that holds, or that reviews reject.
        store: Where it is.
        read: Reads a document, its reviews taken into account.

    Raises:
        NotFoundError: there is no such statement, or its document was read by other rules.
    """
    iri = name if "://" in name else f"{BASE}id/{name}"
    rows = store.query(
        f"SELECT ?document WHERE {{ {NamedNode(iri)} <{KG.reportedIn}> ?document }}", rejected=True
    )
    assert isinstance(rows, Rows)
    found = next(rows.texts(), None)
    if found is None:
        raise NotFoundError(f"the store has no statement {name!r}; give its path or IRI")
    document = reviewed_document((found[0] or "").removeprefix(document_iri("")), store)
    applied = read(document)
    if iri not in applied.sources:
        raise NotFoundError(f"{document.id!r} is not read so by the present rules; first run: kg rebuild")
    return document, applied, applied.sources[iri]


def names_in(document: Document, applied: Applied, store: Store, lexicon: Lexicon) -> Names:
    """What the words of a reviewer may mean in a document; its events also by the names that the store gives.

    Args:
        document: The document.
        applied: What it says.
        store: Where it is.
        lexicon: The names of the reference data.
    """
    statements = [*applied.sources.values()]
    own = {event_iri(it, document.id): it for st in statements for it in events_of(st)}
    called = {**own, **applied.events}
    joined = {
        name: called[local]
        for local, joint in resolver_of(store).names(document.id).items()
        if local in called
        for name in (joint.iri, *joint.group.names)
    }
    return Names(document, lexicon, statements, {**joined, **applied.events})


def signed_review(
    verdict: Verdict,
    by: Signature,
    document: Document,
    applied: Applied,
    statement: Statement,
    instead: Statement | None = None,
    also: Iterable[Statement] = (),
) -> Review:
    """A review of a statement, with what it needs of the events that it names.

    Args:
        verdict: What is found.
        by: Who, when, and what else he or she says.
        document: Of the statement.
        applied: What that says.
        statement: Which is right, wrong or missing.
        instead: What takes its place.
        also: What else is added to the document at the same time.
    """
    return Review(
        document=document.id,
        verdict=verdict,
        reviewer=by.reviewer,
        time=by.time,
        statement=replace(statement, rules=()),  # which its record does not hold
        instead=instead and replace(instead, rules=()),
        context=context_of((statement, instead), applied, also),
        note=by.note,
    )


def context_of(
    statements: Iterable[Statement | None], applied: Applied, also: Iterable[Statement] = ()
) -> tuple[Fact, ...]:
    """What a document tells of the events that statements name, without which they would hang in the air.

    Args:
        statements: Of the document.
        applied: What it says.
        also: What else is added to it at the same time.
    """
    named = [it for it in statements if it is not None]
    events = {event for it in named for event in events_of(it)}
    facts = (it for it in (*applied.sources.values(), *also) if isinstance(it, Fact) and it.subject in events)
    told = (replace(it, rules=()) for it in facts if "Topic" not in it.predicate and it not in named)
    return tuple(dict.fromkeys(told))


def record(reviews: Sequence[Review], store: Store, prepare: Prepare, pipeline: Pipeline) -> Outcome:
    """Store reviews of one document, and the document as it is with them, in one transaction.

    Args:
        reviews: Of a stored document.
        store: Where to, open for writing.
        prepare: Reads and checks a document.
        pipeline: Checks the reviews.

    Raises:
        NotFoundError: the store has no such document.
        RefusedError: a check refuses a review, or the document as it would then be; nothing has changed.
    """
    if not is_read(reviews[0].document, store, pipeline):
        raise RefusedError(f"{reviews[0].document}: {_FOREIGN}")
    document = _with(reviews, store)
    prepared = prepare(document)
    if prepared.problem:
        raise RefusedError(f"{document.id}: {prepared.problem}")
    for review in reviews:
        if (why := prepared.open.get(review_id(review))) is not None and not review.withdrawn:
            raise RefusedError(f"this review cannot take effect: {why}")
    return put(as_loaded(prepared, store), store, also=_graphs(reviews, pipeline))


def withdraw(
    ids: Sequence[str], by: str, time: str, store: Store, prepare: Prepare, pipeline: Pipeline
) -> list[AnyReview]:
    """Take reviews back; they stay on record.

    Args:
        ids: Their identifiers.
        by: Who takes them back.
        time: When.
        store: Where they are, open for writing.
        prepare: Reads and checks a document.
        pipeline: Checks the reviews.

    Raises:
        InputError: a review was taken back before.
        NotFoundError: there is no such review.
        RefusedError: a check refuses the document as it would then be; nothing has changed.
    """
    reviews = Reviews.of(store)
    known: dict[str, AnyReview] = {**reviews.by_id, **reviews.events}
    if missing := [id for id in ids if id not in known]:
        raise NotFoundError(f"there is no review {missing[0]!r}; `kg review list` lists them")
    if taken := [id for id in ids if known[id].withdrawn]:
        raise InputError(f"the review {taken[0]!r} was taken back before")
    changed: list[AnyReview] = [replace(known[id], withdrawn=time, withdrawn_by=by) for id in ids]
    if on_events := [it for it in changed if isinstance(it, EventReview)]:
        put_event_reviews(on_events, store)
    for document, its in _by_document(changed).items():
        if _is_stored(document, store):
            record(its, store, prepare, pipeline)
        else:
            store.replace_graphs(_graphs(its, pipeline))
    return changed


def import_reviews(
    coming: Iterable[AnyReview], store: Store, prepare: Prepare, pipeline: Pipeline
) -> Imported:
    """Take in reviews from elsewhere: none is lost, and one that cannot take effect says why.

    Raises:
        RefusedError: a review breaks the shapes; nothing has changed.
    """
    merged = merge(Reviews.of(store).all, coming)
    _graphs(merged.changed, pipeline)
    if on_events := [it for it in merged.changed if isinstance(it, EventReview)]:
        put_event_reviews(on_events, store)
    outcomes: list[Outcome] = []
    unable: dict[str, str] = {}
    for document, its in _by_document(merged.changed).items():
        graphs = _graphs(its, pipeline)
        if not _is_stored(document, store):
            store.replace_graphs(graphs)
            unable |= dict.fromkeys(map(review_id, its), "its document is not in the store")
            continue
        if not is_read(document, store, pipeline):
            store.replace_graphs(graphs)
            unable |= dict.fromkeys(map(review_id, its), _FOREIGN)
            continue
        prepared = as_loaded(prepare(_with(its, store)), store)
        outcomes.append(put(prepared, store, also=graphs))
        unable |= prepared.open
    new = {review_id(it) for it in merged.new}
    return Imported(merged, tuple(outcomes), {id: why for id, why in unable.items() if id in new})


def _with(reviews: Sequence[Review], store: Store) -> Document:
    """The stored document of some reviews, with all that was decided on it, and these."""
    known = Reviews.made([*Reviews.of(store).by_id.values(), *reviews])
    return known.on(stored_document(reviews[0].document, store))


def _graphs(reviews: Iterable[AnyReview], pipeline: Pipeline) -> dict[str, bytes]:
    """The graphs of reviews, checked.

    Raises:
        RefusedError: a review breaks the shapes.
    """
    graphs = dict(chain.from_iterable(triples(it).items() for it in reviews))
    for name, lines in graphs.items():
        report = pipeline.validator.validate_reference(parse_rdf(lines, ".nt", where=name, base=name))
        if not report.conforms:
            raise RefusedError(f"{name}: {report.violations[0].message}")
    return graphs


def _by_document(reviews: Iterable[AnyReview]) -> dict[str, list[Review]]:
    found: defaultdict[str, list[Review]] = defaultdict(list)
    for it in (it for it in reviews if isinstance(it, Review)):
        found[it.document].append(it)
    return {id: found[id] for id in sorted(found)}


def _is_stored(document_id: str, store: Store) -> bool:
    node = NamedNode(document_iri(document_id))
    return bool(store.query(f"ASK {{ {node} <{KG.body}> ?body }}"))


def is_read(document_id: str, store: Store, pipeline: Pipeline) -> bool:
    """Whether it was read by our own reader, so that reading it again gives the same statements."""
    node = NamedNode(document_iri(document_id))
    rows = store.select(f"SELECT ?extractor WHERE {{ {node} <{KG.extractor}> ?extractor }}")
    names = [(text or "").split(" ")[0] for (text,) in rows.texts()]
    return names in ([], [pipeline.extractor.name])
