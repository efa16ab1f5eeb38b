"""A real server on a free port, on a small store, for all tests of the endpoint."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
import uvicorn

from kg.settings import Settings
from kg.store import open_store
from kg.web import create_app
from kg.web.http.connections import Connections
from kg.web.http.logs import configuration

EX = "http://example.org/"
FIRST, SECOND = f"{EX}graph/1", f"{EX}graph/2"
GRAPHS = {
    FIRST: f'<{EX}a> <{EX}p> "one" .\n<{EX}both> <{EX}p> "shared" .\n'.encode(),
    SECOND: f'<{EX}b> <{EX}p> "two"@en .\n<{EX}both> <{EX}p> "shared" .\n'.encode(),
    f"{EX}graph/many": "".join(
        f'<{EX}n{n}> <{EX}number> "{n}, and \\"so\\" on" .\n' for n in range(3000)
    ).encode(),
}
TOKEN = "a-token-for-tests-only"
_PATIENCE = 600  # seconds after which a server hangs; no measure of how quick it is


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    port: int
    store: str
    source: str = "127.0.0.1"
    address: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", f"http://127.0.0.1:{self.port}")

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """One request on a connection of its own; `_` in names of headers stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, _PATIENCE, (self.source, 0))
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, told, response.read())
        finally:
            connection.close()

    def ask(self, query: str, *fields: tuple[str, str], **headers: str) -> Reply:
        """A query by GET."""
        return self.send("GET", f"/sparql?{urlencode([('query', query), *fields])}", **headers)

    def count_readers(self, state: str) -> int:
        """How many readers the server counts in a state."""
        told = self.send("GET", "/metrics").body.decode()
        return int(float(told.partition(f'kg_readers{{state="{state}"}} ')[2].split()[0]))


def until(condition: Callable[[], object]) -> None:
    """Wait for a state, however long a busy machine takes for it."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "the state does not come"
        time.sleep(0.02)


@contextmanager
def serving(store: str, **options: object) -> Iterator[Site]:
    """A server on a store, with settings."""
    given = {"log_format": "off", **options}
    taken = Settings(store=store, **given)  # type: ignore[arg-type]
    with open_store(store) as reader:
        config = uvicorn.Config(
            create_app(reader, options=taken),
            http=Connections(taken),  # type: ignore[arg-type]
            log_config=configuration(taken.log_format),
            access_log=False,
        )
        server = uvicorn.Server(config)
        server.config.port = 0
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Site(socket.getsockname()[1], store)
        finally:
            server.should_exit = True
            thread.join()
            socket.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with three small graphs; tests do not change it."""
    url = f"oxigraph:{tmp_path_factory.mktemp('web') / 'store'}"
    with open_store(url, write=True) as store:
        store.replace_graphs(GRAPHS)
    return url


@pytest.fixture(scope="session")
def site(filled: str) -> Iterator[Site]:
    """A server as an operator starts it, with short bounds."""
    with serving(filled, query_timeout=2, query_rows=2500, query_bytes=200_000) as running:
        yield running


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that takes updates, on a store of its own; tests leave it as they found it."""
    url = f"oxigraph:{tmp_path_factory.mktemp('updates') / 'store'}"
    with open_store(url, write=True) as store:
        store.replace_graphs(GRAPHS)
    with serving(url, updates=True, write_token=TOKEN) as running:
        yield running
