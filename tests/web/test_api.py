"""The interface for programs: what it finds, how it pages, and that its bodies say what the graph says."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from kg import resources
from kg.queries import catalogue
from kg.settings import Settings
from kg.store import Store, open_store
from kg.terms import BASE
from kg.web import create_app
from kg.web.snapshot import SnapshotCache
from tests.conftest import DOCUMENTS, copied

TESTS = Path(__file__).parents[1]
MORE = sorted((TESTS / "pages" / "documents").glob("2023-*"))
TOKEN = "a-token-for-tests-only"
API = "/api/v1"
MEETING = "meeting/2023-11-15-joe-biden-xi-jinping"
JOINT = "The United States and China said in a joint statement on May 12, 2025 that they will reduce tariffs."


@pytest.fixture(scope="module")
def url(stored: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    return copied(stored(*DOCUMENTS, *MORE), tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    with open_store(url) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(url: str, store: Store) -> Iterator[TestClient]:
    options = Settings(store=url, log_format="off", write_token=TOKEN)  # type: ignore[arg-type]
    with TestClient(create_app(store, options=options)) as opened:
        yield opened


def body(client: TestClient, path: str, **parameters: Any) -> Any:
    """What a GET answers, which must be 200."""
    reply = client.get(API + path, params=parameters)
    assert reply.status_code == 200, reply.text
    return reply.json()


def short(things: list[dict[str, Any]]) -> list[str]:
    return [it["@id"].removeprefix(f"{BASE}id/") for it in things]


def test_accounts_of_an_event_stand_side_by_side_and_contradict(client: TestClient) -> None:
    found = body(client, f"/events/{MEETING}")
    rows = {it["topic"]["name"]: it for it in found["topics"]}
    rights = rows["Human rights"]
    assert set(rights["marks"]) >= {"excluded", "contradicted"}
    [denied] = rights["accounts"]["ChinaAccount"]
    [told] = rights["accounts"]["UnitedStatesAccount"]
    assert (denied["predicate"], told["predicate"]) == ("excludedTopic", "discussedTopic")
    assert denied["evidence"][0]["exact"].startswith("Human rights were not discussed")
    assert denied["conflictsWith"] == [told["@id"]]
    assert rights["accounts"]["ThirdPartyAccount"] == []
    assert rows["Tibet"]["marks"] == ["only-here", "excluded"]


def test_what_two_sides_say_together_is_told_by_both(client: TestClient) -> None:
    made = client.post(f"{API}/extract", json={"text": JOINT, "published": "2025-05-12"}).json()
    joint = [it for it in made["statements"] if len(it["claimant"]) == 2]
    assert joint
    assert {account for it in joint for account in it["account"]} == {"UnitedStatesAccount", "ChinaAccount"}


@pytest.mark.parametrize(
    ("parameters", "number"),
    [
        ({}, 1),
        ({"participant": "习近平"}, 1),
        ({"participant": ["person/xi-jinping", "Joe Biden"]}, 1),
        ({"participant": "person/donald-trump"}, 0),
        ({"participant": ["country/china", "United States"]}, 1),
        ({"participant": "country/japan"}, 0),
        ({"topic": "Taiwan"}, 1),
        ({"excluded_topic": "topic/tibet"}, 1),
        ({"excluded_topic": "topic/taiwan"}, 0),
        ({"from": "2023-11", "to": "2023"}, 1),
        ({"from": "2024"}, 0),
        ({"kind": "meeting", "status": "Occurred", "side": "us"}, 1),
        ({"kind": "call"}, 0),
    ],
)
def test_events_meet_all_conditions(client: TestClient, parameters: dict[str, Any], number: int) -> None:
    found = body(client, "/events", **parameters)
    assert (found["total"], len(found["items"])) == (number, number)


@pytest.mark.parametrize(
    ("parameters", "sides"),
    [
        ({"claimant": "country/china", "type": "Demand"}, {"ChinaAccount"}),
        ({"claimant": "Joe Biden", "type": "Warning"}, {"UnitedStatesAccount"}),
        ({"side": "us"}, {"UnitedStatesAccount"}),
        ({"event": MEETING, "side": "china"}, {"ChinaAccount"}),
        ({"topic": "topic/sanctions"}, {"ChinaAccount"}),
    ],
)
def test_claims_meet_all_conditions(client: TestClient, parameters: dict[str, Any], sides: set[str]) -> None:
    found = body(client, "/claims", **parameters)["items"]
    assert {account for it in found for account in it["account"]} == sides
    one = body(client, f"/claims/{found[0]['@id'].rpartition('/')[2]}")
    assert {**one, "@context": None} == {**found[0], "@context": None}


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/events", {}),
        ("/claims", {"order": "oldest"}),
        ("/documents", {}),
        ("/entities", {"kind": "office"}),
        ("/entities", {"q": "president"}),
    ],
)
def test_pages_follow_each_other_without_gap_or_repetition(
    client: TestClient, path: str, parameters: dict[str, Any]
) -> None:
    whole = body(client, path, limit=200, **parameters)
    assert "next" not in whole
    reply = client.get(API + path, params={"limit": max(1, whole["total"] // 3), **parameters})
    seen = reply.json()["items"]
    while following := reply.json().get("next"):
        assert reply.headers["link"] == f'<{following}>; rel="next"'
        reply = client.get(following)
        seen += reply.json()["items"]
    assert short(seen) == short(whole["items"])


@pytest.mark.parametrize(
    ("parameters", "first"),
    [
        ({"q": "xi jin"}, "person/xi-jinping"),
        ({"q": "习近"}, "person/xi-jinping"),
        ({"q": "taiwan", "kind": "topic"}, "topic/taiwan"),
        ({"kind": "document", "limit": 1}, "document/2023-11-16-beijing-readout"),
    ],
)
def test_things_are_found_in_both_scripts(client: TestClient, parameters: dict[str, Any], first: str) -> None:
    assert short(body(client, "/entities", **parameters)["items"])[0] == first


def test_person_comes_with_offices_company_and_cited_statements(client: TestClient) -> None:
    found = body(client, "/entities/person/xi-jinping", limit=3)
    assert found["prefLabel"] == {"en": "Xi Jinping", "zh": "习近平"}
    assert short([found["activity"]["offices"][0]["office"]]) == ["office/president-of-china"]
    assert found["activity"]["met"][0]["thing"]["name"] == "Joe Biden"
    told = found["statements"]
    assert len(told["items"]) == 3 < told["total"]
    assert all(it["evidence"] for it in told["items"])
    following = client.get(told["next"]).json()["statements"]["items"]
    assert not set(short(following)) & set(short(told["items"]))


def test_passages_of_a_document_are_its_own_words(client: TestClient) -> None:
    found = body(client, "/documents/2023-11-16-beijing-readout")
    told = {it["@id"] for it in found["statements"]}
    assert found["spans"]
    for it in found["spans"]:
        assert found["body"][it["start"] : it["end"]] == it["exact"]
        assert set(it["statements"]) <= told


def test_topics_are_a_tree_and_count_mentions_by_year_and_account(client: TestClient) -> None:
    tops = body(client, "/topics")["items"]
    assert all("broader" not in it for it in tops)
    assert any(it["narrower"] for it in tops)
    taiwan = body(client, "/topics/taiwan")
    assert taiwan["mentions"]["2023"]["ChinaAccount"] > 0
    assert short(taiwan["claims"]["ChinaAccount"])


def test_timeline_counts_by_stretch_of_time(client: TestClient) -> None:
    found = body(client, "/timeline", per="month")
    assert found["buckets"] == [{"period": "2023-11", "events": 1, "kinds": {"meeting": 1}}]
    assert found["items"][0]["date"] == "2023-11-15"


def test_question_answers_as_table_and_as_sparql_results(client: TestClient) -> None:
    path = "/queries/excluded-topics/rows"
    found = body(client, path, date="2023-11-15", topic="Tibet")
    assert {row["topicLabel"] for row in found["rows"]} == {"Tibet"}
    assert list(catalogue()["excluded-topics"].columns) == [it["name"] for it in found["columns"]]
    csv = client.get(API + path, params={"date": "2023-11-15"}, headers={"accept": "text/csv"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.text.splitlines()[0].startswith("event,date,topic")


def test_every_question_is_a_resource_of_its_own(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    listed = body(client, "/queries")["items"]
    assert [it["name"] for it in listed] == list(catalogue())
    for it in listed:
        operation = paths[f"{API}/queries/{it['name']}/rows"]["get"]
        own = [given["name"] for given in it["parameters"]]
        assert [given["name"] for given in operation["parameters"]] == [*own, "reviews"]


def test_text_is_read_and_nothing_is_stored(client: TestClient, store: Store) -> None:
    before = store.size
    text = "On March 4, 2024, Antony Blinken spoke by telephone with Wang Yi. Tibet was not discussed."
    found = client.post(f"{API}/extract", json={"text": text, "published": "2024-03-05"}).json()
    assert (found["body"], found["verdict"]["conforms"]) == (text, True)
    assert "excludedTopic" in {it.get("predicate") for it in found["statements"]}
    assert "kg:excludedTopic" in found["turtle"]
    assert store.size == before


def test_rdf_is_checked_and_the_report_comes_in_turtle_too(client: TestClient) -> None:
    wrong = f"<{BASE}id/call/x> a <{BASE}ontology#Call> ; <{BASE}ontology#date> 'yesterday' ."
    found = client.post(f"{API}/validate", content=wrong, headers={"content-type": "text/turtle"})
    assert found.json()["conforms"] is False
    assert "Event-date" in {it["shape"] for it in found.json()["findings"]}
    as_rdf = {"content-type": "text/turtle", "accept": "text/turtle"}
    assert "sh:ValidationReport" in client.post(f"{API}/validate", content=wrong, headers=as_rdf).text
    broken = client.post(f"{API}/validate", content="<a> <b", headers={"content-type": "text/turtle"})
    assert (broken.status_code, broken.json()["title"]) == (400, "Rdf syntax")


@pytest.mark.parametrize(
    ("media_type", "bomb"),
    [
        ("application/ld+json", '{"@graph":' * 20_000 + "[]" + "}" * 20_000),
        ("application/ld+json", '{"@context":{"p":"http://x.example/p"},"p":' * 150 + "1" + "}" * 150),
        ("application/ld+json", '{"@context": "http://127.0.0.1:9/context", "a": 1}'),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY a "aaaaaaaa">]><r>&a;</r>'),
        (
            "text/turtle",
            "".join(
                f"<{BASE}id/topic/t{n}> a <{BASE}ontology#Topic> ; "
                f"<http://www.w3.org/2004/02/skos/core#broader> <{BASE}id/topic/t{n + 1}> .\n"
                for n in range(1200)
            ),
        ),
    ],
    ids=["nested", "contexts", "remote", "entities", "chain"],
)
def test_rdf_that_means_harm_is_refused_and_the_server_lives(
    client: TestClient, media_type: str, bomb: str
) -> None:
    reply = client.post(f"{API}/validate", content=bomb, headers={"content-type": media_type})
    assert reply.status_code in (400, 422)
    assert reply.json()["detail"]
    sound = client.post(f"{API}/validate", content=b"", headers={"content-type": "text/turtle"})
    assert sound.json()["conforms"] is True


def test_document_is_stored_replaced_and_removed_with_the_token(client: TestClient) -> None:
    sent = {
        "id": "2024-04-02-call",
        "text": "On April 2, 2024, President Joe Biden held a phone call with President Xi Jinping.",
        "published": "2024-04-02",
    }
    allowed = {"authorization": f"Bearer {TOKEN}"}
    assert client.post(f"{API}/documents", json=sent).status_code == 401
    made = client.post(f"{API}/documents", json=sent, headers=allowed)
    assert (made.status_code, made.json()["status"]) == (201, "stored")
    assert client.get(made.headers["location"]).json()["body"] == sent["text"]
    assert body(client, "/events", kind="call")["total"] == 1
    assert client.post(f"{API}/documents", json=sent, headers=allowed).status_code == 200
    other = {**sent, "text": "Wang Yi met with Antony Blinken in Beijing on April 26, 2024."}
    taken = client.post(f"{API}/documents", json=other, headers=allowed)
    assert (taken.status_code, "replace=true" in taken.json()["detail"]) == (409, True)
    assert client.get(made.headers["location"]).json()["body"] == sent["text"]
    edited = {**sent, "text": sent["text"] + " They discussed Taiwan."}
    assert client.post(f"{API}/documents", json=edited, headers=allowed).status_code == 201
    replaced = client.post(f"{API}/documents?replace=true", json=other, headers=allowed)
    assert replaced.status_code == 201
    assert client.post(f"{API}/documents?replace=true", json=sent, headers=allowed).status_code == 201
    assert client.delete(f"{API}/documents/2024-04-02-call", headers=allowed).status_code == 204
    assert client.delete(f"{API}/documents/2024-04-02-call", headers=allowed).status_code == 404
    assert body(client, "/events", kind="call")["total"] == 0


def test_document_is_there_and_gone_before_the_lists_of_a_large_store_know(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.snapshot._AT_ONCE", 0)
    monkeypatch.setattr(SnapshotCache, "_renew", lambda _: None)
    sent = {"text": "Zhao Leji met with Senator Steve Daines on March 22, 2025.", "published": "2025-03-22"}
    allowed = {"authorization": f"Bearer {TOKEN}"}
    known = body(client, "/documents")["total"]
    made = client.post(f"{API}/documents", json={"id": "a-note", **sent}, headers=allowed)
    there = client.get(made.headers["location"])
    assert (there.json()["body"], there.json()["issued"]) == (sent["text"], sent["published"])
    assert there.headers["cache-control"] == "no-store"
    assert body(client, "/documents")["total"] == known
    assert client.delete(f"{API}/documents/a-note", headers=allowed).status_code == 204
    assert client.get(made.headers["location"]).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/events?limit=0", 400),
        ("/events?cursor=nonsense", 400),
        ("/events?from=June", 400),
        ("/events?participant=Nobody", 404),
        ("/events/call/none", 404),
        ("/entities/person/none", 404),
        ("/documents/none", 404),
        ("/claims/none", 404),
        ("/topics/none", 404),
        ("/queries/none/rows", 404),
        ("/queries/calls/rows?nonsense=1", 400),
        ("/queries/calls/rows?from=June", 400),
    ],
)
def test_what_does_not_work_is_a_problem_document(client: TestClient, path: str, status: int) -> None:
    reply = client.get(API + path)
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")
    assert reply.json()["detail"]


@pytest.mark.parametrize("path", ["/entities", "/events", "/claims", "/documents", "/timeline", "/topics",
                                  "/queries", "/queries/calls", "/queries/calls/rows", "/claims/none"])  # fmt: skip
def test_misspelt_parameter_is_refused_with_the_known_ones(client: TestClient, path: str) -> None:
    reply = client.get(f"{API}{path}?partcipant=Nobody")
    assert reply.status_code == 400
    assert reply.json()["type"].endswith("/unknown-parameter")
    assert "it takes " in reply.json()["detail"]
    if path == "/events":
        assert "topic; did you mean 'participant'?" in reply.json()["detail"]


def test_parameters_of_the_same_name_mean_the_same(client: TestClient) -> None:
    """Lists have one set of names, pages and the interface alike."""
    described = body(client, "/../../openapi.json")["paths"]
    lists = [f"{API}/{it}" for it in ("entities", "events", "claims", "documents", "timeline")]
    meanings: dict[str, set[tuple[str, str]]] = {}
    for path in lists:
        for it in described[path]["get"]["parameters"]:
            kinds = [it["schema"], *it["schema"].get("anyOf", ())]
            listed = "enum" if any("enum" in kind for kind in kinds) else "text"
            meanings.setdefault(it["name"], set()).add((listed, str(it["schema"].get("pattern"))))
    assert {name for name, found in meanings.items() if len(found) > 1} == set()
    assert client.get(
        "/events?participant=person/xi-jinping&from=2023&to=2024&side=us&topic=&kind="
    ).is_success


def test_body_in_a_form_that_is_not_read_is_refused(client: TestClient) -> None:
    assert (
        client.post(f"{API}/extract", content=b"GIF89a", headers={"content-type": "image/gif"}).status_code
        == 415
    )
    assert client.post(f"{API}/extract", json={"text": ""}).status_code == 400
    assert client.post(f"{API}/extract", json={"text": "word " * 9000}).status_code == 413
    assert client.get(f"{API}/events", headers={"accept": "text/turtle"}).status_code == 406


def test_unchanged_answers_are_not_sent_again(client: TestClient) -> None:
    first = client.get(f"{API}/events")
    again = client.get(f"{API}/events", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/events",
        f"/events/{MEETING}",
        "/claims",
        "/documents",
        "/documents/2023-11-17-washington-readout",
        "/entities?kind=person&q=xi",
        "/entities/person/xi-jinping",
        "/entities/office/president-of-china",
        "/entities/tenure/xi-jinping-president-of-china-2013",
        "/topics/taiwan",
        "/timeline",
    ],
)
def test_bodies_are_json_ld_that_says_nothing_which_the_graph_does_not(
    client: TestClient, store: Store, path: str
) -> None:
    reply = client.get(API + path, headers={"accept": "application/ld+json"})
    assert reply.headers["content-type"] == "application/ld+json"
    told, known = ox.Store(), ox.Store()  # stores, since these write numbers in one way
    told.extend(_expanded(reply.json()))
    known.load(b"".join(store.lines()), ox.RdfFormat.N_TRIPLES)
    assert len(told) > 0
    assert set(told) - set(known) == set()


def _expanded(told: Any) -> Iterator[ox.Quad]:
    """The triples of a body, whose context is read from the ontology instead of from the server."""
    ours = json.loads(resources.text(resources.folder("ontology") / "context.jsonld"))["@context"]
    first, *rest = told["@context"]
    assert first.endswith("/ontology/context.jsonld")
    told["@context"] = [ours, *rest]
    yield from ox.parse(json.dumps(told).encode(), ox.RdfFormat.JSON_LD)


def test_questions_in_plain_words_are_answered_with_passages(client: TestClient) -> None:
    reply = client.post(f"{API}/ask", json={"question": "What did Biden and Xi discuss in Woodside?"})
    assert reply.status_code == 200, reply.text
    found = reply.json()
    assert found["verdict"] == "sure"
    assert found["rows"]
    assert all(it["exact"] and it["document"].startswith(BASE) for it in found["citations"])
    assert found["link"].startswith("http://testserver/query?")
    follow_up = {"question": "and what did China say?", "context": found["context"]}
    second = client.post(f"{API}/ask", json=follow_up).json()
    assert second["understood"] == "statements of China in Woodside"
    by_address = body(client, "/ask", q="What did Biden and Xi discuss in Woodside?")
    assert by_address == found


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"question": ""}, "question"),
        ({"question": "Who?", "context": {"query": "no-such", "values": {}}}, "no-such"),
        ({}, "question"),
    ],
    ids=["empty", "unknown context", "nothing"],
)
def test_questions_that_cannot_be_read_are_refused(client: TestClient, sent: object, named: str) -> None:
    reply = client.post(f"{API}/ask", json=sent)
    assert (reply.status_code, named in reply.text) == (400, True)


def test_question_without_an_answer_says_so(client: TestClient) -> None:
    found = client.post(f"{API}/ask", json={"question": "Will it rain in Paris tomorrow?"}).json()
    assert (found["verdict"], found["rows"]) == ("declined", [])
    assert found["text"]


def test_texts_are_found_with_passages_facets_and_pages(client: TestClient) -> None:
    found = body(client, "/search", q="the", limit=1)
    assert found["total"] > 1
    assert found["next"]
    following = client.get(found["next"].removeprefix("http://testserver")).json()
    assert following["items"][0]["@id"] != found["items"][0]["@id"]
    [passage, *_] = found["items"][0]["passages"]
    whole = body(client, f"/documents/{found['items'][0]['@id'].rsplit('/', 1)[-1]}")["body"]
    assert whole[passage["start"] : passage["end"]] == passage["text"]
    assert {whole[start:end].casefold() for start, end in passage["lit"]} == {"the"}
    for facet, values in found["facets"].items():
        for value in values:
            assert body(client, "/search", q="the", **{facet: value["value"]})["total"] == value["number"], (
                facet
            )


def test_texts_are_found_by_either_script_and_say_what_else_was_searched_for(client: TestClient) -> None:
    found = body(client, "/search", q="習近平")
    assert found["total"]
    assert found["widened"][0]["word"] == "習近平"
    assert "Xi Jinping" in found["widened"][0]["names"]
    assert body(client, "/search", q="習近平", widen=False)["total"] == 0
    assert body(client, "/search", q="Xi Jinping")["things"][0]["name"] == "Xi Jinping"


@pytest.mark.parametrize("text", ['"', "a* OR (b", "NEAR(", "\0", "x" * 300, "' OR 1=1 --", "💥 {}"])
def test_search_takes_any_text(client: TestClient, text: str) -> None:
    assert client.get(f"{API}/search", params={"q": text}).status_code == 200


def test_stored_and_removed_documents_are_found_and_not_found(client: TestClient) -> None:
    token = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    text = {
        "id": "soybeans",
        "text": "Donald Trump spoke with Xi Jinping on June 5, 2025 about soybean zyzzyva.",
    }
    assert client.post(f"{API}/documents", json=text, headers=token).status_code == 201
    assert [it["name"] for it in body(client, "/search", q="zyzzyvas")["items"]] == ["soybeans"]
    assert client.delete(f"{API}/documents/soybeans", headers=token).status_code == 204
    assert body(client, "/search", q="zyzzyvas")["total"] == 0
