"""Decisions on events are reviews: with a name, a time and a note, in the same file, taken back the same way."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg import ingest, maintenance, merges
from kg.errors import InputError
from kg.ingest import Pipeline, Prepared, Signature, signed_review, stored_documents
from kg.model import Document, EventReview, Fact, Review, Verdict
from kg.review import Reviews, decode, encode, review_id
from kg.review.event_reviews import event_disagreements, held
from kg.review.file import export, merge, read_file
from kg.store import Store, open_store
from kg.terms import BASE
from tests.test_review import Reviewer, facts, nquads, statuses
from tests.test_review_joined import MEETING, READOUT, UNDATED, own_name

ANNA = Signature("anna", "2026-11-27T09:00:00Z", "the same garden")
BOB = Signature("bob", "2026-11-27T10:00:00Z")
ONE, OTHER = f"{BASE}id/call/one", f"{BASE}id/call/other"


@pytest.fixture
def store(pipeline: Pipeline) -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        fill(opened, pipeline)
        yield opened


def fill(store: Store, pipeline: Pipeline) -> None:
    ingest.put_ontology(store, pipeline)
    [*ingest.load([READOUT], store, pipeline, max_bytes=1_000_000)]
    ingest.load_document(UNDATED, store, pipeline)


def found(verdict: str, by: str = "anna", minute: int = 1, one: str = ONE) -> EventReview:
    return EventReview(verdict, one, OTHER, by, f"2026-11-27T09:{minute:02}:00Z")  # type: ignore[arg-type]  # a verdict


def test_line_gives_the_review_back() -> None:
    for it in (found("same"), found("different"), found("apart", one="some-note")):
        assert decode(encode(it)) == it
    with pytest.raises(InputError, match="itself"):
        decode(encode(found("same", one=OTHER)))


def test_last_word_counts_and_reviewers_who_differ_keep_events_apart() -> None:
    assert [it.verdict for it in held([found("same"), found("different", minute=2)])] == ["different"]
    assert [it.verdict for it in held([found("different"), found("same", minute=2)])] == ["same"]
    both = [found("different"), found("same", "bob", 2)]
    assert [it.verdict for it in held(both)] == ["different"]
    assert [set(its) for its in event_disagreements(both)] == [{"anna", "bob"}]
    assert [it.verdict for it in merge(both[:1], both[1:]).new] == ["same"]
    assert len(merge(both[:1], both[1:]).conflicts) == 1


def test_decision_tells_who_made_it_and_is_taken_back_by_its_identifier(
    store: Store, pipeline: Pipeline
) -> None:
    before, own = nquads(store), own_name(store)
    ingest.accept(own, MEETING, store, ANNA)
    [made] = Reviews.of(store).events.values()
    assert (made.verdict, made.reviewer, made.note) == ("same", "anna", "the same garden")
    assert merges.explain(MEETING, store).tied == (own,)
    reviewer = Reviewer(store, pipeline)
    ingest.withdraw([review_id(made)], "anna", "2026-11-28T09:00:00Z", store, reviewer.prepare, pipeline)
    assert merges.explain(MEETING, store).tied == ()
    graph = f"{BASE}graph/review/{review_id(made)}".encode()
    assert b"".join(it for it in nquads(store).splitlines(True) if graph not in it) == before
    [kept] = Reviews.of(store).events.values()
    assert kept.withdrawn_by == "anna"


def test_rejected_pair_is_rejected_for_who_takes_the_file_in(store: Store, pipeline: Pipeline) -> None:
    ingest.reject(own_name(store), MEETING, store, ANNA)
    text = "".join(export(Reviews.of(store).all))
    with open_store("memory:", write=True) as other:
        ingest.put_ontology(other, pipeline)
        reviewer = Reviewer(other, pipeline)
        ingest.import_reviews(read_file(text, "x"), other, reviewer.prepare, pipeline)
        fill(other, pipeline)
        assert merges.candidates(other) == []
        assert nquads(other) == nquads(store)


def test_reviewers_who_differ_are_told_when_a_file_is_taken_in(store: Store, pipeline: Pipeline) -> None:
    own, reviewer = own_name(store), Reviewer(store, pipeline)
    ingest.accept(own, MEETING, store, ANNA)
    against = EventReview("different", MEETING, own, BOB.reviewer, BOB.time)
    made = ingest.import_reviews([against], store, reviewer.prepare, pipeline)
    assert [set(its) for its in made.merged.conflicts] == [{"anna", "bob"}]
    assert merges.explain(MEETING, store).different == (own,)
    ingest.unpart(MEETING, own, store, BOB)
    assert merges.explain(MEETING, store).tied == (own,)


def drawn(store: Store, pipeline: Pipeline, choice: random.Random) -> list[Review]:
    """200 reviews of what a store says, by three people."""
    read = [(it, pipeline.read(it)) for it in stored_documents(store)]
    made: list[Review] = []
    for number in range(200):
        document, applied = choice.choice(read)
        statement = choice.choice([*applied.sources.values()])
        verdict: Verdict = choice.choice(["Accepted", "Accepted", "Rejected", "Corrected"])
        instead = replace(statement, certainty="Hedged") if verdict == "Corrected" else None
        by = Signature(
            choice.choice(["anna", "bob", "carl"]), f"2026-11-27T09:00:{number % 60:02}.{number:03}Z", ""
        )
        made.append(signed_review(verdict, by, document, applied, statement, instead))
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_200_reviews_hold_wherever_the_store_goes(seed: int, pipeline: Pipeline, tmp_path: Path) -> None:
    """Loaded again, rebuilt, moved, and taken into an empty store before its documents; with one on events."""

    def prepare(document: Document) -> Prepared:
        return next(iter(pipeline.prepare([document])))

    def others(document: Document) -> Prepared:
        """The same by rules that read every other statement only."""
        plain = pipeline.read(replace(document, reviews=())).statements
        return pipeline.accept(
            document, [it for at, it in enumerate(plain) if at % 2 or isinstance(it, Fact)]
        )

    with open_store("memory:", write=True) as store:
        fill(store, pipeline)
        ingest.accept(own_name(store), MEETING, store, ANNA)
        ingest.import_reviews(drawn(store, pipeline, random.Random(seed)), store, prepare, pipeline)
        ids = [it.id for it in stored_documents(store)]
        before = nquads(store)
        [*maintenance.rebuild(ids, store, pipeline)]
        assert nquads(store) == before
        for id in ids:
            ingest.put(others(ingest.reviewed_document(id, store)), store)
        accepted = statuses(store)
        assert len(Reviews.of(store).by_id) > 150
        assert {it for it, status in accepted.items() if status == "Accepted"}
        maintenance.backup(store, tmp_path / "all.nq")
        with open_store("memory:", write=True) as moved:
            [*maintenance.restore(tmp_path / "all.nq", moved, pipeline)]
            assert nquads(moved) == nquads(store)
        file = "".join(export(Reviews.of(store).all))
        with open_store("memory:", write=True) as empty:
            ingest.put_ontology(empty, pipeline)
            ingest.import_reviews(read_file(file, "x"), empty, prepare, pipeline)
            fill(empty, pipeline)
            assert nquads(empty) == before


def test_backup_holds_reviews_of_events(store: Store, pipeline: Pipeline, tmp_path: Path) -> None:
    ingest.accept(own_name(store), MEETING, store, ANNA)
    Reviewer(store, pipeline).judge("Rejected", min(facts(store, "excludedTopic")))
    maintenance.backup(store, tmp_path / "all.nq.gz")
    with open_store("memory:", write=True) as other:
        assert {it.problem for it in maintenance.restore(tmp_path / "all.nq.gz", other, pipeline)} == {None}
        assert nquads(other) == nquads(store)
