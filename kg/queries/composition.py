"""Composes a question of blocks that its file marks: those of the parameters that are given, in one order.

A mark is a comment line of its own, so that the file is plain SPARQL as it stands:

    #?topic FILTER(…$topic…)    stands there if the parameter is given; `$topic` in it is the value
    #start                      an engine with lateral joins begins at one of the blocks that follow, at
    #?topic …$topic…            whichever is narrowest; blocks elsewhere test the same
    #?date …$date..…            `$date..` lists the days of a day, month or year, `$from..to` those of a
    #?from+to …$from..to…       period; without them where they are too many
    #lateral                    what follows is looked up for each solution before it, if the search began at
    #lateral always             a value, or always
    #lateral ?x kg:p ?y .       one more, which the text after it says too: to be looked up first
    #end                        closes these
    #part, #end part            around a subquery that no value narrows, whose answer may be known
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import pyoxigraph as ox

from kg.store.bound_query import BoundQuery
from kg.terms import BASE

__all__ = ["Term", "bound", "parameters", "parts"]

Term = ox.NamedNode | ox.Literal

_BLOCK = re.compile(r"(?P<indent>[ \t]*)#\?(?P<names>\w+(?:\+\w+)*) (?P<sparql>.*)")
_MARK = re.compile(
    r"[ \t]*#(?P<mark>start|lateral always|lateral|end part|part|end)(?: (?P<first>\?.*))?[ \t]*"
)
_PREFIX = re.compile(r"^PREFIX (\w*:) .*$", re.MULTILINE)
_VALUE = re.compile(r"\$(?P<first>\w+)(?P<listed>(?:\.\.(?P<last>\w+)|\.\.))?")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_FORMS = {4: "gYear", 7: "gYearMonth", 10: "date"}
_MOST_DATES = 800  # two years of days


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stand together: those of parameters that are given, or any others.

    Attributes:
        names: The parameters; none for lines that always stand there.
        lines: SPARQL.
    """

    names: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """What stands between two marks.

    Attributes:
        mark: The mark before it; empty at the head of a text.
        first: What an engine with lateral joins looks up before the blocks.
        blocks: In the order of the file.
    """

    mark: str
    first: str
    blocks: tuple[_Block, ...]


def bound(text: str, values: Mapping[str, Term], *, sums_up: bool = False) -> BoundQuery:
    """A question with its values.

    Args:
        text: The file.
        values: By parameter; the blocks of others are left out.
        sums_up: Whether its answer is worth keeping.
    """
    lateral, found = _lateral(text, values)
    return BoundQuery(_plain(text, values), lateral, tuple(found.items()), sums_up)


def parts(text: str) -> list[str]:
    """The subqueries of a question that no value narrows, each as a query of its own."""
    return [*_lateral(text, {})[1].values()]


def parameters(text: str) -> set[str]:
    """The parameters that a text has blocks for."""
    return {name for step in _steps(text) for block in step.blocks for name in block.names}


def _plain(text: str, values: Mapping[str, Term]) -> str:
    """A question with its values as plain SPARQL 1.1."""
    lines = (
        line
        for step in _steps(text)
        if step.mark != "start"
        for block in step.blocks
        for line in _filled(block, values) or ()
    )
    return "\n".join([*lines, ""])


def _lateral(text: str, values: Mapping[str, Term]) -> tuple[str, dict[str, str]]:
    """A question with its values for an engine with lateral joins, and its parts."""
    made: list[str] = []
    found: dict[str, str] = {}
    is_on, opened = bool(values), 0
    for step in _steps(text):
        lines = [line for block in step.blocks for line in _filled(block, values) or ()]
        match step.mark:
            case "start":
                lines = _narrowest(step.blocks, values)
                is_on = bool(lines)
            case "lateral" | "lateral always":
                is_on = is_on or step.mark == "lateral always"
                first = [f"LATERAL {{ {step.first} }}"] if step.first else []
                lines = [*first, "LATERAL {", *lines, "}"] if is_on and lines else lines
            case "end part":
                part = "\n".join(made[opened:])
                found[part] = _alone(text, part)
            case "part":
                opened = len(made)
            case _:
                is_on = bool(values)
        made += lines
    return "\n".join([*made, ""]), found


