"""Checks the documents of parts in several processes: whoever wrote a part, its documents pass the gate."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, islice
from types import TracebackType

from kg.errors import KgError
from kg.ingest import DIED, Pipeline, WorkerPool
from kg.terms import document_graph
from kg.validate import parse_rdf

__all__ = ["Checked", "Checker"]

_AT_ONCE = 20  # documents that a process is given


@dataclass(frozen=True, slots=True)
class Checked:
    """A document of a part after the gate.

    Attributes:
        id: Its identifier.
        stated: What it states, as N-Triples.
        inferred: What follows from it, likewise, found anew.
        belongings: Nodes that no other document may describe.
        problem: Why it is refused.
    """

    id: str
    stated: bytes = b""
    inferred: bytes = b""
    belongings: frozenset[str] = frozenset()
    problem: str | None = None


class Checker:
    """Checks documents of one load, part after part, in the same processes."""

    def __init__(self, pipeline: Pipeline, workers: int) -> None:
        """Prepare; the processes start when there is something to check.

        Args:
            pipeline: Does the work if there is one worker.
            workers: Number of processes.
        """
        self._pipeline, self._workers = pipeline, workers
        self._opened = ExitStack()

    def __enter__(self) -> "Checker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def check(self, documents: Iterable[tuple[str, bytes]]) -> Iterator[Checked]:
        """Each document checked and reasoned over, in order.

        Args:
            documents: Identifiers, and what the document states as N-Triples.
        """
        if self._workers == 1:
            return (_check(id, triples, self._pipeline) for id, triples in documents)
        return chain.from_iterable(self._pool.map(_batches(documents)))

    @cached_property
    def _pool(self) -> "WorkerPool[tuple[str, bytes], Checked]":
        return self._opened.enter_context(WorkerPool(_check_all, _died, self._workers))


def _batches(documents: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    waiting = iter(documents)
    while batch := [*islice(waiting, _AT_ONCE)]:
        yield batch


def _died(document: tuple[str, bytes]) -> Checked:
    return Checked(document[0], problem=DIED)


def _check_all(documents: list[tuple[str, bytes]]) -> list[Checked]:
    return [_check(id, triples, _pipeline()) for id, triples in documents]


@cache
def _pipeline() -> Pipeline:
    return Pipeline()


def _check(id: str, triples: bytes, pipeline: Pipeline) -> Checked:
    name = str(document_graph(id))
    try:
        stated = parse_rdf(triples, ".nt", where=name, base=name)
        made = pipeline.accept_graph(id, stated, triples)
    except KgError as error:
        return Checked(id, problem=str(error))
    if made.problem is not None:
        return Checked(id, problem=made.problem)
    return Checked(id, made.stated, made.inferred, pipeline.validator.belongings(stated))
