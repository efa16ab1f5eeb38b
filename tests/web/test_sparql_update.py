"""SPARQL Update and the Graph Store Protocol: off unless switched on, and through the same gate as documents."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from kg.errors import QueryTimeoutError
from kg.query_pool import bounded_dry_run
from kg.store import open_store
from kg.terms import document_graph
from tests.web.conftest import EX, FIRST, TOKEN, Reply, Site

FORM, UPDATE = "application/x-www-form-urlencoded", "application/sparql-update"
NOTE = "2026-03-04-note"
GRAPH = str(document_graph(NOTE))
VALID = (Path(__file__).parent.parent / "shapes/document/valid.ttl").read_bytes()
TRIPLES = "\n".join(f"{quad.triple} ." for quad in ox.parse(VALID, ox.RdfFormat.TURTLE))
INSERT = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {TRIPLES} }} }}"
TITLE = "http://purl.org/dc/terms/title"
BEARER = f"Bearer {TOKEN}"


@pytest.fixture(autouse=True)
def _leave_nothing(own_site: Site) -> Iterator[None]:
    yield
    with open_store(own_site.store, write=True) as store:
        store.delete(NOTE)


def update(site: Site, text: str, *fields: tuple[str, str], token: str = BEARER) -> Reply:
    path = f"/sparql?{urlencode(fields)}" if fields else "/sparql"
    return site.send("POST", path, text.encode(), content_type=UPDATE, authorization=token)


def holds(site: Site, pattern: str) -> bool:
    answer = json.loads(site.ask(f"ASK {{ {pattern} }}").body)["boolean"]
    assert isinstance(answer, bool)
    return answer


def graph_path(graph: str = GRAPH) -> str:
    return f"/graphs?graph={quote(graph, safe='')}"


def test_updates_are_off_unless_switched_on(site: Site) -> None:
    assert update(site, INSERT).status == 403
    assert (
        site.send("PUT", graph_path(), VALID, content_type="text/turtle", authorization=BEARER).status == 403
    )
    assert site.send("GET", graph_path(FIRST)).status == 403


@pytest.mark.parametrize("token", ["", "Bearer wrong-token-of-length", TOKEN, f"Basic {TOKEN}"])
def test_update_without_the_token_is_refused(own_site: Site, token: str) -> None:
    reply = update(own_site, INSERT, token=token)
    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert own_site.send("DELETE", graph_path(), authorization=token).status == 401


@pytest.mark.parametrize("way", ["form", "body"])
def test_update_is_seen_by_the_next_query(own_site: Site, way: str) -> None:
    if way == "form":
        body = urlencode({"update": INSERT}).encode()
        reply = own_site.send("POST", "/sparql", body, content_type=FORM, authorization=BEARER)
    else:
        reply = update(own_site, INSERT)
    assert (reply.status, reply.body) == (204, b"")
    assert holds(own_site, f'GRAPH <{GRAPH}> {{ ?d <{TITLE}> "A note"@en }} ?d <{TITLE}> "A note"@en')
    assert holds(own_site, f"GRAPH <{GRAPH.replace('/document/', '/inferred/')}> {{ ?s ?p ?o }}")


def test_steps_of_an_update_build_on_each_other(own_site: Site) -> None:
    change = f'WITH <{GRAPH}> DELETE {{ ?d <{TITLE}> ?t }} INSERT {{ ?d <{TITLE}> "Renamed"@en }} WHERE {{ ?d <{TITLE}> ?t }}'
    assert update(own_site, f"{INSERT} ;\n{change}").status == 204
    assert holds(own_site, f'?d <{TITLE}> "Renamed"@en')
    assert not holds(own_site, f'?d <{TITLE}> "A note"@en')


def test_graph_that_breaks_the_shapes_is_refused_with_the_report(own_site: Site) -> None:
    update(own_site, INSERT)
    broken = f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?e <http://www.w3.org/ns/oa#exact> ?x }} }}"
    reply = update(own_site, broken)
    told = json.loads(reply.body)
    assert (reply.status, reply.type) == (422, "application/problem+json")
    assert "sh:ValidationReport" in told["report"]
    assert "Evidence-exact" in told["report"]
    assert holds(own_site, "?e <http://www.w3.org/ns/oa#exact> ?x")


def test_cleared_graph_takes_what_followed_from_it_along(own_site: Site) -> None:
    update(own_site, INSERT)
    assert update(own_site, f"CLEAR GRAPH <{GRAPH}>").status == 204
    assert not holds(own_site, f"GRAPH ?g {{ ?s ?p ?o }} FILTER(CONTAINS(STR(?g), '{NOTE}'))")


BAD = {
    "the union": (403, "INSERT DATA { <x:a> <x:b> <x:c> }"),
    "a graph of nobody": (403, f"INSERT DATA {{ GRAPH <{EX}new> {{ <x:a> <x:b> <x:c> }} }}"),
    "an inferred graph": (403, f"INSERT DATA {{ GRAPH <{GRAPH.replace('/document/', '/inferred/')}> {{ <x:a> <x:b> <x:c> }} }}"),
    "everything": (403, "CLEAR ALL"),
    "a document from outside": (403, f"LOAD <http://127.0.0.1:1/> INTO GRAPH <{GRAPH}>"),
    "a file": (403, f"LOAD <file:///etc/hostname> INTO GRAPH <{GRAPH}>"),
    "another server": (403, f"INSERT {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} WHERE {{ SERVICE <http://127.0.0.1:1/> {{ ?s ?p ?o }} }}"),
    "syntax": (400, "INSERT DATA { GRAPH }"),
    "a query": (400, "ASK { }"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_update_that_may_not_be_is_a_problem(own_site: Site, case: str) -> None:
    status, text = BAD[case]
    reply = update(own_site, text)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    assert holds(own_site, f"<{EX}a> ?p ?o")


def test_bad_requests_of_updates(own_site: Site) -> None:
    def send(method: str, path: str, body: bytes | None, **headers: str) -> int:
        return own_site.send(method, path, body, authorization=BEARER, **headers).status

    two = urlencode([("update", "CLEAR ALL"), ("update", "CLEAR ALL")]).encode()
    assert send("GET", f"/sparql?{urlencode({'update': 'CLEAR ALL'})}", None) == 400
    assert send("POST", "/sparql", two, content_type=FORM) == 400
    assert send("POST", "/sparql", b"CLEAR ALL", content_type="text/plain") == 415
    assert send("POST", "/sparql", b"update=CLEAR+ALL") == 415
    assert (
        send("POST", "/sparql", b'INSERT DATA { GRAPH <x:y> { <x:a> <x:b> "\xff" } }', content_type=UPDATE)
        == 400
    )
    assert (
        send("POST", "/sparql", "CLEAR ALL".encode("utf-16"), content_type=f"{UPDATE}; charset=utf-16") == 415
    )


def test_graphs_of_the_request_are_what_an_update_reads(own_site: Site) -> None:
    update(own_site, INSERT)
    change = (
        f'INSERT {{ GRAPH <{GRAPH}> {{ ?d <{TITLE}> "Notiz"@de }} }} '
        f"WHERE {{ ?d <{TITLE}> ?t {{ SELECT * WHERE {{ ?d ?p ?o }} }} }}"
    )
    assert update(own_site, change, ("using-graph-uri", FIRST)).status == 204
    assert not holds(own_site, f'?d <{TITLE}> "Notiz"@de')
    named = change.replace("WHERE { ?d", f"WHERE {{ GRAPH <{GRAPH}> {{ ?d <{TITLE}> ?t }} ?d", 1)
    fields = (("using-graph-uri", GRAPH), ("using-named-graph-uri", GRAPH))
    assert update(own_site, named, *fields).status == 204
    assert holds(own_site, f'?d <{TITLE}> "Notiz"@de')


@pytest.mark.parametrize(
    "text",
    [
        f"WITH <{GRAPH}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        f"DELETE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} USING <{GRAPH}> WHERE {{ ?s ?p ?o }}",
        f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}",
    ],
)
def test_graphs_named_in_request_and_update_are_one_too_many(own_site: Site, text: str) -> None:
    assert update(own_site, text, ("using-graph-uri", FIRST)).status == 400


def test_graph_is_put_read_added_to_and_deleted(own_site: Site) -> None:
    def send(method: str, body: bytes | None = None, **headers: str) -> Reply:
        return own_site.send(method, graph_path(), body, authorization=BEARER, **headers)

    assert send("GET").status == 404
    assert send("PUT", VALID, content_type="text/turtle").status == 201
    assert send("PUT", VALID, content_type="text/turtle").status == 204
    more = f'<https://w3id.org/uschina-kg/id/document/{NOTE}> <{TITLE}> "Notiz"@de .'.encode()
    assert send("POST", more, content_type="application/n-triples").status == 204
    got = send("GET", accept="application/n-triples")
    kept = TRIPLES.replace("nonNegativeInteger", "integer").splitlines()
    assert sorted(got.body.decode().splitlines()) == sorted([*kept, more.decode()])
    assert send("DELETE").status == 204
    assert send("DELETE").status == 404


def test_graph_that_cannot_be_stored_is_a_problem(own_site: Site) -> None:
    def put(body: bytes, media_type: str, graph: str = GRAPH) -> int:
        return own_site.send(
            "PUT", graph_path(graph), body, authorization=BEARER, content_type=media_type
        ).status

    assert put(VALID, "text/csv") == 415
    assert put(b"<x:a> <x:b>", "text/turtle") == 400
    lonely = b"<https://w3id.org/uschina-kg/id/call/x> a <https://w3id.org/uschina-kg/ontology#Call> ."
    assert put(lonely, "text/turtle") == 422
    assert put(VALID, "text/turtle", f"{EX}new") == 403
    assert own_site.send("GET", "/graphs").status == 400


def test_union_is_read_as_the_default_graph(own_site: Site) -> None:
    reply = own_site.send("GET", "/graphs?default", accept="application/n-triples", accept_encoding="gzip")
    assert (reply.status, reply.headers["content-encoding"]) == (200, "gzip")


def test_graph_store_is_described_with_token_bodies_and_statuses(own_site: Site) -> None:
    told = json.loads(own_site.send("GET", "/openapi.json").body)["paths"]["/graphs"]
    assert {method: it.get("security") for method, it in told.items()} == {
        "get": None,
        **{method: [{"token": []}] for method in ("put", "post", "delete")},
    }
    assert {*told["get"]["responses"]["200"]["content"]} >= {"text/turtle", "application/n-triples"}
    for method in ("put", "post"):
        assert {*told[method]["requestBody"]["content"]} >= {"text/turtle", "application/rdf+xml"}
        assert told[method]["requestBody"]["required"]
        assert {*told[method]["responses"]} >= {"201", "204", "400", "401", "403", "413", "415", "422"}
    assert {*told["delete"]["responses"]} >= {"204", "401", "404"}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/graphs?default", 403), ("/graphs", 400), ("/graphs?graph=no%20iri", 400), ("/graphs?graf=x", 400)],
)
def test_only_a_named_graph_is_written(own_site: Site, path: str, status: int) -> None:
    for method in ("PUT", "POST", "DELETE"):
        reply = own_site.send(method, path, VALID, authorization=BEARER, content_type="text/turtle")
        assert (reply.status, reply.type) == (status, "application/problem+json")


def test_update_that_takes_too_long_is_ended(own_site: Site) -> None:
    everything = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(5))
    endless = f"INSERT {{ GRAPH <{GRAPH}> {{ ?a0 ?b1 ?c2 }} }} WHERE {{ {everything} }}"
    with open_store(own_site.store) as store, pytest.raises(QueryTimeoutError):
        bounded_dry_run(endless, store, own_site.store, seconds=0.5)
    assert update(own_site, INSERT).status == 204


def test_update_that_does_not_parse_is_told_with_its_place(own_site: Site) -> None:
    reply = update(own_site, "INSERT DATA {\n  x }")
    assert reply.status == 400
    assert json.loads(reply.body)["line"] == 2
