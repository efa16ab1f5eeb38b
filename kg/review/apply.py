"""The step between reading and the gate: what people found of a document's statements takes effect."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal as Choice
from typing import TypeAlias

from kg.identity import event_iri, statement_iri
from kg.model import Document, Entity, Event, Fact, Literal, Name, Review, Statement, Verdict
from kg.review.places import (
    Events,
    events_of,
    is_equal,
    is_same,
    is_variant,
    map_events,
    placed,
)
from kg.review.record import review_id

__all__ = ["Applied", "Mark", "Status", "apply", "in_force"]

Status: TypeAlias = Choice["Accepted", "Rejected", "Corrected", "Added", "Disputed"]
LOST = "another review says that there was no such event"
MOVED = "the words that it is about do not stand in the text any more, or stand there several times"
# Properties by which an event's parties are told.
PARTIES = frozenset({"participant", "initiator", "host", "inviter", "invitee", "imposedBy", "target"})


@dataclass(frozen=True, slots=True)
class Mark:
    """That a statement was reviewed.

    Attributes:
        statement: Its IRI.
        status: What holds of it: the verdict, or `Disputed` where reviewers do not agree.
        reviews: Identifiers of the reviews, sorted.
    """

    statement: str
    status: Status
    reviews: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """The statements of a document after review.

    Attributes:
        statements: Those that hold.
        rejected: Those that were read and do not.
        marks: The reviewed ones of both.
        open: By identifier of a review that is to be looked at again, why.
        sources: By IRI of a statement, what a review of it is to be about: the statement as it was read, or
            that of which another review put it in the place.
        events: By IRI that an event has after review, the event as reviews are to name it.
    """

    statements: tuple[Statement, ...]
    rejected: tuple[Statement, ...] = ()
    marks: tuple[Mark, ...] = ()
    open: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Statement] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)

    def shown(self, iri: str, document: Document) -> Statement | None:
        """The statement of an IRI as it holds, or as it was read and does not."""
        return _by_iri((*self.rejected, *self.statements), document).get(iri)


def in_force(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that nobody took back, the earliest first."""
    return sorted((it for it in reviews if not it.withdrawn), key=lambda it: (it.time, review_id(it)))


def apply(document: Document, statements: Sequence[Statement]) -> Applied:
    """What a document says once its reviews have taken effect; nothing else changes.

    Of one statement the last word of each reviewer counts. It stays if anybody accepts it; else the last
    correction takes its place; else it leaves.
    """
    reviews = in_force(document.reviews)
    if not reviews:
        return Applied(tuple(statements), sources=_by_iri(statements, document))
    work = _Work(document, statements)
    groups = work.grouped(reviews)
    work.targets = [cases[0].statement for cases in groups]
    for cases in groups:
        work.decide(cases)
    return work.applied()


@dataclass(frozen=True, slots=True)
class _Case:
    """A review with its statements as they stand in this text and reading."""

    id: str
    review: Review
    statement: Statement
    instead: Statement | None

    @property
    def verdict(self) -> Verdict:
        return self.review.verdict

    @property
    def opinion(self) -> tuple[object, ...]:
        """What the reviewer holds to be so."""
        if self.verdict in ("Accepted", "Added"):
            return ("holds",)
        return self.verdict, self.instead and statement_key(self.instead)


def statement_key(statement: Statement) -> Statement:
    """A statement without what plays no part in whether two reviewers agree."""
    return replace(statement, evidence=(), cue=None, rules=())


