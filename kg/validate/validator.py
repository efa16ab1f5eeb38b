"""The gate: shapes, citations and checks over one graph."""

from collections.abc import Iterable, Iterator

from rdflib import Graph
from rdflib.term import Identifier

from kg.resources import files
from kg.terms import BASE, KGSH
from kg.validate.capacity import check_capacity
from kg.validate.checks import check_facts, check_vocabulary
from kg.validate.citations import check_citations
from kg.validate.context import Context, context, reference_triples
from kg.validate.index import Index, Layers, Triple
from kg.validate.report import Finding, Report, Result
from kg.validate.shapes import Shapes

_OF_THE_ONTOLOGY = "ontology.ttl"


class Validator:
    """Shapes and reference data, read once; validates any number of graphs and is changed by none."""

    def __init__(self) -> None:
        self._shapes = Shapes(path for path in files("shapes", ".ttl") if path.name != _OF_THE_ONTOLOGY)
        self._context = context()

    def validate(self, graph: Graph) -> Report:
        """What the graph of a document, or anybody's, breaks. The graph is not changed."""
        return _validate(Index(graph), self._shapes, self._context)

    def citation_results(self, graph: Graph) -> tuple[Result, ...]:
        """What the citation check alone finds; `validate` includes it."""
        return _report(_told(check_citations(Index(graph)), self._shapes)).results


def validate_ontology(triples: Iterable[Triple] | None = None) -> Report:
    """What an ontology and its reference data break, of the rules for data and of those for terms.

    Only nodes of the project are looked at: how other vocabularies name theirs is not ours to judge.

    Args:
        triples: What to look at; without it, all of `ontology/`.
    """
    document = Index(reference_triples() if triples is None else triples)
    report = _validate(document, Shapes(files("shapes", ".ttl")), context())
    return Report(tuple(result for result in report.results if result.focus.startswith(BASE)))


def _validate(document: Index, shapes: Shapes, context: Context) -> Report:
    layers = Graph(store=Layers(document, context.index), bind_namespaces="none")
    return _report([*shapes.run(document, layers), *_told(_findings(document, context), shapes)])


def _findings(document: Index, context: Context) -> Iterator[Finding]:
    yield from check_citations(document)
    yield from check_facts(document, context)
    yield from check_vocabulary(document, context)
    yield from check_capacity(document, context)


def _told(findings: Iterable[Finding], shapes: Shapes) -> Iterator[Result]:
    for finding in findings:
        check = shapes.checks[finding.rule]
        yield Result(
            severity=check.severity,
            shape=finding.rule,
            focus=_term(finding.focus),
            path=None if finding.path is None else str(finding.path),
            value=None if finding.value is None else _term(finding.value),
            message=check.message,
            component=KGSH.Check,
        )


def _term(node: object) -> Identifier:
    assert isinstance(node, Identifier)
    return node


def _report(results: Iterable[Result]) -> Report:
    return Report(tuple(sorted(set(results), key=Result.sort_key)))
