"""Dumps: the same graph gives the same bytes, and every format reads back as the same graph."""

import gzip
import random
import subprocess
import warnings
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kg.dump import FORMATS, dump, write_dump
from kg.dump.order import sort_lines
from kg.errors import InputError, NotFoundError
from kg.store import Store, open_store
from kg.terms import BASE, ONTOLOGY_GRAPH, document_graph, inferred_graph

TRIPLE_FORMATS = ["turtle", "ntriples", "jsonld", "rdfxml"]
GRAPH_FORMATS = ["trig", "nquads"]
ENGINE_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RDFLIB_FORMATS = {
    "turtle": "turtle",
    "trig": "trig",
    "nquads": "nquads",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}

HEADER = f"""
PREFIX kg: <{BASE}ontology#>
PREFIX id: <{BASE}id/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DOCUMENTS = {
    "one": (
        """
        <id/document/one> a kg:Readout ; kg:digest "d1" ; dcterms:issued "2031-03-05"^^xsd:date ;
            dcterms:title "Talks \\"held\\" & <closed>"@en ;
            kg:body "First line\\r\\n\\tSecond line 会谈 🙂 \\\\u0041" .
        <id/meeting/m> a kg:Meeting ; kg:approximate true ; kg:participant <id/person/p>, <id/person/q> ;
            <http://example.org/v/1st> 7 , -3 , 1.5 , "x"^^<http://example.org/a&b> ;
            kg:duration "PT90M"^^xsd:duration .
        """,
        "<id/meeting/m> a kg:Event . <id/person/p> kg:participatedIn <id/meeting/m> .",
    ),
    "two": (
        """
        <id/document/two> a kg:Article ; kg:digest "d2" ; dcterms:issued "2030-01-02"^^xsd:date .
        <id/meeting/m> a kg:Meeting ; kg:participant <id/person/q> .
        <id/person/q> skos:prefLabel "Q"@en , "丘"@zh-Hant ; skos:altLabel "", " padded " , "true" , "]]>" .
        """,
        "<id/meeting/m> a kg:Event .",
    ),
}
ONTOLOGY = "kg:Meeting <http://www.w3.org/2000/01/rdf-schema#subClassOf> [ kg:note kg:Event ] ."


def nt(turtle: str) -> bytes:
    quads = ox.parse(HEADER + turtle, ox.RdfFormat.TURTLE, base_iri=BASE)
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""


def load(store: Store, documents: Iterable[str], lines: random.Random | None = None) -> None:
    store.replace_graphs({str(ONTOLOGY_GRAPH): nt(ONTOLOGY)})
    for name in documents:
        parts = [nt(part).splitlines(keepends=True) for part in DOCUMENTS[name]]
        for part in parts:
            if lines:
                lines.shuffle(part)
        graphs = (str(document_graph(name)), str(inferred_graph(name)))
        store.replace(name, {graph: b"".join(part) for graph, part in zip(graphs, parts, strict=True)})


@pytest.fixture
def store() -> Store:
    opened = open_store("memory:", write=True)
    load(opened, DOCUMENTS)
    return opened


def text(store: Store, format: str, **options: object) -> bytes:
    return b"".join(dump(store, format, **options))  # type: ignore[arg-type]  # the tests choose them


def union(store: Store) -> set[bytes]:
    return set(store.lines())


def read(data: bytes, format: str) -> set[ox.Quad]:
    return set(ox.parse(data, ENGINE_FORMATS[format]))


def quads(store: Store) -> set[ox.Quad]:
    return {
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph))
        for graph in store.graphs()
        for quad in ox.parse(b"".join(store.lines(graph)), ox.RdfFormat.N_TRIPLES)
    }


@pytest.mark.parametrize("format", TRIPLE_FORMATS)
def test_triple_format_reads_back_as_the_union(store: Store, format: str) -> None:
    expected = read(b"".join(store.lines()), "ntriples")
    assert read(text(store, format), format) == expected


@pytest.mark.parametrize("format", GRAPH_FORMATS)
def test_graph_format_reads_back_as_the_named_graphs(store: Store, format: str) -> None:
    assert read(text(store, format), format) == quads(store)


@pytest.mark.parametrize("format", TRIPLE_FORMATS)
def test_rdflib_reads_the_union_too(store: Store, format: str) -> None:
    expected = rdflib.Graph().parse(data=b"".join(store.lines()), format="nt")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's JSON-LD parser warns of its own code
        found = rdflib.Graph().parse(data=text(store, format), format=RDFLIB_FORMATS[format])
    assert isomorphic(found, expected)


@pytest.mark.parametrize("format", FORMATS)
def test_order_of_loading_changes_no_byte(store: Store, format: str, tmp_path: Path) -> None:
    shuffled = open_store(f"oxigraph:{tmp_path}/store", write=True)
    with shuffled:
        load(shuffled, ["two", "one"], random.Random(3))
        load(shuffled, ["two"])
        assert text(shuffled, format) == text(store, format)
    with open_store(f"oxigraph:{tmp_path}/store") as reader:
        assert text(reader, format) == text(store, format)


@pytest.mark.parametrize("format", FORMATS)
def test_one_document_is_its_two_graphs(store: Store, format: str) -> None:
    alone = open_store("memory:", write=True)
    load(alone, ["two"])
    alone.replace_graphs({str(ONTOLOGY_GRAPH): b""})
    assert text(store, format, document_id="two") == text(alone, format)


@pytest.mark.parametrize("format", FORMATS)
def test_ontology_can_be_left_out(store: Store, format: str) -> None:
    without = open_store("memory:", write=True)
    load(without, DOCUMENTS)
    without.replace_graphs({str(ONTOLOGY_GRAPH): b""})
    assert text(store, format, ontology=False) == text(without, format) != text(store, format)


@pytest.mark.parametrize("format", FORMATS)
def test_empty_store_gives_a_file_that_reads_as_nothing(format: str) -> None:
    assert read(text(open_store("memory:"), format), format) == set()


def test_unknown_format_and_document_are_told(store: Store) -> None:
    with pytest.raises(InputError, match="no dump format 'n3'; take turtle, trig"):
        dump(store, "n3")
    with pytest.raises(NotFoundError, match="no document 'three'"):
        dump(store, "turtle", document_id="three")


@pytest.mark.parametrize("format", ["ntriples", "nquads"])
def test_lines_are_sorted_as_other_tools_sort_them(store: Store, format: str, tmp_path: Path) -> None:
    file = tmp_path / "dump"
    file.write_bytes(text(store, format))
    subprocess.run(["sort", "-c", "-u", file], env={"LC_ALL": "C", "PATH": "/bin:/usr/bin"}, check=True)


def test_turtle_looks_like_ours(store: Store) -> None:
    ending = f"""
