"""Reads and checks what strangers send, and forgets it: a pipeline, and a store in memory for one text."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Lock, Semaphore

from fastapi import FastAPI

from kg.dump import dump
from kg.errors import BusyError
from kg.identity import document_iri
from kg.ingest import Outcome, Prepared, load_document, put_ontology
from kg.model import Document
from kg.store import Store, open_store
from kg.terms import BASE, document_graph, inferred_graph
from kg.validate import Report, parse_rdf
from kg.views.almanac import Almanac
from kg.views.reading import Reading, reading
from kg.web.writing import pipeline

__all__ = ["LONGEST", "Attempt", "Bench", "bench_of"]

LONGEST = 40_000  # characters of a text: some seconds of reading
_QUEUE = 4  # who may wait for the bench; more would hold up threads that answer others


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a text.

    Attributes:
        made: The outcome of the checks.
        read: The text and what it says; `None` if a check refused it.
        almanac: Names for that.
        turtle: The same as RDF.
    """

    made: Prepared
    read: Reading | None
    almanac: Almanac | None
    turtle: str


class Bench:
    """Does one thing at a time."""

    def __init__(self) -> None:
        self._turn, self._room = Lock(), Semaphore(_QUEUE)

    def attempt(self, document: Document) -> Attempt:
        """Read a text, and forget it.

        Raises:
            BusyError: too many wait already.
        """
        with self._taken():
            [made] = pipeline().prepare([document])
            if made.problem is not None:
                return Attempt(made, None, None, "")
            graphs = {
                str(document_graph(document.id)): made.stated,
                str(inferred_graph(document.id)): made.inferred,
            }
            self._store.replace(document.id, graphs)
            try:
                turtle = b"".join(dump(self._store, "turtle", document_id=document.id)).decode()
                found = reading(self._store, document_iri(document.id))
                return Attempt(made, found, Almanac(self._store), turtle)
            finally:
                self._store.delete(document.id)

    def check(self, data: bytes, suffix: str) -> Report:
        """What the shapes and the citation check say of RDF in a format of `kg.validate`.

        Raises:
            BusyError: too many wait already.
            RdfSyntaxError: it does not parse.
        """
        with self._taken():
            triples = parse_rdf(data, suffix, where="body", base=f"{BASE}body")
            return pipeline().validator.validate(triples)

    def keep(self, document: Document, url: str) -> Outcome:
        """Read a text, and store it if the checks let it.

        Raises:
            BusyError: too many wait already.
            StoreError: the store cannot be written now.
        """
        with self._taken(), open_store(url, write=True) as store:
            put_ontology(store, pipeline())
            return load_document(document, store, pipeline())

    @cached_property
    def _store(self) -> Store:
        store = open_store("memory:", write=True)
        put_ontology(store, pipeline())
        return store

    @contextmanager
    def _taken(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise BusyError("too many texts wait to be read; try again in a moment")
        try:
            with self._turn:
                yield
        finally:
            self._room.release()


def bench_of(app: FastAPI) -> Bench:
    """The bench of an application, made when it is first needed."""
    if not hasattr(app.state, "bench"):
        app.state.bench = Bench()
    found: Bench = app.state.bench
    return found
