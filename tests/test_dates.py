import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.time.dates import RULES, find_dates, resolve
from kg.extract.time.durations import find_durations

SATURDAY = "2025-06-07"

# text, words found, date, end date; read in a text of Saturday 7 June 2025
DATES = [
    # whole dates
    ("They spoke on 2025-06-05.", "2025-06-05", "2025-06-05", None),
    ("They spoke on 2025/6/5.", "2025/6/5", "2025-06-05", None),
    ("They spoke on June 5, 2025 by phone.", "June 5, 2025", "2025-06-05", None),
    ("They spoke on 5 June 2025.", "5 June 2025", "2025-06-05", None),
    ("They spoke on the 5th of June, 2025.", "the 5th of June, 2025", "2025-06-05", None),
    ("They spoke on Thursday, June 5, 2025.", "Thursday, June 5, 2025", "2025-06-05", None),
    ("They spoke on Thursday, 5 June 2025.", "Thursday, 5 June 2025", "2025-06-05", None),
    ("POSTED JUNE 5TH, 2025", "JUNE 5TH, 2025", "2025-06-05", None),
    ("They spoke on Sept. 9, 2021.", "Sept. 9, 2021", "2021-09-09", None),
    ("They spoke on Feb 30, 2025.", "Feb 30, 2025", None, None),
    # a weekday that does not fit is not repaired
    ("They spoke on Friday, June 5, 2025.", "Friday, June 5, 2025", None, None),
    # days without a year
    ("They spoke on June 5.", "June 5", "2025-06-05", None),
    ("They spoke on 5 June.", "5 June", "2025-06-05", None),
    ("On Oct. 31 (Beijing time) they met.", "Oct. 31", "2024-10-31", None),
    ("The round of June 10 is near.", "June 10", "2025-06-10", None),
    ("Talks began Tuesday (Jun 10).", "Tuesday (Jun 10)", "2025-06-10", None),
    ("Talks began June 10 (Tuesday).", "June 10 (Tuesday)", "2025-06-10", None),
    ("It holds until August 12.", "August 12", "2025-08-12", None),
    ("It has held since August 12.", "August 12", "2024-08-12", None),
    ("They met on October 30 of last year.", "October 30 of last year", "2024-10-30", None),
    ("They met on the 3rd.", "the 3rd", "2025-06-03", None),
    ("They met on the 18th in Rome.", "the 18th", "2025-05-18", None),
    ("They met on the 18th of last month.", "the 18th of last month", "2025-05-18", None),
    # ranges
    ("Rounds on May 10–11 helped.", "May 10–11", "2025-05-10", "2025-05-11"),
    ("Rounds from May 10 to 11 helped.", "May 10 to 11", "2025-05-10", "2025-05-11"),
    ("Rounds on May 10 and 11, 2024 helped.", "May 10 and 11, 2024", "2024-05-10", "2024-05-11"),
    ("Rounds from July 28 to 29 helped.", "July 28 to 29", "2024-07-28", "2024-07-29"),
    ("Rounds from 10 to 11 May 2025 helped.", "10 to 11 May 2025", "2025-05-10", "2025-05-11"),
    ("From 30 March to 2 April 2025 they met.", "30 March to 2 April 2025", "2025-03-30", "2025-04-02"),
    ("Away December 30–January 2.", "December 30–January 2", "2024-12-30", "2025-01-02"),
    ("June 5, 2025 – June 7, 2025", "June 5, 2025 – June 7, 2025", "2025-06-05", "2025-06-07"),
    ("The war of 1947 to 1949", "1947 to 1949", "1947", "1949"),
    ("from March to May 2025", "March to May 2025", "2025-03", "2025-05"),
    ("from November to February 2025", "November to February 2025", "2024-11", "2025-02"),
    # months
    ("They met in June 2025.", "June 2025", "2025-06", None),
    ("They met in June of 2024.", "June of 2024", "2024-06", None),
    ("They met last November.", "last November", "2024-11", None),
    ("They met in May of last year.", "May of last year", "2024-05", None),
    ("They meet next January.", "next January", "2026-01", None),
    ("They met this May.", "this May", "2025-05", None),
    ("They met this past April.", "this past April", "2025-04", None),
    ("It has held since June.", "June", "2025-06", None),
    ("The November round failed.", "November", "2024-11", None),
    ("They met in April.", "April", "2025-04", None),
    ("They met in early May.", "early May", "2025-05", None),
    ("They met in January 2026.", "January 2026", "2026-01", None),
    # years
    ("They met in 2024.", "2024", "2024", None),
    ("They met in early 2024.", "early 2024", "2024", None),
    ("It ends by the end of the year.", "the end of the year", "2025", None),
    ("a visit later this year", "later this year", "2025", None),
    ("a visit next year", "next year", "2026", None),
    ("a visit early next year", "early next year", "2026", None),
    ("They met in the spring of 2024.", "spring of 2024", "2024", None),
    ("They met last summer.", "last summer", "2024", None),
    # days from today
    ("They spoke today.", "today", "2025-06-07", None),
    ("They spoke yesterday.", "yesterday", "2025-06-06", None),
    ("They meet tomorrow.", "tomorrow", "2025-06-08", None),
    ("They spoke this morning.", "this morning", "2025-06-07", None),
    ("They spoke last night.", "last night", "2025-06-06", None),
    ("They spoke the day before yesterday.", "the day before yesterday", "2025-06-05", None),
    ("They spoke three days ago.", "three days ago", "2025-06-04", None),
    # weekdays and weeks
    ("They spoke on Thursday.", "Thursday", "2025-06-05", None),
    ("They spoke last Saturday.", "last Saturday", "2025-05-31", None),
    ("They meet next Monday.", "next Monday", "2025-06-09", None),
    ("They met this Friday.", "this Friday", "2025-06-06", None),
    ("They met on Tuesday of last week.", "Tuesday of last week", "2025-05-27", None),
    ("They met last weekend.", "last weekend", "2025-05-31", "2025-06-01"),
    ("They met earlier this week.", "earlier this week", "2025-06", None),
    ("They met last month.", "last month", "2025-05", None),
    ("They met two weeks ago.", "two weeks ago", "2025-05", None),
    ("They met three months ago.", "three months ago", "2025-03", None),
    ("They met a year ago.", "a year ago", "2024", None),
    # the last week of May ends in June
    ("They met last week.", "last week", None, None),
    # time is spoken of, no date is given
    ("They meet in the coming weeks.", "the coming weeks", None, None),
    ("They meet in two weeks.", "two weeks", None, None),
    ("Over the past few months much changed.", "the past few months", None, None),
    ("In the late 1960s much changed.", "1960s", None, None),
    ("On a Sunday evening they talk.", "a Sunday evening", None, None),
    ("They met recently.", "recently", None, None),
]


