"""Says that events are one or two, keeps a document out of one, and takes such decisions back.

All decisions on events go through `decide` and `take_back`. A decision is a review of the events: it is
stored in one transaction with the graphs that it changes, and holds for whatever is loaded later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from kg.errors import InputError, NotFoundError
from kg.ingest.loader import put_together
from kg.merges import explain, find_candidate
from kg.model import EventReview
from kg.resolution import Decisions, Event, Kind, resolver_of
from kg.review import Reviews, review_id
from kg.review.event_reviews import held
from kg.review.stored import triples
from kg.store import Store

__all__ = [
    "Signature",
    "accept",
    "decide",
    "part",
    "put_event_reviews",
    "reject",
    "rejoin",
    "split",
    "take_back",
    "tie",
    "unpart",
    "untie",
]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, when, and what else he or she says."""

    reviewer: str
    time: str
    note: str = ""


def decide(kind: Kind, one: str, other: str, store: Store, by: Signature | None = None) -> bool:
    """Make a decision on two events, or on a document and an event, for good; whether it changed anything.

    Args:
        kind: `same`: the events are one; `different`: they are two; `apart`: the document, named by its
            identifier, does not tell of the event.
        one: IRI of an event, or the document.
        other: IRI of an event.
        store: Where to, open for writing.
        by: Whose review it is.
    """
    if by is not None:
        return put_event_reviews([EventReview(kind, one, other, by.reviewer, by.time, by.note)], store)
    made = Decisions.of(store)
    for opposite in ("same", "different"):
        if kind != opposite:
            made = made.without(opposite, one, other)
    return put_together((), store, decisions=made.including(kind, one, other))


def take_back(kind: Kind, one: str, other: str, store: Store, by: Signature | None = None) -> bool:
    """Take a decision back, and with it all reviews that say so; whether it changed anything.

    Raises:
        InputError: there is no such decision.
    """
    made, wanted = Decisions.of(store), {one, other}
    its = [
        it
        for it in Reviews.of(store).events.values()
        if not it.withdrawn and it.verdict == kind and {it.one, it.other} == wanted
    ]
    if not its and not made.has(kind, one, other):
        raise InputError(f"nobody decided that {one} and {other} are {kind}")
    taken = [replace(it, withdrawn=by.time, withdrawn_by=by.reviewer) for it in its] if by else []
    return put_event_reviews(taken, store, made.without(kind, one, other))


def put_event_reviews(
    reviews: Iterable[EventReview],
    store: Store,
    unsigned: Decisions | None = None,
    graphs: Mapping[str, bytes] | None = None,
) -> bool:
    """Store reviews of events, and what follows from all there are; whether it changed anything.

    Args:
        reviews: New ones, and others that were taken back.
        store: Where to, open for writing.
        unsigned: What was decided without reviews; what the store has, if it is not given.
        graphs: By IRI, other graphs to replace, as N-Triples.
    """
    known = Reviews.of(store).events
    coming = {review_id(it): it for it in reviews}
    after = {**known, **coming}
    pairs = {frozenset((it.one, it.other)) for it in after.values()}
    made = Decisions.of(store) if unsigned is None else unsigned
    for kind in ("same", "different", "apart"):
        for one, other in getattr(made, kind):
            if frozenset((one, other)) in pairs:
                made = made.without(kind, one, other)
    for it in held(after.values()):
        made = made.including(it.verdict, it.one, it.other)
    also = dict(chain.from_iterable(triples(it).items() for it in coming.values()))
    return put_together((), store, decisions=made, also={**also, **(graphs or {})})


def accept(event: str, other: str, store: Store, by: Signature | None = None) -> None:
    """Say that two events that may be one are; the address of one leads to the other from now on.

    Raises:
        InputError: it is not open whether they are one.
        NotFoundError: there is no such event.
    """
    found = find_candidate(event, other, store)
    tie(found.event, found.other, store, by)


def reject(event: str, other: str, store: Store, by: Signature | None = None) -> None:
    """Say that two events that may be one are two.

    Raises:
        InputError: it is not open whether they are one.
        NotFoundError: there is no such event.
    """
    found = find_candidate(event, other, store)
    part(found.event, found.other, store, by)


def tie(event: str, other: str, store: Store, by: Signature | None = None) -> None:
    """Say that another event is `event`; its address leads there from now on.

    Raises:
        InputError: they are one already, or of kinds that cannot be one.
        NotFoundError: there is no such event.
    """
    one, two = (_event(name, store) for name in (event, other))
    if one.iri == two.iri:
        raise InputError(f"{other} and {event} are one event already")
    if one.group.family != two.group.family:
        raise InputError(f"{other} and {event} are of different kinds, so they are not one event")
    decide("same", two.iri, one.iri, store, by)


def untie(event: str, other: str, store: Store, by: Signature | None = None) -> None:
    """Take back a `tie`.

    Raises:
        InputError: there is no such decision.
    """
    take_back("same", other, event, store, by)


def part(event: str, other: str, store: Store, by: Signature | None = None) -> None:
    """Say that another event, which may be `event`, is not.

    Raises:
        InputError: they are one event; a document can be kept out of it.
        NotFoundError: there is no such event.
    """
    one, two = (_event(name, store) for name in (event, other))
    if one.iri == two.iri:
        raise InputError(
            f"{other} and {event} are one event; keep the document out of it that tells of another"
        )
    decide("different", two.iri, one.iri, store, by)


def unpart(event: str, other: str, store: Store, by: Signature | None = None) -> None:
    """Take back a `part`.

    Raises:
        InputError: there is no such decision.
    """
    take_back("different", other, event, store, by)


def split(event: str, document_id: str, store: Store, by: Signature | None = None) -> None:
    """Take a document's telling out of an event that it shares, for good: also when it is loaded again.

    Raises:
        InputError: the document does not tell of the event, or shares it with nobody.
        NotFoundError: there is no such event.
    """
    merge = explain(event, store)
    if document_id in merge.apart:
        raise InputError(f"{document_id!r} is kept apart from {event} already")
    if document_id not in merge.documents:
        raise InputError(f"{document_id!r} does not tell of {event}; these do: {', '.join(merge.documents)}")
    if len(merge.documents) == 1:
        raise InputError(f"{event} is the event of {document_id!r} alone; there is nothing to undo")
    own = {join.name for join in merge.joins if join.document == document_id}
    if own & {*merge.tied}:
        raise InputError(f"{document_id!r} was tied to {event} by decision; take that back instead")
    decide("apart", document_id, merge.event, store, by)


def rejoin(event: str, document_id: str, store: Store, by: Signature | None = None) -> None:
    """Take back a `split`: the document meets the others in the event again, if it still tells of it.

    Raises:
        InputError: there is no such decision.
    """
    if (document_id, event) not in Decisions.of(store).apart:
        raise InputError(f"nobody decided to keep {document_id!r} apart from {event}")
    take_back("apart", document_id, event, store, by)


def _event(name: str, store: Store) -> Event:
    found = resolver_of(store).event(name)
    if found is None:
        raise NotFoundError(f"no document tells of {name} as an event; give its path or IRI")
    return found
