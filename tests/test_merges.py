"""Documents meet in one event for reasons that can be told, and a person can keep one of them out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import ingest, merges
from kg.cli import cli
from kg.dump import dump
from kg.errors import InputError, NotFoundError
from kg.ingest import Pipeline
from kg.model import Document
from kg.store import Store, open_store
from kg.terms import DECISIONS_GRAPH, ID

DOCUMENTS = Path(__file__).parent / "documents"
READOUT, NOTE = "2023-11-17-woodside-talks", "2023-11-18-woodside-note"
FILES = (DOCUMENTS / f"{READOUT}.md", DOCUMENTS / f"{NOTE}.txt")
MEETING = str(ID["meeting/2023-11-15-joe-biden-xi-jinping"])


@pytest.fixture
def store(pipeline: Pipeline) -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        load(opened, pipeline)
        yield opened


def load(store: Store, pipeline: Pipeline) -> list[str]:
    return [outcome.status for outcome in ingest.load(FILES, store, pipeline, max_bytes=1_000_000)]


def nquads(store: Store) -> bytes:
    return b"".join(dump(store, "nquads"))


def tellers(store: Store) -> dict[str, set[str]]:
    """The meetings, each with the documents that tell of it."""
    rows = store.select(
        f"""PREFIX kg: <{ID.removesuffix("id/")}ontology#> SELECT ?event ?document WHERE {{
        ?fact <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> ?event ; kg:reportedIn ?document .
        ?event a kg:Meeting }}"""
    )
    found: dict[str, set[str]] = {}
    for event, document in rows.texts():
        found.setdefault(event or "", set()).add((document or "").rsplit("/", 1)[-1])
    return found


def test_merge_is_explained_by_the_fields_that_each_document_gives(store: Store) -> None:
    found = merges.explain(MEETING, store)
    assert (found.documents, found.is_shared, found.apart) == ((READOUT, NOTE), True, ())
    assert [(field.name, field.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]) for field in found.fields] == [
        ("date", "2023-11-15"),
        ("kind", "Meeting"),
        ("place", "woodside"),
        ("principal", "joe-biden"),
        ("principal", "xi-jinping"),
    ]
    for field in (it for it in found.fields if it.name != "place"):
        assert [source.document for source in field.sources] == [READOUT, NOTE]
        for source in field.sources:
            body = ingest.stored_document(source.document, store).body
            assert all(body[it.start : it.end] == it.exact for it in source.passages)


def test_split_gives_the_document_an_event_of_its_own(store: Store) -> None:
    ingest.split(MEETING, NOTE, store)
    shared, own = sorted(tellers(store), key=len, reverse=True)
    assert tellers(store) == {MEETING: {READOUT}, own: {NOTE}}
    assert (shared, own.rsplit("/", 1)[1].split(".")[0]) == (MEETING, NOTE)
    assert merges.explain(MEETING, store).apart == (NOTE,)
    assert not merges.explain(own, store).is_shared


def test_split_outlives_loading_again_and_removal(store: Store, pipeline: Pipeline) -> None:
    ingest.split(MEETING, NOTE, store)
    load(store, pipeline)
    after = tellers(store)
    assert after[MEETING] == {READOUT}
    assert load(store, pipeline) == ["unchanged", "unchanged"]
    ingest.remove(NOTE, store)
    load(store, pipeline)
    assert tellers(store) == after


def test_rejoin_leaves_no_trace(store: Store) -> None:
    before = nquads(store)
    ingest.split(MEETING, NOTE, store)
    assert nquads(store) != before
    ingest.rejoin(MEETING, NOTE, store)
    assert nquads(store) == before
    assert str(DECISIONS_GRAPH) not in store.graphs()


def test_order_of_split_and_loading_changes_no_byte(store: Store, pipeline: Pipeline) -> None:
    ingest.split(MEETING, NOTE, store)
    with open_store("memory:", write=True) as other:
        other.replace_graphs({str(DECISIONS_GRAPH): merges.Decisions.of(store).triples()})
        load(other, pipeline)
        assert nquads(other) == nquads(store)


def test_conflict_between_documents_goes_with_the_merge(store: Store, pipeline: Pipeline) -> None:
    """Of one meeting two documents cannot say yes and no; of two meetings they can."""
    with open_store("memory:", write=True) as other:
        documents = [ingest.stored_document(name, store) for name in (READOUT, NOTE)]
        changed = documents[1].body.replace("intelligence and Taiwan", "intelligence and Tibet")
        for document in (documents[0], Document(id=NOTE, body=changed, published="2023-11-18")):
            ingest.load_document(document, other, pipeline)
        assert b"conflictsWith" in nquads(other)
        ingest.split(MEETING, NOTE, other)
        assert b"conflictsWith" not in nquads(other)


@pytest.mark.parametrize(
    ("event", "document", "problem"),
    [
        (MEETING, "no-such-note", "does not tell of"),
        (str(ID["meeting/nowhere"]), NOTE, "no document tells of"),
    ],
)
def test_split_of_what_is_not_there_is_told(event: str, document: str, problem: str, store: Store) -> None:
    before = nquads(store)
    with pytest.raises(InputError, match=problem):
        ingest.split(event, document, store)
    assert nquads(store) == before


def test_decision_is_made_and_taken_back_once(store: Store) -> None:
    with pytest.raises(InputError, match="nobody decided"):
        ingest.rejoin(MEETING, NOTE, store)
    ingest.split(MEETING, NOTE, store)
    with pytest.raises(InputError, match="already"):
        ingest.split(MEETING, NOTE, store)
    [own] = [event for event in tellers(store) if event != MEETING]
    with pytest.raises(InputError, match="nothing to undo"):
        ingest.split(own, NOTE, store)


def test_entity_that_is_no_event_is_told(store: Store) -> None:
    with pytest.raises(NotFoundError, match="as an event"):
        merges.explain(str(ID["person/xi-jinping"]), store)


def test_command_explains_undoes_and_redoes(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, [*arguments, "--store", url])

    event = MEETING.removeprefix(str(ID))
    assert run("load", "--quiet", *map(str, FILES)).exit_code == 0
    first = run("explain-merge", event)
    assert "2 documents meet" in first.stdout
    assert "kept apart by decision: 2023-11-18" in run("explain-merge", event, "--undo", NOTE).stdout
    assert json.loads(run("explain-merge", event, "--json").stdout)["apart"] == [NOTE]
    assert run("explain-merge", event, "--redo", f"document/{NOTE}").stdout == first.stdout
    assert run("explain-merge", event, "--undo", NOTE, "--redo", NOTE).exit_code == 2


UNDATED = (
    "President Joe Biden met with President Xi Jinping. The two leaders discussed Taiwan. "
    "Vice Premier He Lifeng met with Secretary Janet Yellen in Guangzhou."
)


def undated(store: Store, pipeline: Pipeline, *, published: str = "2023-11-18") -> str:
    """Store a note without a day; its meeting of the two presidents."""
    ingest.load_document(Document(id="undated", body=UNDATED, published=published), store, pipeline)
    alone = [event for event, documents in tellers(store).items() if documents == {"undated"}]
    return min(alone, key=lambda it: int(it.rsplit(".", 1)[1]))


def test_undated_event_of_a_fresh_document_is_proposed_and_not_merged(
    store: Store, pipeline: Pipeline
) -> None:
    own = undated(store, pipeline)
    [may_be] = merges.explain(MEETING, store).may_be
    assert may_be == merges.MayBe(own, "told without a day on 2023-11-18")
    assert merges.explain(own, store).may_be == (merges.MayBe(MEETING, may_be.reason),)
    [found] = merges.candidates(store)
    assert (found.event, found.other, found.reason) == (MEETING, own, may_be.reason)
    assert (found.name, found.other_name) == (
        "Biden–Xi meeting, Woodside (15 November 2023)", "Biden–Xi meeting"
    )  # fmt: skip
    assert merges.explain(MEETING, store).documents == (READOUT, NOTE)


def test_undated_event_of_a_later_document_is_not_proposed(store: Store, pipeline: Pipeline) -> None:
    undated(store, pipeline, published="2023-11-29")
    assert merges.explain(MEETING, store).may_be == ()


def test_tie_makes_an_undated_event_the_dated_one_until_it_is_taken_back(
    store: Store, pipeline: Pipeline
) -> None:
    own = undated(store, pipeline)
    before = nquads(store)
    ingest.tie(MEETING, own, store)
    found = merges.explain(MEETING, store)
    assert (found.documents, found.tied, found.may_be) == ((READOUT, NOTE, "undated"), (own,), ())
    ingest.load_document(Document(id="undated", body=UNDATED, published="2023-11-18"), store, pipeline)
    assert own not in tellers(store)
    ingest.untie(MEETING, own, store)
    assert nquads(store) == before


def test_rejected_proposal_is_not_made_again(store: Store, pipeline: Pipeline) -> None:
    own = undated(store, pipeline)
    ingest.part(MEETING, own, store)
    assert merges.explain(MEETING, store).may_be == ()
    assert merges.explain(MEETING, store).different == (own,)
    ingest.remove("undated", store)
    undated(store, pipeline)
    assert merges.candidates(store) == []


def test_rejection_is_taken_back(store: Store, pipeline: Pipeline) -> None:
    own = undated(store, pipeline)
    before = nquads(store)
    ingest.reject(own, MEETING, store)
    assert merges.candidates(store) == []
    with pytest.raises(InputError, match="not open"):
        ingest.accept(MEETING, own, store)
    ingest.unpart(MEETING, own, store)
    assert nquads(store) == before


def test_accepted_candidate_leads_to_the_dated_event_whichever_is_named_first(
    store: Store, pipeline: Pipeline
) -> None:
    own = undated(store, pipeline)
    ingest.accept(own, MEETING, store)
    assert merges.explain(own, store).event == MEETING
    assert merges.explain(MEETING, store).tied == (own,)
    with pytest.raises(InputError, match="one event already"):
        ingest.reject(MEETING, own, store)


def test_candidates_are_listed_and_decided_on_the_command_line(tmp_path: Path, pipeline: Pipeline) -> None:
    url = f"oxigraph:{tmp_path}"
    with open_store(url, write=True) as store:
        load(store, pipeline)
        own = undated(store, pipeline)

    def run(*options: str) -> Result:
        return CliRunner().invoke(cli, ["candidates", "--events", "--store", url, *options])

    assert "Biden–Xi meeting, Woodside (15 November 2023)" in run().output
    [listed] = json.loads(run("--json").output)
    assert (listed["event"], listed["other"]) == (MEETING, own)
    paths = (MEETING.removeprefix(ID), own.removeprefix(ID))
    refused = run("--accept", "meeting/2020-01-01-nobody", paths[1])
    assert (refused.exit_code, "no document tells of" in refused.output) == (2, True)
    assert run("--reject", *paths).output == "no two events wait for a decision\n"
    again = run("--accept", *paths)
    assert (again.exit_code, "not open" in again.output) == (2, True)
    assert json.loads(run("--json").output) == []


def test_tie_of_what_cannot_be_one_is_told(store: Store, pipeline: Pipeline) -> None:
    own = undated(store, pipeline)
    with pytest.raises(InputError, match="nobody decided"):
        ingest.untie(MEETING, own, store)
    ingest.tie(MEETING, own, store)
    with pytest.raises(InputError, match="one event already"):
        ingest.tie(MEETING, own, store)
    with pytest.raises(InputError, match="take that back instead"):
        ingest.split(MEETING, "undated", store)
