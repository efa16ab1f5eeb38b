"""What is peculiar to a store behind HTTP: doors, silence, and changes that break off."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kg import ingest, queries
from kg.errors import InputError, QueryError, QueryTimeoutError, StoreError
from kg.settings import Settings
from kg.store import Store, change_journal, open_store
from kg.store.dialects import Oxigraph, Virtuoso, form
from kg.store.http_client import HttpClient, ServerAccess
from kg.store.remote import RemoteStore, access_from
from kg.terms import document_graph, inferred_graph
from tests.stores.engines import MissingEngineError, Server, free_port, virtuoso_server

EX = "http://example.org/"


def nt(*names: str) -> bytes:
    return "".join(f'<{EX}{name.split()[0]}> <{EX}says> "{name}" .\n' for name in names).encode()


class Scripted(BaseHTTPRequestHandler):
    """Answers what the test says, one answer a request, and keeps what it was asked."""

    answers: list[tuple[int, bytes]]
    requests: list[tuple[str, dict[str, str]]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.requests.append((self.path, dict(self.headers)))
        status, body = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def scripted() -> Iterator[tuple[type[Scripted], str]]:
    handler = type("Handler", (Scripted,), {"answers": [], "requests": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield handler, f"http://127.0.0.1:{server.server_port}/sparql"
        server.shutdown()
        thread.join()


YES = b'{"head":{},"boolean":true}'


def remote(address: str, **options: object) -> RemoteStore:
    return RemoteStore(ServerAccess(address, dialect="standard", **options), write=False)  # type: ignore[arg-type]


def test_a_busy_server_is_asked_again(scripted: tuple[type[Scripted], str]) -> None:
    handler, address = scripted
    handler.answers += [(503, b""), (503, b""), (200, YES)]
    with remote(address) as store:
        assert store.query("ASK {}")
    assert len(handler.requests) == 3


def test_a_server_that_stays_busy_is_told(scripted: tuple[type[Scripted], str]) -> None:
    handler, address = scripted
    handler.answers += [(503, b"")] * 2
    with (
        remote(address, retries=1) as store,
        pytest.raises(StoreError, match=r"too busy or not ready \(503\)"),
    ):
        store.query("ASK {}")


def test_a_token_goes_with_each_request(scripted: tuple[type[Scripted], str]) -> None:
    handler, address = scripted
    handler.answers.append((200, YES))
    with remote(address, token="secret") as store:
        store.query("ASK {}")
    assert handler.requests[0][1]["Authorization"] == "Bearer secret"


def test_a_closed_door_says_what_to_set(scripted: tuple[type[Scripted], str]) -> None:
    handler, address = scripted
    handler.answers.append((401, b""))
    with remote(address) as store, pytest.raises(StoreError, match="set KG_STORE_USER and KG_STORE_PASSWORD"):
        store.query("ASK {}")


def test_an_answer_that_is_none_is_told(scripted: tuple[type[Scripted], str]) -> None:
    handler, address = scripted
    handler.answers.append((200, b"<html>hello</html>"))
    with remote(address) as store, pytest.raises(StoreError, match="gave no sound answer"):
        store.query("ASK {}")


def test_a_server_that_is_not_there_is_told() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(StoreError, match="no SPARQL server answers at"):
        RemoteStore(ServerAccess(address, retries=0), write=False)


def test_a_silent_server_is_given_up(servers: Callable[[str], Server]) -> None:
    address = servers("oxigraph").access.address
    slow = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?v{i} {{ {'1 ' * 40} }}" for i in range(8)) + " }"
    store = RemoteStore(ServerAccess(address, timeout=0.2, retries=0), write=False)
    with store, pytest.raises(QueryTimeoutError):
        store.query(slow)


def test_a_store_opened_for_reading_cannot_be_written(
    servers: Callable[[str], Server], tmp_path: Path
) -> None:
    with servers("oxigraph").open(write=False) as store:
        with pytest.raises(StoreError, match="write=True"):
            store.replace("a", {})
        with pytest.raises(StoreError, match="write=True"):
            store.bulk_load(tmp_path)


def test_addresses_follow_from_the_kind_of_server_unless_they_are_given() -> None:
    found = Oxigraph().located(ServerAccess("http://host:7878/", update="http://other/write"))
    assert (found.query, found.update, found.graphs) == (
        "http://host:7878/query",
        "http://other/write",
        "http://host:7878/store",
    )
    assert Virtuoso().located(ServerAccess("http://host", user="dba")).query == "http://host/sparql-auth"
    assert Virtuoso().located(ServerAccess("http://host")).query == "http://host/sparql"


def test_only_an_engine_with_lateral_joins_is_asked_for_them() -> None:
    assert Oxigraph().has_lateral
    assert not Virtuoso().has_lateral
    text = queries.catalogue()["calls"].bind({"date": "2025-06-05"}).lateral
    assert Oxigraph().query(text, None, None) == (text, {})


def test_settings_say_how_to_get_in() -> None:
    chosen = Settings(store_user="me", store_password="secret", store_timeout=5, store_retries=0)  # type: ignore[call-arg,arg-type]
    assert access_from("https://host/ds", chosen) == ServerAccess(
        "https://host/ds", user="me", password="secret", timeout=5, retries=0
    )


def test_an_address_without_a_server_is_told() -> None:
    with pytest.raises(InputError, match="write sparql\\+http://HOST:PORT/PATH"):
        open_store("sparql+http:")


def test_a_store_is_opened_by_its_url(servers: Callable[[str], Server]) -> None:
    server = servers("oxigraph")
    server.empty()
    with open_store(f"sparql+{server.access.address}", write=True) as store:
        store.replace("a", {str(document_graph("a")): nt("x")})
    with open_store(f"sparql+{server.access.address}") as store:
        assert list(store.lines()) == [nt("x")]
        assert not store.refresh()
        assert store.version is None


@pytest.mark.parametrize(
    "text", ["# ASK\nPREFIX a: <http://x/#b>\nBASE <http://y/>\n select\n distinct ?s {}"]
)
def test_the_form_of_a_query_is_told_whatever_stands_before_it(text: str) -> None:
    assert form(text) == "SELECT DISTINCT"
    assert form("nonsense") == ""


def test_a_journal_gives_back_what_was_written_down_whole() -> None:
    graphs = {f"{EX}a": nt("x" * 20_000, 'with "quotes" and \\'), f"{EX}b": b""}
    lines = [*change_journal.written(graphs)]
    assert max(map(len, lines)) < 30_000
    assert change_journal.read(lines) is None
    assert change_journal.read([]) is None
    assert change_journal.read([change_journal.COMPLETE, *reversed(lines)]) == graphs


@pytest.fixture
def virtuoso(servers: Callable[[str], Server]) -> Server:
    server = servers("virtuoso")
    server.empty()
    return server


@pytest.mark.parametrize("requests", range(1, 8))
def test_a_change_that_breaks_off_is_finished_by_the_next_writer(
    requests: int, virtuoso: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Virtuoso has no transactions over HTTP, so a change is written down before it is made."""
    before, after = (nt("shared", "x"), nt("y")), (nt("y", "z"), nt("w"))
    graphs = str(document_graph("a")), str(inferred_graph("a"))
    send, left = HttpClient._send, iter(range(requests))

    def failing(self: HttpClient, method: str, *arguments: object, **options: object) -> object:
        if method == "POST" and "query" not in str(arguments[3])[:9] and next(left, None) is None:
            raise StoreError("cut off")
        return send(self, method, *arguments, **options)  # type: ignore[arg-type]

    with virtuoso.open() as store:
        store.replace("b", {str(document_graph("b")): nt("shared")})
        store.replace("a", dict(zip(graphs, before, strict=True)))
        monkeypatch.setattr(HttpClient, "_send", failing)
        with pytest.raises(StoreError, match="cut off"):
            store.replace("a", dict(zip(graphs, after, strict=True)))
        monkeypatch.undo()
    with virtuoso.open() as store:
        found = tuple(b"".join(sorted(store.lines(graph))) for graph in graphs)
        assert found == (before if requests < 2 else after)  # not written down whole: nothing was changed
        assert sorted(store.lines()) == sorted(
            {line for data in (nt("shared"), *found) for line in data.splitlines(True)}
        )


