"""Words that somebody puts forward, as they are found in a sentence."""

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.references.discourse import Party
from kg.extract.rules import CueRule
from kg.extract.text.reading import Sentence

ACCORDING = "according to"


@dataclass(frozen=True, slots=True)
class Attributed:
    """Words that somebody puts forward.

    Attributes:
        sentence: Where.
        start: Offset of the first character.
        end: Offset after the last character.
        head: The word that heads them.
        claimants: Who says so; empty for the document's own voice.
        cue: The reporting words.
        rule: The rule that found the cue; `None` where a speaker simply goes on.
        noun: Lemma of the noun of the reporting phrase (“raised *concerns*”).
        relay: The outlet between claimant and document.
        is_negated: Whether the claimant denies it.
        verb: The reporting verb.
        is_promise: Whether it is an item of a list of promises.
        is_chained: Whether that verb shares the subject of the reporting verb before it.
    """

    sentence: Sentence
    start: int
    end: int
    head: Token
    claimants: tuple[Party, ...] = ()
    cue: str | None = None
    rule: CueRule | None = None
    noun: str | None = None
    relay: Party | None = None
    is_negated: bool = False
    verb: Token | None = None
    is_chained: bool = False
    is_promise: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether somebody says something, and not only opposes or welcomes it."""
        return self.rule is None or not self.rule.attitude
