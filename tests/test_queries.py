"""Every question of the catalogue is sound, gives the right answer, and takes its values as terms, never as text.

`tests/queries/NAME/cases.yaml` names the values of each case, and `CASE.csv` beside it holds the answer over the
world of `tests/queries/world`. Cases under `nothing` have no answer: they come close to one and must miss it.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, cast

import pyoxigraph
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from queries.world import build
from rdflib import OWL, RDF, RDFS, Graph
from rdflib.plugins.sparql import prepareQuery

from kg import entities, queries, resources
from kg.errors import InputError, ResourceError, UnknownParameterError
from kg.store import Rows, Store, open_store
from kg.terms import BASE, KG

ANSWERS = Path(__file__).parent / "queries"
CATALOGUE = queries.catalogue()
# Examples that name what only the shipped documents tell of, and what the world tells of instead.
_TOLD = {
    "event": "meeting/2023-11-15-joe-biden-xi-jinping",
    "other_event": "call/2021-11-15-joe-biden-xi-jinping",
    "document": "document/2025-06-25-commerce-briefing",
    "subject": "tariff-action/2025-05-14-united-states-china",
}
# Who says so or denies it is told in words; the IRI of a polarity helps nobody.
_WITHOUT_IRI = {"polarityLabel", "laterPolarityLabel", "laterKindLabel", "actionKindLabel"}
# Answers on events that rest on no passage: counted days, and what people decided.
_WITHOUT_WORDS = {"contact-gaps", "kept-apart"}
_SHORTER = ((f"{BASE}id/", ""), (f"{BASE}ontology#", "kg:"))
# A hash tells the reader of an answer nothing, and would change with every word of the world.
_HASHED = re.compile(r"\b(claim|fact)/[0-9a-f]{20}|\b[0-9a-f]{64}\b")


class Case(NamedTuple):
    """One way of asking a question: its file, and the values."""

    path: Path
    values: Mapping[str, str]

    @property
    def query(self) -> str:
        return self.path.parent.name


def cases(section: str) -> list[Case]:
    found = []
    for file in sorted(ANSWERS.glob("*/cases.yaml")):
        told = yaml.safe_load(file.read_text(encoding="utf-8")).get(section) or {}
        for name, values in told.items():
            texts = {key: str(value) for key, value in (values or {}).items()}
            found.append(Case(file.with_name(f"{name}.csv"), texts))
    return found


ANSWERED, NOTHING = cases("answered"), cases("nothing")


def named(case: Case) -> str:
    return f"{case.query}/{case.path.stem}"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        build(opened)
        yield opened


def asked(store: Store, query: str, values: Mapping[str, str]) -> Rows:
    def resolve(kind: str, text: str) -> str:
        return entities.find(text, store, kind=kind)

    return store.select(CATALOGUE[query].bind(values, resolve=resolve))


def answer(store: Store, query: str, values: Mapping[str, str]) -> str:
    """The rows as CSV, identifiers as people write them."""
    rows = asked(store, query, values)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows.variables)
    writer.writerows([_short(cell or "") for cell in row] for row in rows.texts())
    return out.getvalue()


def _short(cell: str) -> str:
    for start, prefix in _SHORTER:
        cell = prefix + cell.removeprefix(start) if cell.startswith(start) else cell
    return _HASHED.sub(lambda found: f"{found[1]}/…" if found[1] else "…", cell)


@pytest.mark.parametrize("case", ANSWERED, ids=named)
def test_golden_answer_over_the_world(case: Case, store: Store) -> None:
    found = answer(store, case.query, case.values)
    if os.environ.get("GOLDEN") == "write":
        case.path.write_text(found, encoding="utf-8")
    assert found == case.path.read_text(encoding="utf-8")
    assert len(found.splitlines()) > 1, "this case has no answer; move it to `nothing`"


@pytest.mark.parametrize("case", NOTHING, ids=named)
def test_question_that_comes_close_finds_nothing(case: Case, store: Store) -> None:
    assert answer(store, case.query, case.values).splitlines()[1:] == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_and_parameter_has_an_expected_answer(name: str) -> None:
    given = [case.values for case in ANSWERED if case.query == name]
    assert given, f"write tests/queries/{name}/cases.yaml"
    missing = CATALOGUE[name].parameters.keys() - {key for values in given for key in values}
    assert not missing, f"no case of {name} gives a value for {sorted(missing)}"


def test_every_expected_answer_belongs_to_a_case() -> None:
    assert {case.path for case in ANSWERED} == {*ANSWERS.glob("*/*.csv")}
    assert {case.query for case in ANSWERED + NOTHING} == set(CATALOGUE)


def test_catalogue_has_what_an_analyst_asks_in_a_week() -> None:
    assert len(CATALOGUE) >= 66


@pytest.mark.parametrize("name", CATALOGUE)
def test_question_runs_in_any_sparql_tool(name: str) -> None:
    prepareQuery(CATALOGUE[name].text)


@pytest.mark.parametrize("name", CATALOGUE)
def test_question_can_be_asked_in_several_ways_with_its_own_parameters(name: str) -> None:
    query = CATALOGUE[name]
    slots = {part.split("}")[0] for text in query.phrasings for part in text.split("{")[1:]}
    assert len(query.phrasings) >= 4
    assert slots <= set(query.parameters)


def test_no_phrasing_leads_to_two_questions() -> None:
    phrasings = [text for query in CATALOGUE.values() for text in query.phrasings]
    assert sorted(text for text in set(phrasings) if phrasings.count(text) > 1) == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_question_repeats_no_row(name: str, store: Store) -> None:
    query = CATALOGUE[name]
    needed = {key: it.example for key, it in query.parameters.items() if it.required}
    told = {**needed, **{key: value for key, value in _TOLD.items() if key in needed}}
    rows = [*asked(store, name, told).texts()]
    assert len({*rows}) == len(rows)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_parameter_is_described_with_an_example_that_exists(name: str, store: Store) -> None:
    for key, parameter in CATALOGUE[name].parameters.items():
        assert parameter.description.endswith(".")
        assert parameter.example
        if parameter.kind in ("agent", "topic", "iri") and key not in _TOLD:
            entities.find(parameter.example, store, kind=parameter.kind)


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_has_a_name_stands_beside_its_iri_and_a_statement_beside_its_words(name: str) -> None:
    columns = [*CATALOGUE[name].columns]
    bare = {"kindLabel"} if name == "event-documents" else set()
    labels = {column for column in columns if column.endswith("Label")} - bare - _WITHOUT_IRI
    assert {label.removesuffix("Label") for label in labels} <= set(columns)
    if {"event", "claim", "fact", "statement"} & set(columns) and name not in _WITHOUT_WORDS:
        assert columns[-1] == "quote"


# What people never ask for by itself: the bookkeeping of reviews, of merged events and of reading, and the
# relations of the reference data that the questions are resolved with.
WITHOUT_A_QUESTION = {
    KG.eventToldAs, KG.fingerprint, KG.inCountry, KG.instead, KG.objectToldAs, KG.openReason, KG.possiblySameAs,
    KG.publisherName, KG.readBy, KG.readingNote, KG.reason, KG.record, KG.resolvedTo, KG.review, KG.reviewDigest, KG.reviewNote,
    KG.reviewedAt, KG.reviewedDocument, KG.reviewedEvent, KG.reviewer, KG.reviews, KG.subjectToldAs, KG.verdict, KG.withdrawnAt,
    KG.withdrawnBy, KG.Review, KG.Verdict,
}  # fmt: skip


def test_every_term_is_asked_for() -> None:
    """Properties by name; a class by its own name or that of a class above it, which holds its members too."""
    named = {KG[name] for query in CATALOGUE.values() for name in re.findall(r"\bkg:(\w+)", query.text)}
    ontology = Graph().parse(resources.files("ontology", "kg.ttl")[0])
    properties = {*ontology.subjects(RDF.type, OWL.ObjectProperty)} | {
        *ontology.subjects(RDF.type, OWL.DatatypeProperty)
    }
    assert sorted(properties - named - WITHOUT_A_QUESTION) == []
    classes = ontology.subjects(RDF.type, OWL.Class)
    asked = named | WITHOUT_A_QUESTION
    assert sorted(c for c in classes if not asked & {*ontology.transitive_objects(c, RDFS.subClassOf)}) == []


def test_value_narrows_the_answer_to_what_it_names(store: Store) -> None:
    """Every optional value leaves rows out or keeps them; none brings a row that was not there without it."""
    for case in ANSWERED:
        query = CATALOGUE[case.query]
        needed = {key: value for key, value in case.values.items() if query.parameters[key].required}
        if not query.text.count("COUNT("):
            some, every = (answer(store, case.query, values) for values in (case.values, needed))
            assert {*some.splitlines()} <= {*every.splitlines()}, named(case)


@given(st.text())
def test_any_text_stays_one_literal(value: str) -> None:
    with open_store("memory:", write=True) as empty:
        empty.query(f"SELECT ?x WHERE {{ VALUES ?x {{ {queries._literal('text', value)} }} }}")


@pytest.mark.parametrize(
    "value", ["June 5", "2025-13-01", '2025-06-05" } } #', "UNDEF } ?s ?p ?o { VALUES ?x { UNDEF"]
)
def test_value_that_is_no_date_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(InputError, match="write for example"):
        CATALOGUE["excluded-topics"].bind({"date": value})


def test_unknown_and_missing_parameters_are_named() -> None:
    with pytest.raises(UnknownParameterError, match="it takes agent, date, event, from, to, topic"):
        CATALOGUE["excluded-topics"].bind({"day": "2025"})
    with pytest.raises(InputError, match="needs a value for agent, other"):
        CATALOGUE["timeline"].bind({})


@pytest.mark.parametrize("name", CATALOGUE)
def test_file_is_what_it_should_be(name: str) -> None:
    assert queries.load(queries.names()[name]) == queries.named(name) == CATALOGUE[name]


def test_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(
        "#+ title: x\n#+ description: y\n#+ phrasings: [a]\n#+ columns: {s: z}\nSELECT ?o WHERE { ?s ?p ?o }"
    )
    with pytest.raises(ResourceError, match=r"queries/mine.rq:4: columns must be \['o'\]"):
        queries.load(file)


@pytest.mark.parametrize(
    "name", ["claim-counts", "first-and-last-exchange", "speaker-ranking", "who-met-whom"]
)
def test_first_and_last_do_not_vanish_because_one_thing_has_no_date(name: str) -> None:
    """SPARQL leaves a minimum unbound if one of its values is."""
    world = """PREFIX kg: <https://w3id.org/uschina-kg/ontology#> PREFIX id: <https://w3id.org/uschina-kg/id/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX person: <https://w3id.org/uschina-kg/id/person/> PREFIX country: <https://w3id.org/uschina-kg/id/country/>
