"""The test suites of the W3C for SPARQL 1.0 and 1.1, read from their manifests."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import pyoxigraph as ox

__all__ = ["BASE", "COMMIT", "Case", "Request", "cases", "text"]

ARCHIVE = Path(__file__).parent / "rdf-tests.tar.xz"
COMMIT = "ad541a5f0479f0798608c4801369d97b8e08b36f"  # of github.com/w3c/rdf-tests
BASE = "http://w3c.example/"  # what the files are relative to

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
# Not what the endpoint promises: what follows from an ontology is stored, other endpoints are not asked.
_LEFT_OUT = ("sparql11/entailment", "sparql11/service", "sparql11/syntax-fed", "sparql11/http-rdf-update")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a test over HTTP, and what is expected of its answer."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None
    location: str | None
    expected_type: str | None
    expected: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """One test.

    Attributes:
        id: Folder and local name.
        kind: Local name of its class, without the version of SPARQL.
        action: IRI of the query or update.
        data: IRIs of the files that make up the default graph.
        graphs: Named graphs, by name the IRI of the file.
        result: IRI of the result, if it is a file.
        result_data: Of an update, the same for what shall be there afterwards.
        result_graphs: Likewise.
        requests: Over HTTP.
        lax: Whether it does not matter how often a row is there.
    """

    id: str
    kind: str
    action: str
    data: tuple[str, ...]
    graphs: tuple[tuple[str, str], ...]
    result: str | None
    result_data: tuple[str, ...]
    result_graphs: tuple[tuple[str, str], ...]
    requests: tuple[Request, ...]
    lax: bool

    @property
    def folder(self) -> str:
        """The folder of the suite that it stands in."""
        return self.id.rpartition("/")[0]


@cache
def _files() -> dict[str, bytes]:
    with tarfile.open(ARCHIVE) as archive:
        members = [it for it in archive.getmembers() if it.isfile()]
        return {it.name: file.read() for it in members if (file := archive.extractfile(it)) is not None}


def text(iri: str) -> bytes:
    """A file of the suites."""
    return _files()[iri.removeprefix(BASE)]


def siblings(iri: str) -> list[str]:
    """The files of the folder of a file."""
    folder = str(PurePosixPath(iri.removeprefix(BASE)).parent)
    return [BASE + name for name in _files() if str(PurePosixPath(name).parent) == folder]


@cache
def cases() -> tuple[Case, ...]:
    """All tests, by folder and in the order of their manifests."""
    manifests = [name for name in sorted(_files()) if PurePosixPath(name).name.startswith("manifest")]
    found = [case for name in manifests for case in _Manifest(BASE + name).cases()]
    return tuple({case.id: case for case in found}.values())


class _Manifest:
    """One manifest; files in it are IRIs below `BASE`."""

    def __init__(self, iri: str) -> None:
        self._iri = iri
        self._folder = iri.removeprefix(f"{BASE}sparql/").rpartition("/")[0]
        self._part = iri.rpartition("/manifest")[2].removesuffix(".ttl") if "graph-store" in iri else ""
        self._graph = ox.Store()
        self._graph.load(text(iri), ox.RdfFormat.TURTLE, base_iri=iri)

    def cases(self) -> Iterator[Case]:
        """The tests that the manifest lists."""
        if self._folder in _LEFT_OUT:
            return
        for entries in self._objects(ox.NamedNode(self._iri), f"{_MF}entries"):
            for node in self._list(entries):
                yield self._case(node)

    def _case(self, node: ox.NamedNode | ox.BlankNode) -> Case:
        kind = next(it.value for it in self._objects(node, f"{_RDF}type")).rpartition("#")[2]
        action = self._one(node, f"{_MF}action")
        result = self._one(node, f"{_MF}result")
        about = action if isinstance(action, ox.BlankNode) else node
        of_query = self._one(about, f"{_QT}query") or self._one(about, f"{_UT}request") or action
        local = node.value.rpartition("#")[2]
        return Case(
            id=f"{self._folder}{self._part}/{local}",
            kind=kind.removesuffix("11"),
            action=of_query.value if isinstance(of_query, ox.NamedNode) else "",
            data=self._values(about, f"{_QT}data") + self._values(about, f"{_UT}data"),
            graphs=self._graphs(about) or self._graphs(node),
            result=result.value if isinstance(result, ox.NamedNode) else None,
            result_data=self._values(result, f"{_UT}data") if isinstance(result, ox.BlankNode) else (),
            result_graphs=self._graphs(result) if isinstance(result, ox.BlankNode) else (),
            requests=tuple(self._requests(action)) if isinstance(action, ox.BlankNode) else (),
            lax=f"{_MF}LaxCardinality" in self._values(node, f"{_MF}resultCardinality"),
        )

    def _graphs(self, node: ox.NamedNode | ox.BlankNode) -> tuple[tuple[str, str], ...]:
        found = []
        for it in [*self._objects(node, f"{_QT}graphData"), *self._objects(node, f"{_UT}graphData")]:
            if isinstance(it, ox.BlankNode):
                file = self._one(it, f"{_QT}graph") or self._one(it, f"{_UT}graph")
                name = self._one(it, _LABEL)
                found.append((name.value, file.value))
            else:
                found.append((it.value, it.value))
        return tuple(found)

    def _requests(self, connection: ox.BlankNode) -> Iterator[Request]:
        listed = self._one(connection, f"{_HT}requests")
        for it in self._list(listed) if listed is not None else ():
            response = self._one(it, f"{_HT}resp")
            told = self._content(response)
            expected_headers = dict(self._headers(response))
            boolean = self._one(response, f"{_MF}expectedBoolean")
            yield Request(
                method=self._one(it, f"{_HT}methodName").value,
                path=self._one(it, f"{_HT}absolutePath").value,
                headers=tuple(self._headers(it)),
                body=self._content(it),
                statuses=tuple(
                    status.rpartition("#")[2] for status in self._values(response, f"{_MF}expectedStatus")
                ),
                boolean=None if boolean is None else boolean.value == "true",
                format=getattr(self._one(response, f"{_MF}expectedFormat"), "value", None),
                location=getattr(self._one(response, f"{_MF}expectedLocation"), "value", None),
                expected_type=expected_headers.get("content-type"),
                expected=None if told is None else told.decode(),
            )

    def _headers(self, node: ox.BlankNode) -> Iterator[tuple[str, str]]:
        listed = self._one(node, f"{_HT}headers")
        for it in self._list(listed) if listed is not None else ():
            yield self._one(it, f"{_HT}fieldName").value.lower(), self._one(it, f"{_HT}fieldValue").value

    def _content(self, node: ox.BlankNode) -> bytes | None:
        body = self._one(node, f"{_HT}body")
        if body is None:
            return None
        encoding = getattr(self._one(body, f"{_CNT}characterEncoding"), "value", "utf-8")
        return self._one(body, f"{_CNT}chars").value.encode(encoding)

    def _objects(self, node, predicate: str) -> list:
        quads = self._graph.quads_for_pattern(node, ox.NamedNode(predicate), None, None)
        return [quad.object for quad in quads]

    def _values(self, node, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(it.value for it in self._objects(node, predicate)))

    def _one(self, node, predicate: str):
        return next(iter(self._objects(node, predicate)), None)

    def _list(self, node) -> Iterator:
        while node is not None and node.value != f"{_RDF}nil":
            yield self._one(node, f"{_RDF}first")
            node = self._one(node, f"{_RDF}rest")
