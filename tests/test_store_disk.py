"""A store on disk: one writer, any number of readers, and what can be wrong with a folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

import pytest

from kg.errors import StoreError
from kg.store import Store, open_store
from kg.terms import document_graph


def nt(name: str) -> bytes:
    return f'<http://example.org/{name}> <http://example.org/says> "{name}" .\n'.encode()


def put(store: Store, document: str) -> None:
    store.replace(document, {str(document_graph(document)): nt(document)})


def names(store: Store) -> list[str]:
    return sorted(graph.rsplit("/", 1)[1] for graph in store.graphs())


def checkpoints(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "checkpoints").iterdir())


def in_another_process(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout.strip()


WRITE_AND_DIE = """
import os, sys
from kg.store import open_store
store = open_store(sys.argv[1], write=True)
triple = b"<http://example.org/a> <http://example.org/b> <http://example.org/c> ."
store.replace_graphs({"http://example.org/graph/killed": triple})
os.kill(os.getpid(), 9)
"""

TRY = """
import os, sys
import kg.store.oxigraph
from kg.errors import KgError
from kg.store import open_store
if os.getuid() == 0 and "as-nobody" in sys.argv:  # the superuser may write anywhere
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with open_store(sys.argv[1], write=sys.argv[2] == "write") as store:
        print(len(store.graphs()))
except KgError as error:
    print(f"{type(error).__name__}: {error}")
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "store"


@pytest.fixture
def url(place: Path) -> str:
    return f"oxigraph:{place}"


@pytest.fixture
def filled(url: str) -> str:
    with open_store(url, write=True) as store:
        put(store, "a")
    return url


def test_a_store_opens_again_with_what_was_written(filled: str) -> None:
    for write in (False, True):
        with open_store(filled, write=write) as store:
            assert names(store) == ["a"]


def test_a_reader_sees_one_snapshot_until_it_refreshes(filled: str) -> None:
    with open_store(filled) as reader, open_store(filled, write=True) as writer:
        assert not reader.refresh()
        put(writer, "b")
        assert not reader.refresh()
        assert names(reader) == ["a"]
        writer.checkpoint()
        assert names(reader) == ["a"]
        assert reader.refresh()
        assert names(reader) == ["a", "b"]
        assert not reader.refresh()


def test_a_reader_in_another_process_works_while_a_writer_writes(filled: str) -> None:
    with open_store(filled, write=True) as writer:
        put(writer, "b")
        assert in_another_process(TRY, filled, "read") == "1"
        writer.checkpoint()
        assert in_another_process(TRY, filled, "read") == "2"


def test_an_answer_under_way_survives_refresh_and_pruning(filled: str, place: Path) -> None:
    with open_store(filled) as reader, open_store(filled, write=True) as writer:
        rows = reader.select("SELECT ?o WHERE { ?s ?p ?o }")
        put(writer, "b")
        writer.checkpoint()
        reader.refresh()
        put(writer, "c")
        writer.checkpoint()
        assert len(checkpoints(place)) == 3
        assert list(rows.texts()) == [("a",)]
        del rows
        reader.refresh()
        put(writer, "d")
        writer.checkpoint()
        assert len(checkpoints(place)) == 2


def test_checkpoints_that_nobody_reads_are_pruned(filled: str, place: Path) -> None:
    with open_store(filled) as reader:
        for document in ("b", "c", "d"):
            with open_store(filled, write=True) as writer:
                put(writer, document)
        assert len(checkpoints(place)) == 2
        assert names(reader) == ["a"]
    with open_store(filled, write=True) as writer:
        put(writer, "e")
    assert len(checkpoints(place)) == 1


def test_a_writer_that_changes_nothing_makes_no_checkpoint(filled: str, place: Path) -> None:
    before = checkpoints(place)
    with open_store(filled, write=True) as writer:
        put(writer, "a")
    assert checkpoints(place) == before


def test_leftovers_of_a_killed_writer_are_cleared_and_nothing_else(filled: str, place: Path) -> None:
    for name in ("7.new", "0.old", "notes"):
        (place / "checkpoints" / name).mkdir()
    with open_store(filled, write=True) as writer:
        put(writer, "b")
    assert checkpoints(place) == ["2", "notes"]


