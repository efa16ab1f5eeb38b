"""Slow clients, many clients, clients that go away: each ends by itself, and the next one is served."""

import asyncio
import io
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

from kg.query_pool import CLIENT, FairSemaphore
from kg.settings import Settings
from kg.web.http.asgi import Message, Receive, Scope, Send
from kg.web.http.connections import _among
from kg.web.http.limits import FairScheduling, RateLimit
from tests.web.conftest import EX, Site, serving, until

SMALL = f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}"
LONG = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUERY = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@contextmanager
def connected(site: Site, source: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.create_connection(
        ("127.0.0.1", site.port), timeout=120, source_address=(source, 0)
    ) as connection:
        yield connection


def _end(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    heard = b""
    try:
        while block := connection.recv(65_536):
            heard += block
    except ConnectionResetError:
        pass
    return heard


@pytest.fixture(scope="module")
def strict(filled: str) -> Iterator[Site]:
    bounds = {"request_timeout": 0.5, "client_connections": 4, "max_connections": 8, "query_rows": 2_000_000}
    with serving(filled, **bounds) as running:
        yield running


def test_head_that_does_not_end_is_given_up(strict: Site) -> None:
    with connected(strict) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        assert _end(slow).startswith(b"HTTP/1.1 408 ")
    with connected(strict) as silent:
        assert _end(silent) == b""


def test_head_without_end_is_refused(strict: Site) -> None:
    with connected(strict) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\n" + b"X-Long: 123456789\r\n" * 8000)
        assert b" 431 " in _end(endless)


def test_body_that_does_not_come_is_given_up(strict: Site) -> None:
    with connected(strict) as slow:
        slow.sendall(QUERY + b"Content-Length: 100\r\n\r\nASK")
        assert _end(slow) == b""
    assert strict.ask(SMALL).status == 200


def test_answer_that_is_not_taken_is_given_up(filled: str) -> None:
    pairs = f"SELECT * WHERE {{ ?s <{EX}number> ?o . ?t <{EX}number> ?u }} LIMIT 120000"
    with serving(filled, request_timeout=0.5) as site, connected(site) as deaf:
        deaf.sendall(QUERY + f"Content-Length: {len(pairs)}\r\n\r\n{pairs}".encode())
        until(lambda: b'kg_requests_total{route="/sparql"' in site.send("GET", "/metrics").body)
        assert len(_end(deaf)) < 20_000_000  # of 25 MB; the rest is not there any more


def test_connections_of_one_client_are_bounded_those_of_a_proxy_are_not(strict: Site) -> None:
    held = [
        socket.create_connection(("127.0.0.1", strict.port), source_address=("127.0.0.9", 0))
        for _ in range(4)
    ]
    try:
        with connected(strict, "127.0.0.9") as one_more:
            assert _end(one_more).startswith(b"HTTP/1.1 429 ")
        assert strict.ask(SMALL).status == 200
    finally:
        for one in held:
            one.close()


def test_when_all_connections_are_taken_one_that_asks_nothing_makes_room(strict: Site) -> None:
    held = [socket.create_connection(("127.0.0.1", strict.port)) for _ in range(12)]
    try:
        assert [strict.ask(SMALL).status for _ in range(3)] == [200] * 3
    finally:
        for one in held:
            one.close()


def test_body_is_refused_at_the_limit_of_its_address_while_it_comes(filled: str) -> None:
    with serving(filled, max_body=10_000_000) as site:
        text = {"content_type": "application/sparql-query"}
        assert site.send("POST", "/sparql", b"ASK {}" + b" " * 1_100_000, **text).status == 413
        assert site.send("POST", "/api/v1/ask", b" " * 200_000, content_type="application/json").status == 413
        for path in ("/try", "/reconcile"):
            form = {"content_type": "application/x-www-form-urlencoded"}
            assert site.send("POST", path, b"text=" + b"a" * 1_100_000, **form).status == 413
        with connected(site) as endless:
            endless.sendall(QUERY + b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(18):
                endless.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")
            assert endless.recv(4096).startswith(b"HTTP/1.1 413 ")  # it was never said how long it would be


def test_body_of_a_request_that_has_none_does_not_go_on_for_ever(filled: str) -> None:
    with serving(filled, max_body=100_000) as site, connected(site) as endless:
        endless.sendall(QUERY.replace(b"POST", b"GET") + b"Transfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(OSError, match=r"reset|pipe|timed out"):
            endless.sendall((b"10000\r\n" + b" " * 65_536 + b"\r\n") * 1000)


def test_log_has_one_line_for_each_client_that_goes_away(filled: str) -> None:
    heard = io.StringIO()

    def lines() -> list[dict[str, object]]:
        every = [json.loads(line) for line in heard.getvalue().splitlines()]
        return [line for line in every if line.get("path") != "/metrics"]

    with redirect_stderr(heard), serving(filled, log_format="json", request_timeout=0.5) as site:
        with connected(site) as one:  # in the middle of a body
            one.sendall(QUERY + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\nASK")
            assert one.recv(4096).startswith(b"HTTP/1.1 100 ")
        with connected(site) as one:  # in the middle of another one
            one.sendall(
                b"POST /api/v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\nab"
            )
            assert one.recv(4096).startswith(b"HTTP/1.1 100 ")
        with connected(site) as one:  # while its query runs
            one.sendall(f"GET /sparql?query={LONG.replace(' ', '%20')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            until(lambda: site.count_readers("busy"))
        with connected(site) as one:  # before there is a request
            one.sendall(b"GET / HT")
            _end(one)
        with connected(site) as one:  # which is none
            one.sendall(b"\x16\x03\x01\x00\r\n\r\n")
            _end(one)
        until(lambda: len(lines()) >= 5)
        time.sleep(0.3)  # for a line too many
    told = lines()
    assert [it.get("status", it.get("level")) for it in told] == [499, 499, 499, 408, "warning"]
    assert all(it["time"] for it in told)


def test_update_that_breaks_off_is_not_carried_out(own_site: Site) -> None:
    from tests.web.conftest import TOKEN

    update = f"DROP SILENT GRAPH <{EX}graph/many>".encode()
    with connected(own_site) as one:
        one.sendall(
            QUERY.replace(b"sparql-query", b"sparql-update")
            + f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(update) + 9}\r\n\r\n".encode()
            + update
        )
        time.sleep(0.2)
    time.sleep(0.5)
    assert own_site.ask(f"ASK {{ GRAPH <{EX}graph/many> {{ ?s ?p ?o }} }}", accept="text/csv").body == b"true"


def test_proxies_are_addresses_networks_or_all() -> None:
    assert _among(["127.0.0.1", " 10.0.0.0/8"])("10.1.2.3")
    assert not _among(["127.0.0.1"])("127.0.0.2")
    assert _among(["*"])("anything")


def test_long_bodies_count_as_several_requests() -> None:
    assert Settings.model_fields["rate_limit"].default == 20
    now = [0.0]
    limit = RateLimit(lambda *_: None, per_second=1, clock=lambda: now[0])  # type: ignore[arg-type,return-value]
    assert limit._wait("one") == 0.0
    limit._charge("one", 1_000_000 / 50_000)
    assert limit._wait("one") == 11.0  # as far below nothing as a full bucket is above
    assert limit._wait("other") == 0.0
    now[0] = 11.0
    assert limit._wait("one") == 0.0


def test_requests_of_many_clients_are_worked_on_in_turn() -> None:
    done: list[str] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        done.append(CLIENT.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})

    turns = FairSemaphore(1, 100)
    layer = FairScheduling(app, lambda _: turns)

    async def request(client: str) -> None:
        CLIENT.set(client)

        async def receive() -> Message:
            return {"type": "http.request", "body": b""}

        async def send(message: Message) -> None: ...

        await layer({"type": "http", "method": "GET"}, receive, send)

    async def work() -> None:
        await asyncio.gather(*(request("many") for _ in range(9)), request("few"))

    asyncio.run(work())
    assert done.index("few") == 2  # after the one under way, and one more
    assert len(done) == 10


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("data.example", True),
        ("data.example:99", True),
        ("LOCALHOST", False),
        ("evil.example", False),
        ("data.example@evil.example", False),
        ("data.example/x?", False),
        ("other.example:8443", True),
        ("other.example:1", False),
        ("", False),
    ],
)
def test_name_in_addresses_is_one_that_the_operator_trusts(filled: str, host: str, named: bool) -> None:
    with serving(filled, trusted_hosts="data.example, other.example:8443") as site:
        told = site.send("GET", "/sparql", accept="application/n-triples", host=host)
        page = site.send("GET", "/about", accept="text/html", host=host)
    wanted = host if named else f"127.0.0.1:{site.port}"
    assert f"<http://{wanted}/sparql>".encode() in told.body
    assert (f"http://{host}/".encode() in page.body) == named


def test_request_of_two_names_is_refused(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as client:
        client.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: other.example\r\nConnection: close\r\n\r\n"
        )
        assert client.recv(65_536).startswith(b"HTTP/1.1 400 ")