@pytest.mark.parametrize(("text", "words", "date", "end_date"), DATES, ids=[row[0] for row in DATES])
def test_date_is_found_and_resolved(text: str, words: str, date: str | None, end_date: str | None) -> None:
    (mention,) = find_dates(text, published=SATURDAY)
    assert (mention.exact, mention.date, mention.end_date) == (words, date, end_date)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("They will meet in April.", "2026-04"),
        ("They will meet in June.", "2025-06"),
        ("They will meet on Monday.", "2025-06-09"),
        ("They will meet on September 3.", "2025-09-03"),
        ("They will meet on the 3rd.", "2025-07-03"),
        ("They will build on the deal of May 12.", "2025-05-12"),
        ("They will build on last month.", "2025-05"),
        ("They will do so until November 10.", "2025-11-10"),
    ],
)
def test_a_verb_that_looks_ahead_turns_what_the_words_leave_open(text: str, date: str) -> None:
    (mention,) = find_dates(text, published=SATURDAY)
    assert resolve(mention, SATURDAY, future=True).date == date


@pytest.mark.parametrize(
    ("published", "text", "date"),
    [
        ("2025-06-12", "They met last week.", "2025-06"),
        ("2025-05-02", "They met earlier this week.", None),
        ("2025-01-02", "They met on December 30.", "2024-12-30"),
        ("2024-12-31", "They meet on January 2.", "2025-01-02"),
        ("2025-06-05", "They spoke on Thursday.", "2025-06-05"),
        ("2025-06-05", "They spoke last Thursday.", "2025-05-29"),
        (None, "They met last month.", None),
        (None, "They met on June 5.", None),
        (None, "They met on June 5, 2025.", "2025-06-05"),
        (None, "They met on May 10–11, 2025.", "2025-05-10"),
    ],
)
def test_day_of_publication_decides(published: str | None, text: str, date: str | None) -> None:
    assert [mention.date for mention in find_dates(text, published=published)] == [date]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("On the evening of June 5 they spoke.", "Evening"),
        ("They met Thursday evening.", "Evening"),
        ("On April 2nd, in the morning, they spoke.", "Morning"),
        ("They spoke this afternoon.", "Afternoon"),
        ("They spoke tonight.", "Night"),
        ("They spoke on June 5.", None),
    ],
)
def test_part_of_day(text: str, part: str | None) -> None:
    (mention,) = find_dates(text, published=SATURDAY)
    assert mention.part_of_day == part


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("on June 5", "on"),
        ("since June 5", "since"),
        ("effective June 5", "since"),
        ("until the evening of June 5", "until"),
        ("by June 5", "before"),
        ("prior to June 5", "before"),
        ("following June 5", "after"),
        ("met June 5", None),
    ],
)
def test_relation(text: str, relation: str | None) -> None:
    (mention,) = find_dates(text, published=SATURDAY)
    assert mention.relation == relation


