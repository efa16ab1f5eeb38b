"""A whole corpus is read in parts: whoever reads them, nothing is lost and nothing is there twice."""

import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import active_children
from pathlib import Path

import pyarrow as pa
import pytest
from distributed import Client, LocalCluster
from pyarrow import parquet
from rdflib import RDF, Graph

from benchmarks import synthetic
from kg import corpus, ingest
from kg.cli import main
from kg.corpus import Corpus, DaskEngine, Engine, Folder, Job, LocalEngine, Part, PartDone
from kg.corpus.documents import documents
from kg.errors import InputError
from kg.ingest import Pipeline, Prepared
from kg.model import Document, Review
from kg.store import Store, open_store
from kg.store.bulk import triple
from kg.terms import BASE, KG

DAYS = range(1, 10)


def record(day: int) -> dict[str, str]:
    text = (
        f"President Joe Biden spoke with Chinese President Xi Jinping by telephone on March {day}, 2024. "
        "They discussed Taiwan. Tibet was not discussed."
    )
    return {"id": f"call-{day}", "title": f"Call of March {day}", "date": f"2024-03-{day:02}", "text": text}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Nine documents as JSON lines with two lines between that are none, and one as text."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [json.dumps(record(day)) for day in DAYS]
    lines[4:4] = ["no json", '{"id": "empty", "text": " "}']
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "b.txt").write_text("The two sides met in Geneva on May 11, 2025.\n")
    (folder / ".hidden.txt").write_text("Not a document.\n")
    (folder / "notes.docx").write_text("Not a document either.\n")
    return folder


def prepared(source: Path, out: Path, *, format: str = "nquads", part_size: int = 600) -> Corpus:
    return corpus.read_corpus([str(source)], Folder(str(out), format), max_bytes=10_000, part_size=part_size)


def read(source: Path, out: Path, engine: Engine, **options: object) -> Corpus:
    found = prepared(source, out, **options)  # type: ignore[arg-type]
    for _ in corpus.run(found, engine):
        pass
    return found


def lines(out: Path) -> list[bytes]:
    parts = out.glob("*.nq")
    return sorted(line for part in parts for line in part.read_bytes().splitlines())


def rejects(out: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (out / "rejects.jsonl").read_text().splitlines()]


class Counting:
    """The engine of one process that says what it was given, and can stop early."""

    def __init__(self, most: int | None = None) -> None:
        self.given: list[str] = []
        self.most = most

    def run(self, parts: Sequence[Part], job: Job) -> Iterator[PartDone]:
        self.given += [part.key for part in parts]
        yield from LocalEngine(1).run(parts[: self.most], job)
        if self.most is not None:
            raise KeyboardInterrupt


def test_every_document_is_in_the_parts_and_the_others_among_the_rejects(
    source: Path, tmp_path: Path
) -> None:
    found = read(source, tmp_path / "out", LocalEngine(1))
    parts, rejected = corpus.summary(found)
    assert len(parts) > 2
    assert sorted(id for part in parts for id in part.documents) == ["b", *(f"call-{day}" for day in DAYS)]
    assert [reject.status for reject in rejected] == ["unreadable"] * 2
    assert [it["problem"] for it in rejects(tmp_path / "out")] == [reject.problem for reject in rejected]
    assert "a.jsonl, byte " in rejected[0].problem
    for part in (tmp_path / "out").glob("*.nq"):
        assert (inside := part.read_bytes().splitlines()) == sorted(inside)


def test_the_same_bytes_come_out_of_every_engine_even_if_a_worker_dies(source: Path, tmp_path: Path) -> None:
    """One process, two of which one is killed, and two workers of a cluster of which one is killed."""
    read(source, tmp_path / "one", LocalEngine(1))
    kill_one(
        prepared(source, tmp_path / "two"),
        LocalEngine(2),
        lambda: [child.pid or 0 for child in active_children()],
    )
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        engine = DaskEngine(cluster.scheduler_address)
        kill_one(prepared(source, tmp_path / "dask"), engine, lambda: client.run(os.getpid).values())
    runs = [{path.name: path.read_bytes() for path in (tmp_path / run).iterdir()}
            for run in ("one", "two", "dask")]  # fmt: skip
    assert runs[0] == runs[1] == runs[2]


