"""The graph in a notebook: frames of answers, events and claims; and the example runs from end to end."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import kg
from kg.errors import InputError
from kg.notebook import Graph
from tests.conftest import DOCUMENTS, SEEDS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def url(stored: Callable[..., str]) -> str:
    return stored(*DOCUMENTS, *SEEDS)


@pytest.fixture(scope="module")
def graph(url: str) -> Iterator[Graph]:
    with kg.open(url) as opened:
        yield opened


def test_answer_is_a_frame_with_its_citations(graph: Graph) -> None:
    frame = graph.ask("Which topics were excluded from the June 5 call?")
    assert set(frame["topicLabel"]) == {"Iran", "Russia–Ukraine war"}
    assert frame.attrs["verdict"] == "sure"
    assert frame.attrs["citations"][0].exact.endswith("were not discussed.")
    follow = graph.ask("and who took part?", frame.attrs["context"])
    assert {"Donald Trump", "Xi Jinping"} <= set(follow["participantLabel"])


def test_events_are_one_row_each_with_their_participants(graph: Graph) -> None:
    frame = graph.events("calls", since="2025")
    assert list(frame["participants"]) == ["Donald Trump, Xi Jinping"]
    assert not graph.events()["event"].duplicated().any()


def test_claims_are_chosen_by_topic_side_and_kind(graph: Graph) -> None:
    every, demands = graph.claims(topic="Taiwan"), graph.claims("Demand", topic="Taiwan", side="China")
    assert len(demands) < len(every)
    assert set(demands["kind"]) == {"Demand"}


def test_sparql_gives_numbers_as_numbers(graph: Graph) -> None:
    frame = graph.sparql("SELECT (COUNT(?call) AS ?n) WHERE { ?call a kg:Call }")
    assert frame["n"].sum() >= 1


def test_unknown_kind_says_which_there_are(graph: Graph) -> None:
    with pytest.raises(InputError, match="calls, meetings"):
        graph.events("weddings")
    with pytest.raises(InputError, match="Assertion, Demand"):
        graph.claims("Rumour")


def test_import_of_the_package_brings_nothing_heavy() -> None:
    code = "import sys, kg; print(sorted({'pandas', 'spacy', 'rdflib', 'pyoxigraph'} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.filterwarnings("ignore")  # of the kernel and its transport
def test_example_notebook_runs(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", url)
    notebook = nbformat.read(ROOT / "examples" / "first-look.ipynb", as_version=4)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("Iran" in str(output) for output in shown)
