"""Full text: what is found in titles and bodies, how it is counted, and that the index follows the store."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.identity import document_iri
from kg.lexicon import Lexicon
from kg.search import Filters, Near, Search, open_indexed, problems, rebuild
from kg.search import text as search_text
from kg.search.query import parse
from kg.search.text import forms, passages, tokens
from kg.store import Store, open_store
from kg.terms import ID, KG, document_graph

DC, RDF = "http://purl.org/dc/terms/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MFA, WHITE_HOUSE = f"{ID}organization/ministry-of-foreign-affairs-china", f"{ID}organization/white-house"
XI, TAIWAN = f"{ID}person/xi-jinping", f"{ID}topic/taiwan"
CALL = (
    "Xi Jinping said that the fringe separatists of Taiwan must not drag both countries into conflict.\n\n"
    "The two presidents also discussed rare earths, on which they negotiated for hours."
)
CHINESE = "習近平強調，美方應當慎重處理臺灣問題。\n\n雙方還討論了稀土。"


def put(
    store: Store,
    name: str,
    body: str,
    *,
    title: str = "",
    issued: str = "2025-06-05",
    publisher: str = WHITE_HOUSE,
    kind: str = "Readout",
    said: tuple[tuple[str, str, str], ...] = (),
) -> None:
    """Store a document, with claims: words of the body, who says them, and the topic."""
    node = f"<{document_iri(name)}>"
    said_of = [
        (node, RDF, f"<{KG[kind]}>"),
        (node, str(KG.digest), f'"{name}"'),
        (node, str(KG.inputDigest), f'"{sha256((title + body).encode()).hexdigest()}"'),
        (node, str(KG.body), str(ox.Literal(body))),
        (node, f"{DC}title", str(ox.Literal(title or name))),
        (node, f"{DC}issued", f'"{issued}"'),
        (node, f"{DC}publisher", f"<{publisher}>"),
    ]
    for words, who, topic in said:
        start = body.index(words)
        claim, passage = f"<{ID}claim/{name}.{start}>", f"<{ID}evidence/{name}.{start}>"
        said_of += [
            (claim, str(KG.reportedIn), node),
            (claim, str(KG.evidence), passage),
            (claim, str(KG.account), f"<{KG.ChinaAccount}>"),
            (claim, str(KG.claimant), f"<{who}>"),
            (claim, str(KG.about), f"<{topic}>"),
            (passage, str(KG.inDocument), node),
            (passage, "http://www.w3.org/ns/oa#start", f'"{start}"'),
            (passage, "http://www.w3.org/ns/oa#end", f'"{start + len(words)}"'),
        ]
    lines = "".join(f"{subject} <{predicate}> {value} .\n" for subject, predicate, value in said_of)
    store.replace(name, {str(document_graph(name)): lines.encode()})


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        put(opened, "call", CALL, title="Readout of the call", publisher=MFA,
            said=(("the fringe separatists of Taiwan", XI, TAIWAN),))  # fmt: skip
        put(opened, "hua", CHINESE, title="習近平同美國總統通電話", publisher=MFA, issued="2025-06-06")
        put(
            opened,
            "tariffs",
            "Tariffs on steel were raised to 25 percent.",
            issued="2024-01-02",
            kind="Article",
        )
        yield opened


@pytest.fixture
def search(store: Store, lexicon: Lexicon) -> Iterator[Search]:
    made = Search(store, lexicon)
    yield made
    made.close()


def names(search: Search, text: str, filters: Filters | None = None, **given: bool) -> list[str]:
    return [hit.document.rsplit("/", 1)[-1] for hit in search.find(text, filters, **given).hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fringe separatists", ["call"]),
        ("FRINGE Separatist", ["call"]),
        ("negotiating hour", ["call"]),
        ('"rare earths"', ["call"]),
        ('"earths rare"', []),
        ("steel -percent", []),
        ("steel -taiwan", ["tariffs"]),
        ("台湾", ["hua"]),
        ("臺灣", ["hua"]),
        ("台", ["hua"]),
        ("稀土", ["hua"]),
        ("湾台", []),
        ("通电话", ["hua"]),
        ("台湾 稀土", ["hua"]),
        ("readout", ["call"]),
        ("Ｔａｒｉｆｆｓ", ["tariffs"]),
    ],
)
def test_words_find_documents(search: Search, text: str, found: list[str]) -> None:
    assert names(search, text, widen=False) == found


def test_passage_is_cut_from_the_body_with_the_words_lit(search: Search) -> None:
    [hit] = search.find("fringe separatists").hits
    [passage] = hit.passages
    assert CALL[passage.start : passage.end] == passage.text
    assert [CALL[start:end] for start, end in passage.lit] == ["fringe", "separatists"]
    assert passage.speakers == (XI,)
    [chinese] = search.find("台湾问题", widen=False).hits
    assert [CHINESE[start:end] for start, end in chinese.passages[0].lit] == ["臺灣問題"]


def test_other_names_are_searched_for_where_nothing_else_is_found_and_it_is_said(search: Search) -> None:
    found = search.find("Xi Jinping 稀土")
    assert {hit.document for hit in found.hits} == {document_iri("call"), document_iri("hua")}
    assert [(it.word, "习近平" in it.names) for it in found.widened] == [
        ("Xi Jinping", True),
        ("稀土", False),
    ]
    plain = search.find("Taiwan")
    assert plain.total == 1
    assert not plain.widened
    assert plain.offered[0].word == "Taiwan"
    assert search.find("Taiwan", widen=True).total == 2
    assert search.find("Xi Jinping 稀土", widen=False).total == 0


def test_a_name_inside_a_longer_name_of_something_else_is_not_searched_for(search: Search) -> None:
    [widening] = search.find("台湾", widen=True).widened
    assert "Republic of China" not in widening.names  # as of the People's one


def test_facets_count_documents_and_narrow(search: Search) -> None:
    found = search.find("the")
    assert found.facets["speaker"][0].value == XI
    counted = {facet.value: facet.number for facet in search.find("Taiwan", widen=True).facets["publisher"]}
    assert counted == {MFA: 2}
    assert names(search, "Taiwan", Filters(speaker=XI), widen=True) == ["call"]
    assert names(search, "rare earths", Filters(speaker=XI)) == []  # he says something else there
    assert names(search, "raised", Filters(year="2024", kind="Article")) == ["tariffs"]
    assert names(search, "raised", Filters(year="2025")) == []
    assert names(search, "raised", Filters(topic="nothing")) == []


def test_number_of_a_facet_is_what_it_narrows_to(search: Search) -> None:
    for facet, values in search.find("of").facets.items():
        for value in values:
            assert search.find("of", Filters(**{facet: value.value})).total == value.number


@pytest.mark.parametrize(
    "text",
    ["", " ", '"', "''", "*", "-", '- "', "a* OR b", "NEAR(a b)", 'title:"x', "{a b}:c", "AND OR NOT", "\0", "'; --",
     "(" * 200, '" " ' * 50, "^a", "a-b_c", "💥", "\u200b", "％", "x" * 300, "word " * 60, "\ud800", "ʼ", "½", "⑴"],
)  # fmt: skip
def test_no_text_is_an_error(search: Search, text: str) -> None:
    search.find(text)
    search.nearby(Near(words=(text,)))


def test_what_is_not_used_is_told() -> None:
    assert parse('taiwan “ ” *** "rare earths').unused == "***"
    assert parse(" ".join(f"w{number}" for number in range(20))).unused.split()[0] == "w12"
    assert [term.typed for term in parse("taiwan “rare earths” -x").terms] == ["taiwan", "rare earths"]


def test_empty_store_has_nothing(lexicon: Lexicon) -> None:
    with open_store("memory:", write=True) as store:
        search = Search(store, lexicon)
        assert search.find("Taiwan").total == 0
        assert search.nearby(Near(words=("Taiwan",))) == ()
        search.close()


def test_index_follows_what_is_written(store: Store, search: Search) -> None:
    assert names(search, "steel") == ["tariffs"]
    put(store, "tariffs", "Tariffs on aluminium were raised.")
    assert names(search, "steel") == []
    assert names(search, "aluminium") == ["tariffs"]
    store.delete("tariffs")
    assert names(search, "aluminium") == []
    put(store, "new", "Soybeans were bought.")
    assert names(search, "soybean") == ["new"]


def test_index_on_disk_follows_writers_that_come_and_go(tmp_path: Path, lexicon: Lexicon) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    with open_store(url, write=True) as writer:
        put(writer, "one", "Taiwan was discussed.")
    with open_store(url) as reader:
        search, other = Search(reader, lexicon), Search(reader, lexicon)
        assert names(search, "Taiwan", widen=False) == names(other, "Taiwan", widen=False) == ["one"]
        for number in range(3):
            with open_store(url, write=True) as writer:
                put(writer, "one", f"Soybeans {number} were discussed.")
                put(writer, "two", f"Fentanyl {number}.")
        reader.refresh()
        assert names(search, "Taiwan", widen=False) == []
        assert names(other, "fentanyl 2") == ["two"]
        search.close()
        other.close()
    with open_store(url) as reader:  # the index lies beside the store, and is up to date
        again = Search(reader, lexicon)
        assert names(again, "soybeans") == ["one"]
        again.close()


def test_damaged_index_is_made_anew(tmp_path: Path, lexicon: Lexicon) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    with open_store(url, write=True) as writer:
        put(writer, "one", "Taiwan was discussed.")
    (tmp_path / "store" / "search.sqlite").write_bytes(b"no database" * 1000)
    with open_store(url) as reader:
        search = Search(reader, lexicon)
        assert names(search, "Taiwan", widen=False) == ["one"]
        search.close()


def test_order_of_loading_changes_nothing(lexicon: Lexicon) -> None:
    texts = {f"d{number}": f"China and tariffs {'again ' * number}\n\nmore on China" for number in range(6)}
    found = []
    for order in (sorted(texts), sorted(texts, reverse=True)):
        with open_store("memory:", write=True) as store:
            for name in order:
                put(store, name, "something else")
                put(store, name, texts[name])
            search = Search(store, lexicon)
            found.append(search.find("china tariffs"))
            search.close()
    assert found[0] == found[1]


def test_nearby_passages_name_topic_party_and_day(search: Search) -> None:
    near = Near(topics=(TAIWAN,), agents=(XI,), start="2025-06-05", end="2025-06-05")
    first, second = search.nearby(near)
    assert first.document == document_iri("call")
    assert "fringe separatists" in first.exact
    assert first.names == ("Taiwan", "Xi Jinping")
    assert not first.missing
    assert second.document == document_iri("hua")
    assert search.nearby(Near(topics=(TAIWAN,), start="2019")) == ()
    assert search.nearby(Near(words=("Cuba",))) == ()
    assert search.nearby(Near(topics=(TAIWAN,), words=("Cuba",))) == ()
    assert search.nearby(Near()) == ()
    assert len(search.nearby(Near(topics=(TAIWAN,), yearless="06-05"))) == 2
    assert len(search.nearby(Near(topics=(TAIWAN,), yearless="06"))) == 2
    assert search.nearby(Near(topics=(TAIWAN,), yearless="02-29")) == ()


def test_words_are_stems_and_characters() -> None:
    assert forms("China’s U.S. talks, 10,000 Über­gänge") == ["china", "us", "talk", "10000", "ubergang"]
    assert forms("國務院") == ["国", "务", "院"]
    text = "He said: ‘Taiwan’."
    assert [text[it.start : it.end] for it in tokens(text)] == ["He", "said", "Taiwan"]


@pytest.mark.parametrize(
    "body", ["", "one", CALL, CHINESE, "word " * 900, "字" * 3000, "a.\nb.\n" * 300, "\n\n\n"]
)
def test_passages_hold_every_word_once(body: str) -> None:
    cut = [body[start:end] for start, end in passages(body)]
    assert [form for text in cut for form in forms(text)] == forms(body)
    assert all(text == text.strip() and len(text) <= 1000 for text in cut)


def test_check_finds_what_is_wrong_with_the_index_and_making_it_anew_mends_it(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    with open_indexed(url) as writer:
        put(writer, "one", "Taiwan was discussed.\n\nSoybeans too.")
        put(writer, "two", "Fentanyl.")
    assert [*filter(None, problems(url))] == []
    file = tmp_path / "store" / "search.sqlite"
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("DELETE FROM passages WHERE id = 1")
        opened.execute("UPDATE documents SET content = 'other' WHERE name = 'two'")
    assert [*filter(None, problems(url))] == [
        "there are 2 passages where 3 belong",
        "two is not indexed as it is stored",
    ]
    assert rebuild(url) == 2
    assert [*filter(None, problems(url))] == []
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"spoilt!!" * 2048 + whole[24576:])
    assert any(problems(url))
    assert rebuild(url) == 2
    assert [*filter(None, problems(url))] == []


def test_passages_end_with_sentences() -> None:
    sentence = (
        "Mr. Xi said on the phone that U.S. farmers would sell more, as Donald J. Trump had asked them to. "
    )
    for start, end in passages(sentence * 20):
        assert (sentence * 20)[start:end].startswith("Mr. Xi")
        assert (sentence * 20)[start:end].endswith("asked them to.")


@pytest.mark.parametrize("words", ["w", "word ", "a. b ", "\n "])
def test_text_without_ends_of_sentences_is_looked_through_once(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, ends = [], search_text._SENTENCE_END

    class Counted:
        @staticmethod
        def finditer(body: str, start: int, end: int) -> Iterator[re.Match[str]]:
            looked.append(end - start)
            return ends.finditer(body, start, end)

    body = words * (200_000 // len(words)) + "."
    monkeypatch.setattr(search_text, "_SENTENCE_END", Counted)
    cut = [*passages(body)]
    assert all(end - start <= 1200 for start, end in cut)
    assert sum(looked) <= 10 * len(body)
