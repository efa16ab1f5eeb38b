"""Reads one part: what every worker does, on whatever engine."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache

from kg.corpus.documents import Unreadable, documents
from kg.corpus.output import Folder
from kg.corpus.plan import Part
from kg.graph import input_digest
from kg.ingest import Pipeline, Prepared
from kg.model import Document
from kg.terms import document_graph, inferred_graph

__all__ = ["Job", "PartDone", "Reject", "read_part", "same_id"]

# What a mistake in a rule raises: among ten million documents, one such must not take the others with it.
_MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


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


def read_part(part: Part, job: Job) -> PartDone:
    """Read, check and reason over the documents of a part, and write what they say; twice does no harm."""
    found, rejects = _found(part, job)
    made = [*_prepared(found, _pipeline(job.extractor))]
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


def _found(part: Part, job: Job) -> tuple[list[Document], list[Reject]]:
    """The documents of a part, each once, and what is none."""
    found: dict[str, Document] = {}
    rejects: list[Reject] = []
    for item in _items(part, job):
        if isinstance(item, Unreadable):
            rejects.append(Reject(item.source, "unreadable", item.problem))
        elif (first := found.setdefault(item.id, item)).body != item.body:
            rejects.append(same_id(item.id, item.source, first.source))
    return [*found.values()], rejects


def same_id(id: str, source: str, first: str) -> Reject:
    """The reject of a document whose identifier another one has."""
    return Reject(source, "refused", f"its id {id!r} is also that of {first}; give one an `id:`", id)


def _items(part: Part, job: Job) -> Iterator[Document | Unreadable]:
    for piece in part.pieces:
        yield from documents(piece, max_bytes=job.max_bytes)


def _prepared(found: Iterable[Document], pipeline: Pipeline) -> Iterator[tuple[Document, Prepared | Reject]]:
    """Each document prepared, all together if that goes well; else one by one."""
    waiting = [*found]
    try:
        made: list[Prepared | Reject] = [*pipeline.prepare(waiting)]
    except _MISTAKES:
        made = [_alone(document, pipeline) for document in waiting]
    for document, outcome in zip(waiting, made, strict=True):
        if isinstance(outcome, Prepared) and outcome.problem:
            outcome = Reject(document.source, "refused", outcome.problem, document.id)
        yield document, outcome


def _alone(document: Document, pipeline: Pipeline) -> Prepared | Reject:
    try:
        [made] = pipeline.prepare([document])
    except _MISTAKES as error:
        problem = f"a rule fails on it: {type(error).__name__}: {error}"
        return Reject(document.source, "failed", problem, document.id)
    return made


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
