"""The SPARQL 1.1 Protocol for queries, over real HTTP."""

import csv
import gzip
import http.client
import io
import json
from contextlib import closing
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from kg.errors import QuerySyntaxError
from kg.store import open_store
from kg.store.results import ROW_FORMATS, TRIPLE_FORMATS
from tests.web.conftest import EX, FIRST, SECOND, Site

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
ALL = f"SELECT DISTINCT ?s ?o WHERE {{ ?s <{EX}p> ?o }}"
GRAPHS = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s <{EX}p> ?o }} }}"


def subjects(body: bytes) -> list[str]:
    rows = json.loads(body)["results"]["bindings"]
    return sorted(row["s"]["value"].removeprefix(EX) for row in rows)


def test_query_by_get_form_and_body_give_the_same(site: Site) -> None:
    by_get = site.ask(ALL)
    by_form = site.send("POST", "/sparql", urlencode({"query": ALL}).encode(), content_type=FORM)
    by_body = site.send("POST", "/sparql", ALL.encode(), content_type=f"{QUERY}; charset=UTF-8")
    assert by_get.body == by_form.body == by_body.body
    assert (by_get.status, by_get.type) == (200, "application/sparql-results+json")
    assert subjects(by_get.body) == ["a", "b", "both"]


@pytest.mark.parametrize(
    ("default", "named", "expected"),
    [
        ([FIRST], [], ["a", "both"]),
        ([FIRST, SECOND], [], ["a", "b", "both"]),
        ([], [FIRST], []),
        ([SECOND], [FIRST], ["b", "both"]),
    ],
    ids=["one default graph", "two default graphs", "only a named graph", "both"],
)
@pytest.mark.parametrize("way", ["get", "form", "body"])
def test_dataset_of_the_request_is_what_a_query_sees(
    site: Site, way: str, default: list[str], named: list[str], expected: list[str]
) -> None:
    fields = [("default-graph-uri", graph) for graph in default]
    fields += [("named-graph-uri", graph) for graph in named]
    if way == "get":
        reply = site.ask(ALL, *fields)
    elif way == "form":
        body = urlencode([("query", ALL), *fields]).encode()
        reply = site.send("POST", "/sparql", body, content_type=FORM)
    else:
        reply = site.send("POST", f"/sparql?{urlencode(fields)}", ALL.encode(), content_type=QUERY)
    assert subjects(reply.body) == expected


def test_named_graphs_of_the_request_are_what_graph_sees(site: Site) -> None:
    everything = json.loads(site.ask(GRAPHS).body)["results"]["bindings"]
    only = json.loads(site.ask(GRAPHS, ("named-graph-uri", SECOND)).body)["results"]["bindings"]
    none = json.loads(site.ask(GRAPHS, ("default-graph-uri", FIRST)).body)["results"]["bindings"]
    assert (len(everything), [row["g"]["value"] for row in only], none) == (2, [SECOND], [])


def test_dataset_of_the_request_wins_over_that_of_the_query(site: Site) -> None:
    query = f"SELECT ?s FROM <{FIRST}> WHERE {{ ?s <{EX}p> ?o }}"
    assert subjects(site.ask(query).body) == ["a", "both"]
    assert subjects(site.ask(query, ("default-graph-uri", SECOND)).body) == ["b", "both"]


def test_union_counts_a_triple_of_two_graphs_once(site: Site) -> None:
    reply = site.ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ <{EX}both> ?p ?o }}", accept="text/csv")
    assert reply.body == b"n\r\n1\r\n"


