"""A store is checked, mended, backed up, restored and brought up to date."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg import ingest, maintenance, summaries
from kg.cli import cli
from kg.dump import dump
from kg.errors import InputError, RdfSyntaxError
from kg.ingest import Outcome, Pipeline
from kg.maintenance import Finding
from kg.store import Store, open_store
from kg.terms import BASE, document_graph, inferred_graph
from tests.conftest import copied

DOCUMENTS = Path(__file__).parent / "documents"
READOUT, NOTE = "2023-11-17-woodside-talks", "2023-11-18-woodside-note"


@pytest.fixture(scope="module")
def loaded(stored: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two documents that contradict each other, with answers that are kept."""
    copied(stored(*sorted(DOCUMENTS.iterdir())), folder := tmp_path_factory.mktemp("maintained"))
    return folder / "store"


@pytest.fixture
def place(loaded: Path, tmp_path: Path) -> Path:
    shutil.copytree(loaded, tmp_path / "store", copy_function=shutil.copy)
    return tmp_path / "store"


def nquads(place: Path) -> bytes:
    with open_store(str(place)) as store:
        return b"".join(dump(store, "nquads"))


def union(place: Path) -> list[bytes]:
    with open_store(str(place)) as store:
        return sorted(store.lines())


def check(
    place: Path, pipeline: Pipeline, *, repair: bool = False, quick: bool = True, deep: bool = False
) -> list[Finding]:
    return [
        found
        for stage in maintenance.stages(str(place), pipeline, repair=repair, quick=quick, deep=deep)
        for found in stage.steps()
        if found is not None
    ]


def assert_mended(place: Path, pipeline: Pipeline, kinds: set[str], *, quick: bool = True) -> None:
    """What is wrong is found, changed by nothing but a repair, and gone after it."""
    found = check(place, pipeline, quick=quick)
    assert {it.kind for it in found} == kinds
    assert {it.repaired for it in found} == {None}
    assert all(it.repaired for it in check(place, pipeline, repair=True, quick=quick))
    assert check(place, pipeline, quick=quick) == []


def change(place: Path, *, removed: str = "", added: str = "") -> None:
    """Change a store behind its back."""
    engine = ox.Store(str(place / "live"))
    for text, apply in ((removed, engine.remove), (added, engine.add)):
        for quad in ox.parse(text, ox.RdfFormat.N_QUADS):
            apply(quad)
    engine.flush()
    del engine
    (place / "dirty").touch()


def a_quad(place: Path, graph: str, words: str) -> str:
    with open_store(str(place)) as store:
        line = next(line for line in store.lines(graph) if words.encode() in line)
    return line.decode().removesuffix(" .\n") + f" <{graph}> .\n"


def test_sound_store_is_found_sound(place: Path, pipeline: Pipeline) -> None:
    before = nquads(place)
    assert check(place, pipeline, quick=False, deep=True) == []
    assert check(place, pipeline, quick=False, repair=True) == []
    assert nquads(place) == before


def test_union_that_lacks_triples_or_has_too_many_is_mended(place: Path, pipeline: Pipeline) -> None:
    before = union(place)
    quad = a_quad(place, str(document_graph(READOUT)), "excludedTopic")
    change(place, removed=quad.rpartition("<")[0] + ".\n", added="<http://x/a> <http://x/b> <http://x/c> .\n")
    assert_mended(place, pipeline, {"union"})
    assert union(place) == before


def test_citation_that_does_not_stand_in_its_text_is_found_and_read_again(
    place: Path, pipeline: Pipeline
) -> None:
    before, graph = nquads(place), str(document_graph(READOUT))
    quad = a_quad(place, graph, "oa#exact")
    wrong = quad.replace('"', '"Never said: ', 1)
    change(place, removed=quad, added=wrong)
    change(place, removed=quad.rpartition("<")[0] + ".\n", added=wrong.rpartition("<")[0] + ".\n")
    assert_mended(place, pipeline, {"document"})
    assert nquads(place) == before


