"""Columns side by side on a page of a PDF, told by where their lines begin; read one after the other."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_SAME = 2.0  # points between what stands on one line, or begins in one column
_APART = 60.0  # points between the left edges of two columns, at least
_LINES = 3  # of each column, side by side
_ENDS = re.compile(r"[.!?:;][\"')\]”’]*\s*$")
_GOES_ON = re.compile(
    r"(?:[,(-]|\b(?:a|an|the|of|and|or|to|in|on|at|by|for|with|from|as|that|which|who|is|are|was|were|has|have|had"
    r"|will|would|be|its|their|his|her|not|than|between|into|over|after|before|about|against))$"
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words that a page draws in one go.

    Attributes:
        left: Where they begin, in points from the left.
        height: Their line, in points from below.
        words: The words.
    """

    left: float
    height: float
    words: str


def unwoven(fragments: list[Fragment]) -> list[str] | None:
    """The text of a page above, in each of and below its columns; `None` where no prose stands side by side.

    The cells of a table stand in columns too, but do not go on in the line below.
    """
    rows = list(_rows(fragments))
    edges = _edges(rows)
    if len(edges) < 2:
        return None
    cells = [_cells(row, edges) for row in rows]
    shared = [number for number, row in enumerate(cells) if sum(map(bool, row)) > 1]
    if len(shared) < _LINES or not _is_prose(cells[shared[0] : shared[-1] + 1]):
        return None
    first, last = shared[0], _last(cells, shared[-1])
    above, inside, below = cells[:first], cells[first : last + 1], cells[last + 1 :]
    columns = [[line for line in column if line] for column in zip(*inside, strict=True)]
    parts = [[_line(row) for row in above], *columns, [_line(row) for row in below]]
    return ["\n".join(part) for part in parts if part]


def _rows(fragments: list[Fragment]) -> Iterator[list[Fragment]]:
    """What stands on one line, from left to right; the lines from above."""
    row: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda it: (-it.height, it.left)):
        if row and row[0].height - fragment.height > _SAME:
            yield sorted(row, key=lambda it: it.left)
            row = []
        row.append(fragment)
    if row:
        yield sorted(row, key=lambda it: it.left)


def _edges(rows: list[list[Fragment]]) -> list[float]:
    """Where lines of several rows begin, far enough from each other."""
    counts = Counter(round(fragment.left / _SAME) * _SAME for row in rows for fragment in row)
    edges: list[float] = []
    for left in sorted(left for left, count in counts.items() if count >= _LINES):
        if not edges or left - edges[-1] >= _APART:
            edges.append(left)
    return edges


def _cells(row: list[Fragment], edges: list[float]) -> list[str]:
    """The words of a row in each column."""
    found = [""] * len(edges)
    for fragment in row:
        column = max((n for n, edge in enumerate(edges) if fragment.left >= edge - _SAME), default=0)
        words = fragment.words.replace("\n", " ")
        glue = "" if not found[column] or found[column].endswith(" ") or words.startswith(" ") else " "
        found[column] += glue + words
    return [words.strip() for words in found]


def _is_prose(cells: list[list[str]]) -> bool:
    """Whether the lines of at least two columns, or of one that has enough of them, go on in the next."""
    going = [
        sum(_goes_on(a, b) for a, b in pairwise(filter(None, column))) for column in zip(*cells, strict=True)
    ]
    return sum(going) >= _LINES - 1


def _goes_on(line: str, following: str) -> bool:
    return _ENDS.search(line) is None and (following[0].islower() or _GOES_ON.search(line) is not None)


def _last(cells: list[list[str]], last: int) -> int:
    """The last row of the columns, those included in which only one column goes on."""
    while last + 1 < len(cells) and sum(map(bool, cells[last + 1])) == 1:
        column = next(n for n, words in enumerate(cells[last + 1]) if words)
        above = cells[last][column]
        if not above or not _goes_on(above, cells[last + 1][column]):
            break
        last += 1
    return last


def _line(row: list[str]) -> str:
    return " ".join(filter(None, row))
