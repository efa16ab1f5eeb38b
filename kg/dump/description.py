"""Describes a dump with VoID and DCAT: what is in it, how much, and in which files."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from rdflib import DCAT, DCTERMS, OWL, RDF, RDFS, VOID, XSD, Graph, Literal, Namespace, URIRef

from kg.dump.blocks import PREFIXES, short
from kg.resources import vocabulary
from kg.store import Store
from kg.terms import ID, KG, ONTOLOGY

SPDX = Namespace("http://spdx.org/rdf/terms#")
GZIP = URIRef("https://www.iana.org/assignments/media-types/application/gzip")
_MEDIA = "https://www.iana.org/assignments/media-types/"
_DATASET, _RIGHTS = URIRef("#dataset"), URIRef("#rights")
AUTHORITY = Namespace(
    "http://publications.europa.eu/resource/authority/"
)  # the lists that DCAT-AP prescribes
TITLE = Literal("Knowledge graph of U.S.–China relations", lang="en")
ABOUT = Literal(
    "What articles, readouts and statements say of U.S.–China relations: calls, meetings, measures, topics "
    "and claims, each cited to the characters of the document that says it, with who says it and whose "
    "account it is.",
    lang="en",
)
_WHOSE = "Ontology and reference data: CC0 1.0. The texts of documents belong to their publishers."
_KEYWORDS = ("U.S.–China relations", "diplomacy", "foreign policy", "knowledge graph")
_FILE_TYPES = {
    "text/turtle": "RDF_TURTLE",
    "application/trig": "RDF_TRIG",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/n-quads": "RDF_N_QUADS",
    "application/ld+json": "JSON_LD",
    "application/rdf+xml": "RDF_XML",
}

_TOTALS = {
    VOID.triples: "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    VOID.distinctSubjects: "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }",
    VOID.distinctObjects: "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }",
    VOID.classes: "SELECT (COUNT(DISTINCT ?class) AS ?n) WHERE { ?s a ?class }",
    VOID.properties: "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
    VOID.entities: "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE "
    f'{{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{ID}")) }}',
}
_BY_CLASS = "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?class } GROUP BY ?class"
_BY_PROPERTY = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
_PERIOD = (
    "SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) "
    f"WHERE {{ ?document <{KG.digest}> ?digest ; <{DCTERMS.issued}> ?day }}"
)


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file of a dump.

    Attributes:
        name: File name, next to the description.
        media_type: Of what is in it, unpacked.
        size: Bytes.
        sha256: Checksum of the file, hexadecimal.
    """

    name: str
    media_type: str
    size: int
    sha256: str


