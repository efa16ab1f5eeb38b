"""What the server sends, looked at without a browser."""

import json
import re
from http.client import HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from kg.settings import Settings
from kg.store import open_store
from kg.views.accounts import event_accounts
from kg.views.event_index import EventFilter, EventIndex
from kg.views.name_search import NameSearch
from kg.web.app import create_app
from kg.web.snapshot import SnapshotCache, snapshots_of

from .conftest import served

BASE = "https://w3id.org/uschina-kg/id/"
MEETING = f"{BASE}meeting/2023-11-15-joe-biden-xi-jinping"


def fetch(url: str, data: bytes | None = None, accept: str = "text/html") -> tuple[int, HTTPResponse, str]:
    try:
        with urlopen(Request(url, data, {"accept": accept})) as response:
            return response.status, response, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error, error.read().decode()


@pytest.fixture(scope="module")
def event_index(store_url: str) -> EventIndex:
    with open_store(store_url) as store:
        return EventIndex(store)


def test_pages_allow_nothing_inline_and_nobody_else(address: str) -> None:
    _, response, _ = fetch(f"{address}/")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_assets_keep_for_good_and_old_addresses_lead_to_new_ones(address: str) -> None:
    _, _, body = fetch(f"{address}/")
    [path] = re.findall(r'href="(/static/\w+/site\.css)"', body)
    _, response, _ = fetch(f"{address}{path}")
    assert "immutable" in response.headers["cache-control"]
    status, response, _ = fetch(f"{address}/static/0000/site.css")
    assert (status, response.url) == (200, f"{address}{path}")
    assert fetch(f"{address}/static/0000/none.css")[0] == 404