def kill_one(found: Corpus, engine: Engine, workers: Callable[[], Iterable[int]]) -> None:
    """Read a corpus and kill a worker when the first part is done; each part is done once."""
    done: list[str] = []
    for part in corpus.run(found, engine):
        if not done:
            os.kill(min(workers()), signal.SIGKILL)
        done.append(part.key)
    assert sorted(done) == sorted(part.key for part in found.parts)


def test_what_is_done_is_kept_after_a_stop(source: Path, tmp_path: Path) -> None:
    stopped, resumed, again = Counting(most=2), Counting(), Counting()
    with pytest.raises(KeyboardInterrupt):
        read(source, tmp_path / "out", stopped)
    read(source, tmp_path / "out", resumed)
    assert resumed.given == stopped.given[2:]
    before = lines(tmp_path / "out")
    assert len(read(source, tmp_path / "out", again).done) == len(stopped.given)
    assert (again.given, lines(tmp_path / "out")) == ([], before)


def test_a_changed_file_is_read_again_and_what_it_said_goes(source: Path, tmp_path: Path) -> None:
    read(source, tmp_path / "out", LocalEngine(1))
    (source / "b.txt").write_text("The two sides met in Geneva on May 12, 2025.\n")
    second = Counting()
    read(source, tmp_path / "out", second)
    assert len(second.given) == 1
    assert not any(b"2025-05-11" in line for line in lines(tmp_path / "out"))
    (source / "b.txt").unlink()
    read(source, tmp_path / "out", LocalEngine(1))
    assert not any(b"/document/b>" in line for line in lines(tmp_path / "out"))


def test_a_document_that_stands_twice_is_there_once(source: Path, tmp_path: Path) -> None:
    read(source, tmp_path / "alone", LocalEngine(1))
    (source / "c.jsonl").write_text(json.dumps(record(1)) + "\n")
    (source / "d.jsonl").write_text(json.dumps({**record(2), "text": "Another text."}) + "\n")
    read(source, tmp_path / "out", LocalEngine(1), part_size=300)
    assert lines(tmp_path / "out") == lines(tmp_path / "alone")
    told = [it for it in rejects(tmp_path / "out") if it["status"] == "refused"]
    assert [(it["document"], it["source"].rpartition("/")[2]) for it in told] == [("call-2", "d.jsonl")]
    (source / "a.jsonl").unlink()
    read(source, tmp_path / "out", LocalEngine(1), part_size=300)
    assert {it["document"] for it in rejects(tmp_path / "out")} == set()
    assert any(b"/document/call-2>" in line for line in lines(tmp_path / "out"))


def test_a_mistake_in_a_rule_costs_one_document(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = Pipeline.prepare

    def failing(self: Pipeline, found: Sequence[Document]) -> Iterator[Prepared]:
        if any(document.id == "call-3" for document in found):
            raise KeyError("no such rule")
        return prepare(self, found)

    monkeypatch.setattr(Pipeline, "prepare", failing)
    found = read(source, tmp_path / "out", LocalEngine(1), part_size=100_000)
    [reject] = [it for it in corpus.summary(found)[1] if it.status == "failed"]
    assert (reject.document, reject.problem) == ("call-3", "a rule fails on it: KeyError: 'no such rule'")
    assert {f"call-{day}" for day in DAYS} - {"call-3"} < corpus.summary(found)[0][0].documents.keys()


def test_parquet_in_and_out_says_the_same_as_lines(source: Path, tmp_path: Path) -> None:
    rows = [record(day) for day in DAYS]
    (tmp_path / "table").mkdir()
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "table" / "a.parquet", row_group_size=4)
    found = read(tmp_path / "table", tmp_path / "out", LocalEngine(1), format="parquet")
    assert len(found.parts) > 1
    read(source, tmp_path / "lines", LocalEngine(1))
    told = sorted(line.strip() for part in found.parts for line in found.job.folder.lines(part.key))
    assert told == [line for line in lines(tmp_path / "lines") if b"/b> ." not in line]
    columns = parquet.read_table(next((tmp_path / "out").glob("*.parquet"))).column_names
    assert columns == ["subject", "predicate", "object", "graph"]


@pytest.mark.parametrize("size", [1, 7, 50, 200, 10_000])
def test_lines_are_read_once_wherever_the_file_is_cut(source: Path, size: int) -> None:
    parts = corpus.plan([str(source / "a.jsonl")], size=size, under="")
    found = [it for part in parts for piece in part.pieces for it in documents(piece, max_bytes=10_000)]
    assert [it.id for it in found if isinstance(it, Document)] == [f"call-{day}" for day in DAYS]
    assert len(found) == len(DAYS) + 2


