"""Shows found documents: their best passages, with the words lit."""

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np

from kg.identity import document_iri
from kg.search.columns import Flags, Matches, Numbers
from kg.search.model import Hit, Passage, Span
from kg.search.query import Query, Term
from kg.search.text import tokens

__all__ = ["having", "hit", "lit", "marked", "passage_texts"]

_SHOWN = 3  # passages of a document
_DOCUMENT = """SELECT name, title, issued, kinds.iri, sides.iri, publishers.iri, first, count FROM documents
  JOIN things AS kinds ON kinds.id = kind JOIN things AS sides ON sides.id = side
  JOIN things AS publishers ON publishers.id = publisher WHERE documents.id = ?"""


def having(connection: sqlite3.Connection, match: str) -> Numbers:
    """The numbers of the passages that have a word or phrase."""
    found = connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (match,)).fetchall()
    return np.fromiter((number for (number,) in found), dtype=np.int64, count=len(found))


def hit(connection: sqlite3.Connection, place: int, query: Query, matches: Matches, passages: Flags) -> Hit:
    """One document.

    Args:
        connection: To the index.
        place: Of the document.
        query: What was searched for.
        matches: What was found.
        passages: Those that may be shown.
    """
    columns = matches.columns
    row = int(columns.rows[place])
    name, title, issued, kind, side, publisher, first, count = connection.execute(
        _DOCUMENT, (row,)
    ).fetchone()
    its = first + np.flatnonzero(passages[first : first + count])
    best = its[np.lexsort((its, -matches.hits[its]))][:_SHOWN]
    wanted = sorted(map(int, best)) or [first]  # the title alone has the words, or a phrase that runs on
    shown = []
    for number, start, text in passage_texts(connection, wanted):
        marks = columns.marks(number)
        shown.append(
            Passage(
                start,
                start + len(text),
                text,
                lit(text, query.telling, start),
                marks.get("speaker", ()),
                marks.get("topic", ()),
            )
        )
    return Hit(
        document=document_iri(name),
        title=title,
        kind=kind,
        side=side,
        publisher=publisher,
        issued=issued,
        passages=tuple(shown),
        more=max(0, len(its) - len(best)),
        title_lit=lit(title, query.telling),
    )


def passage_texts(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, int, str]]:
    """Number, offset and text of some passages, in that order."""
    marks = ", ".join("?" * len(numbers))
    return connection.execute(
        f"SELECT id, start, text FROM passages WHERE id IN ({marks}) ORDER BY id", [*numbers]
    ).fetchall()


def lit(text: str, terms: Sequence[Term], offset: int = 0) -> tuple[Span, ...]:
    """Where some terms stand in a text, as offsets from somewhere before it; what overlaps is one."""
    words = tokens(text)
    found: list[Span] = []
    for start, end in sorted({span for term in terms for span in term.found_in(words)}):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple((start + offset, end + offset) for start, end in found)


def marked(text: str, spans: Sequence[Span], offset: int = 0) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, and whether each is lit.

    Args:
        text: The text.
        spans: What of it is lit, as `lit` gives it.
        offset: That of the text.
    """
    at = 0
    for start, end in spans:
        yield from ((text[at : start - offset], False), (text[start - offset : end - offset], True))
        at = end - offset
    yield text[at:], False
