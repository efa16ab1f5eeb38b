"""Events that did not take place, or not so, do not arise: one sentence for each way in which a text can say it."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Event, Fact
from tests.reading import value_of

LEXICON = Lexicon.load()
EXCHANGES = ("Call", "Exchange", "Meeting", "TradeTalk", "Visit")


def told(text: str, kind: str = "Article") -> list[tuple[str, str, str, frozenset[str]]]:
    """Class, status, day and parties of each event."""
    document = Document("text", text, kind, published="2025-06-12")
    events: dict[Event | Entity, dict[str, set[str]]] = {}
    for fact in RuleExtractor().extract(document, LEXICON):
        if isinstance(fact, Fact) and isinstance(fact.subject, Event):
            values = events.setdefault(fact.subject, {"class": {fact.subject.kind}})
            values.setdefault(fact.predicate, set()).add(value_of(fact))
    parties = ("participant", "imposedBy", "target")
    return [
        (
            min(it["class"]),
            min(it.get("status", {""})),
            min(it.get("date", {""})),
            frozenset().union(*(it.get(name, set()) for name in parties)),
        )
        for it in events.values()
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Neither Wang Yi nor He Lifeng met with Marco Rubio on May 3, 2025.",
        "Reports that Donald Trump and Xi Jinping met on May 3, 2025 are untrue.",
        "In the novel, Donald Trump and Xi Jinping met on May 3, 2025.",
        "Had Xi Jinping called Donald Trump on May 3, 2025, the tariffs would have been lifted.",
        "Had Xi called Trump on May 3, 2025, he would have lifted the tariffs.",
        "Marco Rubio almost met Wang Yi on May 3, 2025.",
        "Marco Rubio was supposed to meet Wang Yi on May 3, 2025.",
        "Biden is unlikely to meet Xi Jinping in Lima.",
        "Biden and Xi Jinping have yet to meet this year.",
        "No meeting between Biden and Xi Jinping is planned.",
        "Washington threatened to impose sanctions on China on May 3, 2025.",
        "The United States has no plan to impose tariffs on China.",
        "China hopes the US will lift the tariffs, Mao Ning said.",
    ],
)
def test_what_did_not_happen_is_no_event(text: str) -> None:
    assert [it for it in told(text) if it[1] == "Occurred"] == []


@pytest.mark.parametrize(
    "text",
    [
        "The meeting of Marco Rubio and Wang Yi on May 3, 2025 was cancelled.",
        "The call between Donald Trump and Xi Jinping planned for May 3, 2025 was called off.",
        "Talks between He Lifeng and Scott Bessent fell through on May 3, 2025.",
    ],
)
def test_what_was_called_off_is_cancelled(text: str) -> None:
    assert {status for _, status, *_ in told(text)} == {"Cancelled"}


@pytest.mark.parametrize(
    "text",
    [
        "Secretary of Defense Lloyd Austin met India's defense minister in New Delhi on Monday.",
        "Antony Blinken spoke with Russia's foreign minister on Monday.",
        "Biden met the Canadian prime minister on Monday. The two leaders agreed to lower tariffs.",
        "The US and Japan held trade talks on Monday. Both sides agreed to cut tariffs on cars.",
    ],
)
def test_exchange_with_others_is_none_of_the_two(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("person", ["Hunter Biden", "Ivanka Trump"])
def test_relative_is_not_the_president(person: str) -> None:
    for *_, parties in told(f"{person} met Wang Yi in Beijing on May 3, 2025."):
        assert not parties & {"joe-biden", "donald-trump"}


def test_later_exchange_has_the_partners_of_its_own_passage() -> None:
    """A call of Yellen's, told after one of the presidents, is not theirs."""
    text = (
        "President Biden spoke with President Xi on March 18, 2022. Janet Yellen spoke with Liu He on "
        "July 4, 2022. Their call lasted an hour."
    )
    found = [it for it in told(text) if it[0] in EXCHANGES]
    assert ("Call", "Occurred", "2022-07-04", frozenset({"janet-yellen", "liu-he"})) in found
    assert not [it for it in found if it[2] == "2022-07-04" and "joe-biden" in it[3]]