BAD = {
    "method": (405, "PUT", "/sparql?query=ASK%7B%7D", b"", {}),
    "method DELETE": (405, "DELETE", "/sparql?query=ASK%7B%7D", None, {}),
    "two queries by GET": (400, "GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}),
    "two queries by POST": (400, "POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", {"content_type": FORM}),
    "query and update": (400, "POST", "/sparql", b"query=ASK%7B%7D&update=CLEAR+ALL", {"content_type": FORM}),
    "query in address and body": (400, "POST", "/sparql?query=ASK%7B%7D", b"ASK {}", {"content_type": QUERY}),
    "wrong media type": (415, "POST", "/sparql", b"ASK {}", {"content_type": "text/plain"}),
    "form without its type": (415, "POST", "/sparql", b"query=ASK%7B%7D", {}),
    "query without its type": (415, "POST", "/sparql", b"ASK {}", {}),
    "charset": (415, "POST", "/sparql", "ASK {}".encode("utf-16"), {"content_type": f"{QUERY}; charset=UTF-16"}),
    "not UTF-8": (400, "POST", "/sparql", b'ASK { ?s ?p "\xff" }', {"content_type": QUERY}),
    "not UTF-8 in a form": (400, "POST", "/sparql", b"query=%FF", {"content_type": FORM}),
    "not UTF-8 in the address": (400, "GET", "/sparql?query=%C3%28", None, {}),
    "syntax": (400, "GET", "/sparql?query=SELECT+nothing+WHERE", None, {}),
    "two queries in one": (400, "GET", "/sparql?query=ASK%7B%7D+ASK%7B%7D", None, {}),
    "an update as a query": (400, "GET", "/sparql?query=CLEAR+ALL", None, {}),
    "an update by GET": (400, "GET", "/sparql?update=CLEAR+ALL", None, {}),
    "empty query": (400, "GET", "/sparql?query=", None, {}),
    "graph that is no IRI": (400, "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=not+an+iri", None, {}),
    "timeout that is no number": (400, "GET", "/sparql?query=ASK%7B%7D&timeout=soon", None, {}),
    "timeout below zero": (400, "GET", "/sparql?query=ASK%7B%7D&timeout=-1", None, {}),
    "form of a thousand fields": (400, "POST", "/sparql", b"x=1&" * 1500 + b"query=ASK%7B%7D", {"content_type": FORM}),
    "answer that nobody gives": (406, "GET", "/sparql?query=ASK%7B%7D", None, {"accept": "image/png"}),
    "rows as RDF": (406, "GET", "/sparql?query=ASK%7B%7D", None, {"accept": "text/turtle"}),
    "triples as rows": (406, "GET", "/sparql?query=DESCRIBE+%3Cx%3Ay%3E", None, {"accept": "text/csv"}),
    "refused outright": (406, "GET", "/sparql?query=ASK%7B%7D", None, {"accept": "*/*;q=0"}),
    "query too long": (413, "POST", "/sparql", b"#" * 300_000, {"content_type": QUERY}),
    "update where there are none": (403, "POST", "/sparql", b"update=CLEAR+ALL", {"content_type": FORM}),
    "call of another server": (403, "GET", f"/sparql?query={quote('ASK { SERVICE <http://127.0.0.1/> { } }')}", None, {}),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_request_is_a_problem_document(site: Site, case: str) -> None:
    status, method, path, body, headers = BAD[case]
    reply = site.send(method, path, body, **headers)
    told = json.loads(reply.body)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    assert told["status"] == status
    assert told["detail"]
    assert told["type"].startswith("https://")


def test_syntax_error_names_line_and_column(site: Site) -> None:
    told = json.loads(site.ask("SELECT ?s WHERE {\n  ?s ?p }").body)
    assert (told["line"], told["column"]) == (2, 10)


SYNTAX_ERRORS = {
    "SELECT ?s WHERE { ?s ex:a ?o }": "line 1, column 22: the prefix ex: is not declared",
    'PREFIX a: <x:> ASK { a:b a:c "ex:d" # ex:e\n ; ex:f 1 }': "line 2, column 4: the prefix ex: is not declared",
    "ASK { ?s ?p [ ex:a 1 }": "line 1, column 15: the prefix ex: is not declared",
    "SELECT (SUM(?x) AS ?n) ?y { ?s ?x ?y }": "The SELECT contains a variable that is unbound",
    "SELECT * { ?s": "expected one of ",
    "ASK { ?s ?p ?o ": "expected one of ",
    "": "this is not expected here",
}  # fmt: skip


@pytest.mark.parametrize("query", SYNTAX_ERRORS)
def test_syntax_error_is_told_in_words_of_whoever_asks_over_http_and_in_the_process(
    site: Site, query: str
) -> None:
    told = site.send("POST", "/sparql", query.encode(), content_type="application/sparql-query")
    detail = json.loads(told.body)["detail"]
    assert SYNTAX_ERRORS[query] in detail
    assert "['0'" not in detail
    with open_store("memory:") as store, pytest.raises(QuerySyntaxError) as raised:
        store.query(query)
    assert str(raised.value) == detail


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("text/csv;q=0.1, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/*", "text/csv"),
        ("text/*, text/csv;q=0", "text/tab-separated-values"),
        ("text/turtle, application/json;q=0.5", "application/json"),
        (
            "application/sparql-results+json;q=0.2, text/tab-separated-values;q=0.3",
            "text/tab-separated-values",
        ),
        ("APPLICATION/SPARQL-RESULTS+XML", "application/sparql-results+xml"),
        ("image/png, */*;q=0.01", "application/sparql-results+json"),
        ("text/csv;header=present", "text/csv"),
        ('text/csv; x="a, image/png; q=0"; q=0.9, */*; q=0.1', "text/csv"),
        ('application/sparql-results+json;profile="http://a/b"', "application/sparql-results+json"),
    ],
)
def test_format_follows_the_accept_header(site: Site, accept: str, expected: str) -> None:
    reply = site.ask(ALL, accept=accept)
    assert (reply.status, reply.type) == (200, expected)
    assert "Accept" in reply.headers["vary"]


