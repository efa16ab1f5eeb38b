"""Unknown names are listed for review, with where they stand, and linked to nothing."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import RDF, SKOS, Graph, URIRef

from kg import read
from kg.cli import cli
from kg.extract.candidates import Candidate, gather, sightings, turtle
from kg.ingest import Pipeline, load_document, put_ontology, stored_document, stored_documents
from kg.lexicon import Lexicon
from kg.model import Document
from kg.store import open_store
from kg.terms import ID, KG

FIRST = (
    "Commerce Minister Wen Lanting met with U.S. Treasury Secretary Scott Bessnt on Monday. "
    'Xi Jinping said that the Harbor Trade Institute had written to him. "We will see," said Wen Lanting.'
)
SECOND = (
    "The Harbor Trade Institute welcomed what Wen Lanting had said about trade with President Xi Jinping."
)


def found(lexicon: Lexicon, *bodies: str) -> dict[str, Candidate]:
    documents = [Document(id=f"d{number}", body=body) for number, body in enumerate(bodies, start=1)]
    return {candidate.name: candidate for candidate in gather(sightings(documents, lexicon), lexicon)}


def test_unknown_names_are_counted_over_documents_with_one_citation_each(lexicon: Lexicon) -> None:
    wen = found(lexicon, FIRST, SECOND)["Wen Lanting"]
    assert (wen.kind, wen.count, [place.document for place in wen.sightings]) == ("Person", 3, ["d1", "d2"])
    for place, body in zip(wen.sightings, (FIRST, SECOND), strict=True):
        assert body[place.passage.start : place.passage.end] == place.passage.exact == "Wen Lanting"
        assert place.passage.exact in place.context


def test_kind_is_guessed_from_the_words_of_a_name(lexicon: Lexicon) -> None:
    assert found(lexicon, FIRST)["Harbor Trade Institute"].kind == "ThinkTank"


def test_known_names_are_no_candidates(lexicon: Lexicon) -> None:
    assert not [name for name in found(lexicon, FIRST, SECOND) if "Xi" in name]


def test_another_spelling_of_a_known_name_is_told_but_not_linked(lexicon: Lexicon) -> None:
    bessent = found(lexicon, FIRST)["Scott Bessnt"]
    assert [entry.iri for entry in bessent.resembles] == [str(ID["person/scott-bessent"])]


def test_text_in_another_language_is_left_alone(lexicon: Lexicon) -> None:
    assert [*sightings([Document(id="zh", body="习近平会见了客人。", language="zh")], lexicon)] == []


def test_turtle_holds_an_entry_for_each_candidate(lexicon: Lexicon) -> None:
    graph = Graph().parse(data=turtle(found(lexicon, FIRST).values()), format="turtle")
    assert (ID["organization/harbor-trade-institute"], RDF.type, KG.ThinkTank) in graph
    labels = {str(label) for label in graph.objects(ID["person/wen-lanting"], SKOS.prefLabel)}
    assert labels == {"Wen Lanting"}
    assert {type(node) for node in graph.all_nodes()} >= {URIRef}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["candidates", *arguments])


@pytest.fixture
def text(tmp_path: Path) -> str:
    (tmp_path / "first.txt").write_text(FIRST, encoding="utf-8")
    return str(tmp_path / "first.txt")


def test_command_lists_candidates_of_files(text: str) -> None:
    assert "Wen Lanting" in run(text).stdout
    rows = [*csv.DictReader(io.StringIO(run(text, "--format", "csv").stdout))]
    assert {row["name"]: row["may be"] for row in rows}["Harbor Trade Institute"] == "ThinkTank"
    [wen] = [it for it in json.loads(run(text, "--json").stdout) if it["name"] == "Wen Lanting"]
    assert (wen["count"], wen["documents"][0]["start"]) == (2, FIRST.index("Wen"))
    assert run(text, "--least", "2", "--turtle").stdout.count("skos:prefLabel") == 0


def test_bad_file_harms_no_other(text: str) -> None:
    Path(text).with_name("empty.txt").write_bytes(b"")
    result = run(str(Path(text).parent))
    assert result.exit_code == 1
    assert "Wen Lanting" in result.stdout
    assert "empty" in result.stderr


def test_command_lists_candidates_of_the_store(text: str, tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    assert CliRunner().invoke(cli, ["load", text, "--quiet", "--store", url]).exit_code == 0
    assert run("--json", "--store", url).stdout == run(text, "--json").stdout
    with open_store(url) as store:
        [document] = stored_documents(store)
        assert document == stored_document(document.id, store)
        assert (document.body, document.kind, document.title) == (FIRST, "Article", None)


def test_stored_documents_are_given_back_as_they_were_read() -> None:
    """All but the file's name."""
    folder = Path(__file__).parent / "documents"
    with open_store("memory:", write=True) as store:
        pipeline = Pipeline()
        put_ontology(store, pipeline)
        read_ones = [it for path in sorted(folder.iterdir()) for it in read.read(path, max_bytes=10_000)]
        for document in read_ones:
            load_document(document, store, pipeline)
        given = [*stored_documents(store)]
    assert [replace(it, source="") for it in given] == [replace(it, source="") for it in read_ones]
