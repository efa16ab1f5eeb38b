"""What sums up the whole store is answered before anybody asks, and only for the state that it holds in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kg import ingest, queries
from kg.cli import main
from kg.ingest import Pipeline
from kg.store import open_store
from kg.summaries import materialize, summaries
from tests.conftest import copied

RANKING = queries.catalogue()["topic-ranking"].bind({})


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory, stored: Callable[..., str]) -> str:
    """A store of one call."""
    file = tmp_path_factory.mktemp("call") / "march.txt"
    file.write_text(
        "President Joe Biden spoke with Chinese President Xi Jinping by telephone on March 1, 2024. "
        "They discussed Taiwan. Xi urged the United States to respect China's position on Taiwan."
    )
    return stored(file)


@pytest.fixture
def url(march: str, tmp_path: Path) -> str:
    return copied(march, tmp_path)


def load(url: str, pipeline: Pipeline, folder: Path, text: str) -> None:
    file = folder / "more.txt"
    file.write_text(text)
    with open_store(url, write=True) as store:
        assert [it.status for it in ingest.load([file], store, pipeline, max_bytes=10_000)] == ["stored"]


def ranked(url: str) -> bytes:
    with open_store(url) as store:
        return store.select(RANKING).serialize("csv")


def test_kept_answers_are_those_of_the_store(url: str) -> None:
    with open_store(url) as store:
        fresh = {it.query: sorted(map(str, store.select(it.query))) for it in summaries()}
        made = [*materialize(store)]
        assert {it.query for it in made} > fresh.keys()
        assert {it.topic for it in made} > {None}
        assert {query: sorted(map(str, store.select(query))) for query in fresh} == fresh


def test_kept_answers_are_read_by_others_and_not_found_anew(url: str) -> None:
    with open_store(url) as store:
        store.keep(RANKING.text, b"?kept\n")
    assert ranked(url) == b"kept\r\n"


def test_part_of_a_question_that_was_found_before_is_not_found_anew(url: str) -> None:
    bound = queries.catalogue()["new-topics"].bind({"topic": "topic/taiwan"})
    part = next(it for it in summaries() if it.is_part and it.name == "new-topics")
    with open_store(url) as store:
        assert [*store.select(bound)]
        store.keep(part.text, b"?near\t?first\n")
        assert not [*store.select(bound)]
        assert [*store.select(bound.text)]  # nobody says that it is the catalogue's


def test_a_newer_state_has_answers_of_its_own(url: str, pipeline: Pipeline, tmp_path: Path) -> None:
    with open_store(url) as store:
        [*materialize(store)]
    before = ranked(url)
    load(
        url,
        pipeline,
        tmp_path,
        "President Joe Biden spoke with Chinese President Xi Jinping by telephone on May 1, 2024. They discussed Tibet.",
    )
    assert b"tibet" not in before
    assert b"tibet" in ranked(url)


def test_command_tells_how_many_answers_are_ready(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["materialize", "--store", url])
    assert ended.value.code in (0, None)
    number, rest = capsys.readouterr().out.split(maxsplit=1)
    assert (int(number) > 10, rest) == (True, "answers are ready\n")


def test_command_says_where_answers_cannot_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["materialize", "--store", "memory:"])
    assert ended.value.code == 2
    assert "a store on disk can" in capsys.readouterr().err