def test_a_long_text_comes_back_whole(virtuoso: Server) -> None:
    text = nt("long " * 100_000)
    with virtuoso.open() as store:
        store.replace("a", {str(document_graph("a")): text})
        assert list(store.lines()) == [text]


def test_quoted_words_are_not_taken_for_the_query(virtuoso: Server) -> None:
    words = "VALUES ?x { UNDEF } GRAPH ?g { STRLEN(STR(?x))"
    with virtuoso.open() as store:
        answer = store.select(f'SELECT ?x {{ BIND("{words}" AS ?x) }}')
        assert list(answer.texts()) == [(words,)]


def test_an_answer_that_the_server_cuts_is_no_answer(tmp_path: Path) -> None:
    graph = str(document_graph("a"))
    try:
        with virtuoso_server(tmp_path, rows=1_000) as server, server.open() as store:
            store.replace("a", {graph: nt(*(f"{number:04}" for number in range(1_500)))})
            with pytest.raises(QueryError, match="no more than 1000 rows; raise its ResultSetMaxRows"):
                store.select("SELECT * { ?s ?p ?o }")
            with pytest.raises(
                StoreError, match=r"gives 100[01] of the 1500 triples of .*raise its ResultSetMaxRows"
            ):
                list(store.lines(graph))
    except MissingEngineError as error:
        pytest.skip(str(error))


