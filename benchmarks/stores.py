"""Load, dump, questions and look-ups at several sizes, on every engine that is installed."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from benchmarks import http_latency, peers
from benchmarks.synthetic import quads
from benchmarks.tables import table
from kg import dump, entities, ingest, queries, summaries
from kg.errors import KgError
from kg.ingest import Pipeline
from kg.store import BoundQuery, Store, open_store
from kg.store.directory import StoreDirectory
from kg.store.http_client import ServerAccess
from kg.store.remote import RemoteStore
from kg.terms import ID
from tests.stores.engines import MissingEngineError, Server, oxigraph_server, virtuoso_server

__all__ = ["Measured", "measure", "plot", "report"]

_OURS = "embedded"
_OXIGRAPH = "Oxigraph server"
_ROUNDS = 20  # events whose values are asked with
_FEW = 5  # of them, where answers are slow
_PLAIN = ("event-documents", "event-participants", "event-duration", "excluded-topics", "discussed-topics",
          "topic-tree", "evidence")  # what rdflib answers in less than a minute, at most  # fmt: skip
_ENOUGH = 2_000  # ms after which a question is asked no more
_BARE_MOST = 1_000  # documents that the engine is also given without us
_DUMPED_MOST = 10_000
_SERVED_MOST = 10_000  # documents: servers are loaded over HTTP, which takes its time
_PLAIN_MOST = 1_000  # documents that rdflib answers anything about
_PATIENCE = 20  # seconds that a server may take for a query
_BUFFERS = 340_000  # pages of Virtuoso: 2.7 GB, as its manual has it for 4 GB of memory
_EVENTS = f"""
PREFIX kg: <{queries.PREFIXES["kg"]}>
SELECT DISTINCT ?event WHERE {{ ?event a kg:Call ; kg:date ?date ; kg:status kg:Occurred }} ORDER BY ?event"""
_AN_EVENT = f"""
PREFIX kg: <{queries.PREFIXES["kg"]}>
SELECT ?event ?date ?document ?one ?two ?topic WHERE {{
  VALUES ?event {{ %s }}
  ?event kg:date ?date ; kg:participant ?one , ?two ; kg:discussedTopic ?topic .
  ?one kg:represents <{ID}country/china> . ?two kg:represents <{ID}country/united-states> .
  ?fact <{queries.PREFIXES["rdf"]}subject> ?event ; kg:reportedIn ?document
}} ORDER BY DESC(?event) ?document ?one ?two ?topic LIMIT 1"""


@dataclass
class Measured:
    """What was measured at one size.

    Attributes:
        documents: The size.
        loads: Seconds and quads of each way to load.
        times: Milliseconds of each repetition, by engine and question.
        rows: Rows of each answer, by question.
        sums: What sums up the whole store: seconds to find it, and milliseconds of each repetition when kept.
        served: Milliseconds of each request and bytes of each answer, by kind of address.
        memory: Megabytes that each server took at the most.
    """

    documents: int
    loads: dict[str, tuple[float, int]] = field(default_factory=dict)
    times: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    sums: dict[str, tuple[float, list[float]]] = field(default_factory=dict)
    served: dict[str, tuple[list[float], list[int]]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)


def measure(count: int) -> Measured:
    """Load `count` synthetic documents into each engine and ask each what the catalogue asks."""
    found = Measured(count)
    with TemporaryDirectory() as name:
        folder = Path(name)
        part, url = folder / "part.nq", f"oxigraph:{folder}/store"
        _write(part, count)
        both = _bare_load(found, part, folder / "bare") if count <= _BARE_MOST else 0
        with open_store(url, write=True) as store:
            _load(found, _OURS, store, part, both)
            if count <= _DUMPED_MOST:
                _dump(found, store)
        found.sums = _sums(url)
        with open_store(url) as store:
            asked = _texts(store)
            _ask(found, _OURS, store, asked)
            [*summaries.materialize(store)]
        found.served, found.memory["embedded, kg serve"] = http_latency.measure(url)
        for engine, started in _servers(folder, count):
            with started() as server:
                if count <= _SERVED_MOST:
                    with server.open() as store:
                        _load(found, engine, store, part, both)
                with RemoteStore(_bare(engine, server.access), write=False) as store:
                    _ask(found, engine, store, asked)
                found.memory[engine] = http_latency.peak(server.pid)
        if count <= _SERVED_MOST:
            _ask_peers(found, url, folder, asked)
    return found


def _load(found: Measured, engine: str, store: Store, part: Path, both: int) -> None:
    ingest.put_ontology(store, Pipeline())
    started = time.perf_counter()
    store.bulk_load(part)
    found.loads[engine] = time.perf_counter() - started, both or _quads(store)


def _sums(url: str) -> dict[str, tuple[float, list[float]]]:
    """Of what sums up the whole store: seconds that it takes, and milliseconds when it was kept ready.

    Parts of questions are kept ready too, so that what follows is as it is in a store that was left alone.
    """
    found: dict[str, tuple[float, list[float]]] = {}
    for it in summaries.summaries():
        with open_store(url) as store:
            started = time.perf_counter()
            store.keep(it.text, store.select(it.query).serialize("tsv"))
            seconds = time.perf_counter() - started
        with open_store(url) as store:
            name = f"{it.name}, part of it" if it.is_part else it.name
            found[name] = seconds, _times([partial(_rows, store, it.query)] * _FEW)[0]
    return found


def _ask_peers(found: Measured, url: str, folder: Path, asked: Mapping[str, list[BoundQuery]]) -> None:
    """Ask Jena and rdflib-endpoint the same, over the union as it is in the store."""
    union = folder / "union.nt"
    with open_store(url) as store, union.open("wb") as stream:
        stream.writelines(store.lines())
        size = store.size
    few = {name: [it.text for it in texts[:_FEW]] for name, texts in asked.items()}
    if times := peers.arq([union], few):
        found.loads["Jena ARQ in memory, union alone"] = times.pop("load")[0] / 1000, size
        found.times |= {("Jena ARQ in memory", name): sorted(times.get(name, ())) for name in few}
    if found.documents > _PLAIN_MOST:
        return
    with peers.rdflib_endpoint(union) as opened:
        if opened is not None:
            store, seconds = opened
            found.loads["rdflib-endpoint, union alone"] = seconds, size
            for name in _PLAIN:
                found.times["rdflib-endpoint", name], _ = _times(
                    [partial(_rows, store, it) for it in few[name]]
                )
                if not found.times["rdflib-endpoint", name]:
                    break  # it goes on working on what nobody waits for any more


def _quads(store: Store) -> int:
    count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    return int(next(iter(store.select(count).texts()))[0] or 0) + store.size


def _write(part: Path, count: int) -> None:
    with part.open("wb") as stream:
        for _, lines in quads(count):
            stream.writelines(lines)


def _bare_load(found: Measured, part: Path, place: Path) -> int:
    """What the engine alone takes, once for the graphs and once with the union prepared beside them.

    Returns:
        Quads of graphs and union.
    """
    union = part.with_suffix(".nt")
    with part.open("rb") as lines, union.open("wb") as stream:
        stream.writelines(line[: line.rindex(b" <")] + b" .\n" for line in lines)
    place.mkdir()
    for name, files in (("engine alone, graphs", [part]), ("engine alone, graphs and union", [part, union])):
        store = ox.Store(str(place / name.replace(" ", "-")))
        started = time.perf_counter()
        for file in files:
            store.bulk_load(path=file)
        both = len(store)
        found.loads[name] = time.perf_counter() - started, both
    return both


def _servers(folder: Path, count: int) -> Iterator[tuple[str, Callable[[], AbstractContextManager[Server]]]]:
    """The servers that are installed; where loading takes too long, the one that reads our own files."""
    limit = {"seconds": _PATIENCE}
    if count > _SERVED_MOST:
        ours = StoreDirectory(folder / "store").newest()
        starts = {_OXIGRAPH: partial(oxigraph_server, location=ours, **limit)}
    else:
        starts = {
            _OXIGRAPH: partial(oxigraph_server, **limit),
            "Virtuoso": partial(virtuoso_server, buffers=_BUFFERS, **limit),
        }
    for name, start in starts.items():
        try:
            with start(_new(folder, f"{name} try")):
                pass
        except MissingEngineError:
            continue
        yield name, partial(start, _new(folder, name))


def _bare(engine: str, access: ServerAccess) -> ServerAccess:
    """The way to a server that gets questions as plain SPARQL, and does not have for ever."""
    patient = replace(access, timeout=_PATIENCE, retries=0)
    if engine == _OXIGRAPH:  # which would get them with lateral joins
        return replace(patient, dialect="standard", query=f"{access.address}/query")
    return patient


def _new(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def _ask(found: Measured, engine: str, store: Store, asked: Mapping[str, list[BoundQuery]]) -> None:
    """Ask each question with all its values; what is no longer quick is asked less often."""
    for name, texts in asked.items():
        found.times[engine, name], rows = _times([partial(_rows, store, text) for text in texts])
        if engine == _OURS:
            found.rows[name] = rows
    look_ups = {
        "(look-up: who is called so)": [partial(_named, store)] * _FEW,
        "(look-up: all of one event)": [partial(_described, store, iri) for iri in _sample(store)],
    }
    for name, steps in look_ups.items():
        found.times[engine, name], found.rows[name] = _times(steps)


def _rows(store: Store, query: str | BoundQuery) -> int:
    return sum(1 for _ in store.select(query))


def _named(store: Store) -> int:
    return len([entities.find("Xi Jinping", store)])


def _described(store: Store, iri: str) -> int:
    return len(entities.describe(iri, store).citations)


def _texts(store: Store) -> dict[str, list[BoundQuery]]:
    """Each question of the catalogue with the values of several events, each once."""
    known = [it for iri in _sample(store) if (it := _known(store, iri))]
    return {
        name: [*dict.fromkeys(_filled(store, query, values) for values in known)]
        for name, query in queries.catalogue().items()
    }


def _sample(store: Store) -> list[str]:
    found = [str(row[0]) for row in store.select(_EVENTS).texts()]
    return random.Random(0).sample(found, min(_ROUNDS, len(found)))


def _filled(store: Store, query: queries.Query, values: Mapping[str, str]) -> BoundQuery:
    """A question with every slot filled, so that its answer is about as long in a larger store."""

    def resolve(kind: str, name: str) -> str:
        return entities.find(name, store, kind=kind if kind in ("agent", "topic") else None)

    given = {name: values.get(name, values.get(it.kind, it.example)) for name, it in query.parameters.items()}
    try:
        return query.bind(given, resolve=resolve)
    except KgError:  # an example that a synthetic corpus does not have
        return query.bind({name: values["event"] if it.kind in ("iri", "agent", "topic") else given[name]
                           for name, it in query.parameters.items()})  # fmt: skip


def _known(store: Store, event: str) -> dict[str, str]:
    """Values for slots, by name or kind: what is known of an event; nothing if one of them is not known."""
    for found in store.select(_AN_EVENT % f"<{event}>").texts():
        event, day, document, one, two, topic = (value or "" for value in found)
        return {"event": event, "date": day, "document": document, "topic": topic,
                "agent": one, "person": one, "other": two, "side": f"{ID}country/china"}  # fmt: skip
    return {}


def _times(steps: Sequence[Callable[[], int]]) -> tuple[list[float], list[int]]:
    """Milliseconds of each step, sorted, and what each gave; nothing if one of them fails."""
    times, given = [], []
    for step in steps:
        started = time.perf_counter()
        try:
            given.append(step())
        except KgError:
            return [], []
        times.append((time.perf_counter() - started) * 1000)
        if sum(times) > _ENOUGH:
            break
    return sorted(times), sorted(given)


def _dump(found: Measured, store: Store) -> None:
    started = time.perf_counter()
    lines = sum(piece.count(b"\n") for piece in dump.dump(store, "nquads"))
    found.loads["dump of sorted N-Quads"] = time.perf_counter() - started, lines


def report(sizes: list[Measured]) -> str:
    """Tables of all sizes."""
    loads = [
        [each.documents, name, seconds, n / seconds / 1000]
        for each in sizes
        for name, (seconds, n) in each.loads.items()
    ]
    parts = [table("Load and dump", ["documents", "", "s", "thousand quads/s"], loads)]
    memory = [[each.documents, name, size] for each in sizes for name, size in each.memory.items()]
    parts.append(table("Memory of servers, after all questions", ["documents", "", "peak MB"], memory))
    parts += [_side_by_side(each) for each in sizes]
    head = ["p50 / p99, ms", *(f"{each.documents} documents" for each in sizes), "growth", "rows"]
    names = [name for engine, name in sizes[0].times if engine == _OURS]
    parts.append(table("Questions and look-ups, embedded", head, [_row(name, sizes) for name in names]))
    head = ["found, s / kept, ms", *(f"{each.documents} documents" for each in sizes)]
    sums = [[name, *(_summed(each.sums[name]) for each in sizes)] for name in sizes[0].sums]
    parts.append(table("What sums up the whole store: found, and kept ready, embedded", head, sums))
    head = ["p50 / p99, ms", *(f"{each.documents} documents" for each in sizes), "growth", "kB"]
    parts.append(table("Pages and REST over HTTP, embedded", head, [*_served(sizes)]))
    return "\n".join(parts)


def _summed(found: tuple[float, list[float]]) -> str:
    seconds, kept = found
    return f"{seconds:.3g} / {median(kept):.3g}" if kept else f"{seconds:.3g} / fails"


def _served(sizes: list[Measured]) -> Iterator[list[object]]:
    for name in sizes[0].served:
        times = [each.served[name][0] for each in sizes]
        cells = [f"{median(it):.3g} / {it[-1]:.3g}" for it in times]
        growth = f"{median(times[-1]) / median(times[0]):.3g} ×"
        kilobytes = " → ".join(f"{median(each.served[name][1]) / 1000:.2g}" for each in sizes)
        yield [name, *cells, growth, kilobytes]


def _side_by_side(found: Measured) -> str:
    """The same questions on every engine, the first five values of each where answers are slow."""
    engines = [*dict.fromkeys(engine for engine, _ in found.times)]
    names = [name for engine, name in found.times if engine == _OURS]
    head = ["p50, ms (times the embedded)", *engines]
    rows = [[name, *(_beside(found, engine, name) for engine in engines)] for name in names]
    return table(f"Questions and look-ups on every engine, {found.documents} documents", head, rows)


def _beside(found: Measured, engine: str, name: str) -> str:
    times, ours = found.times.get((engine, name)), found.times[_OURS, name]
    if times is None:
        return ""
    if not times:
        return "–"
    ratio = "" if engine == _OURS else f" ({median(times) / median(ours):.3g} ×)"
    return f"{median(times):.3g}{ratio}"


def _row(name: str, at: list[Measured]) -> list[object]:
    found = [each.times[_OURS, name] for each in at]
    cells = [f"{median(times):.3g} / {times[-1]:.3g}" if times else "fails" for times in found]
    growth = f"{median(found[-1]) / median(found[0]):.3g} ×" if found[0] and found[-1] else ""
    rows = " → ".join(f"{median(each.rows[name]):.0f}" for each in at if each.rows.get(name))
    return [name, *cells, growth, rows]


def plot(sizes: list[Measured], file: Path) -> None:
    """Draw how the time of each question grows with the store."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    from matplotlib import pyplot

    pyplot.rcParams["svg.hashsalt"] = "uschina-kg"
    figure, axes = pyplot.subplots(figsize=(8, 5))
    names = dict.fromkeys(name for each in sizes for engine, name in each.times if engine == _OURS)
    for name in names:
        points = [
            (each.documents, median(each.times[_OURS, name])) for each in sizes if each.times[_OURS, name]
        ]
        axes.plot(*zip(*points, strict=True), color="tab:blue", alpha=0.4)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="documents",
        ylabel="ms, median",
        title="Questions of the catalogue, embedded store",
    )
    figure.savefig(file, metadata={"Date": None})
