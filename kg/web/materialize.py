"""Keeps answers ready to what is asked of the whole store, such as how often each topic comes up."""

import asyncio
from collections.abc import Callable
from subprocess import DEVNULL, Popen

from kg.query_pool import logged_stderr
from kg.query_pool.sandbox import python

__all__ = ["keep_ready"]

_ROUND = 5.0  # seconds between two looks at the store


async def keep_ready(url: str, version: Callable[[], str | None]) -> None:
    """Have these questions answered in each new state of the store, by a process of its own; never returns.

    The answers lie beside the state that they belong to, so a server that starts again finds them there, and
    what a newer state has made useless is not finished.

    Args:
        url: The store, as for `open_store`.
        version: Tells the state of the store; `None` if nobody can, then nothing is kept.
    """
    known, running = None, None
    try:
        while True:
            if (now := version()) is not None and now != known:
                _stop(running)
                running, known = _materialize(url), now
            await asyncio.sleep(_ROUND)
    finally:
        _stop(running)


def _materialize(url: str) -> Popen[bytes]:
    command = python("kg", "materialize", "--store", url, "--nice", "--quiet")
    with logged_stderr("the process that makes answers ready") as stderr:
        return Popen(command, stdin=DEVNULL, stderr=stderr)


def _stop(process: Popen[bytes] | None) -> None:
    if process is not None:
        process.kill()
        process.wait()
