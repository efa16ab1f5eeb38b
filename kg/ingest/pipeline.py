"""The steps from documents to checked graphs, before any store."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.metadata import entry_points
from itertools import chain
from pathlib import Path

from rdflib import Graph

from kg import __version__, graph, read
from kg.conflicts import description
from kg.errors import InputError, NotFoundError, RefusedError
from kg.extract import LONGEST_PARAGRAPH, LONGEST_RUN, Extractor, read_many
from kg.identity import document_iri
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Review, Statement
from kg.package_cache import kept
from kg.reason import Reasoner, Triple
from kg.report import ReadingReport
from kg.resolution import fingerprints, localise, mentions_in
from kg.resources import files, vocabulary
from kg.review import Applied, apply, digest, review_id
from kg.review.places import belonging_together
from kg.review.rare_rules import read_by
from kg.review.stored import lines, open_lines
from kg.terms import document_graph
from kg.validate import FORMATS, Report, Validator, parse_rdf, read_rdf

_LONGEST_PROBLEM = 300  # characters of what went wrong


@dataclass(frozen=True, slots=True)
class Prepared:
    """One document on its way into a store; it can be sent to another process.

    Attributes:
        document: Its identifier.
        source: File that it was read from.
        stated: What it says, as N-Triples; empty if a check refused it.
        inferred: What follows from it, and by what its events are compared with others, as N-Triples.
        facts: Of what it says, the triples that tell which facts contradict those of other documents.
        triples: Number of triples that it says.
        report: What the shapes and the citation check found.
        problem: Why it must not be stored, in one line.
        failed: Whether that is a mistake of ours and no check.
        notes: What of it was not read and why, for people.
        rejected: What was read and reviews reject, with what would follow from it, as N-Triples.
        open: By identifier of a review that has no effect, why.
    """

    document: str
    source: str
    stated: bytes = b""
    inferred: bytes = b""
    facts: frozenset[Triple] = frozenset()
    triples: int = 0
    report: Report | None = None
    problem: str | None = None
    failed: bool = False
    notes: tuple[str, ...] = ()
    rejected: bytes = b""
    open: Mapping[str, str] = field(default_factory=dict)


class Pipeline:
    """The steps from a document to its graphs; each part is built when first needed, then kept.

    Attributes:
        extractor_name: Entry point of the group `kg.extractors` that reads the statements.
    """

    def __init__(self, extractor: str = "rules") -> None:
        found = entry_points(group="kg.extractors", name=extractor)
        if not found:
            known = ", ".join(sorted(entry.name for entry in entry_points(group="kg.extractors")))
            raise NotFoundError(f"no extractor is called {extractor!r}; there are: {known}")
        self.extractor_name = extractor
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
        return reasoner()

    @cached_property
    def provenance(self) -> graph.Provenance:
        """Under what graphs are built in this process."""
        made_by = f"{self.extractor.name} {__version__} {self.extractor.version}"
        return graph.Provenance(made_by, vocabulary().version, vocabulary().digest)

    def build(self, document: Document) -> Graph:
        """The graph of what a document says.

        Raises:
            RefusedError: a statement is not cited, or names what the ontology does not have.
        """
        return self._graph(document, [*self.extractor.extract(document, self.lexicon)])

    def prepare_each(self, documents: Sequence[Document]) -> list[Prepared]:
        """Each document prepared, in order; one over which a step fails costs no other."""
        try:
            return [*self.prepare(documents)]
        except Exception as error:  # a mistake in a rule may raise anything
            if len(documents) > 1:
                return [made for document in documents for made in self.prepare_each([document])]
            said = f"{type(error).__name__}: {' '.join(str(error).split())}"
            return [
                failed(document, f"a rule fails on it: {said[:_LONGEST_PROBLEM]}") for document in documents
            ]

    def prepare(self, documents: Iterable[Document]) -> Iterator[Prepared]:
        """Each document read, checked and reasoned over, in order; one that is refused harms no other."""
        self._load()
        for found in read_many(self.extractor, documents, self.lexicon):
            yield self.accept(found.document, found.statements, found.report)

    def _load(self) -> None:
        """Load what every document needs, and have it no longer looked through for garbage, which is slow."""
        if "validator" not in self.__dict__:
            _ = self.lexicon, self.reasoner, self.provenance, self.validator
            gc.freeze()

    def accept(
        self, document: Document, statements: Sequence[Statement], report: ReadingReport | None = None
    ) -> Prepared:
        """The graphs of statements, whoever read them, checked and reasoned over.

        Args:
            document: What was read.
            statements: What it says.
            report: How it was read, where its reader says so.
        """
        report = report or ReadingReport.of(document, len(statements))
        made = self._accepted(document, apply(document, statements), report)
        if made.problem is None or not document.reviews:
            return made
        return self._without_refused_reviews(document, statements, report) or made

    def read(self, document: Document) -> Applied:
        """What a document says, its reviews taken into account; nothing is checked."""
        found = next(iter(read_many(self.extractor, [document], self.lexicon)))
        return apply(document, found.statements)

    def _accepted(self, document: Document, applied: Applied, report: ReadingReport) -> Prepared:
        try:
            stated = self._graph(document, applied.statements, report)
        except RefusedError as error:
            return Prepared(document.id, document.source, problem=str(error), notes=document.notes)
        made = replace(self._checked(document, stated), notes=_notes(document, report))
        if made.problem:
            return made
        return self._reviewed(made, stated, document, applied)

    def _reviewed(self, made: Prepared, stated: Graph, document: Document, applied: Applied) -> Prepared:
        """A document with the marks of its reviews, and what they reject."""
        if not document.reviews:
            return made
        there = set(map(str, stated.subjects()))
        shown = "".join(line for mark in applied.marks if mark.statement in there for line in lines(mark))
        hidden = "".join(
            line for mark in applied.marks if mark.statement not in there for line in lines(mark)
        )
        gone = graph.describe(document, applied.rejected)
        whole = Graph(bind_namespaces="none")
        for triples in (stated, gone):
            whole += triples
        more = Graph(bind_namespaces="none")
        for triple in {*gone, *self.reasoner.infer(whole)} - {*stated, *self.reasoner.infer(stated)}:
            more.add(triple)
        return replace(
            made,
            inferred=made.inferred + (shown + open_lines(applied.open)).encode(),
            rejected=_n_triples(more) + hidden.encode() if len(gone) else b"",
            open=dict(applied.open),
        )

    def _without_refused_reviews(
        self, document: Document, statements: Sequence[Statement], report: ReadingReport
    ) -> Prepared | None:
        """The document with as many of its reviews as the checks let pass; `None` if it fails by itself."""
        refused: dict[str, str] = {}

        def accepted(reviews: Sequence[Review]) -> Prepared:
            applied = apply(replace(document, reviews=tuple(reviews)), statements)
            applied = replace(applied, open={**applied.open, **refused})
            return self._accepted(document, applied, report)

        def passing(groups: Sequence[Sequence[Review]], kept: list[Review]) -> list[Review]:
            together = [*chain.from_iterable(groups)]
            if not together or (problem := accepted([*kept, *together]).problem) is None:
                return [*kept, *together]
            if len(groups) > 1:
                middle = len(groups) // 2
                return passing(groups[middle:], passing(groups[:middle], kept))
            for it in reversed(together):
                others = [other for other in together if other is not it]
                if others and accepted([*kept, *others]).problem is None:
                    refused[review_id(it)] = problem
                    return [*kept, *others]
            refused.update(dict.fromkeys(map(review_id, together), problem))
            return kept

        if accepted([]).problem is not None:
            return None
        made = accepted(passing(belonging_together(document.reviews, statements), []))
        return replace(made, open={**made.open, **refused})

    def accept_graph(self, document_id: str, stated: Graph, triples: bytes) -> Prepared:
        """What a document is said to state, whoever wrote it down, checked and reasoned over.

        Args:
            document_id: The document.
            stated: Its graph.
            triples: The same as N-Triples.
        """
        local = localise(triples.splitlines(keepends=True)).stated
        if {*local.splitlines()} != {*triples.splitlines()}:
            stated, triples = parse_rdf(local, ".nt", where=document_id, base=""), local
        made = self._checked(Document(document_id, "", source=str(document_graph(document_id))), stated)
        return replace(made, stated=triples) if made.problem is None else made

    def check(self, path: Path, *, max_bytes: int) -> Iterator[tuple[str, Report]]:
        """What the shapes and the citation check say of a file: of each document in it, or of its RDF.

        Raises:
            InputError: the file cannot be read; the message names it, and the line of a syntax error.
        """
        if path.suffix in FORMATS:
            yield str(path), self.validator.validate(read_rdf(path))
            return
        problems: list[str] = []
        for found in read.each(path, max_bytes=max_bytes):
            if isinstance(found, Document):
                yield found.id, self._report(found, self.build(found))
            else:
                problems.append(str(found))
        if problems:
            raise InputError("\n".join(problems))

    def _graph(
        self, document: Document, statements: Sequence[Statement], report: ReadingReport | None = None
    ) -> Graph:
        return graph.build(
            document,
            statements,
            self.provenance,
            publisher=self._publisher(document),
            reading=report.lines() if report else (),
            reviews=digest(document),
            read_by=read_by(document, statements) if report else "",
        )

    def _checked(self, document: Document, stated: Graph) -> Prepared:
        report = self._report(document, stated)
        if not report.conforms:
            return Prepared(document.id, document.source, report=report, problem=report.violations[0].message)
        return Prepared(
            document.id,
            document.source,
            stated=_n_triples(stated),
            inferred=_n_triples(self.reasoner.infer(stated))
            + fingerprints(mentions_in(stated, document.id, self.lexicon)),
            facts=description(stated),
            triples=len(stated),
            report=report,
        )

    def _report(self, document: Document, stated: Graph) -> Report:
        return self.validator.validate(stated, document=document_iri(document.id))

    def _publisher(self, document: Document) -> Entity | None:
        name = document.publisher
        if name is None:
            return None
        named = [match.entries for match in self.lexicon.find(name) if match.group == "agent"]
        for entries in (self.lexicon.lookup(name, ["Agent"]), *named):
            if len(entries) == 1:
                return Entity(entries[0].kind, entries[0].label, entries[0].iri)
        return Entity("Organization", name)


@cache
def reasoner() -> Reasoner:
    """The rules of this process, which take a second to compile when they are not kept."""
    return kept("reasoner", files("ontology", ".ttl"), Reasoner)


def failed(document: Document, problem: str) -> Prepared:
    """The outcome of a document over which a step failed."""
    return Prepared(document.id, document.source, problem=problem, failed=True, notes=document.notes)


def _notes(document: Document, report: ReadingReport) -> tuple[str, ...]:
    notes = [*document.notes]
    if any(len(paragraph) > LONGEST_PARAGRAPH for paragraph in document.body.split("\n")):
        notes.append(f"a paragraph of more than {LONGEST_PARAGRAPH:,} characters was not read")
    if any(len(word) >= LONGEST_RUN and word.isascii() for word in document.body.split()):
        notes.append(f"a run of {LONGEST_RUN} or more characters without a blank was not read")
    if report.statements == 0:
        why = "; ".join(report.reasons())
        notes.append(why or "no statement was read from it; its text is stored")
    return tuple(notes)


def _n_triples(triples: Graph) -> bytes:
    return triples.serialize(format="nt", encoding="utf-8")
