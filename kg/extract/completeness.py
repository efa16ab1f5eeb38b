"""Completes the reading report of a document: why it gave little, and what gave nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from kg.extract.text.reading import Reading, Sentence
from kg.model import Entity, Statement
from kg.report import NOTHING, ReadingReport

KINDS = {
    "caption": ("caption", "captions"), "related": ("link to another text", "links to other texts"),
}  # fmt: skip


def complete(
    reading: Reading, side_of: Callable[[Entity], str | None], sides: tuple[str, str],
    statements: Sequence[Statement], unresolved: Iterable[tuple[int, int]] = (),
) -> ReadingReport:  # fmt: skip
    """The report of a document after all its statements were made.

    Args:
        reading: The document, with the notes that other stages made.
        side_of: Tells for which country an agent speaks.
        sides: The countries whose relations are read.
        statements: What the document gave.
        unresolved: Where those stand of whom it could not be told who they are.
    """
    report = reading.report
    spans = sorted({(p.start, p.end) for statement in statements for p in statement.evidence})
    report.statements = len(statements)
    if report.published is None:
        report.note(
            "no day", None, "no day of publication was found, so “Thursday” or “last month” is no date"
        )
    skipped = Counter(block.kind for block in reading.skipped if block.kind in ("caption", "related"))
    for kind in sorted(skipped):
        report.note("left out", None, f"{skipped[kind]} {KINDS[kind][skipped[kind] > 1]}")
    silent = [
        s
        for s in reading.sentences
        if _names_both(s, reading, side_of, sides) and not _gave(s, reading, spans)
    ]
    for sentence in silent:
        words = reading.words(sentence.start, sentence.end)
        report.note(
            "names both sides and gave nothing", reading.mapped.span(sentence.start, sentence.end), words
        )
    for start, end in sorted(set(unresolved)):
        reading.note("not resolved", start, end)
    if not report.statements:
        report.note(NOTHING, None, _why(reading, side_of, sides))
    return report


def _sides(
    start: int, end: int, reading: Reading, side_of: Callable[[Entity], str | None]
) -> set[str | None]:
    return {side_of(mention.entity) for mention in reading.mentions.agents_in(start, end)}


def _names_both(
    sentence: Sentence, reading: Reading, side_of: Callable[[Entity], str | None], sides: tuple[str, str]
) -> bool:
    found = _sides(sentence.start, sentence.end, reading, side_of)
    return set(sides) <= found and not sentence.is_question


def _gave(sentence: Sentence, reading: Reading, spans: list[tuple[int, int]]) -> bool:
    start, end = reading.mapped.span(sentence.start, sentence.end)
    return any(a < end and start < b for a, b in spans)


def _why(reading: Reading, side_of: Callable[[Entity], str | None], sides: tuple[str, str]) -> str:
    if not reading.sentences:
        return "it holds no sentence"
    found = _sides(0, len(reading.text), reading, side_of) & set(sides)
    if not found:
        return "it names nobody of either side"
    if len(found) == 1:
        return "it names one side only"
    return "it names both sides, but tells of no event and attributes no words"
