"""Statements become triples: cited, attributed, without blank nodes, the same bytes each time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.namespace import DCTERMS, SKOS

from kg import graph, identity
from kg.errors import CitationMismatchError, UnknownTermError
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Passage, Statement
from kg.terms import BASE, KG, OA

BODY = "On 7 June 2013 the two presidents met. Cyber theft was raised. 网络 was not left out."
PROVENANCE = graph.Provenance("test 1", "1.0.0", "abc")
XI = Entity("Leader", "Xi Jinping", f"{BASE}id/person/xi-jinping")
OBAMA = Entity("Leader", "Barack Obama", f"{BASE}id/person/barack-obama")
TAIWAN = Entity("Topic", "Taiwan", f"{BASE}id/topic/taiwan")
MEETING = Event("Meeting", Passage(0, 2, "On"), "2013-06-07", (XI, OBAMA))


def passage(quote: str) -> Passage:
    start = BODY.index(quote)
    return Passage(start, start + len(quote), quote)


def document(**changes: str) -> Document:
    return Document(**{"id": "a", "body": BODY, "published": "2013-06-08", **changes})


def fact(predicate: str, value: object, **more: object) -> Fact:
    fields = {"evidence": (passage("Cyber theft was raised."),), "subject": MEETING, **more}
    return Fact(predicate=predicate, object=value, **fields)  # type: ignore[arg-type]


STATEMENTS: list[Statement] = [
    fact("type", Name("Meeting")),
    fact("date", Literal("2013-06-07", "date")),
    fact("participant", XI),
    fact("participant", OBAMA),
    fact("excludedTopic", TAIWAN, claimants=(OBAMA,), cue="said"),
    Claim(evidence=(passage("the two presidents met"),), kind="Demand", content="met", about=(TAIWAN,),
          claimants=(Entity("Group", "analysts"),), in_event=MEETING),
]  # fmt: skip


def build(statements: list[Statement], **changes: str) -> Graph:
    return graph.build(document(**changes), statements, PROVENANCE)


def test_affirmed_fact_stands_as_triple_and_as_cited_statement() -> None:
    built = build(STATEMENTS)
    meeting = URIRef(identity.event_iri(MEETING, "a"))
    assert (meeting, KG.excludedTopic, URIRef(TAIWAN.iri or "")) in built
    [node] = built.subjects(RDF.predicate, KG.excludedTopic)
    assert built.value(node, KG.claimant) == URIRef(OBAMA.iri or "")
    [evidence] = built.objects(node, KG.evidence)
    assert str(built.value(evidence, OA.exact)) == "Cyber theft was raised."


def test_negated_fact_has_no_triple_beside_it() -> None:
    built = build([fact("discussedTopic", TAIWAN, polarity="Negated")])
    assert not list(built.subject_objects(KG.discussedTopic))
    assert list(built.subjects(RDF.predicate, KG.discussedTopic))


def test_the_source_of_a_fact_is_kept_and_a_denial_is_another_fact() -> None:
    told = fact("type", Name("Meeting"), claimants=(OBAMA,), relayed_by=XI, cue="told reporters")
    denied = fact("type", Name("Meeting"), claimants=(XI,), polarity="Negated")
    built = build([told, denied])
    [sources], [denial] = (list(built.subjects(KG.claimant, URIRef(who.iri or ""))) for who in (OBAMA, XI))
    assert built.value(sources, KG.relayedBy) == URIRef(XI.iri or "")
    assert built.value(denial, KG.polarity) == KG.Negated
    assert list(built.subjects(RDF.type, KG.Meeting)) == [built.value(sources, RDF.subject)]
    assert not list(build([denied]).subjects(RDF.type, KG.Meeting))


def test_only_a_reservation_is_written_and_tells_facts_apart() -> None:
    certain, hedged = fact("excludedTopic", TAIWAN), fact("excludedTopic", TAIWAN, certainty="Hedged")
    assert not list(build([certain]).subjects(KG.certainty))
    built = build([certain, hedged])
    [node] = built.subjects(KG.certainty, KG.Hedged)
    assert set(built.subjects(RDF.predicate, KG.excludedTopic)) > {node}


def test_basis_of_a_day_stands_with_its_fact_once_for_each_place_that_tells_it() -> None:
    day = Literal("2013-06-07", "date")
    built = build([fact("date", day, date_basis="Title"), fact("date", day, date_basis="Stated")])
    [node] = built.subjects(RDF.predicate, KG.date)
    assert set(built.objects(node, KG.dateBasis)) == {KG.Title, KG.Stated}


def test_another_document_is_a_node_of_the_one_that_mentions_it() -> None:
    statement = Entity("Readout", "China's statement", publisher=f"{BASE}id/country/china")
    built = build([fact("passedOverTopic", TAIWAN, subject=statement)])
    node = URIRef(f"{BASE}id/readout/chinas-statement.a")
    assert (node, KG.passedOverTopic, URIRef(TAIWAN.iri or "")) in built
    assert (node, RDF.type, KG.Readout) in built
    assert (node, DCTERMS.publisher, URIRef(f"{BASE}id/country/china")) in built


def test_unknown_entity_is_described_in_the_documents_own_graph() -> None:
    built = build(STATEMENTS)
    node = URIRef(f"{BASE}id/group/analysts.a")
    assert (node, RDF.type, KG.Group) in built
    assert str(built.value(node, SKOS.prefLabel)) == "analysts"


def test_offsets_count_code_points() -> None:
    quote = passage("网络")
    built = build([fact("type", Name("Meeting"), evidence=(quote,))])
    [start] = built.objects(URIRef(identity.evidence_iri("a", quote)), OA.start)
    assert int(str(start)) == BODY.index("网络")


def test_shifted_citation_is_refused() -> None:
    shifted = Passage(1, 3, "On")
    with pytest.raises(CitationMismatchError, match="does not stand in the body"):
        build([fact("type", Name("Meeting"), evidence=(shifted,))])


@pytest.mark.parametrize("wrong", [fact("discusedTopic", TAIWAN), fact("type", Name("Meting"))])
def test_name_that_the_ontology_lacks_is_refused(wrong: Fact) -> None:
    with pytest.raises(UnknownTermError, match="the ontology has no term"):
        build([wrong])


@given(st.randoms(use_true_random=False))
def test_order_of_statements_changes_nothing(shuffler: random.Random) -> None:
    shuffled = list(STATEMENTS)
    shuffler.shuffle(shuffled)
    assert set(build(shuffled)) == set(build(STATEMENTS))


def test_no_blank_nodes() -> None:
    assert not [term for triple in build(STATEMENTS) for term in triple if isinstance(term, BNode)]


def test_metadata_and_provenance_are_kept() -> None:
    built = build([], title="A meeting", url="https://example.org/a")
    node = URIRef(identity.document_iri("a"))
    assert str(built.value(node, DCTERMS.title)) == "A meeting"
    assert str(built.value(node, DCTERMS.issued)) == "2013-06-08"
    assert built.value(node, DCTERMS.source) == URIRef("https://example.org/a")
    assert str(built.value(node, KG.ontologyVersion)) == "1.0.0"


def test_input_digest_tells_a_changed_title_but_not_a_moved_file() -> None:
    assert graph.input_digest(document()) != graph.input_digest(document(title="Other"))
    assert graph.input_digest(document()) == graph.input_digest(document(source="elsewhere.txt"))