def test_documents_are_loaded_removed_and_loaded_again(
    open_empty: Callable[[], Store], pipeline: ingest.Pipeline
) -> None:
    files = sorted((Path(__file__).parent.parent / "documents").iterdir())
    with open_empty() as store:
        ingest.put_ontology(store, pipeline)
        ontology = sorted(store.lines())
        assert {it.status for it in ingest.load(files, store, pipeline, max_bytes=10**6)} == {"stored"}
        full = sorted(store.lines())
        assert {it.status for it in ingest.load(files, store, pipeline, max_bytes=10**6)} == {"unchanged"}
        for graph in [graph for graph in store.graphs() if "/document/" in graph]:
            ingest.remove(graph.rpartition("/")[2], store)
        assert sorted(store.lines()) == ontology
        [*ingest.load(files, store, pipeline, max_bytes=10**6)]
        assert sorted(store.lines()) == full


def test_bulk_load_equals_loading_one_by_one(open_empty: Callable[[], Store], tmp_path: Path) -> None:
    graphs = {
        str(document_graph("a")): nt("x", "shared", "long " * 20_000),
        str(inferred_graph("a")): nt("y"),
        str(document_graph("b")): nt("z", "shared"),
    }
    quads = b"".join(
        line.removesuffix(b" .\n") + f" <{graph}> .\n".encode()
        for graph, data in graphs.items()
        for line in data.splitlines(keepends=True)
    )
    (tmp_path / "part.nq").write_bytes(quads)
    with open_empty() as store:
        store.bulk_load(tmp_path / "part.nq")
        store.bulk_load(tmp_path / "part.nq")
        assert store.graphs() == sorted(graphs)
        assert all(
            sorted(store.lines(graph)) == sorted(data.splitlines(True)) for graph, data in graphs.items()
        )
        assert sorted(store.lines()) == sorted(set(b"".join(graphs.values()).splitlines(keepends=True)))
        assert not store.replace_graphs(graphs)
        store.delete("a")
        assert sorted(store.lines()) == sorted(nt("z", "shared").splitlines(keepends=True))
