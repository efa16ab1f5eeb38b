"""The analysis text: what an edition adds is gone, and every character knows where it came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import RuleExtractor
from kg.extract.text.normalise import normalise
from kg.lexicon import Lexicon
from kg.model import Document, Fact, Name

CALL = "On June 5, 2025, Xi Jinping held a phone call with Donald Trump. Iran was not discussed."
LEXICON = Lexicon.load()
EDITIONS = {
    "wrapped lines": "On June 5, 2025, Xi Jinping held a phone call with\nDonald Trump. Iran was not discussed.",
    "lines wrapped anywhere": "On June 5, 2025, Xi\nJinping held a phone call with Donald\nTrump. Iran was not\ndiscussed.",
    "line breaks of HTML": "On June 5, 2025, Xi Jinping held a phone call with<br/>Donald Trump. Iran was not discussed.",
    "carriage returns": "On June 5, 2025, Xi Jinping held a phone call\r\nwith Donald Trump. Iran was not\r\ndiscussed.",
    "blanks": "On\u00a0June 5, 2025,  Xi\u3000Jinping held a phone   call with\u2009Donald Trump.  Iran was not discussed. ",
    "broken word": "On June 5, 2025, Xi Jinping held a tele-\nphone call with Donald Trump. Iran was not dis- cussed.",
    "broken name": "On June 5, 2025, Xi Jin-\nping held a phone call with Donald Trump. Iran was not discussed.",
    "soft hyphen": "On Ju\u00adne 5, 2025, Xi Jin\u00adping held a phone call with Donald Trump. Iran was not dis\u00adcussed.",
    "zero-width marks": "\ufeffOn June 5, 2025, Xi Jin\u200bping held a phone call with Donald\u200d Trump. Iran was not\u2060 discussed.",
    "ligature": "On June 5, 2025, Xi Jinping held a phone call with Donald Trump. Iran was not discussed in the \ufb01rst hour.",
    "accents": "On June 5, 2025, Xí Jìnpíng held a phone call with Donald Trump. Iran was not discussed.",
    "decomposed accents": "On June 5, 2025, Xi\u0301 Ji\u0300npi\u0301ng held a phone call with Donald Trump. Iran was not discussed.",
    "full-width forms": "On June ５, 2025, Xi Jinping held a phone call with Donald Ｔｒｕｍｐ．Iran was not discussed。",
    "Chinese characters": "习近平会谈 On June 5, 2025, 习近平 held a phone call with Donald Trump (特朗普). Iran was not discussed.",
    "pictograms": "🤝 On June 5, 2025, Xi Jinping 🇨🇳 held a phone call with Donald Trump 😀. Iran was not discussed.",
    "Markdown": "On June 5, 2025, President [Xi Jinping](https://example.org/a_(b)) held a phone call with **Donald Trump**."
    " Iran was *not* discussed.",
    "footnotes": "On June 5, 2025, Xi Jinping[1] held a phone call with Donald Trump.[^2] Iran was not discussed.³",
    "glued footnotes": "On June 5, 2025, Xi Jinping12 held a phone call with Donald Trump.13 Iran was not discussed.",
    "footnote below": "On June 5, 2025, Xi Jinping held a phone call with Donald Trump.[1] Iran was not discussed.\n\n"
    "[1] See the readout of the White House.",
    "tags": "<p>On June 5, 2025, <b>Xi Jinping</b><sup>1</sup> held a phone call with Donald&nbsp;Trump. Iran was not"
    " discussed.</p>",
    "quoted lines": "> On June 5, 2025, Xi Jinping held a phone call with\n> Donald Trump. Iran was not discussed.",
    "address": "On June 5, 2025, Xi Jinping held a phone call with Donald Trump (https://example.org/a). Iran was not"
    " discussed. https://example.org/b",
}  # fmt: skip


def _facts(body: str) -> set[tuple[str, str]]:
    found = RuleExtractor().extract(Document("text", body), LEXICON)
    facts = [fact for fact in found if isinstance(fact, Fact)]
    for fact in facts:
        assert all(body[p.start : p.end] == p.exact for p in fact.evidence)
    return {
        (f.predicate, f.object.name if isinstance(f.object, Name) else str(getattr(f.object, "iri", "")))
        for f in facts
    }


@pytest.mark.parametrize("body", EDITIONS.values(), ids=EDITIONS)
def test_an_edition_says_what_the_clean_text_says(body: str) -> None:
    assert _facts(body) == _facts(CALL)


@pytest.mark.parametrize(
    "body",
    [
        "Readout of the call\nThe Daily Courier\nJune 14, 2023",
        "May 10, 2025\nHe Lifeng met with Scott Bessent in Geneva.",
        "• China will buy soybeans\n• China will buy energy",
        "MR. SULLIVAN: We will not decouple\nQ What about Taiwan?",
        "The talks are over.\nBoth sides went home.",
    ],
)
def test_lines_that_stand_for_themselves_stay_apart(body: str) -> None:
    assert normalise(body, LEXICON).text == body


@pytest.mark.parametrize(
    "words",
    ["pre- and post-war trade", "the G20 and the F16", "COVID19 came, then Mate60", "Sec.301 and No.13", "5 * 3 * 2",
     "a long-term plan", "snake_case_name", "talks — hard ones — went on", "talks— which lasted"],
)  # fmt: skip
def test_what_only_looks_like_a_mark_stays(words: str) -> None:
    assert normalise(words, LEXICON).text == words.replace("—", "-")


def test_compound_broken_at_its_hyphen_keeps_it() -> None:
    assert (
        normalise("a long-\nterm plan for U.S.-\nChina ties", LEXICON).text
        == "a long-term plan for U.S.-China ties"
    )


def test_cells_of_a_table_are_lines() -> None:
    table = "| Date | Who |\n|---|---|\n| May 10, 2025 | He Lifeng met Scott Bessent |"
    lines = [line for line in normalise(table, LEXICON).text.split("\n") if line]
    assert lines == ["Date", "Who", "May 10, 2025", "He Lifeng met Scott Bessent"]


def test_columns_drawn_side_by_side_are_not_woven_together() -> None:
    columns = (
        "On June 5, 2025, Xi Jinping held a      On May 10, 2025, Vice Premier He\n"
        "phone call with President Trump of      Lifeng met with Treasury Secretary\n"
        "the United States. Iran was not         Scott Bessent in Geneva. Tariffs\n"
        "discussed in it.                        and rare earths were discussed.\n"
    )
    assert not normalise(columns, LEXICON).text.strip()


@given(st.text())
def test_every_character_comes_from_the_source_in_its_order(text: str) -> None:
    found = normalise(text, LEXICON)
    spans = [(start, end) for start, end in zip(found.starts, found.ends, strict=True)]
    assert len(spans) == len(found.text)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
