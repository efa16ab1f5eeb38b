"""Reviewing over HTTP: only for who is named, through the same checks, and nothing of it leaks."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient
from rdflib import RDF, RDFS, Graph

from kg.resources import files, text
from kg.review.reviewers import Reviewers
from kg.settings import Settings
from kg.store import open_store
from kg.terms import BASE, KG
from kg.web import create_app
from kg.web.review.choices import NAMED_VALUES
from tests.conftest import SEEDS, copied

ROOT = Path(__file__).parents[2]
SEED = "2025-06-07-trump-xi-90-minute-call"
_ACCEPT = "text/html, application/json;q=0.9, */*;q=0.5"
OPERATOR = "a-token-for-the-operator"
IRAN = f"{BASE}id/topic/iran"
EXCLUDED = f"ASK {{ ?fact <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <{IRAN}> ; a <{KG.Fact}> }}"


@dataclass
class Place:
    """A server that takes reviews, and the people who may."""

    client: TestClient
    secrets: dict[str, str]
    url: str

    def log_in(self, name: str) -> str:
        """Begin a session; the token of its forms."""
        self.client.cookies.clear()
        form = {"name": name, "secret": self.secrets[name]}
        found = self.client.post("/review/login", data=form)
        assert found.status_code == 200, found.text
        return re.search(r'name="csrf" value="([0-9a-f]+)"', found.text)[1]  # type: ignore[index]  # found, or fails

    def bearer(self, name: str) -> dict[str, str]:
        return {"authorization": f"Bearer {name}:{self.secrets[name]}"}

    def exclusion(self) -> str:
        """The fact that Iran was not discussed."""
        query = f"SELECT ?it WHERE {{ ?it a <{KG.Fact}> ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <{IRAN}> }}"
        found = self.client.get("/sparql", params={"query": query, "reviews": "all"}).json()
        return str(found["results"]["bindings"][0]["it"]["value"])

    def says_excluded(self, **more: str) -> bool:
        return bool(self.client.get("/sparql", params={"query": EXCLUDED, **more}).json()["boolean"])


@pytest.fixture(scope="module")
def filled(stored: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied(stored(*SEEDS), folder := tmp_path_factory.mktemp("filled"))
    return folder / "store"


@pytest.fixture(scope="module")
def place(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    file = tmp_path_factory.mktemp("people") / "reviewers.json"
    secrets = {name: Reviewers.read(file).add(name) for name in ("anna", "bob")}
    options = Settings(
        store=f"oxigraph:{filled}", reviewers=file, write_token=OPERATOR, rate_limit=0, updates=True
    )  # type: ignore[arg-type]  # pydantic reads it
    with (
        open_store(options.store) as store,
        TestClient(
            create_app(store, options=options), base_url="http://localhost", headers={"accept": _ACCEPT}
        ) as client,
    ):
        yield Place(client, secrets, str(filled))


@pytest.fixture(autouse=True)
def nothing_reviewed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test reviews is taken back after it."""
    yield
    if "place" not in request.fixturenames:
        return
    it: Place = request.getfixturevalue("place")
    for review in it.client.get("/api/v1/reviews").json()["items"]:
        found = it.client.delete(f"/api/v1/reviews/{review['id']}", headers=it.bearer(review["reviewer"]))
        assert found.status_code == 200, found.text


def judged(place: Place, csrf: str, verdict: str, **fields: str) -> int:
    form = {"csrf": csrf, "iri": place.exclusion(), "verdict": verdict, **fields}
    return place.client.post("/review/statement", data=form, follow_redirects=False).status_code


WRITES = [
    ("POST", "/review/statement", "csrf=x&iri=x&verdict=Rejected"),
    ("POST", "/review/add", f"csrf=x&document={SEED}&quote=x"),
    ("POST", "/review/undo", "csrf=x&id=x"),
    ("POST", "/review/logout", "csrf=x"),
    ("POST", "/api/v1/reviews", '{"verdict": "Rejected", "statement": "fact/x"}'),
    ("POST", "/api/v1/reviews/file", ""),
    ("DELETE", f"/api/v1/reviews/{'0' * 20}", ""),
]


