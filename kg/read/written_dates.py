"""Days as people write them, read only where they can mean one day."""

import re
from datetime import UTC, date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
DAY = re.compile(
    r"(?P<year>[12]\d{3})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"
    r"|(?P<year2>[12]\d{3})年(?P<month2>\d{1,2})月(?P<day2>\d{1,2})日"
    rf"|(?i:(?P<name>{_MONTH}))\.? (?P<day3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year3>[12]\d{{3}})"
    rf"|(?P<day4>\d{{1,2}})(?:st|nd|rd|th)?[ -](?i:(?P<name2>{_MONTH}))\.?,?[ -](?P<year4>[12]\d{{3}})"
    r"|(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<year5>[12]\d{3}|\d{2})(?!\d)"
)
_WEEKDAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_SECONDS = re.compile(r"\d{10}(?:\d{3})?")
_CENTURY = 70  # two figures from here on are of the last century


def first_day(text: str) -> str | None:
    """The day that `text` starts with, as `YYYY-MM-DD`; a weekday may stand before, a time of day after."""
    weekday = _WEEKDAY.match(text)
    found = DAY.match(text, weekday.end() if weekday else 0)
    return day_of(found) if found else None


def day_of(found: re.Match[str]) -> str | None:
    """The day of a match of `DAY`, if the calendar has it and it can be no other."""
    if found["mark"]:
        return _numeric(int(found["one"]), int(found["two"]), found["year5"], found["mark"])
    parts = {name.rstrip("2345"): value for name, value in found.groupdict().items() if value}
    month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"][:3].lower()) + 1
    return _day(int(parts["year"]), month, int(parts["day"]))


def day_of_seconds(text: str) -> str | None:
    """The day in UTC of a number of seconds or milliseconds since 1970."""
    if not _SECONDS.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC).date().isoformat()


def _numeric(one: int, two: int, year: str, mark: str) -> str | None:
    """“14/06/2023” and “06/14/23”; of “06/05/2023” nobody can say which is the month."""
    full = int(year) if len(year) == len("2023") else int(year) + (1900 if int(year) >= _CENTURY else 2000)
    if one > 12 or one == two or mark == ".":
        return _day(full, two, one)
    return _day(full, one, two) if two > 12 else None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
