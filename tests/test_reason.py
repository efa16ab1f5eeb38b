"""The compiled rules give what owlrl gives, neither more nor less, and refuse what they cannot express."""

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace
from rdflib.term import Node

from kg.errors import ResourceError
from kg.reason import Reasoner, Triple, compile_rules, ontology_closure, owlrl_closure, read_ontology
from kg.reason.closure import is_axiom, is_language
from kg.terms import ID, KG, OA

EX = Namespace("https://example.org/")
PREFIXES = f"""
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <{EX}> .
@prefix id: <{ID}> .
@prefix kg: <{KG}> .
@prefix owl: <{OWL}> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <{RDFS}> .
@prefix skos: <{SKOS}> .
@prefix xsd: <{XSD}> .
"""


def triples(turtle: str) -> set[Triple]:
    return set(Graph().parse(data=PREFIXES + turtle, format="turtle"))


REFERENCE = triples("""
    ex:minister a kg:Official ; kg:represents ex:china .
    ex:china a kg:Country ; kg:represents ex:china .
    ex:post a kg:Office ; kg:officeOf ex:china .
    ex:term a kg:Tenure ; kg:holder ex:minister ; kg:office ex:post .
    ex:soybeans a kg:Topic ; skos:broader ex:farming .
    ex:farming a kg:Topic ; skos:broader ex:trade .
    ex:trade a kg:Topic .
""")


@cache
def axioms() -> frozenset[Triple]:
    return frozenset(filter(is_axiom, read_ontology()))


@cache
def reasoner() -> Reasoner:
    return Reasoner(axioms() | REFERENCE)


@cache
def owlrl_of_reference() -> set[Triple]:
    return owlrl_closure(axioms() | REFERENCE)


def owlrl_alone(stated: set[Triple]) -> set[Triple]:
    return owlrl_closure(axioms() | REFERENCE | stated) - owlrl_of_reference() - stated


DOCUMENTS = {
    "call": """
        ex:call a kg:Call ; kg:participant ex:minister , ex:analysts ; kg:host ex:minister ;
            kg:mainTopic ex:soybeans ; kg:date "2020-01-02"^^xsd:date ; kg:follows ex:earlier .
        ex:analysts a kg:Group ; kg:represents ex:elsewhere .""",
    "claim": """
        ex:claim a kg:Demand ; kg:claimant ex:minister , ex:analysts ; kg:affirms ex:trade ;
            kg:reportedIn ex:document ; kg:evidence ex:evidence ; kg:inCapacity ex:post .
        ex:analysts a kg:Group ; kg:represents ex:elsewhere .
        ex:evidence a kg:Evidence ; kg:inDocument ex:document .""",
    "fact": """
        ex:fact a kg:Fact ; rdf:subject ex:call ; rdf:predicate kg:date ; rdf:object "2020"^^xsd:gYear .
        ex:fact kg:conflictsWith ex:other .""",
    "joins with reference data": """
        ex:term kg:office ex:chair . ex:other-term kg:holder ex:minister ; kg:office ex:post .
        ex:trade skos:broader ex:everything . ex:beans skos:broader ex:soybeans .""",
    "circle": "ex:a skos:broader ex:b . ex:b skos:broaderTransitive ex:a .",
    "nothing": "ex:a dcterms:title 'A title'@en ; dcterms:publisher ex:b .",
}


