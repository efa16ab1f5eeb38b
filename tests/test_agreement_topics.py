"""What an agreement and an exchange were about, where the words stand elsewhere in the text."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Document, Fact


def _topics(text: str, lexicon: Lexicon, kind: str, event: str, publisher: str | None = None) -> set[str]:
    document = Document("text", text, kind, publisher=publisher, published="2025-11-01")
    facts = [s for s in RuleExtractor().extract(document, lexicon) if isinstance(s, Fact)]
    return {
        str(f.object.iri).rsplit("/", 1)[-1]
        for f in facts
        if f.predicate == "discussedTopic" and f.subject.kind == event
    }


def test_agreement_of_a_fact_sheet_is_about_what_it_binds_its_parties_to(lexicon: Lexicon) -> None:
    text = (
        "President Trump and President Xi Jinping reached a deal in Korea on October 30, 2025.\n\n"
        "China will suspend its export controls on rare earths.\n\n"
        "The United States will lower its tariffs on Chinese goods.\n\n"
        "The sanctions against Russia remain in force."
    )
    found = _topics(text, lexicon, "Readout", "Agreement", "The White House")
    assert {"rare-earths", "tariffs"} <= found
    assert not {"sanctions", "russia-ukraine-war"} & found


@pytest.mark.parametrize(
    ("text", "is_on_trade"),
    [
        ("China and the United States reached a trade deal. Tariffs will fall.", True),
        ("China and the United States struck a deal in Geneva. Tariffs will fall.", True),
        ("China and the United States signed an air transport agreement. Tariffs will fall.", False),
        ("China and the United States reached an agreement on Taiwan. Tariffs will fall.", False),
    ],
)
def test_deal_that_names_nothing_is_one_on_trade_where_the_text_speaks_of_it(
    text: str, is_on_trade: bool, lexicon: Lexicon
) -> None:
    assert ("trade-agreement" in _topics(text, lexicon, "Article", "Agreement")) is is_on_trade


def test_list_of_topics_goes_on_after_an_aside_in_brackets(lexicon: Lexicon) -> None:
    text = (
        "I have just spoken with President Xi Jinping by phone. It was a long call, where many subjects were "
        "discussed, including Trade (which I always raise!), Taiwan, Iran and Soybeans."
    )
    found = _topics(text, lexicon, "Post", "Call", "Donald Trump")
    assert found == {"trade", "taiwan", "iran", "soybeans"}


def test_visit_to_come_may_be_what_was_spoken_on(lexicon: Lexicon) -> None:
    text = (
        "Xi Jinping spoke with Donald Trump by phone on Trump's upcoming visit to China and on the "
        "Korean Peninsula crisis."
    )
    assert _topics(text, lexicon, "Article", "Call") == {"state-visits", "korean-peninsula"}
    assert not _topics("Xi Jinping spoke with Donald Trump on the call.", lexicon, "Article", "Call")


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("State Councilor and Foreign Minister Wang Yi", {"antony-blinken", "wang-yi"}),
        ("Vice Premier and chief negotiator Liu He", {"antony-blinken", "liu-he"}),
    ],
)
def test_person_with_two_offices_is_one_person(words: str, people: set[str], lexicon: Lexicon) -> None:
    text = f"Secretary Blinken met with {words} today in Rome. They discussed Taiwan."
    title = f"Secretary Blinken's Meeting with People's Republic of China {words}"
    document = Document("text", text, "Readout", title=title, published="2021-10-31")
    facts = [s for s in RuleExtractor().extract(document, lexicon) if isinstance(s, Fact)]
    found = {str(f.object.iri).rsplit("/", 1)[-1] for f in facts if f.predicate == "participant"}
    assert found == people


@pytest.mark.parametrize(
    ("words", "topics"),
    [
        ("Austin raised concerns about Taiwan.", {"taiwan"}),
        ("Austin raised concerns about Taiwan in an interview.", set()),
        ("Rubio raised concerns about Taiwan.", set()),
    ],
)
def test_what_a_party_raised_is_a_matter_of_the_exchange_that_an_article_opens_with(
    words: str, topics: set[str], lexicon: Lexicon
) -> None:
    text = f"Lloyd Austin spoke by video with Dong Jun on Friday. {words}"
    assert _topics(text, lexicon, "Article", "Call") == topics