@pytest.mark.parametrize("format", ROW_FORMATS)
def test_rows_round_trip(site: Site, format: str) -> None:
    query = (
        'SELECT ?a ?b ?c WHERE { VALUES (?a ?b ?c) { (<http://example.org/x> "d\\"e\\n,f\\t<&>"@en UNDEF)'
        ' (1.5 "通话" true) ("" UNDEF "2025-06-05"^^<http://www.w3.org/2001/XMLSchema#date>) } }'
    )
    reply = site.ask(query, accept=ROW_FORMATS[format].media_type)
    direct = ox.Store().query(query)
    if format == "csv":  # keeps no types, so it is compared as text
        assert list(csv.reader(io.StringIO(reply.body.decode()))) == [
            ["a", "b", "c"], ["http://example.org/x", 'd"e\n,f\t<&>', ""], ["1.5", "通话", "true"],
            ["", "", "2025-06-05"],
        ]  # fmt: skip
        return
    got = ox.parse_query_results(reply.body, ROW_FORMATS[format])
    assert isinstance(got, ox.QuerySolutions)
    assert isinstance(direct, ox.QuerySolutions)
    assert [[*row] for row in got] == [[*row] for row in direct]


@pytest.mark.parametrize("format", ["json", "xml"])
def test_verdict_round_trips(site: Site, format: str) -> None:
    reply = site.ask("ASK { ?s ?p ?o }", accept=ROW_FORMATS[format].media_type)
    got = ox.parse_query_results(reply.body, ROW_FORMATS[format])
    assert isinstance(got, ox.QueryBoolean)
    assert bool(got)


@pytest.mark.parametrize("format", TRIPLE_FORMATS)
@pytest.mark.parametrize("query", [f"CONSTRUCT WHERE {{ <{EX}b> <{EX}p> ?o }}", f"DESCRIBE <{EX}b>"])
def test_triples_round_trip(site: Site, format: str, query: str) -> None:
    reply = site.ask(query, accept=TRIPLE_FORMATS[format].media_type)
    assert reply.type == TRIPLE_FORMATS[format].media_type
    triples = [quad.triple for quad in ox.parse(reply.body, TRIPLE_FORMATS[format])]
    assert [str(triple) for triple in triples] == [f'<{EX}b> <{EX}p> "two"@en']


