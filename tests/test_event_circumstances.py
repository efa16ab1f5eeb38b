"""Who, when and how often, in the words around an event: partners, orders by number, days of the act."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Document, Fact
from tests.reading import value_of

PUBLISHED = "2024-03-05"
SHOWN = ("date", "status", "participant", "imposedBy", "target")


def _events(text: str, lexicon: Lexicon) -> set[str]:
    """Each event in a line: class, day, status and who."""
    told: dict[object, list[str]] = {}
    document = Document("text", text, published=PUBLISHED)
    for fact in RuleExtractor().extract(document, lexicon):
        if isinstance(fact, Fact) and fact.predicate in SHOWN:
            told.setdefault(fact.subject, []).append(value_of(fact))
    return {" ".join([event.kind, *sorted(values)]) for event, values in told.items()}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "President Biden spoke by telephone with President Xi on March 4.",
            "Call 2024-03-04 Occurred joe-biden xi-jinping",
        ),
        (
            "Trump and Xi met on Friday, with Taiwan and fentanyl high on the agenda.",
            "Meeting 2024-03-01 Occurred donald-trump xi-jinping",
        ),
        (
            "He Lifeng led a delegation in talks with the US team headed by Janet Yellen in Rome on Monday.",
            "Meeting 2024-03-04 Occurred he-lifeng janet-yellen",
        ),
        (
            "Secretary Austin and Minister Li Shangfu spoke briefly at the opening dinner in Singapore on Friday.",
            "Meeting 2024-03-01 Occurred li-shangfu lloyd-austin",
        ),
        (
            "On Monday, a day after Yellen met He Lifeng in Guangzhou, China said it would study the matter.",
            "Meeting 2024-03-03 Occurred he-lifeng janet-yellen",
        ),
        (
            "China complained on Thursday, two days after the U.S. sold arms to Taiwan.",
            "PolicyAction 2024-02-27 Occurred taiwan united-states",
        ),
        (
            "The turmoil began in April, when Washington imposed tariffs on China.",
            "TariffAction 2023-04 Occurred china united-states",
        ),
        (
            "Beijing said on Monday it would impose export controls on U.S. chips from Aug. 1.",
            "ExportControl 2024-08-01 Planned china united-states",
        ),
        (
            "Today, President Trump signed an executive order continuing the suspension of tariffs on China.",
            "TariffAction 2024-03-05 Occurred china donald-trump",
        ),
        (
            "He Lifeng held trade talks in Stockholm, Sweden, with U.S. Treasury Secretary Scott Bessent.",
            "TradeTalk Occurred he-lifeng scott-bessent",
        ),
        (
            "The Pentagon notified Congress on Friday of a possible arms sale to Taiwan, and China protested.",
            "PolicyAction 2024-03-01 Occurred taiwan us-defense-department",
        ),
        (
            "China protested, but the USS Milius conducted a routine Taiwan Strait transit on Monday.",
            "PolicyAction 2024-03-04 Occurred united-states",
        ),
        (
            "A US delegation led by Steven Mnuchin exchanged views with Chinese officials in Beijing on Friday.",
            "Meeting 2024-03-01 Occurred china steven-mnuchin",
        ),
        (
            "U.S. and Chinese negotiators have been hard at work in Malaysia trying to thrash out a framework.",
            "TradeTalk Occurred china united-states",
        ),
        (
            "The truce between China and the United States established in May is set to expire next month.",
            "Agreement 2023-05 Occurred china united-states",
        ),
        (
            "The consulate opened after the normalization of relations between Washington and Beijing in 1979.",
            "PolicyAction 1979 Occurred china united-states",
        ),
        (
            "China retaliated on March 1 with a suspension of U.S. lumber imports.",
            "PolicyAction 2024-03-01 Occurred china united-states",
        ),
        (
            "Li Shangfu of China faces U.S. sanctions, which Beijing has criticised.",
            "Sanction Occurred li-shangfu united-states",
        ),
        (
            "The United States imposed tariffs on goods made in China on Monday.",
            "TariffAction 2024-03-04 Occurred china united-states",
        ),
        (
            "Commerce Secretary Gina Raimondo is expected in Beijing next week.",
            "Visit 2024-03 Planned china gina-raimondo",
        ),
        (
            "President Hu's trip reciprocates President Obama's visit to China in November 2009.",
            "Visit 2009-11 Occurred barack-obama china",
        ),
        (
            "The US and Chinese presidents last month agreed a truce in the trade war.",
            "Agreement 2024-02 Occurred china united-states",
        ),
        (
            "The United States lowered tariffs on $120 billion worth of Chinese goods on Monday.",
            "TariffAction 2024-03-04 Occurred china united-states",
        ),
        (
            "On Friday Washington raised duties on a batch of Chinese imports.",
            "TariffAction 2024-03-01 Occurred china united-states",
        ),
        (
            "Washington closed the Chinese consulate in Houston on Friday, and Beijing protested.",
            "PolicyAction 2024-03-01 Occurred china united-states",
        ),
        ("Obama was shown around on his 2009 visit to China.", "Visit 2009 Occurred barack-obama china"),
        (
            "President Trump on Friday signed an order raising tariffs on Chinese goods.",
            "TariffAction 2024-03-01 Occurred china donald-trump",
        ),
        (
            "China said Friday it is raising tariffs on U.S. coal.",
            "TariffAction 2024-03-01 Occurred china united-states",
        ),
        (
            "China announced on March 1 that it’s imposing sanctions on 11 Americans.",
            "Sanction 2024-03-01 Occurred china united-states",
        ),
        (
            "Liu He spoke by phone with Robert Lighthizer and Steven Mnuchin on Thursday.",
            "Call 2024-02-29 Occurred liu-he robert-lighthizer steven-mnuchin",
        ),
        (
            "A strategic dialogue between China and the United States kicked off in Beijing on Monday.",
            "Meeting 2024-03-04 Occurred china united-states",
        ),
        (
            "Liu He will hold talks with Steven Mnuchin on Thursday and Friday.",
            "Meeting 2024-03-07 Planned liu-he steven-mnuchin",
        ),
        (
            "Trump signed a trade agreement with China on Monday that is expected to boost exports.",
            "Agreement 2024-03-04 Occurred china donald-trump",
        ),
        (
            "Trump and China announced on Friday that they had reached a trade deal.",
            "Agreement 2024-03-01 Occurred china donald-trump",
        ),
        (
            "Liu He is now in Washington, a U.S. official said.",
            "Visit 2024-03-05 Occurred liu-he united-states",
        ),
        (
            "The United States added 13 entities, including 11 from China, to its Entity List on Monday.",
            "ExportControl 2024-03-04 Occurred china united-states",
        ),
        (
            "Executive Order 14195 imposed duties on Chinese goods.",
            "TariffAction Occurred china united-states",
        ),
    ],
)
def test_who_and_when_in_the_words_around_an_event(text: str, event: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {event}


def test_who_leads_a_team_takes_part_in_the_talks_that_are_told_of(lexicon: Lexicon) -> None:
    told = "China and the United States will hold trade talks in London."
    text = f"{told} Scott Bessent will lead the US delegation, while He Lifeng will head the Chinese team."
    assert _events(text, lexicon) == {"TradeTalk Planned china he-lifeng scott-bessent united-states"}
    assert _events("Scott Bessent will lead the US delegation, said China.", lexicon) == set()


def test_a_new_round_and_the_next_round_are_one(lexicon: Lexicon) -> None:
    text = (
        "Scott Bessent and He Lifeng agreed to hold a new round of trade talks next week. "
        "China and the United States will convene the next round of trade consultations soon."
    )
    assert len(_events(text, lexicon)) == 1


def test_his_administration_is_that_of_his_country(lexicon: Lexicon) -> None:
    text = "President Trump returned to office in January. His administration has levied tariffs on China."
    assert _events(text, lexicon) == {"TariffAction Occurred china united-states"}


def test_whoever_arrives_for_talks_has_them_ahead(lexicon: Lexicon) -> None:
    text = "Liu He arrived for talks with Treasury Secretary Steven Mnuchin on Thursday."
    assert _events(text, lexicon) == {"Meeting Planned liu-he steven-mnuchin"}


def test_the_measures_of_a_list_are_those_of_the_sentence_before(lexicon: Lexicon) -> None:
    told = "On Monday China's Ministry of Commerce announced countermeasures against the United States."
    text = f"{told} These include imposing tariffs on U.S. corn and adding U.S. firms to the export control list."
    ministry = "ministry-of-commerce-china united-states"
    assert {
        f"TariffAction 2024-03-04 Occurred {ministry}",
        f"ExportControl 2024-03-04 Occurred {ministry}",
    } <= _events(text, lexicon)


def test_it_is_the_body_last_spoken_of(lexicon: Lexicon) -> None:
    text = "China banned U.S. beef on Monday. It vowed to suspend talks with the United States."
    assert "PolicyAction Planned china united-states" in _events(text, lexicon)


def test_who_also_visited_went_where_the_sentence_before_leads(lexicon: Lexicon) -> None:
    text = "Antony Blinken met Wang Yi in Beijing on Friday. Janet Yellen also visited in February."
    assert "Visit 2024-02 Occurred china janet-yellen" in _events(text, lexicon)
    text = "Antony Blinken spoke about China on Friday. Janet Yellen visited Tokyo in February."
    assert not [event for event in _events(text, lexicon) if event.startswith("Visit")]


def test_the_two_officials_are_those_of_the_exchange_to_come(lexicon: Lexicon) -> None:
    text = "Antony Blinken will meet Wang Yi on Friday. The two officials last met in October."
    assert "Meeting 2023-10 Occurred antony-blinken wang-yi" in _events(text, lexicon)


def test_who_issues_a_statement_on_talks_is_no_party_to_them(lexicon: Lexicon) -> None:
    title = "Statement by NSC Spokesperson Sean Savett on the U.S.-PRC Talks on Space Safety"
    body = "On March 4, the United States and China held talks on AI in Geneva. The talks were candid."
    document = Document("text", body, title=title, kind="Readout", published=PUBLISHED)
    facts = [f for f in RuleExtractor().extract(document, lexicon) if isinstance(f, Fact)]
    told = {str(getattr(f.object, "iri", None)) for f in facts if f.predicate == "participant"}
    assert told
    assert not [iri for iri in told if "savett" in iri]


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "President Xi's trip to the United States will include a stop in Seattle.",
            "Visit Planned united-states xi-jinping",
        ),
        (
            "Wang Yi's talks with Antony Blinken in May will focus on Taiwan.",
            "Meeting 2024-05 Planned antony-blinken wang-yi",
        ),
        (
            "President Xi's trip to the United States will be remembered.",
            "Visit Occurred united-states xi-jinping",
        ),
    ],
)
def test_what_a_visit_will_include_is_told_of_one_to_come(text: str, event: str, lexicon: Lexicon) -> None:
    assert _events(text, lexicon) == {event}


def test_a_year_later_is_another_meeting(lexicon: Lexicon) -> None:
    text = "Biden met Xi in Bali in November 2022 and a year later in California."
    assert "Meeting 2023 Occurred joe-biden xi-jinping" in _events(text, lexicon)


def test_each_numbered_order_of_a_list_is_a_measure(lexicon: Lexicon) -> None:
    text = (
        "The United States will remove the duties on articles of China imposed by Executive Order 14259 of "
        "April 8, 2023 and Executive Order 14266 of April 9, 2023."
    )
    assert {line for line in _events(text, lexicon) if "Occurred" in line} == {
        "TariffAction 2023-04-08 Occurred china united-states",
        "TariffAction 2023-04-09 Occurred china united-states",
    }


def test_a_visit_to_a_country_and_to_its_capital_is_one(lexicon: Lexicon) -> None:
    text = (
        "Vice Premier He Lifeng will visit the United States on Thursday. Analysts hailed the upcoming visit "
        "by He Lifeng to Washington."
    )
    assert _events(text, lexicon) == {"Visit 2024-03-07 Planned he-lifeng united-states"}


def test_a_dinner_does_not_date_the_meeting(lexicon: Lexicon) -> None:
    text = "Trump had a meeting with Xi Jinping. As he had said at the dinner last night, tariffs will fall."
    assert _events(text, lexicon) == {"Meeting Occurred donald-trump xi-jinping"}


def test_private_people_and_goods_pay_no_visit(lexicon: Lexicon) -> None:
    assert _events("American importers will leave China.", lexicon) == set()


@pytest.mark.parametrize(
    "text",
    [
        "President Xi: I wish to welcome President Biden to China.",
        "It is my pleasure to welcome President Xi Jinping to Washington, Biden said.",
        "At the invitation of President Xi Jinping, President Biden is paying a state visit to China.",
        "President Xi Jinping is visiting the United States.",
        "On March 5, Xi Jinping held talks with President Biden, who was on a state visit to China.",
    ],
)
def test_a_visit_that_lasts_when_the_text_is_written_has_its_day(text: str, lexicon: Lexicon) -> None:
    assert any(it.startswith(f"Visit {PUBLISHED} Occurred") for it in _events(text, lexicon))


@pytest.mark.parametrize(
    "text",
    [
        "President Xi Jinping welcomed President Biden to China.",
        "President Biden looks forward to welcoming Xi Jinping to the United States.",
        "President Biden visited China as vice president.",
        "It is the first visit to China by President Biden since he took office.",
        "Xi Jinping said he would be glad to welcome President Biden to China.",
        "President Biden has visited China twice.",
    ],
)
def test_a_visit_that_is_over_or_to_come_has_no_day_of_publication(text: str, lexicon: Lexicon) -> None:
    assert not any(it.startswith("Visit") and PUBLISHED in it for it in _events(text, lexicon))


def test_what_is_left_to_somebody_is_no_journey(lexicon: Lexicon) -> None:
    events = _events("Jake Sullivan said: “I will leave that to the Chinese side.”", lexicon)
    assert not any(it.startswith("Visit") for it in events)


def test_a_meeting_of_some_body_dates_no_other(lexicon: Lexicon) -> None:
    """“The COP27 meeting” is none of the two, and no name of theirs."""
    text = "President Biden met with President Xi. He spoke of the COP27 meeting, where he spoke on March 1."
    assert _events(text, lexicon) == {"Meeting Occurred joe-biden xi-jinping"}


def test_a_visit_is_not_shared_by_those_who_speak_of_another(lexicon: Lexicon) -> None:
    text = (
        "President Biden said: “I want to welcome President Xi to the United States. As I indicated during my "
        "recent visit to APEC, the United States is a Pacific nation.” During this visit, President Biden and "
        "President Xi agreed on trade."
    )
    [visit] = [it for it in _events(text, lexicon) if it.startswith("Visit")]
    assert "joe-biden" not in visit


def test_what_was_said_during_a_visit_leaves_the_visit(lexicon: Lexicon) -> None:
    text = "During Wang Yi's visit to the United States in January 2024, he spoke of Taiwan."
    assert "Visit 2024-01 Occurred united-states wang-yi" in _events(text, lexicon)
