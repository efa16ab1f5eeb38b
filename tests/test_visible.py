"""What hides in a text is shown, on pages and on a terminal, and what belongs to its script is left."""

import json
import unicodedata

import pytest

from kg.cli import output
from kg.views.hidden_characters import plain, stripped
from kg.web.html.citations import cite, cite_source
from kg.web.html.formatting import shown

HIDDEN = ["\u202e", "\u2066", "\u200f", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u3164", "\u2028",
          "\U000e0041", "\x1b", "\x9b", "\x07", "\r"]  # fmt: skip
WRITTEN = [
    "中国",
    "नमस्\u200dते",
    "می\u200cخواهم",
    "👩\u200d👩\u200d👧",
    "☀\ufe0f",
    "naïve",
    "two\nlines\r\n",
    "a\tb",
    "“U.S.–China”",
]


@pytest.mark.parametrize("mark", HIDDEN, ids=lambda it: f"{ord(it):04x}")
def test_mark_that_hides_is_shown(mark: str) -> None:
    text = f"a{mark}b"
    assert mark not in shown(text)
    assert mark not in plain(text)
    assert (plain(text)[:2], plain(text)[-2:]) == ("a[", "]b")
    assert stripped(text) == "ab"


@pytest.mark.parametrize("text", WRITTEN)
def test_mark_that_a_script_needs_is_left(text: str) -> None:
    assert plain(text) == stripped(text) == text
    assert text in shown(text)


def test_joiner_between_latin_letters_is_shown() -> None:
    assert plain("pay\u200dpal \u200d") == "pay[ZWJ]pal [ZWJ]"


def test_every_mark_of_direction_is_known() -> None:
    marks = [chr(it) for it in range(0x3000) if unicodedata.bidirectional(chr(it)) in
             ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN")]  # fmt: skip
    assert not [f"{ord(it):x}" for it in marks if it in plain(f"a{it}b")]


def test_markup_and_marks_are_both_harmless() -> None:
    assert shown("<b>\u202e</b>") == (
        '<bdi>&lt;b&gt;<span class="ctl" title="control character RLO">RLO</span>&lt;/b&gt;</bdi>'
    )


def test_terminal_gets_no_commands(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["quote"], [["\x1b[2Jcleared \u202ereversed"]])
    printed = capsys.readouterr().out
    assert "[U+001B][2Jcleared [RLO]reversed" in printed


def test_document_is_cited_where_it_was_published() -> None:
    made = cite_source(
        "Read\u202eout", "https://w3id.org/uschina-kg/id/document/a-readout", source="https://www.state.gov/x_1",
        publisher="U.S. Department of State", issued="2024-03",
    )  # fmt: skip
    [item] = json.loads(made.csl)
    assert (item["URL"], item["title"]) == ("https://www.state.gov/x_1", "Readout")
    assert item["author"] == [{"literal": "U.S. Department of State"}]
    assert item["issued"] == {"date-parts": [[2024, 3]]}
    assert "url = {https://www.state.gov/x_1}" in made.bibtex
    assert made.source == "https://www.state.gov/x_1"
    assert made.bibtex.startswith("@online{document-a-readout,")


def test_document_from_a_file_has_no_address_and_nobody_is_made_its_author() -> None:
    made = cite_source(
        "Notes",
        "https://w3id.org/uschina-kg/id/document/notes",
        source="file:notes.txt",
        publisher="",
        issued="",
    )
    [item] = json.loads(made.csl)
    assert item.keys() == {"id", "type", "title"}
    assert "url" not in made.bibtex
    assert "author" not in made.bibtex
    assert made.source == ""
    assert "uschina-kg" not in made.csl


def test_thing_is_cited_by_its_identifier() -> None:
    iri = "https://w3id.org/uschina-kg/id/topic/taiwan"
    assert f"url = {{{iri}}}" in cite("Taiwan", iri).bibtex
    assert cite("Taiwan", iri).source == ""
