"""All claims at a glance: who says something of what, so that lists of claims need no search.

Read once for each state of the store, like the event index; what a claim says in words is fetched when shown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.store import Store
from kg.views.event_index import EventIndex
from kg.views.pagination import Key
from kg.views.rows import local, rows
from kg.views.statements import ACCOUNTS, CLAIM_KINDS

__all__ = ["ClaimFilter", "ClaimIndex", "ClaimSummary"]

_LATEST = 8  # claims of each account on a topic
_ALL = "?claim kg:content ?content"
_KINDS = "SELECT ?claim ?kind WHERE {{ VALUES ?kind {{ {kinds} }} ?claim a ?kind }}"
_EACH = "SELECT ?claim ?value WHERE {{ {claims} . ?claim {property} ?value }}"


@dataclass(frozen=True, slots=True)
class ClaimSummary:
    """One claim.

    Attributes:
        iri: Its identifier.
        kind: Local name of its class.
        claimants: Who says it.
        about: Topics, and policies that it affirms.
        accounts: Local names of the accounts that it belongs to.
        event: The exchange in which it was said; empty if nobody says.
        document: The document that reports it.
        issued: Its day of publication; empty if it has none.
    """

    iri: str
    kind: str
    claimants: tuple[str, ...]
    about: tuple[str, ...]
    accounts: tuple[str, ...]
    event: str
    document: str
    issued: str

    @property
    def key(self) -> Key:
        """Order in time, as far as documents tell."""
        return self.issued, self.document, self.iri


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims a reader wants to see; what is empty narrows nothing.

    Attributes:
        by: Who says it; of a country also those who speak for it.
        about: Topic, or one above it.
        account: Local name of the account.
        kind: Local name of the class.
        event: The exchange in which it was said.
        document: The document that reports it.
    """

    by: str = ""
    about: str = ""
    account: str = ""
    kind: str = ""
    event: str = ""
    document: str = ""


class ClaimIndex:
    """The claims of one state of a store.

    Attributes:
        lines: All of them, the oldest first.
    """

    def __init__(self, store: Store, event_index: EventIndex) -> None:
        self._event_index = event_index
        self.lines: tuple[ClaimSummary, ...] = tuple(
            sorted(_lines(store, event_index), key=lambda it: it.key)
        )

    @cached_property
    def by_topic(self) -> Mapping[str, Sequence[ClaimSummary]]:
        """The claims on each topic or one below it, the oldest first."""
        found: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
        for it in self.lines:
            for topic in self._event_index.all_around(it.about):
                found[topic].append(it)
        return found

    @cached_property
    def by_agent(self) -> Mapping[str, Sequence[ClaimSummary]]:
        """The claims of each agent, those of a country with what is said for it, the oldest first."""
        found: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
        for it in self.lines:
            sides = {side for who in it.claimants for side in self._event_index.represents.get(who, ())}
            for who in sides.union(it.claimants):
                found[who].append(it)
        return found

    @cached_property
    def by_claimant(self) -> Mapping[str, Sequence[ClaimSummary]]:
        """The claims that each agent makes itself, the oldest first."""
        found: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
        for it in self.lines:
            for who in it.claimants:
                found[who].append(it)
        return found

    @cached_property
    def subjects(self) -> Mapping[str, Counter[str]]:
        """By agent, how many claims it makes itself on which topic, those below it not counted."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for topic, numbers in self.claimants.items():
            for who, number in numbers.items():
                found[who][topic] = number
        return found

    @cached_property
    def claimants(self) -> Mapping[str, Counter[str]]:
        """By topic, who makes how many claims on it, those below it not counted."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for it in self.lines:
            for topic in it.about:
                found[topic].update(it.claimants)
        return found

    @cached_property
    def numbers(self) -> Mapping[str, Counter[tuple[str, str]]]:
        """By topic, numbers of claims on it or one below it, by year of their documents and by account."""
        found: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for topic, lines in self.by_topic.items():
            for it in lines:
                if it.issued:
                    found[topic].update((it.issued[:4], account) for account in it.accounts)
        return found

    @cached_property
    def latest(self) -> Mapping[str, Mapping[str, Sequence[ClaimSummary]]]:
        """By topic and account, the latest few claims on it or one below it, the newest first."""
        return {topic: _latest(lines) for topic, lines in self.by_topic.items()}

    def warm(self) -> None:
        """Make now what would be made when first needed."""
        for made in (self.by_agent, self.by_claimant, self.subjects, self.numbers, self.latest):
            assert made is not None

    def select(self, wanted: ClaimFilter) -> Sequence[ClaimSummary]:
        """The claims that a reader wants, the oldest first."""
        pools = [self.by_agent.get(wanted.by, ())] if wanted.by else []
        pools += [self.by_topic.get(wanted.about, ())] if wanted.about else []
        pool = min(pools, key=len, default=self.lines)
        if wanted in (ClaimFilter(by=wanted.by), ClaimFilter(about=wanted.about)):
            return pool  # which is just that
        return [it for it in pool if self._fits(it, wanted)]

    def _fits(self, it: ClaimSummary, wanted: ClaimFilter) -> bool:
        return (
            (not wanted.by or self._speaks(wanted.by, it))
            and (not wanted.about or self._event_index.any_within(it.about, wanted.about))
            and (not wanted.kind or it.kind == wanted.kind)
            and (not wanted.account or wanted.account in it.accounts)
            and (not wanted.event or it.event == wanted.event)
            and (not wanted.document or it.document == wanted.document)
        )

    def _speaks(self, agent: str, it: ClaimSummary) -> bool:
        return any(who == agent or agent in self._event_index.represents.get(who, ()) for who in it.claimants)


def _latest(lines: Sequence[ClaimSummary]) -> dict[str, list[ClaimSummary]]:
    found: defaultdict[str, list[ClaimSummary]] = defaultdict(list)
    for it in reversed(lines):
        for account in it.accounts:
            if len(found[account]) < _LATEST:
                found[account].append(it)
        if all(len(found[account]) == _LATEST for account in ACCOUNTS):
            break
    return found


def _lines(store: Store, event_index: EventIndex) -> Iterator[ClaimSummary]:
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}  # few claimants and topics make many claims

    def many(values: Iterable[str]) -> tuple[str, ...]:
        made = tuple(sorted(set(values)))
        return shared.setdefault(made, made)

    names = " ".join(f"kg:{kind}" for kind in CLAIM_KINDS)
    kinds = {row[0]: row[1] for row in rows(store, _KINDS.format(kinds=names))}
    who, topics, policies, accounts, events = (
        _values(store, name) for name in ("kg:claimant", "kg:about", "kg:affirms", "kg:account", "kg:inEvent")
    )
    for claim, [document, *_] in _values(store, "kg:reportedIn").items():
        yield ClaimSummary(
            iri=claim,
            kind=local(kinds.get(claim, "#Claim")),
            claimants=many(who[claim]),
            about=many([*topics[claim], *policies[claim]]),
            accounts=many(map(local, accounts[claim])),
            event=min(events[claim], default=""),
            document=document,
            issued=event_index.issued(document),
        )


def _values(store: Store, property_: str) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for claim, value in rows(store, _EACH.format(claims=_ALL, property=property_)):
        found[claim].append(value)
    return found
