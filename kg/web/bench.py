"""Has texts read and RDF checked for strangers, one thing at a time, in a process that can be stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock, Semaphore

from fastapi import FastAPI

from kg.errors import BusyError, InputError, TooHardError
from kg.ingest import Outcome, load_document, put_ontology
from kg.model import Document
from kg.store import open_store
from kg.validate import Report
from kg.web import workshop
from kg.web.workshop import Attempt, Rdf, Task
from kg.web.writing import pipeline

__all__ = ["LONGEST", "Attempt", "Bench", "bench_of"]

LONGEST = 40_000  # characters of a text: some seconds of reading
_QUEUE = 4  # who may wait for the bench; more would hold up threads that answer others
_PATIENCE = 30.0  # seconds for one text
_START = 120.0  # seconds until the process must be ready


class Bench:
    """Does one thing at a time; what is not one of its own errors ends the process, not the server."""

    def __init__(self) -> None:
        self._turn, self._room = Lock(), Semaphore(_QUEUE)
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    def attempt(self, document: Document) -> Attempt:
        """Read a text, and forget it.

        Raises:
            BusyError: too many wait already.
            TooHardError: it takes too much time or memory.
        """
        found = self._ask(document)
        assert isinstance(found, Attempt)
        return found

    def check(self, data: bytes, suffix: str) -> Report:
        """What the shapes and the citation check say of RDF in a format of `kg.validate`.

        Raises:
            BusyError: too many wait already.
            InputError: it does not parse; the message names the line.
            TooHardError: it takes too much time or memory.
        """
        found = self._ask(Rdf(data, suffix))
        assert isinstance(found, Report)
        return found

    def keep(self, document: Document, url: str) -> Outcome:
        """Read a text of somebody who may write, and store it if the checks let it.

        Raises:
            BusyError: too many wait already.
            StoreError: the store cannot be written now.
        """
        with self._taken(), open_store(url, write=True) as store:
            put_ontology(store, pipeline())
            return load_document(document, store, pipeline())

    def close(self) -> None:
        """End the process; the next task starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None

    def _ask(self, task: Task) -> Attempt | Report:
        with self._taken():
            try:
                found = self._answer(task)
            except (TimeoutError, EOFError, OSError) as error:
                self.close()
                raise _too_hard() from error
        if isinstance(found, str):
            raise InputError(found) if found else _too_hard()
        return found

    def _answer(self, task: Task) -> Attempt | Report | str:
        line = self._started()
        line.send(task)
        if not line.poll(_PATIENCE):
            raise TimeoutError
        found: Attempt | Report | str = line.recv()
        return found

    def _started(self) -> Connection:
        if self._line is None:
            context = get_context("spawn")
            self._line, theirs = context.Pipe()
            self._process = context.Process(target=workshop.run, args=(theirs,), daemon=True, name="workshop")
            self._process.start()
            theirs.close()
            if not self._line.poll(_START):
                raise TimeoutError
            self._line.recv()
        return self._line

    @contextmanager
    def _taken(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise BusyError("too many texts wait to be read; try again in a moment")
        try:
            with self._turn:
                yield
        finally:
            self._room.release()


def _too_hard() -> TooHardError:
    return TooHardError(
        f"this takes more than {_PATIENCE:g} s, or more memory than there is; send less at a time"
    )


def bench_of(app: FastAPI) -> Bench:
    """The bench of an application, made when it is first needed."""
    if not hasattr(app.state, "bench"):
        app.state.bench = Bench()
    found: Bench = app.state.bench
    return found
