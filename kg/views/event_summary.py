"""An event in a line of a list, and which events a reader wants to see."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EventFilter", "EventSummary", "Names"]


@dataclass(frozen=True, slots=True)
class Names:
    """What a thing is called; `zh` is empty if nobody says."""

    en: str
    zh: str = ""


@dataclass(frozen=True, slots=True)
class EventSummary:
    """One event.

    Attributes:
        iri: Its identifier.
        kind: Folder of the identifier (`call`, `trade-talk`).
        status: Local name of the status.
        date: First day, month or year; `None` if no document gives it.
        end: Last day, if it lasts longer.
        agents: Who takes part, sorted by IRI.
        discussed: Topics that some account says were raised, each with the accounts that say so.
        excluded: Topics that some account says were not raised, likewise.
        accounts: Local names of the accounts that tell of it.
        date_basis: Where its day comes from if no text states it: `DayOfPublication` or `Title`.
    """

    iri: str
    kind: str
    status: str
    date: str | None
    end: str | None
    agents: tuple[str, ...]
    discussed: Mapping[str, frozenset[str]]
    excluded: Mapping[str, frozenset[str]]
    accounts: frozenset[str]
    date_basis: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Order in time; undated ones first."""
        return self.date or "", self.iri


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events a reader wants to see; what is empty narrows nothing.

    Attributes:
        kind: Folder of the identifier.
        agents: All of them take part.
        topic: Raised or left out, or one below it.
        status: Local name.
        account: Local name of an account that tells of it.
        start: First date; a less exact date counts if it may fall in.
        end: Last date, likewise.
        excluded: Left out by some account's telling, or one below it.
        countries: Each takes part, or somebody who acts for it.
    """

    kind: str = ""
    agents: tuple[str, ...] = ()
    topic: str = ""
    status: str = ""
    account: str = ""
    start: str = ""
    end: str = ""
    excluded: str = ""
    countries: tuple[str, ...] = ()
