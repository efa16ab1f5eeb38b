"""The endpoint over real HTTP, on a store that another process may go on loading."""

import json
import threading
import time
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import uvicorn

from kg.store import open_store
from kg.web import create_app

TRIPLE = b'<http://example.org/a> <http://example.org/b> "c" .\n'
ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?o WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"oxigraph:{tmp_path_factory.mktemp('web') / 'store'}"
    with open_store(url, write=True) as store:
        store.replace_graphs({"http://example.org/g": TRIPLE})
    return url


@pytest.fixture(scope="module")
def address(place: str) -> Iterator[str]:
    with open_store(place) as store:
        server = uvicorn.Server(uvicorn.Config(create_app(store), port=0, log_level="warning"))
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.should_exit = True
        thread.join()
        socket.close()


def fetch(url: str, data: bytes | None = None, **headers: str) -> tuple[int, str, str]:
    request = Request(url, data, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urlopen(request) as response:
            return response.status, response.headers["content-type"], response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read().decode()


def test_health(address: str) -> None:
    status, _, body = fetch(f"{address}/healthz")
    assert (status, json.loads(body)["status"]) == (200, "ok")


def test_query_by_get_form_and_body_give_the_same(address: str) -> None:
    by_get = fetch(f"{address}/sparql?{urlencode({'query': SELECT})}")
    by_form = fetch(f"{address}/sparql", urlencode({"query": SELECT}).encode(),
                    content_type="application/x-www-form-urlencoded")  # fmt: skip
    by_body = fetch(f"{address}/sparql", SELECT.encode(), content_type="application/sparql-query")
    assert by_get == by_form == by_body
    assert json.loads(by_get[2])["results"]["bindings"] == [{"o": {"type": "literal", "value": "c"}}]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", "text/csv"),
        ("text/csv;q=0.1, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/*", "text/csv"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_format_follows_the_accept_header(address: str, accept: str, expected: str) -> None:
    status, media_type, _ = fetch(f"{address}/sparql?{urlencode({'query': SELECT})}", accept=accept)
    assert (status, media_type.partition(";")[0]) == (200, expected)


def test_construct_gives_rdf(address: str) -> None:
    query = urlencode({"query": "CONSTRUCT WHERE { ?s ?p ?o }"})
    _, media_type, body = fetch(f"{address}/sparql?{query}", accept="application/n-triples")
    assert (media_type, body) == ("application/n-triples", TRIPLE.decode())


@pytest.mark.parametrize(
    ("status", "data", "headers"),
    [
        (400, b"SELECT WHERE", {"content_type": "application/sparql-query"}),
        (400, b"\xff", {"content_type": "application/sparql-query"}),
        (400, b"", {"content_type": "application/x-www-form-urlencoded"}),
        (415, b"ASK {}", {"content_type": "text/plain"}),
        (406, b"ASK {}", {"content_type": "application/sparql-query", "accept": "image/png"}),
    ],
    ids=["syntax error", "not UTF-8", "no query", "unknown body", "unknown answer"],
)
def test_bad_request_is_a_problem_document(
    address: str, status: int, data: bytes, headers: dict[str, str]
) -> None:
    got, media_type, body = fetch(f"{address}/sparql", data, **headers)
    assert (got, media_type) == (status, "application/problem+json")
    assert json.loads(body)["detail"]


def test_load_beside_the_server_is_seen_by_it(address: str, place: str) -> None:
    query = f"{address}/sparql?{urlencode({'query': 'ASK { ?s <http://example.org/new> ?o }'})}"
    assert json.loads(fetch(query)[2])["boolean"] is False
    with open_store(place, write=True) as writer:
        writer.replace_graphs({"http://example.org/h": TRIPLE.replace(b"/b", b"/new")})
    assert json.loads(fetch(query)[2])["boolean"] is True
    with open_store(place, write=True) as writer:
        writer.replace_graphs({"http://example.org/h": b""})
