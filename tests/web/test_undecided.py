"""While two events may be one, nothing says that a side is silent, and no count stands without a word on it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from kg import ingest, queries
from kg.cli import cli
from kg.ingest import Pipeline
from kg.lexicon import Lexicon
from kg.mcp.formatting import event_of
from kg.model import Document
from kg.questions import Answer, Answerer
from kg.settings import Settings
from kg.store import Store, open_store
from kg.terms import ID
from kg.views.accounts import event_accounts
from kg.views.event_index import EventIndex
from kg.web import create_app

DOCUMENTS = Path(__file__).parents[1] / "documents"
READOUT = DOCUMENTS / "2023-11-17-woodside-talks.md"
MEETING = "meeting/2023-11-15-joe-biden-xi-jinping"
NOTE = Document(
    id="undated",
    body="President Joe Biden met with President Xi Jinping. The two leaders discussed Taiwan.",
    published="2023-11-18",
)


@dataclass(frozen=True)
class World:
    """A store on disk with a dated meeting and an undated one that may be the same."""

    url: str
    store: Store
    own: str  # IRI of the undated one

    def ask(self, question: str) -> Answer:
        return Answerer(self.store, queries.catalogue(), Lexicon.load()).ask(question)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undecided") / "store"
    pipeline = Pipeline()
    with open_store(f"oxigraph:{folder}", write=True) as store:
        assert [it.problem for it in ingest.load([READOUT], store, pipeline, max_bytes=10_000)] == [None]
        ingest.load_document(NOTE, store, pipeline)
    return folder


@contextmanager
def opened(folder: Path, *, write: bool = False) -> Iterator[World]:
    url = f"oxigraph:{folder}"
    with open_store(url, write=write) as store:
        [own] = EventIndex(store).undecided[str(ID[MEETING])]
        yield World(url, store, own)


@pytest.fixture(scope="module")
def world(loaded: Path) -> Iterator[World]:
    with opened(loaded) as found:
        yield found


@pytest.fixture(scope="module")
def decided(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("decided") / "store"
    shutil.copytree(loaded, folder)
    with opened(folder, write=True) as found:
        ingest.part(str(ID[MEETING]), found.own, found.store)
        yield found


@pytest.mark.parametrize(
    "question",
    [
        "How many times did Biden and Xi meet?",
        "When did Biden and Xi first meet?",
        "Was Iran discussed when Biden and Xi met in November 2023?",
        "Which topics did only one side mention in the Biden-Xi meeting of November 15, 2023?",
    ],
)
def test_answer_that_may_change_says_so_until_it_is_decided(
    world: World, decided: World, question: str
) -> None:
    assert "Undecided" in world.ask(question).text
    assert "Undecided" not in decided.ask(question).text


def test_chinese_answer_says_so_in_chinese(world: World) -> None:
    assert "尚未确定" in world.ask("拜登和习近平会晤了几次？").text


def test_answer_of_what_somebody_said_needs_no_caveat(world: World) -> None:
    answer = world.ask("What did Biden say about fentanyl?")
    assert answer.citations
    assert "Undecided" not in answer.text


def client_of(world: World) -> TestClient:
    return TestClient(create_app(world.store, options=Settings(store=world.url)))


def test_page_offers_the_other_event_and_calls_no_side_silent(world: World) -> None:
    with client_of(world) as client:
        page = client.get(f"/id/{MEETING}", headers={"accept": "text/html"}).text
    assert "Undecided" in page
    assert "told without a day on 2023-11-18" in page
    assert f'href="/id/{world.own.removeprefix(ID)}"' in page
    for silence in ("No document of this side tells", "Only Washington", "Only Beijing", "only here"):
        assert silence not in page


def test_page_tells_of_silence_once_it_is_decided(decided: World) -> None:
    with client_of(decided) as client:
        page = client.get(f"/id/{MEETING}", headers={"accept": "text/html"}).text
    assert "Undecided" not in page
    assert "Only Washington" in page


def test_resource_names_the_other_event_and_marks_nothing_as_told_by_one_side(world: World) -> None:
    with client_of(world) as client:
        event = client.get(f"/api/v1/events/{MEETING}").json()
    [may_be] = event["possiblySameAs"]
    assert may_be["event"]["@id"] == world.own
    assert may_be["reason"] == "told without a day on 2023-11-18"
    assert not any("only-here" in row["marks"] for row in event["topics"])


def test_tool_of_models_names_the_other_event(world: World) -> None:
    told = event_of(event_accounts(world.store, str(ID[MEETING])), EventIndex(world.store))
    assert [it["iri"] for it in told["may_be_the_same_as"]] == [world.own]


def test_rows_of_the_catalogue_come_with_the_caveat(world: World) -> None:
    with client_of(world) as client:
        rows = client.get("/api/v1/queries/meetings/rows").json()
        page = client.get("/questions/meetings?run=1").text
    assert "Undecided" in rows["undecided"]
    assert "Undecided" in page


def test_command_of_the_catalogue_says_it_beside_the_table(world: World) -> None:
    told = CliRunner().invoke(cli, ["ask", "meetings", "--store", world.url])
    assert "Undecided" not in told.stdout
    assert "Undecided" in told.stderr