class _Work:
    def __init__(self, document: Document, statements: Sequence[Statement]) -> None:
        self.document = document
        self.statements = [*dict.fromkeys(statements)]
        self.events = Events(self.statements)
        self.targets: list[Statement] = []  # what reviews are about
        self.rejected: list[Statement] = []
        self.put: dict[Statement, Statement] = {}  # with what the reviews are about
        self.marks: list[tuple[Statement, Status, tuple[str, ...]]] = []
        self.open: dict[str, str] = {}

    # ── What each review is about ──

    def grouped(self, reviews: Iterable[Review]) -> list[list[_Case]]:
        """The last word of each reviewer on each statement, by statement."""
        groups: list[list[_Case]] = []
        for review in reviews:
            found = [placed(it, self.document) for it in (review.statement, review.instead) if it is not None]
            if None in found:
                self.open[review_id(review)] = MOVED
                continue
            self._know(review)
            statement, *instead = (self.events.placed(it) for it in found if it is not None)
            case = _Case(review_id(review), review, statement, next(iter(instead), None))
            group = next((it for it in groups if is_same(it[0].statement, statement)), None)
            if group is None:
                groups.append([case])
            else:
                group[:] = [it for it in group if it.review.reviewer != review.reviewer] + [case]
        return groups

    def _know(self, review: Review) -> None:
        """Take over the events that a review is about and this reading lacks, as they were read then."""
        if review.verdict == "Rejected":
            return
        named = chain.from_iterable(
            events_of(it) for it in (review.statement, review.instead) if it is not None
        )
        lacking = [it for it in dict.fromkeys(named) if self.events.find(it) is None]
        facts = [placed(it, self.document) for it in review.context if it.subject in lacking]
        self.statements += [it for it in facts if it is not None]
        self.events.add(it for it in facts if it is not None)

    # ── What holds ──

    def decide(self, cases: Sequence[_Case]) -> None:
        """Settle one statement."""
        ids = tuple(sorted(case.id for case in cases))
        target = cases[0].statement
        is_disputed = len({case.opinion for case in cases}) > 1
        same = [it for it in self.statements if is_same(it, target)]
        accepted = [case for case in cases if case.opinion == ("holds",)]
        corrections = [case for case in cases if case.instead is not None]
        if accepted:
            self._keep(accepted[-1], same, ids, "Disputed" if is_disputed else accepted[0].verdict)
            return
        gone = same or (self._variants(target) if corrections else [])
        self._take_out(gone)
        self.marks += [(it, "Disputed" if is_disputed else "Rejected", ids) for it in gone or [target]]
        if corrections:
            instead = corrections[-1].instead
            assert instead is not None
            if not gone:
                self.rejected.append(target)
            self._put(instead, target, ids, "Disputed" if is_disputed else "Corrected")

    def _keep(self, case: _Case, same: list[Statement], ids: tuple[str, ...], status: Status) -> None:
        """Let a statement hold, whatever this reading makes of it."""
        equal = [it for it in same if is_equal(it, case.statement)]
        if equal:
            self.marks += [(it, status, ids) for it in equal]
            return
        self._take_out(same or self._variants(case.statement))
        self._put(case.statement, case.statement, ids, status)

    def _put(self, statement: Statement, root: Statement, ids: tuple[str, ...], status: Status) -> None:
        statement = self.events.placed(statement)
        self.statements.append(statement)
        self.put[statement] = root
        self.marks.append((statement, status, ids))

    def _variants(self, target: Statement) -> list[Statement]:
        """What competes with a statement and nobody judged."""
        return [
            it
            for it in self.statements
            if it not in self.put
            and is_variant(it, target)
            and not any(is_same(it, judged) for judged in self.targets)
        ]

    def _take_out(self, gone: Iterable[Statement]) -> None:
        for statement in gone:
            if statement in self.statements:
                self.statements.remove(statement)
                self.rejected.append(statement)

    # ── What follows for events ──

    def applied(self) -> Applied:
        """The outcome, with each event named by the day and people that hold of it now."""
        lost = self._lost()
        dropped = [it for it in self.statements if isinstance(it, Fact) and {it.subject, it.object} & lost]
        self._take_out(dropped)
        for it, status, ids in self.marks:
            if it in dropped and status != "Rejected":
                self.open |= dict.fromkeys(ids, LOST)
        if lost:
            self.statements = [
                replace(it, in_event=None) if it.in_event in lost else it for it in self.statements
            ]
        self._settle_open_values()
        revised = {event: self._revised(event) for event in self._touched()}

        def now(statement: Statement) -> Statement:
            return map_events(statement, lambda event: revised.get(event, event))

        statements = tuple(dict.fromkeys(map(now, self.statements)))
        there, gone = set(statements), dict.fromkeys(self.rejected)
        marks = [
            Mark(_iri(made, self.document), status, ids)
            for it, status, ids in self.marks
            if (made := now(it) if it in self.statements else it) in there or it in gone
        ]
        sources = {
            _iri(now(it), self.document): self.put.get(it, it) for it in (*self.rejected, *self.statements)
        }
        return Applied(
            statements,
            tuple(it for it in gone if it not in there),
            tuple(marks),
            self.open,
            {**_by_iri(self.rejected, self.document), **sources},
            {event_iri(now, self.document.id): event for event, now in revised.items()},
        )

    def _touched(self) -> list[Event]:
        """The events of which a fact came or went."""
        facts = [it for it in (*self.rejected, *self.put) if isinstance(it, Fact)]
        return [*dict.fromkeys(it.subject for it in facts if isinstance(it.subject, Event))]

    def _values(self, event: Event, *names: str) -> Iterator[Fact]:
        for it in self.statements:
            if (
                isinstance(it, Fact)
                and it.subject == event
                and it.predicate in names
                and it.polarity == "Affirmed"
            ):
                yield it

    def _lost(self) -> set[object]:
        """The events that reviews left without a class: there are no such events."""
        kinds = [it for it in self.rejected if isinstance(it, Fact) and it.predicate == "type"]
        return {it.subject for it in kinds if not any(self._values_of_kind(it.subject))}

    def _values_of_kind(self, event: object) -> Iterator[Fact]:
        return self._values(event, "type") if isinstance(event, Event) else iter(())

    def _settle_open_values(self) -> None:
        """An event that now has a day or place has no reason to lack one, and the other way round."""
        for name, status in (("date", "dateStatus"), ("place", "placeStatus")):
            came = [it for it in self.put if isinstance(it, Fact) and it.predicate == name]
            for fact in came:
                assert isinstance(fact.subject, Event)
                self._take_out([*self._values(fact.subject, status)])
        gone = [it for it in self.rejected if isinstance(it, Fact) and it.predicate == "date"]
        for fact in gone:
            event = fact.subject
            if (
                isinstance(event, Event)
                and any(self._values(event, "type"))
                and not any(self._values(event, "date", "dateStatus"))
            ):
                unknown = replace(
                    fact,
                    predicate="dateStatus",
                    object=Name("NotStated"),
                    date_basis=None,
                    polarity="Affirmed",
                )
                self.statements.append(unknown)

    def _revised(self, event: Event) -> Event:
        """An event as it is named by what holds of it."""
        days, kinds, effects = (self._change(event, name)[0] for name in ("date", "type", "effect"))
        date = event.date
        if self._change(event, "date") != ([], []):
            date = next(map(_lexical, reversed(days or [*self._values(event, "date")])), None)
        return replace(
            event,
            date=date,
            kind=_name(kinds[-1]) if kinds else event.kind,
            effect=_name(effects[-1]) if effects else event.effect,
            principals=self._principals(event),
        )

    def _change(self, event: Event, *names: str) -> tuple[list[Fact], list[Fact]]:
        """The facts of an event that came and those that went."""
        came, gone = (
            [it for it in facts if isinstance(it, Fact) and it.subject == event and it.predicate in names]
            for facts in (self.put, self.rejected)
        )
        return came, gone

    def _principals(self, event: Event) -> tuple[Entity, ...]:
        came, gone = self._change(event, *PARTIES)
        there = [it.object for it in self._values(event, *PARTIES)]
        instead = {old.object: new.object for new in came if isinstance(old := self.put[new], Fact)}
        named = [instead.get(it, it) for it in event.principals]
        kept = [it for it in named if it in there or it not in [old.object for old in gone]]
        few = len(kept) < 2 and not event.directed
        kept += [it.object for it in came if few and it.object not in kept]
        return tuple(dict.fromkeys(it for it in kept if isinstance(it, Entity)))


def _by_iri(statements: Iterable[Statement], document: Document) -> dict[str, Statement]:
    return {_iri(it, document): it for it in statements}


def _iri(statement: Statement, document: Document) -> str:
    return statement_iri(statement, document.id)


def _lexical(fact: Fact) -> str | None:
    return fact.object.lexical if isinstance(fact.object, Literal) else None


def _name(fact: Fact) -> str:
    assert isinstance(fact.object, Name)
    return fact.object.name
