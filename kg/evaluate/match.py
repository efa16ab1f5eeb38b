"""Pairs what was annotated with what was found."""

from collections.abc import Iterable, Iterator, Sequence

from kg.evaluate.gold import Gold, GoldClaim, GoldEvent
from kg.evaluate.predictions import PARTICIPANTS, PredictedClaim, PredictedEvent, Predictions, Span
from kg.model import Document

NEAR_EVENT = 0.3  # share of the shorter passage that two must have in common to tell of one event
NEAR_CLAIM = 0.5
Pair = tuple[int, int]


def places(quotes: Iterable[str], document: Document) -> list[Span]:
    """Where quotations first occur in the body; one that does not has no place."""
    found = [(document.body.find(quote), len(quote)) for quote in quotes if quote]
    return [(start, start + length) for start, length in found if start >= 0]


def event_pairs(gold: Gold, predictions: Predictions, document: Document) -> list[Pair]:
    """Annotated and found events that are one, by index; the best fits first, each in one pair."""
    return _best(
        (score, wanted, found)
        for wanted, event in enumerate(gold.events)
        for found, candidate in enumerate(predictions.events)
        if (score := _event_score(event, candidate, predictions, document)) is not None
    )


def claim_pairs(gold: Gold, predictions: Predictions, document: Document) -> list[Pair]:
    """Annotated and found claims that are one, by index; the best fits first, each in one pair."""
    return _best(_claim_scores(gold.claims, predictions.claims, document))


def has_claimant(claim: GoldClaim, found: PredictedClaim) -> bool:
    """Whether a found claim is attributed to those who are annotated, or to nobody like them."""
    if not claim.claimant:
        return not found.claimants
    return all(any(name in who.names for who in found.claimants) for name in claim.claimant)


def has_begin(event: GoldEvent, found: PredictedEvent) -> bool:
    """Whether a found event has the annotated date, or begins on it."""
    dates = found.texts("date")
    return bool(event.date and dates and dates[0][:10] == event.date.split("/")[0])


def _event_score(
    event: GoldEvent, found: PredictedEvent, predictions: Predictions, document: Document
) -> float | None:
    """How well an event fits, `None` if it does not: by participants, date and words in common.

    Two dates that differ keep events apart, unless two participants and the words agree.
    """
    if predictions.family(event.type) not in predictions.families(found):
        return None
    parties = [value.names for value in found.of(*PARTICIPANTS)]
    shared = sum(any(name in names for names in parties) for name in event.participants)
    same_date = has_begin(event, found)
    clash = bool(event.date and found.texts("date")) and not same_date
    near = _overlap(found.spans, places(event.quotes, document))
    close = near > NEAR_EVENT
    fits = not clash and ((shared > 0 and (same_date or close)) or (same_date and close))
    if fits or (shared > 1 and close):
        return 3 * predictions.is_of(found, event.type) + shared + 2 * same_date + near
    return None


def _claim_scores(
    claims: Sequence[GoldClaim], found: Sequence[PredictedClaim], document: Document
) -> Iterator[tuple[float, int, int]]:
    for wanted, claim in enumerate(claims):
        where = places([claim.quote], document)
        for index, candidate in enumerate(found):
            near = _overlap(candidate.spans, where)
            if near >= NEAR_CLAIM:
                fit = has_claimant(claim, candidate) + 0.5 * (claim.type == candidate.kind)
                yield near + fit, wanted, index


def _overlap(spans: Iterable[Span], others: Sequence[Span]) -> float:
    """The largest share that two passages have in common, of the shorter one."""
    shares = (
        (min(end, stop) - max(start, begin)) / max(1, min(end - start, stop - begin))
        for start, end in spans
        for begin, stop in others
    )
    return max([0.0, *shares])


def _best(scores: Iterable[tuple[float, int, int]]) -> list[Pair]:
    pairs: list[Pair] = []
    wanted: set[int] = set()
    found: set[int] = set()
    for _, one, other in sorted(scores, key=lambda score: (-score[0], *score[1:])):
        if one not in wanted and other not in found:
            wanted.add(one)
            found.add(other)
            pairs.append((one, other))
    return pairs
