"""What a text says of itself above its first paragraph: title, day, and the dateline of an agency."""

import re
from collections.abc import Iterator
from datetime import date

from kg.model import Passage
from kg.read.metadata import DAY, day_of, first_day

_LONGEST_TITLE = 250
_HEAD = 12  # lines in which a title and a date line may stand
_DATELINE_WITHIN = 2000
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?"
_LABEL = re.compile(
    r"(?:source\s*:[^|]{1,40}\|\s*)?"
    r"(?:(?:date|tags?|(?:first |last )?(?:published|posted|updated|released|issued))"
    rf"(?:\s+(?:on|at|date|time))?\s*[:|]?\s*)?{_WEEKDAY}",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"[\sT,|at]*+(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?)?\s*(?:[A-Z]{1,5})?", re.I
)
_NO_TITLE = re.compile(r"for immediate release|tags?\s*:?|source\s*:.*|©.*", re.IGNORECASE)
_DATELINE = re.compile(
    r"^(?P<place>[A-Z][A-Z .'/-]{2,40})"
    r"(?:,\s+(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?)?"
    r"\s+\((?P<outlet>[A-Z][\w .&'’-]{1,40})\)\s*(?:--|-|–|—)",
    re.MULTILINE,
)


def title(body: str) -> Passage | None:
    """The first line that reads like a heading: short, no sentence, with an empty line below and text after.

    Dates and “For immediate release” above it are passed over, the marks of Markdown left out.
    """
    start = 0
    for line in body.splitlines(keepends=True)[:_HEAD]:
        text = line.strip().lstrip("#").strip("*_ ")
        rest = body[start + len(line) :]
        if text and not _NO_TITLE.fullmatch(text) and _day_on(text) is None:
            at = start + line.index(text)
            return Passage(at, at + len(text), text) if _is_heading(text, rest) else None
        start += len(line)
    return None


def _is_heading(text: str, rest: str) -> bool:
    is_apart = not rest.partition("\n")[0].strip() and bool(rest.strip())
    return is_apart and len(text) <= _LONGEST_TITLE and text[-1] not in ".!:;," and not _DATELINE.match(text)


def published(body: str) -> str | None:
    """The day that stands on a line of its own above the first paragraph."""
    return next((day for line in _head(body) if (day := _day_on(line))), None)


def _day_on(line: str) -> str | None:
    """The day of a line that holds nothing else but a label, a weekday or a time of day."""
    text = line.strip().strip("()[]")
    label = _LABEL.match(text)
    found = DAY.match(text, label.end() if label else 0)
    return day_of(found) if found and _TIME.fullmatch(text, found.end()) else None


def _head(body: str) -> Iterator[str]:
    for line in body.splitlines()[:_HEAD]:
        if len(line) > _LONGEST_TITLE:
            return
        yield line


def publisher(body: str) -> str | None:
    """The agency of a dateline such as `BEIJING, May 12 (Xinhua) --`."""
    dateline = _DATELINE.search(body, 0, _DATELINE_WITHIN)
    return dateline["outlet"] if dateline else None


def dateline_day(body: str, near: str | None) -> str | None:
    """The day of a dateline; a year that it leaves out is that which brings it nearest to the day `near`."""
    dateline = _DATELINE.search(body, 0, _DATELINE_WITHIN)
    if dateline is None or dateline["month"] is None or not (dateline["year"] or near):
        return None
    if dateline["year"]:
        return first_day(f"{dateline['month']} {dateline['day']}, {dateline['year']}")
    reference = date.fromisoformat(near or "")
    years = range(reference.year - 1, reference.year + 2)
    days = [day for year in years if (day := first_day(f"{dateline['month']} {dateline['day']}, {year}"))]
    return min(days, key=lambda day: abs(date.fromisoformat(day) - reference), default=None)


def day_in(name: str) -> str | None:
    """The first day that stands in a file name or address."""
    found = re.finditer(r"(?<!\d)((?:19|20)\d\d)[-/_.]?(\d{2})[-/_.]?(\d{2})(?!\d)", name)
    return next((day for match in found if (day := first_day("-".join(match.groups())))), None)
