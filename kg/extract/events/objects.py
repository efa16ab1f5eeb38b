"""What a measure is on: the goods, technologies or matters that tell it from others of its kind and day."""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.events.governors import TriggerSite
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.identity import slug

PARTS = frozenset({"compound", "amod", "nmod"})
LONGEST_TOPIC = 60  # characters of a topic's name, such as “export controls on rare earths”
ON_GOODS = frozenset({"TariffAction", "ExportControl"})


def objects_of(kind: str, site: TriggerSite, reading: Reading, rules: Rules) -> frozenset[str]:
    """Slugs of what a measure is on: topics where the reference data know it, else the noun behind “on”."""
    named = dict.fromkeys((site.trigger, site.nominal or site.trigger))
    bearers = [*named, *([site.governor] if site.governor is not None else [])]
    found: set[str] = set()
    for noun in (c for word in named for c in word.children if c.dep_ in PARTS):
        is_of_goods = noun.dep_ == "compound" and kind in ON_GOODS
        found |= _named(noun, reading, rules, with_goods=is_of_goods)
    for preposition in (c for word in bearers for c in word.children):
        if preposition.lower_ in rules.lists["goods_prepositions"]:
            is_on = preposition.lower_ in rules.lists["goods_marks"] and kind in ON_GOODS
            for noun in _with_others(preposition):
                found |= _named(noun, reading, rules, with_goods=is_on)
    return frozenset(found)


def _named(noun: Token, reading: Reading, rules: Rules, *, with_goods: bool) -> set[str]:
    """The topics that a noun names, else with `with_goods` the goods."""
    return {*_topics(noun, reading, rules)} or ({*_goods(noun, reading, rules)} if with_goods else set())


def _with_others(preposition: Token) -> Iterator[Token]:
    """“on *steel*, *aluminum* and *cars*”."""
    ahead = [c for c in preposition.children if c.dep_ == "pobj"]
    while ahead:
        noun = ahead.pop()
        yield noun
        ahead += [c for c in noun.children if c.dep_ in ("conj", "appos")]


def _topics(noun: Token, reading: Reading, rules: Rules) -> Iterator[str]:
    """The topics that a noun and the words before it name, but those of measures and trade as such."""
    left = min(start_of(word) for word in (noun, *(c for c in noun.children if c.dep_ in PARTS)))
    for mention in reading.mentions.topics_in(left, end_of(noun)):
        if (name := mention.entry.iri.rsplit("/", 1)[-1]) not in rules.lists["broad_matters"]:
            yield name


def _goods(noun: Token, reading: Reading, rules: Rules) -> Iterator[str]:
    """The noun itself; “imports of *steel*” are called by what is imported."""
    start, end = start_of(noun), end_of(noun)
    is_name = bool(reading.mentions.agents_in(start, end) or reading.mentions.places_in(start, end))
    is_name |= any(m.end > start for m in reading.mentions.topics_in(max(0, start - LONGEST_TOPIC), start))
    if noun.pos_ != "NOUN" or is_name or not noun.is_alpha or len(noun) <= 2:
        return
    if noun.lemma_.lower() not in rules.lists["goods_words"]:
        yield slug(noun.lemma_)
        return
    for preposition in noun.children:
        if preposition.lower_ == "of":
            for inner in _with_others(preposition):
                yield from _named(inner, reading, rules, with_goods=True)
    if any(_topics(noun, reading, rules)):
        return
    for part in noun.children:
        if part.dep_ == "compound":
            yield from _goods(part, reading, rules)