@pytest.mark.parametrize(
    ("text", "vague"),
    [("early 2024", True), ("in 2024", False), ("last week", True), ("last month", False), ("soon", True)],
)
def test_vague(text: str, vague: bool) -> None:
    (mention,) = find_dates(text, published=SATURDAY)
    assert mention.vague is vague


@pytest.mark.parametrize(
    "text",
    [
        "They may 5 times refuse.",
        "They march on.",
        "Tariffs of 10 percent and 25% on 2000 goods.",
        "A fund of $2024 was set up.",
        "The 18th National Congress met on the 20th anniversary.",
        "The May Fourth spirit may live on.",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text, published=SATURDAY) == []


def test_days_that_are_not_in_a_row_are_no_range() -> None:
    dates = [
        (mention.date, mention.end_date) for mention in find_dates("June 3 and June 5", published=SATURDAY)
    ]
    assert dates == [("2025-06-03", None), ("2025-06-05", None)]


def test_a_line_break_inside_a_date() -> None:
    (mention,) = find_dates("They spoke on June\n5, 2025.", published=None)
    assert mention.date == "2025-06-05"


TEXTS = [row[0] for row in DATES]


@given(st.lists(st.sampled_from([*TEXTS, "–", "(", ") ", "\n", "of", "and 11"])))
def test_mentions_are_cut_from_the_text_in_order_without_overlap(pieces: list[str]) -> None:
    text = " ".join(pieces)
    mentions = find_dates(text, published=SATURDAY)
    assert all(text[mention.start : mention.end] == mention.exact for mention in mentions)
    assert all(one.end <= other.start for one, other in itertools.pairwise(mentions))


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(str), st.sampled_from(TEXTS), st.booleans())
def test_any_day_of_publication_is_taken(published: str, text: str, future: bool) -> None:
    for mention in find_dates(text, published=published, future=future):
        assert mention.end_date is None or mention.date is not None
        assert mention.end_date is None or str(mention.date) < mention.end_date


