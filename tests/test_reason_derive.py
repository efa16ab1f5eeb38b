"""Whose account a statement is, and which statements conflict."""

from itertools import combinations

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from kg.reason import Sides, Triple, accounts, conflicts, read_ontology
from kg.terms import ID, KG

EX = Namespace("https://example.org/")
PREFIXES = f"""
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <{EX}> .
@prefix country: <{ID}country/> .
@prefix kg: <{KG}> .
@prefix rdf: <{RDF}> .
"""
AMERICAN, CHINESE, THIRD = KG.UnitedStatesAccount, KG.ChinaAccount, KG.ThirdPartyAccount


def triples(turtle: str) -> set[Triple]:
    return set(Graph().parse(data=PREFIXES + turtle, format="turtle"))


SIDES = Sides.of(
    {
        *read_ontology(),
        *triples("""
        ex:american kg:represents country:united-states . ex:chinese kg:represents country:china .
        ex:japanese kg:represents country:japan .
    """),
    }
)


@pytest.mark.parametrize(
    ("relay", "publisher", "claimants", "expected"),
    [
        ("chinese", "american", "ex:american", {CHINESE}),
        ("newspaper", "american", "ex:chinese", {AMERICAN}),
        ("newspaper", "newspaper", "ex:chinese", {CHINESE}),
        ("japanese", "american", "ex:american", {THIRD}),
        (None, "chinese", "ex:american", {CHINESE}),
        (None, "newspaper", "ex:american", {AMERICAN}),
        (None, "newspaper", "ex:japanese", {THIRD}),
        (None, "newspaper", "ex:analysts", {THIRD}),
        (None, "newspaper", None, {THIRD}),
        (None, None, None, {THIRD}),
        (None, None, "ex:chinese , ex:american", {CHINESE, AMERICAN}),
        (None, None, "ex:chinese , ex:analysts", {CHINESE}),
        (None, None, "country:china", {CHINESE}),
    ],
)
def test_account_is_of_relay_else_publisher_else_claimant_else_third_party(
    relay: str | None, publisher: str | None, claimants: str | None, expected: set[URIRef]
) -> None:
    turtle = "ex:statement kg:reportedIn ex:document ."
    turtle += f"ex:statement kg:relayedBy ex:{relay} ." if relay else ""
    turtle += f"ex:document dcterms:publisher ex:{publisher} ." if publisher else ""
    turtle += f"ex:statement kg:claimant {claimants} ." if claimants else ""
    assert accounts(triples(turtle), SIDES) == {(EX.statement, KG.account, account) for account in expected}


def test_agent_that_only_the_document_knows_speaks_for_the_country_that_it_says() -> None:
    stated = triples("""
        ex:statement kg:reportedIn ex:document ; kg:claimant ex:negotiators .
        ex:negotiators kg:represents country:china .
    """)
    assert accounts(stated, SIDES) == {(EX.statement, KG.account, CHINESE)}


def test_what_no_document_reports_is_no_statement() -> None:
    assert not accounts(triples("ex:negotiators kg:represents country:china ."), SIDES)


FACTS = {
    "raised": ("ex:call", "discussedTopic", "ex:trade", "Affirmed"),
    "raised above all": ("ex:call", "mainTopic", "ex:trade", "Affirmed"),
    "not left out": ("ex:call", "excludedTopic", "ex:trade", "Negated"),
    "left out": ("ex:call", "excludedTopic", "ex:trade", "Affirmed"),
    "not raised": ("ex:call", "discussedTopic", "ex:trade", "Negated"),
    "not raised above all": ("ex:call", "mainTopic", "ex:trade", "Negated"),
    "took part": ("ex:call", "participant", "ex:american", "Affirmed"),
    "took no part": ("ex:call", "participant", "ex:american", "Negated"),
    "another topic raised": ("ex:call", "discussedTopic", "ex:farming", "Affirmed"),
    "raised elsewhere": ("ex:meeting", "discussedTopic", "ex:trade", "Affirmed"),
}
OPPOSED = {
    frozenset(pair)
    for pair in (
        ("raised", "left out"),
        ("raised", "not raised"),
        ("raised above all", "left out"),
        ("raised above all", "not raised"),
        ("raised above all", "not raised above all"),
        ("not left out", "left out"),
        ("not left out", "not raised"),
        ("took part", "took no part"),
    )
}


def fact(node: str, name: str, document: str) -> str:
    subject, predicate, value, polarity = FACTS[name]
    return f"""{node} kg:reportedIn {document} ; kg:polarity kg:{polarity} ;
        rdf:subject {subject} ; rdf:predicate kg:{predicate} ; rdf:object {value} ."""


@pytest.mark.parametrize("pair", list(combinations(FACTS, 2)), ids=" and ".join)
@pytest.mark.parametrize("second", ["ex:document", "ex:other"])
def test_facts_conflict_if_they_cannot_hold_together(pair: tuple[str, str], second: str) -> None:
    stated = triples(fact("ex:one", pair[0], "ex:document") + fact("ex:two", pair[1], second))
    both_ways = {(EX.one, KG.conflictsWith, EX.two), (EX.two, KG.conflictsWith, EX.one)}
    assert conflicts(stated) == (both_ways if frozenset(pair) in OPPOSED else set())


def test_two_facts_that_agree_conflict_each_with_the_third() -> None:
    stated = triples(
        fact("ex:one", "raised", "ex:a")
        + fact("ex:two", "raised", "ex:b")
        + fact("ex:three", "left out", "ex:c")
    )
    assert {(one, other) for one, _, other in conflicts(stated)} == {
        (EX.one, EX.three),
        (EX.two, EX.three),
        (EX.three, EX.one),
        (EX.three, EX.two),
    }


def test_claims_and_unfinished_facts_conflict_with_nothing() -> None:
    assert not conflicts(triples("ex:claim kg:polarity kg:Negated . ex:fact rdf:subject ex:call ."))
