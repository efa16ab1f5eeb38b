"""Whose words a text gives where the sentence itself does not name the speaker, or names him as “he”."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Claim, Document

MINISTRY = "Ministry of Foreign Affairs of the People's Republic of China"


def _claims(text: str, lexicon: Lexicon, kind: str, title: str | None = None) -> list[Claim]:
    document = Document("text", text, kind, title=title, publisher=MINISTRY, published="2024-03-05")
    return [s for s in RuleExtractor().extract(document, lexicon) if isinstance(s, Claim)]


def _who(claims: list[Claim]) -> list[list[str]]:
    return [[(e.iri or e.label).rsplit("/", 1)[-1] for e in c.claimants] for c in claims]


@pytest.mark.parametrize(
    ("title", "who"),
    [
        ("Foreign Ministry Spokesperson Mao Ning's Remarks on March 5, 2024", "mao-ning"),
        ("Interview with Foreign Minister Wang Yi", "wang-yi"),
        ("Spokesperson's Remarks on President Biden's Visit", "ministry-of-foreign-affairs-china"),
    ],
)
def test_answers_without_a_name_are_those_of_whom_the_title_names(
    title: str, who: str, lexicon: Lexicon
) -> None:
    text = "Q: What do you say to the United States?\n\nA: The United States should lift its tariffs."
    assert _who(_claims(text, lexicon, "Transcript", title)) == [[who]]


def test_closed_quotation_after_a_speaker_is_his(lexicon: Lexicon) -> None:
    text = 'US arms sales to Taiwan violate the communiques, said Wang Yi. "China firmly opposes this."'
    assert _who(_claims(text, lexicon, "Article")) == [["wang-yi"], ["wang-yi"]]


def test_country_that_acts_within_a_quotation_does_not_speak_the_next(lexicon: Lexicon) -> None:
    text = (
        'The sale violates the communiques of China and the US, said Mao Ning. "China opposes this."\n\n'
        '"The Taiwan question concerns our core interests. China will defend them," said Mao.'
    )
    assert _who(_claims(text, lexicon, "Article")) == [["mao-ning"]] * 4


def test_position_told_in_the_present_after_a_speaker_is_his(lexicon: Lexicon) -> None:
    text = "The US tariffs break the rules, Mao Ning said on Friday. China hopes the US will lift them."
    assert _who(_claims(text, lexicon, "Article")) == [["mao-ning"], ["mao-ning"]]
    told = "The US tariffs break the rules, Mao Ning said on Friday. China opposed them in May."
    assert _who(_claims(told, lexicon, "Article")) == [["mao-ning"], ["china"]]


def test_words_of_another_whom_a_speaker_quotes_are_passed_on(lexicon: Lexicon) -> None:
    text = 'Mao Ning: President Biden said that "Washington does not support independence of Taiwan".'
    (claim,) = _claims(text, lexicon, "Transcript")
    assert _who([claim]) == [["joe-biden"]]
    assert claim.relayed_by is not None
    assert claim.relayed_by.iri is not None
    assert claim.relayed_by.iri.endswith("/mao-ning")


def test_he_who_speaks_on_is_not_whom_he_speaks_of(lexicon: Lexicon) -> None:
    text = (
        "Donald Trump said the visit to China was an honor. He said President Xi Jinping was a great "
        "leader. He said the United States wants good relations."
    )
    assert _who(_claims(text, lexicon, "Readout")) == [["donald-trump"]] * 3


def test_labels_of_office_are_those_in_office_on_the_day(lexicon: Lexicon) -> None:
    text = (
        "The President. China should open its markets to the United States.\n\n"
        "The Premier. China opposes the sale of weapons to Taiwan."
    )
    document = Document("text", text, "Transcript", publisher="The White House", published="1984-01-12")
    found = [s for s in RuleExtractor().extract(document, lexicon) if isinstance(s, Claim)]
    assert _who(found) == [["ronald-reagan"], ["zhao-ziyang"]]


def test_name_that_is_also_a_word_is_somebody_of_the_document(lexicon: Lexicon) -> None:
    text = "Price said the United States expects China to act. Prices said little about China."
    assert _who(_claims(text, lexicon, "Article")) == [["Price"]]


def test_position_of_the_own_side_in_a_speakers_words_stays_his(lexicon: Lexicon) -> None:
    text = "Mao Ning said the US move does harm, and China is firmly opposed to it."
    assert {who for found in _who(_claims(text, lexicon, "Article")) for who in found} == {"mao-ning"}
