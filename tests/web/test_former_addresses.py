"""The address that an event had before it was found to be another one leads to that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kg import entities, ingest
from kg.ingest import Pipeline
from kg.model import Document
from kg.settings import Settings
from kg.store import Store, open_store
from kg.terms import ID
from kg.views.event_index import EventIndex
from kg.web import create_app

READOUT = Path(__file__).parents[1] / "documents" / "2023-11-17-woodside-talks.md"
NOW = "meeting/2023-11-15-joe-biden-xi-jinping"
NOTE = Document(
    id="undated",
    body="President Joe Biden met with President Xi Jinping. The two leaders discussed Taiwan.",
    published="2023-11-18",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("moved") / "store"
    pipeline = Pipeline()
    with open_store(f"oxigraph:{made}", write=True) as store:
        assert all(it.problem is None for it in ingest.load([READOUT], store, pipeline, max_bytes=10_000))
        ingest.load_document(NOTE, store, pipeline)
        [own] = EventIndex(store).undecided[str(ID[NOW])]
        ingest.tie(str(ID[NOW]), own, store)
    return made


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with open_store(f"oxigraph:{folder}") as opened:
        yield opened


@pytest.fixture(scope="module")
def client(folder: Path, store: Store) -> Iterator[TestClient]:
    options = Settings(store=f"oxigraph:{folder}", log_format="off")
    with TestClient(create_app(store, options=options), follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def former(store: Store) -> str:
    [found] = (it for it in EventIndex(store).replaced if "/undated." in it)
    return found.removeprefix(ID)


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/json"])
def test_former_identifier_leads_to_the_present_one(client: TestClient, former: str, accept: str) -> None:
    reply = client.get(f"/id/{former}", headers={"accept": accept})
    assert (reply.status_code, reply.headers["location"]) == (307, f"/id/{NOW}")


@pytest.mark.parametrize("suffix", [".ttl", ".jsonld", ".html", ".json"])
def test_former_identifier_keeps_its_form(client: TestClient, former: str, suffix: str) -> None:
    reply = client.get(f"/id/{former}{suffix}?page=1")
    assert (reply.status_code, reply.headers["location"]) == (307, f"/id/{NOW}{suffix}?page=1")


@pytest.mark.parametrize("resource", ["events", "entities"])
def test_former_resource_leads_to_the_present_one(client: TestClient, former: str, resource: str) -> None:
    reply = client.get(f"/api/v1/{resource}/{former}")
    assert reply.status_code == 307
    assert reply.headers["location"].endswith(f"/api/v1/{resource}/{NOW}")
    followed = client.get(reply.headers["location"])
    assert followed.json()["@id"] == str(ID[NOW])


def test_former_name_is_looked_up_as_the_present_one(store: Store, former: str) -> None:
    assert entities.find(former, store) == str(ID[NOW])


def test_address_of_an_event_that_is_still_one_leads_nowhere_else(client: TestClient) -> None:
    assert client.get(f"/id/{NOW}", headers={"accept": "text/html"}).status_code == 200
