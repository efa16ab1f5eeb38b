"""Cuts the body of a document into paragraphs and lit passages, which may overlap."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

__all__ = ["Segment", "Span", "anchor", "paragraphs"]

Span: TypeAlias = tuple[int, int]
_BREAK = re.compile(r"\n\s*\n|\n")


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters that the same passages cover.

    Attributes:
        text: The characters.
        spans: The passages that cover them; none for plain text.
        begins: The passages that begin with them.
        ends: The passages that end with them.
        is_found: Whether they are words that were searched for.
        is_target: Whether the passage begins with them that a link leads to.
    """

    text: str
    spans: tuple[Span, ...] = ()
    begins: tuple[Span, ...] = ()
    ends: tuple[Span, ...] = ()
    is_found: bool = False
    is_target: bool = False


def anchor(span: Span) -> str:
    """The name of a passage in an address: `12-45`."""
    return f"{span[0]}-{span[1]}"


def paragraphs(
    body: str, spans: Iterable[Span], *, found: Sequence[Span] = (), target: int | None = None
) -> Iterator[tuple[Segment, ...]]:
    """The paragraphs of a text, each cut where a passage begins or ends.

    Args:
        body: The text.
        spans: Offsets in code points, the end exclusive.
        found: Words that were searched for, none within another.
        target: Where the passage begins that a link leads to.
    """
    ordered = sorted(set(spans))
    start = 0
    for it in [*_BREAK.finditer(body), None]:
        end = it.start() if it else len(body)
        if body[start:end].strip():
            yield tuple(_segments(body, (start, end), ordered, found, target))
        start = it.end() if it else end


def _segments(
    body: str, paragraph: Span, spans: Sequence[Span], found: Sequence[Span], target: int | None
) -> Iterator[Segment]:
    start, end = paragraph
    within = [span for span in spans if span[0] < end and span[1] > start]
    words = [span for span in found if span[0] < end and span[1] > start]
    edges = {min(max(edge, start), end) for span in (*within, *words) for edge in span}
    if target is not None and start <= target < end:
        edges.add(target)
    for left, right in pairwise(sorted({start, end, *edges})):
        covering = tuple(span for span in within if span[0] <= left and span[1] >= right)
        yield Segment(
            body[left:right],
            covering,
            tuple(span for span in covering if span[0] == left),
            tuple(span for span in covering if span[1] == right),
            any(span[0] <= left and span[1] >= right for span in words),
            left == target,
        )
