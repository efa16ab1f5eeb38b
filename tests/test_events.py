"""Which events sentences of news tell of: what, who, when, whether it came about."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Event, Fact
from tests.reading import value_of

PROPERTIES = ("participant", "imposedBy", "target", "inviter", "invitee", "date", "endDate", "status")


def _events(text: str, lexicon: Lexicon) -> set[str]:
    """Each event in one line: its class, then who, when and its status, sorted."""
    document = Document("text", text, "Article", published="2025-06-12")
    told: dict[Event | Entity, set[str]] = {}
    kinds: dict[Event | Entity, str] = {}
    for fact in RuleExtractor().extract(document, lexicon):
        if not isinstance(fact, Fact) or not isinstance(fact.subject, Event):
            continue
        kinds[fact.subject] = fact.subject.kind
        if fact.predicate in PROPERTIES:
            told.setdefault(fact.subject, set()).add(value_of(fact))
    return {" ".join([kinds[event], *sorted(values)]) for event, values in told.items()}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "China's decision in April to suspend exports of rare earths to the United States hurt carmakers.",
            "ExportControl 2025-04 Occurred china united-states",
        ),
        (
            "Trump's move in March to raise tariffs on Chinese goods drew protest.",
            "TariffAction 2025-03 Occurred china donald-trump",
        ),
        (
            "Beijing criticized Biden's decision in May to raise tariffs on Chinese goods.",
            "TariffAction 2025-05 Occurred china joe-biden",
        ),
    ],
)
def test_measure_has_the_day_on_which_it_was_decided(text: str, event: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {event}


def test_decision_without_a_day_is_a_plan(lexicon: Lexicon) -> None:
    text = "China's decision to suspend exports of rare earths to the United States hurt carmakers."
    assert _events(text, lexicon) == {"ExportControl Planned china united-states"}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "This followed the Woodside summit between President Biden and President Xi Jinping in"
            " November 2023, where both leaders affirmed it.",
            "Meeting 2023-11 Occurred joe-biden xi-jinping",
        ),
        (
            "Both welcomed planning for a call between President Biden and President Xi in the coming weeks.",
            "Call Proposed joe-biden xi-jinping",
        ),
    ],
)
def test_pair_that_meets_is_not_two_meetings(text: str, event: str, lexicon: Lexicon) -> None:
    assert event in _events(text, lexicon)


def test_what_something_follows_has_happened(lexicon: Lexicon) -> None:
    text = "Following their June 1 phone call, President Trump and President Xi will discuss trade."
    assert _events(text, lexicon) == {"Call 2025-06-01 Occurred donald-trump xi-jinping"}


def test_last_day_of_a_visit_is_nobody_who_is_visited(lexicon: Lexicon) -> None:
    text = "Vice Premier He Lifeng will visit the United States from Tuesday to Saturday."
    assert any(event.startswith("Visit ") for event in _events(text, lexicon))


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "The United States will negotiate with China over tariffs.",
            "TradeTalk Planned china united-states",
        ),
        (
            "Trade negotiations between the United States and China have stalled.",
            "TradeTalk Occurred china united-states",
        ),
        ("China has stopped importing U.S. coal.", "PolicyAction Occurred china"),
        (
            "Huawei was added to the blacklist in May by the United States.",
            "ExportControl 2025-05 Occurred huawei united-states",
        ),
    ],
)
def test_event_in_other_words(text: str, event: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {event}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "The United States will raise duties on Chinese steel beginning July 1.",
            "TariffAction 2025-07-01 Planned china united-states",
        ),
        (
            "China announced it will impose tariffs on U.S. steel starting from Sept. 24.",
            "TariffAction 2025-09-24 Planned china united-states",
        ),
        (
            "The meeting between He Lifeng and Scott Bessent planned for July 3, 2025 was cancelled.",
            "Meeting 2025-07-03 Cancelled he-lifeng scott-bessent",
        ),
        (
            "The meeting between He Lifeng and Scott Bessent was postponed from July 3, 2025 to July 9, 2025.",
            "Meeting 2025-07-09 Planned he-lifeng scott-bessent",
        ),
    ],
)
def test_day_to_come(text: str, event: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {event}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "Washington delayed additional tariff increases on Chinese goods in May.",
            "TariffAction 2025-05 Occurred china united-states",
        ),
        (
            "The drop followed a Chinese tariff of 15% on U.S. coal in February.",
            "TariffAction 2025-02 Occurred china united-states",
        ),
    ],
)
def test_tariff_in_other_words(text: str, event: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {event}


def test_what_somebody_is_invited_to_has_not_happened(lexicon: Lexicon) -> None:
    text = "China has received an invitation from the United States to hold trade negotiations."
    assert _events(text, lexicon) == {"Invitation Occurred china united-states"}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Blinken landed in Shanghai on June 4.", "Visit 2025-06-04 Occurred antony-blinken china"),
        (
            "Secretary Yellen was in Beijing on June 4 for talks.",
            "Visit 2025-06-04 Occurred china janet-yellen",
        ),
        (
            "President Xi welcomed President Trump to Beijing on June 4.",
            "Visit 2025-06-04 Occurred china donald-trump",
        ),
        (
            "Vice Premier Liu He led a delegation to Washington on June 4.",
            "Visit 2025-06-04 Occurred liu-he united-states",
        ),
        ("Pelosi's June 4 trip to Taiwan angered China and the United States.",
         "Visit 2025-06-04 Occurred nancy-pelosi taiwan"),
    ],
)  # fmt: skip
def test_journey_in_other_words(text: str, event: str, lexicon: Lexicon) -> None:
    assert event in _events(text, lexicon)


@pytest.mark.parametrize(
    "text",
    [
        "President Trump and President Xi stayed in contact.",
        "Beijing prohibited US officials from visiting Tibet.",
        "Commerce Secretary to visit China",
    ],
)
def test_no_journey_was_made(text: str, lexicon: Lexicon) -> None:
    assert not [
        event for event in _events(text, lexicon) if event.startswith("Visit") and "Occurred" in event
    ]


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("The United States normalised ties with Beijing in 1979.",
         "PolicyAction 1979 Occurred china united-states"),
        ("In 1950 the United States sent its fleet into the Taiwan Strait.",
         "PolicyAction 1950 Occurred united-states"),
        ("In 2018 China lodged a complaint against the United States at the WTO.",
         "PolicyAction 2018 Occurred china united-states"),
    ],
)  # fmt: skip
def test_policy_without_a_noun_for_it(text: str, event: str, lexicon: Lexicon) -> None:
    assert event in _events(text, lexicon)


def test_what_is_agreed_to_is_settled(lexicon: Lexicon) -> None:
    text = "President Trump and President Xi agreed to a tariff truce at a meeting in Busan on June 4."
    assert "Agreement 2025-06-04 Occurred donald-trump xi-jinping" in _events(text, lexicon)


def test_agreements_of_two_exchanges_are_two(lexicon: Lexicon) -> None:
    text = (
        "President Trump and President Xi met in Busan on June 4. The two leaders reached a consensus on "
        "tariffs. The two sides should carry out the consensus reached in Geneva."
    )
    assert len([event for event in _events(text, lexicon) if event.startswith("Agreement")]) == 2


def test_an_official_promises_for_his_government(lexicon: Lexicon) -> None:
    text = "Antony Blinken promised to lift sanctions on Chinese firms."
    assert "Sanction Planned china united-states" in _events(text, lexicon)


def test_title_before_a_longer_name_means_nobody_else(lexicon: Lexicon) -> None:
    told = _events("Beijing protested when President Lee Teng-hui visited the United States.", lexicon)
    assert not any("lee-jae-myung" in event for event in told)


@pytest.mark.parametrize(
    "text",
    [
        "Pete Hegseth met with his counterpart, China's Minister of National Defense Admiral Dong Jun, "
        "on June 2.",
        "Pete Hegseth had a meeting with his counterpart, Minister of National Defense Adm. Dong Jun on June 2.",
    ],
)
def test_counterpart_whose_title_runs_into_his_name_takes_part(text: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {"Meeting 2025-06-02 Occurred dong-jun pete-hegseth"}


def test_what_an_exchange_came_after_does_not_take_its_participants(lexicon: Lexicon) -> None:
    text = (
        "Following President Trump's meeting with Xi Jinping in South Korea, Pete Hegseth met Dong Jun in "
        "Malaysia. Hegseth and Dong spoke again on June 5."
    )
    assert _events(text, lexicon) == {
        "Call 2025-06-05 Occurred dong-jun pete-hegseth",
        "Meeting Occurred donald-trump xi-jinping",
        "Meeting Occurred dong-jun pete-hegseth",
    }


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Marco Rubio has a meeting with Wang Yi.", "Planned"),
        ("Marco Rubio and Wang Yi have more meetings coming soon.", "Planned"),
        ("Marco Rubio has had a meeting with Wang Yi.", "Occurred"),
        ("Marco Rubio had a meeting with Wang Yi.", "Occurred"),
    ],
)
def test_meeting_that_somebody_has_is_to_come(text: str, status: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {f"Meeting {status} marco-rubio wang-yi"}


def test_measure_of_both_in_a_joint_statement_hits_neither_of_them_alone(lexicon: Lexicon) -> None:
    text = "China and the United States held talks on trade. The two sides agreed to cut tariffs."
    document = Document("text", text, "JointStatement", published="2025-06-12")
    facts = [it for it in RuleExtractor().extract(document, lexicon) if isinstance(it, Fact)]
    imposing = {value_of(it) for it in facts if it.predicate == "imposedBy"}
    assert imposing == {"china", "united-states"}
    assert not [it for it in facts if it.predicate == "target"]


def test_day_of_an_occasion_with_others_is_not_that_of_the_exchange(lexicon: Lexicon) -> None:
    text = (
        "President Trump had a great meeting with President Xi. The leaders of Japan and Australia were at the "
        "dinner last night."
    )
    assert _events(text, lexicon) == {"Meeting Occurred donald-trump xi-jinping"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Chinese and U.S. officials held consultations on arms control in Washington on June 6.", "Meeting"),
        (
            "China and the United States began a round of consultations on maritime safety on June 6.",
            "Meeting",
        ),
        ("China and the United States held negotiations on rare earths on June 6.", "TradeTalk"),
        ("U.S. and Chinese officials held the Defense Policy Coordination Talks on June 6.", "Meeting"),
        ("China and the United States held Economic and Trade Talks on June 6.", "TradeTalk"),
    ],
)
def test_talks_are_trade_talks_only_if_they_are_on_trade(text: str, kind: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {f"{kind} 2025-06-06 Occurred china united-states"}


@pytest.mark.parametrize(
    "text",
    [
        "President Biden and President Xi have met many times.",
        "Xi Jinping and Joe Biden have often spoken by phone.",
        "President Trump and President Xi talk regularly by phone.",
    ],
)
def test_what_happens_often_is_no_event(text: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == set()


def test_a_year_and_a_day_ago_is_not_yesterday(lexicon: Lexicon) -> None:
    text = "President Biden and President Xi met in Bali about a year and a day ago."
    assert _events(text, lexicon) == {"Meeting 2024 Occurred joe-biden xi-jinping"}


def test_remarks_at_a_meeting_have_its_place_and_an_earlier_one_stays_apart(lexicon: Lexicon) -> None:
    text = (
        "Filoli Estate\nWoodside, California\n\n11:16 A.M. PST\n\n"
        "PRESIDENT BIDEN: Mr. President, it's good to see you again. Last time, we met in Bali.\n\n"
        "PRESIDENT XI: We have a lot to discuss today in this meeting with the President."
    )
    title = "Remarks by President Biden and President Xi Jinping Before Bilateral Meeting"
    document = Document("text", text, "Transcript", title=title, published="2023-11-15")
    places: dict[str, set[str]] = {}
    for fact in RuleExtractor().extract(document, lexicon):
        if isinstance(fact, Fact) and isinstance(fact.subject, Event) and fact.predicate == "place":
            places.setdefault(str(fact.subject.date or "earlier"), set()).add(value_of(fact))
    assert places == {"2023-11-15": {"filoli"}, "earlier": {"bali"}}


def test_the_house_that_issues_remarks_is_not_where_they_were_made(lexicon: Lexicon) -> None:
    text = (
        "For Immediate Release\n\nThe White House\n\nOffice of the Press Secretary\n\n"
        "Great Hall of the People\nBeijing, China\n\n12:17 P.M. CST\n\n"
        "PRESIDENT XI: I had a constructive discussion with President Biden in this meeting."
    )
    title = "Remarks by President Biden and President Xi Jinping in Bilateral Meeting"
    document = Document(
        "text", text, "Transcript", title=title, published="2023-11-15", publisher="The White House"
    )
    facts = [it for it in RuleExtractor().extract(document, lexicon) if isinstance(it, Fact)]
    assert {value_of(it) for it in facts if it.predicate == "place"} == {"great-hall-of-the-people"}
