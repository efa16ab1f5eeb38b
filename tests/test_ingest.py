"""Documents pass one door: stored whole, cited, checked, once."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kg import ingest
from kg.dump import dump
from kg.errors import NotFoundError, StoreError
from kg.ingest import Outcome, Pipeline
from kg.store import Store, open_store

DOCUMENTS = Path(__file__).parent / "documents"
READOUT = DOCUMENTS / "2023-11-17-woodside-talks.md"
NOTE = DOCUMENTS / "2023-11-18-woodside-note.txt"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


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
