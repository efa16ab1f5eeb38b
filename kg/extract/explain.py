"""Tells which rules fire on a text, and which others its words call up."""

from dataclasses import dataclass

from kg.extract.engine import Engine
from kg.extract.reading import Reading
from kg.extract.rules import CueRule, EventRule, GroupRule, Rule, TopicRule, load
from kg.extract.syntax import parse
from kg.lexicon import Lexicon
from kg.model import Document, Statement


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the rules make of a text.

    Attributes:
        fired: Each rule that gave something, with the words that it gave it for.
        almost: Each rule whose verb or noun occurs but that gave nothing, with that word.
        statements: What came out.
    """

    fired: tuple[tuple[Rule, str], ...]
    almost: tuple[tuple[Rule, str], ...]
    statements: tuple[Statement, ...]


def explain(
    text: str, lexicon: Lexicon, *, published: str | None = None, kind: str = "Article"
) -> Explanation:
    """Read `text` as a document of its own and tell what its rules did.

    Args:
        text: A sentence or more.
        lexicon: The names to know.
        published: Day as of which dates are resolved.
        kind: Class of document; in a readout, speech goes on from sentence to sentence.
    """
    reading = Reading(Document(id="text", body=text, published=published, kind=kind), lexicon)
    reading.take(parse(reading.texts()))
    engine = Engine(reading, load())
    statements = tuple(engine.statements())
    fired = tuple(dict.fromkeys(engine.fired))
    ids = {rule.id for rule, _ in fired}
    lemmas = {token.lemma_.lower(): token.text for s in reading.sentences for token in s.span}
    almost = [(rule, lemmas[word]) for rule in load().all() if rule.id not in ids
              for word in sorted(_triggers(rule) & lemmas.keys())[:1]]  # fmt: skip
    return Explanation(fired, tuple(almost), statements)


def _triggers(rule: Rule) -> frozenset[str]:
    """The words without which a rule cannot fire."""
    if isinstance(rule, EventRule):
        return rule.nouns | rule.verbs
    if isinstance(rule, TopicRule | CueRule):
        return rule.verbs
    return rule.nouns if isinstance(rule, GroupRule) else frozenset()
