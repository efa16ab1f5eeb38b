"""Leaves out what an edition adds to a text: marks of Markdown, addresses, marks of footnotes."""

import re
from itertools import pairwise

from kg.extract.text.mapped import Mapped

_NOTE_LINE = re.compile(r"^[ \t]*(?:\[\^[\w-]{1,20}\]:|\[\d{1,3}\](?::|[ \t]+(?=\S)))[^\n]*", re.MULTILINE)
_LINK_LINE = re.compile(r"^[ \t]*\[[^\]\n]{1,60}\]:[ \t]*\S+[^\n]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^()\s]{0,500}(?:[ \t][^()\n]{0,200})?\)")
_LINK = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,300})\](?:\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\))?[^()\s]*)(?:\s+\"[^\"\n]*\")?\)"
    r"|\[[^\[\]\n]{0,60}\](?!\())"
)
_REFERENCE = re.compile(
    r"[ \t]?\[(?:citation needed|clarification needed|who\?|when\?|dubious|better source needed)\]"
    r"|(?<=[^\s\[])\[(?:\^[\w-]{1,20}|\d{1,3}(?:[,–-] ?\d{1,3})*|[a-z]|notes? \d{1,2}|nb \d{1,2})\]"
    r"|(?<=[^\W\d_])[¹²³⁰⁴-⁹]{1,3}|(?<=[.,;:!?\"')])[¹²³⁰⁴-⁹]{1,3}|(?<=[^\s*]{2})[†‡§]{1,2}(?=[\s.,;]|$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"[ \t]?\((?:https?://|www\.)[^\s()]+\)|<(?:https?://|mailto:)[^<>\s]+>"
    r"|(?<![\w/])(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]"
)
_RULE = re.compile(r"^[ \t]*(?:[-*_=~#][ \t]*){3,}$", re.MULTILINE)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_EMPHASIS = re.compile(
    r"(?P<open>(?<![\w*])\*{1,3}(?=[^\s*]))(?P<words>(?:[^*\n]|\n(?!\s*\n))+?)(?P<close>(?<=[^\s*])\*{1,3}(?!\*))"
    r"|(?P<open2>(?<![\w_])_{1,3}(?=[^\s_]))(?P<words2>(?:[^_\n]|\n(?!\s*\n))+?)(?P<close2>(?<=[^\s_])_{1,3}(?![\w_]))"
    r"|(?P<open3>(?<!`)`{1,2}(?=[^`\s]))(?P<words3>[^`\n]+)(?P<close3>`{1,2}(?!`))"
    r"|(?P<open4>~~(?=\S))(?P<words4>[^~\n]+)(?P<close4>~~)"
)
_ESCAPED = re.compile(r"\\(?=[*_#\[\]()`>.!~-])")
_TAGGED = re.compile(r"(?<![\w&/#])#(?=[A-Za-z]\w)")
# “Xi Jinping12 met …”, “… in Geneva.13 The …”: figures that a raised mark has become.
_GLUED = re.compile(
    r"(?<![^\W\d_])(?P<word>[^\W\d_]{3,})(?P<point>[.,;:!?]?[\"')]?)(?P<number>\d{1,3})(?=[\s.,;:!?\"')]|$)"
)
_NUMBERED = re.compile(r"(?i:nos?|arts?|sec|para|vol|fig|chap|rev|ver)|[A-Z]{3,}")
_LARGEST_STEP = 3


def unmarked(text: Mapped) -> Mapped:
    """A copy that says the same without marks; the text of links stays, their targets go."""
    for pattern in (_NOTE_LINE, _LINK_LINE, _IMAGE):
        text = text.replaced(pattern)
    text = text.edited(_around(_LINK, text, ("words",)))
    text = text.replaced(_REFERENCE).replaced(_ADDRESS).replaced(_RULE).replaced(_QUOTED_LINE)
    text = text.edited(_around(_EMPHASIS, text, ("words", "words2", "words3", "words4")))
    text = text.replaced(_ESCAPED).replaced(_TAGGED)
    return text.edited((start, end, "") for start, end in _raised(text.text))


def _around(pattern: re.Pattern[str], text: Mapped, groups: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """What stands around the words of each match, to be left out."""
    found: list[tuple[int, int, str]] = []
    for match in pattern.finditer(text.text):
        start, end = next(match.span(group) for group in groups if match[group] is not None)
        found += [(match.start(), start, ""), (end, match.end(), "")]
    return found


def _raised(text: str) -> list[tuple[int, int]]:
    """Figures stuck to words, if they count up as the marks of footnotes do."""
    marks = [
        match for match in _GLUED.finditer(text)
        if not (match["point"][:1] in (".", "") and _NUMBERED.fullmatch(match["word"]))
        and (not match["point"] or match["point"][0] not in ",:;" or match["word"].islower())
    ]  # fmt: skip
    numbers = [int(match["number"]) for match in marks]
    counts_up = all(0 <= after - before <= _LARGEST_STEP for before, after in pairwise(numbers))
    ends = sum(1 for match in marks if match["point"])
    if not counts_up or not ends or (len(marks) == 1 and marks[0]["point"][:1] not in ".!?"):
        return []
    return [match.span("number") for match in marks]
