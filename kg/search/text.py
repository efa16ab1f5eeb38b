"""A text as the index sees it: words by their stems, Chinese character by character, each with its place."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from kg.chinese import folded

__all__ = ["FUNCTION_WORDS", "VERSION", "Token", "forms", "passages", "tokens"]

VERSION = "2"  # of all that is below: an index of another version is made anew
_FUNCTION_WORDS = (
    "a about an and are as at be been but by for from had has have he her his in into is it its not of on or "
    "she that the their them they this to was we were which who will with would"
)
_SHORTEST, _LONGEST = 240, 480  # characters of a passage, unless a paragraph or a sentence says otherwise
_EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_JOINERS = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens and characters without width, in words too
_TOKEN = re.compile(
    rf"[{_EAST_ASIAN}]"  # each by itself
    r"|(?:[A-Za-z]\.){2,}"  # U.S.
    r"|\d+(?:,\d{3})+"
    rf"|[^\W_{_EAST_ASIAN}]+(?:(?:[{_JOINERS}\u0300-\u036f]+|['’ʼ](?=[^\W\d_]))[^\W_{_EAST_ASIAN}]*)*"
)
_UNSEEN = re.compile(rf"[{_JOINERS}.,]")
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_APOSTROPHE = re.compile(r"['’ʼ]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE_END = re.compile(  # not the point of U.S. or Mr.
    r"(?<!\.[A-Za-z])(?<!\s[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bNo)[.!?][\"'”’)\]]*\s+(?=[^a-z])"
    r"|[。！？；][”’」』）]*\s*|\n(?=[^a-z])"
)


class Token(NamedTuple):
    """A word or character, in the form in which it is compared, and its offsets."""

    form: str
    start: int
    end: int


def forms(text: str) -> list[str]:
    """The words of a text in their order, as they are compared."""
    return [form for form in map(_form, _TOKEN.findall(text)) if form]


def tokens(text: str) -> list[Token]:
    """The same with their places."""
    return [Token(form, it.start(), it.end()) for it in _TOKEN.finditer(text) if (form := _form(it[0]))]


@lru_cache(1 << 17)
def _form(word: str) -> str:
    if len(word) == 1 and not word.isascii():
        word = folded(unicodedata.normalize("NFKC", word))
    plain = unicodedata.normalize("NFKD", _UNSEEN.sub("", word))
    plain = "".join(it for it in plain if not unicodedata.combining(it)).casefold()
    plain = _APOSTROPHE.sub("", _POSSESSIVE.sub("", plain))
    if not plain.isascii() or not plain.isalpha():
        return plain
    stem: str = _stemmer().stemWord(plain)
    return stem


@lru_cache(1)
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("english")


def passages(body: str) -> Iterator[tuple[int, int]]:
    """Where a text is cut into passages: at paragraphs, and long ones where a sentence or line ends."""
    start = 0
    for found in [*_PARAGRAPH.finditer(body), None]:
        end = found.start() if found else len(body)
        yield from _cut(body, start, end)
        start = found.end() if found else end


def _cut(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        seen = min(end, start + 2 * _LONGEST + _SHORTEST)  # no further, or a long text takes its square
        cut = next((it.end() for it in _SENTENCE_END.finditer(body, start + _SHORTEST, seen)), seen)
        if cut > start + 2 * _LONGEST:  # a table, or a text without ends of sentences
            space = body.rfind(" ", start + _SHORTEST, start + _LONGEST)
            cut = start + _LONGEST if space < 0 else space + 1
        if end - cut < _SHORTEST // 2:
            cut = end
        yield from _stripped(body, start, cut)
        start = cut
    yield from _stripped(body, start, end)


def _stripped(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = body[start:end]
    if text.strip():
        yield start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())


FUNCTION_WORDS = frozenset(forms(_FUNCTION_WORDS))