def test_things_have_alternates_a_description_and_a_citation(address: str) -> None:
    _, _, body = fetch(f"{address}/id/meeting/2023-11-15-joe-biden-xi-jinping")
    links = dict(re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', body))
    assert links["text/turtle"] == "/id/meeting/2023-11-15-joe-biden-xi-jinping.ttl"
    [told] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    assert json.loads(told)["startDate"] == "2023-11-15"
    assert "@online{meeting-2023-11-15-joe-biden-xi-jinping," in body
    assert f"url = {{{BASE}meeting/2023-11-15-joe-biden-xi-jinping}}" in body
    assert address not in body.partition("Cite this page")[2].partition("</details>")[0]


def test_unknown_thing_is_told_to_people_as_a_page(address: str) -> None:
    status, response, body = fetch(f"{address}/id/person/nobody")
    assert (status, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Nothing is here" in body


@pytest.mark.parametrize("path", ["/id/person/%3Ea", "/id/person/a%20b", "/id/x/%E4%B8%AD", "/graph?iri=%3E"])
def test_what_is_no_identifier_leads_nowhere(address: str, path: str) -> None:
    assert fetch(address + path)[0] in (400, 404)


@pytest.mark.parametrize(
    "path", ["/events?participant=%3Cb%3E", "/events?page=999", "/search?q=%00", "/documents?q=%3C"]
)
def test_odd_filters_find_nothing_and_break_nothing(address: str, path: str) -> None:
    status, _, body = fetch(address + path)
    assert (status, "<b>" in body) == (200, False)


def test_questions_in_words_are_run_where_those_of_strangers_are(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    with open_store(url, write=True):
        pass
    with open_store(url) as reader:
        app = create_app(reader, options=Settings(store=url))
        assert snapshots_of(app).answerer().select == app.state.pool.select


def test_what_is_loaded_is_seen_by_the_next_reader(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    event = f"<{BASE}call/x> <https://w3id.org/uschina-kg/ontology#status> " \
            "<https://w3id.org/uschina-kg/ontology#Occurred> .\n"  # fmt: skip
    with open_store(url, write=True) as writer:
        writer.replace_graphs({})
    with open_store(url) as reader:
        kept = SnapshotCache(reader)
        assert kept.event_index().events == ()
        with open_store(url, write=True) as writer:
            writer.replace_graphs({"http://example.org/g": event.encode()})
        reader.refresh()
        assert not kept.is_fresh
        assert [it.iri for it in kept.event_index().events] == [f"{BASE}call/x"]
        assert kept.is_fresh


def test_pages_of_an_empty_store_say_so(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    with open_store(url, write=True):
        pass
    with served(url) as place:
        for path in (
            "/",
            "/events",
            "/timeline",
            "/topics",
            "/documents",
            "/ask?q=which%20calls",
            "/search?q=a",
        ):
            assert fetch(place + path)[0] == 200, path


def test_first_page_shows_what_the_two_sides_tell_differently(address: str) -> None:
    page = fetch(f"{address}/")[2]
    shown = page.partition("Told differently by the two sides")[2].partition("<h2>")[0]
    assert "contradicted" in shown
    assert "alone:" in shown
    assert 'href="/questions/differing-accounts?run=1"' in shown


def test_bad_parameter_is_a_page_for_people_and_a_problem_for_programs(address: str) -> None:
    assert "That does not work" in fetch(f"{address}/timeline?at=soon")[2]
    _, response, _ = fetch(f"{address}/timeline?at=soon", accept="*/*")
    assert response.headers["content-type"] == "application/problem+json"


def test_answers_come_as_files(address: str) -> None:
    query = urlencode({"query": "SELECT (1 AS ?n) WHERE {}"})
    _, response, body = fetch(f"{address}/query/answer.csv?{query}")
    assert (response.headers["content-disposition"], body.split()) == (
        'attachment; filename="answer.csv"',
        ["n", "1"],
    )
    assert fetch(f"{address}/query/answer.exe?{query}")[0] == 404


def test_question_of_the_catalogue_runs_with_its_examples(address: str) -> None:
    status, _, body = fetch(f"{address}/query?question=exchanges-per-year")
    assert (status, "# Exchanges per year" in body, "As a chart: exchanges" in body) == (200, True, True)
    assert fetch(f"{address}/query?question=no-such")[0] == 404


def test_answer_says_when_it_is_cut(address: str) -> None:
    status, _, body = fetch(f"{address}/query?{urlencode({'query': 'SELECT * WHERE { ?s ?p ?o }'})}")
    assert status == 200
    assert "Only the first part is shown" in body
    assert body.count("<tr>") == 51  # a page of them, and the heads


def test_text_that_is_too_long_is_refused(address: str) -> None:
    status, _, body = fetch(f"{address}/try", urlencode({"text": "a" * 40_001}).encode())
    assert (status, "longer than 40000" in body) == (413, True)


def test_addresses_stand_under_the_prefix_of_a_proxy(store_url: str) -> None:
    with served(store_url, "/kg") as place:
        _, _, body = fetch(f"{place}/kg/events")
    assert re.findall(r'(?:href|src|action)="/(?!kg/)[^"]*"', body) == []


def test_topics_of_the_two_accounts_meet_in_rows(store_url: str) -> None:
    with open_store(store_url) as store:
        told = event_accounts(store, MEETING)
    rows = {row.topic.removeprefix(BASE): row for row in told.rows}
    assert rows["topic/human-rights"].is_contradicted
    assert told.rows[0].topic == f"{BASE}topic/human-rights"
    assert rows["topic/tibet"].tellers == ("UnitedStatesAccount",)
    assert set(told.documents) == {f"{BASE}document/2023-11-16-beijing-readout",
                                   f"{BASE}document/2023-11-17-washington-readout"}  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EventFilter(kind="call"), ["2024-04-02"]),
        (
            EventFilter(agents=(f"{BASE}person/joe-biden", f"{BASE}person/xi-jinping")),
            ["2023-11-15", "2024-04-02"],
        ),
        (EventFilter(topic=f"{BASE}topic/human-rights"), ["2023-11-15"]),
        (EventFilter(account="ThirdPartyAccount"), []),
        (EventFilter(start="2024"), ["2024-04-02"]),
        (EventFilter(end="2023"), ["2023-11-15"]),
        (EventFilter(status="Planned"), []),
    ],
)
def test_event_index_selects(event_index: EventIndex, wanted: EventFilter, found: list[str]) -> None:
    assert [it.date for it in event_index.select(wanted)] == found


@pytest.mark.parametrize(
    ("typed", "first"),
    [("xi jinping", "person/xi-jinping"), ("Jinp", "person/xi-jinping"), ("拜登", "person/joe-biden"),
     ("2024-04-02", "call/2024-04-02-joe-biden-xi-jinping"), ("readout woods", "document/2023-11-17-washington-readout")],
)  # fmt: skip
def test_name_search_knows_names_dates_and_titles(event_index: EventIndex, typed: str, first: str) -> None:
    assert NameSearch(event_index).find(typed)[0].iri == f"{BASE}{first}"


def test_name_search_finds_nothing_for_nothing(event_index: EventIndex) -> None:
    assert NameSearch(event_index).find("  ?! ") == []
    assert NameSearch(event_index).find("no such thing") == []


def test_suggestions_are_few_and_lead_on(address: str) -> None:
    told = json.loads(fetch(f"{address}/search/suggest?q={quote('习')}")[2])
    assert told[0] == {
        "href": "/id/person/xi-jinping",
        "label": "Xi Jinping",
        "other": "习近平",
        "kind": "person",
    }
    assert len(told) <= 8


def test_search_page_lights_words_narrows_and_leads_into_the_document(address: str) -> None:
    body = fetch(f"{address}/search?q={quote('Xi Jinping')}")[2]
    assert "<mark><bdi>Jinping</bdi></mark>" in body
    [first, *_] = re.findall(r'<h3><a href="(/id/document/[^"]+)"', body)
    status, _, document = fetch(address + first.replace("&amp;", "&").partition("#")[0])
    assert status == 200
    assert 'id="passage"' in document
    assert re.search(r'<b class="found"><bdi>[^<]*Xi Jinping</bdi></b>', document)
    [narrower, *_] = re.findall(r'<li><a href="(/search\?[^"]*year=\d+)"', body)
    assert "take away" in fetch(address + narrower.replace("&amp;", "&"))[2]


def test_search_page_says_what_else_it_searched_for(address: str) -> None:
    body = fetch(f"{address}/search?q={quote('習近平')}")[2]
    assert "Other names count too" in body
    assert "widen=false" in body


@pytest.mark.parametrize(
    "query", ["q=%22", "q=a%00b", "q=%F0%9F%92%A5", "q=x&page=99", "q=x&side=%3Cb%3E", "names=true"]
)
def test_search_page_takes_anything(address: str, query: str) -> None:
    status, _, body = fetch(f"{address}/search?{query}")
    assert status == 200
    assert "<b>" not in body.replace('<b class="found">', "")


def test_ready_question_has_a_form_and_a_paged_answer(address: str) -> None:
    _, _, listed = fetch(f"{address}/questions")
    assert "/questions/demands" in listed
    _, _, body = fetch(f"{address}/questions/discussed-topics?topic=Taiwan")
    assert 'name="topic" value="Taiwan"' in body
    assert "answer.csv?query=" in body
    assert 'data-label="topic"' in body
    status, _, _ = fetch(f"{address}/questions/discussed-topics?topic=no-such-topic-at-all")
    assert status == 404


def test_answer_of_a_query_is_paged_beyond_its_first_rows(address: str) -> None:
    numbers = quote("SELECT ?n WHERE { VALUES (?a) { " + "(1) " * 30 + "} VALUES ?n { " + "7 " * 30 + "} }")
    _, _, first = fetch(f"{address}/query?query={numbers}")
    assert "page 1 of 10" in first
    assert "and more" in first
    _, _, later = fetch(f"{address}/query?query={numbers}&page=18")
    assert "page 18 of 18" in later
    assert later.count('data-label="n"') == 50


def test_answer_names_documents_by_their_titles(address: str) -> None:
    _, _, body = fetch(f"{address}/questions/demands?run=1")
    assert 'class="of-document" data-label="document"><a' in body
    assert ">2023" not in body.split('class="of-document" data-label="document">')[1]