def test_an_object_store_is_read_and_written_by_url(source: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe_file("/in/b.txt", (source / "b.txt").read_bytes())
    found = corpus.read_corpus(
        ["memory://in"], Folder("memory://out", "nquads"), max_bytes=1_000, part_size=100
    )
    [part] = corpus.run(found, LocalEngine(1))
    assert [*part.documents] == ["b"]
    assert sorted(memory.ls("/out", detail=False)) == [
        f"/out/part-{part.key}.json", f"/out/part-{part.key}.nq", "/out/rejects.jsonl",
    ]  # fmt: skip


def test_nothing_to_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        prepared(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(InputError, match="nothing to read"):
        prepared(tmp_path, tmp_path / "out")


def test_bulk_load_equals_load(source: Path, tmp_path: Path) -> None:
    """Contradictions between documents are linked, and what the store has already is replaced."""
    (source / "e.txt").write_text(
        "President Joe Biden spoke with Chinese President Xi Jinping by telephone on March 1, 2024. "
        "They discussed Tibet.\n"
    )
    read(source, tmp_path / "out", LocalEngine(1))
    pipeline = Pipeline()
    with open_store("memory:", write=True) as one, open_store("memory:", write=True) as other:
        ingest.put_ontology(one, pipeline)
        ingest.put_ontology(other, pipeline)
        singles = source.parent / "singles"
        singles.mkdir()
        for day in DAYS:
            (singles / f"{day}.jsonl").write_text(json.dumps(record(day)))
        files = [*sorted(singles.iterdir()), source / "b.txt", source / "e.txt"]
        [*ingest.load(files, one, pipeline, max_bytes=10_000)]
        [*ingest.load([source / "b.txt"], other, pipeline, max_bytes=10_000)]
        loaded = [*corpus.bulk_load(str(tmp_path / "out"), other, pipeline)]
        assert (sum(it.added for it in loaded), sum(it.unchanged for it in loaded)) == (len(DAYS) + 1, 1)
        ingest.settle(other)
        corpus.link_conflicts(other)
        assert {graph: sorted(other.lines(graph)) for graph in other.graphs()} == {
            graph: sorted(one.lines(graph)) for graph in one.graphs()
        }
        assert sorted(other.lines()) == sorted(one.lines())
        assert any(b"conflictsWith" in line for line in one.lines())
        again = [*corpus.bulk_load(str(tmp_path / "out"), other, pipeline)]
        assert sum(it.added for it in again) == 0
        ingest.settle(other)
        corpus.link_conflicts(other)
        assert sorted(other.lines()) == sorted(one.lines())


def test_bulk_load_keeps_what_people_found(source: Path, tmp_path: Path) -> None:
    """Of documents that the store has and that it has not yet, in the edition that comes."""
    (source / "e.txt").write_text(
        "President Joe Biden spoke with Chinese President Xi Jinping by telephone on March 1, 2024. "
        "They discussed soybeans. Tibet was not discussed.\n"
    )
    read(source, tmp_path / "out", LocalEngine(1))
    pipeline = Pipeline()
    excluded = f"?fact <{RDF.predicate}> <{KG.excludedTopic}> ; <{KG.reportedIn}> <{BASE}id/document/e>"

    def rejected_first(store: Store) -> Review:
        rows = store.select(f"SELECT ?fact WHERE {{ {excluded} }}")
        [[iri]] = rows.texts()
        document, applied, statement = ingest.statement_at(str(iri), store, pipeline.read)
        by = ingest.Signature("anna", "2026-11-27T09:00:00Z", "")
        return ingest.signed_review("Rejected", by, document, applied, statement)

    def prepare(document: Document) -> Prepared:
        return next(iter(pipeline.prepare([document])))

    with open_store("memory:", write=True) as one, open_store("memory:", write=True) as other:
        for store in (one, other):
            ingest.put_ontology(store, pipeline)
        [*corpus.bulk_load(str(tmp_path / "out"), one, pipeline)]
        review = rejected_first(one)
        ingest.record([review], one, prepare, pipeline)
        before = {graph: sorted(one.lines(graph)) for graph in one.graphs()}
        assert any("/graph/rejected/" in graph for graph in before)
        [told, *_] = corpus.bulk_load(str(tmp_path / "out"), one, pipeline)
        assert (told.replaced, told.refused) == (0, ())
        assert {graph: sorted(one.lines(graph)) for graph in one.graphs()} == before
        ingest.import_reviews([review], other, prepare, pipeline)
        [*corpus.bulk_load(str(tmp_path / "out"), other, pipeline)]
        assert not other.query(f"ASK {{ {excluded} }}")
        ingest.settle(other)
        ingest.settle(one)
        assert sorted(other.lines()) == sorted(one.lines())
        (source / "e.txt").write_text((source / "e.txt").read_text() + "They also discussed rare earths.\n")
        read(source, tmp_path / "later", LocalEngine(1))
        [told, *_] = corpus.bulk_load(str(tmp_path / "later"), one, pipeline, replace=True)
        assert told.replaced
        assert not told.refused
        assert not one.query(f"ASK {{ {excluded} }}")
        assert one.query(f"ASK {{ ?fact <{RDF.object}> <{BASE}id/topic/rare-earths> }}")


def test_a_folder_without_parts_is_told(tmp_path: Path) -> None:
    with open_store("memory:", write=True) as store, pytest.raises(InputError, match="holds no parts"):
        [*corpus.bulk_load(str(tmp_path), store, Pipeline())]


def test_commands_read_and_load_a_corpus(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, store = str(tmp_path / "out"), f"oxigraph:{tmp_path}/store"
    assert run_kg("read", str(source), "--out", out, "--workers", "1") == 2
    told = capsys.readouterr()
    assert "no JSON" in told.err
    numbers = dict(line.rsplit(maxsplit=1) for line in told.out.splitlines())
    assert (numbers["documents"], numbers["rejected"]) == ("10", "2")
    assert run_kg("read", str(source), "--out", out, "--workers", "1", "--json") == 2
    assert capsys.readouterr().out == ""
    assert run_kg("bulk-load", out, "--store", store) == 0
    assert capsys.readouterr().out.startswith("10 documents added, 0 replaced, 0 unchanged")


def run_kg(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_synthetic_documents_come_from_the_seed_alone() -> None:
    assert [*synthetic.documents(5, seed=3)] == [*synthetic.documents(5, seed=3)]
    assert [*synthetic.documents(5, seed=3)] != [*synthetic.documents(5, seed=4)]


def test_synthetic_graphs_are_sound_and_each_of_its_own_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic, "_BASE", 2)
    made = dict(synthetic.quads(5))
    assert made == dict(synthetic.quads(5))
    validator = Pipeline().validator
    for id, quads in made.items():
        own = [line for line in quads if f"/graph/document/{id}>".encode() in line]
        graph = Graph().parse(data=b"".join(map(triple, own)), format="nt")
        assert validator.validate(graph).conforms
        assert all(id.encode() in line.rpartition(b"<")[2] for line in quads)


DEADLY = """
import os

class Deadly:
    name, version = "deadly", "1"

    def extract(self, document, lexicon):
        if "poison" in document.body:
            os.kill(os.getpid(), 9)
        return iter(())
"""


def test_document_that_ends_its_process_is_a_reject_and_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "plugin" / "deadly-1.dist-info"
    info.mkdir(parents=True)
    (tmp_path / "plugin" / "deadly_reader.py").write_text(DEADLY)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[kg.extractors]\ndeadly = deadly_reader:Deadly\n")
    monkeypatch.syspath_prepend(str(tmp_path / "plugin"))
    folder = tmp_path / "corpus"
    folder.mkdir()
    for word in ("fine", "poison", "sound"):
        (folder / f"{word}.txt").write_text(f"A text on {word}.")
    out = Folder(str(tmp_path / "out"), "nquads")
    found = corpus.read_corpus([str(folder)], out, extractor="deadly", max_bytes=1_000, part_size=10_000)
    [*corpus.run(found, LocalEngine(2))]
    [part], rejected = corpus.summary(found)
    assert {*part.documents} == {"fine", "sound"}
    assert [(it.document, it.status) for it in rejected] == [("poison", "failed")]


def test_bulk_load_puts_no_other_document_of_the_same_name_in_the_place_of_one(tmp_path: Path) -> None:
    pipeline = Pipeline()
    for name, text in (("a", "They met in Geneva."), ("b", "Nothing was agreed in Bali.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "readout.txt").write_text(text)
        read(tmp_path / name, tmp_path / f"{name}-out", LocalEngine(1))
    with open_store("memory:", write=True) as store:
        [*corpus.bulk_load(str(tmp_path / "a-out"), store, pipeline)]
        [told] = corpus.bulk_load(str(tmp_path / "b-out"), store, pipeline)
        assert (told.added, told.replaced, len(told.refused)) == (0, 0, 1)
        assert "a/readout.txt" in told.refused[0]
        [again] = corpus.bulk_load(str(tmp_path / "a-out"), store, pipeline)
        assert (again.unchanged, again.refused) == (1, ())
        [replaced] = corpus.bulk_load(str(tmp_path / "b-out"), store, pipeline, replace=True)
        assert replaced.replaced == 1


def test_files_of_a_folder_that_are_not_read_are_named(source: Path, tmp_path: Path) -> None:
    (source / "out.txt").symlink_to("/etc/hostname")
    found = prepared(source, tmp_path / "out")
    assert {it.path.name: it.is_loss for it in found.skipped} == {"notes.docx": True, "out.txt": True}


ONTOLOGY = "https://w3id.org/uschina-kg/ontology#"
THINGS = "https://w3id.org/uschina-kg/id/"


def forged(tmp_path: Path, *lines: str) -> Path:
    """A folder with one part of one good document, and lines that somebody wrote into it by hand."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "readout.txt").write_text(
        "President Joe Biden spoke with Chinese President Xi Jinping by telephone on March 1, 2024."
    )
    read(tmp_path / "a", tmp_path / "out", LocalEngine(1))
    [part] = (tmp_path / "out").glob("part-*.nq")
    part.write_text(part.read_text() + "".join(line + "\n" for line in lines))
    return tmp_path / "out"


def graph(name: str) -> str:
    return f"<https://w3id.org/uschina-kg/graph/{name}>"


CALL = f"<{THINGS}call/2024-03-01-joe-biden-xi-jinping>"
TAIWAN = f"<{THINGS}topic/taiwan>"


@pytest.mark.parametrize("workers", [1, 2])
def test_bulk_load_refuses_a_document_with_an_uncited_triple(tmp_path: Path, workers: int) -> None:
    out = forged(tmp_path, f"{CALL} <{ONTOLOGY}excludedTopic> {TAIWAN} {graph('document/readout')} .")
    with open_store("memory:", write=True) as store:
        [told] = corpus.bulk_load(str(out), store, Pipeline(), workers=workers)
        assert (told.added, len(told.refused)) == (0, 1)
        assert "readout.txt" in told.refused[0]
        assert not store.query(f"ASK {{ ?s <{ONTOLOGY}excludedTopic> {TAIWAN} }}")


def test_bulk_load_finds_anew_what_follows(tmp_path: Path) -> None:
    out = forged(tmp_path, f"{CALL} <{ONTOLOGY}excludedTopic> {TAIWAN} {graph('inferred/readout')} .")
    with open_store("memory:", write=True) as store:
        [told] = corpus.bulk_load(str(out), store, Pipeline())
        assert (told.added, told.refused) == (1, ())
        assert not store.query(f"ASK {{ ?s <{ONTOLOGY}excludedTopic> {TAIWAN} }}")


@pytest.mark.parametrize(
    "line",
    [
        f"{CALL} <{ONTOLOGY}excludedTopic> {TAIWAN} {graph('document/another')} .",
        f"{CALL} <{ONTOLOGY}excludedTopic> {TAIWAN} {graph('ontology')} .",
        f"{CALL} <{ONTOLOGY}excludedTopic> {TAIWAN} .",
        "no quad",
    ],
)
def test_bulk_load_names_lines_that_belong_to_no_document_of_the_part(tmp_path: Path, line: str) -> None:
    out = forged(tmp_path, line)
    with open_store("memory:", write=True) as store:
        [told] = corpus.bulk_load(str(out), store, Pipeline())
        assert told.added == 1
        [problem] = told.refused
        assert "line " in problem
        assert not store.query(f"ASK {{ ?s <{ONTOLOGY}excludedTopic> {TAIWAN} }}")


def test_bulk_load_refuses_an_identifier_that_is_none(tmp_path: Path) -> None:
    out = forged(tmp_path)
    [manifest] = out.glob("part-*.json")
    manifest.write_text(manifest.read_text().replace('"readout": [', '"a> b": ['))
    with open_store("memory:", write=True) as store:
        [told] = corpus.bulk_load(str(out), store, Pipeline())
        assert told.added == 0
        assert "is no identifier of a document" in told.refused[0]