<{BASE}id/person/p>
    kg:participatedIn <{BASE}id/meeting/m> .

<{BASE}id/person/q>
    skos:altLabel
        " padded " ,
        "" ,
        "]]>" ,
        "true" ;
    skos:prefLabel
        "Q"@en ,
        "丘"@zh-hant .

kg:Meeting
    rdfs:subClassOf <{ONTOLOGY_GRAPH}#c14n0> .
"""
    assert text(store, "turtle").decode()[-len(ending) :] == ending


def one_literal(value: str) -> Store:
    store = open_store("memory:", write=True)
    literal = ox.Literal(value, language="en")
    triple = ox.Triple(ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p"), literal)
    store.replace("a", {str(document_graph("a")): f"{triple} .\n".encode()})
    return store


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_any_text_survives_in_every_format(value: str) -> None:
    """RDF/XML has no control characters; there each becomes U+FFFD, and a comment says so."""
    store = one_literal(value)
    for format in FORMATS:
        [quad] = read(text(store, format), format)
        if format == "rdfxml":
            assert len(quad.object.value) == len(value)
            assert all(
                found in (wanted, "\ufffd") for found, wanted in zip(quad.object.value, value, strict=True)
            )
        else:
            assert quad.object == ox.Literal(value, language="en")


def test_rdfxml_says_which_characters_it_replaced() -> None:
    data = text(one_literal("page\x0cbreak\x00\x0c \ufffe"), "rdfxml")
    assert b"<!-- replaced by U+FFFD: U+0000 U+000C U+FFFE -->" in data
    assert ElementTree.fromstring(data)[0][0].text == "page\ufffdbreak\ufffd\ufffd \ufffd"


def test_rdfxml_refuses_a_property_that_xml_cannot_name() -> None:
    store = open_store("memory:", write=True)
    store.replace_graphs({"http://example.org/g": b'<http://example.org/s> <http://example.org/1> "x" .\n'})
    with pytest.raises(InputError, match=r"cannot name the property <http://example.org/1>"):
        text(store, "rdfxml")


def test_jsonld_refuses_an_iri_that_would_read_as_a_prefixed_name() -> None:
    store = open_store("memory:", write=True)
    store.replace_graphs(
        {"http://example.org/g": b"<http://example.org/s> <http://example.org/p> <org:x> .\n"}
    )
    with pytest.raises(InputError, match="<org:x> as a prefixed name"):
        text(store, "jsonld")


@given(st.lists(st.binary(max_size=4).map(lambda line: line.replace(b"\n", b"") + b"\n")), st.integers(1, 30))
def test_sorting_through_files_equals_sorting_in_memory(lines: list[bytes], chunk: int) -> None:
    assert list(sort_lines(iter(lines), chunk=chunk)) == sorted(set(lines))


@pytest.mark.parametrize("packed", [False, True])
def test_written_dump_has_stable_names_checksums_and_bytes(
    store: Store, tmp_path: Path, packed: bool
) -> None:
    first = write_dump(store, tmp_path / "first", gzip=packed)
    again = open_store("memory:", write=True)
    load(again, ["two", "one"], random.Random(8))
    second = write_dump(again, tmp_path / "second", gzip=packed)
    ending = ".gz" if packed else ""
    suffixes = ["jsonld", "nq", "nt", "rdf", "trig", "ttl"]
    assert [path.name for path in first] == [
        "SHA256SUMS",
        *(f"uschina-kg.{suffix}{ending}" for suffix in suffixes),
        "void.ttl",
    ]
    assert sorted((tmp_path / "first").iterdir()) == first
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "first", check=True)


def test_packed_files_hold_the_plain_ones(store: Store, tmp_path: Path) -> None:
    write_dump(store, tmp_path, ["nquads"], gzip=True)
    assert gzip.decompress((tmp_path / "uschina-kg.nq.gz").read_bytes()) == text(store, "nquads")


def test_description_counts_what_is_there(store: Store, tmp_path: Path) -> None:
    write_dump(store, tmp_path, ["turtle", "nquads"])
    void = rdflib.Graph().parse(tmp_path / "void.ttl")
    dataset = rdflib.URIRef(f"{(tmp_path / 'void.ttl').as_uri()}#dataset")
    assert void.value(dataset, rdflib.VOID.triples).toPython() == store.size == len(union(store))
    classes = {
        void.value(part, rdflib.VOID["class"]): void.value(part, rdflib.VOID.entities).toPython()
        for part in void.objects(dataset, rdflib.VOID.classPartition)
    }
    assert classes[rdflib.URIRef(f"{BASE}ontology#Meeting")] == 1
    assert void.value(dataset, rdflib.VOID.classes).toPython() == len(classes)
    period = void.value(dataset, rdflib.DCTERMS.temporal)
    assert str(void.value(period, rdflib.DCAT.startDate)) == "2030-01-02"
    assert str(void.value(period, rdflib.DCAT.endDate)) == "2031-03-05"
    file = rdflib.URIRef((tmp_path / "uschina-kg.ttl").as_uri())
    data = (tmp_path / "uschina-kg.ttl").read_bytes()
    assert void.value(file, rdflib.DCAT.byteSize).toPython() == len(data)
    checksum = void.value(file, rdflib.URIRef("http://spdx.org/rdf/terms#checksum"))
    value = void.value(checksum, rdflib.URIRef("http://spdx.org/rdf/terms#checksumValue"))
    assert str(value) == sha256(data).hexdigest()


def test_a_dump_that_fails_leaves_the_old_one(store: Store, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in write_dump(store, tmp_path)}
    store.replace(
        "bad", {str(document_graph("bad")): b'<http://example.org/s> <http://example.org/1> "x" .\n'}
    )
    with pytest.raises(InputError, match="RDF/XML"):
        write_dump(store, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot write the dump to .*file"):
        write_dump(store, tmp_path / "file")