def test_what_follows_is_derived_again(place: Path, pipeline: Pipeline) -> None:
    before, graph = nquads(place), str(inferred_graph(NOTE))
    quad = a_quad(place, graph, "http")
    change(
        place, removed=quad, added=f"<http://x/a> <http://x/b> <http://x/c> <{inferred_graph('gone')}> .\n"
    )
    found = check(place, pipeline)
    assert {it.document for it in found if it.kind == "inference"} == {NOTE, "gone"}
    check(place, pipeline, repair=True)
    assert check(place, pipeline) == []
    assert nquads(place) == before


def test_answers_that_are_kept_are_compared_with_those_of_today(place: Path) -> None:
    with open_store(str(place)) as store:
        for summary in list(summaries.summaries())[:40]:
            store.keep(summary.text, store.select(summary.text).serialize("tsv"))
        folder = next((place / "checkpoints").iterdir()) / "answers"
        kept = sorted(folder.iterdir())
        whole = next(path for path in kept if path.read_bytes().count(b"\n") > 1)
        whole.write_bytes(whole.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
        found = [is_wrong for _, is_wrong in summaries.kept_wrongly(store)]
        assert sum(found) == 1
        assert sum(is_wrong for _, is_wrong in summaries.kept_wrongly(store, forget=True)) == 1
        assert not whole.exists()
        assert len([*folder.iterdir()]) == len(kept) - 1


def damage(place: Path) -> None:
    """Change bytes in one index of the engine; the largest files are indexes."""
    file = max((place / "live").glob("*.sst"), key=lambda path: path.stat().st_size)
    data = bytearray(file.read_bytes())
    for part in range(1, 8):
        at = part * len(data) // 8
        data[at : at + 40] = bytes(byte ^ 0xFF for byte in data[at : at + 40])
    file.write_bytes(data)


@pytest.mark.parametrize("digests", [True, False])
def test_damage_in_an_index_that_no_read_has_touched_is_found_and_mended(
    loaded: Path, tmp_path: Path, pipeline: Pipeline, digests: bool
) -> None:
    place = tmp_path / "store"
    with open_store(str(loaded)) as store:
        (tmp_path / "all.nq").write_bytes(b"".join(dump(store, "nquads")))
    with open_store(str(place), write=True) as store:
        store.bulk_load(tmp_path / "all.nq")
    before = nquads(place)
    damage(place)
    if not digests:  # as of a store that an earlier version wrote
        (place / "digests.json").unlink()
    deep = () if digests else ("--deep",)
    result = kg("check", "--json", *deep, "--store", str(place))
    assert result.exit_code == 1
    assert "index" in {json.loads(line)["kind"] for line in result.stdout.splitlines()}
    assert kg("check", "--repair", "--quiet", *deep, "--store", str(place)).exit_code == 0
    assert nquads(place) == before
    assert check(place, pipeline, quick=False) == []


def kg(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


# ── Backup and restore ───────────────────────────────────────────────────────


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        yield opened


@pytest.fixture
def saved(loaded: Path, tmp_path: Path) -> Path:
    with open_store(str(loaded)) as store:
        maintenance.backup(store, tmp_path / "backup.nq")
    return tmp_path / "backup.nq"


def restored(path: Path, store: Store, pipeline: Pipeline) -> list[Outcome]:
    return [*maintenance.restore(path, store, pipeline)]


@pytest.mark.parametrize("form", ["backup.nq", "backup.nq.gz", "dump"])
def test_restored_store_is_the_same_to_the_byte(
    loaded: Path, tmp_path: Path, store: Store, pipeline: Pipeline, form: str
) -> None:
    path = tmp_path / form
    with open_store(str(loaded)) as source:
        if form == "dump":
            path.write_bytes(gzip.compress(b"".join(dump(source, "nquads"))))
        else:
            first = maintenance.backup(source, path)
            content = path.read_bytes()
            assert maintenance.backup(source, path) == first
            assert path.read_bytes() == content
    assert [it.status for it in restored(path, store, pipeline)] == ["stored", "stored"]
    assert b"".join(dump(store, "nquads")) == nquads(loaded)
    assert sorted(store.lines()) == union(loaded)


@pytest.mark.parametrize("harm", ["cut", "changed", "cut.gz", "syntax"])
def test_backup_that_is_not_whole_changes_nothing(
    saved: Path, store: Store, pipeline: Pipeline, harm: str
) -> None:
    data = saved.read_bytes()
    lines = data.splitlines(keepends=True)
    if harm == "cut":
        saved.write_bytes(b"".join(lines[:-1]))
    elif harm == "changed":
        saved.write_bytes(data.replace(b"Tibet", b"Nepal", 1))
    elif harm == "cut.gz":
        saved.write_bytes(gzip.compress(data)[:-100])
    else:
        saved.write_bytes(b"".join(lines[2:10]) + b"no quad\n")
    with pytest.raises((InputError, RdfSyntaxError), match=r"cut|changed|:9: "):
        restored(saved, store, pipeline)
    assert store.size == 0


def test_restore_takes_an_empty_store_only(place: Path, saved: Path, pipeline: Pipeline) -> None:
    with open_store(str(place), write=True) as store, pytest.raises(InputError, match="into an empty one"):
        restored(saved, store, pipeline)


def test_restore_lets_nothing_past_the_gate(saved: Path, store: Store, pipeline: Pipeline) -> None:
    """What does not hold any more is read again from its text; what has none is refused; the rest is named."""
    graph = document_graph(READOUT)
    quads = saved.read_text().splitlines(keepends=True)[2:-1]
    uncited = f"<{BASE}id/call/x> <{BASE}ontology#excludedTopic> <{BASE}id/topic/taiwan>"
    quads.append(f"{uncited} <{graph}> .\n")
    quads.append(f"{uncited} <{document_graph('textless')}> .\n")
    quads.append(f"{uncited} <{document_graph('../../x')}> .\n")
    quads.append(f"{uncited} <{inferred_graph(NOTE)}> .\n")
    quads.append("<http://x/a> <http://x/b> <http://x/c> <http://x/g> .\n")
    saved.write_text("".join(sorted(quads)))
    told = {it.document or it.source: it for it in restored(saved, store, pipeline)}
    assert {name: it.status for name, it in told.items()} == {
        READOUT: "stored", NOTE: "stored", "textless": "refused",
        str(document_graph("../../x")): "refused", "http://x/g": "skipped",
    }  # fmt: skip
    assert "was read again from its text" in told[READOUT].notes[-1]
    assert not any(b"id/call/x>" in line for line in store.lines())


# ── Up to date ───────────────────────────────────────────────────────────────


def test_documents_of_other_rules_are_found_and_read_again(
    place: Path, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = nquads(place)
    monkeypatch.setattr("kg.extract.RuleExtractor.version", "older", raising=False)
    older = Pipeline()
    with open_store(str(place), write=True) as store:
        assert len(maintenance.stale(store, older)) == 2
        assert {it.status for it in maintenance.rebuild([READOUT, NOTE], store, older)} == {"stored"}
        assert maintenance.stale(store, older) == []
    monkeypatch.undo()
    assert {(it.kind, it.is_damage) for it in check(place, pipeline)} == {("stale", False)}
    assert kg("check", "--quick", "--store", str(place)).exit_code == 0
    result = kg("rebuild", "--store", str(place), "--json")
    assert [json.loads(line)["status"] for line in result.stdout.splitlines()] == ["stored", "stored"]
    assert nquads(place) == before
    with open_store(str(place), write=True) as store:
        outcomes = ingest.load(sorted(DOCUMENTS.iterdir()), store, pipeline, max_bytes=100_000)
        assert [it.status for it in outcomes] == ["unchanged", "unchanged"]


def test_commands_back_up_and_restore(loaded: Path, tmp_path: Path) -> None:
    file, new = str(tmp_path / "all.nq.gz"), str(tmp_path / "new")
    assert "quads in" in kg("backup", file, "--store", str(loaded)).stdout
    result = kg("restore", file, "--store", new)
    assert (result.exit_code, result.stdout.split()[:4]) == (0, ["outcome", "documents", "stored", "2"])
    assert kg("restore", file, "--store", new).exit_code == 2
