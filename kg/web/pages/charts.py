"""Geometry of the charts that the server draws as SVG; a template turns it into elements.

Every chart stands beside a table that says the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

__all__ = ["Bar", "Bars", "Part", "Stack", "Stacks", "Tick", "bars", "of_rows", "stacks"]

_MOST_BARS = 60
_THICKEST = 44.0  # pixels


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar: its label, its number, its length in percent of the longest."""

    label: str
    number: float
    percent: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars of one column of numbers."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stack: whose it is, its number, where it starts, how high it is."""

    name: str
    number: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Stack:
    """A column of the chart: its label, its left edge, its width, its pieces from bottom to top."""

    label: str
    x: float
    width: float
    parts: tuple[Part, ...]
    total: int

    @property
    def top(self) -> float:
        """Where the highest piece ends."""
        return min((part.y for part in self.parts), default=0.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    number: int
    y: float


@dataclass(frozen=True, slots=True)
class Stacks:
    """Columns side by side, each a stack of named pieces."""

    width: int
    height: int
    stacks: tuple[Stack, ...]
    ticks: tuple[Tick, ...]
    label_every: int


def stacks(counts: Mapping[str, Mapping[str, int]], names: Sequence[str], *, height: int = 160) -> Stacks:
    """Columns of numbers.

    Args:
        counts: Numbers by column, then by name.
        names: The pieces of a column, from the bottom up.
        height: Of the tallest column, in pixels.
    """
    width, left, bottom = 720, 34, height + 12
    highest = max((sum(row.values()) for row in counts.values()), default=0) or 1
    step = (width - left) / max(len(counts), 1)
    thick = min(step * 0.7, _THICKEST)
    made = [
        Stack(label, left + step * (place + 0.5) - thick / 2, thick,
              _parts(row, names, height / highest, bottom), sum(row.values()))
        for place, (label, row) in enumerate(counts.items())
    ]  # fmt: skip
    ticks = tuple(Tick(number, bottom - number * height / highest) for number in _scale(highest))
    return Stacks(width, bottom + 22, tuple(made), ticks, max(1, -(-len(made) // 16)))


def bars(name: str, numbers: Iterable[tuple[str, float]]) -> Bars:
    """Horizontal bars for numbers, in the order given."""
    rows = list(numbers)[:_MOST_BARS]
    longest = max((abs(number) for _, number in rows), default=0) or 1
    return Bars(name, tuple(Bar(label, number, 100 * abs(number) / longest) for label, number in rows))


def of_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Bars | None:
    """Bars for rows that end in a number and have something to name them by; `None` if there are none."""
    numeric = [
        place
        for place in range(len(columns))
        if rows and all(_number(row[place]) is not None for row in rows)
    ]
    if not numeric or len(columns) < 2:
        return None
    value = numeric[-1]
    named = [
        place for place in range(len(columns)) if place != value and not columns[place].endswith("Label")
    ]
    labelled = [place for place in range(len(columns)) if columns[place].endswith("Label") and place != value]
    naming = labelled or named
    years = [place for place in named if columns[place] == "year"]
    picked = sorted({*years, *naming})
    label = [", ".join(filter(None, (row[place] for place in picked))) for row in rows]
    return bars(
        columns[value], ((name, _number(row[value]) or 0.0) for name, row in zip(label, rows, strict=True))
    )


def _parts(row: Mapping[str, int], names: Sequence[str], scale: float, bottom: float) -> tuple[Part, ...]:
    heights = [row.get(name, 0) * scale for name in names]
    return tuple(
        Part(name, row[name], bottom - top, height)
        for name, height, top in zip(names, heights, accumulate(heights), strict=True)
        if height
    )


def _scale(highest: int) -> list[int]:
    """Round numbers from nought to the highest, five lines at most."""
    step = next(
        size * 10**power for power in range(9) for size in (1, 2, 5) if highest / (size * 10**power) <= 4
    )
    return list(range(0, highest + 1, step))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
