"""A killed load is finished, damage is told without the engine's words, a path is a store."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.settings import Settings, store_url
from kg.store import Store, open_store
from kg.store.results import Rows

QUADS = 3000

KILLED = """
import os, sys
import kg.store.oxigraph as oxigraph
from kg.store import open_store
from pathlib import Path

def load(engine, quads):
    import pyoxigraph as ox
    if sys.argv[3] == "graphs":
        engine.bulk_load(path=quads, format=ox.RdfFormat.N_QUADS)
    os.kill(os.getpid(), 9)
oxigraph.load_quads = load
open_store(sys.argv[1], write=True).bulk_load(Path(sys.argv[2]))
"""


def quads(path: Path) -> Path:
    lines = (f'<http://x/s{n}> <http://x/p{n % 7}> "value {n}" <http://x/g{n % 5}> .\n' for n in range(QUADS))
    path.write_text("".join(lines))
    return path


@pytest.mark.parametrize("done", ["nothing", "graphs"])
@pytest.mark.parametrize("first", ["reader", "writer"])
def test_bulk_load_that_was_killed_is_finished_by_whoever_comes_next(
    tmp_path: Path, done: str, first: str
) -> None:
    url, file = f"oxigraph:{tmp_path}/store", quads(tmp_path / "new.nq")
    subprocess.run([sys.executable, "-c", KILLED, url, str(file), done], check=False)
    file.unlink()
    with open_store(url, write=first == "writer") as store:
        assert store.size == QUADS
        assert len(store.graphs()) == 5


def damaged(tmp_path: Path) -> Store:
    """A store with every file of quads damaged; its checkpoint has the same files."""
    url = f"oxigraph:{tmp_path}/store"
    with open_store(url, write=True) as store:
        store.bulk_load(quads(tmp_path / "new.nq"))
    for file in (tmp_path / "store" / "live").glob("*.sst"):
        data = bytearray(file.read_bytes())
        if len(data) > 5_000:
            for part in range(1, 8):
                at = part * len(data) // 8
                data[at : at + 40] = bytes(byte ^ 0xFF for byte in data[at : at + 40])
            file.write_bytes(data)
    return open_store(url)


def test_damage_is_told_without_the_words_of_the_engine(tmp_path: Path) -> None:
    with damaged(tmp_path) as store:
        for read in (
            lambda: [*store.lines()],
            lambda: [*store.lines("http://x/g1")],
            lambda: [*store.select("SELECT * { ?s ?p ?o }")],
            lambda: store.select("SELECT * { ?s ?p ?o }").serialize("json"),
            lambda: [*_rows(store)],
            lambda: _rows(store).write(BytesIO(), "json"),
        ):
            with pytest.raises(StoreError, match="the store is damaged; `kg check` says what"):
                read()


def _rows(store: Store) -> Rows:
    return store.select("SELECT * { GRAPH ?g { ?s ?p ?o } }")


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ("data/store", "oxigraph:data/store"),
        ("store", "oxigraph:store"),
        ("/srv/kg", "oxigraph:/srv/kg"),
        ("./a:b", "oxigraph:a:b"),
        ("oxigraph:data/store", "oxigraph:data/store"),
        ("memory:", "memory:"),
        ("sparql+http://host:1/x", "sparql+http://host:1/x"),
        ("~/kg", f"oxigraph:{Path.home()}/kg"),
    ],
)
def test_a_path_alone_is_a_store_on_disk(place: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store_url(place) == url
    monkeypatch.setenv("KG_STORE", place)
    assert Settings().store == url  # type: ignore[call-arg]


def test_a_path_alone_can_be_opened(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store"), write=True) as store:
        store.replace_graphs({"http://x/g": b"<http://x/a> <http://x/b> <http://x/c> .\n"})
    assert (tmp_path / "store" / "format").exists()
