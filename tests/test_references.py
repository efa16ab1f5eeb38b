"""Who is meant: people whom a text introduces, offices, pronouns and pairs are resolved in the text first."""

import pytest

from kg.extract import RuleExtractor
from kg.lexicon import Lexicon
from kg.model import Claim, Document, Entity, Event, Fact

PUBLISHED = "2024-03-05"


def _document(body: str, **said: str) -> Document:
    return Document(
        id="note", body=body, title=said.get("title"), publisher=said.get("publisher"),
        published=said.get("published", PUBLISHED), kind=said.get("kind", "Article"),
    )  # fmt: skip


def _name(entity: Entity) -> str:
    """The end of a known agent's IRI; of one that only the text knows its words, and its side if that is told."""
    if entity.iri is not None:
        return entity.iri.rsplit("/", 1)[-1]
    side = (entity.represents or "").rsplit("/", 1)[-1]
    return f"{entity.label} ({side})" if side else entity.label


def _claims(lexicon: Lexicon, body: str, **said: str) -> list[list[str]]:
    found = RuleExtractor().extract(_document(body, **said), lexicon)
    return [[_name(who) for who in claim.claimants] for claim in found if isinstance(claim, Claim)]


def _parties(lexicon: Lexicon, body: str, **said: str) -> list[set[str]]:
    events: dict[Event, set[str]] = {}
    for fact in RuleExtractor().extract(_document(body, **said), lexicon):
        if not isinstance(fact, Fact) or not isinstance(fact.subject, Event):
            continue
        if isinstance(fact.object, Entity) and fact.object.kind not in ("Topic", "Policy", "Place"):
            events.setdefault(fact.subject, set()).add(_name(fact.object))
    return list(events.values())


@pytest.mark.parametrize(
    ("body", "claimants"),
    [
        ("Zha Ping, a fellow at Peking University, said the US gains. Zha said China should lower tariffs.",
         [["Zha Ping"], ["Zha Ping"]]),
        ("Li Bing, a scholar at Fudan University, said the US gains. Li added that China should lower tariffs.",
         [["Li Bing"], ["Li Bing"]]),
        ("Bob Li, a trader in Shanghai, said the US should lift tariffs. Li added that China should pay.",
         [["Bob Li"], ["Bob Li"]]),
        ("Tseng Hui-lan, Taiwan's defense minister, said China should stop. Tseng said the US would help.",
         [["Tseng Hui-lan (taiwan)"], ["Tseng Hui-lan (taiwan)"]]),
        ("Singapore's Prime Minister Lee Boon Keng said China should talk. Lee warned the US.",
         [["Lee Boon Keng (singapore)"], ["Lee Boon Keng (singapore)"]]),
        ("Kirsten Hillman, Canada's ambassador to the United States, said China should lift its tariffs.",
         [["Kirsten Hillman (canada)"]]),
        ("The defense minister of Australia, Richard Marles, said that China should explain its drills.",
         [["Richard Marles (australia)"]]),
        ("Mike Johnson, a soybean farmer in Iowa, said China should buy more soybeans.", [["Mike Johnson"]]),
        ("Donald Trump Jr. said the tariffs on China were right.", [["donald-trump-jr"]]),
        ("Xi Jinping met with Joe Biden on March 4. Rupert Biden said that China is a good market.",
         [["Rupert Biden"]]),
        ("Hunter Biden spoke with reporters. Biden said China should buy more soybeans.", [["hunter-biden"]]),
        ("Professor Wang said China should lower tariffs.", [["Wang"]]),
        ("Clinton said that China could wait.", [["Clinton"]]),
    ],
)  # fmt: skip
def test_a_name_is_whose_the_text_gave_it(body: str, claimants: list[list[str]], lexicon: Lexicon) -> None:
    assert _claims(lexicon, body) == claimants


@pytest.mark.parametrize(
    ("body", "claimants"),
    [
        ("Li Qiang and Li Hui met Antony Blinken on March 4. Li said China wants peace.", "li-qiang"),
        ("Xie Feng met Antony Blinken. Xie Zhenhua met John Kerry. Xie said China may fail.", "xie-zhenhua"),
    ],
)
def test_a_surname_of_two_is_given_to_neither(body: str, claimants: str, lexicon: Lexicon) -> None:
    assert [claimants] not in _claims(lexicon, body)


@pytest.mark.parametrize(
    "name",
    ["Xi Jinping", "Xi Jin-ping", "XI JINPING", "Jinping Xi", "Xi Jin Ping", "President Xi", "Xí Jìnpíng"],
)
def test_chinese_names_are_found_in_all_their_forms(name: str, lexicon: Lexicon) -> None:
    assert {"xi-jinping", "joe-biden"} in _parties(lexicon, f"{name} met with Joseph R. Biden Jr. in Bali.")


