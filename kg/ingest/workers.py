"""Has work done in several processes, in order, with as much in memory as is under way."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from multiprocessing import get_context
from types import TracebackType
from typing import Generic, TypeVar

from kg.ingest.pipeline import Pipeline, Prepared, failed
from kg.model import Document

Item = TypeVar("Item")
Made = TypeVar("Made")
Other = TypeVar("Other")
BATCH_CHARACTERS = 60_000  # large enough for the parser to work in batches, small enough to share evenly
_AHEAD = 3  # batches under way for each process
DIED = "a process died while reading it, perhaps for lack of memory; the other documents are not touched"


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
    under_way: deque[list[Document | Other]] = deque()

    def batches() -> Iterator[list[Document]]:
        for batch in _batches(items):
            under_way.append(batch)
            yield _documents(batch)

    with WorkerPool(partial(_prepare, pipeline.extractor_name), _died, workers) as pool:
        for made in pool.map(batches()):
            yield from _merged(under_way.popleft(), made)


def prepared_alone(documents: Iterable[Document], extractor: str) -> Iterator[Prepared]:
    """Each document prepared by itself in another process, whose death costs that document only."""
    return _alone(partial(_prepare, extractor), _died, documents)


class WorkerPool(Generic[Item, Made]):
    """Processes that work on batches, and are replaced when one of them dies."""

    def __init__(
        self, work: Callable[[list[Item]], list[Made]], died: Callable[[Item], Made], workers: int
    ) -> None:
        """Start the processes, which takes some seconds.

        Args:
            work: What is made of the items of a batch, one for each in order; a function of a module.
            died: What stands for an item over which a process died.
            workers: Number of processes.
        """
        self._work, self._died, self._workers = work, died, workers
        self._pool = _started(workers)
        self._under_way: deque[tuple[list[Item], Future[list[Made]]]] = deque()

    def __enter__(self) -> "WorkerPool[Item, Made]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def map(self, batches: Iterable[list[Item]]) -> Iterator[list[Made]]:
        """What is made of each batch, in order; batches are taken some ahead of what is handed out."""
        for batch in batches:
            self._submit(batch)
            if len(self._under_way) > self._workers * _AHEAD:
                yield self._next()
        while self._under_way:
            yield self._next()

    def _submit(self, batch: list[Item]) -> None:
        try:
            self._under_way.append((batch, self._pool.submit(self._work, batch)))
        except BrokenProcessPool:
            self._start_again()
            self._under_way.append((batch, self._pool.submit(self._work, batch)))

    def _next(self) -> list[Made]:
        """The outcome of the batch that was submitted first."""
        batch, future = self._under_way.popleft()
        try:
            return future.result()
        except BrokenProcessPool:  # which of the batches under way did it, nobody knows
            self._start_again()
            return [*_alone(self._work, self._died, batch)]

    def _start_again(self) -> None:
        self._close()
        self._pool = _started(self._workers)
        waiting, self._under_way = self._under_way, deque()
        for batch, future in waiting:
            is_done = future.done() and not future.cancelled() and future.exception() is None
            self._under_way.append((batch, future if is_done else self._pool.submit(self._work, batch)))

    def _close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _alone(
    work: Callable[[list[Item]], list[Made]], died: Callable[[Item], Made], items: Iterable[Item]
) -> Iterator[Made]:
    """Each item worked on by itself in another process, whose death costs that item only."""
    pool = _started(1)
    try:
        for item in items:
            try:
                yield pool.submit(work, [item]).result()[0]
            except BrokenProcessPool:
                pool = _started(1)
                yield died(item)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _died(document: Document) -> Prepared:
    return failed(document, DIED)


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
