"""Texts made to keep a regular expression busy, and how long it takes to go through them."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from random import Random
from re import _constants as op  # type: ignore[attr-defined]  # the only way to see what a pattern is made of
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

__all__ = ["repetitive", "slow_on"]

_SIZES = (500, 4_000, 16_000)
_ENOUGH = 0.4  # seconds of a processor; a linear pattern takes milliseconds for the longest text
_QUICK = 0.003  # seconds from which on even work that grows with the cube of the text would not be enough
_STEEP = 9.0  # times the work for four times the text: 4 is linear, 16 is quadratic
_CLASSES = {
    op.CATEGORY_DIGIT: "1",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_NOT_SPACE: "a",
    op.CATEGORY_NOT_WORD: " ",
}
_COMMON = (" ", "\n", "a", "A", "1", ".", "a ", "A b ", "\r\n", '"', "“", "中", "*", "-", " ,", "a.\n")


def repetitive(pattern: re.Pattern[Any]) -> list[str]:
    """Short pieces which, repeated, look like the beginning of what a pattern matches."""
    chance = Random(7)
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    pieces: set[str] = {*_COMMON}
    for _ in range(4):
        sample = _sample(tree, chance)
        pieces |= {sample[:length] for length in (1, 2, 4, 7, len(sample) - 1) if length > 0}
        pieces |= {f"{sample[: max(len(sample) // 2, 1)]}\n", sample[-3:]}
    return sorted(piece for piece in pieces if piece)[:40]


def slow_on(find: Callable[[str], object], piece: str) -> bool:
    """Whether the time to go through a text of repeated pieces grows faster than the text."""
    before = 0.0
    for size in _SIZES:
        count = max(size // len(piece), 1)
        text = f"{piece * count}\0"
        taken = _time(find, text)
        if taken > _QUICK * 3:  # what else the machine does may have disturbed it
            taken = min(taken, _time(find, text))
        if taken > _ENOUGH:
            return True
        if size == _SIZES[-1] and before > 0.01 and taken / before > _STEEP:
            return True
        if size == _SIZES[-2] and taken < _QUICK:
            return False
        before = taken
    return False


def _time(find: Callable[[str], object], text: str) -> float:
    """Seconds of a processor, whatever else the machine does; no more than are enough to judge."""
    start = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, _ENOUGH * 1.5)
    try:
        find(text)
    except _TooLongError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - start


class _TooLongError(Exception):
    pass


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what a handler is called with
    raise _TooLongError


signal.signal(signal.SIGVTALRM, _stop)


def _sample(tree: Any, chance: Random) -> str:
    return "".join(_pieces(tree, chance))


def _pieces(tree: Any, chance: Random) -> Iterator[str]:
    """One text that a parsed pattern could match, more or less."""
    for code, value in tree:
        if code is op.LITERAL:
            yield chr(value)
        elif code in (op.NOT_LITERAL, op.ANY):
            yield "x"
        elif code is op.IN:
            yield _one_of(value, chance)
        elif code is op.BRANCH:
            yield from _pieces(chance.choice(value[1]), chance)
        elif code is op.SUBPATTERN:
            yield from _pieces(value[-1], chance)
        elif code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, inner = value
            for _ in range(chance.randint(least, min(least + 2, max(int(most), least)))):
                yield from _pieces(inner, chance)
        elif code is op.ATOMIC_GROUP:
            yield from _pieces(value, chance)


def _one_of(choices: Any, chance: Random) -> str:
    if choices[0][0] is op.NEGATE:
        return chance.choice(["a", " ", "1"])
    code, value = chance.choice(choices)
    if code is op.LITERAL:
        return chr(value)
    return chr(value[0]) if code is op.RANGE else _CLASSES.get(value, "a")
