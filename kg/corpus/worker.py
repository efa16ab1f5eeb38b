"""Reads one part: what every worker does, on whatever engine."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache

from kg.corpus.documents import documents, name_of
from kg.corpus.output import Folder
from kg.corpus.plan import Part
from kg.graph import input_digest
from kg.ingest import Pipeline, Prepared, prepared_alone
from kg.model import Document
from kg.read import Unreadable
from kg.terms import document_graph, inferred_graph

__all__ = ["Job", "PartDone", "Reject", "lost_part", "read_part", "same_id"]


@dataclass(frozen=True, slots=True)
class Job:
    """How all parts of a corpus are read.

    Attributes:
        folder: Where they are written.
        extractor: Entry point of the group `kg.extractors`.
        max_bytes: Largest document, in bytes.
    """

    folder: Folder
    extractor: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A document that was not read, or refused.

    Attributes:
        source: File that it stands in.
        status: `refused` by a check, `unreadable`, or `failed` by a mistake of ours.
        problem: Why, in one line.
        document: Its identifier, if it got that far.
    """

    source: str
    status: str
    problem: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class PartDone:
    """What became of a part.

    Attributes:
        key: Of the part.
        documents: By identifier, the file and the digest of each document whose graphs are in the part.
        rejects: The others.
        words: Of all documents that were read.
        triples: That the documents state.
        without: Documents that were taken out again, as another part has one of the same identifier.
    """

    key: str
    documents: dict[str, tuple[str, str]]
    rejects: tuple[Reject, ...] = ()
    words: int = 0
    triples: int = 0
    without: tuple[str, ...] = field(default=())


def read_part(part: Part, job: Job, *, alone: bool = False) -> PartDone:
    """Read, check and reason over the documents of a part, and write what they say; twice does no harm.

    Args:
        part: What to read.
        job: How.
        alone: Whether each document is read in a process of its own, because one of them ends it.
    """
    found, rejects = _found(part, job)
    prepared = prepared_alone(found, job.extractor) if alone else _pipeline(job.extractor).prepare_each(found)
    made = [(document, _outcome(document, it)) for document, it in zip(found, prepared, strict=True)]
    sound = [(document, it) for document, it in made if isinstance(it, Prepared)]
    done = PartDone(
        part.key,
        {document.id: (document.source, input_digest(document)) for document, _ in sound},
        (*rejects, *(it for _, it in made if isinstance(it, Reject))),
        sum(len(document.body.split()) for document in found),
        sum(it.triples for _, it in sound),
    )
    lines = sorted(line for _, it in sound for line in _quads(it))
    job.folder.write(part.key, lines, asdict(done))
    return done


def lost_part(part: Part, job: Job) -> PartDone:
    """The outcome of a part whose files end every process that opens them."""
    problem = "a process died while opening it, perhaps for lack of memory"
    names = dict.fromkeys(map(name_of, part.pieces))
    done = PartDone(part.key, {}, tuple(Reject(name, "failed", f"{name}: {problem}") for name in names))
    job.folder.write(part.key, [], asdict(done))
    return done


def _found(part: Part, job: Job) -> tuple[list[Document], list[Reject]]:
    """The documents of a part, each once, and what is none."""
    found: dict[str, Document] = {}
    rejects: list[Reject] = []
    for source, item in _items(part, job):
        if isinstance(item, Unreadable):
            rejects.append(Reject(source, "unreadable", str(item)))
        elif (first := found.setdefault(item.id, item)).body != item.body:
            rejects.append(same_id(item.id, item.source, first.source))
    return [*found.values()], rejects


def same_id(id: str, source: str, first: str) -> Reject:
    """The reject of a document whose identifier another one has."""
    return Reject(source, "refused", f"its id {id!r} is also that of {first}; give one an `id:`", id)


def _items(part: Part, job: Job) -> Iterator[tuple[str, Document | Unreadable]]:
    for piece in part.pieces:
        for item in documents(piece, max_bytes=job.max_bytes):
            yield name_of(piece), item


def _outcome(document: Document, made: Prepared) -> Prepared | Reject:
    if made.problem is None:
        return made
    return Reject(document.source, "failed" if made.failed else "refused", made.problem, document.id)


def _quads(made: Prepared) -> Iterator[bytes]:
    graphs = {document_graph(made.document): made.stated, inferred_graph(made.document): made.inferred}
    for graph, triples in graphs.items():
        end = f" <{graph}> .\n".encode()
        for line in triples.splitlines():
            if line:
                yield line.removesuffix(b" .") + end


@cache
def _pipeline(extractor: str) -> Pipeline:
    """The pipeline of a worker, with its model, built once."""
    return Pipeline(extractor)
