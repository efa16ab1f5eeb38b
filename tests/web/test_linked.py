"""Every identifier answers for people and for machines; the dumps are whole, named and summed."""

import gzip
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, VOID, Graph, URIRef
from starlette.testclient import TestClient

from kg.dump.description import SPDX
from kg.settings import Settings
from kg.store import open_store
from kg.terms import BASE
from kg.views import entity_triples
from kg.web import create_app
from kg.web.linked_data import identifiers
from tests.conftest import DOCUMENTS

MEETING = "/id/meeting/2023-11-15-joe-biden-xi-jinping"


@pytest.fixture(scope="module")
def client(stored: Callable[..., str]) -> Iterator[TestClient]:
    url = stored(*DOCUMENTS)
    with open_store(url) as store, TestClient(create_app(store, options=Settings(store=url))) as opened:
        yield opened


@pytest.mark.parametrize(
    ("media_type", "suffix", "format"),
    [
        ("text/turtle", "ttl", "turtle"),
        ("application/ld+json", "jsonld", "json-ld"),
        ("application/n-triples", "nt", "nt"),
        ("application/rdf+xml", "rdf", "xml"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib's own JSON-LD parser
def test_thing_that_is_no_document_is_found_at_another_address(
    client: TestClient, media_type: str, suffix: str, format: str
) -> None:
    sent = client.get(MEETING, headers={"accept": media_type}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{MEETING}.{suffix}")
    reply = client.get(f"{MEETING}.{suffix}")
    assert reply.headers["content-type"].startswith(media_type)
    told = Graph().parse(data=reply.content, format=format)
    iris = {str(term) for triple in told for term in triple}
    assert f"{BASE}id/person/xi-jinping" in iris
    assert {str(subject) for subject in told.subjects()} > {f"{BASE}{MEETING[1:]}"}


def test_plain_json_leads_to_the_interface_for_programs(client: TestClient) -> None:
    sent = client.get(MEETING, headers={"accept": "application/json"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["vary"]) == (303, "Accept")
    assert sent.headers["location"].endswith(f"/api/v1/events{MEETING.removeprefix('/id')}")
    assert client.get(sent.headers["location"]).json()["@id"].endswith(MEETING)


def test_shared_link_with_marks_of_who_follows_it_opens_and_others_do_not(client: TestClient) -> None:
    for page in (MEETING, "/events", "/timeline", "/query", "/documents", "/"):
        browser = {"accept": "text/html"}
        assert client.get(f"{page}?utm_source=letter&fbclid=1", headers=browser).status_code == 200
        refused = client.get(f"{page}?partcipant=x", headers=browser)
        assert refused.status_code == 400
        assert "has no parameter" in refused.text
    assert client.get("/query?question=calls&date=2025").status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/documents", "/graphs", "/id/person/xi-jinping", "/reconcile", "/sparql"]
)
def test_options_and_refusals_name_every_method_of_an_address(client: TestClient, path: str) -> None:
    told = client.options(path)
    allowed = told.headers["allow"].split(", ")
    assert (told.status_code, told.content) == (204, b"")
    assert {"GET", "HEAD", "OPTIONS"} <= {*allowed}
    for method in ("GET", "PUT", "POST", "DELETE", "PATCH"):
        reply = client.request(method, path)
        assert (reply.status_code == 405) == (method not in allowed)
        assert reply.status_code != 405 or reply.headers["allow"].split(", ") == allowed


def test_options_of_nothing_are_none(client: TestClient) -> None:
    assert client.options("/nothing/here").status_code == 404


def test_person_asks_for_a_page_and_gets_it(client: TestClient) -> None:
    for path in (MEETING, f"{MEETING}.html"):
        reply = client.get(path, headers={"accept": "text/html,*/*;q=0.5"}, follow_redirects=False)
        assert (reply.status_code, "Joe Biden" in reply.text) == (200, True)


def test_document_is_itself_on_the_web(client: TestClient) -> None:
    path = "/id/document/2023-11-17-woodside-talks"
    reply = client.get(path, headers={"accept": "text/turtle"}, follow_redirects=False)
    assert (reply.status_code, reply.headers["vary"].split(",")[0]) == (200, "Accept")


def test_what_is_unknown_is_told(client: TestClient) -> None:
    assert client.get("/id/person/nobody-at-all.ttl").status_code == 404
    assert client.get("/id/person/nobody-at-all", headers={"accept": "text/turtle"}).status_code == 404
    assert client.get(MEETING, headers={"accept": "image/png"}).status_code == 406


def test_long_lists_of_triples_are_paged(client: TestClient) -> None:
    first = client.get("/id/country/china.nt")
    links = first.headers["link"]
    assert 'rel="first"' in links
    assert client.get("/id/country/china.nt?page=999").status_code == 404
    assert first.content.count(b"\n") <= 1000


def test_ontology_answers_in_turtle_and_as_a_page(client: TestClient) -> None:
    turtle = client.get("/ontology", headers={"accept": "text/turtle"})
    assert len(Graph().parse(data=turtle.text, format="turtle")) > 500
    assert 'id="excludedTopic"' in client.get("/ontology", headers={"accept": "text/html"}).text
    assert client.get("/ontology/context.jsonld").json()["@context"]
    assert len(Graph().parse(data=client.get("/shapes.ttl").text, format="turtle")) > 500


def test_dumps_are_listed_whole_and_summed(client: TestClient) -> None:
    for _ in range(20):  # they are made in the background
        index = client.get("/dumps/")
        if index.status_code == 200:
            break
        assert index.headers["retry-after"]
    assert "uschina-kg.ttl.gz" in index.text
    data = client.get("/dumps/uschina-kg.nq.gz")
    sums = client.get("/dumps/SHA256SUMS").text
    assert f"{sha256(data.content).hexdigest()}  uschina-kg.nq.gz" in sums
    assert gzip.decompress(data.content).count(b"\n") > 1000
    again = client.get("/dumps/uschina-kg.nq.gz", headers={"if-none-match": data.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/dumps/other.txt").status_code == 404


def test_description_names_files_and_services_in_every_form(client: TestClient) -> None:
    sent = client.get("/.well-known/void", follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/void")
    _make_dumps(client)
    for media_type, format in (("text/turtle", "turtle"), ("application/rdf+xml", "xml")):
        reply = client.get("/void", headers={"accept": media_type})
        described = Graph().parse(data=reply.content, format=format)
        [dataset] = described.subjects(VOID.sparqlEndpoint, URIRef("http://testserver/sparql"))
        assert (dataset, VOID.dataDump, URIRef("http://testserver/dumps/uschina-kg.ttl.gz")) in described
        services = set(described.objects(None, DCAT.endpointURL))
        assert services == {URIRef("http://testserver/sparql"), URIRef("http://testserver/api/v1")}


# What DCAT-AP 3.0 makes mandatory, by class.
MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
    FOAF.Agent: (FOAF.name,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
RECOMMENDED = {
    DCAT.Catalog: (DCAT.dataset, DCAT.service, DCTERMS.language, DCAT.themeTaxonomy, FOAF.homepage),
    DCAT.Dataset: (
        DCAT.distribution,
        DCAT.keyword,
        DCTERMS.publisher,
        DCTERMS.spatial,
        DCTERMS.temporal,
        DCAT.theme,
    ),
    DCAT.Distribution: (DCTERMS.description, DCTERMS["format"]),
    DCAT.DataService: (DCAT.endpointDescription, DCAT.servesDataset),
}


def _make_dumps(client: TestClient) -> None:
    assert any(client.get("/dumps/").status_code == 200 for _ in range(40))  # each waits for a while


def test_description_has_what_dcat_ap_asks_for(client: TestClient) -> None:
    _make_dumps(client)
    told = Graph().parse(data=client.get("/void").text, format="turtle")
    for class_, properties in MANDATORY.items():
        for node in told.subjects(RDF.type, class_):
            assert not [it for it in properties if (node, it, None) not in told], node
        assert any(told.subjects(RDF.type, class_))
    for class_, properties in RECOMMENDED.items():
        things = [*told.subjects(RDF.type, class_)]
        assert not [it for it in properties if not any((node, it, None) in told for node in things)], class_
    kinds = {(DCTERMS.publisher, FOAF.Agent), (DCAT.themeTaxonomy, SKOS.ConceptScheme),
             (DCTERMS.rights, DCTERMS.RightsStatement), (SPDX.checksum, SPDX.Checksum)}  # fmt: skip
    for property_, class_ in kinds:
        assert {*told.objects(None, property_)} <= {*told.subjects(RDF.type, class_)}, property_


def test_dump_is_not_sent_again_to_who_has_it(client: TestClient) -> None:
    first = client.get("/dumps/void.ttl")
    assert first.headers["etag"] == f'"{sha256(first.content).hexdigest()}"'
    for known in (
        {"if-none-match": first.headers["etag"]},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = client.get("/dumps/void.ttl", headers=known)
        assert (again.status_code, again.content) == (304, b"")
    part = client.get("/dumps/void.ttl", headers={"range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, first.content[:7])


def test_kept_dumps_are_served_at_once_after_a_start(tmp_path: Path) -> None:
    url, kept = f"oxigraph:{tmp_path / 'store'}", tmp_path / "dumps"
    with open_store(url, write=True) as store:
        store.replace_graphs({"http://example.org/g": b'<http://example.org/a> <http://example.org/p> "x" .'})
    options = Settings(store=url, dumps=kept, log_format="off")  # type: ignore[arg-type]
    for is_first in (True, False):
        with open_store(url) as store, TestClient(create_app(store, options=options)) as opened:
            while (reply := opened.get("/dumps/uschina-kg.nt.gz")).status_code == 503:
                assert is_first
            assert b"example.org/a" in gzip.decompress(reply.content)
    assert len([*kept.iterdir()]) == 1


def test_json_suffix_leads_to_the_interface_for_programs(client: TestClient) -> None:
    for path in (MEETING, "/id/person/xi-jinping", "/id/document/2023-11-17-woodside-talks"):
        reply = client.get(f"{path}.json")
        assert (reply.status_code, reply.json()["@id"]) == (200, f"{BASE}{path[1:]}")


def test_pages_of_triples_hold_each_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/id/country/china.nt").content.splitlines()
    monkeypatch.setattr(identifiers, "PAGE", 40)
    monkeypatch.setattr(identifiers, "around", partial(entity_triples.around, size=40))
    found: list[bytes] = []
    at: str | None = "/id/country/china.nt?page=1"
    while at:
        reply = client.get(at)
        found += reply.content.splitlines()
        at = next(
            (it.split(">")[0][1:] for it in reply.headers["link"].split(", ") if 'rel="next"' in it), None
        )
    assert len(found) > 40
    assert sorted(found) == sorted(whole)


@pytest.mark.parametrize("path", ["graph/ontology", "graph/document/{}", "graph/inferred/{}"])
@pytest.mark.parametrize("media_type", ["text/turtle", "application/n-triples"])
def test_a_named_graph_answers_at_the_path_of_its_iri(client: TestClient, path: str, media_type: str) -> None:
    document = f"{BASE}id/document/2023-11-17-woodside-talks"
    reply = client.get("/" + path.format("2023-11-17-woodside-talks"), headers={"accept": media_type})
    assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (200, media_type)
    told = Graph().parse(data=reply.content, format="turtle")
    subjects = {str(subject) for subject in told.subjects()}
    assert (f"{BASE}ontology" if path == "graph/ontology" else document) in subjects


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/graph/ontology", "/ontology"),
        ("/graph/inferred/2023-11-17-woodside-talks", "/id/document/2023-11-17-woodside-talks"),
    ],
)
def test_a_browser_is_led_from_a_graph_to_its_page(client: TestClient, path: str, page: str) -> None:
    sent = client.get(path, headers={"accept": "text/html,*/*;q=0.8"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, page)


def test_a_graph_that_is_not_there_is_a_problem(client: TestClient) -> None:
    assert client.get("/graph/document/nobody", headers={"accept": "text/turtle"}).status_code == 404


def test_the_version_iri_of_the_ontology_answers(client: TestClient) -> None:
    ontology = client.get("/ontology.ttl")
    [version] = Graph().parse(data=ontology.content).objects(URIRef(f"{BASE}ontology"), OWL.versionIRI)
    reply = client.get("/" + str(version).removeprefix(BASE), headers={"accept": "text/turtle"})
    assert (reply.status_code, reply.content) == (200, ontology.content)
    assert client.get("/ontology/0.0.1").status_code == 404