@pytest.mark.parametrize("turtle", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_document_gets_what_owlrl_gives(turtle: str) -> None:
    stated = triples(turtle)
    assert reasoner().consequences(stated) == owlrl_alone(stated)


def test_whole_reference_data_are_closed_as_owlrl_closes_them() -> None:
    # Literals are left out because owlrl takes long over them and no rule makes any.
    things = {triple for triple in read_ontology() if not isinstance(triple[2], Literal)}
    closed = {triple for triple in Reasoner().closure if not isinstance(triple[2], Literal)}
    assert closed == owlrl_closure(things) | things


@cache
def terms_of(kind: Node) -> list[Node]:
    return sorted((s for s, p, o in axioms() if (p, o) == (RDF.type, kind)), key=str)


NODES = [EX[name] for name in ("a", "b", "c", "minister", "china", "post", "term", "soybeans", "trade")]
nodes = st.sampled_from(NODES)
document_triples = st.one_of(
    st.tuples(nodes, st.just(RDF.type), st.deferred(lambda: st.sampled_from(terms_of(OWL.Class)))),
    st.tuples(
        nodes, st.deferred(lambda: st.sampled_from([*terms_of(OWL.ObjectProperty), SKOS.broader])), nodes
    ),
    st.tuples(
        nodes,
        st.deferred(lambda: st.sampled_from(terms_of(OWL.DatatypeProperty))),
        st.sampled_from([Literal("words"), Literal("2020-01-02", datatype=XSD.date)]),
    ),
)


@settings(max_examples=10, deadline=None)
@given(st.sets(document_triples, min_size=5, max_size=40))
def test_any_document_gets_what_owlrl_gives(stated: set[Triple]) -> None:
    assert reasoner().consequences(stated) == owlrl_alone(stated)


CLASSES = st.sampled_from([EX[f"C{number}"] for number in range(5)])
PROPERTIES = st.sampled_from([EX[f"p{number}"] for number in range(5)])
class_axioms = st.tuples(CLASSES, st.sampled_from([RDFS.subClassOf, OWL.equivalentClass]), CLASSES)
property_axioms = st.one_of(
    st.tuples(
        PROPERTIES, st.sampled_from([RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf]), PROPERTIES
    ),
    st.tuples(
        PROPERTIES, st.just(RDF.type), st.sampled_from([OWL.SymmetricProperty, OWL.TransitiveProperty])
    ),
    st.tuples(PROPERTIES, st.sampled_from([RDFS.domain, RDFS.range]), CLASSES),
)


@st.composite
def chains(draw: st.DrawFn) -> set[Triple]:
    result, first, second = draw(PROPERTIES), draw(PROPERTIES), draw(PROPERTIES)
    head, tail = BNode(), BNode()
    return {
        (result, OWL.propertyChainAxiom, head),
        (head, RDF.first, first), (head, RDF.rest, tail),
        (tail, RDF.first, second), (tail, RDF.rest, RDF.nil),
    }  # fmt: skip


facts = st.one_of(st.tuples(nodes, st.just(RDF.type), CLASSES), st.tuples(nodes, PROPERTIES, nodes))


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.one_of(class_axioms, property_axioms), max_size=8),
    st.lists(chains(), max_size=2),
    st.sets(facts, max_size=6),
    st.sets(facts, max_size=6),
)
def test_any_ontology_gives_what_owlrl_gives(
    simple: set[Triple], chained: list[set[Triple]], known: set[Triple], stated: set[Triple]
) -> None:
    ontology = simple.union(known, *chained)
    expected = owlrl_closure(ontology | stated) - owlrl_closure(ontology) - stated
    assert Reasoner(ontology).consequences(stated) == expected


UNKNOWN = {
    "hasValue": "ex:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasValue ex:a ] .",
    "someValuesFrom": "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:someValuesFrom ex:D ] .",
    "allValuesFrom": "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:D ] .",
    "maxCardinality": "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 1 ] .",
    "unionOf": "ex:C owl:unionOf ( ex:D ex:E ) .",
    "intersectionOf": "ex:C owl:intersectionOf ( ex:D ex:E ) .",
    "complementOf": "ex:C owl:complementOf ex:D .",
    "oneOf": "ex:C owl:oneOf ( ex:a ex:b ) .",
    "disjointUnionOf": "ex:C owl:disjointUnionOf ( ex:D ex:E ) .",
    "hasKey": "ex:C owl:hasKey ( ex:p ) .",
    "FunctionalProperty": "ex:p a owl:FunctionalProperty .",
    "InverseFunctionalProperty": "ex:p a owl:InverseFunctionalProperty .",
    "IrreflexiveProperty": "ex:p a owl:IrreflexiveProperty .",
    "AsymmetricProperty": "ex:p a owl:AsymmetricProperty .",
    "ReflexiveProperty": "ex:p a owl:ReflexiveProperty .",
    "propertyDisjointWith": "ex:p owl:propertyDisjointWith ex:q .",
    "NegativePropertyAssertion": "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual ex:a .",
    "onDatatype": "ex:D a rdfs:Datatype ; owl:onDatatype xsd:string .",
    "imports": "ex:ontology owl:imports ex:other .",
    "Nothing": "ex:C rdfs:subClassOf owl:Nothing .",
    "sameAs": "ex:p rdfs:subPropertyOf owl:sameAs .",
    "subClassOf": "ex:p rdfs:subPropertyOf rdfs:subClassOf .",
    "type": "ex:p rdfs:subPropertyOf rdf:type .",
    "steps": "ex:p owl:propertyChainAxiom ( ex:q ex:q ex:q ) .",
}


