"""Exchanges are called what people call them, in lists, search and pages, so that many of two people differ."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import ingest
from kg.ingest import Pipeline
from kg.store import open_store
from kg.terms import ID
from kg.views.event_index import EventIndex
from kg.views.name_search import NameSearch

READOUT = Path(__file__).parent / "documents" / "2023-11-17-woodside-talks.md"
MEETING = str(ID["meeting/2023-11-15-joe-biden-xi-jinping"])


@pytest.fixture(scope="module")
def index() -> Iterator[EventIndex]:
    with open_store("memory:", write=True) as store:
        assert all(it.problem is None for it in ingest.load([READOUT], store, Pipeline(), max_bytes=10_000))
        yield EventIndex(store)


def test_event_is_called_by_people_and_place(index: EventIndex) -> None:
    assert index.title(index.by_iri[MEETING]) == "Biden–Xi meeting, Woodside"
    assert index.occasions[MEETING].zh == "拜登与习近平伍德赛德会晤"


@pytest.mark.parametrize("words", ["Biden-Xi meeting Woodside", "woodside meeting", "伍德赛德会晤"])
def test_event_is_found_by_its_name(index: EventIndex, words: str) -> None:
    assert MEETING in [it.iri for it in NameSearch(index).find(words, limit=5)]
