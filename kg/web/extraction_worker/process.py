"""Processes that read and check what strangers send: each does one task, and is gone.

They have no network, bounds on time and memory, and nothing that they could spoil. All are forked from one
process that has read what every task needs. It is started as `python -m kg.web.extraction_worker DESCRIPTOR
LIMITS`, gets a channel for each task, and ends when the other side is gone.
"""

import gc
import json
import os
import pickle
import resource
import signal
import socket
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from io import BufferedRWPair
from struct import Struct
from typing import Any, NamedTuple

from kg.dump import dump
from kg.errors import InputError, KgError, TooHardError, TooLargeError
from kg.identity import document_iri
from kg.ingest import Pipeline, Prepared, put_ontology
from kg.model import Document
from kg.query_pool import triples_of
from kg.query_pool.sandbox import end_with_parent, forbid_network, limit_memory
from kg.review import Applied
from kg.store import Store, open_store
from kg.terms import BASE, document_graph, inferred_graph
from kg.validate import Report, parse_rdf
from kg.views.annotated_document import AnnotatedDocument, annotated_document
from kg.views.event_index import EventIndex
from kg.web.extraction_worker.uploads import Upload, document_in

__all__ = [
    "LENGTH",
    "LONG",
    "ExtractionResult",
    "ExtractionTask",
    "ParsingTask",
    "PreparationTask",
    "ReadingTask",
    "TaskLimits",
    "ValidationTask",
    "main",
]

LENGTH = Struct("!I")  # before each message
LONG = "long"  # the message that a task has worked for `_LONG`; its answer comes after it
_NICE = 5  # whoever asks for less than a text to be read comes first
_LONG, _NICER = 0.3, 10  # seconds of a processor after which a task stands back further, and how far
_UNLIMITED = 1 << 40  # bytes; the limit of the address has been kept
_EXAMPLE = "Joe Biden met with Xi Jinping in Woodside on November 15, 2023."
_PAGE = f"<html><body><article><h1>Talks</h1>{f'<p>{_EXAMPLE}</p>' * 5}</article></body></html>"


@dataclass(frozen=True, slots=True)
class ExtractionTask:
    """A text to be read and shown; a body that holds one, or the text with what a form says of it."""

    given: Upload | Document


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """What became of a text.

    Attributes:
        body: The text in which offsets count.
        made: The outcome of the checks.
        read: The text and what it says; `None` if a check refused it.
        event_index: Names for that.
        turtle: The same as RDF.
    """

    body: str
    made: Prepared
    read: AnnotatedDocument | None
    event_index: EventIndex | None
    turtle: str


@dataclass(frozen=True, slots=True)
class PreparationTask:
    """A document that somebody who may write wants to be read and checked."""

    document: Document


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """A document whose statements a reviewer looks at."""

    document: Document


@dataclass(frozen=True, slots=True)
class ValidationTask:
    """RDF to be checked, and the suffix of its format."""

    data: bytes
    suffix: str


@dataclass(frozen=True, slots=True)
class ParsingTask:
    """RDF that is wanted as N-Triples: its format, a key of `TRIPLE_FORMATS`, and its base."""

    data: bytes
    format: str
    base: str


class TaskLimits(NamedTuple):
    """What one task may take.

    Attributes:
        work: Seconds of a processor.
        patience: Seconds of running, however busy the machine is.
        memory: Bytes on top of the shapes and the language model.
    """

    work: int = 20
    patience: int = 120
    memory: int = 500_000_000


def main(arguments: list[str]) -> None:
    """Fork a process for each channel that comes through an inherited socket, until that is closed."""
    end_with_parent()
    forbid_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the whole group; the server decides
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a task ended
    orders, limits = socket.socket(fileno=int(arguments[0])), TaskLimits(*json.loads(arguments[1]))
    for task in _EXAMPLES:  # so that all is read that every task needs
        _done(task)
    gc.freeze()
    os.nice(_NICE)  # only now: somebody waits for all of the above
    limit_memory(limits.memory)
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, 1, 1)
        if not order:
            return
        if os.fork() == 0:
            orders.close()
            _work(socket.socket(fileno=descriptors[0]), limits)
            os._exit(0)
        os.close(descriptors[0])