def describe(store: Store, distributions: Iterable[Distribution]) -> bytes:
    """Turtle that describes the dump; the files are named relative to it, so the folder can be moved.

    It holds no clock time: the period that it states is that of the documents.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, iri in {**PREFIXES, "dcat": DCAT, "spdx": SPDX, "void": VOID}.items():
        graph.bind(prefix, iri)
    _add(graph, _DATASET, RDF.type, VOID.Dataset, DCAT.Dataset)
    _profile(graph)
    _add(graph, _DATASET, VOID.uriSpace, Literal(str(ID)))
    _add(graph, _DATASET, VOID.vocabulary, URIRef(f"{ONTOLOGY}#"))
    _add(graph, _DATASET, OWL.versionInfo, Literal(vocabulary().version))
    for property_, query in _TOTALS.items():
        [(count,)] = store.select(query).texts()
        _add(graph, _DATASET, property_, _number(count))
    _partitions(graph, store)
    _period(graph, store)
    for distribution in distributions:
        _distribution(graph, distribution)
    return graph.serialize(format="turtle", encoding="utf-8")


def _profile(graph: Graph) -> None:
    """What DCAT-AP 3 asks of a dataset and wants of it, as far as it is the same wherever it is served."""
    known: dict[URIRef, tuple[URIRef | Literal, ...]] = {
        DCTERMS.title: (TITLE,),
        DCTERMS.description: (ABOUT,),
        DCTERMS.rights: (_RIGHTS,),
        DCTERMS.language: tuple(AUTHORITY[f"language/{it}"] for it in ("ENG", "ZHO")),
        DCTERMS.spatial: tuple(AUTHORITY[f"country/{it}"] for it in ("USA", "CHN")),
        DCTERMS.accessRights: (AUTHORITY["access-right/PUBLIC"],),
        DCAT.theme: tuple(AUTHORITY[f"data-theme/{it}"] for it in ("INTR", "GOVE")),
        DCAT.keyword: tuple(Literal(it, lang="en") for it in _KEYWORDS),
    }
    for property_, values in known.items():
        _add(graph, _DATASET, property_, *values)
    _add(graph, _RIGHTS, RDF.type, DCTERMS.RightsStatement)
    _add(graph, _RIGHTS, RDFS.label, Literal(_WHOSE, lang="en"))


def _partitions(graph: Graph, store: Store) -> None:
    for class_, count in store.select(_BY_CLASS).texts():
        part = _part("class", str(class_))
        _add(graph, _DATASET, VOID.classPartition, part)
        _add(graph, part, VOID["class"], URIRef(str(class_)))
        _add(graph, part, VOID.entities, _number(count))
    for property_, count in store.select(_BY_PROPERTY).texts():
        part = _part("property", str(property_))
        _add(graph, _DATASET, VOID.propertyPartition, part)
        _add(graph, part, VOID.property, URIRef(str(property_)))
        _add(graph, part, VOID.triples, _number(count))


def _part(kind: str, iri: str) -> URIRef:
    return URIRef(f"#{kind}-{short(iri) or quote(iri, safe='')}")


def _period(graph: Graph, store: Store) -> None:
    [(first, last)] = store.select(_PERIOD).texts()
    if first is None:
        return
    period = URIRef("#period")
    _add(graph, _DATASET, DCTERMS.temporal, period)
    _add(graph, period, RDF.type, DCTERMS.PeriodOfTime)
    _add(graph, period, DCAT.startDate, Literal(first, datatype=XSD.date))
    _add(graph, period, DCAT.endDate, Literal(last, datatype=XSD.date))


def _distribution(graph: Graph, file: Distribution) -> None:
    node, checksum = URIRef(file.name), URIRef(f"#sha256-{file.name}")
    _add(graph, _DATASET, VOID.dataDump, node)
    _add(graph, _DATASET, DCAT.distribution, node)
    _add(graph, node, RDF.type, DCAT.Distribution)
    _add(graph, node, DCAT.accessURL, node)
    _add(graph, node, DCAT.downloadURL, node)
    _add(graph, node, DCTERMS.title, Literal(file.name, lang="en"))
    _add(graph, node, DCTERMS.description, Literal(f"The whole graph as {file.media_type}.", lang="en"))
    _add(graph, node, DCTERMS.rights, _RIGHTS)
    if file.media_type in _FILE_TYPES:
        _add(graph, node, DCTERMS["format"], AUTHORITY[f"file-type/{_FILE_TYPES[file.media_type]}"])
    _add(graph, node, DCAT.mediaType, URIRef(_MEDIA + file.media_type))
    _add(graph, node, DCAT.byteSize, Literal(file.size, datatype=XSD.nonNegativeInteger))
    if file.name.endswith(".gz"):
        _add(graph, node, DCAT.compressFormat, GZIP)
    _add(graph, node, SPDX.checksum, checksum)
    _add(graph, checksum, RDF.type, SPDX.Checksum)
    _add(graph, checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    _add(graph, checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary))


def _add(graph: Graph, subject: URIRef, predicate: URIRef, *objects: URIRef | Literal) -> None:
    for value in objects:
        graph.add((subject, predicate, value))


def _number(count: str | None) -> Literal:
    return Literal(count, datatype=XSD.integer)
