"""What an exchange was said not to be about: scope, ellipsis, answers, other occasions, parts of a topic."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Claim, Document, Entity, Fact, Statement

CALL = "President Donald Trump spoke by phone with President Xi Jinping on June 5, 2025. "
MEETING = "Secretary of State Antony Blinken met with Foreign Minister Wang Yi in Beijing on April 26, 2024. "


def _read(text: str, lexicon: Lexicon) -> list[Statement]:
    return list(RuleExtractor().extract(Document("text", text, published="2025-06-06"), lexicon))


def _topics(statements: list[Statement], *predicates: str) -> set[str]:
    return {
        (s.object.iri or "").rsplit("/", 1)[-1]
        for s in statements
        if isinstance(s, Fact) and s.predicate in predicates and isinstance(s.object, Entity)
    }


@pytest.mark.parametrize(
    ("sentence", "excluded"),
    [
        ("Taiwan was, once again, not raised.", {"taiwan"}),
        ("Taiwan was at no time discussed.", {"taiwan"}),
        ("Not once did the two presidents mention Tibet.", {"tibet"}),
        ("They did not discuss Taiwan, nor Hong Kong, nor Tibet.", {"taiwan", "hong-kong", "tibet"}),
        ("The two talked about neither Ukraine nor Iran.", {"russia-ukraine-war", "iran"}),
        ("Iran did not come up, and nor did TikTok.", {"iran", "tiktok"}),
        ("Trade was discussed; Hong Kong was not.", {"hong-kong"}),
        ("Trade was discussed, TikTok not.", {"tiktok"}),
        ("Taiwan has long divided them. The subject was not raised in the call.", {"taiwan"}),
        ("As for Taiwan, it never came up.", {"taiwan"}),
        ("Asked whether they had discussed Taiwan, Karoline Leavitt said that they had not.", {"taiwan"}),
        ('"No, that did not come up," Trump said when he was asked about Iran.', {"iran"}),
        ("They discussed all the disputed issues but Taiwan.", {"taiwan"}),
        ("They discussed trade and left Taiwan aside.", {"taiwan"}),
        ("They avoided Tibet and discussed trade.", {"tibet"}),
        ("They discussed trade, omitting Taiwan.", {"taiwan"}),
        ("They ran out of time to discuss Tibet.", {"tibet"}),
        ("Human rights received no mention.", {"human-rights"}),
        ("Karoline Leavitt denied that Taiwan had come up in the call.", {"taiwan"}),
        ("The ministers put off discussion of Iran.", {"iran"}),
        ("Discussion of Iran was deferred.", {"iran"}),
        ("The call was limited to trade; Tibet was not touched upon.", {"tibet"}),
        ("One subject was conspicuously missing from the call: Taiwan.", {"taiwan"}),
        ("What was not on the table: TikTok and Iran.", {"tiktok", "iran"}),
        ("What the two did not mention was Tibet.", {"tibet"}),
        ("Two issues were avoided: Taiwan and Iran.", {"taiwan", "iran"}),
        ("Missing from the conversation: any word on Iran.", {"iran"}),
        ("Left off the agenda were Taiwan and Iran.", {"taiwan", "iran"}),
        ("The clock ran out before the pair could turn to Iran.", {"iran"}),
        ("Every sore point but Tibet was aired.", {"tibet"}),
        ("With the exception of Tibet, all the usual issues were raised.", {"tibet"}),
        ("They went over everything, with the exception of Iran.", {"iran"}),
        ("They spoke of trade; of Tibet they did not speak.", {"tibet"}),
        ("On Iran the two exchanged not a word.", {"iran"}),
        ("Tibet they did not discuss.", {"tibet"}),
        ("Trade, which had not come up in their previous meeting, was discussed at length.", set()),
        ("Iran, which was not raised last time, took up an hour.", set()),
        ("A year earlier Taiwan had not been mentioned.", set()),
        ("Taiwan was not discussed in January 2024.", set()),
        ("Absent from the Chinese readout was any mention of TikTok.", set()),
        ("Of Iran there was no mention in the summary.", set()),
        ("Nothing was said about Iran in the Chinese statement.", set()),
        ("Missing from Trump's post was Taiwan.", set()),
        ("No details were given of the discussion of Iran.", set()),
        ("Apart from Taiwan, they discussed trade.", set()),
        ("Instead of Taiwan, the two talked about trade.", set()),
        ("Taiwan did not so much as come up.", {"taiwan"}),
        ("The leaders never so much as touched on Iran.", {"iran"}),
        ("There was nary a word about Iran.", {"iran"}),
        ("The hour went by without a word on Iran.", {"iran"}),
        ("Sidelined were TikTok and Iran.", {"tiktok", "iran"}),
        ("Xi never tires of talking about Taiwan.", set()),
        ("Aides had advised Trump to leave Tibet out.", set()),
        ("Iran was not on the agenda of the G20 summit.", set()),
        ("They did not discuss Taiwan for long.", set()),
        ("They did not merely discuss Taiwan.", set()),
        ("Taiwan was not raised by Trump but by Xi.", set()),
        ("Taiwan was not discussed until the last minutes.", set()),
        ("It is not true that Taiwan was not discussed.", set()),
        ("Karoline Leavitt denied that Taiwan was not discussed.", set()),
        ("An official refused to confirm that Tibet had been discussed.", set()),
        ("The White House did not say that Iran was not discussed.", set()),
        ("Trump declined to discuss Iran with reporters.", set()),
        ("The Senate did not discuss TikTok that day.", set()),
        ("Lai Ching-te and Lin Chia-lung met in Taipei. They did not discuss semiconductors.", set()),
        ("Trump later gave an interview in which Tibet was not raised.", set()),
        ("Trump said that Nvidia's Blackwell chip was not discussed.", set()),
        ("The United States left semiconductors out of its new tariffs.", set()),
        ("Taiwan might not have been discussed.", set()),
        ("If Taiwan was not discussed, markets will rise.", set()),
        ("Senators had urged Trump not to discuss Taiwan with Xi.", set()),
        ("Were tariffs not discussed?", set()),
    ],
)
def test_excluded_topics_of_a_sentence(sentence: str, excluded: set[str], lexicon: Lexicon) -> None:
    statements = _read(CALL + sentence, lexicon)
    assert _topics(statements, "excludedTopic") == excluded
    assert not _topics(statements, "discussedTopic", "mainTopic") & excluded


def test_short_answer_denies_what_was_asked(lexicon: Lexicon) -> None:
    text = f"MS. LEAVITT: {CALL}\n\nQ: Did Taiwan come up?\n\nMS. LEAVITT: It did not."
    assert _topics(_read(text, lexicon), "excludedTopic") == {"taiwan"}


def test_topic_stays_with_the_exchange_that_is_told_of(lexicon: Lexicon) -> None:
    text = (
        CALL
        + "It was their first talk since Xi met with Trump in Osaka on June 29, 2019. Iran was not discussed."
    )
    [fact] = [s for s in _read(text, lexicon) if isinstance(s, Fact) and s.predicate == "excludedTopic"]
    assert fact.subject.date == "2025-06-05"  # type: ignore[union-attr]


def test_silence_of_a_document_is_told_of_the_document(lexicon: Lexicon) -> None:
    statements = _read(CALL + "China's statement made no mention of TikTok.", lexicon)
    assert not _topics(statements, "excludedTopic")
    [fact] = [s for s in statements if isinstance(s, Fact) and s.predicate == "passedOverTopic"]
    assert isinstance(fact.subject, Entity)
    assert (fact.subject.kind, fact.subject.label) == ("Readout", "China's statement")


def test_quotation_before_its_speaker_is_the_speakers(lexicon: Lexicon) -> None:
    statements = _read(CALL + '"Taiwan never came up. It was not discussed," Trump said.', lexicon)
    [fact] = [s for s in statements if isinstance(s, Fact) and s.predicate == "excludedTopic"]
    assert [claimant.label for claimant in fact.claimants] == ["Donald Trump"]


@pytest.mark.parametrize(
    ("sentence", "polarity", "certainty", "cue"),
    [
        (
            "Trump reportedly told Xi that tariffs on China will fall.",
            "Affirmed",
            "Hedged",
            "reportedly told",
        ),
        ("Bessent denied that China had not kept its word on soybeans.", "Affirmed", "Certain", "denied"),
        ("Wang Yi denied that China had broken its word on soybeans.", "Negated", "Certain", "denied"),
    ],
)
def test_claims_are_negated_and_hedged_by_the_judgement(
    sentence: str, polarity: str, certainty: str, cue: str, lexicon: Lexicon
) -> None:
    [claim] = [s for s in _read(sentence, lexicon) if isinstance(s, Claim)]
    assert (claim.polarity, claim.certainty, claim.cue) == (polarity, certainty, cue)


@pytest.mark.parametrize(
    "sentence",
    [
        "Neither Bessent nor Greer has said that tariffs on China will fall.",
        "No Chinese official has said that China will sell TikTok.",
        "Blinken asked Wang Yi whether China was supplying weapons to Russia.",
        "Wang Yi has yet to say that China will lift the export controls.",
    ],
)
def test_what_nobody_said_is_no_claim(sentence: str, lexicon: Lexicon) -> None:
    assert not [s for s in _read(sentence, lexicon) if isinstance(s, Claim) and s.polarity == "Affirmed"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The call ended without any discussion of Taiwan.",
        "The call passed without mention of Taiwan.",
        "They parted without either of them raising Taiwan.",
        "An hour passed without anyone mentioning Taiwan.",
        "Trade had been discussed; Taiwan had not been.",
        "They ran out of time before they could get to Taiwan.",
        "They ran out of time before turning to Taiwan.",
        "There was no time left for Taiwan.",
        "Taiwan did not feature in the talks between the two leaders.",
        "Absent from the conversation was any talk of Taiwan.",
        'Asked if Taiwan had come up, Trump replied: "No."',
        "Asked whether they had discussed Taiwan, Trump said no.",
        "Asked whether Taiwan came up, Trump shook his head.",
        "Trump told reporters at a briefing that Taiwan was not raised in the call.",
    ],
)
def test_topic_that_is_told_to_be_missing_is_left_out(sentence: str, lexicon: Lexicon) -> None:
    assert _topics(_read(CALL + sentence, lexicon), "excludedTopic") == {"taiwan"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Reports that Taiwan was not discussed are wrong, Leavitt said.",
        "Hardly a minute passed without Taiwan being mentioned.",
        "No call with Xi ends without Taiwan being raised.",
        "The claim that Taiwan was not discussed is inaccurate, officials said.",
        "Trump did not mention Taiwan in his post on Truth Social after the call.",
        "In a briefing after the call, Leavitt did not mention Taiwan.",
        "Asked whether Taiwan came up, Trump said no decision had been made.",
        "Asked whether Taiwan was discussed, Trump did not answer.",
    ],
)
def test_topic_of_which_nothing_certain_is_told_is_not_left_out(sentence: str, lexicon: Lexicon) -> None:
    assert _topics(_read(CALL + sentence, lexicon), "excludedTopic") == set()


def test_who_answers_no_or_tells_reporters_vouches_for_what_was_left_out(lexicon: Lexicon) -> None:
    for sentence in (
        "Asked whether they had discussed Taiwan, Trump said no.",
        "Trump told reporters at a briefing that Taiwan was not raised in the call.",
    ):
        told = [
            s
            for s in _read(CALL + sentence, lexicon)
            if isinstance(s, Fact) and s.predicate == "excludedTopic"
        ]
        assert [[c.label for c in it.claimants] for it in told] == [["Donald Trump"]]


def test_what_somebody_says_was_raised_at_an_exchange_is_told_by_that_person_alone(lexicon: Lexicon) -> None:
    read = _read(CALL + "Taiwan was discussed at the meeting, Karoline Leavitt said.", lexicon)
    told = [s for s in read if isinstance(s, Fact) and s.predicate == "discussedTopic"]
    assert all([c.label for c in it.claimants] == ["Karoline Leavitt"] for it in told)
