"""The only door: document → statements → graph → validation → inference → one transaction."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal as Choice

from rdflib import Graph

from kg import __version__, graph, read
from kg.conflicts import crossing
from kg.errors import InputError, NotFoundError, RefusedError
from kg.extract import Extractor
from kg.identity import document_iri
from kg.lexicon import Lexicon
from kg.model import Document, Entity
from kg.reason import Reasoner
from kg.resources import vocabulary
from kg.store import Store
from kg.terms import KG, ONTOLOGY, ONTOLOGY_GRAPH, document_graph, inferred_graph
from kg.validate import Report, Validator

Status = Choice["stored", "unchanged", "refused", "unreadable"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document, or of a file that holds none.

    Attributes:
        source: The file.
        status: `stored`, `unchanged`, `refused` by a check, or `unreadable`.
        document: Its identifier; `None` if the file could not be read.
        triples: Triples that the document states, inferred ones left out.
        report: What the shapes and the citation check found.
        problem: Why it was not stored, in one line.
    """

    source: str
    status: Status
    document: str | None = None
    triples: int = 0
    report: Report | None = None
    problem: str | None = None


class Pipeline:
    """The steps from a document to its graphs; each part is built when first needed, then kept."""

    def __init__(self, extractor: str = "rules") -> None:
        found = entry_points(group="kg.extractors", name=extractor)
        if not found:
            known = ", ".join(sorted(entry.name for entry in entry_points(group="kg.extractors")))
            raise NotFoundError(f"no extractor is called {extractor!r}; there are: {known}")
        self._extractor_class = next(iter(found)).load()

    @cached_property
    def extractor(self) -> Extractor:
        """What reads the statements."""
        made: Extractor = self._extractor_class()
        return made

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of the reference data."""
        return Lexicon.load()

    @cached_property
    def validator(self) -> Validator:
        """The shapes and the citation check."""
        return Validator()

    @cached_property
    def reasoner(self) -> Reasoner:
        """The rules compiled from the ontology."""
        return Reasoner()

    @cached_property
    def provenance(self) -> graph.Provenance:
        """Under what graphs are built in this process."""
        return graph.Provenance(
            f"{self.extractor.name} {__version__}", vocabulary().version, vocabulary().digest
        )

    def build(self, document: Document) -> Graph:
        """The graph of what a document says."""
        statements = self.extractor.extract(document, self.lexicon)
        return graph.build(document, statements, self.provenance, publisher=self._publisher(document))

    def _publisher(self, document: Document) -> Entity | None:
        name = document.publisher
        if name is None:
            return None
        named = [match.entries for match in self.lexicon.find(name) if match.group == "agent"]
        for entries in (self.lexicon.lookup(name, ["Agent"]), *named):
            if len(entries) == 1:
                return Entity(entries[0].kind, entries[0].label, entries[0].iri)
        return Entity("Organization", name)


def load(paths: Iterable[Path], store: Store, pipeline: Pipeline, *, max_bytes: int) -> Iterator[Outcome]:
    """Read and store the documents of files; one that fails harms no other.

    Args:
        paths: Files of a format of `kg.read`.
        store: Where to, open for writing.
        pipeline: The steps.
        max_bytes: Largest file that is read.

    Yields:
        One outcome a document, and one for each file that could not be read.
    """
    seen: dict[str, str] = {}
    for path in paths:
        try:
            for document in read.read(path, max_bytes=max_bytes):
                first = seen.setdefault(document.id, document.source)
                if first != document.source:
                    yield _refused(
                        document, f"its id {document.id!r} is also that of {first}; give one an `id:`"
                    )
                else:
                    yield load_document(document, store, pipeline)
        except InputError as error:
            yield Outcome(str(path), "unreadable", problem=str(error))


def load_document(document: Document, store: Store, pipeline: Pipeline) -> Outcome:
    """Store one document, unless the store already holds just this, or a check refuses it."""
    if _is_current(document, store, pipeline):
        return Outcome(document.source, "unchanged", document.id)
    try:
        stated = pipeline.build(document)
    except RefusedError as error:
        return _refused(document, str(error))
    report = pipeline.validator.validate(stated)
    if not report.conforms:
        return _refused(document, report.violations[0].message, report)
    met = crossing(document.id, stated, store)
    inferred = pipeline.reasoner.infer(stated)
    for link in met.own:
        inferred.add(link)
    store.replace_graphs(
        {
            str(document_graph(document.id)): _n_triples(stated),
            str(inferred_graph(document.id)): _n_triples(inferred),
            **met.others,
        }
    )
    return Outcome(document.source, "stored", document.id, len(stated), report)


def put_ontology(store: Store, pipeline: Pipeline) -> None:
    """Put the closed ontology and reference data into the store, unless it holds these already."""
    mark = f"<{ONTOLOGY}> <{KG.vocabularyDigest}> {json.dumps(vocabulary().digest)}"
    if store.query(f"ASK {{ GRAPH <{ONTOLOGY_GRAPH}> {{ {mark} }} }}"):
        return
    closed = pipeline.reasoner.closure
    store.replace_graphs({str(ONTOLOGY_GRAPH): _n_triples(closed) + f"{mark} .\n".encode()})


def remove(document_id: str, store: Store) -> None:
    """Remove a document and all that only it says.

    Raises:
        NotFoundError: the store has no such document.
    """
    met = crossing(document_id, None, store)
    own = {str(document_graph(document_id)): b"", str(inferred_graph(document_id)): b""}
    if not store.replace_graphs({**own, **met.others}):
        raise NotFoundError(f"the store holds no document {document_id!r}; `kg documents` lists them")


def _is_current(document: Document, store: Store, pipeline: Pipeline) -> bool:
    made = pipeline.provenance
    wanted = {
        KG.inputDigest: graph.input_digest(document),
        KG.extractor: made.extractor,
        KG.ontologyVersion: made.ontology_version,
        KG.vocabularyDigest: made.vocabulary_digest,
    }
    pairs = " ; ".join(f"<{name}> {json.dumps(value)}" for name, value in wanted.items())
    node = f"<{document_iri(document.id)}>"
    return bool(store.query(f"ASK {{ GRAPH <{document_graph(document.id)}> {{ {node} {pairs} }} }}"))


def _refused(document: Document, problem: str, report: Report | None = None) -> Outcome:
    return Outcome(document.source, "refused", document.id, report=report, problem=problem)


def _n_triples(triples: Graph) -> bytes:
    return triples.serialize(format="nt", encoding="utf-8")
