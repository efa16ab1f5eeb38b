"""Says that events are one or two, keeps a document out of one, and takes such decisions back.

All decisions on events go through `decide` and `take_back`: what is decided is stored in one transaction
with the graphs that it changes, and holds for whatever is loaded later.
"""

from kg.errors import InputError, NotFoundError
from kg.ingest.loader import put_together
from kg.merges import explain, find_candidate
from kg.resolution import Decisions, Event, Kind, resolver_of
from kg.store import Store

__all__ = ["accept", "decide", "part", "reject", "rejoin", "split", "take_back", "tie", "unpart", "untie"]


def decide(kind: Kind, one: str, other: str, store: Store) -> bool:
    """Make a decision on two events, or on a document and an event, for good; whether it changed anything.

    Args:
        kind: `same`: the events are one; `different`: they are two; `apart`: the document, named by its
            identifier, does not tell of the event.
        one: IRI of an event, or the document.
        other: IRI of an event.
        store: Where to, open for writing.
    """
    made = Decisions.of(store)
    for opposite in ("same", "different"):
        if kind != opposite:
            made = made.without(opposite, one, other)
    return put_together((), store, decisions=made.including(kind, one, other))


def take_back(kind: Kind, one: str, other: str, store: Store) -> bool:
    """Take a decision back; whether it changed anything.

    Raises:
        InputError: there is no such decision.
    """
    made = Decisions.of(store)
    if not made.has(kind, one, other):
        raise InputError(f"nobody decided that {one} and {other} are {kind}")
    return put_together((), store, decisions=made.without(kind, one, other))


def accept(event: str, other: str, store: Store) -> None:
    """Say that two events that may be one are; the address of one leads to the other from now on.

    Raises:
        InputError: it is not open whether they are one.
        NotFoundError: there is no such event.
    """
    found = find_candidate(event, other, store)
    tie(found.event, found.other, store)


def reject(event: str, other: str, store: Store) -> None:
    """Say that two events that may be one are two.

    Raises:
        InputError: it is not open whether they are one.
        NotFoundError: there is no such event.
    """
    found = find_candidate(event, other, store)
    part(found.event, found.other, store)


def tie(event: str, other: str, store: Store) -> None:
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
    decide("same", two.iri, one.iri, store)


def untie(event: str, other: str, store: Store) -> None:
    """Take back a `tie`.

    Raises:
        InputError: there is no such decision.
    """
    if not Decisions.of(store).has("same", other, event):
        raise InputError(f"nobody decided that {other} is {event}")
    take_back("same", other, event, store)


def part(event: str, other: str, store: Store) -> None:
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
    decide("different", two.iri, one.iri, store)


def unpart(event: str, other: str, store: Store) -> None:
    """Take back a `part`.

    Raises:
        InputError: there is no such decision.
    """
    take_back("different", other, event, store)


def split(event: str, document_id: str, store: Store) -> None:
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
    decide("apart", document_id, merge.event, store)


def rejoin(event: str, document_id: str, store: Store) -> None:
    """Take back a `split`: the document meets the others in the event again, if it still tells of it.

    Raises:
        InputError: there is no such decision.
    """
    if (document_id, event) not in Decisions.of(store).apart:
        raise InputError(f"nobody decided to keep {document_id!r} apart from {event}")
    take_back("apart", document_id, event, store)


def _event(name: str, store: Store) -> Event:
    found = resolver_of(store).event(name)
    if found is None:
        raise NotFoundError(f"no document tells of {name} as an event; give its path or IRI")
    return found
