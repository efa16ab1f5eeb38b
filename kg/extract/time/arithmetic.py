"""Turns the parts of a date expression into a date: years that go unsaid, weekdays, “last month”.

Every resolver takes the parts, the day of publication and a direction: `past` or `future` (what the tense
says), `last`, `next` or `this` (what the words say), `since` or `nearest` (what the preposition says). It
gives the date and, for a range, the end date; each is `None` where the words do not settle it.
"""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TypeAlias

Resolved: TypeAlias = tuple[str | None, str | None]
Resolver: TypeAlias = Callable[[Mapping[str, str], date, str], Resolved]

UNRESOLVED: Resolved = (None, None)
WINDOW = timedelta(days=30)  # news leaves out the year of a day this near, whatever the tense
MONTHS = tuple(calendar.month_name)[1:]
WEEKDAYS = tuple(calendar.day_name)
SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
RELATIVE_DAYS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: value for value, word in enumerate(SMALL, 1)} | {
    "a": 1,
    "an": 1,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "twenty-five": 25,
    "thirty": 30,
    "thirty-five": 35,
    "forty": 40,
    "forty-five": 45,
    "fifty": 50,
    "fifty-five": 55,
    "sixty": 60,
    "seventy": 70,
    "seventy-five": 75,
    "eighty": 80,
    "ninety": 90,
}


def number(word: str) -> int:
    """The value of a numeral (`10`, `10th`) or number word (`forty-five`)."""
    return int(re.sub(r"\D", "", word)) if word[0].isdigit() else NUMBERS[word.lower()]


def month_number(word: str) -> int:
    """1 to 12, of a number, a name or its abbreviation."""
    return int(word) if word.isdigit() else [name[:3] for name in MONTHS].index(word[:3].title()) + 1


def choose(days: Iterable[date], today: date, direction: str, slack: timedelta = timedelta()) -> date | None:
    """The one of `days` that the direction means; `slack` is how far the tense may be overruled."""
    candidates = sorted(days)
    if direction == "nearest":
        return min(candidates, key=lambda day: abs(day - today), default=None)
    if direction in ("future", "next"):
        floor = today - slack if direction == "future" else today + timedelta(days=1)
        return next((day for day in candidates if day >= floor), None)
    ceiling = {"past": today + slack, "last": today - timedelta(days=1)}.get(direction, today)
    return next((day for day in reversed(candidates) if day <= ceiling), None)


