"""Who says what: frames of attribution, coordinated clauses, quotations, promises, and the class of a claim."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Claim, Document

Found = tuple[str, list[str], str]


def _claims(text: str, lexicon: Lexicon, kind: str = "Article", publisher: str | None = None) -> list[Claim]:
    document = Document("text", text, kind, publisher=publisher, published="2024-03-05")
    return [s for s in RuleExtractor().extract(document, lexicon) if isinstance(s, Claim)]


def _read(text: str, lexicon: Lexicon, kind: str = "Article", publisher: str | None = None) -> list[Found]:
    return [
        (c.kind, [(e.iri or e.label).rsplit("/", 1)[-1] for e in c.claimants], c.content)
        for c in _claims(text, lexicon, kind, publisher)
    ]


@pytest.mark.parametrize(
    ("text", "claimant", "content"),
    [
        ('"The US and China gain when they trade," Biden told reporters.', "joe-biden", "The US and China gain"),
        ('"When they work together, the world gains," Biden was quoted as saying by Reuters.', "joe-biden",
         "When they work together, the world gains"),
        ("Wang Yi recognized that the talks with the United States were useful.", "wang-yi", "the talks"),
        ("According to data from the Ministry of Commerce, exports to the United States fell.",
         "ministry-of-commerce-china", "exports to the United States fell"),
        ("For many observers, the deal between China and the United States is fragile.", "many observers",
         "the deal"),
        ("China hopes the US will lift the tariffs, Mao Ning said.", "mao-ning", "China hopes the US"),
        ("The talks between China and the US were frank, one diplomat said.", "diplomats", "The talks"),
        ("Chipmakers warned that the tariffs on China would cost jobs.", "chipmakers", "the tariffs"),
    ],
)  # fmt: skip
def test_frame_of_attribution_gives_its_source(
    text: str, claimant: str, content: str, lexicon: Lexicon
) -> None:
    found = _read(text, lexicon)
    assert [who for _, who, _ in found] == [[claimant]]
    assert found[0][2].startswith(content)


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        ("Wang Yi said that China will cut tariffs on US beef, that it opposes the chip curbs, and that the US "
         "should lift sanctions.",
         ["China will cut tariffs on US beef", "it opposes the chip curbs", "the US should lift sanctions"]),
        ("China pledged to buy more US soybeans and to crack down on fentanyl.",
         ["pledged to buy more US soybeans", "to crack down on fentanyl"]),
        ("The US accused China of dumping steel and of hacking US firms.",
         ["accused China of dumping steel", "hacking US firms"]),
        ("Wang Yi said China wants peace, while Antony Blinken said the United States wants fair trade.",
         ["China wants peace", "the United States wants fair trade"]),
    ],
)  # fmt: skip
def test_clauses_on_different_topics_are_claims_of_their_own(
    text: str, contents: list[str], lexicon: Lexicon
) -> None:
    assert [content for _, _, content in _read(text, lexicon)] == contents


def test_quoted_speaker_inside_a_quotation_stays_part_of_it(lexicon: Lexicon) -> None:
    text = "\"President Trump told me 'China will buy soybeans,' and I believe him,\" Scott Bessent said."
    assert [(who, content) for _, who, content in _read(text, lexicon)] == [
        (["scott-bessent"], "President Trump told me 'China will buy soybeans,' and I believe him")
    ]


def test_spokesman_who_passes_words_on_is_the_relay(lexicon: Lexicon) -> None:
    (claim,) = _claims(
        "Mao Ning said that Wang Yi told Antony Blinken that China opposes sanctions.", lexicon
    )
    assert claim.claimants[0].label == "Wang Yi"
    assert claim.relayed_by is not None
    assert claim.relayed_by.label == "Mao Ning"


def test_quotation_in_a_paragraph_of_its_own_belongs_to_the_last_speaker(lexicon: Lexicon) -> None:
    text = 'Mao Ning said China was ready to talk to the US.\n\n"Human rights are on our agenda with China."'
    assert [who for _, who, _ in _read(text, lexicon)] == [["mao-ning"], ["mao-ning"]]


def test_fact_sheet_asserts_the_other_sides_promises_and_makes_its_own(lexicon: Lexicon) -> None:
    text = (
        "China will purchase 12 million tons of U.S. soybeans.\n\n"
        "The United States will open its market to Chinese farmers."
    )
    found = _read(text, lexicon, "Readout", "The White House")
    assert [(kind, who) for kind, who, _ in found] == [
        ("Assertion", ["united-states"]),
        ("Commitment", ["united-states"]),
    ]


def test_items_under_a_lead_in_are_promises_of_those_whom_it_names(lexicon: Lexicon) -> None:
    text = "This agreement includes Chinese commitments to:\n\n- Halt the flow of fentanyl into the United States."
    found = _read(text, lexicon, "Readout", "The White House")
    assert ("Commitment", ["china"], "Halt the flow of fentanyl into the United States") in found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Mao Ning said China hopes the US will meet it halfway.", "Demand"),
        ("Wang Yi said that he wanted to raise ties with the United States to a new level.", "Commitment"),
        ("Wang Yi said China would support free trade with the United States.", "Commitment"),
        ("Raimondo said the pact will add jobs in the US and China.", "Prediction"),
        ("Both sides are expected to go on discussing tariffs, Raimondo said.", "Prediction"),
        ("Obama said he was confident that the two countries could manage their differences.", "Prediction"),
        ("Xi Jinping said China must safeguard its sovereignty.", "Commitment"),
        (
            "If any party harms China's interests, China will take all necessary measures, Mao Ning said.",
            "Warning",
        ),
        ("Wang Yi said that the ban would badly hurt companies in China.", "Warning"),
        ("Blinken underscored the importance of open channels with China.", "Assertion"),
    ],
)
def test_class_follows_from_conduct_and_modality(text: str, kind: str, lexicon: Lexicon) -> None:
    assert [found for found, _, _ in _read(text, lexicon)] == [kind]


def test_question_asserts_nothing_and_others_affairs_are_left_out(lexicon: Lexicon) -> None:
    assert not _read('"How has the US dealt with China?" Wang Yi said.', lexicon)
    assert not _read("Chefs say that a good stock needs time.", lexicon)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Washington has sought to blunt the growing influence of China in the Pacific.", "Assessment"),
        ("Chipmakers have been caught in the middle of the feud between China and the US.", "Assessment"),
        ("Tensions between China and the United States remain high.", "Assessment"),
        ("The war hampered ties between the United States and China.", "Assessment"),
        ("The offer could potentially calm the trade war between the US and China.", "Prediction"),
        ("China will probably push the United States to clarify its position on Taiwan.", "Prediction"),
    ],
)
def test_article_judges_and_foresees_in_its_own_voice(text: str, kind: str, lexicon: Lexicon) -> None:
    assert [(found, who) for found, who, _ in _read(text, lexicon)] == [(kind, [])]


def test_move_that_could_have_effects_is_a_prediction_beside_the_event(lexicon: Lexicon) -> None:
    text = "China and the US reached a landmark deal on visas, a move which could affect trade."
    assert ("Prediction", [], "a move which could affect trade") in _read(text, lexicon)


def test_greetings_are_no_claims(lexicon: Lexicon) -> None:
    text = (
        "President Obama: It's wonderful to see President Xi again. I want to thank him for his visit. "
        "We oppose tariffs on American goods.\n\n"
        "President Xi: I'm delighted to meet with you, Mr. President. China opposes the sanctions too."
    )
    found = _read(text, lexicon, "Transcript", "The White House")
    assert [content for _, _, content in found] == [
        "We oppose tariffs on American goods",
        "China opposes the sanctions too",
    ]


def test_two_leaders_speak_for_their_countries_and_both_leaders_for_themselves(lexicon: Lexicon) -> None:
    met = "President Biden met President Xi Jinping on Friday. "
    for words, claimants in (
        ("The two leaders", ["china", "united-states"]),
        ("Both leaders", ["joe-biden", "xi-jinping"]),
    ):
        (found,) = _read(f"{met}{words} underscored the importance of climate change.", lexicon)
        assert sorted(found[1]) == claimants


@pytest.mark.parametrize(
    ("text", "kind", "topics"),
    [
        ("Asked about TikTok, Trump said the two sides were close.", "Article", [{"tiktok"}]),
        ("China raised its tariffs on US goods. Trump said it was a mistake.", "Article", [{"tariffs"}]),
        ("The US and China discussed trade. Wang Yi said consultations would go on.", "Article",
         [{"trade-negotiations"}]),
        ("Wang Yi said China values cooperation.", "Readout", [{"bilateral-relations"}]),
    ],
)  # fmt: skip
def test_claim_that_names_no_matter_has_that_of_the_words_around_it(
    text: str, kind: str, topics: list[set[str]], lexicon: Lexicon
) -> None:
    found = [{str(t.iri).rsplit("/", 1)[-1] for t in c.about} for c in _claims(text, lexicon, kind)]
    assert found == topics


def test_matter_of_another_paragraph_is_none_of_the_claim(lexicon: Lexicon) -> None:
    text = "China raised its tariffs on US goods.\n\nTrump said it was a mistake."
    assert [c.about for c in _claims(text, lexicon)] == [()]
