"""The index: a file of SQLite with the words of all documents, and of each of their passages.

What the words are is decided by `kg.search.text`; SQLite gets them with spaces between, so its own splitting
has nothing to decide. Several processes may read while one writes.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic

import numpy as np

from kg.errors import NoSpaceError, StoreError, TooHardError
from kg.search.text import VERSION, forms, passages

__all__ = ["FILE", "MARKS", "Index", "Record"]

FILE = "search.sqlite"
MARKS = ("side", "speaker", "topic")  # of passages; a mark is a number of these, and a thing
_LAYOUT = f"1/{VERSION}"
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, issued TEXT NOT NULL,
  kind INTEGER NOT NULL, side INTEGER NOT NULL, publisher INTEGER NOT NULL, year INTEGER NOT NULL,
  first INTEGER NOT NULL, count INTEGER NOT NULL, marks BLOB NOT NULL, content TEXT NOT NULL,
  stamp TEXT NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE texts USING fts5(title, body, content='', tokenize='ascii');
CREATE VIRTUAL TABLE words USING fts5(passage, content='', columnsize=0, tokenize='ascii');
"""
_SIZES = "SELECT count(*), coalesce(sum(count), 0) FROM documents"
_COUNTS = (
    ("texts", "SELECT count(*) FROM texts_docsize"),
    ("passages", "SELECT count(*) FROM passages"),
)
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_PATIENCE = 30.0  # seconds that a writer waits for another one