@given(st.sampled_from(TEXTS), st.booleans())
def test_resolving_again_gives_the_same(text: str, future: bool) -> None:
    for mention in find_dates(text, published=SATURDAY, future=future):
        assert resolve(replace(mention, date=None), SATURDAY, future=future) == mention


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("They met this week.", "2025-11-01", "2025-10"),
        ("They met earlier this week.", "2025-11-01", "2025-10"),
        ("They met this week.", "2025-10-02", None),
        ("They met a few days ago.", "2025-10-30", "2025-10"),
        ("They met several days ago.", "2025-11-03", None),
        ("Gore will travel in the first half of next year.", "1996-11-24", "1997"),
        ("The deal was signed in the second quarter of 2024.", "2025-01-01", "2024"),
        ("The duties were imposed in the summer.", "2018-12-15", "2018"),
        ("They met on May 3. Two months later they met again.", "2024-12-01", "2024-07"),
        ("They met in May. A year earlier they had not.", "2024-12-01", "2023"),
        ("On May 3, two days after they met, it rained.", "2024-12-01", "2024-05-01"),
        ("It rained on May 3, a day before they met.", "2024-12-01", "2024-05-04"),
        ("They met on May 3. A day after the call, it rained.", "2024-12-01", None),
    ],
)
def test_spans_and_distances_of_time(text: str, published: str, day: str | None) -> None:
    assert find_dates(text, published=published)[-1].date == day


def test_every_row_of_the_table_is_tried() -> None:
    texts = [
        *TEXTS,
        "tariffs within 90 days",
        "the May round in March",
        "in the weeks ahead",
        "a few years ago",
        "On May 3, 2024, they met; two days later they met again",
        "talks from Thursday to Friday",
        "on May 3, 2024, a day after they met",
    ]
    forms = {mention.form for text in texts for mention in find_dates(text, published=SATURDAY)}
    assert forms == {rule.form for rule in RULES}


# text, words found, duration, approximate
DURATIONS = [
    ("It took approximately 90 minutes.", "approximately 90 minutes", "PT90M", True),
    ("It took an hour and a half.", "an hour and a half", "PT90M", False),
    ("It took about an hour and a half.", "about an hour and a half", "PT90M", True),
    ("It took one and a half hours.", "one and a half hours", "PT90M", False),
    ("It took 1.5 hours.", "1.5 hours", "PT90M", False),
    ("the 90-minute call", "90-minute", "PT90M", False),
    ("It took two hours and 15 minutes.", "two hours and 15 minutes", "PT135M", False),
    ("It took 2 hours 20 minutes.", "2 hours 20 minutes", "PT140M", False),
    ("It took nearly three and a half hours.", "nearly three and a half hours", "PT210M", True),
    ("They spoke for more than two hours.", "for more than two hours", "PT2H", True),
    ("a two-and-a-half-hour session", "two-and-a-half-hour", "PT150M", False),
    ("It took half an hour.", "half an hour", "PT30M", False),
    ("a half-hour call", "a half-hour", "PT30M", False),
    ("It took three quarters of an hour.", "three quarters of an hour", "PT45M", False),
    ("an hour-long call", "an hour-long", "PT1H", False),
    ("the hour-long call", "hour-long", "PT1H", False),
    ("It took 60 minutes.", "60 minutes", "PT1H", False),
    ("It took 90 minutes or so.", "90 minutes or so", "PT90M", True),
    ("a pause of 90 days", "90 days", "P90D", False),
    ("a 90-day pause", "90-day", "P90D", False),
    ("a pause of two weeks", "two weeks", "P14D", False),
    ("a one-year truce", "one-year", "P1Y", False),
    ("a truce of two and a half years", "two and a half years", "P30M", False),
]


@pytest.mark.parametrize(
    ("text", "words", "iso", "approximate"), DURATIONS, ids=[row[0] for row in DURATIONS]
)
def test_duration_is_found(text: str, words: str, iso: str, approximate: bool) -> None:
    (mention,) = find_durations(text)
    assert (mention.exact, mention.iso, mention.approximate) == (words, iso, approximate)
    assert text[mention.start : mention.end] == mention.exact


@pytest.mark.parametrize(
    "text",
    ["8 to 10 hours", "two days ago", "wait a minute", "three times a year", "$25 an hour", "many hours"],
)
def test_what_is_no_duration(text: str) -> None:
    assert find_durations(text) == []
