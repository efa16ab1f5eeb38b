"""Reads a corpus into a folder of parts, and goes on where an earlier attempt ended."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from kg.corpus.engines import Engine
from kg.corpus.output import Folder, graph_of
from kg.corpus.plan import Part, plan
from kg.corpus.worker import Job, PartDone, Reject, same_id
from kg.ingest import Pipeline
from kg.read import Skipped
from kg.terms import document_graph, inferred_graph

__all__ = ["Corpus", "done_from", "read_corpus", "run", "summary"]

REJECTS = "rejects.jsonl"


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that is to be read.

    Attributes:
        job: How.
        parts: In order of the input.
        done: Keys of those that need not be read again.
        skipped: Files of its folders that are not read.
    """

    job: Job
    parts: tuple[Part, ...]
    done: frozenset[str]
    skipped: tuple[Skipped, ...] = ()

    @property
    def waiting(self) -> list[Part]:
        """The parts that are still to be read."""
        return [part for part in self.parts if part.key not in self.done]


def read_corpus(
    urls: Iterable[str],
    folder: Folder,
    *,
    extractor: str = "rules",
    max_bytes: int,
    part_size: int,
    follow_links: bool = False,
) -> Corpus:
    """What is to be done to read a corpus into a folder.

    Args:
        urls: Files and folders; paths, or URLs that fsspec knows.
        folder: Where the parts go.
        extractor: Entry point of the group `kg.extractors`.
        max_bytes: Largest document, in bytes.
        part_size: Bytes of input from which on a part is full.
        follow_links: Whether links in folders of this machine are followed wherever they lead.

    Raises:
        InputError: there is nothing to read.
    """
    made = Pipeline(extractor).provenance
    under = json.dumps([asdict(made), folder.format, max_bytes])
    skipped: list[Skipped] = []
    parts = plan(urls, size=part_size, under=under, follow_links=follow_links, skipped=skipped.append)
    folder.prepare()
    there = {*folder.keys()}
    job = Job(folder, extractor, max_bytes)
    done = frozenset(part.key for part in parts if part.key in there)
    return Corpus(job, tuple(parts), done, tuple(skipped))


def run(corpus: Corpus, engine: Engine) -> Iterator[PartDone]:
    """Read what is still to be read, and yield each part as it is done; then tidy up.

    Afterwards the folder holds the parts of this corpus and no others, no document twice, and the rejects.
    """
    yield from engine.run(corpus.waiting, corpus.job)
    doubles = _doubles(corpus)
    again = [part for part in corpus.parts if {*_done(corpus, part).without} - {*doubles[part.key]}]
    yield from engine.run(again, corpus.job)
    for part in corpus.parts:
        _take_out(corpus, part, doubles[part.key])
    for key in {*corpus.job.folder.keys()} - {part.key for part in corpus.parts}:
        corpus.job.folder.remove(key)
    _write_rejects(corpus)


def summary(corpus: Corpus) -> tuple[list[PartDone], list[Reject]]:
    """What became of the whole corpus: its parts in order, and the rejects in order."""
    done = [_done(corpus, part) for part in corpus.parts]
    return done, [reject for part in done for reject in part.rejects]


def _done(corpus: Corpus, part: Part) -> PartDone:
    return done_from(corpus.job.folder.manifest(part.key))


def done_from(told: Mapping[str, object]) -> PartDone:
    """A manifest as it was before it was written."""
    rejects, documents, without = told["rejects"], told["documents"], told["without"]
    assert isinstance(rejects, list)
    assert isinstance(documents, dict)
    assert isinstance(without, list)
    return PartDone(
        key=str(told["key"]),
        documents={id: (source, digest) for id, (source, digest) in documents.items()},
        rejects=tuple(Reject(**reject) for reject in rejects),
        words=int(str(told["words"])),
        triples=int(str(told["triples"])),
        without=tuple(without),
    )


def _doubles(corpus: Corpus) -> dict[str, dict[str, Reject | None]]:
    """By part, its documents that an earlier part has too; with a reason if they are not the same."""
    first: dict[str, tuple[str, str]] = {}
    doubles: dict[str, dict[str, Reject | None]] = {}
    for part in corpus.parts:
        found = doubles[part.key] = {}
        for id, (source, digest) in _done(corpus, part).documents.items():
            if id not in first:
                first[id] = (source, digest)
            elif first[id][1] == digest:
                found[id] = None
            else:
                found[id] = same_id(id, source, first[id][0])
    return doubles


def _take_out(corpus: Corpus, part: Part, doubles: Mapping[str, Reject | None]) -> None:
    folder, done = corpus.job.folder, _done(corpus, part)
    leaving = doubles.keys() - {*done.without}
    if not leaving:
        return
    graphs = {str(name(id)) for id in leaving for name in (document_graph, inferred_graph)}
    lines = [line for line in folder.lines(part.key) if graph_of(line) not in graphs]
    told = tuple(reject for id in sorted(leaving) if (reject := doubles[id]))
    changed = replace(done, without=tuple(sorted(doubles)), rejects=(*done.rejects, *told))
    folder.write(part.key, lines, asdict(changed))


def _write_rejects(corpus: Corpus) -> None:
    lines = [json.dumps(asdict(reject), ensure_ascii=False) + "\n" for reject in summary(corpus)[1]]
    folder = corpus.job.folder
    folder.replace(f"{folder.root}/{REJECTS}", lambda stream: stream.write("".join(lines).encode()))
