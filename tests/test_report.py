"""The reading report: no text is stored empty without a word."""

from collections.abc import Iterator

import pytest

from kg.extract import RuleExtractor, read_many
from kg.ingest import Pipeline
from kg.lexicon import Lexicon
from kg.model import Document, Statement
from kg.report import ReadingReport

LEXICON = Lexicon.load()
FRENCH = (
    "Le président chinois et le président américain ont parlé au téléphone de la guerre dans les deux pays."
)
CHINESE = "中国外交部发言人表示，中美两国元首通了电话，双方就台湾问题交换了意见。"
CALL = "On June 5, 2025, Xi Jinping held a phone call with Donald Trump."


def _report(body: str, **known: str) -> ReadingReport:
    (found,) = read_many(RuleExtractor(), [Document("text", body, **known)], LEXICON)
    assert found.report.statements == len(found.statements)
    return found.report


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (FRENCH, "not read: the text is in French; only English is read"),
        (CHINESE, "not read: the text is in Chinese; only English is read"),
        (
            "The weather in the port was as good as the weather at sea on that day.",
            "it names nobody of either side",
        ),
        ("The weather in China was as good as the weather at sea on that day.", "it names one side only"),
        ("READ MORE: Xi Jinping met with Joe Biden", "it holds no sentence"),
        ("The maps of China and of the United States hang in the port.", "it names both sides, but"),
    ],
)
def test_a_document_that_gives_nothing_says_why(body: str, reason: str) -> None:
    report = _report(body)
    assert report.statements == 0
    assert any(reason in line for line in report.reasons())


def test_languages_of_a_batch_are_told_apart() -> None:
    documents = [Document(name, body) for name, body in (("a", FRENCH), ("b", CALL), ("c", CHINESE))]
    found = list(read_many(RuleExtractor(), documents, LEXICON))
    assert [(it.document.id, it.report.language, bool(it.statements)) for it in found] == [
        ("a", "fr", False), ("b", "en", True), ("c", "zh", False)
    ]  # fmt: skip


def test_where_the_day_came_from_is_told() -> None:
    report = _report(CALL, published="2025-06-06", published_from="the dateline")
    assert "day: 2025-06-06, from the dateline" in report.lines()
    assert any(line.startswith("no day: ") for line in _report(CALL).lines())


def test_a_sentence_that_names_both_sides_and_gives_nothing_is_quoted_with_its_place() -> None:
    body = f"{CALL}\n\nThe maps of China and of  the United States hang in the port."
    notes = [note for note in _report(body).notes if note.kind == "names both sides and gave nothing"]
    assert [body[note.start : note.end] for note in notes] == [body.partition("\n\n")[2]]


def test_whoever_cannot_be_told_and_costs_an_event_is_not_resolved() -> None:
    body = "He met Xi Jinping on May 3, 2024. The minister met with Donald Trump."
    notes = [note.text for note in _report(body).notes if note.kind == "not resolved"]
    assert notes == ["He", "The minister"]


def test_what_stands_around_a_text_is_counted() -> None:
    report = _report(
        f"{CALL}\n\n(File photo: Xi Jinping met with Joe Biden in Woodside.)\n\nRELATED: Talks go on"
    )
    assert "left out: 1 caption · 1 link to another text" in report.lines()


def test_many_notes_of_a_kind_are_counted_and_not_listed() -> None:
    report = ReadingReport("text")
    for number in range(9):
        report.note("not resolved", (number, number + 1), f"name {number}")
        report.note("not resolved", (number, number + 1), f"name {number}")
    assert report.lines() == ("not resolved: name 0 · name 1 · name 2 … and 6 more",)


def test_an_extractor_without_reports_gives_empty_ones() -> None:
    class Silent:
        name, version = "silent", "1"

        def extract(self, document: Document, lexicon: Lexicon) -> Iterator[Statement]:  # noqa: ARG002
            yield from ()

    (found,) = read_many(Silent(), [Document("text", CALL)], LEXICON)
    assert (found.statements, found.report.lines()) == ([], ())


def test_the_graph_of_a_document_says_how_it_was_read() -> None:
    (made,) = Pipeline().prepare([Document("text", FRENCH, published="2025-06-06")])
    assert made.problem is None
    assert "the text is in French" in made.stated.decode()
    assert made.notes == ("not read: the text is in French; only English is read",)
