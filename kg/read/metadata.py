"""What a source states about a document in named fields, checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kg.errors import UnreadableDocumentError
from kg.read.source import Source
from kg.read.written_dates import day_of_seconds, first_day

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
ADDRESS = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")
Fields: TypeAlias = Mapping[str, tuple[str, int]]  # key → value as written, line
ABSENT = ("", "null", "~")
_LONGEST_SHOWN = 100  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a source states; `None` is what it does not state, notes are on what of it cannot be used."""

    id: str | None = None
    title: str | None = None
    publisher: str | None = None
    kind: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    notes: tuple[str, ...] = ()


# How sources call a field; of two that a source has, the first counts. Only what the project's own formats
# call it must be usable: what a program wrote under another name is left out where it is no value.
KEYS = {
    "id": ("id",),
    "title": ("title",),
    "publisher": ("publisher",),
    "kind": ("kind",),
    "published": ("date_published", "published", "date"),
    "language": ("language", "lang"),
    "url": ("url",),
}
OTHER_KEYS = {
    "title": "headline head heading title_text",
    "publisher": "source_name source outlet publication site_name sitename site newspaper media_name agency",
    "published": "published_at publishedat publish_date published_date publication_date pub_date pubdate "
    "datepublished date_publish published_on publishdate published_time datetime timestamp created_at",
    "language": "lang_code language_code",
    "url": "link href canonical_url canonical source_url web_url article_url permalink uri",
}
_KNOWN = {key for keys in KEYS.values() for key in keys} | {*" ".join(OTHER_KEYS.values()).split()}
TEXTS = ("text", "body", "content", "article", "article_text", "full_text", "fulltext", "maintext",
         "article_body", "articlebody", "story", "transcript")  # fmt: skip


def metadata(source: Source, fields: Fields) -> Metadata:
    """The known ones of `fields`, which map a key to its value and line.

    A key that is not known, and a date, language or address that cannot be used, is noted and left out.
    """
    notes: list[str] = []
    found = {name: _field(source, fields, name, keys, notes) for name, keys in KEYS.items()}
    notes += [f"the field {key!r} is not used" for key in fields if _plain(key) not in _KNOWN]
    return Metadata(**found, notes=tuple(notes))


def fields(stated: Mapping[str, object], *, line: int = 1) -> Fields:
    """Fields that all stand on one line; what is no text or number is left out."""
    named = {key: value.get("name", value.get("title")) if isinstance(value, Mapping) else value
             for key, value in stated.items()}  # fmt: skip
    return {
        key: (str(value), line)
        for key, value in named.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }


def _field(source: Source, fields: Fields, name: str, keys: tuple[str, ...], notes: list[str]) -> str | None:
    for key in keys:
        value, line = fields.get(key, ("", 0))
        text = " ".join(value.split())
        if text.lower() in ABSENT:
            continue
        try:
            return CHECKS.get(name, str)(source.storable(text, line=line))
        except ValueError as error:
            notes.append(f"{key} {_shortened(text)!r} {error}; it is left out")
        except UnreadableDocumentError as error:
            notes.append(f"{key}: {error.problem}; it is left out")
    return _under_another_name(source, fields, name)


def _under_another_name(source: Source, fields: Fields, name: str) -> str | None:
    """The first value of the keys that other programs use, as far as it is one."""
    values = {_plain(key): value for key, value in fields.items()}
    for key in OTHER_KEYS.get(name, "").split():
        text = " ".join(values.get(key, ("", 0))[0].split())
        if text.lower() in ABSENT or (name == "publisher" and ADDRESS.match(text)):
            continue
        try:
            return CHECKS.get(name, str)(source.storable(text))
        except (ValueError, UnreadableDocumentError):
            continue
    return None


def _plain(key: str) -> str:
    return key.lower().replace("-", "_")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _published(text: str) -> str:
    found = first_day(text) or day_of_seconds(text)
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
