"""Tells what stands around a text: captions, links to other texts, notes of the page, running heads."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from kg.extract.rules import load

_DATELINE = re.compile(r"[A-Z][A-Z .'/-]{2,40}\b.{0,60}\([A-Z][\w .&']{1,40}\) ?--?")
_OFTEN = 3  # times that a line stands in a text until it is one of its pages, not of its sentences
_LONGEST_RUNNING = 80


def extra(lines: list[str]) -> Callable[[str], str | None]:
    """What tells the kind of a line that is no part of the text, for a text of these lines."""
    counts = Counter(lines)
    running = {
        line for line, count in counts.items()
        if count >= _OFTEN and len(line) <= _LONGEST_RUNNING and line[-1] not in ".?!:\""
    }  # fmt: skip

    patterns = load().patterns

    def kind(line: str) -> str | None:
        if patterns["caption_line"].fullmatch(line) and not _DATELINE.match(line):
            return "caption"
        if line in running or any(patterns[name].fullmatch(line) for name in ("metadata_line", "page_line")):
            return "metadata"
        return "related" if patterns["related_line"].fullmatch(line) else None

    return kind


def split_extra(text: str, start: int, end: int, related: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """A line as itself and, where one stands at its end, a link to another text."""
    found = related.search(text, start, end)
    if found is None:
        yield start, end
        return
    yield start, start + len(text[start : found.start()].rstrip())
    yield found.start(), end
