"""What Oxigraph is given for a question gets the rows that the question itself gets, and sooner."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from queries.variants import variants
from queries.world import build

from kg import entities, queries
from kg.errors import KgError
from kg.queries import Query
from kg.store import Store, open_store
from kg.store.parts import parts, planned_with
from kg.store.planning import planned

CATALOGUE = queries.catalogue()
DAYS = {"date": "2025-06-05", "from": "2025-05-10", "to": "2025-06-20"}  # few days, which come first
YEARS = {"date": "2025", "from": "2024", "to": "2025"}  # many, which come last


@pytest.fixture(scope="module")
def world() -> Iterator[Store]:
    with open_store("memory:", write=True) as store:
        build(store)
        yield store


def rows(found: ox.QuerySolutions) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in found)


def near(query: Query) -> Iterator[dict[str, str]]:
    """All values, with dates near each other, and those dates alone."""
    examples = {name: it.example for name, it in query.parameters.items()}
    for dates in (DAYS, YEARS):
        given = {name: dates[name] for name in dates.keys() & examples.keys()}
        yield {**examples, **given}
        yield {**{name: examples[name] for name in query.required}, **given}


@pytest.mark.parametrize("name", CATALOGUE)
def test_planned_question_has_the_rows_of_the_question(name: str, world: Store) -> None:
    def resolve(kind: str, value: str) -> str:
        try:
            return entities.find(value, world, kind=kind if kind in ("agent", "topic") else None)
        except KgError:
            return f"{queries.PREFIXES['id']}{value if '/' in value else 'person/nobody'}"

    engine = ox.Store()
    engine.bulk_load(b"".join(world.lines()), ox.RdfFormat.N_TRIPLES)
    for values in (*variants(CATALOGUE[name]), *near(CATALOGUE[name])):
        text = CATALOGUE[name].bind(values, resolve=resolve)
        assert rows(engine.query(planned(text))) == rows(engine.query(text)), values
        if parts(text):
            assert rows(engine.query(planned_with(text, engine.query))) == rows(engine.query(text)), values


def test_search_goes_on_from_what_a_subquery_selects() -> None:
    text = planned(CATALOGUE["account-gaps"].bind({}))
    assert text.index("LATERAL { ?fact rdf:object ?near . }") < text.index("?fact rdf:subject ?event . }")


def test_question_has_a_table_in_the_place_of_what_was_found_before() -> None:
    text = CATALOGUE["new-topics"].bind({"event": "call/2025-06-05-donald-trump-xi-jinping"})
    [part] = parts(text)
    assert part == parts(CATALOGUE["new-topics"].text)[0]
    given = ox.parse_query_results(
        b'?near\t?first\n<urn:x:a>\t"it. \\"is} \\u007B (so"\n<urn:x:b>\t\n', format=ox.QueryResultsFormat.TSV
    )
    assert isinstance(given, ox.QuerySolutions)
    made = planned_with(text, {part: given}.get)
    assert 'VALUES (?near ?first) { (<urn:x:a> "it. \\"is} { (so") (<urn:x:b> UNDEF) }' in made
    assert "MIN(" not in made
    assert not [*ox.Store().query(made)]


def test_a_part_that_a_value_narrows_is_no_part() -> None:
    assert parts(CATALOGUE["outstanding-invitations"].text) == parts(CATALOGUE["answered-invitations"].text)
    assert not parts(CATALOGUE["account-gaps"].text)


def test_search_begins_at_what_is_known() -> None:
    text = planned(CATALOGUE["assertions"].bind({"person": "person/xi-jinping"}))
    first = text.index("?claim kg:claimant <https://w3id.org/uschina-kg/id/person/xi-jinping> .")
    assert text.index("LATERAL { ?claim a kg:Assertion . }") > first
    assert "!BOUND" not in text


def test_days_of_a_month_are_listed() -> None:
    text = planned(CATALOGUE["calls"].bind({"from": "2024-02", "to": "2024-02"}))
    assert text.count("#date> ") == 29
    assert '"2024-02"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>' in text
    assert "XMLSchema#date> " not in planned(CATALOGUE["calls"].bind({"from": "2022", "to": "2024"}))


def test_topics_below_a_topic_are_listed() -> None:
    text = planned(CATALOGUE["claims-by-topic"].bind({"topic": "topic/taiwan"}))
    assert "<https://w3id.org/uschina-kg/id/topic/taiwan-arms-sales>" in text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?day FROM <urn:x:none> WHERE { ?event kg:date ?day }",
        "SELECT ?day WHERE { VALUES ?day { UNDEF } ?event kg:date ?day FILTER(!BOUND(?day) || STR(?day) = '?') }",
        'SELECT ?text WHERE { BIND("""one\n# two\n}""" AS ?text) }',
        'SELECT ?text WHERE { BIND("#+ title: {" AS ?text) }',
        "SELECT ?call WHERE { ?call a kg:Call FILTER EXISTS { ?call kg:date [] } }",
    ],
)
def test_text_of_others_means_the_same_whatever_its_comments_say(text: str, world: Store) -> None:
    plain = f"PREFIX kg: <{queries.PREFIXES['kg']}>\n{text}"
    titled = f"#+ title: Calls\n{plain}\n#+ title: Calls\n"
    engine = ox.Store()
    engine.bulk_load(b"".join(world.lines()), ox.RdfFormat.N_TRIPLES)
    assert rows(world.select(titled)) == rows(engine.query(plain))  # type: ignore[arg-type]


def test_text_that_cannot_be_planned_runs_as_it_stands(world: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    text = CATALOGUE["calls"].bind({"date": "2025"})
    found = rows(world.select(text))  # type: ignore[arg-type]
    monkeypatch.setattr("kg.store.parts.planned", lambda _: "SELECT {")
    assert rows(world.select(text, catalogued=True)) == found != []  # type: ignore[arg-type]
    broken = "SELECT ?topic WHERE { VALUES ?topic { UNDEF }"
    assert planned(broken).split() == broken.split()


@pytest.mark.parametrize("date", ["0000", "0000-01", "0000-02-29", "0001", "9999", "9999-12-31"])
@pytest.mark.parametrize("name", ["date", "from", "to"])
def test_first_and_last_years_have_an_answer(name: str, date: str, world: Store) -> None:
    text = CATALOGUE["excluded-topics"].bind({name: date})
    assert rows(world.select(text, catalogued=True)) == rows(world.select(text))  # type: ignore[arg-type]


def test_kept_answers_never_meet_other_graphs(tmp_path: Path) -> None:
    url, text = f"oxigraph:{tmp_path}", CATALOGUE["topic-ranking"].bind({})
    with open_store(url, write=True) as store:
        build(store)
    with open_store(url) as store:
        store.keep(text, b"?kept\n")
        assert store.select(text, catalogued=True).variables == ("kept",)
        assert [*store.query(text, catalogued=True, default_graphs=["urn:x:none"])] == []  # type: ignore[misc]
        assert store.select(text).variables != ("kept",)
