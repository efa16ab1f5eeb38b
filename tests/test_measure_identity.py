"""Measures of one day between the same two: one for each thing that they are on, whoever tells of them."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from kg import ingest
from kg.dump import dump
from kg.ingest import Pipeline
from kg.model import Document
from kg.resolution import Event, resolver_of
from kg.store import Store, open_store


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        yield opened


def article(name: str, body: str) -> Document:
    return Document(name, body, published="2025-04-03")


STEEL = "The United States imposed a 25 percent tariff on Chinese steel on April 2, 2025."
CARS = "The United States imposed tariffs on Chinese electric vehicles on April 2, 2025."
PLAIN = "The United States imposed tariffs on China on April 2, 2025."


def measures(store: Store) -> list[Event]:
    return sorted((it for it in resolver_of(store) if it.group.lead.is_measure), key=lambda it: it.iri)


def load(store: Store, pipeline: Pipeline, *bodies: str) -> list[int]:
    """How many documents tell of each measure."""
    for number, body in enumerate(bodies):
        assert ingest.load_document(article(f"text-{number}", body), store, pipeline).status == "stored"
    return sorted(len(it.group.documents) for it in measures(store))


def test_measures_on_different_things_stay_apart(store: Store, pipeline: Pipeline) -> None:
    assert load(store, pipeline, STEEL, CARS) == [1, 1]


def test_one_document_tells_of_two(store: Store, pipeline: Pipeline) -> None:
    assert load(store, pipeline, f"{STEEL} {CARS}") == [1, 1]


@pytest.mark.parametrize(
    "again",
    [
        "On April 2, 2025, the United States imposed steel tariffs on China.",
        "On April 2, 2025, Washington imposed a tariff on Chinese steel and aluminum.",
        PLAIN,
        "On April 2, 2025, President Trump imposed tariffs on China.",
    ],
)
def test_two_documents_that_tell_of_one_meet(store: Store, pipeline: Pipeline, again: str) -> None:
    """Whether or not both say on what it is, and by whom."""
    assert load(store, pipeline, STEEL, again) == [2]


def test_measure_that_could_be_either_is_none_of_both(store: Store, pipeline: Pipeline) -> None:
    assert load(store, pipeline, STEEL, CARS, PLAIN) == [1, 1, 1]
    [plain] = [it for it in measures(store) if not it.group.objects]
    assert len(plain.doubts) == 2


@pytest.mark.parametrize(
    "other",
    [
        "China imposed tariffs on U.S. steel on April 2, 2025.",
        "The United States lifted the tariffs on Chinese steel on April 2, 2025.",
        "The United States imposed tariffs on Chinese steel on April 1, 2025.",
        "The United States sanctioned Huawei on April 2, 2025.",
    ],
)
def test_measures_that_differ_otherwise_stay_apart(store: Store, pipeline: Pipeline, other: str) -> None:
    assert load(store, pipeline, STEEL, other) == [1, 1]


def test_persons_and_companies_that_are_hit_tell_sanctions_apart(store: Store, pipeline: Pipeline) -> None:
    huawei = "The United States sanctioned Huawei on April 2, 2025."
    hikvision = "The United States sanctioned ZTE on April 2, 2025."
    assert load(store, pipeline, huawei, hikvision, huawei) == [1, 2]


def test_order_leaves_no_trace_on_measures(pipeline: Pipeline) -> None:
    made = [*pipeline.prepare([article(f"text-{n}", body) for n, body in enumerate((STEEL, CARS, PLAIN))])]
    states = set()
    for order in permutations(made):
        with open_store("memory:", write=True) as store:
            for it in order:
                ingest.put(it, store)
            ingest.remove(order[0].document, store)
            ingest.put(order[0], store)
            states.add(b"".join(dump(store, "nquads")))
    assert len(states) == 1
