"""Exchanges that the two sides tell differently are found, and a silence that is not certain is none."""

from collections.abc import Iterator

import pytest
from queries.world import build

from kg import ingest
from kg.ingest import Pipeline
from kg.model import Document
from kg.queries import catalogue
from kg.store import Store, open_store
from kg.terms import ID, KG
from kg.views.differences import Difference, differences
from kg.views.event_index import EventIndex

MEETING = str(ID["meeting/2023-11-15-joe-biden-xi-jinping"])
CALL = str(ID["call/2025-01-17-donald-trump-xi-jinping"])


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        build(opened)
        yield opened


def found(store: Store) -> dict[str, Difference]:
    return {it.event.iri: it for it in differences(EventIndex(store), store)}


def test_contradictions_lengths_and_topics_of_one_side_are_told(store: Store) -> None:
    it = found(store)[MEETING]
    assert it.contradicted == (str(ID["topic/tibet"]),)
    assert it.values == {"duration": {"UnitedStatesAccount": ("PT4H",), "ChinaAccount": ("PT4H15M",)}}
    assert str(ID["topic/export-controls"]) in it.alone["ChinaAccount"]
    assert str(ID["topic/counternarcotics"]) in it.alone["UnitedStatesAccount"]
    assert not it.is_disputed


def test_what_weighs_most_comes_first(store: Store) -> None:
    assert [*found(store)][:2] == [MEETING, CALL]


def test_nothing_is_told_by_one_side_alone_while_the_exchange_may_be_another(store: Store) -> None:
    graph = f"{ID.removesuffix('id/')}graph/inferred/open"
    store.replace_graphs({graph: f"<{MEETING}> <{KG.possiblySameAs}> <{CALL}> .\n".encode()})
    it = found(store)[MEETING]
    assert (it.contradicted, it.alone) == ((str(ID["topic/tibet"]),), {})


def test_country_in_which_the_other_names_a_place_is_no_other_place(store: Store) -> None:
    def held(side: str, place: str) -> bytes:
        fact = f"<{ID}fact/{side}-{place}>"
        rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        return (
            f"{fact} <{rdf}subject> <{CALL}> .\n{fact} <{rdf}predicate> <{KG.place}> .\n"
            f"{fact} <{rdf}object> <{ID}place/{place}> .\n{fact} <{KG.account}> <{KG[side]}> .\n"
            f"{fact} <{KG.polarity}> <{KG.Affirmed}> .\n"
        ).encode()

    graph = f"{ID.removesuffix('id/')}graph/inferred/held"
    ours = held("UnitedStatesAccount", "malaysia")
    store.replace_graphs({graph: ours + held("ChinaAccount", "kuala-lumpur")})
    assert "place" not in found(store)[CALL].values
    store.replace_graphs({graph: ours + held("ChinaAccount", "geneva")})
    assert found(store)[CALL].values["place"] == {
        "UnitedStatesAccount": (str(ID["place/malaysia"]),),
        "ChinaAccount": (str(ID["place/geneva"]),),
    }


def test_whoever_tells_of_a_narrower_topic_is_not_silent_on_the_broader(pipeline: Pipeline) -> None:
    """“Trade” is not Washington's alone, if Beijing says that tariffs were discussed; tariffs are Beijing's."""
    call = "on March 26, 2025. They discussed"
    texts = (
        ("us", "The White House", f"Jamieson Greer spoke with He Lifeng by phone {call} trade."),
        (
            "cn",
            "Ministry of Commerce of China",
            f"He Lifeng spoke with Jamieson Greer by phone {call} tariffs.",
        ),
    )
    with open_store("memory:", write=True) as store:
        ingest.put_ontology(store, pipeline)
        for name, publisher, body in texts:
            made = Document(name, body, "Readout", published="2025-03-26", publisher=publisher)
            assert ingest.load_document(made, store, pipeline).status == "stored"
        [it] = found(store).values()
        assert it.alone == {"UnitedStatesAccount": (), "ChinaAccount": (str(ID["topic/tariffs"]),)}
        for name in ("differing-accounts", "one-sided-topics"):
            rows = [*store.select(catalogue()[name].bind({}, resolve=str)).texts()]
            topics = {value for row in rows for value in row if "/topic/" in (value or "")}
            assert topics == {str(ID["topic/tariffs"])}
