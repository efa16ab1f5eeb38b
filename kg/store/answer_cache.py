"""Answers that lie beside the state of a store that gave them: what sums up is slow to find, short to keep.

Counts over a large store take seconds. A checkpoint never changes, so what was counted in it holds for as
long as it lies there, for every process that reads it, and goes with it.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.results import parsed

__all__ = ["AnswerCache"]

_LONGEST = 32_000_000  # bytes of one answer
_MOST = 2_000  # answers


class AnswerCache:
    """The answers to questions that sum up that lie in one folder, by the text of the question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, text: str) -> ox.QuerySolutions | None:
        """The answer to a query, if it is here."""
        found = self.read(text)
        return None if found is None else parsed(found)

    def read(self, text: str) -> bytes | None:
        """The answer to a query as it lies here."""
        try:
            return self._path(text).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"cannot read {self._folder}: {error.strerror or error}") from error

    def keep(self, text: str, rows: bytes) -> None:
        """Keep an answer, as SPARQL results in TSV; a long one, and what cannot be written, is not kept."""
        path = self._path(text)
        if len(rows) > _LONGEST or path.exists():
            return
        with suppress(OSError):  # the store may be only readable for us
            self._folder.mkdir(exist_ok=True)
            if sum(1 for _ in self._folder.iterdir()) < _MOST:
                new = path.with_suffix(f".{os.getpid()}")  # another process may be about to keep the same
                with new.open("wb") as file:
                    file.write(rows)
                    file.flush()
                    os.fsync(file.fileno())
                new.replace(path)

    def forget(self, text: str) -> None:
        """Remove the answer to a query."""
        with suppress(OSError):
            self._path(text).unlink()

    def _path(self, text: str) -> Path:
        return self._folder / f"{sha256(text.encode()).hexdigest()[:32]}.tsv"
