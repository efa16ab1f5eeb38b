"""What every test stands on."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from kg import ingest
from kg.ingest import Pipeline
from kg.lexicon import Lexicon
from kg.store import open_store

settings.register_profile("any machine", deadline=None)  # speed is no matter of tests
settings.load_profile("any machine")

ROOT = Path(__file__).parents[1]
LONGEST = (
    "test_review_browser.py", "test_browser.py", "test_remote.py", "test_questions.py", "test_corpus.py",
    "test_readme.py", "test_review.py", "test_maintenance.py", "test_openapi.py", "test_search_index.py",
)  # fmt: skip
SEEDS = sorted((ROOT / "seeds").iterdir())
DOCUMENTS = sorted((ROOT / "tests" / "documents").iterdir())


def copied(url: str, folder: Path) -> str:
    """The URL of a copy of a store, in a folder."""
    shutil.copytree(url.removeprefix("oxigraph:"), folder / "store", copy_function=shutil.copy)
    return f"oxigraph:{folder / 'store'}"


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    """A developer's own `KG_…` variables must not change what is tested."""
    for name in [name for name in os.environ if name.startswith("KG_")]:
        del os.environ[name]
    os.environ["KG_RATE_LIMIT"] = "0"  # tests ask more of a server than one client may


@pytest.fixture(autouse=True)
def _environment_of_each_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command sets for processes of its own is gone before the next test."""
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """The steps from a document to its graphs; nobody changes them."""
    return Pipeline()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The names of the reference data."""
    return Lexicon.load()


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory, pipeline: Pipeline) -> Callable[..., str]:
    """Gives the URL of a store with the ontology and some documents, made once; whoever writes takes a copy."""
    made: dict[tuple[Path, ...], str] = {}

    def url(*paths: Path) -> str:
        if paths not in made:
            place = f"oxigraph:{tmp_path_factory.mktemp('stored') / 'store'}"
            with open_store(place, write=True) as store:
                ingest.put_ontology(store, pipeline)
                outcomes = [*ingest.load(paths, store, pipeline, max_bytes=1_000_000)]
            assert [outcome.problem for outcome in outcomes] == [None] * len(outcomes)
            made[paths] = place
        return made[paths]

    return url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest, so that no process is left with one of them at the end."""
    turn = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path.name, len(turn)))
