"""What a source states about a document in named fields, checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from kg.read.source import Source

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAY = re.compile(
    r"(?P<year>[12]\d{3})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"|(?P<year2>[12]\d{3})年(?P<month2>\d{1,2})月(?P<day2>\d{1,2})日"
    r"|(?P<name>[A-Za-z]{3,9})\.? (?P<day3>\d{1,2})(?:st|nd|rd|th)?,? (?P<year3>[12]\d{3})"
    r"|(?P<day4>\d{1,2})(?:st|nd|rd|th)? (?P<name2>[A-Za-z]{3,9})\.?,? (?P<year4>[12]\d{3})"
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
ADDRESS = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")
Fields: TypeAlias = Mapping[str, tuple[str, int]]  # key → value as written, line
ABSENT = ("", "null", "~")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a source states; `None` is what it does not state."""

    id: str | None = None
    title: str | None = None
    publisher: str | None = None
    kind: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None


# Where two keys of one line stand in a source, the first counts.
KEYS = {
    "id": ("id",),
    "title": ("title",),
    "publisher": ("publisher",),
    "kind": ("kind",),
    "published": ("date_published", "published", "date"),
    "language": ("language", "lang"),
    "url": ("url",),
}


def metadata(source: Source, fields: Fields) -> Metadata:
    """The known ones of `fields`, which map a key to its value and line; unknown keys are left alone.

    Raises:
        UnreadableDocumentError: a date, language or address cannot be used.
    """
    return Metadata(**{name: _field(source, fields, name, keys) for name, keys in KEYS.items()})


def fields(stated: Mapping[str, object], *, line: int = 1) -> Fields:
    """Fields that all stand on one line; what is no text or number is left out."""
    return {key: (str(value), line) for key, value in stated.items() if isinstance(value, str | int)}


def _field(source: Source, fields: Fields, name: str, keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value, line = fields.get(key, ("", 0))
        text = " ".join(source.storable(value, line=line).split())
        if text.lower() in ABSENT:
            continue
        read = CHECKS.get(name, str)
        try:
            return read(text)
        except ValueError as error:
            raise source.error(f"{key} {text!r} {error}", line=line) from error
    return None


def _published(text: str) -> str:
    found = first_day(text)
    if found is None:
        raise ValueError("names no day; write it as 2025-06-05")
    return found


def _language(text: str) -> str:
    tag = text.replace("_", "-")
    if not LANGUAGE.fullmatch(tag):
        raise ValueError("is no language tag; write en, zh or the like")
    return tag.lower()


def _url(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError("is no complete address; write https://… without blanks")
    return text


CHECKS: dict[str, Callable[[str], str]] = {"published": _published, "language": _language, "url": _url}


def first_day(text: str) -> str | None:
    """The day that `text` starts with, as `YYYY-MM-DD`; a time of day may follow."""
    found = DAY.match(text)
    return day_of(found) if found else None


def day_of(found: re.Match[str]) -> str | None:
    """The day of a match of `DAY`, if the calendar has it."""
    parts = {name.rstrip("234"): value for name, value in found.groupdict().items() if value}
    month = parts.get("month") or str(_month(parts["name"]))
    try:
        return date(int(parts["year"]), int(month), int(parts["day"])).isoformat()
    except ValueError:
        return None


def _month(name: str) -> int:
    """1 to 12, or 0 for a word that is no month."""
    short = name[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else 0
