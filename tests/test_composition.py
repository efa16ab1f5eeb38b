"""Any combination of what is wanted and of what is answered, as people type it, in English and Chinese."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg import queries
from kg.lexicon import Lexicon
from kg.questions import Answerer
from kg.questions.binding import Binder
from kg.questions.framing import frame_of
from kg.questions.stemming import alike, stem
from kg.store import open_store
from tests.conftest import DOCUMENTS, SEEDS

FOLDER = Path(__file__).parents[1]
TODAY = "2026-05-17"


@pytest.fixture(scope="module")
def binder(lexicon: Lexicon) -> Binder:
    return Binder(lexicon)


@pytest.fixture(scope="module")
def answerer(lexicon: Lexicon, stored: Callable[..., str]) -> Iterator[Answerer]:
    with open_store(stored(*DOCUMENTS, *SEEDS)) as opened:
        yield Answerer(opened, queries.catalogue(), lexicon)


@pytest.mark.parametrize(
    ("question", "of", "want", "parties", "period"),
    [
        ("how many times did sullivan meet wang yi", "events", "count", ["Jake Sullivan", "Wang Yi"], ""),
        ("when did rubio last talk to wang yi", "events", "when", ["Marco Rubio", "Wang Yi"], ""),
        ("every call between trump and xi in 2025", "events", "list", ["Donald Trump", "Xi Jinping"], "2025"),
        ("trump xi calls 2025", "events", "list", ["Donald Trump", "Xi Jinping"], "2025"),
        ("How long was the June 2025 call w/ Xi?", "events", "duration", ["Xi Jinping"], "2025-06"),
        ("what did xi demand on taiwan", "claims", "words", ["Xi Jinping"], ""),
        ("did trump and xi discuss iran", "topics", "whether", ["Donald Trump", "Xi Jinping"], ""),
        ("王毅和鲁比奥通过几次电话?", "events", "count", ["王毅", "马尔科·鲁比奥"], ""),
        ("奧巴馬第一次見習近平是幾時?", "events", "when", ["贝拉克·奥巴马", "习近平"], ""),
        ("川普和習主席2025年6月通話多久", "events", "duration", ["唐纳德·特朗普", "习近平"], "2025-06"),
        ("What did 习近平 demand on 台湾?", "claims", "words", ["Xi Jinping"], ""),
    ],
)
def test_question_is_taken_apart(
    binder: Binder, lexicon: Lexicon, question: str, of: str, want: str, parties: list[str], period: str
) -> None:
    frame = frame_of(binder.bind(question, TODAY), lexicon)
    assert frame is not None
    assert (frame.of, frame.want, [it.label for it in frame.parties]) == (of, want, parties)
    assert frame.period.start == period
    assert not frame.unknown


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what did wnag yi demnad on tawian", {"wang", "demand", "taiwan"}),
        ("both sides on tarrifs", {"tariffs"}),
        ("Was bidn there?", {"biden"}),
    ],
)
def test_slips_of_the_pen_are_put_right_and_said(binder: Binder, typed: str, read: set[str]) -> None:
    assert {better for _, better in binder.bind(typed).corrected} == read


@pytest.mark.parametrize(
    "question", ["what did xi say in March 2021", "did anyone win", "price of rare earths today"]
)
def test_words_that_are_right_stay(binder: Binder, question: str) -> None:
    assert not binder.bind(question).corrected


def test_period_of_two_months_has_the_year_of_the_last(binder: Binder) -> None:
    [it] = binder.bind("meetings between may and december 2025").of("date")
    assert (it.period.start, it.period.end) == ("2025-05", "2025-12")


def test_term_of_office_is_a_period(binder: Binder, lexicon: Lexicon) -> None:
    frame = frame_of(binder.bind("How often did they meet while Biden was president?"), lexicon)
    assert frame is not None
    assert (frame.period.start, frame.period.end) == ("2021-01-20", "2025-01-20")


def test_duration_is_told_in_hours_and_minutes(answerer: Answerer) -> None:
    answer = answerer.ask("how long did the june 2025 trump xi call last")
    assert "about 1 hour 30 minutes" in answer.text
    assert answer.citations


@pytest.mark.parametrize(
    "question", ["How long was the call on June 7, 2025?", "How long was their call on 7 June 2025?"]
)
def test_a_call_on_a_day_calls_on_nobody(question: str, binder: Binder) -> None:
    bound = binder.bind(question)
    assert bound.says("kind", "Call")
    assert not bound.of("act")


def test_chinese_question_is_answered_in_chinese(answerer: Answerer) -> None:
    answer = answerer.ask("2025年6月5日特朗普和习近平通话中没有讨论哪些话题？")
    assert answer.verdict == "sure"
    assert "伊朗" in answer.text
    assert "2025年6月5日" in answer.text


def test_second_party_is_never_ignored(answerer: Answerer) -> None:
    answer = answerer.ask("Did Janet Yellen call Xi Jinping on June 5, 2025?")
    assert answer.text.startswith("No document in the graph tells of a call of Janet Yellen and Xi Jinping")
    assert "Trump–Xi call on 5 June 2025" in answer.text
    assert not answer.rows


def test_false_premise_is_put_right(answerer: Answerer) -> None:
    answer = answerer.ask("How long was the June 2025 call between Biden and Xi?")
    assert answer.text.startswith("No document in the graph tells of a call of Joe Biden and Xi Jinping")
    assert "Trump–Xi call" in answer.text


def test_what_is_not_understood_is_said(answerer: Answerer) -> None:
    answer = answerer.ask("Which calls between Trump and Xi in 2025 were encrypted?")
    assert answer.verdict != "sure"
    assert "encrypted" in answer.text


def test_answers_name_no_identifiers(answerer: Answerer) -> None:
    for question in (
        "calls of Trump and Xi",
        "what did China say about Taiwan",
        "who took part in the June 5 call",
    ):
        answer = answerer.ask(question)
        assert answer.rows
        assert "://" not in answer.text
        assert ".us-" not in answer.text


def test_conversation_keeps_what_is_not_replaced(answerer: Answerer) -> None:
    first = answerer.ask("What did China say about Taiwan?")
    then = answerer.ask("and what about Iran?", first.context)
    assert then.understood == "statements on Iran of China"


def test_who_represented_a_side_gives_its_people_alone(answerer: Answerer) -> None:
    answer = answerer.ask("Who represented the United States in the call of June 5, 2025?")
    assert "Donald Trump" in answer.text
    assert "Xi Jinping (" not in answer.text


@pytest.mark.parametrize(("asked", "said"), [("cut", "suspend"), ("buy", "purchase"), ("stop", "halt")])
def test_verbs_of_measures_stand_for_one_another(asked: str, said: str) -> None:
    assert stem(said) in alike(stem(asked))
    assert stem("raise") not in alike(stem("cut"))
