"""Reviews hold while documents are joined in events, edited as RDF, and read again from the store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg import ingest, maintenance
from kg.errors import NonConformingError
from kg.ingest import Pipeline
from kg.model import Document
from kg.review import Reviews, review_id
from kg.review.change import added, corrected, passage
from kg.review.queue import Queue, QueueFilter
from kg.review.stored import open_reasons
from kg.store import Store, open_store
from kg.terms import BASE, KG, document_graph
from tests.test_review import Reviewer, facts, nquads, statuses

DOCUMENTS = Path(__file__).parent / "documents"
READOUT = DOCUMENTS / "2023-11-17-woodside-talks.md"
MEETING = f"{BASE}id/meeting/2023-11-15-joe-biden-xi-jinping"
UNDATED = Document(
    id="undated",
    body="President Joe Biden met with President Xi Jinping. Iran was not discussed.",
    published="2023-11-18",
)


@pytest.fixture
def store(pipeline: Pipeline) -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        ingest.put_ontology(opened, pipeline)
        [*ingest.load([READOUT], opened, pipeline, max_bytes=1_000_000)]
        ingest.load_document(UNDATED, opened, pipeline)
        yield opened


def own_name(store: Store) -> str:
    """The name of the meeting that the undated document alone gives it."""
    rows = store.select(f"SELECT ?it WHERE {{ ?it a <{KG.Meeting}> }}")
    return next(iri for (iri,) in rows.texts() if iri and "/undated." in iri)


def exclusion(store: Store, topic: str) -> str:
    return next(iri for iri, value in facts(store, "excludedTopic").items() if value == topic)


def test_review_made_before_documents_are_joined_holds_after(store: Store, pipeline: Pipeline) -> None:
    fact, reviewer = exclusion(store, "iran"), Reviewer(store, pipeline)
    reviewer.judge("Rejected", fact)
    before = nquads(store)
    ingest.tie(MEETING, name := own_name(store), store)
    assert fact not in facts(store, "excludedTopic")
    assert fact in facts(store, "excludedTopic", rejected=True)
    ingest.untie(MEETING, name, store)
    assert nquads(store) == before


def test_statement_of_a_joined_event_is_found_and_reviewed(store: Store, pipeline: Pipeline) -> None:
    ingest.tie(MEETING, own_name(store), store)
    fact, reviewer = exclusion(store, "iran"), Reviewer(store, pipeline)
    assert store.query(f"ASK {{ <{fact}> ?said <{MEETING}> }}")
    made = reviewer.judge("Corrected", fact, value=["topic/japan"])
    assert store.query(f"ASK {{ <{MEETING}> <{KG.excludedTopic}> <{BASE}id/topic/japan> }}")
    ingest.load_document(UNDATED, store, pipeline)
    assert "iran" not in facts(store, "excludedTopic").values()
    reviewer.withdraw(made)
    assert fact in facts(store, "excludedTopic")


TWICE = Document(
    id="twice",
    body="On November 15, 2023, President Joe Biden met with President Xi Jinping. Iran was not discussed. "
    "On November 17, 2023, President Joe Biden met with President Xi Jinping. Tibet was not discussed.",
)


def test_marks_stay_where_two_events_of_a_document_are_one(store: Store, pipeline: Pipeline) -> None:
    ingest.load_document(TWICE, store, pipeline)
    day = next(iri for iri in facts(store, "date") if "/twice>" in said_of(store, iri))
    Reviewer(store, pipeline).judge("Accepted", day)
    ingest.tie(MEETING, MEETING.replace("11-15", "11-17"), store)
    assert not store.query(f"ASK {{ <{MEETING.replace('11-15', '11-17')}> a ?kind }}")
    assert statuses(store) == {day: "Accepted"}
    Reviewer(store, pipeline, "bob").judge("Rejected", day)
    assert statuses(store) == {day: "Disputed"}


def test_joined_event_goes_by_all_its_names(store: Store, pipeline: Pipeline) -> None:
    own = own_name(store)
    ingest.tie(MEETING, own, store)
    document = ingest.reviewed_document("undated", store)
    found = pipeline.read(document)
    names = ingest.names_in(document, found, store, pipeline.lexicon)
    assert names.event(MEETING) == names.event(own)
    words = passage(document, "Iran was not discussed.")
    parts = {"event": [MEETING], "property": ["excludedTopic"], "value": ["topic/japan"]}
    Reviewer(store, pipeline).put(document, found, [("Added", added(parts, words, names), None)])
    assert store.query(f"ASK {{ <{MEETING}> <{KG.excludedTopic}> <{BASE}id/topic/japan> }}")


def test_event_whose_day_was_corrected_goes_by_its_new_name(store: Store, pipeline: Pipeline) -> None:
    reviewer, readout = Reviewer(store, pipeline), READOUT.stem
    day = next(iri for iri in facts(store, "date") if f"{readout}>" in said_of(store, iri))
    reviewer.judge("Corrected", day, day=["2023-11-14"])
    document, found, statement = reviewer.find(exclusion(store, "tibet"))
    names = ingest.names_in(document, found, store, pipeline.lexicon)
    moved = MEETING.replace("11-15", "11-14")
    assert names.event(moved) == names.event(MEETING)
    assert corrected(statement, {"event": [moved], "value": ["topic/japan"]}, names).evidence


def said_of(store: Store, iri: str) -> str:
    return b"".join(it for it in store.lines() if it.startswith(f"<{iri}> ".encode())).decode()


# ── Documents that come as RDF ──


def graph_of(store: Store, document: str) -> dict[str, bytes]:
    name = str(document_graph(document))
    return {name: b"".join(store.lines(name))}


def without(graphs: dict[str, bytes], fact: str) -> dict[str, bytes]:
    """The graphs without a fact that excludes Iran, and what only it names."""
    lines = b"".join(graphs.values()).splitlines(True)
    gone = [fact.encode(), b"/topic/iran>"]
    gone += [line.split()[2] for line in lines if fact.encode() in line and b"#evidence>" in line]
    return {
        name: b"".join(line for line in its.splitlines(True) if not any(it in line for it in gone))
        for name, its in graphs.items()
    }


def test_edited_document_keeps_the_marks_of_its_reviews(store: Store, pipeline: Pipeline) -> None:
    reviewer = Reviewer(store, pipeline)
    reviewer.judge("Rejected", exclusion(store, "tibet"))
    day = next(iri for iri in facts(store, "date") if READOUT.stem in said_of(store, iri))
    reviewer.judge("Accepted", day)
    before = nquads(store)
    ingest.edit(graph_of(store, READOUT.stem), store, pipeline)
    assert nquads(store) == before


def test_edit_does_not_bring_back_what_a_review_rejects(store: Store, pipeline: Pipeline) -> None:
    as_read = graph_of(store, "undated")
    Reviewer(store, pipeline).judge("Rejected", exclusion(store, "iran"))
    before = nquads(store)
    with pytest.raises(NonConformingError, match="a review rejects"):
        ingest.edit(as_read, store, pipeline)
    assert nquads(store) == before


def test_accepted_statement_that_an_edit_takes_out_is_to_be_looked_at(
    store: Store, pipeline: Pipeline
) -> None:
    fact = exclusion(store, "iran")
    made = Reviewer(store, pipeline).judge("Accepted", fact)
    ingest.edit(without(graph_of(store, "undated"), fact), store, pipeline)
    assert statuses(store) == {}
    assert "by hand" in open_reasons(store)[review_id(made)]
    assert review_id(made) in Reviews.of(store).by_id


# ── Documents that are read again from the store ──

NAMED = replace(UNDATED, id="named", publisher="The White House (press office)")


def test_publisher_is_named_in_a_stored_document_as_in_its_file(store: Store, pipeline: Pipeline) -> None:
    ingest.load_document(NAMED, store, pipeline)
    assert ingest.stored_document("named", store).publisher == NAMED.publisher
    assert ingest.stored_document(READOUT.stem, store).publisher == "The White House"


def test_reading_again_from_the_store_changes_no_byte(store: Store, pipeline: Pipeline) -> None:
    ingest.load_document(NAMED, store, pipeline)
    before = nquads(store)
    [*maintenance.rebuild(maintenance.stale(store, pipeline, every=True), store, pipeline)]
    assert nquads(store) == before


# ── What waits ──


def test_what_a_rule_gave_that_seldom_fires_is_doubtful(store: Store) -> None:
    rare = "read by a rule that seldom fires"
    few = Queue(store)
    assert not few.waiting(QueueFilter(doubt=rare))  # of so few statements nothing is known
    lines = "\\n".join(["often 1000", f"seldom {exclusion(store, 'iran').removeprefix(f'{BASE}id/')}"])
    store.replace_graphs(
        {f"{BASE}graph/inferred/many": f'<{BASE}id/document/many> <{KG.readBy}> "{lines}" .\n'.encode()}
    )
    assert exclusion(store, "iran") in [it.iri for it in Queue(store).waiting(QueueFilter(doubt=rare))]


def test_rules_are_told_with_what_they_read(store: Store) -> None:
    told = b"".join(store.lines(f"{BASE}graph/document/undated")).decode()
    [line] = [it for it in told.splitlines() if str(KG.readBy) in it]
    assert exclusion(store, "iran").removeprefix(f"{BASE}id/") in line