def test_day_of_the_year_before_is_not_of_the_year_of_the_text() -> None:
    text = (
        "President Biden spoke with President Xi on March 18, 2022. It was their first call since "
        "September 9 of last year."
    )
    assert not [it for it in told(text) if it[2] == "2022-09-09"]


def test_each_of_a_list_is_an_exchange_of_its_own() -> None:
    text = (
        "Jake Sullivan and Wang Yi met in Vienna in May 2023, in Malta in September 2023 and in Bangkok in "
        "January 2024. He Lifeng met with Janet Yellen in San Francisco and with Scott Bessent in Geneva on "
        "May 10, 2025."
    )
    found = {(day, parties) for _, _, day, parties in told(text)}
    envoys = frozenset({"jake-sullivan", "wang-yi"})
    assert {day for day, parties in found if parties == envoys} == {"2023-05", "2023-09", "2024-01"}
    assert ("2025-05-10", frozenset({"he-lifeng", "scott-bessent"})) in found
    assert not [parties for _, parties in found if {"janet-yellen", "scott-bessent"} <= parties]


@pytest.mark.parametrize(
    "text",
    [
        "As a result of the talks in Vienna, China and the United States will cut duties.",
        "On the basis of the San Francisco summit between Xi Jinping and Joe Biden, both sides will do more.",
        "China and the United States will build on the meeting of Xi Jinping and Joe Biden in Bali.",
        "China and the United States will follow up on the summit of Xi Jinping and Joe Biden in Lima.",
        "AI is something that Joe Biden and Xi Jinping agreed to work on out of the Woodside Summit last year.",
    ],
)
def test_what_others_build_on_took_place(text: str) -> None:
    """What comes of talks may lie ahead; they do not."""
    assert [it[1] for it in told(text) if it[0] in EXCHANGES] == ["Occurred"]


def test_day_of_one_occasion_is_not_that_of_another_beside_it() -> None:
    text = (
        "China and the United States held exchanges on implementing the consensus reached at the Busan meeting "
        "of Xi Jinping and Donald Trump and during their phone call on November 24, 2024."
    )
    days = {(it[0], it[2]) for it in told(text)}
    assert days >= {("Meeting", ""), ("Call", "2024-11-24")}
    assert not days & {("Meeting", "2024-11-24"), ("Agreement", "2024-11-24")}


def test_conversation_of_today_is_the_one_that_was_held_today() -> None:
    """And not the last that was told of, whose day nobody gives."""
    text = (
        "Joe Biden spoke with Xi Jinping today. Wang Yi proposed it when he met with Antony Blinken in Bali. "
        "That was a significant part of the conversation today."
    )
    assert {(it[0], it[2]) for it in told(text)} == {("Call", "2025-06-12"), ("Meeting", "")}


def test_meeting_of_tomorrow_is_none_that_took_place() -> None:
    text = (
        "You have covered the previous meetings between Joe Biden and Xi Jinping. "
        "Xi Jinping will be coming into the meeting tomorrow."
    )
    assert [it for it in told(text) if it[1] == "Occurred" and it[2]] == []


def test_summit_that_is_over_is_not_the_one_that_is_planned() -> None:
    text = (
        "China and the United States began planning towards a summit of Joe Biden and Xi Jinping. "
        "That was said after the summit in San Francisco."
    )
    document = Document("text", text, published="2024-08-29")
    facts = [it for it in RuleExtractor().extract(document, LEXICON) if isinstance(it, Fact)]
    planned = {it.subject for it in facts if value_of(it) == "Planned"}
    assert planned
    assert not [it for it in facts if it.predicate == "place" and it.subject in planned]


def test_summit_that_a_place_names_is_not_the_last_meeting_that_was_told() -> None:
    text = (
        "Joe Biden spoke with Xi Jinping on June 3, 2025. That was the focus of Jake Sullivan's meetings with "
        "Wang Yi. Since the San Francisco summit, many channels have been opened."
    )
    document = Document("text", text, published="2025-06-12")
    facts = [it for it in RuleExtractor().extract(document, LEXICON) if isinstance(it, Fact)]
    placed = {it.subject for it in facts if it.predicate == "place"}
    assert not [it for it in facts if it.subject in placed and "jake-sullivan" in value_of(it)]
