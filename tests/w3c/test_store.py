"""The W3C's tests of queries, updates and syntax, on the store that strangers' texts are run on."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from kg.store import BooleanResult, Rows, Triples
from kg.store.oxigraph import OxigraphStore
from tests.w3c.report import PAGE, written
from tests.w3c.results import outcome
from tests.w3c.run import HEADER, KINDS, outcome_of, problem
from tests.w3c.suite import Case, cases, text

KNOWN = yaml.safe_load((Path(__file__).parent / "known.yaml").read_text(encoding="utf-8"))
FAILING = {id: why for why, ids in KNOWN["engine"].items() for id in ids}
RUN = [case for case in cases() if case.kind in KINDS]
EVALUATED = [case for case in RUN if case.kind in ("QueryEvaluationTest", "CSVResultFormatTest")]


FOLDERS = {name: [it for it in RUN if it.folder == name] for name in dict.fromkeys(it.folder for it in RUN)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_everything_passes_but_what_is_known(folder: str) -> None:
    tests = FOLDERS[folder]
    failing = {case.id: found for case in tests if (found := problem(case)) is not None}
    assert failing.keys() == FAILING.keys() & {case.id for case in tests}, failing


@pytest.mark.parametrize("folder", FOLDERS)
def test_comment_of_the_catalogue_in_front_changes_nothing(folder: str) -> None:
    for case in FOLDERS[folder]:
        assert (problem(case, header=HEADER) is None) == (problem(case) is None), case.id
        if case in EVALUATED and "case-insensitive" not in case.id:
            asked = text(case.action).decode()
            assert outcome_of(case, asked, HEADER) == outcome_of(case, asked, ""), case.id


def test_what_fails_is_the_engine_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bare engine gives the answers that we give."""
    ours = {case.id: _found(case) for case in EVALUATED if case.id in FAILING}
    monkeypatch.setattr(OxigraphStore, "query", lambda self, asked, base: _wrapped(self, asked, base))
    assert {case.id: _found(case) for case in EVALUATED if case.id in FAILING} == ours


def _found(case: Case) -> object:
    try:
        return outcome_of(case, text(case.action).decode(), "")
    except Exception as error:
        return "syntax" if "expected" in str(error) else str(error)


def _wrapped(store: OxigraphStore, asked: str, base: str) -> object:
    found = store._engine.query(asked, base_iri=base)
    if isinstance(found, ox.QuerySolutions):
        return Rows(found)
    return BooleanResult(found) if isinstance(found, ox.QueryBoolean) else Triples(found)


def test_table_of_what_passes_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run python -m tests.w3c.report"


def test_results_differ_if_answers_do() -> None:
    """The comparison itself."""
    engine = OxigraphStore()

    def answer(values: str) -> object:
        return outcome(engine.query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}"))

    assert answer("(1 2) (3 UNDEF)") == answer("(3 UNDEF) (1 2)")
    assert answer("(1 2)") != answer("(2 1)")
    assert answer("(1 2)") != answer("(1 2) (1 2)")
    assert answer("(1 UNDEF)") != answer("(UNDEF 1)")
