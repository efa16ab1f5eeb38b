"""What several documents tell of one event is joined, whatever the order in which they come."""

import random
from collections.abc import Iterator
from itertools import permutations

import pytest

from kg import ingest
from kg.dump import dump
from kg.ingest import Pipeline
from kg.model import Document
from kg.resolution import Event, labels_lexicon, occasion, resolver_of
from kg.store import Store, open_store
from kg.terms import ID


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        yield opened


US, CN = "The White House", "Ministry of Foreign Affairs of the People's Republic of China"


def document(name: str, body: str, published: str, publisher: str = US, kind: str = "Readout") -> Document:
    return Document(id=name, body=body, published=published, publisher=publisher, kind=kind)


def load(store: Store, pipeline: Pipeline, *documents: Document) -> None:
    for it in documents:
        assert ingest.load_document(it, store, pipeline).status == "stored"


def exchanges(store: Store) -> list[Event]:
    found = (it for it in resolver_of(store) if it.group.family == "exchange")
    return sorted(found, key=lambda it: (it.start, it.iri))


def meeting(store: Store, *documents: str) -> bool:
    """Whether these documents meet in one exchange."""
    return any({*documents} <= it.group.documents for it in exchanges(store))


WASHINGTON = document(
    "us-call",
    "President Joe Biden spoke with President Xi Jinping by phone on March 4, 2024. They discussed Taiwan.",
    "2024-03-04",
)  # fmt: skip
BEIJING = document(
    "cn-call",
    "President Xi Jinping spoke with U.S. President Joe Biden by phone on March 5, 2024. "
    "Xi stressed that the Taiwan question is at the core of China's interests.",
    "2024-03-05",
    CN,
)
LATER = document(
    "us-later",
    "Secretary Blinken met Wang Yi in Vienna on June 10, 2024. They discussed fentanyl. "
    "President Biden and President Xi spoke by telephone in March 2024.",
    "2024-06-11",
)
OTHER = document(
    "us-other",
    "President Biden met with President Xi Jinping in Lima on November 16, 2024. They discussed trade.",
    "2024-11-16",
)
RECALLED = document(
    "cn-recalled",
    "Wang Yi spoke with Secretary Antony Blinken on December 3, 2024. Wang Yi said that the two sides should "
    "carry out what the two presidents agreed at their meeting in Lima.",
    "2024-12-03",
    CN,
)
DOCUMENTS = (WASHINGTON, BEIJING, LATER, OTHER, RECALLED)


def test_washingtons_evening_is_beijings_morning(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, WASHINGTON, BEIJING)
    [event] = exchanges(store)
    assert event.group.documents == {"us-call", "cn-call"}
    assert any("date line" in reason for reason in event.reasons.values())


def test_days_of_one_side_that_follow_each_other_are_two_exchanges(store: Store, pipeline: Pipeline) -> None:
    first, second = (
        document(
            f"cn-{day}",
            f"President Xi Jinping held talks with U.S. President Joe Biden in Beijing on May {day}, 2024.",
            f"2024-05-{day}",
            CN,
        )
        for day in (14, 15)
    )
    load(store, pipeline, first, second)
    assert len(exchanges(store)) == 2


def test_leader_and_envoy_on_one_day_are_two_exchanges(store: Store, pipeline: Pipeline) -> None:
    load(
        store, pipeline,
        document("one", "President Biden met with Foreign Minister Wang Yi on May 3, 2024.", "2024-05-03"),
        document("two", "Jake Sullivan met with Foreign Minister Wang Yi on May 3, 2024.", "2024-05-03"),
    )  # fmt: skip
    assert not meeting(store, "one", "two")


def test_month_or_place_finds_the_exchange_that_is_meant(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, *DOCUMENTS)
    assert meeting(store, "us-call", "cn-call", "us-later")
    assert meeting(store, "us-other", "cn-recalled")


def statement(name: str, published: str, publisher: str, title: str) -> Document:
    """A text that neither dates nor places the talks of which it tells."""
    body = "China and the United States held talks on trade. The two sides agreed to cut tariffs."
    return Document(name, body, "JointStatement", title, publisher=publisher, published=published)


def test_place_that_titles_name_joins_what_the_texts_do_not_place(store: Store, pipeline: Pipeline) -> None:
    load(
        store, pipeline,
        statement("us-text", "2025-05-12", US, "Joint Statement on the Trade Meeting in Geneva"),
        statement("cn-text", "2025-05-12", CN, "Joint Statement of Trade Talks, Geneva"),
        statement("us-other", "2025-09-20", US, "Joint Statement on Trade Talks in Madrid"),
    )  # fmt: skip
    assert meeting(store, "us-text", "cn-text")
    assert not meeting(store, "us-text", "us-other")
    names = {occasion(it, labels_lexicon())["en"] for it in exchanges(store) if not it.start}
    assert names == {"Geneva trade talks (May 2025)", "Madrid trade talks (September 2025)"}


