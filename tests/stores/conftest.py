"""Fixtures that open a store of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kg.store import Store, open_store
from tests.stores.engines import KINDS, SERVERS, MissingEngineError, Server

OpenStore = Callable[[], Store]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Gives the server of a kind, started when first asked for."""
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def server(kind: str) -> Server:
            if kind not in running:
                try:
                    running[kind] = stack.enter_context(SERVERS[kind](tmp_path_factory.mktemp(kind)))
                except MissingEngineError as error:
                    pytest.skip(str(error))
            return running[kind]

        yield server


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """A kind of store."""
    return str(request.param)


@pytest.fixture
def open_empty(kind: str, servers: Callable[[str], Server], tmp_path: Path) -> OpenStore:
    """Opens the store of this test for writing, which is empty the first time."""
    if kind in SERVERS:
        server = servers(kind)
        server.empty()
        return server.open
    url = "memory:" if kind == "memory" else f"oxigraph:{tmp_path}/store"
    return lambda: open_store(url, write=True)


@pytest.fixture
def store(open_empty: OpenStore) -> Iterator[Store]:
    """An empty store of each kind, open for writing."""
    with open_empty() as opened:
        yield opened
