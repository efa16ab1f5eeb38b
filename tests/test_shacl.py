"""Shapes mean to the validator what SHACL says: the tests of W3C, and constructs that no shape of ours has yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib.term import Node

from kg.errors import ResourceError
from kg.validate import parse_rdf
from kg.validate.index import Index
from kg.validate.report import Result
from kg.validate.shapes import Shapes

SUITE = Path(__file__).parents[1] / ".suites" / "shacl"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
# What the project decided otherwise, or pyshacl does; docs/conformance.md tells the reasons.
DIFFERS = {
    "core/misc/severity-002": "severities are two",
    "core/property/uniqueLang-002": "pyshacl takes 1 for true",
    "sparql/node/prefixes-001": "pyshacl does not follow owl:imports of prefixes",
    "sparql/pre-binding/shapesGraph-001": "pyshacl does not bind $shapesGraph",
}

Row = tuple[str, str, str | None, str | None, str]


class Case(NamedTuple):
    """A test of the suite: a file with a manifest."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(SUITE).as_posix().removesuffix(".ttl")


def cases() -> list[Case]:
    return [
        Case(path)
        for path in sorted(SUITE.rglob("*.ttl"))
        if "sht:Validate" in path.read_text(encoding="utf-8")
    ]


def loaded(path: Path) -> Graph:
    return parse_rdf(path.read_bytes(), ".ttl", where=path.name, base=path.as_uri())


def found_by_us(shapes: Graph, data: Graph) -> set[Row]:
    return {row(result) for result in Shapes(shapes).run(Index(data), Index(()))}


def row(result: Result) -> Row:
    return (
        str(result.component), result.severity, name(result.focus),
        result.path, name(result.value),
    )  # fmt: skip


def rows(report: Graph, results: Iterator[Node]) -> set[Row]:
    return {
        (
            str(report.value(node, SH.sourceConstraintComponent)),
            str(report.value(node, SH.resultSeverity)).rsplit("#", 1)[-1],
            name(report.value(node, SH.focusNode)),
            path(report, report.value(node, SH.resultPath)),
            name(report.value(node, SH.value)),
        )
        for node in results
    }


def name(node: Node | None) -> str | None:
    return "_:" if isinstance(node, BNode) else None if node is None else node.n3()


def path(report: Graph, node: Node | None) -> str | None:
    """A path as results have it: a property, a choice of properties, or nothing."""
    if node is None or isinstance(node, URIRef):
        return None if node is None else str(node)
    listed = report.value(node, SH.alternativePath)
    items = [] if listed is None else [*report.items(listed)]
    return "|".join(map(str, items)) if items and all(isinstance(item, URIRef) for item in items) else None


def marked(case: Case) -> object:
    reason = DIFFERS.get(str(case))
    return pytest.param(
        case, marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [], id=str(case)
    )


@pytest.mark.skipif(not SUITE.exists(), reason="the suite of the W3C is not there: make test")
@pytest.mark.parametrize("case", [marked(case) for case in cases()])
def test_w3c(case: Case) -> None:
    manifest = loaded(case.path)
    for entry in manifest.subjects(RDF.type, SHT.Validate):
        action, result = manifest.value(entry, MF.action), manifest.value(entry, MF.result)
        data, shapes = (
            loaded(Path(str(manifest.value(action, part)).removeprefix("file://")))
            for part in (SHT.dataGraph, SHT.shapesGraph)
        )
        if result == SHT.Failure:
            with pytest.raises(Exception):  # noqa: B017, PT011  # pyshacl has several
                found_by_us(shapes, data)
            continue
        assert found_by_us(shapes, data) == rows(manifest, manifest.objects(result, SH.result))


def test_what_differs_from_the_suite_is_told() -> None:
    told = (Path(__file__).parents[1] / "docs" / "conformance.md").read_text(encoding="utf-8")
    assert [name for name in DIFFERS if f"`{name}`" not in told] == []


