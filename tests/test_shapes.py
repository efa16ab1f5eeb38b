"""Every shape fires on the example that is named after it, on nothing else, and tells what to do."""

import re
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.identity import kind_slug
from kg.resources import files, text
from kg.terms import KG, KGSH
from kg.validate import Report, Validator, validate_ontology

FOLDER = Path(__file__).parent / "shapes"
EXAMPLES = sorted(FOLDER.glob("*/*.ttl"))
OUTCOMES = {"invalid": "Violation", "warning": "Warning"}


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in files("shapes", ".ttl"):
        graph.parse(data=text(path), format="turtle")
    return graph


@cache
def ontology() -> Graph:
    return Graph().parse(data=text(next(path for path in files("ontology", ".ttl") if path.name == "kg.ttl")))


@cache
def validator() -> Validator:
    return Validator()


@cache
def rules() -> dict[str, str]:
    """The severity of every rule: shapes and constraints that have one, and checks."""
    graph = shapes()
    messages = [node for node in graph.subjects(SH.message) if not isinstance(node, BNode)]
    return {local(node): local_severity(node) for node in sorted(messages)}


def local(iri: Node | None) -> str:
    return re.split(r"[#/]", str(iri))[-1]


def local_severity(rule: Node) -> str:
    """A SPARQL constraint has the severity of the node shape that holds it."""
    host = shapes().value(predicate=SH.sparql, object=rule)
    return local(shapes().value(host or rule, SH.severity) or SH.Violation)


@cache
def ontology_rules() -> frozenset[str]:
    graph = Graph().parse(next(path for path in files("shapes", ".ttl") if path.name == "ontology.ttl"))
    return frozenset(local(node) for node in graph.subjects(SH.message))


def report(example: Path) -> Report:
    graph = Graph().parse(example)
    folders = {kind_slug(rule.split("-")[0]) for rule in ontology_rules()}
    if example.parent.name in folders:
        return validate_ontology(graph)
    is_document = example.parent.name == "vocabulary" or (None, KG.reportedIn, None) in graph
    return validator().validate(graph) if is_document else validator().validate_reference(graph)


def expected(example: Path) -> set[tuple[str, str]]:
    """`call/invalid-participant.ttl`: the rule of that name of `kg:Call`, or of the class above it."""
    outcome, _, rule = example.stem.partition("-")
    if outcome == "valid":
        return set()
    owner = "".join(word.capitalize() for word in example.parent.name.split("-"))
    while f"{owner}-{rule}" not in rules():
        owner = local(ontology().value(KG[owner], RDFS.subClassOf))
    return {(OUTCOMES[outcome], f"{owner}-{rule}")}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_example_fires_exactly_the_shape_it_is_named_after(example: Path) -> None:
    """`call/invalid-participant.ttl` must violate the rule on participants and nothing else."""
    assert {(result.severity, result.shape) for result in report(example).results} == expected(example)


def test_every_rule_has_an_example_that_breaks_it() -> None:
    shown = {rule for example in EXAMPLES for rule in expected(example)}
    assert {(severity, rule) for rule, severity in rules().items()} - shown == set()


def test_every_folder_has_a_valid_example() -> None:
    assert [path.name for path in sorted(FOLDER.iterdir()) if not (path / "valid.ttl").exists()] == []


def test_first_line_of_every_example_says_what_is_wrong() -> None:
    starts = {"valid": "# ", "invalid": "# Invalid: ", "warning": "# Warning: "}
    first = {path: path.read_text(encoding="utf-8").split("\n")[0] for path in EXAMPLES}
    odd = [
        path
        for path, line in first.items()
        if not line.startswith(starts[path.stem.split("-")[0]]) or not line.endswith(".")
    ]
    assert odd == []


def test_every_message_says_what_is_wrong_and_what_to_do() -> None:
    sentences = {
        local(node): re.findall(r"[A-Z“…].*?(?:[.]|[.]\S*)(?= [A-Z]|$)", str(message))
        for node, message in shapes().subject_objects(SH.message)
    }
    assert {name: found for name, found in sentences.items() if len(found) < 2} == {}


def test_every_message_is_english_and_stands_alone() -> None:
    messages = list(shapes().objects(None, SH.message))
    assert all(isinstance(message, Literal) and message.language == "en" for message in messages)
    assert len(messages) == len(set(messages))


def test_every_rule_is_named_after_a_class_and_has_a_severity_on_purpose() -> None:
    hosts = {shapes().value(predicate=SH.sparql, object=node) for node in shapes().subjects(SH.select)}
    stated = set(shapes().subjects(SH.severity))
    silent = [node for node in shapes().subjects(SH.message) if node not in stated]
    assert [name for name in rules() if "-" not in name] == []
    assert [node for node in silent if (node, RDF.type, SH.SPARQLConstraint) not in shapes()] == []
    assert set(shapes().objects(None, SH.severity)) == {SH.Violation, SH.Warning}
    assert None not in hosts


def test_every_class_is_covered_by_a_shape() -> None:
    targets = set(shapes().objects(None, SH.targetClass))
    classes = sorted(ontology().subjects(RDF.type, OWL.Class))
    above = {kind: set(ontology().transitive_objects(kind, RDFS.subClassOf)) for kind in classes}
    assert [local(kind) for kind in classes if not targets & above[kind]] == []


def test_every_target_and_path_is_a_term_of_the_ontology() -> None:
    named = {
        node
        for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.path, SH["class"], SH.disjoint, RDF.first)
        for node in shapes().objects(None, predicate)
        if isinstance(node, URIRef) and node.startswith(KG._NS)
    }
    assert [node for node in sorted(named) if local(node) not in KG] == []


def test_shapes_are_well_formed() -> None:
    """The shapes conform to the shapes of SHACL itself."""
    conforms, _, found = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, found


def test_ontology_and_reference_data_break_no_rule() -> None:
    assert validate_ontology().results == ()


def test_no_shape_lacks_a_name() -> None:
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint, KGSH.Check)
    nodes = [node for kind in kinds for node in shapes().subjects(RDF.type, kind)]
    assert [node for node in nodes if not str(node).startswith(KGSH)] == []
