"""What people together find of two events: whether they are one."""

from collections import defaultdict
from collections.abc import Iterable

from kg.model import EventReview
from kg.review.record import review_id

__all__ = ["event_disagreements", "event_opinions", "held"]


def event_opinions(reviews: Iterable[EventReview]) -> list[dict[str, EventReview]]:
    """The last word of each reviewer on each two events, or document and event, by reviewer."""
    found: defaultdict[tuple[str, ...], dict[str, EventReview]] = defaultdict(dict)
    for it in sorted((it for it in reviews if not it.withdrawn), key=lambda it: (it.time, review_id(it))):
        is_apart = "apart" if it.verdict == "apart" else ""
        found[is_apart, *sorted((it.one, it.other))][it.reviewer] = it
    return [found[key] for key in sorted(found)]


def event_disagreements(reviews: Iterable[EventReview]) -> list[dict[str, EventReview]]:
    """The events on which reviewers do not hold the same."""
    return [its for its in event_opinions(reviews) if len({it.verdict for it in its.values()}) > 1]


def held(reviews: Iterable[EventReview]) -> list[EventReview]:
    """Of each two events the last word; where reviewers differ, that they are two: a wrong merge is worse."""
    found = []
    for its in event_opinions(reviews):
        said = [*its.values()]
        found.append(next((it for it in reversed(said) if it.verdict == "different"), said[-1]))
    return found
