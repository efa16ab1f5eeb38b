"""What every store must do, whatever engine is behind it."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError, QueryError, RdfSyntaxError, StoreError
from kg.store import BooleanResult, Rows, Store, Triples, open_store
from kg.terms import ONTOLOGY_GRAPH, document_graph, inferred_graph

ONTOLOGY = str(ONTOLOGY_GRAPH)
EX = "http://example.org/"


def triple(name: str) -> str:
    return f'<{EX}{name}> <{EX}says> "{name}"'


def nt(*names: str) -> bytes:
    return "".join(f"{triple(name)} .\n" for name in names).encode()


def graphs(document: str, said: bytes, inferred: bytes = b"") -> dict[str, bytes]:
    return {str(document_graph(document)): said, str(inferred_graph(document)): inferred}


def union(store: Store) -> list[bytes]:
    return sorted(store.lines())


def lines(*names: str) -> list[bytes]:
    return sorted(nt(*names).splitlines(keepends=True))


def test_replaced_document_is_in_its_graphs_and_in_the_union(store: Store) -> None:
    assert store.replace("a", graphs("a", nt("x"), nt("y")))
    assert list(store.lines(str(document_graph("a")))) == lines("x")
    assert list(store.lines(str(inferred_graph("a")))) == lines("y")
    assert union(store) == lines("x", "y")
    assert store.graphs() == [str(document_graph("a")), str(inferred_graph("a"))]
    assert store.size == 2


def test_replacing_twice_equals_once(store: Store) -> None:
    assert store.replace("a", graphs("a", nt("x"), nt("y")))
    assert not store.replace("a", graphs("a", nt("x"), nt("y")))
    assert union(store) == lines("x", "y")


def test_a_spelling_that_the_engine_changes_is_no_change(store: Store) -> None:
    spelt = f'<{EX}a> <{EX}lasts> "PT90M"^^<http://www.w3.org/2001/XMLSchema#duration> .\n'.encode()
    assert store.replace("a", graphs("a", spelt))
    assert not store.replace("a", graphs("a", spelt))


def test_changed_document_replaces_its_own_graphs_only(store: Store) -> None:
    store.replace("a", graphs("a", nt("x", "y"), nt("z")))
    store.replace("b", graphs("b", nt("b")))
    assert store.replace("a", graphs("a", nt("y", "w")))
    assert sorted(store.lines(str(document_graph("a")))) == lines("y", "w")
    assert store.graphs() == [str(document_graph("a")), str(document_graph("b"))]
    assert union(store) == lines("b", "w", "y")


def test_deleted_document_leaves_no_triples(store: Store) -> None:
    store.replace("a", graphs("a", nt("x"), nt("y")))
    assert store.delete("a")
    assert not store.delete("a")
    assert (union(store), store.graphs(), store.size) == ([], [], 0)


def test_shared_triple_stays_until_the_last_graph_lets_go(store: Store) -> None:
    store.replace("a", graphs("a", nt("shared", "x")))
    store.replace("b", graphs("b", nt("y"), nt("shared")))
    store.replace_graphs({ONTOLOGY: nt("shared")})
    assert union(store) == lines("shared", "x", "y")
    store.delete("a")
    assert union(store) == lines("shared", "y")
    store.replace_graphs({ONTOLOGY: b""})
    assert union(store) == lines("shared", "y")
    store.delete("b")
    assert union(store) == []


def test_triple_that_moves_from_one_graph_of_a_document_to_the_other_stays(store: Store) -> None:
    store.replace("a", graphs("a", nt("x"), nt("y")))
    assert store.replace("a", graphs("a", nt("y"), nt("x")))
    assert union(store) == lines("x", "y")


def test_a_triple_counts_once_in_the_union(store: Store) -> None:
    for document in "abc":
        store.replace(document, graphs(document, nt("shared")))
    [(count,)] = store.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").texts()
    assert count == "1"


def test_broken_triples_change_nothing(store: Store) -> None:
    store.replace("a", graphs("a", nt("x")))
    with pytest.raises(RdfSyntaxError, match="document/a"):
        store.replace("a", graphs("a", b"<no triple", nt("y")))
    assert union(store) == lines("x")


def test_graph_of_another_document_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="not a graph of document 'a'"):
        store.replace("a", graphs("b", nt("x")))
    assert store.graphs() == []


def test_blank_nodes_become_the_same_iris_whatever_they_were_called(store: Store) -> None:
    first = f"<{EX}a> <{EX}p> _:one .\n_:one <{EX}p> _:two .\n".encode()
    second = f"_:x <{EX}p> _:y .\n<{EX}a> <{EX}p> _:x .\n".encode()
    assert store.replace_graphs({ONTOLOGY: first})
    assert not store.replace_graphs({ONTOLOGY: second})
    assert not any(b"_:" in line for line in store.lines())
    assert store.replace("a", graphs("a", first))
    assert store.size == 4
    store.replace_graphs({ONTOLOGY: b""})
    store.delete("a")
    assert store.graphs() == []


NASTY = ["\\u0041", "a\\", '"', "'''", "\n\r\t\x00\x0b\x7f", "\u2028\ufffe", "🙂 { } ; . #", "会谈"]


@pytest.mark.parametrize("text", NASTY)
def test_any_literal_goes_in_and_out(store: Store, text: str) -> None:
    escaped = "".join(f"\\U{ord(character):08X}" for character in text)
    line = f'<{EX}s> <{EX}p> "{escaped}"@en .\n'.encode()
    store.replace("a", graphs("a", line))
    store.replace("a", graphs("a", line + nt("x")))
    assert list(store.select(f"SELECT ?o {{ ?s <{EX}p> ?o }}").texts()) == [(text,)]
    store.replace("a", graphs("a", nt("x")))
    assert union(store) == lines("x")


def test_select_gives_rows(store: Store) -> None:
    store.replace("a", graphs("a", nt("x", "y")))
    query = "SELECT ?o ?none WHERE { ?s ?p ?o } ORDER BY ?o"
    rows = store.query(query)
    assert isinstance(rows, Rows)
    assert rows.variables == ("o", "none")
    assert [[term and str(term) for term in row] for row in rows] == [['"x"', None], ['"y"', None]]
    assert list(store.select(query).texts()) == [("x", None), ("y", None)]
    data = json.loads(store.select(query).serialize("json"))
    assert [binding["o"]["value"] for binding in data["results"]["bindings"]] == ["x", "y"]


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_rows_and_verdicts_are_written_in_every_format(store: Store, format: str, tmp_path: Path) -> None:
    store.replace("a", graphs("a", nt("x")))
    for text in ("SELECT ?o WHERE { ?s ?p ?o }", "ASK { ?s ?p ?o }"):
        answer = store.query(text)
        assert isinstance(answer, Rows | BooleanResult)
        with (tmp_path / "answer").open("wb") as file:
            answer.write(file, format)
        again = store.query(text)
        assert isinstance(again, Rows | BooleanResult)
        assert (tmp_path / "answer").read_bytes() == again.serialize(format) != b""


def test_ask_gives_a_verdict(store: Store) -> None:
    assert not store.query("ASK { ?s ?p ?o }")
    store.replace("a", graphs("a", nt("x")))
    assert store.query("ASK { ?s ?p ?o }")


def test_a_query_can_ask_what_one_graph_holds(store: Store) -> None:
    store.replace("a", graphs("a", nt("x")))
    a, b = document_graph("a"), document_graph("b")
    assert store.query(f"ASK {{ GRAPH <{a}> {{ {triple('x')} }} }}")
    assert store.query(f"ASK {{ GRAPH <{a}> {{ ?s ?p ?o }} }}")
    assert not store.query(f"ASK {{ GRAPH <{a}> {{ {triple('y')} }} }}")
    assert not store.query(f"ASK {{ GRAPH <{b}> {{ ?s ?p ?o }} }}")
    rows = store.select(f"SELECT * {{ GRAPH <{a}> {{ ?s <{EX}says> ?o }} }}")
    assert [set(rows.variables), *map(set, rows.texts())] == [{"s", "o"}, {f"{EX}x", "x"}]


def test_construct_gives_triples(store: Store) -> None:
    store.replace("a", graphs("a", nt("x")))
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    answer = store.query(text)
    assert isinstance(answer, Triples)
    assert [str(each) for each in answer] == [triple("x")]
    again = store.query(text)
    assert isinstance(again, Triples)
    assert again.serialize("ntriples") == nt("x")


def test_a_query_can_name_graphs_and_choose_them(store: Store) -> None:
    store.replace("a", graphs("a", nt("x")))
    store.replace("b", graphs("b", nt("y")))
    a = str(document_graph("a"))
    text = "SELECT ?o WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o"
    assert list(store.select(text).texts()) == [("x",), ("y",)]
    for answer in (
        store.query(text, named_graphs=[a]),
        store.query("SELECT ?o { ?s ?p ?o }", default_graphs=[a]),
    ):
        assert isinstance(answer, Rows)
        assert list(answer.texts()) == [("x",)]


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("EXISTS { ?topic ex:below? ?wanted }", ["near", "same"]),
        ("EXISTS { ?topic ex:below? ex:trade }", ["near", "same"]),
        ("NOT EXISTS { ?topic ex:below? ex:trade }", ["far", "other"]),
        ("EXISTS { ?event ex:about / ex:below? ?wanted }", ["near", "same"]),
        ("EXISTS { ?event (ex:about|ex:names) / ex:below? ex:trade }", ["near", "other", "same"]),
        ("NOT EXISTS { ?event ex:about / ex:below? ?wanted }", ["far", "other"]),
    ],
)
def test_a_step_of_a_path_may_be_left_out(store: Store, test: str, found: list[str]) -> None:
    said = "".join(
        f"<{EX}{subject}> <{EX}{predicate}> <{EX}{value}> .\n"
        for subject, predicate, value in [
            ("same", "about", "trade"),
            ("near", "about", "tariffs"),
            ("far", "about", "steel"),
            ("other", "about", "weather"),
            ("other", "names", "tariffs"),
            ("tariffs", "below", "trade"),
            ("steel", "below", "tariffs"),
        ]
    )
    store.replace("a", graphs("a", said.encode()))
    query = (
        f"PREFIX ex: <{EX}> SELECT ?event WHERE {{ VALUES ?wanted {{ ex:trade }} "
        f"?event ex:about ?topic . FILTER {test} }}"
    )
    assert sorted(store.select(query).texts()) == [(f"{EX}{event}",) for event in found]


def test_a_query_that_does_not_parse_is_a_query_error(store: Store) -> None:
    with pytest.raises(
        QueryError, match=r"syntax error in line 1, column|cannot be run: .*line \d+: syntax error"
    ):
        store.query("SELECT * WHERE { ?s")


def test_a_format_that_an_answer_does_not_have_is_told(store: Store) -> None:
    with pytest.raises(QueryError, match="rows, which have no format 'turtle'; take json"):
        store.select("SELECT * { ?s ?p ?o }").serialize("turtle")
    with pytest.raises(QueryError, match="no rows"):
        store.select("ASK { ?s ?p ?o }")


def test_a_graph_that_is_not_there_has_no_lines(store: Store) -> None:
    assert list(store.lines(f"{EX}nowhere")) == []


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.graphs()


def test_an_unknown_kind_of_store_is_told() -> None:
    for url in ("redis:x", "redis:x/y", "oxigraph:", "memory:x", ""):
        with pytest.raises(InputError, match=r"write (oxigraph:PATH|memory:)"):
            open_store(url)


NAMES = st.sets(st.sampled_from("uvwxyz"), max_size=4)
STEPS = st.lists(st.tuples(st.sampled_from("abc"), NAMES, NAMES), max_size=12)


@given(steps=STEPS)
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_union_is_exact_after_any_sequence(store: Store, steps: list[tuple[str, set[str], set[str]]]) -> None:
    """Each step replaces a document by two sets of triples; empty ones delete it."""
    model: dict[str, set[str]] = {}
    for graph in store.graphs():
        store.replace_graphs({graph: b""})
    for document, said, inferred in steps:
        wanted = {str(document_graph(document)): said, str(inferred_graph(document)): inferred}
        changes = any(model.get(graph, set()) != names for graph, names in wanted.items())
        model.update(wanted)
        assert store.replace(document, {g: nt(*names) for g, names in wanted.items()}) == changes
        assert union(store) == lines(*set().union(*model.values()))
    assert {g: set(store.lines(g)) for g in store.graphs()} == {
        graph: set(lines(*names)) for graph, names in model.items() if names
    }