def _alone(text: str, part: str) -> str:
    """A part as it runs by itself, with the prefixes that it needs: the same in each question that has it."""
    prefixes = (found[0] for found in _PREFIX.finditer(text) if found[1] in part)
    return "\n".join([*map(" ".join, map(str.split, prefixes)), *map(str.strip, part.splitlines())])


@lru_cache(maxsize=256)
def _steps(text: str) -> tuple[_Step, ...]:
    """A text divided at its marks, each step into blocks."""
    steps: list[tuple[str, str, list[str]]] = [("", "", [])]
    for line in text.splitlines():
        if (mark := _MARK.fullmatch(line)) is not None:
            steps.append((mark["mark"], mark["first"] or "", []))
        else:
            steps[-1][-1].append(line)
    return tuple(_Step(mark, first, tuple(_blocks(lines))) for mark, first, lines in steps)


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    names: tuple[str, ...] = ()
    held: list[str] = []
    for line in lines:
        found = _BLOCK.fullmatch(line)
        its = tuple(found["names"].split("+")) if found else ()
        if held and its != names:
            yield _Block(names, tuple(held))
            held = []
        names = its
        held.append(f"{found['indent']}{found['sparql']}" if found else line)
    if held:
        yield _Block(names, tuple(held))


def _filled(block: _Block, values: Mapping[str, Term]) -> list[str] | None:
    """The lines of a block with the values in them; `None` if it does not stand there."""
    if not block.names:
        return [*block.lines]
    if not values.keys() >= set(block.names):
        return None
    try:
        return [_VALUE.sub(lambda it: _written(it, values), line) for line in block.lines]
    except _UnlistedError:
        return None


def _written(found: re.Match[str], values: Mapping[str, Term]) -> str:
    """A value, or the days of a period."""
    if found["first"] not in values:
        return found[0]
    if not found["listed"]:
        return str(values[found["first"]])
    first = values[found["first"]].value
    last = values[found["last"]].value if found["last"] else ""
    dates = _dates(first, last)
    if not 0 < len(dates) <= _MOST_DATES:
        raise _UnlistedError
    return " ".join(f'"{it}"^^<{_XSD}{_FORMS[len(it)]}>' for it in dates)


class _UnlistedError(Exception):
    """Days that are too many to be listed."""


def _narrowest(blocks: Iterable[_Block], values: Mapping[str, Term]) -> list[str]:
    """The lines of the block at which the search begins; none if nothing is given to begin at."""
    made = [(block, lines) for block in blocks if (lines := _filled(block, values)) is not None]
    return min(made, key=lambda it: _breadth(it[0], values))[1] if made else []


def _breadth(block: _Block, values: Mapping[str, Term]) -> int:
    """How much is found from a value, as far as its form tells."""
    term = values[block.names[0]]
    if isinstance(term, ox.Literal):
        days = len(_dates(values[block.names[0]].value, values[block.names[-1]].value))
        return 1 if days <= 35 else 3 if days <= 80 else 6
    folder = term.value.removeprefix(f"{BASE}id/").partition("/")[0]
    return {"person": 2, "topic": 3, "policy": 3, "country": 5, "organization": 4}.get(folder, 0)


@lru_cache
def _dates(earliest: str, latest: str) -> tuple[str, ...]:
    """Every date, month and year of a period; one that is less exact counts if it may fall in.

    Args:
        earliest: First day, month or year.
        latest: The last; empty for all that begins like the first.
    """
    begins = "" if latest else earliest
    latest = latest or earliest
    if int(latest[:4]) - int(earliest[:4]) not in (0, 1) or earliest < "0001":
        return ()
    start, end = date(int(earliest[:4]), 1, 1), date(int(latest[:4]), 12, 31)
    days = [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]
    forms = dict.fromkeys(day[:length] for day in days for length in _FORMS)
    return tuple(
        it
        for it in forms
        if it.startswith(begins) and it >= earliest[: len(it)] and it[: len(latest)] <= latest
    )
