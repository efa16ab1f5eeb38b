"""Names and where they lead."""

import pytest

from kg.errors import ResourceError
from kg.lexicon import Lexicon

PREFIXES = """
@prefix kg: <https://w3id.org/uschina-kg/ontology#> .
@prefix id: <https://w3id.org/uschina-kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
kg:Person rdfs:subClassOf kg:Agent .
kg:Country rdfs:subClassOf kg:Agent .
"""
DATA = """
<https://w3id.org/uschina-kg/id/person/ann-lee> a kg:Person ; skos:prefLabel "Ann Lee"@en , "李安"@zh ;
    skos:altLabel "Minister Lee"@en ; kg:represents <https://w3id.org/uschina-kg/id/country/us> .
<https://w3id.org/uschina-kg/id/person/bob-ray> a kg:Person ; skos:prefLabel "Bob Ray"@en .
<https://w3id.org/uschina-kg/id/country/us> a kg:Country ; skos:prefLabel "United States"@en ;
    skos:altLabel "US"@en , "U.S."@en .
<https://w3id.org/uschina-kg/id/topic/trade> a kg:Topic ; skos:prefLabel "Trade"@en .
<https://w3id.org/uschina-kg/id/topic/trade-war> a kg:Topic ; skos:prefLabel "Trade war"@en ;
    skos:broader <https://w3id.org/uschina-kg/id/topic/trade> .
<https://w3id.org/uschina-kg/id/topic/ai> a kg:Topic ; skos:prefLabel "AI"@en .
<https://w3id.org/uschina-kg/id/office/minister> a kg:Office ; skos:prefLabel "Minister of Soup"@en .
<https://w3id.org/uschina-kg/id/tenure/1> a kg:Tenure ;
    kg:office <https://w3id.org/uschina-kg/id/office/minister> ;
    kg:holder <https://w3id.org/uschina-kg/id/person/ann-lee> ;
    kg:startDate "2001-02-03"^^xsd:date ; kg:endDate "2005"^^xsd:gYear .
<https://w3id.org/uschina-kg/id/tenure/2> a kg:Tenure ;
    kg:office <https://w3id.org/uschina-kg/id/office/minister> ;
    kg:holder <https://w3id.org/uschina-kg/id/person/bob-ray> ; kg:startDate "2005-06"^^xsd:gYearMonth .
"""
MINISTER = "https://w3id.org/uschina-kg/id/office/minister"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon([("data.ttl", PREFIXES + DATA)])


def _found(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    return [(match.group, text[match.start : match.end]) for match in lexicon.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Minister Lee", [("agent", "Minister Lee")]),
        ("Minister Ann Lee", [("agent", "Ann Lee")]),
        ("a trade war", [("topic", "trade war")]),
        ("a Trade-War", [("topic", "Trade-War")]),
        ("trade", [("topic", "trade")]),
        ("the U.S. side", [("agent", "U.S.")]),
        ("tell us more", []),
        ("ai", []),
        ("AI", [("topic", "AI")]),
        ("minister of soup", [("office", "minister of soup")]),
        ("ann lee", []),
        ("traded", []),
    ],
)
def test_longest_name_is_found_as_case_allows(
    lexicon: Lexicon, text: str, found: list[tuple[str, str]]
) -> None:
    assert _found(lexicon, text) == found


def test_lookup_knows_names_in_both_languages_and_kinds(lexicon: Lexicon) -> None:
    assert [entry.label for entry in lexicon.lookup("the united states")] == ["United States"]
    assert [entry.label for entry in lexicon.lookup("李安", ["Agent"])] == ["Ann Lee"]
    assert lexicon.lookup("Ann Lee", ["Topic"]) == []


@pytest.mark.parametrize(
    ("date", "holders"),
    [
        ("2001-02-02", []),
        ("2001-02-03", ["Ann Lee"]),
        ("2001", ["Ann Lee"]),
        ("2005-05-31", ["Ann Lee"]),
        ("2005-06-15", ["Ann Lee", "Bob Ray"]),
        ("2020-01-01", ["Bob Ray"]),
        (None, ["Ann Lee", "Bob Ray"]),
    ],
)
def test_holders_of_an_office_by_date(lexicon: Lexicon, date: str | None, holders: list[str]) -> None:
    assert [entry.label for entry in lexicon.holders(MINISTER, date)] == holders
    only = lexicon.office_holder(MINISTER, date)
    assert (only.label if only else None) == (holders[0] if len(holders) == 1 else None)


def test_offices_of_a_person(lexicon: Lexicon) -> None:
    person = lexicon.lookup("Ann Lee")[0].iri
    assert [office.label for office in lexicon.offices_of(person, "2003")] == ["Minister of Soup"]
    assert lexicon.offices_of(person, "2010") == []


def test_ancestors_and_captions(lexicon: Lexicon) -> None:
    war = lexicon.lookup("trade war")[0]
    assert [lexicon.label(iri) for iri in lexicon.ancestors(war.iri)] == ["Trade"]
    assert lexicon.label("https://w3id.org/uschina-kg/id/person/ann-lee", "zh") == "李安"
    assert lexicon.label("https://example.org/thing#part") == "part"


def test_broken_turtle_names_its_file() -> None:
    with pytest.raises(ResourceError, match=r"bad\.ttl"):
        Lexicon([("bad.ttl", "this is not turtle")])


def test_reference_data_know_the_two_sides() -> None:
    lexicon = Lexicon.load()
    assert {match.entries[0].label for match in lexicon.find("China and the United States")} >= {
        "China",
        "United States",
    }