def test_the_first_reader_after_a_killed_writer_sees_what_was_written(filled: str, place: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        in_another_process(WRITE_AND_DIE, filled)
    assert (place / "dirty").exists()
    with open_store(filled) as reader:
        assert names(reader) == ["a", "killed"]
    assert not (place / "dirty").exists()


def test_a_writer_waits_for_one_that_is_about_to_end(filled: str) -> None:
    before = open_store(filled, write=True)
    ending = Timer(0.1, before.close)
    ending.start()
    with open_store(filled, write=True) as store:
        assert names(store)
    ending.join()


def test_a_running_reader_gets_what_a_killed_writer_wrote(filled: str) -> None:
    with open_store(filled) as reader:
        with pytest.raises(subprocess.CalledProcessError):
            in_another_process(WRITE_AND_DIE, filled)
        assert reader.refresh()
        assert names(reader) == ["a", "killed"]


def test_a_second_writer_is_refused_at_once(filled: str) -> None:
    with open_store(filled, write=True) as writer:
        with pytest.raises(StoreError, match=rf"another process \({os.getpid()}\) is writing the store at"):
            open_store(filled, write=True)
        assert in_another_process(TRY, filled, "write").startswith("StoreError: another process")
        put(writer, "b")
    with open_store(filled, write=True) as writer:
        assert names(writer) == ["a", "b"]


def test_a_reader_cannot_write(filled: str) -> None:
    with open_store(filled) as reader, pytest.raises(StoreError, match="opened for reading"):
        put(reader, "b")


def test_a_missing_store_is_told_and_not_made(url: str, place: Path) -> None:
    with pytest.raises(StoreError, match=r"no store at .*; load documents first with: kg load FILE…"):
        open_store(url)
    assert not place.parent.exists()


def test_a_first_load_under_way_is_told(url: str) -> None:
    with open_store(url, write=True) as writer:
        put(writer, "a")
        with pytest.raises(StoreError, match=r"first load into .* has not finished"):
            open_store(url)


def test_a_foreign_folder_is_refused_and_left_alone(url: str, place: Path) -> None:
    place.mkdir(parents=True)
    (place / "thesis.txt").write_text("mine")
    for write in (False, True):
        with pytest.raises(StoreError, match="no store of ours; name an empty folder"):
            open_store(url, write=write)
    assert [path.name for path in place.iterdir()] == ["thesis.txt"]


def test_a_file_in_place_of_the_folder_is_told(url: str, place: Path) -> None:
    place.parent.mkdir()
    place.write_text("a file")
    for write in (False, True):
        with pytest.raises(StoreError, match=f"at {place}|{place} is a file"):
            open_store(url, write=write)
    assert place.read_text() == "a file"


def test_a_store_of_another_layout_is_told(filled: str, place: Path) -> None:
    (place / "format").write_text("99\n")
    with pytest.raises(StoreError, match="has layout '99'; this version reads '1'"):
        open_store(filled, write=True)


@pytest.mark.parametrize(("part", "write"), [("live", True), ("checkpoints/1", False)])
def test_a_damaged_store_is_told(filled: str, place: Path, part: str, write: bool) -> None:
    (place / part / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match=r"is damaged .*load the documents again"):
        open_store(filled, write=write)
    (place / part / "CURRENT").unlink()
    (place / "current").write_text("12\n")
    if not write:
        with pytest.raises(StoreError, match=r"is damaged .*12 is gone"):
            open_store(filled)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user may look into; pytest's own are closed."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        for folder, _, _ in os.walk(name):
            Path(folder).chmod(0o755)


def test_a_read_only_store_can_be_read_but_not_written(public: Path) -> None:
    url = f"oxigraph:{public}/store"
    with open_store(url, write=True) as store:
        put(store, "a")
    for folder, _, files in os.walk(public / "store", topdown=False):
        for file in files:
            (Path(folder) / file).chmod(0o444)
        Path(folder).chmod(0o555)
    assert in_another_process(TRY, url, "read", "as-nobody") == "1"
    said = in_another_process(TRY, url, "write", "as-nobody")
    assert said == f"StoreError: cannot write the store at {public}/store: Permission denied"


def test_a_folder_that_cannot_be_made_is_told(public: Path) -> None:
    (public / "closed").mkdir(mode=0o555)
    said = in_another_process(TRY, f"oxigraph:{public}/closed/store", "write", "as-nobody")
    assert said == f"StoreError: cannot write the store at {public}/closed/store: Permission denied"
