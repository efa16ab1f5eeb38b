"""A question of the catalogue is composed of blocks; in each form that engines get it has the same rows."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from queries.variants import variants
from queries.world import build

from kg import entities, queries
from kg.errors import KgError
from kg.queries import Query, composition
from kg.store import BoundQuery, Store, open_store

CATALOGUE = queries.catalogue()
DAYS = {"date": "2025-06-05", "from": "2025-05-10", "to": "2025-06-20"}  # few days, which come first
YEARS = {"date": "2025", "from": "2024", "to": "2025"}  # many, which come last
PERSON = ox.NamedNode(f"{queries.PREFIXES['id']}person/xi-jinping")
DAY = ox.Literal("2025-06-05", datatype=ox.NamedNode(f"{queries.PREFIXES['xsd']}date"))


@pytest.fixture(scope="module")
def world() -> Iterator[Store]:
    with open_store("memory:", write=True) as store:
        build(store)
        yield store


def rows(found: object) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in found)  # type: ignore[attr-defined]


def near(query: Query) -> Iterator[dict[str, str]]:
    """All values, with dates near each other, those dates alone, and each optional value alone."""
    examples = {name: it.example for name, it in query.parameters.items()}
    needed = {name: examples[name] for name in query.required}
    for dates in (DAYS, YEARS):
        given = {name: dates[name] for name in dates.keys() & examples.keys()}
        yield {**examples, **given}
        yield {**needed, **given}
    for name, value in examples.items():
        yield {**needed, name: value}


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_form_of_a_question_has_the_same_rows(name: str, world: Store) -> None:
    def resolve(kind: str, value: str) -> str:
        try:
            return entities.find(value, world, kind=kind if kind in ("agent", "topic") else None)
        except KgError:
            return f"{queries.PREFIXES['id']}{value if '/' in value else 'person/nobody'}"

    engine = ox.Store()
    engine.bulk_load(b"".join(world.lines()), ox.RdfFormat.N_TRIPLES)
    for values in (*variants(CATALOGUE[name]), *near(CATALOGUE[name])):
        bound = CATALOGUE[name].bind(values, resolve=resolve)
        plain = rows(engine.query(bound.text))
        assert rows(engine.query(bound.lateral)) == plain, values
        if bound.parts:
            assert rows(engine.query(bound.with_tables(engine.query))) == plain, values  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CATALOGUE)
def test_file_without_values_is_plain_sparql_of_its_own(name: str) -> None:
    bound = CATALOGUE[name].unnarrowed
    assert "LATERAL" not in CATALOGUE[name].text
    assert "LATERAL" not in bound.text
    assert "$" not in "".join(line for line in bound.text.splitlines() if not line.startswith("#"))


def test_block_stands_there_if_its_parameters_are_given() -> None:
    text = "SELECT * WHERE {\n  ?x ?y ?z .\n  #?day FILTER(?z = $day)\n  #?person+day ?x ?y $person .\n}\n"
    assert composition.parameters(text) == {"day", "person"}
    assert composition.bound(text, {}).text == "SELECT * WHERE {\n  ?x ?y ?z .\n}\n"
    assert (
        composition.bound(text, {"day": DAY}).text
        == f"SELECT * WHERE {{\n  ?x ?y ?z .\n  FILTER(?z = {DAY})\n}}\n"
    )
    assert f"?x ?y {PERSON} ." in composition.bound(text, {"day": DAY, "person": PERSON}).text


def test_value_is_never_taken_for_a_mark() -> None:
    text = "SELECT * WHERE {\n  #?a FILTER(?x = $a)\n  #?b FILTER(?x = $b)\n}\n"
    hostile = ox.Literal("$b \n#end\n#?b } UNION {")
    assert composition.bound(text, {"a": hostile, "b": PERSON}).text.count(str(PERSON)) == 1
    assert composition.bound(text, {"a": hostile}).text.splitlines()[1:] == [f"  FILTER(?x = {hostile})", "}"]


def test_search_begins_at_what_is_narrowest_and_looks_up_the_rest() -> None:
    lateral = CATALOGUE["assertions"].bind({"person": "person/xi-jinping"}).lateral
    assert lateral.index(f"?claim kg:claimant {PERSON} .") < lateral.index("LATERAL {")
    lateral = CATALOGUE["calls"].bind({"agent": "country/china", "date": "2025-06-05"}).lateral
    assert lateral.index("VALUES ?day {") < lateral.index("LATERAL {")


def test_days_of_a_month_are_listed() -> None:
    lateral = CATALOGUE["calls"].bind({"from": "2024-02", "to": "2024-02"}).lateral
    assert lateral.count("#date> ") == 29
    assert '"2024-02"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>' in lateral
    assert "XMLSchema#date> " not in CATALOGUE["calls"].bind({"from": "2022", "to": "2024"}).lateral


def test_question_has_a_table_in_the_place_of_what_was_found_before() -> None:
    bound = CATALOGUE["new-topics"].bind({"event": "call/2025-06-05-donald-trump-xi-jinping"})
    [(_, part)] = bound.parts
    assert CATALOGUE["new-topics"].parts == [part]
    given = ox.parse_query_results(
        b'?near\t?first\n<urn:x:a>\t"it. \\"is} \\u007B (so"\n<urn:x:b>\t\n', format=ox.QueryResultsFormat.TSV
    )
    assert isinstance(given, ox.QuerySolutions)
    made = bound.with_tables({part: given}.get)
    assert 'VALUES (?near ?first) { (<urn:x:a> "it. \\"is} { (so") (<urn:x:b> UNDEF) }' in made
    assert "MIN(" not in made
    assert not rows(ox.Store().query(made))


def test_part_is_the_same_in_each_question_that_has_it() -> None:
    assert CATALOGUE["outstanding-invitations"].parts == CATALOGUE["answered-invitations"].parts != []
    assert not CATALOGUE["account-gaps"].parts


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?day FROM <urn:x:none> WHERE { ?event kg:date ?day }",
        "SELECT ?day WHERE { VALUES ?day { UNDEF } ?event kg:date ?day FILTER(!BOUND(?day) || STR(?day) = '?') }",
        "SELECT ?day WHERE {\n#start\n#?day VALUES ?day { $day }\n#lateral always\n?event kg:date ?day\n#end\n}",
        'SELECT ?text WHERE { BIND("""one\n# two\n#end\n}""" AS ?text) }',
        'SELECT ?text WHERE { BIND("#+ title: {" AS ?text) }',
        "SELECT ?call WHERE { ?call a kg:Call FILTER EXISTS { ?call kg:date [] } }",
    ],
)
def test_text_of_others_means_the_same_whatever_its_comments_say(text: str, world: Store) -> None:
    plain = f"PREFIX kg: <{queries.PREFIXES['kg']}>\n{text}"
    titled = f"#+ title: Calls\n{plain}\n#+ title: Calls\n"
    engine = ox.Store()
    engine.bulk_load(b"".join(world.lines()), ox.RdfFormat.N_TRIPLES)
    assert rows(world.select(titled)) == rows(engine.query(plain))