INSERT DATA { person:a a kg:Person ; kg:represents country:us . person:b a kg:Person ; kg:represents country:cn .
  id:one a kg:Exchange ; kg:status kg:Occurred ; kg:date "2025-06-05" ; kg:participant person:a , person:b .
  id:two a kg:Exchange ; kg:status kg:Occurred ; kg:participant person:a , person:b .
  id:t1 rdf:subject id:one ; rdf:predicate rdf:type ; rdf:object kg:Call ; kg:polarity kg:Affirmed .
  id:t2 rdf:subject id:two ; rdf:predicate rdf:type ; rdf:object kg:Call ; kg:polarity kg:Affirmed .
  kg:Demand <http://www.w3.org/2000/01/rdf-schema#subClassOf> kg:Claim . id:dated dcterms:issued "2025-06-05" .
  id:c1 a kg:Claim , kg:Demand ; kg:claimant person:a ; kg:side country:us ; kg:reportedIn id:dated .
  id:c2 a kg:Claim , kg:Demand ; kg:claimant person:a ; kg:side country:us ; kg:reportedIn id:undated }"""
    agents = {"agent": f"{BASE}id/person/a", "other": f"{BASE}id/person/b"}
    given = {key: iri for key, iri in agents.items() if CATALOGUE[name].parameters.get(key)}
    told = pyoxigraph.Store()
    told.update(world)
    found = cast(pyoxigraph.QuerySolutions, told.query(CATALOGUE[name].bind(given).text))
    row = next(found)
    assert row["last"] == pyoxigraph.Literal("2025-06-05")
    assert "first" not in {it.value for it in found.variables} or row["first"] == row["last"]