def test_country_in_which_a_place_lies_finds_the_exchange(store: Store, pipeline: Pipeline) -> None:
    busan, malaysia = (
        document(
            name,
            f"{us} met with {cn} in {where} on October {day}, 2025. They discussed trade.",
            f"2025-10-{day}",
        )
        for name, us, cn, where, day in (
            ("us-busan", "President Donald Trump", "President Xi Jinping", "Busan", 30),
            ("us-malaysia", "Marco Rubio", "Wang Yi", "Kuala Lumpur", 27),
        )
    )
    recalled = document(
        "cn-recalled",
        "Xi Jinping spoke with Donald Trump by phone on December 3, 2025. Xi recalled his meeting with Trump "
        "in South Korea.",
        "2025-12-03",
        CN,
    )
    load(store, pipeline, busan, malaysia, recalled)
    assert meeting(store, "us-busan", "cn-recalled")
    assert not meeting(store, "us-malaysia", "cn-recalled")


def test_day_of_publication_meets_the_day_before_at_the_same_place(store: Store, pipeline: Pipeline) -> None:
    told = document(
        "us-told",
        "The United States and China recalled their meetings in London on June 9 and 10, 2025.",
        "2025-08-11",
    )
    readout = Document(
        "cn-readout", "China and the United States held a meeting on trade.", "Readout",
        "First meeting of the mechanism, London", publisher=CN, published="2025-06-11",
    )  # fmt: skip
    load(store, pipeline, told, readout)
    [event] = [it for it in exchanges(store) if "cn-readout" in it.group.documents]
    assert event.start == "2025-06-09"


def test_what_could_mean_two_exchanges_stays_in_doubt(store: Store, pipeline: Pipeline) -> None:
    again = document(
        "us-again",
        "President Joe Biden spoke with President Xi Jinping by phone on March 20, 2024.",
        "2024-03-20",
    )
    load(store, pipeline, WASHINGTON, again, LATER)
    assert not meeting(store, "us-later", "us-call")
    [vague] = [it for it in exchanges(store) if it.start == "2024-03"]
    assert len(vague.doubts) == 2
    ingest.remove("us-again", store)
    assert meeting(store, "us-later", "us-call")


def test_joined_event_has_one_day_and_each_fact_its_own(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, WASHINGTON, BEIJING, LATER)
    [call] = [it for it in exchanges(store) if it.iri.endswith("joe-biden-xi-jinping")]
    days = f"SELECT DISTINCT ?day WHERE {{ <{call.iri}> <{ID.removesuffix('id/')}ontology#date> ?day }}"
    assert [row[0] for row in store.select(days).texts()] == [call.start]
    told = f"""PREFIX kg: <{ID.removesuffix("id/")}ontology#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT DISTINCT ?day WHERE {{ ?fact rdf:subject <{call.iri}> ; rdf:predicate kg:date ; rdf:object ?day }}"""
    assert {row[0] for row in store.select(told).texts()} == {"2024-03", "2024-03-04", "2024-03-05"}


def test_events_have_the_names_that_people_use(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, OTHER, WASHINGTON)
    rows = store.select("SELECT ?label WHERE { ?event <http://www.w3.org/2000/01/rdf-schema#label> ?label }")
    labels = {row[0] for row in rows.texts()}
    assert {"Biden–Xi meeting, Lima (16 November 2024)", "Biden–Xi call (4 March 2024)"} <= labels
    assert "拜登与习近平利马会晤（2024年11月16日）" in labels


def state(store: Store) -> bytes:
    return b"".join(dump(store, "nquads"))


def test_order_leaves_no_trace(pipeline: Pipeline) -> None:
    made = [*pipeline.prepare(DOCUMENTS)]
    with open_store("memory:", write=True) as first:
        for it in made:
            ingest.put(it, first)
        wanted = state(first)
    chance = random.Random(7)
    for order in chance.sample([*permutations(made)], 12):
        with open_store("memory:", write=True) as store:
            for number, it in enumerate(order):
                ingest.put(it, store)
                if chance.random() < 0.5:
                    again = chance.choice(order[: number + 1])
                    ingest.remove(again.document, store)
                    ingest.put(again, store)
            assert state(store) == wanted


def test_graphs_taken_out_and_put_back_say_the_same(store: Store, pipeline: Pipeline) -> None:
    load(store, pipeline, *DOCUMENTS)
    before = state(store)
    for name in store.graphs():
        if "/graph/document/" in name:
            ingest.edit({name: b"".join(store.lines(name))}, store, pipeline)
    assert state(store) == before
    assert ingest.settle(store) == 0


WOODSIDE = document(
    "us-woodside",
    "President Biden met with President Xi Jinping on November 15, 2023, in Woodside, California. "
    "They discussed counternarcotics.",
    "2023-11-15",
)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "Wang Yi spoke with Secretary Antony Blinken on March 1, 2024. Wang Yi said that the two sides should carry out "
        "what President Xi and President Biden agreed at their meeting in San Francisco.",
        "Wang Yi spoke with Secretary Antony Blinken on March 1, 2024. President Xi Jinping met with President Biden "
        "in San Francisco last year.",
        "Wang Yi spoke with Secretary Antony Blinken on March 1, 2024. President Xi Jinping met with President Biden "
        "at the Filoli estate in November 2023.",
    ],
)  # fmt: skip
def test_place_and_the_larger_one_in_which_it_lies_are_one(
    store: Store, pipeline: Pipeline, body: str
) -> None:
    """“San Francisco” of one account is the Woodside of the other."""
    load(store, pipeline, WOODSIDE, document("cn-later", body, "2024-03-01", CN))
    assert meeting(store, "us-woodside", "cn-later")


