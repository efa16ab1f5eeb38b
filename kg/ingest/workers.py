"""Prepares documents in several processes, in order, with as much in memory as is under way."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from typing import Generic, TypeVar

from kg.ingest.pipeline import Pipeline, Prepared, failed
from kg.model import Document

Other = TypeVar("Other")
BATCH_CHARACTERS = 60_000  # large enough for the parser to work in batches, small enough to share evenly
_AHEAD = 3  # batches under way for each process
_DIED = "a process died while reading it, perhaps for lack of memory; the other documents are not touched"


def prepared(
    items: Iterable[Document | Other], pipeline: Pipeline, *, workers: int = 1
) -> Iterator[Prepared | Other]:
    """Each document prepared; what is no document is handed on in its place.

    A document over which a step fails, or a process dies, costs no other.

    Args:
        items: Read as they are needed.
        pipeline: Does the work if there is one worker; the others build one like it.
        workers: Number of processes. Their start takes some seconds, so a few documents want one.
    """
    if workers == 1:
        for batch in _batches(items):
            yield from _merged(batch, pipeline.prepare_each(_documents(batch)))
        return
    pool: _Pool[Other] = _Pool(pipeline.extractor_name, workers)
    try:
        for batch in _batches(items):
            pool.submit(batch)
            if pool.is_full:
                yield from pool.next()
        while pool.under_way:
            yield from pool.next()
    finally:
        pool.close()


def prepared_alone(documents: Iterable[Document], extractor: str) -> Iterator[Prepared]:
    """Each document prepared by itself in another process, whose death costs that document only."""
    pool = _started(1)
    try:
        for document in documents:
            try:
                yield pool.submit(_prepare, extractor, [document]).result()[0]
            except BrokenProcessPool:
                pool = _started(1)
                yield failed(document, _DIED)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Pool(Generic[Other]):
    """Processes that work on batches, and are replaced when one of them dies."""

    def __init__(self, extractor: str, workers: int) -> None:
        self._extractor, self._workers = extractor, workers
        self._pool = _started(workers)
        self.under_way: deque[tuple[list[Document | Other], Future[list[Prepared]]]] = deque()

    @property
    def is_full(self) -> bool:
        return len(self.under_way) > self._workers * _AHEAD

    def submit(self, batch: list[Document | Other]) -> None:
        try:
            self.under_way.append((batch, self._future(batch)))
        except BrokenProcessPool:
            self._start_again()
            self.under_way.append((batch, self._future(batch)))

    def next(self) -> Iterator[Prepared | Other]:
        """The outcome of the batch that was submitted first."""
        batch, future = self.under_way.popleft()
        try:
            made = future.result()
        except BrokenProcessPool:  # which of the batches under way did it, nobody knows
            self._start_again()
            made = [*prepared_alone(_documents(batch), self._extractor)]
        yield from _merged(batch, made)

    def _future(self, batch: list[Document | Other]) -> Future[list[Prepared]]:
        return self._pool.submit(_prepare, self._extractor, _documents(batch))

    def _start_again(self) -> None:
        self.close()
        self._pool = _started(self._workers)
        waiting, self.under_way = self.under_way, deque()
        for batch, future in waiting:
            is_done = future.done() and not future.cancelled() and future.exception() is None
            self.under_way.append((batch, future if is_done else self._future(batch)))

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _started(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, get_context("spawn"))


def _batches(items: Iterable[Document | Other]) -> Iterator[list[Document | Other]]:
    batch: list[Document | Other] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.body) if isinstance(item, Document) else 0
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _documents(batch: Iterable[Document | Other]) -> list[Document]:
    return [item for item in batch if isinstance(item, Document)]


def _merged(batch: Iterable[Document | Other], done: Iterable[Prepared]) -> Iterator[Prepared | Other]:
    waiting = iter(done)
    for item in batch:
        yield next(waiting) if isinstance(item, Document) else item


@cache
def _pipeline(extractor: str) -> Pipeline:
    """The pipeline of a worker process."""
    return Pipeline(extractor)


def _prepare(extractor: str, documents: list[Document]) -> list[Prepared]:
    return _pipeline(extractor).prepare_each(documents)