SECRETS = ["", "Bearer anna:wrong", "Bearer anna:", "Bearer :", f"Bearer {OPERATOR}"]
REFUSED = [
    pytest.param(*write, secret, id=f"{secret}-{write[1]}")
    for secret in SECRETS
    for write in WRITES
    if (secret, write[1]) != (SECRETS[-1], "/api/v1/reviews/file")  # the operator may
]


@pytest.mark.parametrize(("method", "path", "body", "secret"), REFUSED)
def test_nothing_is_written_without_session_or_token(
    place: Place, method: str, path: str, body: str, secret: str
) -> None:
    place.client.cookies.clear()
    kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
    kind = "text/plain" if path.endswith("/file") else kind
    headers = {"content-type": kind, **({"authorization": secret} if secret else {})}
    found = place.client.request(method, path, content=body, headers=headers, follow_redirects=False)
    assert found.status_code in (401, 403), found.text
    assert place.client.get("/api/v1/reviews").json()["total"] == 0


@pytest.mark.parametrize("path", ["/review", f"/review/statement?iri={quote('fact/x')}", f"/review/add?document={SEED}",
                                  "/review/history", "/review/second"])  # fmt: skip
def test_pages_ask_for_a_name_first(place: Place, path: str) -> None:
    place.client.cookies.clear()
    found = place.client.get(path)
    assert 'name="secret"' in found.text
    assert "no-store" in found.headers["cache-control"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize(
    "path", ["/review", "/review/history", "/review/second", "/api/v1/reviews/agreement"]
)
def test_other_methods_do_nothing(place: Place, method: str, path: str) -> None:
    assert place.client.request(method, path).status_code in (401, 405)


def test_reviewing_is_off_unless_switched_on(filled: Path) -> None:
    options = Settings(store=f"oxigraph:{filled}", rate_limit=0)
    with open_store(options.store) as store, TestClient(create_app(store, options=options)) as client:
        assert client.get("/review").status_code == 403
        assert client.post("/review/login", data={"name": "anna", "secret": "x"}).status_code == 403
        assert (
            client.post("/api/v1/reviews", json={"verdict": "Rejected", "statement": "x"}).status_code == 403
        )
        assert "Is this right?" not in client.get(f"/id/document/{SEED}", headers={"accept": _ACCEPT}).text


def test_wrong_secret_and_forged_or_old_cookie_let_nobody_in(place: Place) -> None:
    place.client.cookies.clear()
    assert place.client.post("/review/login", data={"name": "anna", "secret": "no"}).status_code == 401
    place.log_in("anna")
    cookie = place.client.cookies["kg_review"]
    for forged in (
        cookie.replace("anna", "bob"),
        cookie[:-1],
        "anna|9999999999||",
        re.sub(r"\|\d+\|", "|1|", cookie),
    ):
        place.client.cookies.clear()
        found = place.client.get("/review", headers={"cookie": f"kg_review={forged}"})
        assert 'name="secret"' in found.text


def test_form_of_another_session_or_site_is_refused(place: Place) -> None:
    place.log_in("bob")
    csrf = place.log_in("anna")
    assert judged(place, "0" * 64, "Rejected") == 403
    form = {"csrf": csrf, "iri": place.exclusion(), "verdict": "Rejected"}
    elsewhere = place.client.post("/review/statement", data=form, headers={"origin": "http://evil.example"})
    assert elsewhere.status_code == 403
    assert place.says_excluded()


def test_rejected_exclusion_is_gone_everywhere_and_on_record(place: Place) -> None:
    csrf, fact = place.log_in("anna"), place.exclusion()
    assert judged(place, csrf, "Rejected", note="not so") == 303
    name = fact.removeprefix(f"{BASE}id/")
    assert not place.says_excluded()
    assert place.says_excluded(reviews="all")
    rows = place.client.get("/api/v1/queries/excluded-topics/rows", params={"date": "2025-06-05"})
    assert "topic/iran" not in rows.text
    answer = place.client.get("/api/v1/ask", params={"q": "Which topics were excluded from the June 5 call?"})
    assert name not in answer.text
    assert "topic/russia-ukraine-war" in answer.text
    for path in (f"/id/document/{SEED}", "/id/call/2025-06-05-donald-trump-xi-jinping", "/id/call/2025-06-05-donald-trump-xi-jinping.ttl", f"/api/v1/documents/{SEED}"):  # fmt: skip
        assert name not in place.client.get(path).text, path
    assert place.client.get(f"/id/{name}.ttl").status_code == 404
    history = place.client.get("/review/history", params={"document": SEED})
    assert "not so" in history.text
    shown = place.client.get("/review/statement", params={"iri": name})
    assert "rejected" in shown.text
    assert place.client.get("/api/v1/reviews").json()["items"][0]["verdict"] == "Rejected"


def test_lists_add_what_is_rejected_if_all_is_asked_for_and_mark_it(place: Place) -> None:
    def listed(path: str, **more: str) -> dict[str, Any]:
        found = place.client.get(path, params=more, headers={"accept": "application/json"})
        assert found.status_code == 200, found.text
        body: dict[str, Any] = found.json()
        return body

    exclusion, claims = place.exclusion(), listed("/api/v1/claims")
    claim = str(claims["items"][0]["@id"])
    headers = place.bearer("anna")
    for it in (exclusion, claim):
        made = place.client.post(
            "/api/v1/reviews", json={"verdict": "Rejected", "statement": it}, headers=headers
        )
        assert made.status_code == 201, made.text
    plain, whole = (listed("/api/v1/claims", **more) for more in ({}, {"reviews": "all"}))
    assert (plain["total"], whole["total"]) == (claims["total"] - 1, claims["total"])
    assert [it["@id"] for it in whole["items"] if it.get("reviewStatus") == "Rejected"] == [claim]
    one = f"/api/v1/claims/{claim.rsplit('/', 1)[-1]}"
    assert place.client.get(one).status_code == 404
    assert listed(one, reviews="all")["reviewStatus"] == "Rejected"

    call = "/api/v1/events/call/2025-06-05-donald-trump-xi-jinping"
    assert IRAN not in str(listed("/api/v1/events"))
    assert listed("/api/v1/events", excluded_topic="topic/iran")["total"] == 0
    [event] = listed("/api/v1/events", excluded_topic="topic/iran", reviews="all")["items"]
    assert event["rejected"] == {"excludedTopic": [IRAN]}
    assert exclusion not in str(listed(call))
    [row] = [it for it in listed(call, reviews="all")["topics"] if it["topic"]["@id"] == IRAN]
    assert [it["reviewStatus"] for its in row["accounts"].values() for it in its] == ["Rejected"]

    about = "/api/v1/entities/topic/iran"
    assert exclusion not in str(listed(about))
    assert exclusion in str(listed(about, reviews="all"))
    rows = "/api/v1/queries/excluded-topics/rows"
    assert (IRAN in str(listed(rows)), IRAN in str(listed(rows, reviews="all"))) == (False, True)
    for path in ("/api/v1/events", "/api/v1/claims", rows, about):
        assert place.client.get(path, params={"reviews": "some"}).status_code == 400, path


def test_description_of_the_interface_tells_of_rejected_statements(place: Place) -> None:
    described = place.client.get("/openapi.json").json()
    for path in ("/claims", "/claims/{number}", "/events", "/events/{kind}/{slug}", "/documents/{name}",
                 "/entities/{kind}/{slug}", "/queries/calls/rows"):  # fmt: skip
        names = [it["name"] for it in described["paths"][f"/api/v1{path}"]["get"]["parameters"]]
        assert "reviews" in names, path


def links(page: str) -> list[str]:
    return [html.unescape(it) for it in re.findall(r'<a class="right small" href="([^"]+)"', page)]


def test_rows_lead_to_the_review_of_their_statement(place: Place) -> None:
    place.log_in("anna")
    exclusion = place.exclusion().removeprefix(f"{BASE}id/")
    answers = [
        place.client.get("/questions/excluded-topics", params={"date": "2025-06-05"}).text,
        place.client.get("/ask", params={"q": "Which topics were excluded from the June 5 call?"}).text,
    ]
    for answer in answers:
        rows = [row for row in answer.split("<tr>") if 'data-label="review"' in row]
        [row] = [row for row in rows if "Iran" in re.sub("<td[^>]*of-quote.*", "", row)]
        found = place.client.get(links(row)[0], follow_redirects=False)
        assert f"iri={exclusion.replace('/', '%2F')}" in found.headers["location"]
    claims = place.client.get("/questions/claims-by-topic", params={"topic": "Taiwan"}).text
    assert links(claims)
    assert all("iri=claim%2F" in it for it in links(claims))


def test_events_lead_to_the_review_of_what_is_said_of_them(place: Place) -> None:
    place.log_in("anna")
    call = "/id/call/2025-06-05-donald-trump-xi-jinping"
    pages = {path: links(place.client.get(path).text) for path in ("/events", "/timeline", call)}
    about = "/review?about=call%2F2025-06-05-donald-trump-xi-jinping"
    assert all(any(it.startswith(about) for it in found) for found in pages.values())
    [day] = [it for it in pages[call] if it == f"{about}&kind=date"]
    assert "date" in place.client.get(day).text
    duration = [it for it in pages[call] if it.startswith("/review/statement")]
    assert any("90" in place.client.get(it).text for it in duration[:1])


def test_no_row_leads_to_a_review_where_nobody_reviews(filled: Path) -> None:
    options = Settings(store=f"oxigraph:{filled}", rate_limit=0)  # type: ignore[call-arg]  # pydantic reads it
    with (
        open_store(options.store) as store,
        TestClient(create_app(store, options=options), headers={"accept": _ACCEPT}) as client,
    ):
        for path in ("/events", "/questions/calls", "/id/call/2025-06-05-donald-trump-xi-jinping"):
            assert not links(client.get(path).text), path


@pytest.mark.parametrize("name", [name for name in NAMED_VALUES if name != "approximate"])
def test_choices_of_a_property_are_those_of_the_ontology(name: str) -> None:
    ontology = Graph().parse(data=text(next(it for it in files("ontology", ".ttl") if it.name == "kg.ttl")))
    its = ontology.subjects(RDF.type, ontology.value(KG[name], RDFS.range))
    assert tuple(sorted(str(it).rsplit("#", 1)[-1] for it in its)) == NAMED_VALUES[name]


def test_each_value_that_is_one_of_a_few_is_chosen(place: Place) -> None:
    place.log_in("anna")
    for name, value in (("type", "Meeting"), ("status", "Planned")):
        predicate = RDF.type if name == "type" else KG[name]
        query = f"SELECT ?it WHERE {{ ?it <{RDF.predicate}> <{predicate}> }} LIMIT 1"
        [found] = place.client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        shown = place.client.get("/review/statement", params={"iri": found["it"]["value"]}).text
        assert f'<option value="{value}"' in shown, name


def test_each_verdict_is_given_by_the_form_alone(place: Place) -> None:
    csrf = place.log_in("anna")
    assert judged(place, csrf, "Accepted") == 303
    page = place.client.get("/review/statement", params={"iri": place.exclusion()}).text
    assert "accepted" in page
    fields = dict(re.findall(r'<input id="f-(\w+)" name="\w+" value="([^"]*)"', page))
    assert fields["value"] == "topic/iran"
    assert judged(place, csrf, "Corrected", value="topic/japan") == 303
    assert not place.says_excluded()
    form = {"csrf": csrf, "document": SEED, "quote": "Topics such as the Russia-Ukraine war and Iran were not discussed.",
            "class": "Assertion", "speaker": "person/donald-trump", "topics": "topic/iran"}  # fmt: skip
    found = place.client.post("/review/add", data=form)
    assert "Added." in found.text, re.findall(r'role="alert">(.*)</div>|lead">(.*)</p>', found.text)
    assert len(place.client.get("/api/v1/reviews", params={"verdict": "Added"}).json()["items"]) == 1


def test_own_review_is_undone_and_that_of_another_is_not(place: Place) -> None:
    assert judged(place, place.log_in("anna"), "Rejected") == 303
    [review] = place.client.get("/api/v1/reviews").json()["items"]
    form = {"csrf": place.log_in("bob"), "id": review["id"]}
    assert place.client.post("/review/undo", data=form).status_code == 403
    form = {"csrf": place.log_in("anna"), "id": review["id"], "document": SEED}
    assert "taken back by anna" in place.client.post("/review/undo", data=form).text
    assert place.says_excluded()


def test_reviewers_who_disagree_are_both_kept_and_shown(place: Place) -> None:
    assert judged(place, place.log_in("anna"), "Accepted") == 303
    csrf = place.log_in("bob")
    drawn = place.client.get("/review/second")
    assert "Somebody else has judged this" in drawn.text
    assert "anna" not in drawn.text
    assert judged(place, csrf, "Rejected") == 303
    assert place.says_excluded()
    assert "reviewers disagree" in place.client.get(f"/id/document/{SEED}").text
    assert {it["disputed"] for it in place.client.get("/api/v1/reviews").json()["items"]} == {True}
    assert place.client.get("/api/v1/reviews/agreement").json()["items"][0]["same"] == 0


def test_review_that_a_check_refuses_is_told_and_changes_nothing(place: Place) -> None:
    csrf = place.log_in("anna")
    form = {"csrf": csrf, "iri": place.exclusion(), "verdict": "Corrected", "value": "topic/taiwan"}
    found = place.client.post("/review/statement", data=form)
    assert found.status_code == 422
    assert "both discussed and excluded" in found.text
    body = {"verdict": "Corrected", "statement": place.exclusion(), "fields": {"value": ["topic/taiwan"]}}
    assert place.client.post("/api/v1/reviews", json=body, headers=place.bearer("bob")).status_code == 422
    assert place.client.get("/api/v1/reviews").json()["total"] == 0


def test_programs_review_with_a_token_and_operators_take_files_in(place: Place) -> None:
    body = {"verdict": "Rejected", "statement": place.exclusion(), "note": "by a program"}
    made = place.client.post("/api/v1/reviews", json=body, headers=place.bearer("bob"))
    assert made.status_code == 201, made.text
    file = place.client.get("/api/v1/reviews/file").text
    operator = {"authorization": f"Bearer {OPERATOR}", "content-type": "text/plain"}
    found = place.client.post("/api/v1/reviews/file", content=file, headers=operator).json()
    assert (found["new"], found["known"] >= 1) == ([], True)


def test_no_secret_is_in_any_page_log_or_dump(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    csrf = place.log_in("anna")
    judged(place, csrf, "Rejected")
    texts = [place.client.get(path).text for path in ("/review", "/review/history", "/api/v1/reviews", "/about",
                                                      "/api/v1/reviews/file", f"/id/document/{SEED}")]  # fmt: skip
    with open_store(place.url) as store:
        texts += [b"".join(store.lines(graph)).decode() for graph in store.graphs()]
    texts += [*capfd.readouterr()]
    for secret in place.secrets.values():
        assert not any(secret in text for text in texts)
    kept = Reviewers.read(Path(place.client.app.state.options.reviewers))  # type: ignore[attr-defined]  # an application
    assert not any(secret in kept.path.read_text() for secret in place.secrets.values())
    assert kept.path.stat().st_mode & 0o077 == 0


def test_removed_reviewer_is_out_at_once(place: Place) -> None:
    file = Reviewers.read(Path(place.client.app.state.options.reviewers))  # type: ignore[attr-defined]  # an application
    place.secrets["carol"] = file.add("carol")
    place.log_in("carol")
    Reviewers.read(file.path).remove("carol")
    assert 'name="secret"' in place.client.get("/review").text
    assert place.client.post("/api/v1/reviews", json={"verdict": "Rejected", "statement": "x"},
                             headers=place.bearer("carol")).status_code == 401  # fmt: skip


def test_rdf_cannot_claim_to_be_reviewed(place: Place) -> None:
    graph = f"{BASE}graph/document/{SEED}"
    headers = {"authorization": f"Bearer {OPERATOR}", "content-type": "application/n-triples"}
    line = f"<{place.exclusion()}> <{KG.reviewStatus}> <{KG.Accepted}> .\n"
    path = f"/graphs?{urlencode({'graph': graph})}"
    assert place.client.post(path, content=line, headers=headers).status_code == 422
    for private in ("review/x", f"rejected/{SEED}"):
        address = f"/graphs?{urlencode({'graph': f'{BASE}graph/{private}'})}"
        assert place.client.put(address, content=line, headers=headers).status_code == 403


def test_queue_shows_the_doubtful_first_and_narrows(place: Place) -> None:
    place.log_in("anna")
    page = place.client.get("/review").text
    assert "statements have been reviewed" in page
    few = place.client.get("/review", params={"kind": "excludedTopic"}).text
    assert few.count('class="when"') == 2
    assert few.count("Iran were not discussed.") == 2
    assert place.client.get("/review", params={"about": "topic/iran"}).text.count('class="when"') >= 1
