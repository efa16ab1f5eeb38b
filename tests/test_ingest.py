"""Documents pass one door: stored whole, cited, checked, once."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import ingest
from kg.cli import cli
from kg.dump import dump
from kg.errors import NotFoundError, StoreError
from kg.ingest import Outcome, Pipeline
from kg.store import Store, open_store

DOCUMENTS = Path(__file__).parent / "documents"
READOUT = DOCUMENTS / "2023-11-17-woodside-talks.md"
NOTE = DOCUMENTS / "2023-11-18-woodside-note.txt"


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        yield opened


def load(store: Store, pipeline: Pipeline, *paths: Path) -> list[Outcome]:
    return [*ingest.load(paths, store, pipeline, max_bytes=1_000_000)]


def nquads(store: Store) -> bytes:
    return b"".join(dump(store, "nquads"))


def test_document_is_stored_with_what_follows_from_it(store: Store, pipeline: Pipeline) -> None:
    [outcome] = load(store, pipeline, READOUT)
    assert (outcome.status, outcome.problem) == ("stored", None)
    assert [graph.rsplit("/", 2)[1] for graph in store.graphs()] == ["document", "inferred"]


def test_second_load_changes_nothing(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, READOUT, NOTE)
    before = nquads(store)
    assert [outcome.status for outcome in load(store, pipeline, READOUT, NOTE)] == ["unchanged"] * 2
    assert nquads(store) == before


def test_order_of_loading_changes_no_byte(pipeline: Pipeline) -> None:
    with open_store("memory:", write=True) as first, open_store("memory:", write=True) as second:
        load(first, pipeline, READOUT, NOTE)
        load(second, pipeline, NOTE, READOUT)
        assert nquads(first) == nquads(second)


def test_number_of_workers_changes_no_byte(pipeline: Pipeline) -> None:
    with open_store("memory:", write=True) as alone, open_store("memory:", write=True) as shared:
        load(alone, pipeline, READOUT, NOTE)
        outcomes = [*ingest.load([READOUT, NOTE], shared, pipeline, max_bytes=1_000_000, workers=2)]
        assert [outcome.status for outcome in outcomes] == ["stored", "stored"]
        assert nquads(alone) == nquads(shared)


def test_two_tellings_of_one_meeting_meet_in_one_node(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, READOUT, NOTE)
    meeting = "id/meeting/2023-11-15-joe-biden-xi-jinping>"
    tellers = {
        line.split(b" <")[-1]
        for line in nquads(store).splitlines()
        if meeting.encode() in line.split(b" ")[0]
    }
    assert len({teller for teller in tellers if b"graph/document/" in teller}) == 2


def test_changed_document_replaces_what_it_said(store: Store, pipeline: Pipeline, tmp_path: Path) -> None:
    copy = tmp_path / READOUT.name
    copy.write_text(READOUT.read_text(encoding="utf-8"), encoding="utf-8")
    load(store, pipeline, copy)
    copy.write_text(
        copy.read_text(encoding="utf-8").replace("Tibet was not discussed.", ""), encoding="utf-8"
    )
    [outcome] = load(store, pipeline, copy)
    assert outcome.status == "stored"
    assert b"excludedTopic" not in nquads(store)


def test_removed_document_leaves_nothing(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, READOUT)
    ingest.remove("2023-11-17-woodside-talks", store)
    assert nquads(store) == b""
    assert store.size == 0
    with pytest.raises(NotFoundError, match="no document"):
        ingest.remove("2023-11-17-woodside-talks", store)


def test_bad_file_harms_no_other(store: Store, pipeline: Pipeline, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01binary")
    outcomes = load(store, pipeline, bad, READOUT)
    assert [outcome.status for outcome in outcomes] == ["unreadable", "stored"]
    assert str(bad) in (outcomes[0].problem or "")


def test_file_that_was_edited_replaces_and_another_of_its_name_does_not(
    store: Store, pipeline: Pipeline, tmp_path: Path
) -> None:
    one, other = tmp_path / "a" / "readout.txt", tmp_path / "b" / "readout.txt"
    for path, text in ((one, "They met in Geneva."), (other, "Nothing was agreed in Bali.")):
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    assert [it.status for it in load(store, pipeline, one)] == ["stored"]
    [refused] = load(store, pipeline, other)
    assert refused.status == "refused"
    assert str(one) in (refused.problem or "")
    one.write_text("Another text altogether.", encoding="utf-8")
    assert [it.status for it in load(store, pipeline, one)] == ["stored"]
    outcomes = ingest.load([other], store, pipeline, max_bytes=1_000_000, replace=True)
    assert [it.status for it in outcomes] == ["stored"]
    assert [it.status for it in load(store, pipeline, one)] == ["refused"]


def test_document_whose_file_moved_or_is_not_known_is_told_by_its_text(
    store: Store, pipeline: Pipeline, tmp_path: Path
) -> None:
    text = "They met in Geneva. Fish was discussed. Nothing was agreed."
    old, new = tmp_path / "old" / "readout.txt", tmp_path / "new" / "readout.txt"
    for path in (old, new):
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    load(store, pipeline, old)
    old.unlink()
    new.write_text(f"{text} Tea was served.", encoding="utf-8")
    assert [it.status for it in load(store, pipeline, new)] == ["stored"]
    store.origins.remove("readout")
    new.write_text("Something else. It has nothing to do with that.", encoding="utf-8")
    assert [it.status for it in load(store, pipeline, new)] == ["refused"]


def test_address_tells_a_document_before_its_file_does(
    store: Store, pipeline: Pipeline, tmp_path: Path
) -> None:
    def page(folder: str, address: str, text: str) -> Path:
        path = tmp_path / folder / "call.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\nurl: {address}\n---\n{text}", encoding="utf-8")
        return path

    load(store, pipeline, page("a", "https://office.example/1", "They spoke."))
    [same] = load(store, pipeline, page("b", "https://office.example/1", "It was corrected in full."))
    [other] = load(store, pipeline, page("c", "https://office.example/2", "They spoke."))
    assert (same.status, other.status) == ("stored", "refused")
    assert "https://office.example/1" in (other.problem or "")


def hostile(folder: Path) -> tuple[set[str], set[str]]:
    """A folder of hostile files among good ones: the documents that are good, and the files that are not."""
    good = "President Biden met President Xi in Woodside on November 15, 2023."
    folder.mkdir()
    bad: dict[str, bytes] = {
        "b-binary.txt": bytes(range(256)),
        "c-empty.md": b"",
        "d-latin.txt": "Café".encode("latin-1"),
        "e-brackets.md": b"---\na: " + b"[" * 50_000 + b"\n---\nText.",
        "f-open.md": b"---\ntitle: x\n\nText.",
        "g-bomb.xml": b'<!DOCTYPE r [<!ENTITY a "b">]><rss>&a;</rss>',
        "h-cut.rss": b"<rss><channel>",
        "i-broken.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
        "j-menu.html": b"<html><body><script>no()</script></body></html>",
        "k-deep.jsonl": b"[" * 100_000,
        "l-large.txt": b"x" * 10_000_001,
        "m-report.docx": b"PK",
        "n-surrogate.jsonl": b'{"text": "a\\ud800"}',
    }
    sound: dict[str, bytes] = {
        "a-first.txt": good.encode(),
        "o-long.txt": f"{good}\n\n{'word ' * 2_500}".encode(),
        "p-digits.jsonl": b'{"id": "digits", "text": "%s", "n": %s}' % (good.encode(), b"9" * 5000),
        "q-fields.md": f"---\nurl: https://a.example/b c\ndate: someday\n---\n{good}".encode(),
        "r-mixed.jsonl": b'{"id": "mixed", "text": "%s"}\n{' % good.encode(),
        "z-last.txt": good.encode(),
    }
    for name, data in {**bad, **sound}.items():
        (folder / name).write_bytes(data)
    (folder / "s-circle.txt").symlink_to("s-circle.txt")
    (folder / "t-out.txt").symlink_to("/etc/hostname")
    os.mkfifo(folder / "u-pipe.txt")
    ids = {"a-first", "o-long", "digits", "q-fields", "mixed", "z-last"}
    return ids, {*bad, "r-mixed.jsonl", "s-circle.txt", "t-out.txt", "u-pipe.txt"}


def test_folder_of_hostile_files_loses_no_good_one_and_names_every_bad_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("kg.ingest.pipeline", "kg.extract.clauses.en"):  # so that a long paragraph takes no minute
        monkeypatch.setattr(f"{module}.LONGEST_PARAGRAPH", 10_000)
    good, bad = hostile(tmp_path / "corpus")
    arguments = [
        "load",
        str(tmp_path / "corpus"),
        "--workers",
        "1",
        "--store",
        str(tmp_path / "store"),
        "--json",
    ]
    result = CliRunner().invoke(cli, arguments)
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert {it["document"] for it in told if it["status"] == "stored"} == good
    named = {Path(it["source"]).name: it["problem"] for it in told if it["status"] != "stored"}
    assert named.keys() == bad
    assert all(named.values())
    assert result.exit_code == 2
    notes = {it["document"]: it["notes"] for it in told if it["notes"]}
    assert "not read" in notes["o-long"][0]
    assert len(notes["q-fields"]) == 2
    with open_store(str(tmp_path / "store")) as store:
        assert {graph.rsplit("/", 1)[1] for graph in store.graphs() if "/document/" in graph} == good


DEADLY = """
import os

