"""Words as questions use them: stems, and the ways to say one thing."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import snowballstemmer
import yaml

from kg import resources

WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?", re.UNICODE)
WORDS = Path(__file__).parent / "words.yaml"
_DATA = yaml.load(WORDS.read_text(encoding="utf-8"), resources.YAML)
EMPTY: frozenset[str] = frozenset(_DATA["empty"].split())
NEGATIVE: frozenset[str] = frozenset(_DATA["negative"])
SAME: Mapping[str, list[str]] = MappingProxyType(_DATA["same"])
_STEMMER = snowballstemmer.stemmer("english")


@cache
def stem(word: str) -> str:
    """The stem of an English word (Snowball)."""
    return str(_STEMMER.stemWord(word.lower()))


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    """Stems of each phrase with the concept that it stands for."""
    found: dict[tuple[str, ...], str] = {}
    for concept, phrases in SAME.items():
        for phrase in phrases:
            found.setdefault(tuple(stems(phrase)), concept)
    return found


@cache
def _longest() -> int:
    return max(map(len, _phrases()))


def stems(text: str) -> list[str]:
    """The stems of a text in order; “didn't” counts as “did not”."""
    plain = text.lower().replace("’", "'").replace("n't", " not").replace("'s", " ")
    return [stem(word) for word in WORD.findall(plain)]


@cache
def _alike() -> dict[str, tuple[str, ...]]:
    """By its stem, each verb of a measure with those that say the same, itself first."""
    found: dict[str, tuple[str, ...]] = {}
    for group in _DATA["alike"]:
        own = [stem(word) for word in group]
        for one in own:
            found.setdefault(one, (one, *(it for it in own if it != one)))
    return found


def alike(word: str) -> tuple[str, ...]:
    """The stems of words that say of a measure what the stem `word` says, itself first."""
    return _alike().get(word, (word,))


def concepts(text: str) -> Iterator[str]:
    """What the words of a text say, phrases first, empty words left out.

    A negation stays by itself, since it turns a question around.
    """
    words = stems(text)
    index = 0
    while index < len(words):
        for length in range(min(_longest(), len(words) - index), 0, -1):
            concept = _phrases().get(tuple(words[index : index + length]))
            if concept is not None:
                yield concept
                index += length
                break
        else:
            if words[index] in NEGATIVE:
                yield "not"
            elif words[index] not in _EMPTY:
                yield words[index]
            index += 1


_EMPTY = frozenset(stem(word) for word in EMPTY)
