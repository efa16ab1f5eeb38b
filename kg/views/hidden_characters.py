"""Makes visible what hides in a text: marks that turn the order of letters around, or take no room.

In a quotation such a mark may be part of a trick (CVE-2021-42574), and on a terminal a command to it.
"""

import re
import unicodedata
from collections.abc import Callable

__all__ = ["name_of", "plain", "replaced", "stripped"]

_NAMES = {
    "\u00ad": "SHY", "\u061c": "ALM", "\u180e": "MVS", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ",
    "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO",
    "\u202e": "RLO", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
    "\ufeff": "BOM",
}  # fmt: skip
# Letters that look like nothing, and what ends a line without seeming to.
_EMPTY = "\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\uffa0"
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    f"\ufff9-\ufffb{_EMPTY}\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]|\r(?!\n)"
)
_JOINERS = "\u200c\u200d"


def replaced(text: str, instead: Callable[[str], str]) -> str:
    """A text with something else in the place of each such mark.

    Args:
        text: Any text.
        instead: What stands for the name of a mark.
    """
    if text.isascii() and text.isprintable():
        return text

    def named(found: re.Match[str]) -> str:
        if found[0] in _JOINERS and _joins(text[: found.start()][-1:], text[found.end() :][:1]):
            return found[0]
        return instead(name_of(found[0]))

    return _CONTROL.sub(named, text)


def plain(text: str | None) -> str:
    """A text with the names of such marks in brackets."""
    return replaced(text or "", lambda name: f"[{name}]")


def stripped(text: str) -> str:
    """A text without them."""
    return replaced(text, lambda _: "")


def name_of(mark: str) -> str:
    """What a mark is called for short: `RLO`, `U+E0041`."""
    return _NAMES.get(mark, f"U+{ord(mark):04X}")


def _joins(before: str, after: str) -> bool:
    """Whether a joiner does its work: between letters that are written together, or parts of an emoji."""
    return all(_is_joined(it) for it in (before, after))


def _is_joined(letter: str) -> bool:
    if not letter:
        return False
    if letter == "\ufe0f" or unicodedata.category(letter) in ("So", "Sk"):
        return True
    return "\u0620" <= letter <= "\u0fff" or "\u1780" <= letter <= "\u18af"
