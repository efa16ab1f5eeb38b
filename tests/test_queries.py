"""Every question of the catalogue is sound, runs, and takes its values as terms, never as text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from kg import ingest, queries
from kg.errors import InputError, ResourceError, UnknownParameterError
from kg.store import Rows, Store, open_store
from kg.terms import BASE

DOCUMENTS = Path(__file__).parent / "documents"
MEETING = f"{BASE}id/meeting/2023-11-15-joe-biden-xi-jinping"
CATALOGUE = queries.catalogue()


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        pipeline = ingest.Pipeline()
        ingest.put_ontology(opened, pipeline)
        [*ingest.load(sorted(DOCUMENTS.iterdir()), opened, pipeline, max_bytes=1_000_000)]
        yield opened


def rows(store: Store, name: str, **values: str) -> list[dict[str, str]]:
    answer = store.query(CATALOGUE[name].bind(values))
    assert isinstance(answer, Rows)
    return [
        {name: term.value for name, term in zip(answer.variables, row, strict=True) if term is not None}
        for row in answer
    ]


def test_catalogue_has_what_an_analyst_asks() -> None:
    assert len(CATALOGUE) >= 25


@pytest.mark.parametrize("name", CATALOGUE)
def test_question_runs_in_any_sparql_tool(name: str) -> None:
    prepareQuery(CATALOGUE[name].text)


@pytest.mark.parametrize("name", CATALOGUE)
def test_question_can_be_asked_in_several_ways_with_its_own_parameters(name: str) -> None:
    query = CATALOGUE[name]
    named = {part.split("}")[0] for text in query.phrasings for part in text.split("{")[1:]}
    assert len(query.phrasings) >= 2
    assert named <= set(query.parameters)


@pytest.mark.parametrize("name", CATALOGUE)
def test_question_runs_without_optional_values_and_repeats_no_row(name: str, store: Store) -> None:
    query = CATALOGUE[name]
    required = {key: f"{BASE}id/person/xi-jinping" for key, it in query.parameters.items() if it.required}
    found = rows(store, name, **required)
    assert len({tuple(sorted(row.items())) for row in found}) == len(found)


def test_excluded_topics_of_a_day(store: Store) -> None:
    [row] = rows(store, "excluded-topics", date="2023-11-15")
    assert (row["event"], row["topicLabel"], row["quote"]) == (MEETING, "Tibet", "Tibet was not discussed.")


def test_excluded_topics_of_another_day(store: Store) -> None:
    assert rows(store, "excluded-topics", date="2023-11-16") == []


def test_participants_of_a_day(store: Store) -> None:
    found = {row["participantLabel"] for row in rows(store, "event-participants", date="2023-11-15")}
    assert found == {"Joe Biden", "Xi Jinping"}


def test_demand_is_found_by_side_topic_and_day(store: Store) -> None:
    asked = {"side": "country/united-states", "topic": "topic/counternarcotics", "from": "2023-11"}
    [row] = rows(store, "demands", **asked)
    assert row["claimantLabel"] == "Joe Biden"
    assert rows(store, "demands", **{**asked, "from": "2024"}) == []
    assert rows(store, "demands", **{**asked, "side": "country/china"}) == []


def test_topics_of_two_tellings_keep_their_accounts(store: Store) -> None:
    told = {
        (row["topicLabel"], row["accountLabel"]) for row in rows(store, "topics-by-account", event=MEETING)
    }
    assert ("Counternarcotics", "U.S. account") in told
    assert ("Taiwan", "third-party account") in told


def test_documents_are_listed_with_publisher_and_count(store: Store) -> None:
    [readout] = rows(store, "documents", publisher="organization/white-house")
    assert (readout["publisherLabel"], readout["kindLabel"], readout["issued"]) == (
        "White House",
        "readout",
        "2023-11-17",
    )
    assert int(readout["statements"]) > 5


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
    with pytest.raises(UnknownParameterError, match="it takes agent, date, topic"):
        CATALOGUE["excluded-topics"].bind({"day": "2025"})
    with pytest.raises(InputError, match="needs a value for agent, other"):
        CATALOGUE["timeline"].bind({})


def test_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(
        "#+ title: x\n#+ description: y\n#+ phrasings: [a]\n#+ columns: {s: z}\nSELECT ?o WHERE { ?s ?p ?o }"
    )
    with pytest.raises(ResourceError, match=r"queries/mine.rq:4: columns must be \['o'\]"):
        queries.load(file)
