"""The W3C's tests of the SPARQL 1.1 Protocol, the Graph Store Protocol and the Service Description."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
import yaml

from kg.store import Store, open_store
from tests.w3c.results import canonical, graph
from tests.w3c.suite import Case, Request, cases
from tests.web.conftest import TOKEN, Reply, Site, serving

KNOWN = yaml.safe_load((Path(__file__).parent / "known.yaml").read_text(encoding="utf-8"))
HTTP = [case for case in cases() if case.requests]
_FORMATS = {"text/turtle": ox.RdfFormat.TURTLE, "application/n-triples": ox.RdfFormat.N_TRIPLES}
_NAMED = re.compile(rb"<[^<>]*#(c14n\d+)>")  # blank nodes are stored under names (RDF 1.1, section 3.5)
_ROWS = ("application/sparql-results+json", "application/sparql-results+xml")


def _ungated(changes: dict[str, bytes], store: Store, _pipeline: object) -> None:
    store.replace_graphs(changes)


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that takes graphs without a look at the shapes, which these tests know nothing of."""
    url = f"oxigraph:{tmp_path_factory.mktemp('w3c') / 'store'}"
    with open_store(url, write=True):
        pass
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kg.web.sparql.update.edit", _ungated)
        patched.setattr("kg.web.sparql.update.pipeline", lambda: None)
        with serving(url, write_token=TOKEN, updates=True) as site:
            yield site


@pytest.mark.parametrize("case", HTTP, ids=lambda case: case.id)
def test_requests_are_answered_as_expected(open_site: Site, case: Case) -> None:
    found = problem(open_site, case)
    known = next((why for why, ids in KNOWN["http"].items() if case.id in ids), None)
    assert (found is None) == (known is None), found


def problem(site: Site, case: Case) -> str | None:
    """What is wrong with the answers to the requests of a test; nothing if it passes."""
    with open_store(site.store, write=True) as store:
        graphs = {name: b"".join(f"{it} .\n".encode() for it in graph(iri)) for name, iri in case.graphs}
        store.replace_graphs({**dict.fromkeys(store.graphs(), b""), **graphs})
    for number, request in enumerate(case.requests, start=1):
        reply = _send(site, request)
        if wrong := _wrong(request, reply):
            return f"request {number}: {wrong}: {reply.body[:200]!r}"
        if request.location and "location" not in reply.headers:
            return f"request {number}: no Location"
    return None


def _send(site: Site, request: Request) -> Reply:
    path = request.path.replace("/sparql/", "/sparql", 1)
    if path.startswith("/gsp"):
        address = urlsplit(path)
        if address.query or address.path.strip("/") == "gsp":
            path = f"/graphs?{address.query}"
        else:
            path = f"/graphs?graph={quote('http://www.example' + address.path, safe='')}"
    headers = {name.replace("-", "_"): value for name, value in request.headers}
    return site.send(request.method, path, request.body, authorization=f"Bearer {TOKEN}", **headers)


def _wrong(request: Request, reply: Reply) -> str | None:
    if request.statuses and not any(_is(status, reply.status) for status in request.statuses):
        return f"status {reply.status} instead of {', '.join(request.statuses)}"
    if reply.status >= 400:
        return None
    if request.boolean is not None and json.loads(reply.body).get("boolean") is not request.boolean:
        return "another verdict"
    if request.format == "RDF" and reply.type not in _FORMATS:
        return f"type {reply.type}"
    if request.format in ("boolean", "tabular") and reply.type not in _ROWS:
        return f"type {reply.type}"
    if request.expected is not None and request.expected_type is not None and request.method == "GET":
        media_type = request.expected_type.partition(";")[0]
        wanted = ox.parse(request.expected.encode(), _FORMATS[media_type], base_iri="http://www.example/")
        found = ox.parse(_NAMED.sub(rb"_:\1", reply.body), _FORMATS[reply.type])
        if canonical(quad.triple for quad in wanted) != canonical(quad.triple for quad in found):
            return "another graph"
    return None


_STATUSES = {"OK": 200, "Created": 201, "Accepted": 202, "NoContent": 204, "BadRequest": 400, "NotFound": 404,
             "MethodNotAllowed": 405, "NotAcceptable": 406, "Conflict": 409,
             "UnsupportedMediaType": 415}  # fmt: skip


def _is(status: str, number: int) -> bool:
    if status.startswith("StatusCode"):
        return status[10] == str(number)[0]
    return _STATUSES[status] == number


def test_service_is_described(open_site: Site) -> None:
    """`returns-rdf`, `has-endpoint-triple` and `conforms-to-schema`."""
    reply = open_site.send("GET", "/sparql", accept="text/turtle")
    assert (reply.status, reply.type) == (200, "text/turtle")
    told = ox.Store()
    told.extend(ox.parse(reply.body, ox.RdfFormat.TURTLE))
    sd = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>"
    assert told.query(f"{sd} ASK {{ ?service sd:endpoint <{open_site.address}/sparql> }}")
    known = {
        "endpoint", "supportedLanguage", "feature", "resultFormat", "inputFormat", "defaultDataset",
        "defaultGraph", "namedGraph", "defaultEntailmentRegime", "name", "graph", "propertyFeature",
    }  # fmt: skip
    used = {str(quad.predicate.value) for quad in told}
    spoken = {it.rpartition("#")[2] for it in used if "sparql-service-description" in it}
    assert spoken <= known
    for property_, class_ in (("defaultDataset", "Dataset"), ("defaultGraph", "Graph"), ("endpoint", None)):
        typed = f"?value a sd:{class_}" if class_ else "FILTER(isIRI(?value))"
        assert not told.query(
            f"{sd} ASK {{ ?any sd:{property_} ?value FILTER NOT EXISTS {{ ?any a ?domain . {typed} }} }}"
        )
