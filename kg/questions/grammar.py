"""The words of questions in English and Chinese, and the phrases that they form."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from kg import resources
from kg.questions.stemming import stem

__all__ = [
    "DETERMINERS",
    "EMPTY",
    "EMPTY_CHINESE",
    "TOKEN",
    "Meaning",
    "is_han",
    "known_words",
    "meaning_at",
    "tokens",
]

_DATA = yaml.load((Path(__file__).parent / "grammar.yaml").read_text(encoding="utf-8"), resources.YAML)
EMPTY: frozenset[str] = frozenset(_DATA["empty"].split())
EMPTY_CHINESE: tuple[str, ...] = tuple(sorted(_DATA["empty_zh"].split(), key=len, reverse=True))
DETERMINERS = frozenset(
    ["the", "a", "an", "this", "that", "their", "his", "her", "first", "last", "next", "second"]
)
CALENDAR = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "tomorrow",
        "month",
        "months",
        "year",
        "years",
        "week",
        "weeks",
        "spring",
        "summer",
        "autumn",
        "winter",
        "hour",
        "hours",
        "minute",
        "minutes",
    ]
)
GROUPS = ("want", "kind", "act", "role")
_HAN = r"[㐀-鿿]"
TOKEN = re.compile(rf"{_HAN}|(?:[^\W_](?<!{_HAN})(?:[.'](?=[^\W_]))?)+|n't", re.UNICODE)


class Token(NamedTuple):
    """One word, or one Chinese character."""

    start: int
    end: int
    word: str  # lower case


class Meaning(NamedTuple):
    """What a phrase says, such as `want` and `count`, or `kind` and `Call`."""

    group: str
    value: str
    length: int  # tokens


def is_han(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return re.search(_HAN, text) is not None


def tokens(text: str) -> list[Token]:
    """The words of a text in order; each Chinese character is one."""
    return [Token(m.start(), m.end(), m[0].lower()) for m in TOKEN.finditer(text)]


def meaning_at(words: list[str], index: int) -> Iterator[Meaning]:
    """What the longest phrase that begins with a word says; one phrase may say several things."""
    exact, stemmed = _phrases()
    for length in range(min(_longest(), len(words) - index), 0, -1):
        part = tuple(words[index : index + length])
        found = exact.get(part) or stemmed.get(tuple(map(stem, part)))
        if found:
            yield from (Meaning(group, value, length) for group, value in found)
            return


@cache
def known_words() -> frozenset[str]:
    """Every English word of the grammar, as it stands there."""
    exact, _ = _phrases()
    return frozenset(word for phrase in exact for word in phrase if word.isascii()) | EMPTY | CALENDAR


@cache
def _phrases() -> tuple[
    dict[tuple[str, ...], list[tuple[str, str]]], dict[tuple[str, ...], list[tuple[str, str]]]
]:
    exact: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    stemmed: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for group in GROUPS:
        for value, phrases in _DATA[group].items():
            for phrase in phrases:
                words = tuple(token.word for token in tokens(phrase.replace("n't", " n't")))
                exact.setdefault(words, []).append((group, value))
                if all(word.isascii() for word in words):
                    stemmed.setdefault(tuple(map(stem, words)), []).append((group, value))
    return exact, stemmed


@cache
def _longest() -> int:
    return max(map(len, _phrases()[0]))