def day(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“June 5”, “Thursday, 5 June 2025”, “October 30 of last year”."""
    return _text(_first_day(parts, today, direction))


def day_range(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“May 10–11”, “30 March to 2 April 2025”; the end is the first such day after the start."""
    if "year2" in parts:
        parts = {"year": parts["year2"], **parts}
    start = _first_day(parts, today, direction)
    if start is None:
        return UNRESOLVED
    month, number_ = month_number(parts.get("month2", parts["month"])), number(parts["day2"])
    ends = [found for year in (start.year, start.year + 1) for found in _day_of(year, month, number_)]
    end = next((found for found in ends if found > start), None)
    if end is None or not _is_weekday(end, parts.get("weekday2")):
        return UNRESOLVED
    return start.isoformat(), end.isoformat()


def month(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“June 2025”, “last November”, “in April”."""
    number_ = month_number(parts["month"])
    years = range(today.year, today.year + 1) if direction == "this" else _years(parts, today)
    found = choose([date(year, number_, 1) for year in years], today.replace(day=1), _fixed(parts, direction))
    return (f"{found:%Y-%m}", None) if found else UNRESOLVED


def month_range(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“March to May 2025”."""
    end, _ = month({**parts, "month": parts["month2"]}, today, direction)
    if end is None:
        return UNRESOLVED
    first, last = month_number(parts["month"]), int(end[5:])
    return f"{int(end[:4]) - (first > last)}-{first:02}", end


def year(parts: Mapping[str, str], _today: date, _direction: str) -> Resolved:
    """“2024”, “1947 to 1949”."""
    return parts["year"], parts.get("year2")


def season(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“spring of 2024”, “last summer”: the year, since seasons have no month of their own."""
    if "year" in parts or direction == "this":
        return parts.get("year", str(today.year)), None
    number_ = SEASON_STARTS[parts["season"].lower()]
    # A season that began less than three months ago is not the last one.
    reference = today - timedelta(days=91) if direction == "last" else today
    found = choose([date(year, number_, 1) for year in _years(parts, today)], reference, direction)
    return (str(found.year), None) if found else UNRESOLVED


def weekday(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“Thursday”, “last Monday”, “this Friday”, “Tuesday of last week”."""
    number_ = _weekday_number(parts["weekday"])
    if "of_week" in parts or direction == "this":
        weeks = _offset(parts.get("of_week", "this"))
        return _text(_monday(today) + timedelta(days=number_, weeks=weeks))
    return _text(choose(_around(today, number_), today, direction))


def weekday_range(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“from Thursday to Friday”: the end is the first such day after the start."""
    start = choose(_around(today, _weekday_number(parts["weekday"])), today, direction)
    if start is None:
        return UNRESOLVED
    days = (start + timedelta(days=step) for step in range(1, 8))
    end = next(day for day in days if day.weekday() == _weekday_number(parts["weekday2"]))
    return start.isoformat(), end.isoformat()


def anaphoric(parts: Mapping[str, str], _today: date, _direction: str) -> Resolved:
    """“two days later”, “the same day”, “the following day”, seen from the day of the part `base`."""
    if "base" not in parts:
        return UNRESOLVED
    toward = parts.get("toward", "").lower().split(" ")[0]
    count = number(parts["n"]) if "n" in parts else int(bool(toward))
    is_back = toward in ("earlier", "before", "previous", "preceding")
    return _moved(parts["base"], -count if is_back else count, parts["unit"].lower().rstrip("s"))


def offset(parts: Mapping[str, str], _today: date, _direction: str) -> Resolved:
    """“on Monday, *a day* after they met”: the day of what is behind “after”, seen from the part `base`."""
    if "base" not in parts:
        return UNRESOLVED
    count = number(parts["n"])
    return _moved(parts["base"], -count if parts["beyond"].lower() == "after" else count, "day")


def _moved(base: str, count: int, unit: str) -> Resolved:
    """The date that is so many days, weeks, months or years from another, as precise as the unit."""
    if unit == "year":
        return str(int(base[:4]) + count), None
    if unit == "month":
        return f"{_add_months(date.fromisoformat(f'{base[:7]}-01'), count):%Y-%m}", None
    return _text(date.fromisoformat(base) + timedelta(days=count * (7 if unit == "week" else 1)))


def weekend(_parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“the weekend”: Saturday and Sunday."""
    saturday = choose(_around(today, WEEKDAYS.index("Saturday")), today, direction)
    return _two_days(saturday) if saturday else UNRESOLVED


def ordinal(parts: Mapping[str, str], today: date, direction: str) -> Resolved:
    """“the 18th”, “the 18th of last month”."""
    steps = [_offset(parts["of_month"])] if "of_month" in parts else range(-2, 3)
    firsts = [_add_months(today, step) for step in steps]
    days = [found for first in firsts for found in _day_of(first.year, first.month, number(parts["day"]))]
    return _text(choose(days, today, "nearest" if "of_month" in parts else direction))


def relative_day(parts: Mapping[str, str], today: date, _direction: str) -> Resolved:
    """“today”, “this morning”, “last night”, “the day after tomorrow”."""
    return _text(today + timedelta(days=RELATIVE_DAYS.get(" ".join(parts["word"].lower().split()), 0)))


def period(parts: Mapping[str, str], today: date, _direction: str) -> Resolved:
    """“last month”, “earlier this week”, “next year”; a week gives its month if it lies in one."""
    step, unit = _offset(parts.get("which", "this")), parts["unit"].lower()
    if unit in ("year", "month"):
        return _moved(today.isoformat(), step, unit)
    monday = _monday(today) + timedelta(weeks=step)
    if unit == "weekend":
        return _two_days(monday + timedelta(days=5))
    is_so_far = parts.get("edge", "").lower() == "earlier" and step == 0
    last = max(monday, today - timedelta(days=1)) if is_so_far else monday + timedelta(days=6)
    return _common_month(monday, last), None


def ago(parts: Mapping[str, str], today: date, _direction: str) -> Resolved:
    """“three days ago”, “two weeks ago”, “a year ago”, each to the precision of its unit."""
    if "few" in parts:
        return _common_month(today - timedelta(days=6), today - timedelta(days=2)), None
    count, unit = number(parts["n"]), parts["unit"].lower().rstrip("s")
    if unit == "week":
        around = today - timedelta(weeks=count)
        return _common_month(around - timedelta(days=3), around + timedelta(days=3)), None
    return _moved(today.isoformat(), -count, unit)


def never(_parts: Mapping[str, str], _today: date, _direction: str) -> Resolved:
    """“in the coming weeks”, “the 1940s”: time is spoken of, no date is given."""
    return UNRESOLVED


def _first_day(parts: Mapping[str, str], today: date, direction: str) -> date | None:
    number_, years = month_number(parts["month"]), _years(parts, today)
    days = [found for year in years for found in _day_of(year, number_, number(parts["day"]))]
    name = parts.get("weekday") or (None if "day2" in parts else parts.get("weekday2"))
    if name is not None:
        # Weekday and day name the year together, so the tense need not; a mismatch is not repaired.
        days = [found for found in days if _is_weekday(found, name)]
        direction = "nearest"
    return choose(days, today, _fixed(parts, direction), WINDOW)


def _fixed(parts: Mapping[str, str], direction: str) -> str:
    """A year that the text names leaves the direction nothing to decide."""
    return "nearest" if "year" in parts or "of_year" in parts else direction


def _years(parts: Mapping[str, str], today: date) -> range:
    """The years that an expression may mean: its own, the one it points to, or those around today."""
    if "year" in parts:
        return range(int(parts["year"]), int(parts["year"]) + 1)
    if "of_year" in parts:
        year_ = today.year + _offset(parts["of_year"])
        return range(year_, year_ + 1)
    return range(max(today.year - 4, 1), today.year + 5)


def _day_of(year: int, month: int, day: int) -> Iterator[date]:
    if 1 <= day <= calendar.monthrange(year, month)[1]:
        yield date(year, month, day)


def _around(today: date, weekday: int) -> list[date]:
    days = [today + timedelta(days=step) for step in range(-7, 8)]
    return [found for found in days if found.weekday() == weekday]


def _is_weekday(found: date, name: str | None) -> bool:
    return name is None or found.weekday() == _weekday_number(name)


def _weekday_number(word: str) -> int:
    return WEEKDAYS.index(word.title())


def _offset(which: str) -> int:
    return {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[which.lower().split()[-1]]


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _add_months(today: date, step: int) -> date:
    """The first day of the month that is `step` months from that of `today`."""
    year_, index = divmod(today.year * 12 + today.month - 1 + step, 12)
    return date(year_, index + 1, 1)


def _common_month(first: date, last: date) -> str | None:
    return f"{first:%Y-%m}" if (first.year, first.month) == (last.year, last.month) else None


def _two_days(first: date) -> Resolved:
    return first.isoformat(), (first + timedelta(days=1)).isoformat()


def _text(found: date | None) -> Resolved:
    return (found.isoformat(), None) if found else UNRESOLVED
