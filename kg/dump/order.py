"""Sorts lines of any number without keeping them in memory."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from tempfile import TemporaryFile
from typing import IO

CHUNK = 64_000_000  # bytes of text that are sorted at once


def sort_lines(lines: Iterable[bytes], *, chunk: int = CHUNK) -> Iterator[bytes]:
    """The lines in order of their bytes, each once; like `LC_ALL=C sort -u`.

    Args:
        lines: Lines with their line feed.
        chunk: Bytes to sort at once; what is more goes through temporary files.
    """
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        for run in _chunks(lines, chunk):
            run.sort()
            runs.append(run)
            if len(runs) > 1 or sum(map(len, run)) >= chunk:
                runs[-1] = _spill(run, files.enter_context(TemporaryFile()))
        for line, _ in groupby(heapq.merge(*runs)):
            yield line


def _chunks(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    held, weight = list[bytes](), 0
    for line in lines:
        held.append(line)
        weight += len(line)
        if weight >= size:
            yield held
            held, weight = [], 0
    if held:
        yield held


def _spill(run: list[bytes], file: IO[bytes]) -> IO[bytes]:
    file.writelines(run)
    file.seek(0)
    return file
