"""Finds in a text and in a reading what a review names: its passages, its events, its statement."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.identity import slug
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Passage, Review, Statement, Term

__all__ = [
    "ONE_EACH",
    "Events",
    "belonging_together",
    "events_of",
    "is_equal",
    "is_same",
    "is_variant",
    "map_events",
    "placed",
]

# Of each an event has one, so that another value is the same statement read otherwise.
ONE_EACH = frozenset({
    "type", "status", "date", "endDate", "dateStatus", "dayPart", "duration", "medium", "place",
    "placeStatus", "effect",
})  # fmt: skip
_WAITING = {"dateStatus": "date", "placeStatus": "place"}  # why an event has none yet


def placed(statement: Statement, document: Document) -> Statement | None:
    """A statement with its passages where they stand in the text now; `None` if one is not there."""
    found = [_place(passage, document.body) for passage in statement.evidence]
    if any(passage is None for passage in found):
        return None
    moved = replace(statement, evidence=tuple(it for it in found if it is not None))
    return map_events(
        moved, lambda event: replace(event, anchor=_place(event.anchor, document.body) or event.anchor)
    )


def _place(passage: Passage, body: str) -> Passage | None:
    """Where the words of a passage stand: at the same place, or at the one place that has them."""
    if body[passage.start : passage.end] == passage.exact:
        return passage
    start = body.find(passage.exact)
    if start < 0 or body.find(passage.exact, start + 1) >= 0:
        return None
    return Passage(start, start + len(passage.exact), passage.exact)


def events_of(statement: Statement) -> Iterator[Event]:
    """The events that a statement names."""
    named: list[object] = [statement.in_event]
    if isinstance(statement, Fact):
        named += [statement.subject, statement.object]
    yield from (it for it in named if isinstance(it, Event))


def map_events(statement: Statement, change: Callable[[Event], Event]) -> Statement:
    """A statement with other events in the place of those that it names."""
    if statement.in_event:
        statement = replace(statement, in_event=change(statement.in_event))
    if isinstance(statement, Fact) and isinstance(statement.subject, Event):
        statement = replace(statement, subject=change(statement.subject))
    if isinstance(statement, Fact) and isinstance(statement.object, Event):
        statement = replace(statement, object=change(statement.object))
    return statement


class Events:
    """The events of a reading, to which those that a review names lead."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._known: dict[Event, None] = {}
        self.add(statements)

    def add(self, statements: Iterable[Statement]) -> None:
        """Know the events of more statements."""
        self._known |= dict.fromkeys(event for it in statements for event in events_of(it))

    def find(self, event: Event) -> Event | None:
        """The event that is meant: of the same day and people, or told in the same words; else `None`."""
        if event in self._known:
            return event
        same = [it for it in self._known if _identity(it) == _identity(event)]
        if not (event.date and event.principals):
            same = [it for it in same if _overlap(it.anchor, event.anchor)]
        if same:
            return min(same, key=lambda it: (abs(it.anchor.start - event.anchor.start), it.anchor.start))
        near = [it for it in self._known if _overlap(it.anchor, event.anchor) and _may_be(it, event)]
        exact = [it for it in near if it.anchor.start == event.anchor.start]
        return exact[0] if len(exact) == 1 else near[0] if len(near) == 1 else None

    def placed(self, statement: Statement) -> Statement:
        """A statement with the events of this reading, where they are known."""
        return map_events(statement, lambda event: self.find(event) or event)


def belonging_together(reviews: Iterable[Review], statements: Iterable[Statement]) -> list[list[Review]]:
    """Reviews in groups: facts of an event that only reviews tell of hold together or not at all."""
    known = Events(statements)
    groups: dict[object, list[Review]] = {}
    for number, it in enumerate(reviews):
        fact = it.instead or it.statement
        event = fact.subject if isinstance(fact, Fact) and isinstance(fact.subject, Event) else None
        is_new = event is not None and it.verdict != "Rejected" and known.find(event) is None
        groups.setdefault(event if is_new else number, []).append(it)
    return [*groups.values()]


def is_same(one: Statement, other: Statement) -> bool:
    """Whether two statements of a document say the same by the same people, in words that overlap."""
    return _content(one) == _content(other) and _meet(one, other)


def is_equal(one: Statement, other: Statement) -> bool:
    """Whether two statements that are the same also agree in all that a person can put right."""
    return _details(one) == _details(other)


def is_variant(one: Statement, other: Statement) -> bool:
    """Whether of two statements that differ only one can be what the text says, so that they compete."""
    if isinstance(one, Fact) and isinstance(other, Fact):
        matter = _WAITING.get(one.predicate, one.predicate), _WAITING.get(other.predicate, other.predicate)
        same = (_key(one.subject), _who(one)) == (_key(other.subject), _who(other))
        return same and matter[0] == matter[1] and matter[0] in ONE_EACH
    if isinstance(one, Claim) and isinstance(other, Claim):
        return any(_share(a, b) > 0.5 for a in one.evidence for b in other.evidence)
    return False


def _content(statement: Statement) -> tuple[object, ...]:
    who = _who(statement), statement.polarity
    if isinstance(statement, Fact):
        return (*who, _key(statement.subject), statement.predicate, _key(statement.object))
    return (*who, statement.kind) if isinstance(statement, Claim) else who


def _details(statement: Statement) -> tuple[object, ...]:
    terms: list[tuple[Term | None, ...]] = [(statement.relayed_by,), (statement.in_event,)]
    if isinstance(statement, Claim):
        terms += [statement.about, statement.affirms, (statement.addressee,)]
    return (
        statement.certainty,
        *(frozenset(_key(it) for it in several if it is not None) for several in terms),
    )


def _meet(one: Statement, other: Statement) -> bool:
    if isinstance(one, Claim):
        return any(_share(a, b) > 0.5 for a in one.evidence for b in other.evidence)
    return any(_overlap(a, b) for a in one.evidence for b in other.evidence)


def _who(statement: Statement) -> frozenset[object]:
    return frozenset(map(_key, statement.claimants))


def _key(term: Term) -> object:
    match term:
        case Entity():
            return term.iri or (term.kind, slug(term.label))
        case Event():
            return (*_identity(term), None if term.date and term.principals else term.anchor.start)
        case Literal():
            return term.lexical, term.datatype
        case Name():
            return term.name


def _identity(event: Event) -> tuple[object, ...]:
    people = [_key(it) for it in event.principals]
    return event.kind, event.date, event.effect, tuple(people) if event.directed else frozenset(people)


def _may_be(one: Event, other: Event) -> bool:
    shared = {*map(_key, one.principals)} & {*map(_key, other.principals)}
    return bool(shared) or not (one.principals and other.principals)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end


def _share(one: Passage, other: Passage) -> float:
    """The share of the longer passage that both have."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / max(one.end - one.start, other.end - other.start)
