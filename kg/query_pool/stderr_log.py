"""Writes into the log what helper processes say on standard error."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from select import POLLIN, poll
from threading import Thread

__all__ = ["logged_stderr"]

_LOG = logging.getLogger(__name__)
_TOGETHER = 0.1  # seconds within which lines belong together
_LONGEST = 4_000  # bytes of one record
_ADVICE = b"note: run with `RUST_BACKTRACE"  # of the engine, to its own developers


@contextmanager
def logged_stderr(name: str) -> Iterator[int]:
    """A descriptor for the standard error of a process that is started within.

    What comes through it, from that process and those that it starts, becomes one record a time.

    Args:
        name: What the process does, for the log.
    """
    ours, theirs = os.pipe()
    try:
        yield theirs
    finally:
        os.close(theirs)
        Thread(target=_log, args=(ours, name), name="stderr", daemon=True).start()


def _log(descriptor: int, name: str) -> None:
    """Log what comes through a pipe until nobody can write to it any more."""
    arrived = poll()
    arrived.register(descriptor, POLLIN)
    while data := os.read(descriptor, 1 << 16):
        time.sleep(_TOGETHER)
        while arrived.poll(0) and (more := os.read(descriptor, 1 << 16)):
            data = (data + more)[:_LONGEST]
        lines = [line for line in data[:_LONGEST].splitlines() if not line.startswith(_ADVICE)]
        if told := " ".join(b" ".join(lines).decode(errors="replace").split()):
            _LOG.warning("%s: %s", name, told)
    os.close(descriptor)
