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
    """

    text: str
    spans: tuple[Span, ...] = ()
    begins: tuple[Span, ...] = ()
    ends: tuple[Span, ...] = ()


def anchor(span: Span) -> str:
    """The name of a passage in an address: `12-45`."""
    return f"{span[0]}-{span[1]}"


def paragraphs(body: str, spans: Iterable[Span]) -> Iterator[tuple[Segment, ...]]:
    """The paragraphs of a text, each cut where a passage begins or ends.

    Args:
        body: The text.
        spans: Offsets in code points, the end exclusive.
    """
    ordered = sorted(set(spans))
    start = 0
    for found in [*_BREAK.finditer(body), None]:
        end = found.start() if found else len(body)
        if body[start:end].strip():
            yield tuple(_segments(body, (start, end), ordered))
        start = found.end() if found else end


def _segments(body: str, paragraph: Span, spans: Sequence[Span]) -> Iterator[Segment]:
    start, end = paragraph
    within = [span for span in spans if span[0] < end and span[1] > start]
    cuts = sorted({start, end, *(min(max(edge, start), end) for span in within for edge in span)})
    for left, right in pairwise(cuts):
        covering = tuple(span for span in within if span[0] <= left and span[1] >= right)
        yield Segment(
            body[left:right],
            covering,
            tuple(span for span in covering if span[0] == left),
            tuple(span for span in covering if span[1] == right),
        )
