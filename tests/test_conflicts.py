"""What two documents say against each other is linked, whichever is loaded first, until one of them goes."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from kg import ingest
from kg.dump import dump
from kg.extract import Extractor
from kg.ingest import Pipeline
from kg.model import Document, Entity, Event, Fact, Literal, Name, Passage, Statement
from kg.store import Store, open_store
from kg.terms import BASE

LEADERS = [Entity("Leader", "", f"{BASE}id/person/{name}") for name in ("joe-biden", "xi-jinping")]
TIBET = Entity("Topic", "Tibet", f"{BASE}id/topic/tibet")
TRADE = Entity("Topic", "Trade", f"{BASE}id/topic/trade")
SAID = {"raised": ("discussedTopic", "Affirmed"), "left-out": ("excludedTopic", "Affirmed"),
        "denied": ("discussedTopic", "Negated")}  # fmt: skip


class Reader:
    """Takes one word of the body for what is said of Tibet."""

    name, version = "words", "1"

    def extract(self, document: Document, _lexicon: object) -> Iterator[Statement]:
        passage = Passage(0, len(document.body), document.body)
        call = Event("Call", passage, "2022-07-28", tuple(LEADERS))
        facts = [("type", Name("Call"), "Affirmed"), ("status", Name("Occurred"), "Affirmed"),
                 ("date", Literal("2022-07-28", "date"), "Affirmed"), ("discussedTopic", TRADE, "Affirmed"),
                 *(("participant", leader, "Affirmed") for leader in LEADERS)]  # fmt: skip
        predicate, polarity = SAID[document.body]
        for name, value, sign in [*facts, (predicate, TIBET, polarity)]:
            yield Fact(subject=call, predicate=name, object=value, polarity=sign, evidence=(passage,))


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    made = Pipeline()
    reader: Extractor = Reader()
    made.__dict__["extractor"] = reader
    return made


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        yield opened


def put(store: Store, pipeline: Pipeline, name: str, body: str) -> None:
    document = Document(id=f"2022-07-29-{name}", source=name, body=body, published="2022-07-29")
    outcome = ingest.load_document(document, store, pipeline, replace=True)
    assert outcome.problem is None


def links(store: Store) -> set[tuple[str, ...]]:
    """Who contradicts whom, and in whose graph that stands."""
    rows = store.select(
        f"""PREFIX kg: <{BASE}ontology#> SELECT ?a ?b ?g WHERE {{
            GRAPH ?g {{ ?x kg:conflictsWith ?y }} ?x kg:reportedIn ?a . ?y kg:reportedIn ?b }}"""
    )
    return {tuple(text[-1:] for text in row if text) for row in rows.texts()}


@pytest.mark.parametrize("no", ["left-out", "denied"])
def test_contradiction_is_linked_both_ways_each_in_its_own_graph(
    store: Store, pipeline: Pipeline, no: str
) -> None:
    put(store, pipeline, "a", "raised")
    put(store, pipeline, "b", no)
    assert links(store) == {("a", "b", "a"), ("b", "a", "b")}


def test_order_of_loading_leaves_no_trace(pipeline: Pipeline) -> None:
    bodies = {"a": "raised", "b": "left-out", "c": "denied"}
    dumps = set()
    for order in permutations(bodies):
        with open_store("memory:", write=True) as store:
            for name in order:
                put(store, pipeline, name, bodies[name])
            dumps.add(b"".join(dump(store, "nquads")))
    assert len(dumps) == 1


def test_link_goes_with_the_document_that_made_it(store: Store, pipeline: Pipeline) -> None:
    put(store, pipeline, "a", "raised")
    before = b"".join(dump(store, "nquads"))
    put(store, pipeline, "b", "left-out")
    ingest.remove("2022-07-29-b", store)
    assert b"".join(dump(store, "nquads")) == before


def test_link_goes_when_the_document_says_otherwise(store: Store, pipeline: Pipeline) -> None:
    put(store, pipeline, "a", "raised")
    put(store, pipeline, "b", "left-out")
    put(store, pipeline, "b", "raised")
    assert links(store) == set()


def test_documents_that_agree_are_not_linked(store: Store, pipeline: Pipeline) -> None:
    put(store, pipeline, "a", "left-out")
    put(store, pipeline, "b", "denied")
    assert links(store) == set()