class Deadly:
    name, version = "deadly", "1"

    def extract(self, document, lexicon):
        if "poison" in document.body:
            os.kill(os.getpid(), 9)
        if "riddle" in document.body:
            raise RecursionError("too deep")
        return iter(())
"""


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """An extractor that ends its process over some texts and raises over others."""
    place = tmp_path / "plugin"
    info = place / "deadly-1.dist-info"
    info.mkdir(parents=True)
    (place / "deadly_extractor.py").write_text(DEADLY)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[kg.extractors]\ndeadly = deadly_extractor:Deadly\n")
    monkeypatch.syspath_prepend(str(place))
    return Pipeline("deadly")


def test_death_of_a_process_costs_the_document_that_it_is_over(
    store: Store, deadly: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.ingest.workers.BATCH_CHARACTERS", 30)
    words = ["fine", "good", "poison", "sound", "riddle", "well"]
    for word in words:
        (tmp_path / f"{word}.txt").write_text(f"This is a text on {word}.", encoding="utf-8")
    files = [tmp_path / f"{word}.txt" for word in words]
    outcomes = [*ingest.load(files, store, deadly, max_bytes=1_000, workers=2)]
    assert [it.document for it in outcomes] == words
    assert [it.status for it in outcomes] == ["stored", "stored", "failed", "stored", "failed", "stored"]
    assert "a process died" in (outcomes[2].problem or "")
    assert "RecursionError: too deep" in (outcomes[4].problem or "")
    assert "no statement was read from it" in outcomes[0].notes[0]


def test_second_file_of_the_same_id_is_refused(store: Store, pipeline: Pipeline, tmp_path: Path) -> None:
    twin = tmp_path / READOUT.name
    twin.write_text("Another text. It says that nothing was agreed.", encoding="utf-8")
    outcomes = load(store, pipeline, READOUT, twin)
    assert [outcome.status for outcome in outcomes] == ["stored", "refused"]
    assert "give one an `id:`" in (outcomes[1].problem or "")


def test_ontology_is_put_once(store: Store, pipeline: Pipeline) -> None:
    ingest.put_ontology(store, pipeline)
    before = store.size
    ingest.put_ontology(store, pipeline)
    assert store.size == before > 5000


def test_unknown_extractor_is_named_with_those_that_exist() -> None:
    with pytest.raises(NotFoundError, match="there are: rules"):
        Pipeline("oracle")


class Breaking:
    """A store whose second write in a row fails."""

    def __init__(self, store: Store) -> None:
        self.store, self.writes = store, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:
        self.writes += 1
        if self.writes > 1:
            raise StoreError("no more room")
        return self.store.replace_graphs(graphs)


def test_edit_of_several_documents_is_one_transaction(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, READOUT, NOTE)
    changes = {graph: b"" for graph in store.graphs() if "/document/" in graph}
    ingest.edit(changes, Breaking(store), pipeline)  # type: ignore[arg-type]
    assert nquads(store) == b""


def test_documents_edited_together_are_linked_as_if_they_came_one_by_one(
    store: Store, pipeline: Pipeline, tmp_path: Path
) -> None:
    other = tmp_path / "2023-11-19-other.txt"
    text = "President Biden met with President Xi in Woodside on November 15, 2023. They discussed Tibet."
    other.write_text(text, encoding="utf-8")
    load(store, pipeline, READOUT, other)
    before = nquads(store)
    assert b"conflictsWith" in before
    changes = {graph: b"".join(store.lines(graph)) for graph in store.graphs() if "/document/" in graph}
    with open_store("memory:", write=True) as second:
        ingest.edit(changes, second, pipeline)
        assert nquads(second) == before
    ingest.edit(changes, store, pipeline)
    assert nquads(store) == before
