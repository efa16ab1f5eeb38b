"""The process that reads and checks what strangers send, and forgets it.

It has no network, a bound on its memory, and nothing that it could spoil; whoever asks kills it when it
takes too long.
"""

from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection

from kg.dump import dump
from kg.errors import KgError
from kg.guard.confine import end_with_parent, forbid_network, limit_memory
from kg.identity import document_iri
from kg.ingest import Pipeline, Prepared, put_ontology
from kg.model import Document
from kg.store import Store, open_store
from kg.terms import BASE, document_graph, inferred_graph
from kg.validate import Report, parse_rdf
from kg.views.almanac import Almanac
from kg.views.reading import Reading, reading

__all__ = ["Attempt", "Rdf", "Task", "run"]

_MEMORY = 1_000_000_000  # bytes on top of the shapes and the language model
_EXAMPLE = Document("example", "Joe Biden met with Xi Jinping in Woodside on November 15, 2023.")


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


@dataclass(frozen=True, slots=True)
class Rdf:
    """RDF to be checked, and the suffix of its format."""

    data: bytes
    suffix: str


Task = Document | Rdf


def run(questions: Connection) -> None:
    """Answer tasks until nobody asks any more, each with an attempt, a report, or the text of an error."""
    end_with_parent()
    forbid_network()
    _attempt(_EXAMPLE)  # so that all is read that every text needs
    limit_memory(_MEMORY)
    questions.send(None)
    while True:
        try:
            task = questions.recv()
        except EOFError:
            return
        questions.send(_done(task))


def _done(task: Task) -> Attempt | Report | str:
    try:
        return _attempt(task) if isinstance(task, Document) else _check(task)
    except KgError as error:
        return str(error)
    except (RecursionError, MemoryError):
        return ""


def _attempt(document: Document) -> Attempt:
    [made] = _pipeline().prepare([document])
    if made.problem is not None:
        return Attempt(made, None, None, "")
    store = _store()
    graphs = {str(document_graph(document.id)): made.stated, str(inferred_graph(document.id)): made.inferred}
    store.replace(document.id, graphs)
    try:
        turtle = b"".join(dump(store, "turtle", document_id=document.id)).decode()
        return Attempt(made, reading(store, document_iri(document.id)), Almanac(store), turtle)
    finally:
        store.delete(document.id)


def _check(rdf: Rdf) -> Report:
    triples = parse_rdf(rdf.data, rdf.suffix, where="body", base=f"{BASE}body")
    return _pipeline().validator.validate(triples)


@cache
def _pipeline() -> Pipeline:
    return Pipeline()


@cache
def _store() -> Store:
    store = open_store("memory:", write=True)
    put_ontology(store, _pipeline())
    return store
