"""Measures an extractor against what reviewers found: how well it reads the texts that a group works on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

from kg.errors import NotFoundError
from kg.evaluate.scores import Count, Mistake, Scores
from kg.extract import extract_many
from kg.ingest import Pipeline, stored_document
from kg.model import Document, Review, Statement
from kg.review import in_force, review_id
from kg.review.agreement import opinions
from kg.review.apply import PARTIES
from kg.review.change import TOPICS
from kg.review.places import Events, is_same, placed
from kg.review.wording import summary
from kg.store import Store

__all__ = ["REVIEW_SLOTS", "evaluate_reviews", "interval"]

_BY_PROPERTY = {"type": "events", "date": "date", "endDate": "date", "place": "place", "duration": "duration",
                "status": "status", "excludedTopic": "excluded topics"}  # fmt: skip
REVIEW_SLOTS = ("events", "participants", "date", "status", "place", "duration", "discussed topics",
                "excluded topics", "other facts", "claims")  # fmt: skip
_SURE = 1.96  # standard deviations on either side that hold 95 of 100


def evaluate_reviews(
    reviews: Iterable[Review], store: Store, pipeline: Pipeline
) -> Iterator[tuple[int, Scores]]:
    """Compare what is read now with what reviewers found, document after document.

    What is accepted or added should be read; what is rejected should not; of what is corrected, what holds
    instead should be. Statements on which reviewers do not agree count nothing.

    Args:
        reviews: Of documents in the store; others are left out.
        store: Where the texts are.
        pipeline: Its extractor is what is measured.

    Yields:
        The number of documents so far, and the result so far; always the same object.
    """
    by_document: defaultdict[str, list[Review]] = defaultdict(list)
    for it in in_force(reviews):
        by_document[it.document].append(it)
    scores = Scores()
    documents = (stored_document(id, store) for id in sorted(by_document) if _is_stored(id, store))
    read = extract_many(pipeline.extractor, documents, pipeline.lexicon)
    for number, (document, statements) in enumerate(read, start=1):
        _compare(document, statements, by_document[document.id], scores)
        yield number, scores


def interval(right: int, of: int) -> tuple[float, float] | None:
    """The 95% confidence interval of a share, after Wilson 1927; `None` of nothing."""
    if not of:
        return None
    share, weight = right / of, _SURE**2 / of
    middle = (share + weight / 2) / (1 + weight)
    reach = _SURE * sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _compare(
    document: Document, statements: Sequence[Statement], reviews: Sequence[Review], scores: Scores
) -> None:
    events = Events(statements)

    def read(wanted: Statement | None) -> Statement | None:
        here = None if wanted is None else placed(wanted, document)
        there = None if here is None else events.placed(here)
        return None if there is None else next((it for it in statements if is_same(it, there)), None)

    for its in opinions(reviews):
        last = max(its.values(), key=lambda it: (it.time, review_id(it)))
        if len({_view(it) for it in its.values()}) > 1:
            continue
        slot = _slot(last.statement)
        if last.verdict in ("Accepted", "Added"):
            found = read(last.statement)
            _count(scores, slot, right=found, missing=None if found else last, document=document)
        elif last.verdict == "Rejected":
            _count(scores, slot, wrong=read(last.statement), document=document)
        else:
            found = read(last.instead)
            wrong = None if found else read(last.statement)
            _count(scores, slot, right=found, wrong=wrong, missing=None if found else last, document=document)


def _count(
    scores: Scores,
    slot: str,
    *,
    document: Document,
    right: Statement | None = None,
    wrong: Statement | None = None,
    missing: Review | None = None,
) -> None:
    count = scores.slots.setdefault(slot, Count())
    count.right += right is not None
    count.wrong += wrong is not None
    count.missing += missing is not None
    for found, is_right in ((right, True), (wrong, False)):
        for rule in found.rules if found else ():
            its = scores.rules.setdefault((rule, slot), Count())
            its.right += is_right
            its.wrong += not is_right
    if wrong is None and missing is None:
        return
    wanted = (missing.instead or missing.statement) if missing else None
    place = (wrong or wanted).evidence[0]  # type: ignore[union-attr]  # one of them is there
    scores.mistakes.append(
        Mistake(
            document.id,
            slot,
            "wrong" if wrong and missing else "spurious" if wrong else "missing",
            summary(wanted, document.id) if wanted else None,
            summary(wrong, document.id) if wrong else None,
            place.start,
            place.end,
            place.exact,
            wrong.rules if wrong else (),
        )
    )


def _slot(statement: Statement) -> str:
    name = getattr(statement, "predicate", None)
    if name is None:
        return "claims"
    if name in PARTIES:
        return "participants"
    topic = "discussed topics" if name in TOPICS else "other facts"
    return _BY_PROPERTY.get(name, topic)


def _view(review: Review) -> object:
    holds = review.verdict in ("Accepted", "Added")
    return "holds" if holds else (review.verdict, review.instead and summary(review.instead, review.document))


def _is_stored(document_id: str, store: Store) -> bool:
    try:
        return bool(stored_document(document_id, store))
    except NotFoundError:
        return False
