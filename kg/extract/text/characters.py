"""Plain characters for those that print dresses up: one regular expression, one table."""

import html
import re
import unicodedata
from collections.abc import Callable
from itertools import groupby

from kg.extract.text.lines import mended
from kg.extract.text.mapped import Mapped

# One character for one character: these change no offset inside the copy.
_PLAIN = {
    "’‘ʼ′`´‛": "'",
    "“”„«»″‟": '"',
    "–—―‒−‐‑": "-",
}
_TABLE = {ord(character): plain for group, plain in _PLAIN.items() for character in group}
_TABLE |= {
    ord(blank): " "
    for blank in "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
}

_BREAK = "\\r\\n?|[\\x0b\\x0c\\x85\u2028\u2029]"
# Soft hyphens, zero-width marks, marks of direction, selectors of variants, byte order marks.
_INVISIBLE = (
    "\u00ad\\n?|[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_ACCENTED = "[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ][\u0300-\u036f]+|[À-ÖØ-öø-ɏḀ-ỿ]|[\u0300-\u036f]"
_DRESSED = (
    "[\ufb00-\ufb06\uff10-\uff5a\U0001d400-\U0001d7ff]"  # ligatures, full-width and mathematical letters
)
_WIDE = "[\u3000-\u3002\u300a-\u300f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e\uff61\uff64]"
_PICTURE = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\U000e0020-\U000e007f\u20e3]+"
_ENTITY = "&(?:#\\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8}\\d{0,2});"
_ODD = re.compile("|".join(
    f"(?P<{name}>{pattern})" for name, pattern in (
        ("break_", _BREAK), ("invisible", _INVISIBLE), ("accented", _ACCENTED), ("dressed", _DRESSED),
        ("wide", _WIDE), ("picture", _PICTURE), ("entity", _ENTITY),
    )
))  # fmt: skip
_BULLETS = frozenset("▪▫■□●○◦◆◇▶►✓✔➤➢❖★☆⬤⚫")
_WIDE_PLAIN = {
    "\u3000": " ", "、": ", ", "。": ". ", "｡": ". ", "．": ". ", "，": ", ", "：": ": ", "；": "; ",
    "？": "? ", "！": "! ", "（": " (", "）": ") ", "《": ' "', "》": '" ', "「": ' "', "」": '" ',
    "『": ' "', "』": '" ',
}  # fmt: skip
_TAG = re.compile(
    r"<sup>\s*\[?\^?\d{1,3}\]?\s*</sup>|(?P<break_><(?:br|/?p|/?div|/?li|/?tr|/?td|/?th|/?h[1-6])\b[^<>]{0,200}>)|"
    r"</?(?:a|abbr|b|blockquote|cite|code|em|font|i|mark|ol|s|small|span|strong|sub|sup|table|tbody|u|ul)"
    r"(?:\s[^<>]{0,300})?/?>|<!--.{0,500}?-->",
    re.IGNORECASE | re.DOTALL,
)


def plain(text: Mapped, is_word: Callable[[str], bool]) -> Mapped:
    """A copy without dressed-up, invisible and decorative characters and without tags of HTML.

    Args:
        text: What to copy.
        is_word: Tells a word of the language, for what a line end has broken; a dash is still no hyphen here.
    """
    text = text.replaced(_TAG, lambda tag: "\n" if tag["break_"] else "")
    if not text.text.isascii() or "\r" in text.text or "&" in text.text or "\x0b" in text.text:
        text = text.replaced(_ODD, _character)
    return mended(text, is_word).translated(_TABLE)


def _character(found: re.Match[str]) -> str | None:
    group, words = found.lastgroup, found[0]
    if group == "break_":
        return "\n"
    if group == "accented":
        return _without_accents(words)
    if group == "dressed":
        return unicodedata.normalize("NFKC", words)
    if group == "wide":
        return _wide(found)
    if group == "entity":
        return html.unescape(words)
    if group == "picture":
        return "•" if _BULLETS.intersection(words) else " "
    return ""


def _without_accents(words: str) -> str:
    letters = unicodedata.normalize("NFD", words)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _wide(found: re.Match[str]) -> str:
    """A full-width mark as its narrow form, with the blank that the wide one makes needless."""
    words = _WIDE_PLAIN.get(found[0], unicodedata.normalize("NFKC", found[0]))
    follows = found.string[found.end() : found.end() + 1]
    is_number = follows.isdecimal() and found.string[found.start() - 1 : found.start()].isdecimal()
    if is_number or not follows or follows.isspace() or not follows.isalnum():
        words = words.rstrip() or " "
    return words


def _is_chinese(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


def scripts(text: str) -> dict[str, int]:
    """How many letters of a text stand in which script, by the first word of their Unicode name."""
    counts: dict[str, int] = {}
    for is_ascii, letters in groupby(text, str.isascii):
        found = list(letters)
        if is_ascii:
            counts["LATIN"] = counts.get("LATIN", 0) + sum(map(str.isalpha, found))
            continue
        for letter in found:
            if letter.isalpha():
                script = "CJK" if _is_chinese(letter) else unicodedata.name(letter, "?").split(" ")[0]
                counts[script] = counts.get(script, 0) + 1
    return counts
