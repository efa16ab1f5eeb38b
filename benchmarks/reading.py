"""Words a second from text to checked quads, beside what spaCy's parse alone takes on the same texts."""

import json
import resource
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.synthetic import documents
from benchmarks.tables import table
from kg import corpus
from kg.corpus import DaskEngine, Engine, Folder, LocalEngine
from kg.extract.clauses.en import parse
from kg.ingest import Pipeline
from kg.model import Document
from kg.read import read_bytes

__all__ = ["report"]


def report(count: int, shared: int) -> str:
    """Tables of reading `count` synthetic documents in one process, and `shared` on several."""
    records = [*documents(shared)]
    found = [*_documents(records[:count])]
    words = sum(len(document.body.split()) for document in found)
    bare, whole = _in_one_process(found)
    speeds = [
        ["spaCy's parse alone", words / bare, 1.0],
        ["whole path, one process", words / whole, bare / whole],
    ]
    return "\n".join(
        [
            table(f"Reading {count} documents, {words} words", ["", "words/s", "of spaCy's"], speeds),
            table(
                f"Reading {shared} documents on engines, start of the workers included",
                ["", "s", "words/s", "of one process"],
                _engines(records),
            ),
            table("Memory of a reading process", ["documents", "peak MB"], _memory(count)),
        ]
    )


def _documents(records: Iterable[dict[str, str]]) -> Iterable[Document]:
    for record in records:
        yield from read_bytes(json.dumps(record).encode(), "corpus.jsonl", max_bytes=1_000_000)


def _in_one_process(found: list[Document]) -> tuple[float, float]:
    """Seconds of the parse alone and of the whole path, each after a first document that loads the model."""
    pipeline = Pipeline()
    [*pipeline.prepare(found[:1])]
    started = perf_counter()
    for _ in parse(document.body for document in found):
        pass
    parsed = perf_counter()
    for _ in pipeline.prepare(found):
        pass
    return parsed - started, perf_counter() - parsed


def _engines(records: list[dict[str, str]]) -> list[list[object]]:
    engines: dict[str, Engine] = {
        "1 process": LocalEngine(1),
        "2 processes": LocalEngine(2),
        "Dask, 2 workers": DaskEngine(workers=2),
    }
    words = sum(len(record["text"].split()) for record in records)
    rows: list[list[object]] = []
    alone = 0.0
    for name, engine in engines.items():
        with TemporaryDirectory() as folder:
            source = Path(folder) / "corpus.jsonl"
            source.write_text("".join(json.dumps(record) + "\n" for record in records))
            todo = corpus.read_corpus(
                [str(source)],
                Folder(f"{folder}/out", "nquads"),
                max_bytes=1_000_000,
                part_size=corpus.PART_SIZE,
            )
            started = perf_counter()
            for _ in corpus.run(todo, engine):
                pass
            seconds = perf_counter() - started
        alone = alone or seconds
        rows.append([name, seconds, words / seconds, alone / seconds])
    return rows


def _memory(count: int) -> list[list[object]]:
    """The peak of a new process that reads a tenth of the documents, and of one that reads all."""
    rows: list[list[object]] = []
    for number in (max(1, count // 10), count):
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            rows.append([number, pool.submit(_peak, number).result()])
    return rows


def _peak(count: int) -> float:
    pipeline, waiting = Pipeline(), iter(_documents(documents(count)))
    while batch := [*islice(waiting, 100)]:
        for _ in pipeline.prepare(batch):
            pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
