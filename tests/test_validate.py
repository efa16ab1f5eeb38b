"""Validation: pyshacl decides, citations hold to the character, and nothing changes what it looks at."""

import random
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from kg.resources import files, text
from kg.terms import ID, KG, KGSH, OA
from kg.validate import Report, Validator, validate_ontology
from kg.validate.context import context
from kg.validate.index import Index, Layers

FOLDER = Path(__file__).parent / "shapes"
OF_THE_ONTOLOGY = {"class", "entity", "ontology", "property", "term"}
CLASSES = sorted(path.name for path in FOLDER.iterdir() if path.name not in OF_THE_ONTOLOGY)
DOCUMENT, STATEMENT, PASSAGE = ID["document/d"], ID["claim/c"], ID["evidence/d.0-1"]
CITATION = {"Evidence-start", "Evidence-end", "Evidence-order", "Evidence-citation"}


@cache
def validator() -> Validator:
    return Validator()


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in files("shapes", ".ttl"):
        if path.name != "ontology.ttl":
            graph.parse(data=text(path), format="turtle")
    return graph


def example(name: str) -> Graph:
    return Graph().parse(FOLDER / f"{name}.ttl")


def examples_of(folder: str) -> Graph:
    """All examples of a class in one graph, however badly they go together."""
    graph = Graph()
    for path in sorted((FOLDER / folder).glob("*.ttl")):
        graph.parse(path)
    return graph


def cited(body: str, start: int, end: int, exact: str) -> Graph:
    """A document with one prediction in its own voice, cited to one passage."""
    graph = Graph()
    offsets = [
        (OA.start, Literal(start, datatype=XSD.nonNegativeInteger)),
        (OA.end, Literal(end, datatype=XSD.nonNegativeInteger)),
    ]
    described: dict[Node, list[tuple[URIRef, Node]]] = {
        DOCUMENT: [(RDF.type, KG.Article), (KG.body, Literal(body))],
        STATEMENT: [
            (RDF.type, KG.Prediction), (KG.content, Literal("It will rain.")), (KG.reportedIn, DOCUMENT),
            (KG.polarity, KG.Affirmed), (KG.evidence, PASSAGE),
        ],
        PASSAGE: [(RDF.type, KG.Evidence), (KG.inDocument, DOCUMENT), (OA.exact, Literal(exact)), *offsets],
    }  # fmt: skip
    for subject, pairs in described.items():
        for predicate, value in pairs:
            graph.add((subject, predicate, value))
    return graph


def fired(report: Report) -> set[str]:
    return {result.shape for result in report.results}


# ── pyshacl decides ───────────────────────────────────────────────────────────


def plain(data: Graph) -> set[tuple[str, str, str, str]]:
    """What pyshacl finds by itself, with the part of the context that the data refer to."""
    nodes = set(data.subjects()) | set(data.objects()) | set(data.predicates())
    whole = Graph()
    for triple in [*data, *(t for t in context().index if t[0] in nodes or t[1] == RDFS.subClassOf)]:
        whole.add(triple)
    _, found, _ = pyshacl.validate(whole, shacl_graph=shapes())
    assert isinstance(found, Graph)
    rows = {
        tuple(
            str(found.value(node, name))
            for name in (SH.resultSeverity, SH.focusNode, SH.value, SH.resultMessage)
        )
        for node in found.subjects(RDF.type, SH.ValidationResult)
    }
    # What the reference data describe is judged with them, unless the data give it a class as well.
    known = set(context().index.subjects(RDF.type))
    kinds = context().classes
    stated = {node for node, kind in data.subject_objects(RDF.type) if kind in kinds}
    about = {str(node) for node in data.subjects() if node in stated or node not in known}
    return {row for row in rows if row[1] in about}


def found_by_shapes(data: Graph) -> set[tuple[str, ...]]:
    """What the validator finds by shapes, in the form of `plain`."""
    return {
        (str(SH[result.severity]), str(result.focus), str(result.value), result.message)
        for result in validator().validate(data).results
        if result.component != KGSH.Check
    }


@pytest.mark.parametrize("folder", CLASSES)
def test_prepared_shapes_find_what_plain_pyshacl_finds(folder: str) -> None:
    data = examples_of(folder)
    assert found_by_shapes(data) == plain(data)