def test_bare_address_leads_a_browser_to_the_query_page(site: Site) -> None:
    reply = site.send("GET", "/sparql", accept="text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
    assert (reply.status, reply.headers["location"]) == (303, f"{site.address}/query")


@pytest.mark.parametrize("accept", [format.media_type for format in TRIPLE_FORMATS.values()])
def test_bare_address_describes_the_service(site: Site, accept: str) -> None:
    reply = site.send("GET", "/sparql", accept=accept)
    found = ox.RdfFormat.from_media_type(accept)
    assert found is not None
    sd = "http://www.w3.org/ns/sparql-service-description#"
    triples = {str(quad.triple) for quad in ox.parse(reply.body, found)}
    service = f"<{site.address}/sparql>"
    assert f"{service} <{sd}endpoint> {service}" in triples
    assert f"{service} <{sd}supportedLanguage> <{sd}SPARQL11Query>" in triples
    assert not any("SPARQL11Update" in triple or "FederatedQuery" in triple for triple in triples)


def test_head_is_get_without_a_body(site: Site) -> None:
    path = f"/sparql?{urlencode({'query': ALL})}"
    head, get = site.send("HEAD", path), site.send("GET", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/events", "/api/v1/documents/none", "/graphs"])
def test_connection_serves_on_after_a_head(site: Site, path: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)) as connection:
        for method in ("HEAD", "GET"):
            connection.auto_open = connection.sock is None
            connection.request(method, path)
            assert bool(connection.getresponse().read()) is (method == "GET")


def test_what_a_client_has_is_not_sent_again(site: Site) -> None:
    tag = site.ask(ALL).headers["etag"]
    again = site.ask(ALL, if_none_match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert site.ask(ALL, if_none_match=tag, accept="text/csv").status == 200
    assert site.ask(f"{ALL} LIMIT 1", if_none_match=tag).status == 200


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()"])
def test_answer_that_changes_by_itself_is_not_kept(site: Site, call: str) -> None:
    reply = site.ask(f"SELECT ({call} AS ?x) WHERE {{ }}")
    assert reply.headers["cache-control"] == "no-store"
    assert "etag" not in reply.headers


@pytest.mark.parametrize("refusal", ["gzip;q=0", "identity, gzip; q=0.0", "br"])
@pytest.mark.parametrize("path", ["/sparql", "/openapi.json"])
def test_answer_is_not_compressed_for_who_refuses_that(site: Site, path: str, refusal: str) -> None:
    reply = site.send("GET", path, accept_encoding=refusal)
    assert (reply.status, reply.headers.get("content-encoding")) == (200, None)
    assert (
        site.send("GET", "/openapi.json", accept_encoding="gzip;q=0.1").headers["content-encoding"] == "gzip"
    )


def test_relative_iris_are_relative_to_the_endpoint(site: Site) -> None:
    found = site.ask(
        "SELECT ?here ?there WHERE { BIND(<> AS ?here) BIND(<../x#y> AS ?there) }", accept="text/csv"
    )
    assert found.body.split() == [b"here,there", f"{site.address}/sparql,{site.address}/x#y".encode()]
    own = site.ask("BASE <http://b/> SELECT ?it WHERE { BIND(<c> AS ?it) }", accept="text/csv")
    assert own.body.split() == [b"it", b"http://b/c"]


def test_long_answer_is_compressed_for_who_takes_that(site: Site) -> None:
    query = f"SELECT * WHERE {{ ?s <{EX}number> ?o }} LIMIT 1000"
    plain, pressed = site.ask(query), site.ask(query, accept_encoding="gzip")
    assert pressed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(pressed.body) == plain.body
    assert len(pressed.body) < len(plain.body) / 4
    assert "content-encoding" not in site.ask(query, accept_encoding="gzip;q=0").headers
    assert "Accept-Encoding" in plain.headers["vary"]


def test_pages_of_other_origins_may_ask(site: Site) -> None:
    preflight = site.send(
        "OPTIONS", "/sparql", origin="https://elsewhere.example", access_control_request_method="POST",
        access_control_request_headers="content-type",
    )  # fmt: skip
    assert preflight.status == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    for query in ("ASK {}", "ASK {"):
        reply = site.ask(query, origin="https://elsewhere.example")
        assert reply.headers["access-control-allow-origin"] == "*"


def test_every_answer_has_an_id_and_careful_headers(site: Site) -> None:
    for reply in (site.ask("ASK {}"), site.send("GET", "/no-such-page"), site.send("PUT", "/sparql")):
        assert reply.headers["x-request-id"]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "default-src" in reply.headers["content-security-policy"]
    assert site.ask("ASK {}", x_request_id="mine-7").headers["x-request-id"] == "mine-7"
    assert site.ask("ASK {}", x_request_id="<script>").headers["x-request-id"] != "<script>"


def test_connection_is_kept_for_the_next_query(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    bodies = []
    for query in ("ASK {}", "ASK {", "ASK {}"):
        connection.request("GET", f"/sparql?{urlencode({'query': query})}")
        bodies.append(connection.getresponse().read())
    connection.close()
    assert bodies[0] == bodies[2]
