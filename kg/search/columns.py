"""What found passages and documents are of, as columns of numbers: counting them takes milliseconds."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.search.index import MARKS
from kg.search.model import FACETS, Facet, Filters

__all__ = ["Columns", "Matches"]

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
_ROWS = "SELECT id, name, issued, kind, publisher, year, first, count, marks FROM documents ORDER BY id"
_GRID = 20_000_000  # things times documents that are counted in a table
_OF_DOCUMENTS = ("kind", "year", "publisher")


class Columns:
    """All documents and passages of one state of an index, each at a place of its own.

    Attributes:
        names: Identifiers of the documents.
        rows: Their numbers in the index.
        first: Number of the first passage of each.
        document_of: By number of a passage, the place of its document.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        read = connection.execute(_ROWS).fetchall()
        ids, names, issued, kinds, publishers, years, first, count, marks = [*zip(*read, strict=True)] or [
            ()
        ] * 9
        self.names: Sequence[str] = names
        self.rows = _numbers(ids)
        self.first, self.count = _numbers(first), _numbers(count)
        self.place_of = np.full(int(self.rows.max(initial=0)) + 1, -1, dtype=np.int64)
        self.place_of[self.rows] = np.arange(len(names))
        self.passages = int((self.first + self.count).max(initial=0))
        self.document_of = np.full(self.passages + 1, -1, dtype=np.int64)
        its = np.repeat(np.arange(len(names)), self.count)
        self.document_of[_runs(self.first, self.count)] = its
        self._read_marks(marks)
        self._codes = {
            "kind": _numbers(kinds), "year": _numbers(years), "publisher": _numbers(publishers)
        }  # fmt: skip
        self._things: dict[int, str] = dict(connection.execute("SELECT id, iri FROM things"))
        self._numbers = {iri: number for number, iri in self._things.items()}
        days = _numbers(map(_day, issued))
        alphabetical = np.argsort(np.array(names, dtype=object), kind="stable") if names else _numbers(())
        self.order = np.empty(len(names), dtype=np.int64)
        self.order[alphabetical] = np.arange(len(names))
        self.days = days

    def _marking(self, mark: str, passages: Flags) -> tuple[Numbers, Numbers]:
        """The things that passages are marked with, and in how many documents each."""
        chosen = (self._mark == MARKS.index(mark)) & passages[self._marked]
        documents, places = self.document_of[self._marked[chosen]], self._place[chosen]
        number, size = len(self._marking_things), len(self.names)
        if number * size <= _GRID:
            grid = np.zeros((number, size), dtype=np.bool_)
            grid[places, documents] = True
            times = np.count_nonzero(grid, axis=1)
        else:
            times = np.bincount(np.unique(places * size + documents) // size, minlength=number)
        there = np.flatnonzero(times)
        return self._marking_things[there], times[there]

    def _read_marks(self, blobs: Sequence[bytes]) -> None:
        table = np.frombuffer(b"".join(blobs), dtype="<i4").reshape(-1, 3).astype(np.int64)
        sizes = _numbers(len(blob) // 12 for blob in blobs)
        passage = table[:, 0] + np.repeat(self.first, sizes)
        sorted_ = np.argsort(passage, kind="stable")
        self._marked, self._mark, self._thing = passage[sorted_], table[sorted_, 1], table[sorted_, 2]
        self._marking_things, self._place = np.unique(self._thing, return_inverse=True)

    def marked(self, mark: str, iri: str) -> Flags:
        """The passages that bear a mark."""
        found = np.zeros(self.passages + 1, dtype=np.bool_)
        number = self._numbers.get(iri)
        if number is not None:
            found[self._marked[(self._mark == MARKS.index(mark)) & (self._thing == number)]] = True
        return found

    def marks(self, passage: int) -> dict[str, tuple[str, ...]]:
        """The marks of a passage."""
        start, end = np.searchsorted(self._marked, (passage, passage + 1))
        found: dict[str, tuple[str, ...]] = {}
        for place in range(start, end):
            mark = MARKS[self._mark[place]]
            found[mark] = (*found.get(mark, ()), self._things[int(self._thing[place])])
        return {mark: tuple(sorted(iris)) for mark, iris in found.items()}

    def of_kind(self, facet: str, value: str) -> Flags:
        """The documents of a kind, a year or a publisher."""
        number = self._numbers.get(value)
        found: Flags = self._codes[facet] == (-1 if number is None else number)
        return found

    def counted(self, matches: "Matches", filters: Filters, most: int) -> dict[str, tuple[Facet, ...]]:
        """How many documents stay if what was found is narrowed to a value, the most frequent first."""
        found: dict[str, tuple[Facet, ...]] = {}
        for facet in FACETS:
            documents, passages = matches.narrowed(filters, but=facet)
            if facet in _OF_DOCUMENTS:
                numbers, times = np.unique(self._codes[facet][documents], return_counts=True)
            else:
                numbers, times = self._marking(facet, passages)
            told = (
                (self._things[int(number)], int(time)) for number, time in zip(numbers, times, strict=True)
            )
            ranked = sorted(((value, time) for value, time in told if value), key=lambda it: (-it[1], it[0]))
            found[facet] = tuple(Facet(value, time) for value, time in ranked[:most])
        return found


class Matches:
    """What has the words of a query.

    Attributes:
        columns: What the documents and passages are of.
        documents: Which documents have all of them.
        scores: Of every document; the lower the better.
        hits: How many of the telling words each passage has.
    """

    def __init__(
        self, columns: Columns, scored: Sequence[tuple[int, float]], by_term: Sequence[Numbers]
    ) -> None:
        self.columns = columns
        table = np.array(scored, dtype=np.float64).reshape(-1, 2)
        places = columns.place_of[table[:, 0].astype(np.int64)]
        self.documents = np.zeros(len(columns.names), dtype=np.bool_)
        self.documents[places] = True
        self.scores = np.zeros(len(columns.names))
        self.scores[places] = np.round(table[:, 1], 9)
        self.hits = np.zeros(columns.passages + 1, dtype=np.int64)
        for passages in by_term:
            self.hits[passages] += 1
        self.hits[~self.documents[columns.document_of] | (columns.document_of < 0)] = 0

    def narrowed(self, filters: Filters, *, but: str = "") -> tuple[Flags, Flags]:
        """The documents and passages that fit some filters, all of them or all but one."""
        documents, passages = self.documents, self.hits > 0
        wanted: Mapping[str, str] = {
            name: value for name in FACETS if name != but and (value := getattr(filters, name))
        }
        for name in wanted.keys() & {*_OF_DOCUMENTS}:
            documents = documents & self.columns.of_kind(name, wanted[name])
        passages = passages & documents[self.columns.document_of]
        if marks := wanted.keys() & {*MARKS}:
            for name in marks:
                passages = passages & self.columns.marked(name, wanted[name])
            having = np.zeros(len(documents), dtype=np.bool_)
            having[self.columns.document_of[passages]] = True
            documents = documents & having
        return documents, passages

    def ranked(self, documents: Flags) -> Numbers:
        """The places of documents, the best first; of two as good the later one."""
        places = np.flatnonzero(documents)
        columns = self.columns
        return places[np.lexsort((columns.order[places], -columns.days[places], self.scores[places]))]


def _day(issued: str) -> int:
    """A date as a number that sorts as it does; 0 if there is none."""
    digits = issued[:10].replace("-", "").ljust(8, "0")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int64)


def _runs(first: Numbers, count: Numbers) -> Numbers:
    """All numbers of runs that begin somewhere and have some length."""
    total = int(count.sum())
    starts = np.repeat(first - np.concatenate(([0], np.cumsum(count)[:-1])), count) if len(first) else first
    return starts + np.arange(total)