@dataclass(frozen=True, slots=True)
class Record:
    """What is indexed of one document.

    Attributes:
        name: Its identifier.
        title: Its title.
        body: Its text.
        issued: Day of publication; empty if nobody says.
        kind: Local name of its class.
        side: Local name of the account that it gives.
        publisher: IRI of who published it; empty if nobody says.
        marks: What is known of parts of the body: start, end, one of `MARKS`, and an IRI.
    """

    name: str
    title: str
    body: str
    issued: str
    kind: str
    side: str
    publisher: str
    marks: tuple[tuple[int, int, str, str], ...]

    @property
    def content(self) -> str:
        """A digest of all of this."""
        return sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Index:
    """One file; threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open an index, or make an empty one.

        Raises:
            StoreError: the file cannot be written or read.
        """
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        with self._explained():
            self._make()

    def _make(self) -> None:
        connection = self._connect()
        try:
            layout = self._layout(connection)
            if layout not in (_LAYOUT, ""):  # of another version, or spoilt
                connection.close()
                _remove(self.path)
                connection = self._connect()
            if layout != _LAYOUT:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
                connection.execute("INSERT INTO meta VALUES ('layout', ?)", (_LAYOUT,))
        except sqlite3.OperationalError:
            if self._layout(connection) != _LAYOUT:  # nobody else made it meanwhile
                raise
        finally:
            self._idle.append(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE
        )
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    @staticmethod
    def _layout(connection: sqlite3.Connection) -> str:
        """What layout the file has: empty if it is new, a question mark if it is damaged."""
        try:
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone():
                return ""
            found = connection.execute("SELECT value FROM meta WHERE name = 'layout'").fetchone()
            return str(found[0]) if found else "?"
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            return "?"

    @contextmanager
    def reading(self, seconds: float | None = None) -> Iterator[sqlite3.Connection]:
        """A view of the index that does not change meanwhile.

        Raises:
            TooHardError: it takes longer than that.
            StoreError: the index cannot be read.
        """
        with self._explained(), self._connection() as connection:
            until = None if seconds is None else monotonic() + seconds
            connection.set_progress_handler(lambda: until is not None and monotonic() > until, _STEPS)
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.set_progress_handler(None, 0)
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator["Changes"]:
        """Changes that are all made, or none.

        Raises:
            StoreError: the index cannot be written.
        """
        with self._explained(), self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Changes(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def meta(self, name: str) -> str | None:
        """What is noted under a name."""
        with self.reading() as connection:
            found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
            return None if found is None else str(found[0])

    def stamps(self) -> dict[str, str]:
        """The stamp of each document."""
        with self.reading() as connection:
            return dict(connection.execute("SELECT name, stamp FROM documents"))

    def contents(self) -> dict[str, str]:
        """The digest of what is indexed of each document."""
        with self.reading() as connection:
            return dict(connection.execute("SELECT name, content FROM documents"))

    def problems(self) -> Iterator[str]:
        """What is wrong with the file, in a line each."""
        try:
            with self._connection() as connection:
                told = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
                yield from (f"the file is damaged: {line}" for line in told if line != "ok")
                for table in ("texts", "words"):
                    connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
                [(documents, passages)] = connection.execute(_SIZES)
                for (table, number), wanted in zip(_COUNTS, (documents, passages), strict=True):
                    [(found,)] = connection.execute(number)
                    if found != wanted:
                        yield f"there are {found} {table} where {wanted} belong"
        except sqlite3.DatabaseError as error:
            yield f"the file is damaged: {error}"

    def clear(self) -> None:
        """Forget all, and what may be wrong with the file too."""
        self.close()
        with self._explained():
            _remove(self.path)
            self._make()

    def close(self) -> None:
        """Let go of the file."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = self._idle.pop() if self._idle else self._connect()
        try:
            yield connection
        except sqlite3.DatabaseError:
            connection.close()
            raise
        except BaseException:
            self._idle.append(connection)
            raise
        else:
            self._idle.append(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise TooHardError("this search takes too long; use fewer or rarer words") from error
            if "full" in str(error):
                raise NoSpaceError(f"the disk of {self.path}") from error
            raise StoreError(f"the index of texts at {self.path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"the index of texts at {self.path} is damaged ({error}); make it anew with: kg index"
            ) from error


class Changes:
    """Changes of an index under way."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._things: dict[str, int] = {}

    def meta(self, name: str) -> str | None:
        """What is noted under a name."""
        found = self._run("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def note(self, name: str, value: str) -> None:
        """Note something."""
        self._run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def documents(self) -> dict[str, tuple[str, str]]:
        """The digest of what is indexed of each document, and its stamp."""
        return {
            name: (content, stamp)
            for name, content, stamp in self._run("SELECT name, content, stamp FROM documents")
        }

    def put(self, record: Record, stamp: str = "") -> None:
        """Index a document in place of what was indexed of it."""
        self.remove(record.name)
        first = self._run("SELECT coalesce(max(id), 0) + 1 FROM passages").fetchone()[0]
        spans = [*passages(record.body)]
        texts = [record.body[start:end] for start, end in spans]
        words = [" ".join(forms(text)) for text in texts]
        marks = np.array(sorted(self._marks(record, spans)), dtype="<i4").tobytes()
        row = self._run(
            "INSERT INTO documents (name, title, issued, kind, side, publisher, year, first, count, marks, "
            "content, stamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (record.name, record.title, record.issued, self._thing(record.kind), self._thing(record.side),
             self._thing(record.publisher), self._thing(record.issued[:4]), first, len(spans), marks,
             record.content, stamp),
        ).lastrowid  # fmt: skip
        for id, (start, _), text, said in zip(
            range(first, first + len(spans)), spans, texts, words, strict=True
        ):
            self._run("INSERT INTO passages VALUES (?, ?, ?)", (id, start, text))
            self._run("INSERT INTO words (rowid, passage) VALUES (?, ?)", (id, said))
        self._run(
            "INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)",
            (row, " ".join(forms(record.title)), " ".join(words)),
        )

    def stamp(self, name: str, stamp: str) -> None:
        """Note the stamp of a document that is indexed."""
        self._run("UPDATE documents SET stamp = ? WHERE name = ?", (stamp, name))

    def remove(self, name: str) -> None:
        """Forget a document."""
        found = self._run("SELECT id, title, first, count FROM documents WHERE name = ?", (name,)).fetchone()
        if found is None:
            return
        row, title, first, count = found
        its = self._run(
            "SELECT id, text FROM passages WHERE id >= ? AND id < ? ORDER BY id", (first, first + count)
        ).fetchall()
        words = [(id, " ".join(forms(text))) for id, text in its]
        for id, said in words:
            self._run("INSERT INTO words (words, rowid, passage) VALUES ('delete', ?, ?)", (id, said))
        self._run(
            "INSERT INTO texts (texts, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            (row, " ".join(forms(title)), " ".join(said for _, said in words)),
        )
        self._run("DELETE FROM passages WHERE id >= ? AND id < ?", (first, first + count))
        self._run("DELETE FROM documents WHERE id = ?", (row,))

    def tidy(self) -> None:
        """Lay the words of many new documents together."""
        for table in ("texts", "words"):
            self._run(f"INSERT INTO {table} ({table}) VALUES ('optimize')")

    def _marks(self, record: Record, spans: list[tuple[int, int]]) -> Iterable[tuple[int, int, int]]:
        """Marks of passages: number of the passage, of the mark, and of the thing."""
        found = {
            (place, MARKS.index(mark), self._thing(iri))
            for begin, stop, mark, iri in record.marks
            for place, (start, end) in enumerate(spans)
            if begin < end and stop > start
        }
        told = {place for place, mark, _ in found if mark == 0}
        return found | {
            (place, 0, self._thing(record.side)) for place in range(len(spans)) if place not in told
        }

    def _thing(self, iri: str) -> int:
        if iri not in self._things:
            self._run("INSERT OR IGNORE INTO things (iri) VALUES (?)", (iri,))
            [self._things[iri]] = self._run("SELECT id FROM things WHERE iri = ?", (iri,)).fetchone()
        return self._things[iri]


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
