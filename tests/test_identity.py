"""IRIs are minted from content, and only what is certain is shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identity import entity_iri, event_iri, is_shared, kind_slug, slug, statement_iri
from kg.model import Claim, Entity, Event, Fact, Name, Passage
from kg.terms import BASE

XI = Entity("Leader", "Xi Jinping", f"{BASE}id/person/xi-jinping")
OBAMA = Entity("Leader", "Barack Obama", f"{BASE}id/person/barack-obama")
PASSAGE = Passage(3, 9, "spoke ")


def call(*principals: Entity, date: str | None = "2013-06-07", start: int = 3) -> Event:
    return Event("Call", Passage(start, start + 1, "x"), date, principals)


def test_order_of_principals_means_nothing_in_an_undirected_event() -> None:
    assert event_iri(call(XI, OBAMA), "a") == event_iri(call(OBAMA, XI), "b")
    assert event_iri(call(XI, OBAMA), "a") == f"{BASE}id/call/2013-06-07-barack-obama-xi-jinping"


def test_order_of_principals_counts_in_a_directed_event() -> None:
    there = Event("Invitation", PASSAGE, "2013-06-07", (XI, OBAMA), directed=True)
    back = Event("Invitation", PASSAGE, "2013-06-07", (OBAMA, XI), directed=True)
    assert event_iri(there, "a") != event_iri(back, "a")


@pytest.mark.parametrize(
    "event",
    [
        call(XI, OBAMA, date=None),
        call(XI, OBAMA, date="2013-06"),
        call(XI),
        call(XI, Entity("Person", "someone")),
    ],
    ids=["no date", "month only", "one party", "party unknown to the reference data"],
)
def test_uncertain_event_stays_the_documents_own(event: Event) -> None:
    assert not is_shared(event)
    assert event_iri(event, "a") != event_iri(event, "b")


def test_unknown_entity_is_never_shared() -> None:
    analysts = Entity("Group", "analysts")
    assert entity_iri(analysts, "a") == f"{BASE}id/group/analysts.a"
    assert entity_iri(analysts, "b") != entity_iri(analysts, "a")


def test_fact_is_named_by_content_and_claimant_not_by_evidence() -> None:
    def fact(*evidence: Passage, claimants: tuple[Entity, ...] = ()) -> Fact:
        return Fact(evidence=evidence, subject=call(XI, OBAMA), predicate="type", object=Name("Call"),
                    claimants=claimants)  # fmt: skip

    other = Passage(20, 24, "call")
    assert statement_iri(fact(PASSAGE), "a") == statement_iri(fact(other), "a")
    assert statement_iri(fact(PASSAGE), "a") != statement_iri(fact(PASSAGE, claimants=(XI,)), "a")
    assert statement_iri(fact(PASSAGE), "a") != statement_iri(fact(PASSAGE), "b")


def test_claim_repeated_elsewhere_is_another_claim() -> None:
    first = Claim(evidence=(PASSAGE,), kind="Demand", content="stop")
    again = Claim(evidence=(Passage(30, 36, "spoke "),), kind="Demand", content="stop")
    assert statement_iri(first, "a") != statement_iri(again, "a")


@pytest.mark.parametrize(
    ("kind", "folder"),
    [("TradeTalk", "trade-talk"), ("Leader", "person"), ("ThinkTank", "organization"), ("Call", "call")],
)
def test_folder_is_named_after_the_class(kind: str, folder: str) -> None:
    assert kind_slug(kind) == folder


@given(st.text())
def test_slug_is_ascii_and_never_empty(text: str) -> None:
    made = slug(text)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(text) == made


def test_texts_without_ascii_form_keep_apart() -> None:
    assert slug("习近平") != slug("拜登")
