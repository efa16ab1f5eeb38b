"""What a review rejects is gone wherever people and programs look, and there for whoever asks for it."""

import asyncio
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from mcp import Client

from kg.cli import cli
from kg.mcp import create_server
from kg.review.reviewers import Reviewers
from kg.settings import Settings
from kg.store import open_store
from kg.terms import BASE, KG
from kg.web import create_app
from tests.conftest import SEEDS, copied

SEED = "2025-06-07-trump-xi-90-minute-call"
CALL = "call/2025-06-05-donald-trump-xi-jinping"
QUESTION = "Which topics were excluded from the June 5 call?"
FINDS = f"SELECT ?fact WHERE {{ ?fact <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <{KG.excludedTopic}> ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <{BASE}id/topic/iran> }}"
HOLDS = f"SELECT ?topic WHERE {{ <{BASE}id/{CALL}> <{KG.excludedTopic}> ?topic }}"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def url(stored: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which somebody rejected that Iran was not discussed."""
    copied(stored(*SEEDS), folder := tmp_path_factory.mktemp("rejected"))
    place = f"oxigraph:{folder / 'store'}"
    with open_store(place) as store:
        [[fact]] = store.select(FINDS).texts()
    run(place, "review", "reject", str(fact), "--as", "anna", "--note", "misread", "--quiet")
    return place


@pytest.fixture(scope="module")
def client(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    people = tmp_path_factory.mktemp("people") / "reviewers.json"
    secret = Reviewers.read(people).add("anna")
    options = Settings(store=url, reviewers=people, rate_limit=0)  # type: ignore[call-arg]
    with (
        open_store(url) as store,
        TestClient(create_app(store, options=options), base_url="http://localhost") as opened,
    ):
        opened.post("/review/login", data={"name": "anna", "secret": secret}, headers=HTML)
        yield opened


@pytest.fixture(scope="module")
def fact(url: str) -> str:
    """The path of what was rejected."""
    with open_store(url) as store:
        rows: Any = store.query(FINDS, rejected=True)
        [[iri]] = rows.texts()
    return str(iri).removeprefix(f"{BASE}id/")


def run(url: str, *arguments: str) -> str:
    made = CliRunner().invoke(cli, [*arguments, "--store", url])
    assert made.exit_code == 0, made.output
    return made.output


PAGES = [
    f"/id/document/{SEED}", f"/id/{CALL}", "/id/topic/iran", "/questions/excluded-topics?run=1", f"/ask?q={QUESTION}",
    "/id/person/donald-trump", "/review",
]  # fmt: skip
RESOURCES = [
    f"/id/{CALL}.ttl", f"/id/document/{SEED}.nt", f"/id/document/{SEED}.jsonld", f"/api/v1/documents/{SEED}",
    f"/api/v1/events/{CALL}", "/api/v1/queries/excluded-topics/rows",
    f"/api/v1/ask?q={QUESTION}",
    f"/sparql?query={FINDS.replace(' ', '+').replace('#', '%23')}",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES + RESOURCES)
def test_rejected_exclusion_is_on_no_page_and_in_no_resource(
    client: TestClient, fact: str, path: str
) -> None:
    found = client.get(path, headers=HTML if path in PAGES else {})
    assert found.status_code == 200, found.text
    assert fact not in found.text
    if "/ask" in path or "excluded-topics" in path:
        answer = re.search(r'class="answer">(.*?)</p>', found.text) if path in PAGES else None
        told = answer[1] if answer else found.text
        assert "Russia" in told
        assert "Iran" not in told if answer else "topic/iran" not in told


def test_rejected_exclusion_is_in_no_dump_unless_asked_for(client: TestClient, url: str, fact: str) -> None:
    assert fact not in run(url, "dump", "--format", "turtle")
    assert fact not in run(url, "dump", "--format", "nquads")
    assert fact in run(url, "dump", "--format", "nquads", "--reviews")
    for _ in range(20):  # they are made in the background
        if client.get("/dumps/", headers=HTML).status_code == 200:
            break
    for name in ("uschina-kg.nq.gz", "uschina-kg.ttl.gz"):
        assert fact.encode() not in gzip.decompress(client.get(f"/dumps/{name}").content)


def test_rejected_exclusion_is_in_no_answer_of_the_command_line(url: str, fact: str) -> None:
    assert "Iran" not in run(url, "ask", QUESTION).splitlines()[0]
    assert "iran" not in run(url, "query", HOLDS)
    assert fact not in run(url, "show", CALL, "--json")
    assert "iran" in run(url, "query", HOLDS, "--reviews")


def test_rejected_exclusion_is_told_to_no_language_model(url: str, fact: str) -> None:
    async def ask(client: Client) -> list[str]:
        calls: list[tuple[str, dict[str, object]]] = [
            ("ask", {"question": QUESTION}),
            ("event", {"name": CALL}),
            ("entity", {"name": "topic/iran"}),
            ("sparql", {"query": FINDS}),
        ]
        found = [await client.call_tool(name, given) for name, given in calls]
        found.append(await client.call_tool("reviews", {}))
        return ["".join(block.text for block in it.content) for it in found]

    async def talk() -> list[str]:
        with open_store(url) as store:
            async with asyncio.timeout(300), Client(create_server(store, Settings(store=url))) as client:  # type: ignore[call-arg]
                return await ask(client)

    *answers, reviews = asyncio.run(talk())
    assert all(fact not in it for it in answers)
    assert "topic/iran" not in answers[0]
    assert "Rejected" in reviews
    assert "misread" in reviews


def test_rejected_exclusion_is_there_with_all_reviews_and_in_the_history(
    client: TestClient, fact: str
) -> None:
    everything = {"query": FINDS, "reviews": "all"}
    assert fact in client.get("/sparql", params=everything).text
    assert fact in client.post("/sparql", data=everything).text
    assert fact in client.get(f"/api/v1/documents/{SEED}", params={"reviews": "all"}).text
    assert "misread" in client.get("/review/history", headers=HTML).text
    assert "misread" in client.get("/api/v1/reviews").text
    assert "rejected" in client.get("/review/statement", params={"iri": fact}, headers=HTML).text


# ── Nothing is written without a session, whatever the verb and the address ──


def addresses(client: TestClient) -> list[str]:
    """Where reviewing happens, from the description of the interface and the routes of pages."""
    described = client.get("/openapi.json").json()["paths"]
    own = [path for path in described if "/reviews" in path]
    pages = [
        "",
        "/login",
        "/logout",
        "/statement",
        "/add",
        "/passage",
        "/undo",
        "/second",
        "/history",
        "/events",
    ]
    return [*(it.replace("{id}", "0" * 20) for it in own), *(f"/review{it}" for it in pages)]


def test_nothing_is_written_without_a_session_at_any_address(client: TestClient, url: str) -> None:
    before = run(url, "review", "export")
    kept = {**client.cookies}
    client.cookies.clear()
    forms = {"csrf": "x", "iri": "fact/x", "verdict": "Accepted", "id": "0" * 20, "decision": "accept"}
    for path in addresses(client):
        for verb in ("POST", "PUT", "PATCH", "DELETE"):
            found = client.request(verb, path, data=forms, headers=HTML, follow_redirects=False)
            assert found.status_code in (401, 403, 404, 405, 415, 422), (verb, path, found.status_code)
            if (
                verb == "POST"
                and path.startswith("/review/")
                and not path.endswith(("second", "history", "passage"))
            ):
                assert found.status_code in (401, 403), (path, found.status_code)
        assert "set-cookie" not in client.get(path, headers=HTML).headers
    client.cookies.update(kept)
    assert run(url, "review", "export") == before


def test_secrets_file_is_in_no_backup(url: str, tmp_path: Path, client: TestClient) -> None:
    run(url, "backup", str(tmp_path / "all.nq.gz"))
    text = gzip.decompress((tmp_path / "all.nq.gz").read_bytes())
    people = Reviewers.read(Path(client.app.state.options.reviewers))  # type: ignore[attr-defined]  # an application
    assert b"misread" in text
    assert people.key.encode() not in text
    assert not any(it.encode() in text for it in people.digests.values())
