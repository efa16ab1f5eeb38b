"""Remembers which file each document was loaded from, beside the graphs: a path is nobody else's business."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Lock

from kg.store.error_messages import explained

__all__ = ["SourcePaths"]


class SourcePaths:
    """The files of documents, by identifier.

    They help to tell a file that was edited from another one of the same name; losing them loses no document.

    Args:
        path: Of the file that keeps them; without it they last as long as the process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = Lock()
        try:
            self._table = sqlite3.connect(
                ":memory:" if path is None else path, isolation_level=None, check_same_thread=False
            )
            self._table.execute("PRAGMA synchronous = OFF")  # a kill loses nothing, a power cut little
            self._table.execute("CREATE TABLE IF NOT EXISTS origins (document TEXT PRIMARY KEY, origin TEXT)")
        except sqlite3.Error as error:
            raise explained(OSError(f"{path}: {error}")) from error

    def get(self, document_id: str) -> str | None:
        """The file that a document was loaded from, if that is known."""
        with self._lock, suppress(sqlite3.Error):
            found = self._table.execute(
                "SELECT origin FROM origins WHERE document = ?", (document_id,)
            ).fetchone()
            return None if found is None else str(found[0])
        return None

    def put(self, document_id: str, origin: str) -> None:
        """Remember the file that a document was loaded from."""
        with self._lock, suppress(sqlite3.Error):
            self._table.execute("INSERT OR REPLACE INTO origins VALUES (?, ?)", (document_id, origin))

    def remove(self, document_id: str) -> None:
        """Forget where a document that is removed came from."""
        with self._lock, suppress(sqlite3.Error):
            self._table.execute("DELETE FROM origins WHERE document = ?", (document_id,))

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()
