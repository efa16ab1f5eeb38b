"""Pages and REST look-ups over HTTP, as `kg serve` gives them from a store of some size."""

import gzip
import http.client
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

from kg import search
from kg.store import Store, open_store
from kg.terms import BASE
from tests.stores.engines import free_port

__all__ = ["measure", "peak"]

_SAMPLE = 30  # things of each kind, each asked for once: no answer can come from memory
_START = 900  # seconds until all is read that the first pages need
_FOLDERS = ("call", "meeting", "person", "topic", "document", "claim")
_ALL = """SELECT ?s WHERE {{ ?s a <{base}ontology#{name}> }}"""
_CLASSES = {"call": "Call", "meeting": "Meeting", "person": "Person", "topic": "Topic", "claim": "Claim"}
_DOCUMENTS = """SELECT ?s WHERE {{ ?s <{base}ontology#digest> ?digest }}"""


def measure(url: str) -> tuple[dict[str, tuple[list[float], list[int]]], float]:
    """Milliseconds of each kind of address, sorted, and the bytes of its answers; megabytes of the server.

    Args:
        url: A store on disk that nobody is writing.
    """
    search.catch_up(url)
    with open_store(url) as store:
        things = {folder: _some(store, folder) for folder in _FOLDERS}
    with _serving(url) as (connection, pid):
        times = {
            name: _times(connection, paths, accept)
            for accept, wanted in (("text/html", _pages(things)), ("application/json", _look_ups(things)))
            for name, paths in wanted.items()
        }
        return times, peak(pid)


def peak(pid: int) -> float:
    """Megabytes that a process held at the most, as Linux tells it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]  # it is there


def _some(store: Store, folder: str) -> list[str]:
    text = (
        _ALL.format(base=BASE, name=_CLASSES[folder]) if folder in _CLASSES else _DOCUMENTS.format(base=BASE)
    )
    found = sorted({str(row[0]) for row in store.select(text).texts()} & _mentioned(store, folder))
    return random.Random(0).sample(found, min(_SAMPLE, len(found)))


def _mentioned(store: Store, folder: str) -> set[str]:
    """Of people and topics, those that documents tell of."""
    path = {"person": "claimant", "topic": "about"}.get(folder)
    if path is None:
        text = (
            "SELECT DISTINCT ?s WHERE { ?s a ?class }" if folder in _CLASSES else _DOCUMENTS.format(base=BASE)
        )
    else:
        text = f"SELECT DISTINCT ?s WHERE {{ ?claim <{BASE}ontology#{path}> ?s }}"
    return {str(row[0]) for row in store.select(text).texts()}


def _pages(things: Mapping[str, list[str]]) -> dict[str, list[str]]:
    paths = {folder: [iri.removeprefix(BASE) for iri in iris] for folder, iris in things.items()}
    years = [str(2009 + n % 17) for n in range(_SAMPLE)]
    return {
        "page: home": ["/"] * _SAMPLE,
        "page: event": [f"/{path}" for path in paths["call"] + paths["meeting"]],
        "page: person": [f"/{path}" for path in paths["person"]],
        "page: topic": [f"/{path}" for path in paths["topic"]],
        "page: document": [f"/{path}" for path in paths["document"]],
        "page: topics": ["/topics"] * _SAMPLE,
        "page: timeline": [f"/timeline?from={year}&to={year}" for year in years],
        "page: whole timeline": ["/timeline"] * _SAMPLE,
        "page: events": [f"/events?from={year}&to={year}" for year in years],
        "page: graph": [f"/graph?iri={path.removeprefix('id/')}" for path in paths["person"]],
        "page: search": [f"/search?q={quote(path[-7:-3])}" for path in paths["person"]],
        "page: search of texts": [f"/search?{urlencode({'q': words})}" for words in _words(paths["topic"])],
        "page: query": ["/query"] * _SAMPLE,
        "page: ask": [f"/ask?{urlencode({'q': f'Which topics were excluded from the {day}, 2023 call?'})}"
                      for day in _days()],
    }  # fmt: skip


def _words(topics: list[str]) -> list[str]:
    """Words of topics, also with others and as phrases, one that is everywhere, and Chinese."""
    words = [path.rsplit("/", 1)[-1].replace("-", " ") for path in topics]
    return [
        *words,
        *(f'"{it}"' for it in words),
        *(f"progress {it}" for it in words),
        "china",
        "台湾",
        "關稅",
    ]


def _days() -> list[str]:
    return [f"May {day}" for day in range(1, _SAMPLE + 1)]


def _look_ups(things: Mapping[str, list[str]]) -> dict[str, list[str]]:
    paths = {folder: [iri.removeprefix(f"{BASE}id/") for iri in iris] for folder, iris in things.items()}
    months = [f"{2012 + n % 12}-{n % 12 + 1:02}" for n in range(_SAMPLE)]
    api = "/api/v1"
    return {
        "REST: search of texts": [
            f"{api}/search?{urlencode({'q': words})}" for words in _words(paths["topic"])
        ],
        "REST: entities by name": [f"{api}/entities?q={quote(it[-7:-3])}" for it in paths["person"]],
        "REST: entity": [f"{api}/entities/{it}" for it in paths["person"]],
        "REST: events of a month": [f"{api}/events?from={it}&to={it}" for it in months],
        "REST: event": [f"{api}/events/{it}" for it in paths["call"] + paths["meeting"]],
        "REST: events of a person": [f"{api}/events?participant={it}" for it in paths["person"]],
        "REST: claims of a person": [f"{api}/claims?claimant={it}" for it in paths["person"]],
        "REST: claims on a topic": [f"{api}/claims?topic={it}" for it in paths["topic"]],
        "REST: topic": [f"{api}/topics/{it.removeprefix('topic/')}" for it in paths["topic"]],
        "REST: document": [f"{api}/documents/{it.removeprefix('document/')}" for it in paths["document"]],
        "REST: timeline": [f"{api}/timeline?from={it}&to={it}" for it in months],
        "REST: question": [f"{api}/queries/excluded-topics/rows?date={it}-05" for it in months],
        "REST: whole-store count": [f"{api}/queries/topic-ranking/rows"] * _SAMPLE,
    }


@contextmanager
def _serving(url: str) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "--store", url, "--port", str(port), "--quiet"]
    process = subprocess.Popen(command, env={**os.environ, "KG_BASE_IRI": BASE})
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START)
        for path in ("/healthz", "/", "/topics", "/api/v1/claims?limit=1", "/ask?q=what+is+the+weather"):
            _wait(connection, path)
        time.sleep(2)
        yield connection, process.pid
        connection.close()
    finally:
        process.terminate()
        process.wait()


def _wait(connection: http.client.HTTPConnection, path: str) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        try:
            connection.request("GET", path)
            if connection.getresponse().read():
                return
        except OSError:
            connection.close()
            time.sleep(0.1)
    raise SystemExit(f"the server does not answer {path}")


def _times(
    connection: http.client.HTTPConnection, paths: list[str], accept: str
) -> tuple[list[float], list[int]]:
    times, sizes = [], []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path, headers={"Accept": accept, "Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
        times.append((time.perf_counter() - started) * 1000)
        assert response.status == 200, (path, response.status, body[:300])
        packed = response.headers["Content-Encoding"] == "gzip"
        sizes.append(len(gzip.decompress(body) if packed else body))
    return sorted(times), sizes


if __name__ == "__main__":
    for name, (times, sizes) in measure(sys.argv[1])[0].items():
        print(f"{name:26} p50 {median(times):8.1f}  p99 {times[-1]:8.1f} ms  {median(sizes) / 1000:7.1f} kB")
