"""The generated pages are those of the repository, and the JSON-LD context loses nothing."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from rdflib.compare import isomorphic

from kg import docs, graph
from kg.docs import source
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Passage, Term
from kg.queries import catalogue
from kg.resources import folder
from kg.terms import BASE, KG

ROOT = Path(__file__).parent.parent
CONTEXT = json.loads((folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))["@context"]


def test_generated_pages_are_up_to_date() -> None:
    assert docs.stale(ROOT / "docs" / "reference") == []


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {path.name: text for path, text in docs.pages(Path("reference")).items()}


def test_missing_and_changed_pages_are_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "folder", lambda name: tmp_path / name)
    monkeypatch.setattr(docs, "_PAGES", {name: lambda name=name: name for name in ("terms.md", "topics.md")})
    names = sorted(map(str, docs.pages(tmp_path / "reference")))
    assert docs.stale(tmp_path / "reference") == names
    docs.write(tmp_path / "reference")
    assert docs.stale(tmp_path / "reference") == []
    (tmp_path / "reference" / "terms.md").write_text("changed", encoding="utf-8")
    assert docs.stale(tmp_path / "reference") == [str(tmp_path / "reference" / "terms.md")]


def test_every_term_has_one_entry(pages: dict[str, str]) -> None:
    terms = {source.local(term) for term in source.ontology().subjects(RDFS.isDefinedBy)}
    for term in sorted(terms):
        assert pages["terms.md"].count(f'<a id="{term}"></a>') == 1, term


def test_every_topic_stands_below_its_broader_one(pages: dict[str, str]) -> None:
    lines = pages["topics.md"].splitlines()
    for topic, broader in source.topics().subject_objects(SKOS.broader):
        above, below = (_line(lines, source.local(node)) for node in (broader, topic))
        assert _depth(lines[below]) == _depth(lines[above]) + 1
        assert all(_depth(line) > _depth(lines[above]) for line in lines[above + 1 : below + 1])


def _line(lines: list[str], slug: str) -> int:
    return next(number for number, line in enumerate(lines) if f'<a id="{slug}">' in line)


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip())) // 2


def test_every_setting_is_described(pages: dict[str, str]) -> None:
    assert "| `KG_BASE_IRI` |" in pages["settings.md"]
    assert "None" not in pages["settings.md"]


def test_every_message_of_a_shape_is_told(pages: dict[str, str]) -> None:
    for message in source.shapes().objects(predicate=URIRef("http://www.w3.org/ns/shacl#message")):
        assert str(message) in pages["shapes.md"]


def test_every_question_is_shown_with_its_command(pages: dict[str, str]) -> None:
    for name in catalogue():
        assert f"kg ask {name}" in pages["queries.md"]


BODY = "The presidents spoke by telephone. Cotton was not raised. “We shall talk again,” one said."
LEADERS = (
    Entity("Leader", "Xi Jinping", f"{BASE}id/person/xi-jinping"),
    Entity("Leader", "Joe Biden", f"{BASE}id/person/joe-biden"),
)
COTTON = Entity("Topic", "cotton", f"{BASE}id/topic/cotton")


def built() -> Graph:
    passage = Passage(0, 14, BODY[:14])
    call = Event("Call", passage, "2021-02", LEADERS)
    described: list[tuple[str, Term]] = [
        ("type", Name("Call")), ("date", Literal("2021-02", "gYearMonth")), ("status", Name("Occurred")),
        ("duration", Literal("PT2H", "duration")), ("approximate", Literal("true", "boolean")),
        ("excludedTopic", COTTON), ("participant", LEADERS[0]), ("participant", LEADERS[1]),
    ]  # fmt: skip
    facts = [
        Fact(evidence=(passage,), subject=call, predicate=name, object=value) for name, value in described
    ]
    claim = Claim(
        evidence=(passage,), claimants=(Entity("Group", "analysts"),), cue="said", in_event=call,
        kind="Prediction", content="“We shall talk again”", about=(COTTON,),
    )  # fmt: skip
    document = Document("a", BODY, title="A call", published="2021-03-01", url="https://example.org/a")
    return graph.build(
        document, [*facts, claim], graph.Provenance("test 1", "1.0.0", "abc"), publisher=LEADERS[0]
    )


# rdflib's reader of JSON-LD still uses a class of rdflib that is deprecated.
reads_json_ld = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@reads_json_ld
def test_context_round_trips_a_document_through_rdflib() -> None:
    text = built().serialize(format="json-ld", context=CONTEXT)
    assert isomorphic(Graph().parse(data=text, format="json-ld"), built())


def test_context_means_the_same_to_another_reader() -> None:
    text = built().serialize(format="json-ld", context=CONTEXT)
    triples = "".join(f"{triple} .\n" for triple in ox.parse(text, ox.RdfFormat.JSON_LD))
    assert isomorphic(Graph().parse(data=triples, format="nt"), built())


def test_compacted_names_are_short() -> None:
    nodes = json.loads(built().serialize(format="json-ld", context=CONTEXT))["@graph"]
    [call] = [node for node in nodes if node.get("@type") == "Call"]
    assert (call["status"], call["duration"], call["excludedTopic"]) == ("Occurred", "PT2H", COTTON.iri)
    assert call["date"] == {"@type": "xsd:gYearMonth", "@value": "2021-02"}
    [document] = [node for node in nodes if node.get("@type") == "Article"]
    assert document["title"] == {"en": "A call"}


@reads_json_ld
def test_hand_written_json_ld_is_read() -> None:
    text = json.dumps({
        "@context": CONTEXT, "@id": "id:person/somebody", "@type": "Official",
        "prefLabel": {"en": "Some Body", "zh": "某人"}, "altLabel": {"en": ["Body", "S. Body"]},
        "represents": "id:country/china",
    })  # fmt: skip
    read = Graph().parse(data=text, format="json-ld")
    person = URIRef(f"{BASE}id/person/somebody")
    assert (person, RDF.type, KG.Official) in read
    assert (person, KG.represents, URIRef(f"{BASE}id/country/china")) in read
    assert sorted(f"{name.n3()}" for name in read.objects(person, SKOS.altLabel)) == [
        '"Body"@en',
        '"S. Body"@en',
    ]
