"""Prepares documents in several processes, in order, with as much in memory as is under way."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from typing import TypeVar

from kg.errors import KgError
from kg.ingest.pipeline import Pipeline, Prepared
from kg.model import Document

Other = TypeVar("Other")
BATCH_CHARACTERS = 60_000  # large enough for the parser to work in batches, small enough to share evenly
_AHEAD = 3  # batches under way for each process


def prepared(
    items: Iterable[Document | Other], pipeline: Pipeline, *, workers: int = 1
) -> Iterator[Prepared | Other]:
    """Each document prepared; what is no document is handed on in its place.

    Args:
        items: Read as they are needed.
        pipeline: Does the work if there is one worker; the others build one like it.
        workers: Number of processes. Their start takes some seconds, so a few documents want one.

    Raises:
        KgError: a process died; what was yielded before is sound.
    """
    if workers == 1:
        for batch in _batches(items):
            yield from _merged(batch, [*pipeline.prepare(_documents(batch))])
        return
    under_way: deque[tuple[list[Document | Other], Future[list[Prepared]]]] = deque()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for batch in _batches(items):
            under_way.append((batch, pool.submit(_prepare, pipeline.extractor_name, _documents(batch))))
            if len(under_way) > workers * _AHEAD:
                yield from _done(*under_way.popleft())
        while under_way:
            yield from _done(*under_way.popleft())


def _done(batch: list[Document | Other], future: Future[list[Prepared]]) -> Iterator[Prepared | Other]:
    try:
        yield from _merged(batch, future.result())
    except BrokenProcessPool as error:
        ids = ", ".join(document.id for document in _documents(batch))
        raise KgError(
            f"a reading process died, perhaps for lack of memory, near: {ids}; what was stored before is "
            "whole; load again with fewer workers"
        ) from error


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
    return [*_pipeline(extractor).prepare(documents)]
