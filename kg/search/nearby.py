"""Passages that name what a question is about, though no fact was read from them that answers it."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kg.identity import document_iri
from kg.search.columns import Columns, Flags, Numbers
from kg.search.model import Mention, Near
from kg.search.names import Names
from kg.search.query import Phrase, Term, parse
from kg.search.results import having, lit, passage_texts
from kg.search.text import forms

__all__ = ["nearby"]

_AFTER = timedelta(days=7)  # within which documents tell of a day
_AROUND = 120  # characters of the document before and after a passage
_OF_ONE = 2  # passages of one document
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Group:
    """One thing that is asked about: its name, the phrases that name it, and where it stands."""

    label: str
    terms: tuple[Term, ...]
    passages: Flags
    documents: Flags
    is_party: bool = False


def nearby(
    connection: sqlite3.Connection, columns: Columns, names: Names, near: Near, limit: int
) -> tuple[Mention, ...]:
    """The passages, those first that name the most."""
    groups = [*_groups(connection, columns, names, near)] if columns.names else []
    subjects = [it for it in groups if not it.is_party]
    parties = [it for it in groups if it.is_party]
    if not groups or not columns.names:
        return ()
    documents = _of_time(connection, columns, near)
    for group in subjects:
        documents &= group.documents
    if parties:
        named = [it.documents for it in parties]
        documents &= np.logical_or.reduce(named) if subjects else np.logical_and.reduce(named)
    telling = np.logical_or.reduce([it.passages for it in subjects or parties])
    telling &= documents[columns.document_of] & (columns.document_of >= 0)
    chosen = _best(columns, groups, np.flatnonzero(telling), near, limit)
    return tuple(_mention(connection, columns, names, groups, number) for number in chosen)


def _groups(connection: sqlite3.Connection, columns: Columns, names: Names, near: Near) -> Iterator[_Group]:
    for topic in near.topics:
        its = names.below(topic)
        yield _group(connection, columns, names.label(topic), names.phrases(its), "topic", topic)
    for typed in near.words:
        phrases = {term.phrase: term.typed for term in parse(f'"{typed}"').terms}
        if phrases:
            yield _group(connection, columns, typed, phrases)
    for agent in near.agents:
        phrases = names.phrases([agent])
        group = _group(connection, columns, names.label(agent), phrases, "speaker", agent, is_party=True)
        if "/organization/" in agent:
            group.documents[columns.of_kind("publisher", agent)] = True
        yield group


def _group(
    connection: sqlite3.Connection,
    columns: Columns,
    label: str,
    phrases: dict[Phrase, str],
    mark: str = "",
    iri: str = "",
    *,
    is_party: bool = False,
) -> _Group:
    terms = tuple(Term(name, phrase) for phrase, name in phrases.items())
    passages = columns.marked(mark, iri) if mark else np.zeros(columns.passages + 1, dtype=np.bool_)
    documents = np.zeros(len(columns.names), dtype=np.bool_)
    if terms:
        match = " OR ".join(term.match for term in terms)
        passages[having(connection, match)] = True
        documents |= _documents(connection, columns, match)
    its = columns.document_of[passages]
    documents[its[its >= 0]] = True
    return _Group(label, terms, passages, documents, is_party)


def _documents(connection: sqlite3.Connection, columns: Columns, match: str) -> Flags:
    found = np.zeros(len(columns.names), dtype=np.bool_)
    rows = connection.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (match,)).fetchall()
    found[columns.place_of[[row for (row,) in rows]]] = True
    return found


def _of_time(connection: sqlite3.Connection, columns: Columns, near: Near) -> Flags:
    """The documents that were published at the time, or soon after it, or that name the day."""
    if near.yearless:
        month, _, day = near.yearless.partition("-")
        found = np.isin(columns.days % 10_000, [*_days_of_any_year(int(month), int(day or 0))])
        return found | _documents(connection, columns, _naming(int(month), int(day))) if day else found
    if not near.start and not near.end:
        return np.ones(len(columns.names), dtype=np.bool_)
    start, end = _bound(near.start or "0001", "01-01"), _bound(near.end or near.start or "9999", "12-31")
    last = min(date.fromisoformat(end), date.max - _AFTER) + _AFTER
    found = (columns.days >= int(start.replace("-", ""))) & (columns.days <= int(f"{last:%Y%m%d}"))
    one = _DAY.fullmatch(near.start)
    if one is not None and near.end in ("", near.start):
        year, number, day_of_month = map(int, one.groups())
        named = f'({_naming(number, day_of_month)}) AND "{year}" OR "{" ".join(forms(near.start))}"'
        found |= _documents(connection, columns, named)
    return found


def _days_of_any_year(month: int, day: int) -> Iterator[int]:
    """The days of a month, or one day, and those after it on which documents tell of it, as month and day."""
    first = date(2000, month, day or 1)
    last = first if day else date(2000, month, _length(f"2000-{month:02}"))
    for away in range((last - first).days + _AFTER.days + 1):
        its = first + timedelta(days=away)
        yield its.month * 100 + its.day


def _bound(day: str, rest: str) -> str:
    """A day that is as early, or as late, as a month or year allows."""
    if len(day) == 7:
        return f"{day}-01" if rest == "01-01" else f"{day}-{_length(day):02}"
    return f"{day[:4].rjust(4, '0')}-{rest}" if len(day) < 7 else day


def _length(month: str) -> int:
    first = date(int(month[:4]), int(month[5:]), 1)
    return ((first + timedelta(days=31)).replace(day=1) - first).days


def _naming(month: int, day: int) -> str:
    """What texts write of a day."""
    name = _MONTHS[month - 1]
    written = [f"{name} {day}", f"{day} {name}", f"{name[:3]} {day}", f"{month}月{day}日"]
    return " OR ".join(f'"{" ".join(forms(it))}"' for it in written)


def _best(columns: Columns, groups: Sequence[_Group], numbers: Numbers, near: Near, limit: int) -> list[int]:
    """The passages that name the most; of two that name as much, the nearest to the day or the latest."""
    weight = np.zeros(len(numbers))
    for group in groups:
        weight += 2.0 * group.passages[numbers] + 1.0 * group.documents[columns.document_of[numbers]]
    places = columns.document_of[numbers]
    day = near.start.replace("-", "")
    away = np.abs(columns.days[places] - int(day)) if len(day) == 8 else -columns.days[places]
    order = np.lexsort((numbers, columns.order[places], away, -weight))
    chosen: list[int] = []
    taken: dict[int, int] = {}
    for place in order:
        document = int(places[place])
        if taken.get(document, 0) < _OF_ONE:
            taken[document] = taken.get(document, 0) + 1
            chosen.append(int(numbers[place]))
        if len(chosen) == limit:
            break
    return chosen


def _mention(
    connection: sqlite3.Connection, columns: Columns, names: Names, groups: Sequence[_Group], number: int
) -> Mention:
    place = int(columns.document_of[number])
    title, issued, publisher = connection.execute(
        "SELECT title, issued, things.iri FROM documents JOIN things ON things.id = publisher "
        "WHERE documents.id = ?",
        (int(columns.rows[place]),),
    ).fetchone()
    first, last = int(columns.first[place]), int(columns.first[place] + columns.count[place])
    around = {
        it: (start, text)
        for it, start, text in passage_texts(connection, range(max(first, number - 1), min(last, number + 2)))
    }
    start, text = around[number]
    before, after = around.get(number - 1, (0, ""))[1], around.get(number + 1, (0, ""))[1]
    return Mention(
        document=document_iri(columns.names[place]),
        title=title,
        publisher=names.label(publisher) if publisher else "",
        issued=issued,
        start=start,
        end=start + len(text),
        exact=text,
        before=before[-_AROUND:],
        after=after[:_AROUND],
        lit=lit(text, [term for group in groups for term in group.terms], start),
        names=tuple(it.label for it in groups if it.documents[place]),
        missing=tuple(it.label for it in groups if not it.documents[place]),
        speakers=columns.marks(number).get("speaker", ()),
    )
