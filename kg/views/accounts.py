"""One event as each side tells it: a row for each topic, a column for each account."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.store import Store
from kg.views.statements import ACCOUNTS, CLAIM_KINDS, StatementSummary, select_statements

__all__ = ["EventAccounts", "EventDetail", "TopicAccounts", "TopicCell", "event_accounts"]

_PATTERN = "{{ ?statement rdf:subject {event} }} UNION {{ ?statement kg:inEvent {event} }}"
_TOPICAL = {"mainTopic": "main", "discussedTopic": "discussed", "excludedTopic": "excluded"}
_DETAILS = ("date", "endDate", "dateStatus", "dayPart", "duration", "medium", "place", "placeStatus",
                "initiator", "host", "inviter", "invitee", "imposedBy", "target", "status")  # fmt: skip
_LINKS = ("follows", "precedes", "firstSince", "invitedTo")


@dataclass(frozen=True, slots=True)
class TopicCell:
    """What one account says of one topic.

    Attributes:
        account: Local name of the account.
        facts: That the topic was raised, or was not.
        claims: What was said on it.
    """

    account: str
    facts: tuple[StatementSummary, ...]
    claims: tuple[StatementSummary, ...]

    @property
    def is_silent(self) -> bool:
        """Whether the account has no word of the topic."""
        return not self.facts and not self.claims

    @property
    def statements(self) -> tuple[StatementSummary, ...]:
        """What it says: that the topic was left out first, then claims, then that it was raised."""
        return (*(it for it in self.facts if self._excludes(it)), *self.claims,
                *(it for it in self.facts if not self._excludes(it)))  # fmt: skip

    @property
    def distinct(self) -> list[StatementSummary]:
        """Its statements, without those that stand on words which another one has already."""
        kept: list[StatementSummary] = []
        for it in self.statements:
            shown = [quote.exact for one in kept for quote in one.quotes]
            if not any(quote.exact in words for quote in it.quotes for words in shown):
                kept.append(it)
        return kept

    @property
    def excludes(self) -> bool:
        """Whether it says that the topic was not raised."""
        return any(self._excludes(it) for it in self.facts)

    @property
    def raises(self) -> bool:
        """Whether it says that the topic was raised, or that somebody spoke of it."""
        return bool(self.claims) or any(not self._excludes(it) for it in self.facts)

    @property
    def is_main(self) -> bool:
        """Whether it says that the topic filled most of the event."""
        return any(it.relation == "mainTopic" and not it.is_negated for it in self.facts)

    @staticmethod
    def _excludes(it: StatementSummary) -> bool:
        return (it.relation == "excludedTopic") != it.is_negated


@dataclass(frozen=True, slots=True)
class TopicAccounts:
    """One topic in the three accounts."""

    topic: str
    cells: tuple[TopicCell, ...]

    @property
    def tellers(self) -> tuple[str, ...]:
        """The accounts that have a word of it."""
        return tuple(cell.account for cell in self.cells if not cell.is_silent)

    @property
    def is_contradicted(self) -> bool:
        """Whether somebody says that it was raised and somebody that it was not."""
        return any(cell.excludes for cell in self.cells) and any(cell.raises for cell in self.cells)

    @property
    def sort_key(self) -> tuple[bool, bool, bool, int, str]:
        """Contradictions first, then what both sides tell, what was left out, what most accounts tell."""
        both = set(ACCOUNTS[:2]) <= set(self.tellers)
        left_out = any(cell.excludes for cell in self.cells)
        return not self.is_contradicted, not both, not left_out, -len(self.tellers), self.topic


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One value of one property of the event, with the statements that give it."""

    relation: str
    value: str
    statements: tuple[StatementSummary, ...]

    @property
    def accounts(self) -> tuple[str, ...]:
        """Who gives it, in the order of the columns."""
        given = {account for it in self.statements for account in it.accounts}
        return tuple(account for account in ACCOUNTS if account in given)


@dataclass(frozen=True)
class EventAccounts:
    """All that is said of one event.

    Attributes:
        event: Its identifier.
        statements: All of them.
    """

    event: str
    statements: tuple[StatementSummary, ...]

    @cached_property
    def rows(self) -> tuple[TopicAccounts, ...]:
        """The topics, those where the tellings part first."""
        cells: defaultdict[str, defaultdict[str, list[StatementSummary]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for it in self.statements:
            for topic in _topics(it, self.event):
                for account in it.accounts:
                    cells[topic][account].append(it)
        rows = [
            TopicAccounts(topic, tuple(_cell(account, its[account]) for account in ACCOUNTS))
            for topic, its in cells.items()
        ]
        return tuple(sorted(rows, key=lambda row: row.sort_key))

    @cached_property
    def details(self) -> tuple[EventDetail, ...]:
        """Date, place, duration and the like, each value with who gives it."""
        found: defaultdict[tuple[str, str], list[StatementSummary]] = defaultdict(list)
        for it in self._facts:
            if it.relation in _DETAILS and not it.is_negated:
                found[it.relation, it.object].append(it)
        ordered = sorted(found, key=lambda pair: (_DETAILS.index(pair[0]), pair[1]))
        return tuple(
            EventDetail(relation, value, tuple(found[relation, value])) for relation, value in ordered
        )

    @cached_property
    def claims(self) -> Mapping[str, Mapping[str, tuple[StatementSummary, ...]]]:
        """Claims by kind, then by account."""
        found = {kind: _by_account(it for it in self.statements if it.kind == kind) for kind in CLAIM_KINDS}
        return {kind: by_account for kind, by_account in found.items() if by_account}

    @cached_property
    def links(self) -> tuple[StatementSummary, ...]:
        """Facts that tie the event to others."""
        return tuple(it for it in self._facts if it.relation in _LINKS and not it.is_negated)

    @cached_property
    def denials(self) -> tuple[StatementSummary, ...]:
        """Facts that somebody denies, but for those on topics."""
        return tuple(it for it in self._facts if it.is_negated and it.relation not in _TOPICAL)

    @cached_property
    def documents(self) -> Mapping[str, tuple[str, ...]]:
        """The documents that tell of the event, each with the accounts in it."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for it in self.statements:
            found[it.document].update(it.accounts)
        return {document: tuple(a for a in ACCOUNTS if a in found[document]) for document in sorted(found)}

    @property
    def _facts(self) -> Iterator[StatementSummary]:
        return (it for it in self.statements if it.subject == self.event)


def event_accounts(store: Store, event: str) -> EventAccounts:
    """All that the store's documents say of an event; nothing if no document tells of it."""
    return EventAccounts(event, tuple(select_statements(store, _PATTERN, event=event)))


def _topics(it: StatementSummary, event: str) -> Sequence[str]:
    if it.is_claim:
        return sorted({*it.about, *it.affirms})
    return (it.object,) if it.subject == event and it.relation in _TOPICAL else ()


def _cell(account: str, statements: Iterable[StatementSummary]) -> TopicCell:
    held = list(statements)
    return TopicCell(
        account, tuple(it for it in held if not it.is_claim), tuple(it for it in held if it.is_claim)
    )


def _by_account(statements: Iterable[StatementSummary]) -> dict[str, tuple[StatementSummary, ...]]:
    found: defaultdict[str, list[StatementSummary]] = defaultdict(list)
    for it in statements:
        for account in it.accounts:
            found[account].append(it)
    return {account: tuple(found[account]) for account in ACCOUNTS if account in found}
