"""Engines that run the same work on many parts: processes of this machine, or a Dask cluster."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from typing import Any, Protocol

from kg.corpus.plan import Part
from kg.corpus.worker import Job, PartDone, lost_part, read_part
from kg.errors import InputError, KgError

__all__ = ["DaskEngine", "Engine", "LocalEngine"]

_AHEAD = 2  # parts under way for each process
# What Dask's workers do by themselves takes a fifth of the time of reading: they give memory back to the
# system after every parse (MALLOC_TRIM_THRESHOLD_), and look a hundred times a second at what is running.
_LEAN = {
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1},
    "distributed.worker.profile.enabled": False,
}


class Engine(Protocol):
    """Runs `read_part` on parts, each at least once, in any order."""

    def run(self, parts: Sequence[Part], job: Job) -> Iterator[PartDone]:
        """What became of each part, as they are done.

        Raises:
            KgError: a part cannot be done; the parts that were yielded are sound.
        """


class LocalEngine:
    """Processes of this machine; one worker means this process."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, parts: Sequence[Part], job: Job) -> Iterator[PartDone]:
        """What became of each part, as they are done; a document that ends its process costs no other."""
        if self.workers == 1:
            yield from (read_part(part, job) for part in parts)
            return
        waiting = [*parts]
        while waiting:
            done: set[str] = set()
            try:
                for outcome in self._run(waiting, job):
                    done.add(outcome.key)
                    yield outcome
            except BrokenProcessPool:
                waiting = [part for part in waiting if part.key not in done]
                suspects = waiting[: self.workers * _AHEAD]  # it was one of those under way
                yield from map(partial(_carefully, job=job), suspects)
                done |= {part.key for part in suspects}
            waiting = [part for part in waiting if part.key not in done]

    def _run(self, parts: Sequence[Part], job: Job) -> Iterator[PartDone]:
        ahead = iter(parts)
        under_way: set[Future[PartDone]] = set()
        with ProcessPoolExecutor(self.workers, get_context("spawn")) as pool:
            while True:
                while len(under_way) < self.workers * _AHEAD and (part := next(ahead, None)):
                    under_way.add(pool.submit(read_part, part, job))
                if not under_way:
                    return
                finished, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)


class DaskEngine:
    """A Dask cluster: one that is there, by its address, or workers of this machine.

    Args:
        scheduler: Address such as `tcp://host:8786`; without it a cluster is made here.
        workers: Processes of the cluster that is made here.
    """

    def __init__(self, scheduler: str | None = None, workers: int = 2) -> None:
        self.scheduler, self.workers = scheduler, workers

    def run(self, parts: Sequence[Part], job: Job) -> Iterator[PartDone]:
        """What became of each part, as they are done; a part whose worker is lost is done again."""
        dask = _distributed()
        try:
            with self._cluster(dask) as cluster, _client(dask, cluster) as client:
                keys = [f"part-{part.key}" for part in parts]
                for future in dask.as_completed(client.map(read_part, parts, job=job, key=keys)):
                    yield future.result()
                    future.release()
        except dask.KilledWorker as error:
            problem = f"a part lost its worker again and again, perhaps for lack of memory: {error}"
            raise KgError(problem) from error

    @contextmanager
    def _cluster(self, dask: Any) -> Iterator[object]:
        if self.scheduler is not None:
            yield self.scheduler
            return
        from dask import config

        quiet = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.ERROR}
        with config.set(_LEAN), dask.LocalCluster(n_workers=self.workers, **quiet) as cluster:
            yield cluster


def _distributed() -> Any:  # the library has no types
    try:
        import distributed
    except ImportError as error:
        raise InputError("Dask is not installed: pip install 'uschina-kg[cluster]'") from error
    return distributed


def _client(dask: Any, cluster: object) -> Any:
    try:
        return dask.Client(cluster, timeout=20)
    except OSError as error:
        raise InputError(f"no Dask scheduler answers at {cluster}: {error}") from error


def _carefully(part: Part, job: Job) -> PartDone:
    """A part read by itself; if that ends the process, each of its documents by itself."""
    for alone in (False, True):
        with ProcessPoolExecutor(1, get_context("spawn")) as pool, suppress(BrokenProcessPool):
            return pool.submit(read_part, part, job, alone=alone).result()
    return lost_part(part, job)
