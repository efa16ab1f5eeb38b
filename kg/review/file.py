"""Reviews as one sorted text file: it can be kept under version control, merged and sent to a colleague."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from kg.errors import InputError
from kg.model import EventReview, Review
from kg.review.agreement import disagreements
from kg.review.event_reviews import event_disagreements
from kg.review.record import decode, encode, review_id

__all__ = ["AnyReview", "Merged", "export", "merge", "read_file"]

AnyReview: TypeAlias = Review | EventReview
_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")  # what a merge that met a conflict leaves in a file


@dataclass(frozen=True, slots=True)
class Merged:
    """Reviews of two places put together.

    Attributes:
        new: Reviews that were not here.
        withdrawn: Reviews that were here and have been taken back elsewhere.
        known: How many were here already.
        conflicts: Reviews of statements on which reviewers do not agree now and did before, by reviewer.
    """

    new: tuple[AnyReview, ...]
    withdrawn: tuple[AnyReview, ...]
    known: int
    conflicts: tuple[dict[str, AnyReview], ...]

    @property
    def changed(self) -> tuple[AnyReview, ...]:
        """What is to be stored."""
        return (*self.new, *self.withdrawn)


def export(reviews: Iterable[AnyReview]) -> Iterator[str]:
    """The lines of a file: by document, place and time, the same for the same reviews."""
    yield from (f"{encode(it)}\n" for it in sorted(reviews, key=_order))


def read_file(text: str, name: str) -> list[AnyReview]:
    """The reviews of a file; the marks that a merge left in it are passed over.

    Raises:
        InputError: a line holds no review; the message says which.
    """
    found: list[AnyReview] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(_MARKS):
            continue
        try:
            found.append(decode(line))
        except InputError as error:
            raise InputError(f"{name}:{number}: {error}") from error
    return found


def merge(here: Iterable[AnyReview], coming: Iterable[AnyReview]) -> Merged:
    """Put reviews of two places together; nothing is lost, and what was taken back anywhere stays so."""
    ours = {review_id(it): it for it in here}
    theirs: dict[str, AnyReview] = {}
    for it in coming:
        theirs[review_id(it)] = _earlier(it, theirs.get(review_id(it), it))
    new = [it for id, it in theirs.items() if id not in ours]
    both = {id: _earlier(ours[id], it) for id, it in theirs.items() if id in ours}
    withdrawn = [it for id, it in both.items() if it != ours[id]]
    before = {_ids(its) for its in _conflicts(ours.values())}
    after = _conflicts({**ours, **theirs, **both}.values())
    conflicts = tuple(its for its in after if _ids(its) not in before)
    return Merged(tuple(sorted(new, key=_order)), tuple(withdrawn), len(both) - len(withdrawn), conflicts)


def _earlier(one: AnyReview, other: AnyReview) -> AnyReview:
    """Of two states of a review the one that was taken back, and of two such the earlier."""
    taken = sorted((it.withdrawn, it.withdrawn_by) for it in (one, other) if it.withdrawn)
    when, who = taken[0] if taken else ("", "")
    return replace(one, withdrawn=when, withdrawn_by=who)


def _ids(its: dict[str, AnyReview]) -> frozenset[str]:
    return frozenset(map(review_id, its.values()))


def _conflicts(reviews: Iterable[AnyReview]) -> list[dict[str, AnyReview]]:
    its = [*reviews]
    statements: list[dict[str, AnyReview]] = [
        {**one} for one in disagreements(it for it in its if isinstance(it, Review))
    ]
    return statements + [
        {**one} for one in event_disagreements(it for it in its if isinstance(it, EventReview))
    ]


def _order(review: AnyReview) -> tuple[str, int, str, str, str]:
    if isinstance(review, EventReview):
        return "", 0, review.time, review_id(review), review.withdrawn
    start = review.statement.evidence[0].start
    return review.document, start, review.time, review_id(review), review.withdrawn