# ── Constructs that the preparation does not know ─────────────────────────────

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
ex:a a ex:Ferry ; ex:crew 3 ; ex:to ex:b . ex:b a ex:Port ; ex:name "B" ; ex:name "C" . ex:c a ex:Tug ; ex:crew "x" .
ex:d a ex:Ferry ; ex:name "D" ; ex:crew 30 ; ex:to ex:d .
"""
# Each breaks for some node of the data; none is a form that the shapes of the project have today.
CONSTRUCTS = {
    "closed": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:closed true ; sh:property [ sh:path ex:crew ] .",
    "node": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:node ex:T . ex:T sh:property [ sh:path ex:name ; sh:minCount 1 ] .",
    "node of a property": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:property [ sh:path ex:to ; sh:node ex:T ] . ex:T sh:property [ sh:path ex:name ; sh:maxCount 1 ] .",
    "and": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:and ( [ sh:property [ sh:path ex:name ; sh:minCount 1 ] ] [ sh:class ex:Ferry ] ) .",
    "or of properties": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:or ( [ sh:path ex:name ; sh:minCount 1 ] [ sh:path ex:crew ; sh:minInclusive 9 ] ) .",
    "xone": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:xone ( [ sh:path ex:name ; sh:minCount 1 ] [ sh:path ex:crew ; sh:minCount 1 ] ) .",
    "not": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:not [ sh:path ex:name ; sh:minCount 1 ] .",
    "class of a node": "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:crew ; sh:class ex:Ferry .",
    "sequence": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:property [ sh:path ( ex:to ex:name ) ; sh:maxCount 1 ] .",
    "inverse": "ex:S a sh:NodeShape ; sh:targetClass ex:Port ; sh:property [ sh:path [ sh:inversePath ex:to ] ; sh:minCount 2 ] .",
    "zero or more": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:property [ sh:path [ sh:zeroOrMorePath ex:to ] ; sh:class ex:Ferry ] .",
    "alternative of paths": "ex:S a sh:NodeShape ; sh:targetClass ex:Port ; sh:property [ sh:path [ sh:alternativePath ( ex:name [ sh:inversePath ex:to ] ) ] ; sh:maxCount 2 ] .",
    "target node": "ex:S a sh:NodeShape ; sh:targetNode ex:nobody ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .",
    "target objects": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:to ; sh:property [ sh:path ex:name ; sh:maxCount 1 ] .",
    "implicit class": "ex:Tug a sh:NodeShape , rdfs:Class ; sh:property [ sh:path ex:crew ; sh:datatype xsd:integer ] .",
    "property with targets": "ex:P a sh:PropertyShape ; sh:targetClass ex:Tug ; sh:path ex:crew ; sh:datatype xsd:integer .",
    "property of a property": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:property [ sh:path ex:to ; sh:property [ sh:path ex:name ; sh:maxCount 1 ] ] .",
    "qualified, apart": "ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:property [ sh:path ex:to ; sh:qualifiedValueShape [ sh:class ex:Port ] ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ] .",
    "deactivated": "ex:S a sh:NodeShape ; sh:deactivated true ; sh:targetClass ex:Ferry ; sh:property ex:P . ex:P sh:path ex:name ; sh:minCount 1 . ex:R a sh:NodeShape ; sh:targetClass ex:Tug ; sh:property ex:P .",
    "a component": """ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ; sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER($value <= $most) }" ] .
        ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:property [ sh:path ex:crew ; ex:most 9 ] .""",
    "target by query": """ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this <https://example.org/crew> 3 }" ] ;
        sh:property [ sh:path ex:name ; sh:minCount 1 ] .""",
}  # fmt: skip


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_construct_that_is_not_prepared_is_run_by_pyshacl_as_it_is(construct: str) -> None:
    shapes, data = Graph().parse(data=PREFIXES + CONSTRUCTS[construct]), Graph().parse(data=PREFIXES + DATA)
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    assert not conforms
    assert isinstance(report, Graph)
    results = report.objects(report.value(predicate=RDF.type, object=SH.ValidationReport), SH.result)
    assert found_by_us(shapes, data) == rows(report, results)


@pytest.mark.parametrize("term", ["sh:minCuont 1", "sh:js [ ]", "sh:severity sh:Info"])
def test_shape_with_what_nobody_would_evaluate_is_refused(term: str) -> None:
    shapes = (
        f"ex:S a sh:NodeShape ; sh:targetClass ex:Ferry ; sh:property ex:P . ex:P sh:path ex:name ; {term} ."
    )
    with pytest.raises(ResourceError, match=term.split()[0].split(":")[1]):
        Shapes(Graph().parse(data=PREFIXES + shapes))


def test_what_the_reference_data_describe_is_not_judged_by_a_shape_that_is_not_prepared() -> None:
    shapes = Graph().parse(data=PREFIXES + CONSTRUCTS["closed"])
    known = Index(Graph().parse(data=f"{PREFIXES} ex:known a ex:Ferry ; ex:name 'K' ."))
    document = Index(Graph().parse(data=f"{PREFIXES} ex:a a ex:Ferry ; ex:to ex:known ; ex:crew 3 ."))
    found = Shapes(shapes).run(document, known)
    assert {str(result.focus) for result in found} == {"https://example.org/a"}