@given(
    st.sampled_from(["call", "claim", "document", "fact", "policy-action"]), st.randoms(use_true_random=False)
)
@settings(max_examples=15, deadline=None)
def test_prepared_shapes_find_what_plain_pyshacl_finds_whatever_is_changed(
    folder: str, choice: random.Random
) -> None:
    data = example(f"{folder}/valid")
    triples = sorted(data)
    values = [value for _, _, value in triples] + [
        Literal("x"),
        Literal(-1),
        Literal("y", lang="en"),
        KG.Call,
    ]
    for subject, predicate, value in choice.sample(triples, 6):
        data.remove((subject, predicate, value))
        if choice.random() < 0.8:
            data.add((subject, predicate, choice.choice(values)))
    assert found_by_shapes(data) == plain(data)


def test_a_query_gives_the_same_rows_over_layers_as_over_one_graph() -> None:
    data = example("event/valid")
    upper, lower = Index(list(data)[::2]), Index(data)
    query = f"PREFIX kg: <{KG._NS}> SELECT ?s ?o WHERE {{ ?s kg:participant|kg:status ?o }} ORDER BY ?s ?o"
    layers = Graph(store=Layers(upper, lower))
    first = list(layers.query(query))
    assert first == list(data.query(query))
    assert first == list(layers.query(query))


@pytest.mark.parametrize("pattern", range(8))
def test_layers_match_every_pattern_as_rdflib_does(pattern: int) -> None:
    data = example("call/valid")
    layers = Graph(store=Layers(Index(list(data)[::2]), Index(data)))
    for triple in data:
        asked = tuple(part if pattern >> place & 1 else None for place, part in enumerate(triple))
        assert sorted(layers.triples(asked)) == sorted(data.triples(asked))


# ── Citations ─────────────────────────────────────────────────────────────────

BODIES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=2, max_size=30)


@given(BODIES, st.data())
@settings(max_examples=40, deadline=None)
def test_offsets_are_accepted_only_if_they_cut_out_the_words(body: str, data: st.DataObject) -> None:
    offsets = st.integers(0, len(body) + 3)
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    first, last = data.draw(offsets, "damaged start"), data.draw(offsets, "damaged end")
    exact = body[start:end]
    sound = first < last <= len(body) and body[first:last] == exact
    report = validator().validate(cited(body, first, last, exact))
    assert sound == report.conforms
    assert sound or fired(report) & CITATION


def test_an_end_beyond_the_text_is_refused_though_a_slice_would_forgive_it() -> None:
    report = validator().validate(cited("It will rain.", 8, 99, "rain."))
    assert [result.shape for result in report.violations] == ["Evidence-citation"]


def test_offsets_count_code_points() -> None:
    assert validator().validate(cited("🤝 rain", 2, 6, "rain")).conforms


def test_a_document_without_body_is_told_once_and_conforms() -> None:
    graph = example("event/valid")
    graph.remove((None, KG.body, None))
    report = validator().validate(graph)
    assert [(result.severity, result.shape) for result in report.results] == [
        ("Warning", "Evidence-uncheckable")
    ]
    assert report.conforms


def test_citation_results_are_part_of_the_report() -> None:
    graph = example("evidence/invalid-citation")
    found = validator().citation_results(graph)
    assert [result.shape for result in found] == ["Evidence-citation"]
    assert set(found) <= set(validator().validate(graph).results)


# ── Facts and vocabulary ──────────────────────────────────────────────────────


def test_a_misspelt_property_is_reported_in_anybodys_data() -> None:
    wrong = URIRef(f"{KG._NS}exludedTopic")
    graph = Graph().add((URIRef("https://example.org/call"), wrong, ID["topic/iran"]))
    found = {(r.shape, r.path) for r in validator().validate(graph).violations}
    assert ("Vocabulary-property", str(wrong)) in found


@pytest.mark.parametrize(
    ("predicate", "value"),
    [(KG.participant, ID["person/wang-yi"]), (RDF.type, KG.Exchange), (RDF.type, KG.Event)],
)
def test_a_triple_that_follows_from_a_cited_one_needs_no_fact_of_its_own(
    predicate: URIRef, value: URIRef
) -> None:
    graph = example("visit/valid")
    (visit,) = graph.subjects(RDF.type, KG.Visit)
    graph.add((visit, predicate, value))
    assert validator().validate(graph).results == ()


