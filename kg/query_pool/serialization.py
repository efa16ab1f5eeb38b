"""Serialises answers up to a number of rows."""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.query_pool.result_writer import ResultWriter
from kg.query_pool.row_limit import RowLimiter
from kg.store import Result, Rows, Triples
from kg.store.results import TRIPLE_FORMATS, Triple

__all__ = ["serialize"]


class _RowLimitError(Exception):
    """The engine need not go on."""


def serialize(result: Result, format: str, writer: ResultWriter, rows: int) -> bool:
    """Write an answer; whether some of it was left out. What is written is well-formed all the same."""
    if isinstance(result, Rows):
        return _write_rows(result, format, writer, rows)
    if isinstance(result, Triples):
        return _write_triples(result, format, writer, rows)
    result.write(writer, format)  # type: ignore[arg-type]  # only `write` is called
    return False


def _write_rows(result: Rows, format: str, writer: ResultWriter, rows: int) -> bool:
    metered = _LimitedOutput(writer, RowLimiter(format, rows))
    try:
        result.write(metered, format)  # type: ignore[arg-type]  # only `write` is called
    except _RowLimitError:
        writer.write(metered.row_limiter.ending)
        return True
    writer.write(metered.row_limiter.close())
    return False


class _LimitedOutput:
    """A writable file that passes on rows until there are enough."""

    def __init__(self, writer: ResultWriter, row_limiter: RowLimiter) -> None:
        self._writer, self.row_limiter = writer, row_limiter

    def write(self, block: bytes) -> int:
        self._writer.write(self.row_limiter.feed(block))
        if self.row_limiter.is_cut:
            raise _RowLimitError
        return len(block)

    def flush(self) -> None:
        pass


class _LimitedTriples:
    """Triples, up to a number."""

    def __init__(self, triples: Triples, rows: int) -> None:
        self._triples, self._rows = triples, rows
        self.is_cut = False

    def __iter__(self) -> Iterator[Triple]:
        for number, triple in enumerate(self._triples):
            if number == self._rows:
                self.is_cut = True
                return
            yield triple


def _write_triples(result: Triples, format: str, writer: ResultWriter, rows: int) -> bool:
    counted = _LimitedTriples(result, rows)
    ox.serialize(counted, writer, TRIPLE_FORMATS[format])  # type: ignore[arg-type]  # only `write` is called
    return counted.is_cut
