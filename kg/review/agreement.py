"""How far reviewers agree: the statements on which they differ, and Cohen's kappa for each slot."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.model import Review, Statement
from kg.review.apply import PARTIES, in_force
from kg.review.change import TOPICS, fields
from kg.review.places import is_same

__all__ = ["SLOTS", "Agreement", "agreement", "disagreements", "opinions"]

SLOTS = ("holds", "class", "speaker", "topics", "polarity", "day", "people", "place", "event")
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree on a slot.

    Attributes:
        reviewers: Their names, sorted.
        slot: One of `SLOTS`.
        both: Statements that both judged.
        same: Those of them on which they agree.
        kappa: Cohen's kappa; `None` where chance alone would make them agree.
    """

    reviewers: tuple[str, str]
    slot: str
    both: int
    same: int
    kappa: float | None


def opinions(reviews: Iterable[Review]) -> list[dict[str, Review]]:
    """The last word of each reviewer on each statement that anybody judged, by reviewer."""
    by_document: defaultdict[str, list[tuple[Statement, dict[str, Review]]]] = defaultdict(list)
    for review in in_force(reviews):
        known = by_document[review.document]
        group = next((its for it, its in known if is_same(it, review.statement)), None)
        if group is None:
            known.append((review.statement, {review.reviewer: review}))
        else:
            group[review.reviewer] = review
    return [its for id in sorted(by_document) for _, its in by_document[id]]


def disagreements(reviews: Iterable[Review]) -> list[dict[str, Review]]:
    """The statements of which reviewers do not hold the same."""
    return [its for its in opinions(reviews) if len({_view(it) for it in its.values()}) > 1]


def agreement(reviews: Iterable[Review]) -> list[Agreement]:
    """How far each two reviewers agree, slot by slot."""
    values: defaultdict[tuple[tuple[str, str], str], list[tuple[str, str]]] = defaultdict(list)
    for its in opinions(reviews):
        for one, other in combinations(sorted(its), 2):
            ours, theirs = _slots(its[one]), _slots(its[other])
            # who rejects a statement says nothing of its parts
            compared = SLOTS[:1] if "no" in (ours["holds"], theirs["holds"]) else SLOTS
            for slot in compared:
                if slot in ours or slot in theirs:
                    pair = ours.get(slot, _NONE), theirs.get(slot, _NONE)
                    values[(one, other), slot].append(pair)
    order = sorted(values, key=lambda key: (key[0], SLOTS.index(key[1])))
    return [Agreement(key[0], key[1], *_measured(values[key])) for key in order]


def _measured(pairs: Sequence[tuple[str, str]]) -> tuple[int, int, float | None]:
    """Cohen 1960: how much oftener two agree than chance would have it."""
    number, same = len(pairs), sum(one == other for one, other in pairs)
    ours, theirs = (Counter(pair[at] for pair in pairs) for at in (0, 1))
    chance = sum(ours[value] * theirs[value] for value in ours) / number**2
    return number, same, None if chance == 1 else (same / number - chance) / (1 - chance)


def _view(review: Review) -> object:
    if review.verdict in ("Accepted", "Added"):
        return "holds"
    return tuple(sorted(_fields(review.instead, review).items())) if review.instead else "wrong"


def _slots(review: Review) -> dict[str, str]:
    """What a reviewer holds of a statement; of one that does not hold, nothing but that."""
    if review.verdict == "Rejected":
        return {"holds": "no"}
    its = dict(_named(_fields(review.instead or review.statement, review)))
    return {"holds": "as read" if review.instead is None else "otherwise", **its}


def _fields(statement: Statement | None, review: Review) -> dict[str, tuple[str, ...]]:
    return {} if statement is None else fields(statement, review.document)


def _named(parts: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """The slots of fields."""
    for name, values in parts.items():
        if name in SLOTS:
            yield name, " ".join(sorted(values)) or _NONE
    if "property" not in parts:
        return
    [predicate], value = parts["property"], " ".join(parts["value"])
    slot = {"type": "class", "date": "day", "endDate": "day", "place": "place"}.get(predicate)
    slot = "people" if predicate in PARTIES else "topics" if predicate in TOPICS else slot
    if slot:
        yield slot, f"{predicate} {value}"
