"""The source of what a document tells: itself, or those whose words it gives."""

import pytest

from kg.extract.claims.finder import Attribution, ClaimFinder
from kg.extract.clauses.en import parse
from kg.extract.references.discourse import Discourse
from kg.extract.references.resolver import Resolver
from kg.extract.rules import load
from kg.extract.text.reading import Reading
from kg.lexicon import Lexicon
from kg.model import Document


def _source(text: str, word: str, lexicon: Lexicon, kind: str = "Article", **fields: str) -> Attribution:
    document = Document("text", text, kind, published="2025-06-06", **fields)  # type: ignore[arg-type]
    reading, rules = Reading(document, lexicon), load()
    reading.take(parse(reading.texts()))
    finder = ClaimFinder(reading, rules, Resolver(reading, rules, Discourse()))
    offset = text.index(word)
    for sentence in reading.sentences:
        finder.resolver.discourse.voice = finder.enter(sentence)
        attributions = finder.attribute(sentence)
        if sentence.start <= offset < sentence.end:
            return attributions.attribution_at(offset)
        finder.claims(sentence, attributions, ())
    raise AssertionError(word)


def _names(source: Attribution) -> list[str]:
    return [(party.entity.iri or party.entity.label).rsplit("/", 1)[-1] for party in source.claimants]


@pytest.mark.parametrize(
    ("text", "word", "claimants"),
    [
        ("President Trump and President Xi Jinping spoke on Friday.", "spoke", []),
        ("Wang Yi and Marco Rubio met on Friday, Mao Ning said.", "met", ["mao-ning"]),
        ("Mao Ning said that Wang Yi met Marco Rubio on Friday.", "met", ["mao-ning"]),
        ("Mao Ning said that Wang Yi met Marco Rubio on Friday.", "said", []),
        ("According to the White House, Trump spoke with Xi Jinping.", "spoke", ["white-house"]),
        ("China welcomed the call between Trump and Xi Jinping.", "call", []),
        ('"Wang Yi met Marco Rubio. They discussed Taiwan," Mao Ning said.', "discussed", ["mao-ning"]),
    ],
)
def test_facts_belong_to_those_whose_words_tell_them(
    text: str, word: str, claimants: list[str], lexicon: Lexicon
) -> None:
    assert _names(_source(text, word, lexicon)) == claimants


def test_turn_belongs_to_its_speaker_and_a_question_to_nobody(lexicon: Lexicon) -> None:
    text = "Reporter: Did they meet?\n\nGuo Jiakun: They met on Friday.\n\nReporter: Xi met Trump?\n\nGuo Jiakun: Yes."
    assert _names(_source(text, "met on Friday", lexicon)) == ["guo-jiakun"]
    assert _names(_source(text, "met Trump", lexicon)) == []


def test_denied_words_are_told_as_denied(lexicon: Lexicon) -> None:
    source = _source("Mao Ning denied that Wang Yi met Marco Rubio on Friday.", "met", lexicon)
    assert (_names(source), source.is_denied) == (["mao-ning"], True)


def test_outlet_that_passes_words_on_is_the_relay(lexicon: Lexicon) -> None:
    source = _source("Xinhua reported that Mao Ning said that Wang Yi met Marco Rubio.", "met", lexicon)
    assert _names(source) == ["mao-ning"]
    assert source.relay is not None
    assert source.relay.entity.label.startswith("Xinhua")
