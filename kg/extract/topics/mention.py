"""A topic that a sentence puts into or out of an exchange: the hand-over from the finders to the engine."""

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.references.mentions import TopicMention
from kg.extract.rules import TopicRule
from kg.extract.text.reading import Sentence
from kg.model import Certainty


@dataclass(frozen=True, slots=True)
class TopicStatement:
    """A topic that a sentence puts into or out of an exchange.

    Attributes:
        rule: The rule that found it.
        sentence: Where.
        trigger: The word of raising or leaving out; `None` where a phrase tells so.
        predicate: `discussedTopic`, `mainTopic` or `excludedTopic`.
        topic: What was raised or not.
        certainty: Whether it is told with a reservation.
        is_ahead: Whether it is told of an exchange to come.
        offset: Where the words stand whose source is asked for.
        speaker: Who answered so, where nothing but “no” was said.
        around: Of a phrase, its words without the topics: where they were left out.
    """

    rule: TopicRule
    sentence: Sentence
    trigger: Token | None
    predicate: str
    topic: TopicMention
    certainty: Certainty = "Certain"
    is_ahead: bool = False
    offset: int = -1
    speaker: Token | None = None
    around: tuple[Token, ...] = ()

    @property
    def is_excluded(self) -> bool:
        """Whether it was left out."""
        return self.predicate == "excludedTopic"

    @property
    def said_at(self) -> int:
        """Offset of the words that tell so."""
        return self.offset if self.offset >= 0 else self.topic.start
