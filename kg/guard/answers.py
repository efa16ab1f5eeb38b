"""Serialises answers up to a number of rows."""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.guard.meter import Meter
from kg.guard.outlet import Outlet
from kg.store import Result, Rows, Triples
from kg.store.results import TRIPLE_FORMATS, Triple

__all__ = ["serialize"]


class _EnoughError(Exception):
    """The engine need not go on."""


def serialize(result: Result, format: str, outlet: Outlet, rows: int) -> bool:
    """Write an answer; whether some of it was left out. What is written is well-formed all the same."""
    if isinstance(result, Rows):
        return _write_rows(result, format, outlet, rows)
    if isinstance(result, Triples):
        return _write_triples(result, format, outlet, rows)
    result.write(outlet, format)  # type: ignore[arg-type]  # only `write` is called
    return False


def _write_rows(result: Rows, format: str, outlet: Outlet, rows: int) -> bool:
    metered = _Metered(outlet, Meter(format, rows))
    try:
        result.write(metered, format)  # type: ignore[arg-type]  # only `write` is called
    except _EnoughError:
        outlet.write(metered.meter.ending)
        return True
    outlet.write(metered.meter.close())
    return False


class _Metered:
    """A writable file that passes on rows until there are enough."""

    def __init__(self, outlet: Outlet, meter: Meter) -> None:
        self._outlet, self.meter = outlet, meter

    def write(self, block: bytes) -> int:
        self._outlet.write(self.meter.feed(block))
        if self.meter.is_cut:
            raise _EnoughError
        return len(block)

    def flush(self) -> None:
        pass


class _Counted:
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


def _write_triples(result: Triples, format: str, outlet: Outlet, rows: int) -> bool:
    counted = _Counted(result, rows)
    ox.serialize(counted, outlet, TRIPLE_FORMATS[format])  # type: ignore[arg-type]  # only `write` is called
    return counted.is_cut
