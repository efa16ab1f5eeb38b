"""Lists that are paged by cursor, names that are matched, and what the event index and the claim index select."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError, NotFoundError
from kg.store import Store, open_store
from kg.terms import BASE
from kg.views.accounts import event_accounts
from kg.views.claim_index import ClaimFilter, ClaimIndex
from kg.views.entity_summary import entity_summary, statements
from kg.views.entity_triples import around, groups
from kg.views.event_index import EventFilter, EventIndex
from kg.views.name_search import NameSearch
from kg.views.pagination import paginate
from kg.views.reconciliation import Reconciler
from tests.conftest import DOCUMENTS

TESTS = Path(__file__).parent
MEETING = f"{BASE}id/meeting/2023-11-15-joe-biden-xi-jinping"
XI, CHINA = f"{BASE}id/person/xi-jinping", f"{BASE}id/country/china"


@pytest.fixture(scope="module")
def store(stored: Callable[..., str]) -> Iterator[Store]:
    with open_store(stored(*DOCUMENTS, *sorted((TESTS / "pages" / "documents").glob("2023-*")))) as opened:
        yield opened


@pytest.fixture(scope="module")
def event_index(store: Store) -> EventIndex:
    return EventIndex(store)


@given(st.sets(st.text(max_size=4)), st.integers(1, 5), st.booleans())
def test_windows_give_every_item_once_in_order(items: set[str], limit: int, backwards: bool) -> None:
    ordered, seen, cursor = sorted(items), list[str](), None
    while True:
        part = paginate(ordered, lambda it: (it,), cursor=cursor, limit=limit, backwards=backwards)
        seen += part.items
        if part.next is None:
            break
        cursor = part.next
    assert seen == (ordered[::-1] if backwards else ordered)


def test_window_does_not_shift_when_an_item_comes_before_it() -> None:
    first = paginate(["b", "c", "d"], lambda it: (it,), cursor=None, limit=2)
    second = paginate(["a", "b", "c", "d"], lambda it: (it,), cursor=first.next, limit=2)
    assert (first.items, second.items) == (("b", "c"), ("d",))


@pytest.mark.parametrize("cursor", ["", "!", "bm8", "WzFd", "eyJhIjoxfQ", "é", "W" * 5000])
def test_window_refuses_a_cursor_that_is_not_its_own(cursor: str) -> None:
    with pytest.raises(InputError, match="cursor"):
        paginate(["a"], lambda it: (it,), cursor=cursor, limit=1)


@pytest.mark.parametrize(
    ("wanted", "is_meant"),
    [
        (EventFilter(countries=(CHINA,)), True),
        (EventFilter(countries=(CHINA, f"{BASE}id/country/japan")), False),
        (EventFilter(excluded=f"{BASE}id/topic/tibet"), True),
        (EventFilter(excluded=f"{BASE}id/topic/taiwan"), False),
        (EventFilter(topic=f"{BASE}id/topic/taiwan", account="ChinaAccount"), True),
    ],
)
def test_event_index_selects_by_country_and_by_what_was_left_out(
    event_index: EventIndex, wanted: EventFilter, is_meant: bool
) -> None:
    assert [it.iri for it in event_index.select(wanted)] == [MEETING] * is_meant


def test_claim_index_knows_who_speaks_for_whom(store: Store, event_index: EventIndex) -> None:
    claim_index = ClaimIndex(store, event_index)
    own = claim_index.select(ClaimFilter(by=XI))
    assert own
    assert {it.iri for it in own} <= {it.iri for it in claim_index.select(ClaimFilter(by=CHINA))}
    assert {it.kind for it in claim_index.select(ClaimFilter(kind="Demand"))} == {"Demand"}
    assert [it.key for it in claim_index.lines] == sorted(it.key for it in claim_index.lines)
    about = claim_index.select(ClaimFilter(about=f"{BASE}id/topic/taiwan"))
    assert {it.iri for it in about} == {
        it.iri for it in claim_index.lines if f"{BASE}id/topic/taiwan" in it.about
    }


def test_name_search_keeps_to_the_kinds_that_are_asked_for(event_index: EventIndex) -> None:
    name_search = NameSearch(event_index)
    assert [it.iri for it in name_search.named("习近平", kinds=("person",))] == [XI]
    assert {it.kind for it in name_search.find("xi", kinds=("meeting",))} == {"meeting"}
    offices = [it.iri for it in name_search.listed(("office",))]
    assert offices == sorted(offices)


@pytest.mark.parametrize(
    "name", ["Xi Jinping", "xi jinping", "習近平 / 习近平", "Jinping Xi", "Xi Jin-ping", "Xi Jingpin"]
)
def test_reconciler_forgives_order_and_slips(event_index: EventIndex, name: str) -> None:
    first = Reconciler(event_index).match(name, kinds=("person",))[0]
    assert first.iri == XI
    assert (first.likeness == 1) == (name.lower() == "xi jinping")


def test_reconciler_finds_nothing_in_what_is_no_name(event_index: EventIndex) -> None:
    reconciler = Reconciler(event_index)
    assert reconciler.match("") == reconciler.match("…!?") == reconciler.match("qqqqqqq") == []


def test_pages_of_triples_hold_all_around_a_thing_once(store: Store) -> None:
    known = groups(store, CHINA)
    size = sum(group.size for group in known)
    whole = around(store, CHINA, known, size=size)
    paged = [line for page in range(1, 99) for line in around(store, CHINA, known, page=page, size=37)]
    assert sorted(paged) == whole
    assert len(whole) == size > 37
    node = f"<{CHINA}>".encode()
    assert all(line.startswith(node) or line.endswith(node + b" .\n") for line in whole)


def test_card_tells_of_a_thing_and_mentions_lead_to_its_statements(
    store: Store, event_index: EventIndex
) -> None:
    told = entity_summary(store, XI)
    assert {"Leader", "Person"} <= set(told.classes)
    assert ("zh", "习近平") in told.names
    assert dict(told.ties)["represents"] == (CHINA,)
    found = statements(store, event_index, XI)
    assert found == sorted(found)
    assert all("/fact/" in iri or "/claim/" in iri for *_, iri in found)
    with pytest.raises(NotFoundError):
        entity_summary(store, f"{BASE}id/person/nobody")


def test_row_tells_what_each_side_says_of_a_topic(store: Store) -> None:
    rows = {row.topic: row for row in event_accounts(store, MEETING).rows}
    rights = rows[f"{BASE}id/topic/human-rights"]
    assert rights.is_contradicted
    assert rights.tellers == ("UnitedStatesAccount", "ChinaAccount")


TYPED = [
    "xi jin",
    "习近平",
    "近平",
    "meeting",
    "taiwan str",
    "biden 2023",
    "x",
    "state",
    "nobody at all",
    "Xi Jinping",
    "2023-11",
]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("kinds", [(), ("person",), ("topic", "policy")])
def test_whatever_has_the_words_is_found_whole_names_first(
    typed: str, kinds: tuple[str, ...], event_index: EventIndex
) -> None:
    name_search = NameSearch(event_index)
    found = name_search.find(typed, kinds=kinds, limit=10_000)
    assert len({it.iri for it in found}) == len(found)
    assert name_search.find(typed, kinds=kinds, limit=3) == found[:3]
    assert all(not kinds or it.kind in kinds for it in found)
    everything = {it.iri: it for it in name_search.listed(kinds)}
    words = typed.casefold().split()
    for iri, it in everything.items():
        told = f"{it.label} {it.other}".casefold().split()
        if all(any(one.startswith(word) for one in told) for word in words):
            assert iri in {hit.iri for hit in found}, it.label
    whole = [it.label.casefold() == typed.casefold() for it in found]
    assert whole == sorted(whole, reverse=True)


@given(
    st.sampled_from(["", "2023", "2023-11", "2023-11-15", "2024-06"]),
    st.sampled_from(["", "2023", "2023-11", "2024-12-31"]),
    st.sampled_from(["", XI]),
    st.sampled_from(["", f"{BASE}id/topic/taiwan", f"{BASE}id/topic/trade"]),
    st.sampled_from(["", "meeting"]),
)
def test_events_are_selected_as_if_each_was_looked_at(
    event_index: EventIndex, start: str, end: str, agent: str, topic: str, kind: str
) -> None:
    wanted = EventFilter(kind=kind, agents=(agent,) if agent else (), topic=topic, start=start, end=end)

    def fits(date: str | None) -> bool:
        if date is None:
            return not start and not end
        return date >= start[: len(date)] and (not end or date[: len(end)] <= end)

    def has(topics: object) -> bool:
        return any(event_index.is_within(it, topic) for it in topics)  # type: ignore[attr-defined]

    assert [*event_index.select(wanted)] == [
        it
        for it in event_index.events
        if fits(it.date)
        and (not kind or it.kind == kind)
        and (not agent or agent in it.agents)
        and (not topic or has(it.discussed) or has(it.excluded))
    ]


def test_the_event_beside_another_is_the_next_with_all_its_parties(event_index: EventIndex) -> None:
    for event in event_index.events:
        if not event.date or not event.agents:
            assert event_index.beside(event) == []
            continue
        same = [it for it in event_index.events
                if it.date and it is not event and {*event.agents} <= {*it.agents}]  # fmt: skip
        before = [it for it in same if it.key < event.key][-1:]
        assert event_index.beside(event) == before + [it for it in same if it.key > event.key][:1]