def test_two_places_of_one_area_stay_apart(store: Store, pipeline: Pipeline) -> None:
    """Los Angeles and San Francisco lie in one state, and are not one place."""
    body = "Wang Yi spoke with Secretary Antony Blinken on March 1, 2024. President Xi Jinping met with President Biden in Los Angeles last year."
    load(store, pipeline, WOODSIDE, document("cn-later", body, "2024-03-01", CN))
    assert not meeting(store, "us-woodside", "cn-later")


def test_exchange_announced_for_the_day_beside_may_be_the_one_that_was_held(
    store: Store, pipeline: Pipeline
) -> None:
    """A briefing before a call speaks of “tomorrow”; the readout dates the call by itself."""
    briefing = document(
        "us-briefing",
        "President Biden will speak with President Xi Jinping by phone tomorrow. They will discuss Taiwan.",
        "2024-03-04",
    )
    load(store, pipeline, WASHINGTON, briefing)
    held, announced = exchanges(store)
    assert [iri for iri, _ in announced.doubts] == [held.iri]
    assert [iri for iri, _ in held.doubts] == [announced.iri]


def test_two_calls_that_took_place_on_days_of_one_side_are_not_in_doubt(
    store: Store, pipeline: Pipeline
) -> None:
    again = document(
        "us-again",
        "President Joe Biden spoke with President Xi Jinping by phone on March 5, 2024.",
        "2024-03-06",
    )
    load(store, pipeline, WASHINGTON, again)
    assert [it.doubts for it in exchanges(store)] == [(), ()]


LONDON = document(
    "cn-london",
    "The Chinese and U.S. teams held trade talks in London on June 9 and 10, 2025. He Lifeng attended.",
    "2025-06-11",
    CN,
)


def post(published: str, title: str = "Post on the London framework") -> Document:
    return Document(
        "us-post",
        "Our deal with China is concluded and only awaits a final word from President Xi.",
        "Post",
        title,
        publisher="President Donald J. Trump",
        published=published,
    )


def test_what_was_agreed_may_be_the_talks_that_the_title_names(pipeline: Pipeline) -> None:
    """Whoever comes first: while it is open, nobody says that Washington has no word of the talks."""
    states = []
    for documents in ((LONDON, post("2025-06-11")), (post("2025-06-11"), LONDON)):
        with open_store("memory:", write=True) as store:
            load(store, pipeline, *documents)
            [talks] = exchanges(store)
            assert [iri.rsplit("/", 1)[-1].split(".")[0] for iri, _ in talks.doubts] == ["us-post"]
            states.append(state(store))
    assert states[0] == states[1]


@pytest.mark.parametrize(
    ("published", "title"), [("2025-07-11", "Post on the London framework"), ("2025-06-11", "Post on a framework")]
)  # fmt: skip
def test_agreement_without_the_place_and_the_days_of_talks_is_not_theirs(
    store: Store, pipeline: Pipeline, published: str, title: str
) -> None:
    load(store, pipeline, LONDON, post(published, title))
    assert [it.doubts for it in exchanges(store)] == [()]


def visits(store: Store) -> list[Event]:
    return sorted((it for it in resolver_of(store) if it.group.family == "visit"), key=lambda it: it.start)


def test_a_visit_of_several_days_is_one(store: Store, pipeline: Pipeline) -> None:
    """Told as under way on each of them; a visit of the year before is another."""
    load(
        store, pipeline,
        document("cn-first", "President Trump is paying a state visit to China.", "2026-05-14", CN),
        document("cn-last", "President Trump is paying a state visit to China.", "2026-05-16", CN),
        document("us-earlier", "President Trump visited China on November 8, 2025.", "2025-11-09"),
    )  # fmt: skip
    assert [(it.start, len(it.group.documents)) for it in visits(store)] == [
        ("2025-11-08", 1),
        ("2026-05-14", 2),
    ]


def test_a_guest_and_a_host_who_visit_on_one_day_are_two(store: Store, pipeline: Pipeline) -> None:
    load(
        store, pipeline,
        document("cn-one", "President Trump visited China on May 14, 2026.", "2026-05-14", CN),
        document("us-two", "He Lifeng visited the United States on May 14, 2026.", "2026-05-14"),
    )  # fmt: skip
    assert [len(it.group.documents) for it in visits(store)] == [1, 1]


def test_a_visit_of_some_year_may_be_the_one_with_a_day(store: Store, pipeline: Pipeline) -> None:
    load(
        store, pipeline,
        document("us-then", "President Obama visited China on November 17, 2009.", "2009-11-17"),
        document("us-later", "President Obama visited China in 2009.", "2014-11-12"),
    )  # fmt: skip
    assert sorted(len(it.doubts) for it in visits(store)) == [1, 1]
