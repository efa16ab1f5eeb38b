"""Tells which rules fire on a text, which others its words call up, and why those give nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.extract.clauses.en import parse
from kg.extract.engine import Engine
from kg.extract.rules import CueRule, EventRule, GroupRule, Rule, Rules, TopicRule, TypeRule, load
from kg.extract.text.reading import Reading
from kg.lexicon import Lexicon
from kg.model import Document, Statement

_MEANINGS = {
    "pair": "only “two”, “both”, “the” or “their” before it would mean the principals",
    "sides": "only “two”, “both”, “the” or “their” before it would mean the two countries",
    "country": "no country stands before it, or after “of” or “from”",
    "group": "another rule or name already told who is meant",
    "role": "nobody was named before who holds such an office",
}


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule whose words occur but that gave nothing.

    Attributes:
        rule: The rule.
        word: The word that called it up.
        reason: The first of its conditions that does not hold.
    """

    rule: Rule
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the rules make of a text.

    Attributes:
        fired: Each rule that gave something, with the words that it gave it for.
        almost: Each rule whose verb or noun occurs but that gave nothing, with the reason.
        statements: What came out.
    """

    fired: tuple[tuple[Rule, str], ...]
    almost: tuple[Miss, ...]
    statements: tuple[Statement, ...]


def explain(
    text: str, lexicon: Lexicon, *, published: str | None = None, kind: str = "Article",
    rules: Rules | None = None,
) -> Explanation:  # fmt: skip
    """Read `text` as a document of its own and tell what its rules did.

    Args:
        text: A sentence or more.
        lexicon: The names to know.
        published: Day as of which dates are resolved.
        kind: Class of document; in a readout, speech goes on from sentence to sentence.
        rules: What to read with; by default the package's and the user's own.
    """
    reading = Reading(Document(id="text", body=text, published=published, kind=kind), lexicon)
    reading.take(parse(reading.texts()))
    engine = Engine(reading, load() if rules is None else rules)
    statements = tuple(engine.statements())
    fired = tuple(dict.fromkeys(engine.fired))
    ids = {rule.id for rule, _ in fired}
    missed = {miss.rule.id: miss for miss in _missed(engine) if miss.rule.id not in ids}
    return Explanation(fired, tuple(missed[name] for name in sorted(missed)), statements)


def _missed(engine: Engine) -> Iterator[Miss]:
    """What gave nothing, the best told reason of a rule last."""
    words = {token.lemma_.lower(): token.text for s in engine.reading.sentences for token in s.span}
    yield from _called(engine.rules.events, words, "its noun or verb stands here as another part of speech")
    yield from _called(engine.rules.cues, words, "another rule already took its verb, or it is no verb here")
    for rule in engine.rules.topics:
        yield from _called([rule], words, _topic_reason(rule, engine.reading))
    for group in engine.rules.groups:
        yield from _called([group], words, _group_reason(group, engine.reading))
    yield from _types(engine)
    for missed, word, reason in (*engine.claims.attributions.missed, *engine.events.missed):
        yield Miss(missed, word.text, reason)


def _called(rules: Iterable[Rule], words: dict[str, str], reason: str) -> Iterator[Miss]:
    for rule in rules:
        for word in sorted(_triggers(rule) & words.keys())[:1]:
            yield Miss(rule, words[word], reason)


def _topic_reason(rule: TopicRule, reading: Reading) -> str:
    if not reading.mentions.topics:
        return "the text names no topic"
    if rule.objects:
        return f"objects: none of {', '.join(sorted(rule.objects))} is its object"
    if rule.particles:
        return f"particles: none of {', '.join(sorted(rule.particles))} hangs on it"
    return f"no topic stands in its {', '.join(rule.topics)}, or no exchange is told that it may be of"


def _group_reason(rule: GroupRule, reading: Reading) -> str:
    tags = {token.tag_ for s in reading.sentences for token in s.span if token.lemma_.lower() in rule.nouns}
    if rule.plural and not tags & {"NNS", "NNPS"}:
        return "plural: only its plural counts"
    return _MEANINGS[rule.meaning]


def _types(engine: Engine) -> Iterator[Miss]:
    """The classes that a claim has the words for, while another one was given to it."""
    order = [rule.id for rule in engine.rules.types]
    for draft, _ in engine.claimed:
        words = engine.reading.text[draft.start : draft.end]
        for rule in engine.rules.types:
            found = re.search(rule.pattern, words) if rule.pattern else None
            if found and rule.id != draft.rule.id:
                is_later = order.index(draft.rule.id) < order.index(rule.id)
                reason = f"{draft.rule.id} decided before it" if is_later else _type_reason(rule, words)
                yield Miss(rule, found[0], reason)


def _type_reason(rule: TypeRule, words: str) -> str:
    if rule.not_pattern and (found := re.search(rule.not_pattern, words)):
        return f"not_pattern: “{found[0]}” stands there"
    wanted = (("claimants", rule.claimants), ("subject", rule.subject), ("cues", rule.cues))
    told = [f"{name} must be {' or '.join(sorted(values))}" for name, values in wanted if values]
    return "; ".join(told) or "the reporting word fixes another class"


def _triggers(rule: Rule) -> frozenset[str]:
    """The words without which a rule cannot fire."""
    if isinstance(rule, EventRule):
        return rule.nouns | rule.verbs
    if isinstance(rule, TopicRule | CueRule):
        return rule.verbs
    return rule.nouns if isinstance(rule, GroupRule) else frozenset()