@pytest.mark.parametrize("date", ["0000", "0000-01", "0000-02-29", "0001", "9999", "9999-12-31"])
@pytest.mark.parametrize("name", ["date", "from", "to"])
def test_first_and_last_years_have_an_answer(name: str, date: str, world: Store) -> None:
    bound = CATALOGUE["excluded-topics"].bind({name: date})
    assert rows(world.select(bound)) == rows(world.select(bound.text))


def test_kept_answers_never_meet_other_graphs_or_texts_of_others(tmp_path: Path) -> None:
    url, bound = f"oxigraph:{tmp_path}", CATALOGUE["topic-ranking"].bind({})
    elsewhere = "SELECT * FROM <urn:x:none> WHERE { ?s ?p ?o }"
    with open_store(url, write=True) as store:
        build(store)
    with open_store(url) as store:
        store.keep(bound.text, b"?kept\n")
        store.keep(elsewhere, b"?kept\n")
        assert store.select(bound).variables == ("kept",)
        assert rows(store.query(bound, default_graphs=["urn:x:none"])) == []
        assert store.select(bound.text).variables != ("kept",)
        assert sorted(store.select(elsewhere).variables) == ["o", "p", "s"]


def test_answer_that_does_not_sum_up_is_never_looked_for(tmp_path: Path) -> None:
    url, bound = f"oxigraph:{tmp_path}", CATALOGUE["calls"].bind({})
    with open_store(url, write=True) as store:
        build(store)
    with open_store(url) as store:
        store.keep(bound.text, b"?kept\n")
        assert store.select(bound).variables != ("kept",)


def test_bound_query_is_one_key_whoever_makes_it() -> None:
    one, other = (CATALOGUE["calls"].bind({"date": "2025"}) for _ in range(2))
    assert isinstance(one, BoundQuery)
    assert {one, other} == {one}
