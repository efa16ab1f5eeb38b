"""What a question asks: what is wanted, of what, and the slots that narrow it."""

from dataclasses import dataclass, field
from typing import Literal

from kg.questions.periods import ANY_TIME, Period

__all__ = ["Frame", "Of", "Party", "Want"]

Want = Literal[
    "list",
    "count",
    "first",
    "last",
    "when",
    "duration",
    "interval",
    "whether",
    "who",
    "where",
    "topics",
    "words",
    "compare",
    "changed",
]
Of = Literal["events", "topics", "claims", "agreements", "documents", "offices", "invitations"]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom a question names: a person, a country, an office, or several of whom any may be meant.

    Attributes:
        label: What to call it, in the language of the question.
        iris: Who may be meant.
        start: Where in the question it stands.
        is_side: Whether it is a country.
    """

    label: str
    iris: tuple[str, ...]
    start: int = -1
    is_side: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A question as it is understood.

    Attributes:
        question: As it was typed.
        language: `en` or `zh`.
        want: What kind of answer is wanted.
        of: What it is about.
        kinds: Folders of identifiers of events: `call`, `meeting` …
        is_guess: Whether the word that tells what is asked was not understood.
        is_trade: Whether only exchanges on trade count.
        in_person: Whether only exchanges in one place count.
        planned: Whether what lies ahead is meant.
        parties: Who must have taken part, each of them; for claims those who speak.
        to: To whom something is said.
        topics: IRIs of topics, any of which may be meant.
        offices: IRIs of offices that are asked about.
        places: IRIs of places, any of which may be meant; per place that is named one tuple.
        period: When.
        claims: Local names of classes of claims; empty for any.
        excluded: Whether it asks for what was not raised.
        account: Local name of the account that alone is asked for.
        one_sided: Whether only what one account has is asked for.
        by_side: Whether the two sides are set against each other.
        words: What a text must say that is no name we know.
        wordings: Words that name a topic and are narrower than it: “Thucydides Trap”.
        named_wordings: These as they were typed, if `wordings` is only part of them.
        is_narrow: Whether they name somebody or something, so that the rest of the topic is no answer.
        is_widened: Whether the wordings are those words of a narrower name that the topic's own has not.
        of_side: IRI of the country whose people are asked for (“which *American* officials”).
        cancelled: Whether it supposes that something was called off or refused.
        why: Whether it asks for causes.
        number: How many of the first or last are asked for.
        is_special: Whether it has words that only a question of the catalogue answers.
        is_plural: Whether several are asked for.
        unknown: Words that could not be bound.
        corrected: Pairs of what was typed and what was read.
        order: Whether the first or the last of them is wanted, beside what else is.
        after: For an interval, the event that it begins with.
    """

    question: str
    language: str = "en"
    want: Want = "list"
    of: Of = "events"
    kinds: tuple[str, ...] = ()
    is_guess: bool = False
    is_trade: bool = False
    in_person: bool = False
    planned: bool = False
    parties: tuple[Party, ...] = ()
    to: tuple[Party, ...] = ()
    topics: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    places: tuple[tuple[str, ...], ...] = ()
    period: Period = ANY_TIME
    claims: tuple[str, ...] = ()
    excluded: bool = False
    account: str = ""
    one_sided: bool = False
    by_side: bool = False
    words: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    named_wordings: tuple[str, ...] = ()
    is_narrow: bool = False
    is_widened: bool = False
    of_side: str = ""
    cancelled: bool = False
    why: bool = False
    is_plural: bool = False
    number: int = 1
    is_special: bool = False
    unknown: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    order: Literal["", "first", "last"] = ""
    after: "Frame | None" = field(default=None)
