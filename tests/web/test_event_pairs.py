"""Reviewers decide on pages whether two events are one; nobody else can."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kg import ingest, merges
from kg.ingest import Pipeline
from kg.model import Document
from kg.review.reviewers import Reviewers
from kg.settings import Settings
from kg.store import open_store
from kg.terms import ID
from kg.web import create_app

READOUT = Path(__file__).parents[1] / "documents" / "2023-11-17-woodside-talks.md"
MEETING = "meeting/2023-11-15-joe-biden-xi-jinping"
NOTE = Document(
    id="undated",
    body="President Joe Biden met with President Xi Jinping. The two leaders discussed Taiwan.",
    published="2023-11-18",
)
ACCEPT = {"accept": "text/html"}


@dataclass(frozen=True)
class ReviewerClient:
    """A server with a reviewer who is logged in, and a pair of events that may be one."""

    client: TestClient
    csrf: str
    own: str  # path of the event that may be the meeting
    url: str

    def decide(self, decision: str, **fields: str) -> int:
        form = {"csrf": self.csrf, "decision": decision, "event": MEETING, "other": self.own, **fields}
        return self.client.post("/review/events", data=form, follow_redirects=False).status_code

    def page(self, path: str) -> str:
        return self.client.get(path, headers=ACCEPT).text


@pytest.fixture
def reviewer(tmp_path: Path, pipeline: Pipeline) -> Iterator[ReviewerClient]:
    url, people = f"oxigraph:{tmp_path / 'store'}", tmp_path / "reviewers.json"
    with open_store(url, write=True) as store:
        assert [it.problem for it in ingest.load([READOUT], store, pipeline, max_bytes=10_000)] == [None]
        ingest.load_document(NOTE, store, pipeline)
        [pair] = merges.candidates(store)
    secret = Reviewers.read(people).add("anna")
    options = Settings(store=url, reviewers=people, rate_limit=0)
    with (
        open_store(url) as store,
        TestClient(create_app(store, options=options), base_url="http://localhost") as client,
    ):
        found = client.post("/review/login", data={"name": "anna", "secret": secret}, headers=ACCEPT)
        [csrf] = {*re.findall(r'name="csrf" value="([0-9a-f]+)"', found.text)}
        yield ReviewerClient(client, csrf, pair.other.removeprefix(ID), url)


def test_pair_is_offered_on_both_pages_and_among_what_waits(reviewer: ReviewerClient) -> None:
    for path in (MEETING, reviewer.own):
        assert f"/review/events?event={path.replace('/', '%2F')}" in reviewer.page(f"/id/{path}")
    assert "told without a day on 2023-11-18" in reviewer.page("/review/events")
    assert "0 of 1 pairs" in reviewer.page("/review/events?event=meeting/another")


def test_accepted_pair_is_one_event_until_it_is_taken_back(reviewer: ReviewerClient) -> None:
    assert reviewer.decide("accept") == 303
    page = reviewer.page(f"/id/{MEETING}")
    assert "2 documents" in page
    assert "Undecided" not in page
    assert "is the same as" in reviewer.page("/review/events")
    assert reviewer.decide("take back same") == 303
    assert "Undecided" in reviewer.page(f"/id/{MEETING}")


def test_rejected_pair_is_two_events_until_that_is_taken_back(reviewer: ReviewerClient) -> None:
    assert reviewer.decide("reject") == 303
    assert "Undecided" not in reviewer.page(f"/id/{MEETING}")
    assert reviewer.decide("accept") == 400  # it is no longer open
    assert reviewer.decide("take back different") == 303
    assert "Undecided" in reviewer.page(f"/id/{MEETING}")


def test_nothing_is_decided_without_a_session_or_by_a_form_of_another(reviewer: ReviewerClient) -> None:
    assert reviewer.decide("accept", csrf="0" * 64) == 403
    assert reviewer.decide("merge") == 400
    reviewer.client.cookies.clear()
    assert reviewer.decide("accept") == 401
    assert 'name="secret"' in reviewer.page("/review/events")
    with open_store(reviewer.url) as store:
        assert len(merges.candidates(store)) == 1


def test_page_of_a_server_without_reviewers_offers_no_decision(reviewer: ReviewerClient) -> None:
    with open_store(reviewer.url) as store, TestClient(create_app(store)) as client:
        assert "/review/events" not in client.get(f"/id/{MEETING}", headers=ACCEPT).text