def _work(channel: socket.socket, limits: TaskLimits) -> None:
    """Do the task that comes through a channel; the kernel ends this process when it takes too much."""
    end_with_parent()
    resource.setrlimit(resource.RLIMIT_CPU, (limits.work, limits.work + 1))
    stream = channel.makefile("rwb")
    send(stream, os.getpid())
    try:
        task = received(stream)
    except EOFError:
        return

    def linger(*_: object) -> None:
        os.nice(_NICER)
        send(stream, LONG)

    signal.signal(signal.SIGPROF, linger)
    signal.setitimer(signal.ITIMER_PROF, _LONG)
    found = _done(task)
    signal.setitimer(signal.ITIMER_PROF, 0)
    send(stream, found)


def send(stream: BufferedRWPair, message: object) -> None:
    """Write a message."""
    data = pickle.dumps(message)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def received(stream: BufferedRWPair) -> Any:
    """Read a message.

    Raises:
        EOFError: the other side is gone.
    """
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    return pickle.loads(stream.read(*LENGTH.unpack(head)))


def _done(task: object) -> Any:
    try:
        return _TASKS[type(task)](task)
    except KgError as error:
        return error
    except (RecursionError, MemoryError):
        return TooHardError("this is nested too deeply, or takes more memory than there is")
    except Exception as error:
        traceback.print_exc()
        return InputError(f"this cannot be read: {type(error).__name__}: {str(error)[:200]}")


def _read(upload: Upload) -> Document:
    found = document_in(upload, max_bytes=_UNLIMITED)
    if upload.longest is not None and len(found.body) > upload.longest:
        raise TooLargeError("the text", upload.longest, "characters")
    return found


def _attempt(trial: ExtractionTask) -> ExtractionResult:
    found = _read(trial.given) if isinstance(trial.given, Upload) else trial.given
    document = replace(found, id=f"attempt-{sha256(found.body.encode()).hexdigest()[:12]}")
    [made] = _pipeline().prepare([document])
    if made.problem is not None:
        return ExtractionResult(found.body, made, None, None, "")
    store = _store()
    graphs = {str(document_graph(document.id)): made.stated, str(inferred_graph(document.id)): made.inferred}
    store.replace(document.id, graphs)
    try:
        turtle = b"".join(dump(store, "turtle", document_id=document.id)).decode()
        return ExtractionResult(
            found.body, made, annotated_document(store, document_iri(document.id)), EventIndex(store), turtle
        )
    finally:
        store.delete(document.id)


def _prepare(task: PreparationTask) -> Prepared:
    [made] = _pipeline().prepare([task.document])
    return made


def _statements(task: ReadingTask) -> Applied:
    return _pipeline().read(task.document)


def _check(rdf: ValidationTask) -> Report:
    triples = parse_rdf(rdf.data, rdf.suffix, where="body", base=f"{BASE}body")
    return _pipeline().validator.validate(triples)


def _triples(task: ParsingTask) -> bytes:
    return triples_of(task.data, task.format, task.base)


@cache
def _pipeline() -> Pipeline:
    return Pipeline()


@cache
def _store() -> Store:
    store = open_store("memory:", write=True)
    put_ontology(store, _pipeline())
    return store


_TASKS: dict[type, Callable[[Any], object]] = {
    Upload: _read,
    ExtractionTask: _attempt,
    PreparationTask: _prepare,
    ReadingTask: _statements,
    ValidationTask: _check,
    ParsingTask: _triples,
}
_EXAMPLES = (
    ExtractionTask(Upload(_PAGE.encode(), "text/html")),
    Upload(b"%PDF-1.4", "application/pdf"),
    ValidationTask(b"<a:a> <a:b> 5 .", ".ttl"),
)
