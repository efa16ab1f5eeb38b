"""The gate: shapes, citations and checks over one graph."""

from collections.abc import Iterable, Iterator

from rdflib import Graph, Literal, URIRef
from rdflib.term import Identifier

from kg.resources import files
from kg.terms import BASE, KGSH
from kg.validate.admission import Admission
from kg.validate.checks import Facts, check_facts, check_vocabulary
from kg.validate.citations import check_citations
from kg.validate.context import Context, context, reference_triples
from kg.validate.index import Index, Triple
from kg.validate.report import Finding, Report, Result
from kg.validate.shapes import Shapes, shapes_graph
from kg.validate.tenures import check_capacity

_OF_THE_ONTOLOGY = "ontology.ttl"


class Validator:
    """Shapes and reference data, read once; validates any number of graphs and is changed by none."""

    def __init__(self) -> None:
        paths = (path for path in files("shapes", ".ttl") if path.name != _OF_THE_ONTOLOGY)
        self._shapes = Shapes(shapes_graph(paths))
        self._context = context()

    def validate(self, graph: Graph, *, document: str | None = None) -> Report:
        """What the graph of a document breaks. The graph is not changed.

        Args:
            graph: All triples of the graph.
            document: The IRI of the document whose graph it is to be; without it, the graph itself tells.
        """
        index, context = Index(graph), self._context
        facts = Facts.of(index, context)
        admission = Admission(
            index, context, facts.told, facts.negated.keys(), None if document is None else URIRef(document)
        )
        found = _validate(index, facts, self._shapes, context)
        return _report([*found, *_results(admission.findings(), self._shapes)])

    def belongings(self, graph: Graph) -> frozenset[str]:
        """The nodes of a document's graph that no other document may describe."""
        return Admission(Index(graph), self._context, frozenset(), frozenset()).belongings()

    def validate_reference(self, graph: Graph) -> Report:
        """What reference data break, which no document needs to tell."""
        index = Index(graph)
        return _report(_validate(index, Facts.of(index, self._context), self._shapes, self._context))

    def citation_results(self, graph: Graph) -> tuple[Result, ...]:
        """What the citation check alone finds; `validate` includes it."""
        return _report(_results(check_citations(Index(graph)), self._shapes)).results


def validate_ontology(triples: Iterable[Triple] | None = None) -> Report:
    """What an ontology and its reference data break, of the rules for data and of those for terms.

    Only nodes of the project are looked at: how other vocabularies name theirs is not ours to judge.

    Args:
        triples: What to look at; without it, all of `ontology/`.
    """
    document = Index(reference_triples() if triples is None else triples)
    shapes, known = Shapes(shapes_graph(files("shapes", ".ttl"))), context()
    results = _validate(document, Facts.of(document, known), shapes, known)
    return _report(result for result in results if result.focus.startswith(BASE))


def _validate(document: Index, facts: Facts, shapes: Shapes, context: Context) -> Iterator[Result]:
    yield from shapes.run(document, context.index)
    yield from _results(_findings(document, facts, context), shapes)


def _findings(document: Index, facts: Facts, context: Context) -> Iterator[Finding]:
    yield from check_citations(document)
    yield from check_facts(document, facts)
    yield from check_vocabulary(document, context)
    yield from check_capacity(document, context)


def _results(findings: Iterable[Finding], shapes: Shapes) -> Iterator[Result]:
    for finding in findings:
        check = shapes.checks[finding.rule]
        yield Result(
            severity=check.severity,
            shape=finding.rule,
            focus=_term(finding.focus),
            path=None if finding.path is None else str(finding.path),
            value=None if finding.value is None else _term(finding.value),
            message=_message(finding, check.message),
            component=KGSH.Check,
        )


def _message(finding: Finding, message: str) -> str:
    """The message of a rule, the property and the words named where a value is wrong."""
    if finding.path is None or not isinstance(finding.value, Literal):
        return message
    name = str(finding.path).replace("#", "/").rsplit("/", 1)[-1]
    return f"{name} “{finding.value}”: {message}"


def _term(node: object) -> Identifier:
    assert isinstance(node, Identifier)
    return node


def _report(results: Iterable[Result]) -> Report:
    return Report(tuple(sorted(set(results), key=Result.sort_key)))
