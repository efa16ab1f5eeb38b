"""Reads every index of a store on disk to its end and compares them; saves what a damaged one still gives.

Both run in a process of their own: over a damaged file the engine may take all the memory that it can get.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.errors import StoreError
from kg.settings import store_url
from kg.store.bulk import load_quads
from kg.store.change import UNION
from kg.store.directory import StoreDirectory

__all__ = ["place_of", "run", "salvage", "scrub"]

_MEMORY = 4_000_000_000  # bytes on top of what the process has
_ROUND = 20_000  # quads between two signs of life
_PROGRAM = "from kg.store.scrub import run; run()"
_MASK = (1 << 64) - 1
_Graph: TypeAlias = ox.NamedNode | ox.DefaultGraph
_Where: TypeAlias = tuple[ox.NamedNode | None, ox.NamedNode | None, ox.NamedNode | None, _Graph | None]
_Task: TypeAlias = Callable[..., Iterator[str | None]]


def place_of(url: str) -> StoreDirectory | None:
    """The folder of a store on disk; `None` for one of another kind."""
    kind, _, path = store_url(url).partition(":")
    return StoreDirectory(Path(path)) if kind == "oxigraph" and path else None


def scrub(checkpoint: Path) -> Iterator[str | None]:
    """Read all indexes of a checkpoint.

    Yields:
        What is wrong with one, and now and then `None` as a sign of life.
    """
    yield from _elsewhere("scrub", checkpoint)


def salvage(place: StoreDirectory) -> Iterator[str | None]:
    """Lay a damaged store anew from what can still be read of it; its union is made from its graphs.

    Yields:
        The IRI of each graph that is lost, or how much of others is; and now and then `None`.

    Raises:
        StoreError: the store is in use, or nothing of it can be read; it is as it was.
    """
    lease = place.claim()
    try:
        rescued = place.path / "salvaged.nq"
        source = place.newest()
        yield from _elsewhere("salvage", place.live if place.is_dirty or source is None else source, rescued)
        with place.explained("cannot write the store"):
            _lay_anew(place, rescued)
            rescued.unlink()
    finally:
        lease.release()


def _lay_anew(place: StoreDirectory, quads: Path) -> None:
    new, old = place.live.with_name("live.new"), place.live.with_name("live.old")
    for path in (new, old):
        shutil.rmtree(path, ignore_errors=True)
    engine = ox.Store(str(new))
    load_quads(engine, quads)
    engine.flush()
    del engine
    place.mark_dirty()
    place.forget_digests()
    place.live.rename(old)
    new.rename(place.live)
    shutil.rmtree(old)


def _elsewhere(task: str, *arguments: Path) -> Iterator[str | None]:
    """What a task tells, from a process of its own."""
    command = [sys.executable, "-P", "-c", _PROGRAM, task, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                yield json.loads(line)
            if process.wait() != 0:
                raise StoreError(
                    "the store is damaged so that reading it ends the engine; bring back a backup"
                )
        finally:
            process.kill()


def run() -> None:
    """Carry out the task that the command line of this process names, and tell of it line by line."""
    _limit_memory()
    tasks: Mapping[str, _Task] = {"scrub": _scrub, "salvage": _salvage}
    for told in tasks[sys.argv[1]](*map(Path, sys.argv[2:])):
        print(json.dumps(told), flush=True)


def _limit_memory() -> None:
    import resource

    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
        used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + _MEMORY, used + _MEMORY))


class _Sum:
    """Quads of one index, as a number that does not hang on their order."""

    def __init__(self, name: str) -> None:
        self.name, self.number, self.total = name, 0, 0
        self.is_damaged = False

    def add(self, quads: Iterable[ox.Quad], at: int, term: object) -> None:
        """Count the quads that hold a term; the engine gives others beside those of some numbers."""
        if self.is_damaged:
            return
        try:
            for quad in quads:
                if (quad.subject, quad.predicate, quad.object)[at] == term:
                    self.number += 1
                    self.total = (self.total + hash(quad)) & _MASK
        except (OSError, RuntimeError):
            self.is_damaged = True


def _scrub(path: Path) -> Iterator[str | None]:
    try:
        engine = ox.Store.read_only(str(path))
    except (OSError, RuntimeError):
        yield "the store cannot be opened"
        return
    seen: tuple[set[int], ...] = (set(), set(), set())
    whole = [_Sum(f"of all triples by {name}") for name in ("subject", "property", "value")]
    parts = []
    stretches: list[_Graph] = [UNION, *_graphs(engine)]
    for graph in stretches:
        where = "union" if graph == UNION else "graphs"
        first, *others = (_Sum(f"of the {where} by {name}") for name in ("graph", "property", "value"))
        here: tuple[set[int], ...] = (set(), set(), set())
        try:
            for quad in engine.quads_for_pattern(None, None, None, graph):
                first.number += 1
                first.total = (first.total + hash(quad)) & _MASK
                for at, term in enumerate((quad.subject, quad.predicate, quad.object)):
                    key = hash(term)
                    if key not in seen[at]:
                        seen[at].add(key)
                        whole[at].add(engine.quads_for_pattern(*_at(at, term, None)), at, term)
                    if at and key not in here[at]:
                        here[at].add(key)
                        others[at - 1].add(engine.quads_for_pattern(*_at(at, term, graph)), at, term)
                if first.number % _ROUND == 0:
                    yield None
        except (OSError, RuntimeError):
            first.is_damaged = True
        parts.append((first, others))
        yield None
    yield from _differences(whole, parts)


def _at(position: int, term: Any, graph: _Graph | None) -> _Where:  # whatever stands there may be looked up
    subject, predicate, value = (term if at == position else None for at in range(3))
    return subject, predicate, value, graph


def _differences(whole: list[_Sum], parts: list[tuple[_Sum, list[_Sum]]]) -> Iterator[str]:
    problems: dict[str, None] = {}
    for first, others in parts:
        for it in (first, *others):
            if it.is_damaged:
                problems[f"the index {it.name} cannot be read"] = None
            elif not first.is_damaged and (it.number, it.total) != (first.number, first.total):
                problems[f"the index {it.name} does not hold the same as that by graph"] = None
    can_compare = not any(first.is_damaged for first, _ in parts)
    number = sum(first.number for first, _ in parts)
    total = sum(first.total for first, _ in parts) & _MASK
    for it in whole:
        if it.is_damaged:
            problems[f"the index {it.name} cannot be read"] = None
        elif can_compare and (it.number, it.total) != (number, total):
            problems[f"the index {it.name} does not hold the same as those by graph"] = None
    yield from problems


def _graphs(engine: ox.Store) -> list[ox.NamedNode]:
    return [graph for graph in engine.named_graphs() if isinstance(graph, ox.NamedNode)]


def _salvage(path: Path, target: Path) -> Iterator[str | None]:
    """Write what two indexes of each graph give: a damaged one may end early without a word."""
    engine = ox.Store.read_only(str(path))
    in_union, _ = _readable(engine.quads_for_pattern(None, None, None, UNION))
    missing = {hash(quad.triple) for quad in in_union}
    properties = {quad.predicate for quad in in_union}
    del in_union
    with target.open("wb") as file:
        for graph in _graphs(engine):
            found, is_whole = _readable(engine.quads_for_pattern(None, None, None, graph))
            properties |= {quad.predicate for quad in found}
            for name in properties:
                others, is_read = _readable(engine.quads_for_pattern(None, name, None, graph))
                found |= others
                is_whole = is_whole and is_read
            file.writelines(f"{quad} .\n".encode() for quad in found)
            missing -= {hash(quad.triple) for quad in found}
            yield None if found or is_whole else graph.value
        file.flush()
        os.fsync(file.fileno())
    if missing:
        yield f"what some graph said in {len(missing)} triples"


def _readable(quads: Iterator[ox.Quad]) -> tuple[set[ox.Quad], bool]:
    """The quads that can be read, and whether these are all."""
    found: set[ox.Quad] = set()
    try:
        for quad in quads:
            found.add(quad)
    except (OSError, RuntimeError):
        return found, False
    return found, True