@pytest.mark.parametrize(("name", "turtle"), UNKNOWN.items(), ids=UNKNOWN.keys())
def test_axiom_that_rules_cannot_express_is_refused_by_name(name: str, turtle: str) -> None:
    with pytest.raises(ResourceError, match=name):
        compile_rules(triples(turtle))


def test_what_excludes_what_gives_no_triple() -> None:
    excluded = triples(
        "ex:C owl:disjointWith ex:D . [] a owl:AllDisjointClasses ; owl:members ( ex:C ex:D ex:E ) ."
    )
    assert compile_rules(axioms() | excluded) == compile_rules(axioms())


def test_axiom_that_owlrl_alone_would_see_is_refused_when_the_reasoner_is_built() -> None:
    with pytest.raises(ResourceError, match="FunctionalProperty"):
        Reasoner(axioms() | triples("kg:place a owl:FunctionalProperty ."))


def test_rules_are_the_same_from_axioms_and_from_their_closure() -> None:
    assert compile_rules(ontology_closure(axioms())) == compile_rules(axioms())


def test_links_to_other_data_sets_are_kept_and_nothing_is_inferred_from_them() -> None:
    link = (EX.minister, OWL.sameAs, EX.Q1)
    linked = Reasoner(axioms() | REFERENCE | {link})
    assert link in linked.closure
    assert not list(linked.closure.predicate_objects(EX.Q1))
    assert linked.consequences({(EX.claim, KG.claimant, EX.minister)}) == reasoner().consequences(
        {(EX.claim, KG.claimant, EX.minister)}
    )


def test_triples_of_reference_entities_belong_to_the_document_that_gives_them() -> None:
    inferred = reasoner().infer(Graph().parse(data=PREFIXES + DOCUMENTS["call"], format="turtle"))
    assert (EX.minister, KG.participatedIn, EX.call) in inferred
    assert (EX.minister, RDF.type, KG.Agent) not in inferred


def test_what_is_derived_is_reasoned_with_too() -> None:
    opposed = """
        ex:one a kg:Fact ; kg:polarity kg:Affirmed ; kg:reportedIn ex:document ;
            rdf:subject ex:call ; rdf:predicate kg:discussedTopic ; rdf:object ex:trade .
        ex:two kg:polarity kg:Affirmed ;
            rdf:subject ex:call ; rdf:predicate kg:excludedTopic ; rdf:object ex:trade .
    """
    inferred = reasoner().infer(Graph().parse(data=PREFIXES + opposed, format="turtle"))
    assert (EX.one, KG.account, KG.ThirdPartyAccount) in inferred
    assert (EX.one, KG.conflictsWith, EX.two) in inferred
    assert (EX.two, RDF.type, KG.Statement) in inferred


@given(st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_order_of_triples_changes_nothing(shuffler: random.Random) -> None:
    stated = [triple for turtle in DOCUMENTS.values() for triple in sorted(triples(turtle))]
    shuffler.shuffle(stated)
    graph = Graph()
    for triple in stated:
        graph.add(triple)
    assert set(reasoner().infer(graph)) == reasoner().infer_triples(set(stated))


def test_inferring_twice_gives_nothing_new() -> None:
    stated = triples(DOCUMENTS["call"]) | triples(DOCUMENTS["claim"])
    assert not reasoner().infer_triples(stated | reasoner().infer_triples(stated))


def test_ontology_is_read_the_same_each_time_without_blank_nodes() -> None:
    first, second = read_ontology.__wrapped__(), read_ontology.__wrapped__()
    assert first == second
    assert not [term for triple in first for term in triple if isinstance(term, BNode)]


def test_literals_of_the_ontology_are_read_as_rdflib_reads_them() -> None:
    graph = Graph()
    for triple in read_ontology():
        graph.add(triple)
    assert (KG.Call, RDFS.label, Literal("call", lang="en")) in graph
    assert all(value.datatype != XSD.string for value in graph.objects() if isinstance(value, Literal))
    assert (KG.Evidence, RDFS.subClassOf, OA.TextPositionSelector) in graph


def test_no_term_is_typed_by_the_language_itself() -> None:
    inferred = set(Reasoner().closure) - set(read_ontology())
    assert not [kind for _, predicate, kind in inferred if predicate == RDF.type and is_language(kind)]
