"""Blocks of a text: who speaks, what a list hangs on, of which day an entry is, what is not read."""

import pytest

from kg.extract.text.blocks import Block, divide
from kg.extract.text.normalise import normalise
from kg.lexicon import Lexicon

LEXICON = Lexicon.load()
PEOPLE = {"Mao Ning", "Xi Jinping", "President Xi Jinping"}


def _blocks(body: str) -> list[tuple[str, Block]]:
    text = normalise(body, LEXICON).text
    return [(text[b.start : b.end], b) for b in divide(text, None, is_person=PEOPLE.__contains__)]


@pytest.mark.parametrize(
    ("body", "speaker", "asks"),
    [
        ("MR. SULLIVAN:  We will talk.\n\nQ  What about Taiwan?", "MR. SULLIVAN", False),
        ("MR. SULLIVAN:\u00a0 We will talk.\n\nQ\u00a0 What about Taiwan?", "MR. SULLIVAN", False),
        ("**MR. SULLIVAN**: We will talk.\n\nQ: What about Taiwan?", "MR. SULLIVAN", False),
        ("MR. SULLIVAN (via video): We will talk.\n\nQ: And Taiwan?", "MR. SULLIVAN", False),
        ("MR. SULLIVAN:\n\nWe will talk.\n\nQ: And Taiwan?", "MR. SULLIVAN", False),
        (
            "President Xi Jinping: We will talk.\n\nPresident Trump: So will we.",
            "President Xi Jinping",
            False,
        ),
        ("Mao Ning: We will talk.", "Mao Ning", False),
        ("The press: Will you talk?\n\nPresident Trump: We will.", "The press", True),
        ("Bloomberg reporter: Will you talk?\n\nMao Ning: We will.", "Bloomberg reporter", True),
        ("CNN correspondent: Will you talk?\n\nMao Ning: We will.", "CNN correspondent", True),
        ("Q And President Xi, did you talk? Thank you.\n\nMR. LI: No.", "Q", True),
        ("Q. Did you talk?\n\nThe President. Well, we did.\n\nQ. And?\n\nThe President. No.", "Q", True),
        (
            "Senior Administration Official: We will talk.\n\nQ: When?",
            "Senior Administration Official",
            False,
        ),
    ],
)
def test_label_opens_a_turn(body: str, speaker: str, asks: bool) -> None:
    first = next(block for _, block in _blocks(body) if block.speaker)
    assert (first.speaker, first.is_question) == (speaker, asks)


def test_stopped_labels_answer() -> None:
    body = "Q. Did you raise it?\n\nThe President. Well, I did.\n\nQ. And?\n\nThe President. No."
    assert [block.speaker for _, block in _blocks(body)] == ["Q", "The President", "Q", "The President"]


@pytest.mark.parametrize(
    "body",
    [
        "Trade: China opposes the tariffs.",
        "REBALANCING TRADE WITH CHINA: This week both sides reached a deal.",
        "Note: this is a remark.\n\nSource: The Daily Courier, page 4.",
        "Beijing: The talks went on.",
    ],
)
def test_other_words_before_a_colon_open_none(body: str) -> None:
    assert all(block.speaker is None for _, block in _blocks(body))


def test_words_that_a_paragraph_announces_are_of_whom_it_names() -> None:
    found = _blocks(
        "Dong Jun met with Pete Hegseth. Dong said:\n\nThe US should act.\n\nThe meeting was over."
    )
    assert [block.speaker for _, block in found] == [None, "Dong", None]


def test_items_know_their_lead() -> None:
    body = "China will:\n• buy soybeans\n• suspend its curbs\n\nThe talks are over."
    text = normalise(body, LEXICON).text
    blocks = divide(text, None)
    leads = [block.lead and text[block.lead.start : block.lead.end] for block in blocks]
    assert [block.kind for block in blocks] == ["paragraph", "item", "item", "paragraph"]
    assert leads == [None, "China will:", "China will:", None]


def test_entries_of_a_chronology_know_their_day() -> None:
    body = "Timeline\n\nMay 10, 2025\nThey met in Geneva.\n\nJune 9, 2025 - They met in London.\n\nOutlook\n\nMore to come."
    text = normalise(body, LEXICON).text
    days = {text[b.start : b.end]: b.day and text[slice(*b.day)] for b in divide(text, None) if b.is_read}
    assert days == {
        "They met in Geneva.": "May 10, 2025",
        "They met in London.": "June 9, 2025",
        "More to come.": None,
    }


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE: He Lifeng met with Scott Bessent in Geneva",
        "Related: He Lifeng met with Scott Bessent in Geneva",
        "(File photo: Xi Jinping met with Joe Biden in Woodside.)",
        "Xi Jinping meets Joe Biden in Bali. /Xinhua",
        "Last updated: March 1, 2024",
        "Updated March 1, 2024 at 10:00",
        "By Ann Writer",
        "Reporting by Ann Writer; editing by Bob Reader",
        "© 2024 The Daily Courier. All rights reserved.",
        "Page 3 of 10",
        "11:51 A.M. CST",
    ],
)
def test_what_stands_around_a_text_is_not_read(line: str) -> None:
    found = _blocks(f"Xi Jinping met Joe Biden.\n\n{line}\n\nThe talks went on.")
    assert [words for words, block in found if block.is_read] == [
        "Xi Jinping met Joe Biden.",
        "The talks went on.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "By raising tariffs, Washington hurt Beijing.",
        "Updated tariffs will hurt China.",
        "Contact between the two militaries broke down.",
        "Watch what China does next.",
        "China met the demands of the press.",
    ],
)
def test_sentences_that_open_like_a_note_are_read(line: str) -> None:
    assert all(
        block.is_read for _, block in _blocks(f"Xi Jinping met Joe Biden.\n\n{line}\n\nThe talks went on.")
    )


def test_link_at_the_end_of_a_paragraph_is_none_of_its_sentences() -> None:
    found = _blocks("Xi Jinping met Joe Biden. READ MORE: He Lifeng met Scott Bessent")
    assert [(words, block.kind) for words, block in found] == [
        ("Xi Jinping met Joe Biden.", "paragraph"),
        ("READ MORE: He Lifeng met Scott Bessent", "related"),
    ]


def test_running_head_is_not_read() -> None:
    body = "\n\n".join(f"The Daily Courier\n\nParagraph {number} goes on." for number in range(4))
    assert all(words != "The Daily Courier" for words, block in _blocks(body) if block.is_read)
