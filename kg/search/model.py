"""What is searched for, and what is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["FACETS", "Facet", "Filters", "Found", "Hit", "Mention", "Near", "Passage", "Span", "Widening"]

Span: TypeAlias = tuple[int, int]
FACETS = ("side", "speaker", "topic", "kind", "year", "publisher")


@dataclass(frozen=True, slots=True)
class Filters:
    """What found passages must be of; what is empty narrows nothing.

    Attributes:
        side: Local name of the account that the document gives, such as `ChinaAccount`.
        speaker: IRI of who says something in the passage.
        topic: IRI of what the passage is about; topics below it count.
        kind: Local name of the document's class, such as `Readout`.
        year: In which the document was published.
        publisher: IRI of who published it.
    """

    side: str = ""
    speaker: str = ""
    topic: str = ""
    kind: str = ""
    year: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a document's body.

    Attributes:
        start: Offset of the first character in the body.
        end: Offset after the last.
        text: The characters.
        lit: What of them was searched for: offsets in the body.
        speakers: IRIs of those who say something in it.
        topics: IRIs of what it is about.
    """

    start: int
    end: int
    text: str
    lit: tuple[Span, ...] = ()
    speakers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found.

    Attributes:
        document: Its IRI.
        title: Its title.
        kind: Local name of its class.
        side: Local name of the account that it gives.
        publisher: IRI of who published it; empty if nobody says.
        issued: Day of publication; empty likewise.
        passages: The best of those that were found, in order of the text.
        more: How many others there are.
        title_lit: What of the title was searched for.
    """

    document: str
    title: str
    kind: str
    side: str
    publisher: str
    issued: str
    passages: tuple[Passage, ...]
    more: int = 0
    title_lit: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that what was found can be narrowed to, and how many documents then stay."""

    value: str
    number: int


@dataclass(frozen=True, slots=True)
class Widening:
    """Other names of what a word of the query means, which are searched for as well."""

    word: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives.

    Attributes:
        total: How many documents were found.
        hits: Part of them, the best first.
        facets: By name of `FACETS`, what they can be narrowed to, the most frequent first.
        widened: What else was searched for.
        offered: What else could be searched for.
        unused: What of the query was not used: it has no letter or digit, or is too much.
        is_complete: Whether the index holds all of the store; if not, it is being made.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[Facet, ...]] = field(default_factory=dict)
    widened: tuple[Widening, ...] = ()
    offered: tuple[Widening, ...] = ()
    unused: str = ""
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Near:
    """What passages are wanted near of, where the graph has no fact.

    Attributes:
        topics: IRIs; those below each count as well.
        agents: IRIs of persons, organizations and countries.
        words: Words and phrases as they were typed, such as names that are not known.
        start: First day, month or year (`2025-06-05`, `2025-06`, `2025`) that is asked about; empty if any.
        end: Last one, likewise.
        yearless: Month, or month and day, of a year that is not named: `06`, `06-05`.
    """

    topics: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    yearless: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A passage that names what was asked about; no fact was read from it that answers.

    Attributes:
        document: IRI of the document.
        title: Its title.
        publisher: English name of who published it; empty if nobody says.
        issued: Day of publication; empty likewise.
        start: Offset of the passage in the body.
        end: Offset after it.
        exact: Its words.
        before: Words of the document before it.
        after: Words after it.
        lit: What of it was searched for: offsets in the body.
        names: What it names of what was asked about, in English.
        missing: What it does not name, likewise.
        speakers: IRIs of those who say something in it.
    """

    document: str
    title: str
    publisher: str
    issued: str
    start: int
    end: int
    exact: str
    before: str = ""
    after: str = ""
    lit: tuple[Span, ...] = ()
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