@pytest.mark.parametrize(
    ("body", "claimants"),
    [
        ("Treasury Secretary Janet Yellen met Li Qiang. The Secretary urged China to cut its surplus.",
         [["janet-yellen"]]),
        ("The US commerce secretary met China's vice premier. The secretary said China should buy more.",
         [["gina-raimondo"]]),
        ("The Chinese vice premier met Janet Yellen. The vice premier said the US should lift tariffs.",
         [["china"]]),
        ("A State Department spokesperson said China should buy more.", [["united-states"]]),
        ("A spokesman for the Chinese embassy in Washington said the US should lift its tariffs.",
         [["chinese-embassy-in-the-united-states"]]),
        ("A spokesman for China's Ministry of Commerce said the US should lift its tariffs.",
         [["ministry-of-commerce-china"]]),
        ("Mao Ning said China opposes the tariffs. The spokeswoman said the US should lift them.",
         [["mao-ning"], ["mao-ning"]]),
        ("Japan's prime minister told Biden that China should explain itself.", [["japan"]]),
        ("US Trade Representative Katherine Tai met Mexico's economy minister. "
         "The minister said that China dumps steel.", [["mexico"]]),
    ],
)  # fmt: skip
def test_an_office_is_of_whom_the_text_gave_it(
    body: str, claimants: list[list[str]], lexicon: Lexicon
) -> None:
    assert _claims(lexicon, body) == claimants


def test_the_president_in_a_readout_is_that_of_its_publisher(lexicon: Lexicon) -> None:
    body = "President Joe Biden spoke with President Xi Jinping. The President said that China should stop."
    found = _claims(lexicon, body, publisher="The White House", kind="Readout")
    assert found == [["joe-biden"]]


@pytest.mark.parametrize(
    "body",
    [
        "Lloyd Austin met India's defense minister in New Delhi on Monday.",
        "Antony Blinken spoke with Russia's foreign minister on Monday.",
        "The commerce minister of Canada spoke with Gina Raimondo on Monday.",
        "Antony Blinken met Foreign Minister Park in Seoul on Monday.",
    ],
)
def test_a_minister_of_a_third_country_is_nobody_of_china(body: str, lexicon: Lexicon) -> None:
    assert _parties(lexicon, body) == []


@pytest.mark.parametrize(
    "body",
    [
        "Biden met the Canadian prime minister on Monday. The two leaders agreed to lower tariffs.",
        "The US president met the South Korean president and both leaders agreed to lower tariffs.",
        "The US and Japan held trade talks. Both sides agreed to cut tariffs on cars.",
        "Premier Li Qiang met Emmanuel Macron. The two leaders agreed to cut tariffs. The US looks on.",
        "Biden met Lai Ching-te on Monday. The two sides agreed to lower tariffs on chips from China.",
    ],
)
def test_both_are_those_of_the_sentence_before(body: str, lexicon: Lexicon) -> None:
    assert ["united-states", "china"] not in _claims(lexicon, body)
    assert not any({"united-states", "china"} <= parties for parties in _parties(lexicon, body))


def test_both_sides_of_nobody_are_nobody(lexicon: Lexicon) -> None:
    assert _claims(lexicon, "Both sides agreed to lower tariffs.") == []


@pytest.mark.parametrize(
    ("body", "claimants"),
    [
        ("Yellen met He Lifeng in Guangzhou. She said China has excess capacity.", [["janet-yellen"]]),
        ("Wang Wentao told Gina Raimondo that China has concerns. She said the US has, too.",
         [["wang-wentao"], ["gina-raimondo"]]),
        ("Chinese officials said that they feel the US should stop.", [["china"]]),
        ("A Pentagon spokesman said China should talk. He said the US was ready.",
         [["united-states"], ["united-states"]]),
        ("Huawei has appealed. \"It suggests that China and the US can agree,\" said Ann Lee, a fellow.",
         [["Ann Lee"]]),
    ],
)  # fmt: skip
def test_a_pronoun_is_somebody_near(body: str, claimants: list[list[str]], lexicon: Lexicon) -> None:
    assert _claims(lexicon, body) == claimants


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ("Bank of China said that the US should lift its sanctions.", "Bank of China", "Organization"),
        ("Beijing Hyundai said that tariffs hurt China.", "Beijing Hyundai", "Organization"),
        ("China Mobile said that US sanctions were unfair.", "China Mobile", "Company"),
    ],
)
def test_a_name_is_not_cut_apart(body: str, name: str, kind: str, lexicon: Lexicon) -> None:
    found = RuleExtractor().extract(_document(body), lexicon)
    said = [claim.claimants for claim in found if isinstance(claim, Claim)]
    assert [(who.label, lexicon.is_a(who.kind, "Organization")) for (who,) in said] == [(name, True)], kind


def test_all_of_a_list_take_part(lexicon: Lexicon) -> None:
    body = "Xi Jinping met with Donald Trump in Busan. Cai Qi, Wang Yi, He Lifeng, and others attended the meeting."
    assert _parties(lexicon, body) == [{"xi-jinping", "donald-trump", "cai-qi", "wang-yi", "he-lifeng"}]


def test_somebody_unknown_with_a_chinese_name_meets_an_american(lexicon: Lexicon) -> None:
    assert _parties(lexicon, "Zhou Ming met with Antony Blinken.") == [{"Zhou Ming", "antony-blinken"}]


def test_a_misspelt_holder_of_an_office_is_the_holder(lexicon: Lexicon) -> None:
    body = "U.S. Treasury Secretary Jeffrey Bessant met He Lifeng in Geneva."
    assert _parties(lexicon, body, published="2025-05-12") == [{"scott-bessent", "he-lifeng"}]
