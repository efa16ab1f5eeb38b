"""Checks the documents of parts in several processes: whoever wrote a part, its documents pass the gate."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from kg.errors import KgError
from kg.ingest import Pipeline
from kg.terms import document_graph
from kg.validate import parse_rdf

__all__ = ["Checked", "checked"]

_AT_ONCE = 20  # documents that a process is given
_AHEAD = 3  # batches under way for each process


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


def checked(documents: Iterable[tuple[str, bytes]], pipeline: Pipeline, *, workers: int) -> Iterator[Checked]:
    """Each document checked and reasoned over, in order.

    Args:
        documents: Identifiers, and what the document states as N-Triples.
        pipeline: Does the work if there is one worker.
        workers: Number of processes.
    """
    if workers == 1:
        yield from (_check(id, triples, pipeline) for id, triples in documents)
        return
    under_way: deque[Future[list[Checked]]] = deque()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        batch: list[tuple[str, bytes]] = []
        for document in documents:
            batch.append(document)
            if len(batch) == _AT_ONCE:
                under_way.append(pool.submit(_check_all, batch))
                batch = []
            if len(under_way) > workers * _AHEAD:
                yield from under_way.popleft().result()
        under_way.append(pool.submit(_check_all, batch))
        while under_way:
            yield from under_way.popleft().result()


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
