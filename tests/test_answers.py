"""What answers say of exchanges and statements: who counts, which days, and what is told where no fact answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import ingest, queries
from kg.lexicon import Lexicon
from kg.questions import Answer, Answerer
from kg.questions.evidence import Fact
from kg.store import open_store
from kg.terms import BASE

HEAD = "---\ntitle: {title}\npublisher: {publisher}\ndate_published: {date}\nkind: readout\n---\n\n"
DOCUMENTS = {
    "stockholm": ("China-U.S. trade talks in Stockholm", "Ministry of Commerce of China", "2025-07-29",
        "From July 28 to 29, Vice Premier He Lifeng held trade talks in Stockholm with U.S. Treasury "
        "Secretary Scott Bessent and Trade Representative Jamieson Greer."),
    "defence": ("Dong Jun met Hegseth", "Ministry of National Defense of China", "2025-10-31",
        "On October 31, 2025, Defense Minister Dong Jun met with U.S. Secretary of War Pete Hegseth in Kuala "
        "Lumpur."),
    "talks": ("Trade consultations in Kuala Lumpur", "Ministry of Commerce of China", "2025-10-26",
        "On October 26, 2025, Vice Premier He Lifeng held trade talks with U.S. Treasury Secretary Scott "
        "Bessent in Kuala Lumpur."),
    "call": ("President Trump speaks with President Xi", "The White House", "2025-06-05",
        "President Donald Trump held a phone call with President Xi Jinping on June 5, 2025. President Trump "
        "said that the United States welcomes Chinese students."),
    "later": ("President Xi speaks with President Trump", "Ministry of Foreign Affairs of China", "2026-02-04",
        "On February 4, 2026, President Xi Jinping had a phone call with President Donald Trump. President Xi "
        "said that the United States must handle arms sales to Taiwan with prudence."),
    "fact-sheet": ("Fact sheet on deals with China", "The White House", "2026-05-17",
        "China will lift all suspensions of U.S. beef facilities."),
}  # fmt: skip


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder: Path = tmp_path_factory.mktemp("documents")
    for name, (title, publisher, date, body) in DOCUMENTS.items():
        head = HEAD.format(title=title, publisher=publisher, date=date)
        (folder / f"{date}-{name}.md").write_text(head + body + "\n", encoding="utf-8")
    with open_store("memory:", write=True) as opened:
        pipeline = ingest.Pipeline()
        ingest.put_ontology(opened, pipeline)
        [*ingest.load(sorted(folder.iterdir()), opened, pipeline, max_bytes=100_000)]
        yield Answerer(opened, queries.catalogue(), Lexicon.load())


def column(answer: Answer, name: str) -> set[str]:
    index = answer.columns.index(name)
    return {row[index] for row in answer.rows}


def test_two_years_are_a_span(answerer: Answerer) -> None:
    assert column(answerer.ask("trump xi calls 2025 2026"), "date") == {"2025-06-05", "2026-02-04"}


def test_trade_talks_are_of_those_who_trade(answerer: Answerer) -> None:
    answer = answerer.ask("Where were the U.S.-China trade talks of 2025 held?")
    assert column(answer, "date") == {"2025-07-28", "2025-10-26"}


def test_people_of_one_side_are_told_apart(answerer: Answerer) -> None:
    chinese = answerer.ask("Who took part in the Stockholm trade talks on the Chinese side?")
    assert column(chinese, "participantLabel") == {"He Lifeng"}
    american = answerer.ask("Who was in the American delegation at the Stockholm talks?")
    assert column(american, "participantLabel") == {"Scott Bessent", "Jamieson Greer"}


def test_next_question_may_point_at_the_one_before(answerer: Answerer) -> None:
    first = answerer.ask("When did Trump and Xi last talk on the phone?")
    then = answerer.ask("What did they say about Taiwan then?", first.context)
    assert "prudence" in then.text
    year = answerer.ask("and in 2025?", answerer.ask("Which calls did Trump and Xi have in 2026?").context)
    assert column(year, "date") == {"2025-06-05"}
    place = answerer.ask("and where was that?", answerer.ask("When did Dong Jun and Hegseth meet?").context)
    assert place.text.startswith("In Kuala Lumpur")


def test_house_speaks_by_what_it_publishes(answerer: Answerer) -> None:
    answer = answerer.ask("What does the White House say about beef?")
    assert any("beef" in row[answer.columns.index("content")] for row in answer.rows)


def test_outcome_of_a_place_that_nobody_tells_is_not_that_of_others(answerer: Answerer) -> None:
    assert not answerer.ask("What was the outcome of the Geneva talks?").rows


def test_readings_of_the_catalogue_are_offered_below_an_answer(answerer: Answerer) -> None:
    answer = answerer.ask("Which calls did Trump and Xi have in 2026?")
    assert answer.verdict == "sure"
    assert "calls" in {it.query for it in answer.suggestions}


def test_chinese_words_that_no_text_has_are_no_denial(answerer: Answerer) -> None:
    answer = answerer.ask("中方对猪肉说了什么？")
    assert answer.verdict != "sure"
    assert "未理解：“猪肉”" in answer.text


def test_last_of_several_and_what_lies_ahead(answerer: Answerer) -> None:
    assert column(answerer.ask("last two calls of Trump and Xi"), "date") == {"2025-06-05", "2026-02-04"}
    assert column(answerer.ask("last call of Trump and Xi"), "date") == {"2026-02-04"}
    assert answerer.ask("When will Trump and Xi call?").text.startswith(
        "No document in the graph tells of a p"
    )


def test_day_on_which_nothing_was_leads_to_the_nearest_days(answerer: Answerer) -> None:
    answer = answerer.ask("call of Trump and Xi on 6 June 2025")
    assert not answer.rows
    assert "5 June 2025" in answer.text


def test_narrower_name_that_nothing_has_is_no_yes(answerer: Answerer) -> None:
    answer = answerer.ask("Has Xi ever said that there must be no sale of submarines to Taiwan?")
    assert not answer.text.startswith("Yes")


def test_title_and_name_are_one_person(answerer: Answerer) -> None:
    answer = answerer.ask("Which trade talks did Treasury Secretary Bessent have in 2025?")
    assert "Not understood" not in answer.text
    assert column(answer, "date") == {"2025-07-28", "2025-10-26"}


def test_passage_is_of_the_day_and_no_plan_or_memory_of_it(answerer: Answerer) -> None:
    evidence = answerer.composition.events.evidence
    event = answerer.events.get(f"{BASE}id/call/2025-06-05-donald-trump-xi-jinping")
    assert event is not None
    told = {
        "2025-06-04": "President Trump will hold a phone call with President Xi of China on June 5, 2025.",
        "2025-06-05": "President Trump spoke by phone with President Xi of China.",
        "2025-12-01": "In their phone call on June 5, 2025, President Trump and President Xi of China agreed.",
    }
    facts = [
        Fact(event.iri, f"{BASE}ontology#participant", "", "", day, words, "", day)
        for day, words in told.items()
    ]
    assert [it.document for it in evidence.best(event, facts)] == ["2025-06-05"]


@pytest.mark.parametrize(
    "question",
    ["What does the White House say about beef?", "What did China say in 2026?", "demands of Xi Jinping"],
)
def test_statements_from_memory_are_those_of_the_query(answerer: Answerer, question: str) -> None:
    answer = answerer.ask(question)
    assert answer.rows
    found = answerer.store.select(answer.sparql)
    claims = {row[found.variables.index("claim")] for row in found.texts()}
    assert column(answer, "claim") == claims


def test_words_that_stand_twice_are_cited_where_they_were_read(answerer: Answerer) -> None:
    answer = answerer.ask("What did Xi say about Taiwan in 2026?")
    [citation] = [it for it in answer.citations if "prudence" in it.exact]
    assert citation.before.endswith("President Xi said that ")


def test_demand_is_shown_and_not_taken_for_a_yes(answerer: Answerer) -> None:
    answer = answerer.ask("Did Xi demand prudence on Taiwan?")
    assert answer.rows
    assert answer.text.startswith("Read as demand: Xi Jinping")


def test_chinese_titles_and_narrower_names(answerer: Answerer) -> None:
    answer = answerer.ask("美国财长2025年7月在哪里会见何立峰？")
    assert answer.verdict == "sure"
    assert answer.text.startswith("在斯德哥尔摩")
    assert "第" not in answerer.ask("川普總統与習主席2026年通過幾次電話？").text
    assert column(answerer.ask("特朗普总统和习近平2026年通话"), "date") == {"2026-02-04"}
    assert answerer.ask("中方对芬太尼说了什么？").verdict != "unsure"


def test_statement_that_is_no_promise_is_told_as_a_mention(answerer: Answerer) -> None:
    answer = answerer.ask("Did Trump promise anything on students?")
    assert answer.verdict == "unsure"
    assert answer.only_mentions
    assert "welcomes" in answer.citations[0].exact


def test_documents_of_an_exchange_are_those_of_its_days(answerer: Answerer) -> None:
    answer = answerer.ask("readouts of the talks in Stockholm")
    assert column(answer, "documentTitle") == {"China-U.S. trade talks in Stockholm"}


def test_first_time_is_told_with_its_exchange(answerer: Answerer) -> None:
    answer = answerer.ask("when did Xi first raise Taiwan with Trump?")
    assert answer.text.startswith("Taiwan was first raised in the Trump–Xi call on 4 Feb")


def test_short_and_british_spellings(answerer: Answerer) -> None:
    answer = answerer.ask("calls of trump w xi")
    assert column(answer, "date") == {"2025-06-05", "2026-02-04"}
    assert answerer.composition.reader.bind("defence licences").text == "defense licenses"


def test_spoken_by_phone_is_a_call_and_time_after_others_counts(answerer: Answerer) -> None:
    assert answerer.ask("how often have Xi and Trump spoken by phone").understood.startswith("calls of")
    answer = answerer.ask("how long after the Stockholm talks did Trump and Xi call?")
    assert answer.text.startswith("190 days")
    assert "planned" in answerer.ask("when is Trump going to visit Xi?").understood


@pytest.mark.parametrize(
    "question",
    [
        "Did Hegseth apologise to Dong Jun for the balloon?",
        "When did the US bomb Beijing?",
        "Who translated for Trump in 2025?",
        "Did China and the US sign a nuclear treaty in Stockholm?",
    ],
)
def test_verb_that_is_not_known_is_answered_by_no_exchange(answerer: Answerer, question: str) -> None:
    answer = answerer.ask(question)
    assert not answer.rows
    assert answer.verdict != "sure"
    assert "Not understood" in answer.text


def test_wider_topic_is_no_yes(answerer: Answerer) -> None:
    answer = answerer.ask("Were submarines discussed in the call of 4 February 2026?")
    assert not answer.text.startswith("Yes")
    assert not answer.rows


def test_exchanges_are_told_by_the_names_that_people_use(answerer: Answerer) -> None:
    """In sentences as in lists: twelve meetings of the same two people are told apart."""
    assert "Trump–Xi call on 5 June 2025" in answerer.ask("What was discussed in the June 5, 2025 call?").text
    assert "(Trump–Xi call)" in answerer.ask("Which calls took place in 2026?").text
    assert "习近平通话" in answerer.ask("2025年6月5日的通话谈了什么？").text