@pytest.mark.parametrize(
    ("day", "held"),
    [("2021-01-25", False), ("2021-01-26", True), ("2021", True), ("2025-01", True), ("2025-01-21", False)],
)
def test_an_office_counts_as_held_as_far_as_the_dates_tell(day: str, held: bool) -> None:
    graph = cited("It will rain.", 0, 1, "I")
    kinds = {10: XSD.date, 7: XSD.gYearMonth, 4: XSD.gYear}
    graph.add((DOCUMENT, DCTERMS.issued, Literal(day, datatype=kinds[len(day)])))
    graph.add((STATEMENT, KG.claimant, ID["person/antony-blinken"]))
    graph.add((STATEMENT, KG.inCapacity, ID["office/us-secretary-of-state"]))
    assert ("Statement-inCapacity-held" not in fired(validator().validate(graph))) == held


def test_the_ontology_is_judged_by_its_own_terms_only() -> None:
    foreign = URIRef("https://example.org/Ferry")
    ours = URIRef(f"{KG._NS}ferry")
    triples = [(node, RDF.type, URIRef("http://www.w3.org/2002/07/owl#Class")) for node in (foreign, ours)]
    found = validate_ontology(triples).results
    assert {str(result.focus) for result in found} == {str(ours)}
    assert "Class-name" in {result.shape for result in found}


# ── What is looked at, and what comes out ─────────────────────────────────────


def test_validation_does_not_change_the_graph() -> None:
    graph = example("event/invalid-topic-not-both")
    before = set(graph)
    validator().validate(graph)
    assert set(graph) == before


def test_results_come_in_one_order_whatever_the_order_of_triples() -> None:
    triples = list(examples_of("event"))
    reports = set()
    for seed in range(4):
        random.Random(seed).shuffle(triples)
        graph = Graph()
        for triple in triples:
            graph.add(triple)
        report = validator().validate(graph)
        assert list(report.results) == sorted(report.results, key=lambda result: result.sort_key())
        reports.add((report.results, report.turtle()))
    assert len(reports) == 1


def test_violations_come_before_warnings_and_warnings_conform() -> None:
    report = validator().validate(examples_of("event"))
    severities = [result.severity for result in report.results]
    assert severities == sorted(severities)
    assert report.results == report.violations + report.warnings
    assert not report.conforms
    assert validator().validate(example("call/warning-place")).conforms


def test_the_report_in_turtle_holds_every_result() -> None:
    report = validator().validate(examples_of("exchange"))
    read = Graph().parse(data=report.turtle(), format="turtle")
    assert isomorphic(read, report.graph())
    assert len(set(read.subjects(RDF.type, SH.ValidationResult))) == len(report.results)
    assert set(read.objects(None, SH.conforms)) == {Literal(False)}


def test_the_report_in_turtle_keeps_a_choice_of_properties() -> None:
    report = validator().validate(example("call/invalid-participant")).graph()
    (choice,) = report.objects(None, SH.alternativePath)
    assert list(report.items(choice)) == [KG.participant, KG.initiator, KG.host]


ODD_VALUES = st.sampled_from(
    [
        Literal("a \\d backslash"), Literal("", lang="en"), Literal("x", datatype=XSD.nonNegativeInteger),
        Literal("2025-13-45", datatype=XSD.date), Literal("-5", datatype=XSD.nonNegativeInteger),
        Literal(True), BNode("odd"), KG.Affirmed, KG.Call, URIRef("https://example.org/odd"),
    ]
)  # fmt: skip


@given(st.sampled_from(CLASSES), st.randoms(use_true_random=False), ODD_VALUES)
@settings(max_examples=40, deadline=None)
def test_no_value_however_odd_breaks_off_the_validation(
    folder: str, choice: random.Random, odd: Node
) -> None:
    graph = example(f"{folder}/valid")
    subject, predicate, value = choice.choice(sorted(graph))
    graph.remove((subject, predicate, value))
    graph.add((subject, predicate, odd))
    assert validator().validate(graph).turtle()
