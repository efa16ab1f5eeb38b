"""Joins the lines of a paragraph, takes the cells of a table apart, mends words broken at line ends."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from kg.extract.text.mapped import Edit, Mapped

# “dis-⏎cussed” and “dis- cussed”; “pre- and post-war” keeps its parts.
_BROKEN = re.compile(
    r"(?<![A-Za-z])(?P<first>[A-Za-z]{2,})-(?P<gap>[ \t]*\n[ \t]*|[ \t])(?P<second>[a-z]{2,})"
)
# “U.S.-⏎China”, “Trump-⏎Xi”: the break came at a hyphen of the word itself.
_BROKEN_COMPOUND = re.compile(r"(?<=[\w.])-(?P<gap>[ \t]*\n[ \t]*|[ \t])(?=[A-Z0-9])")
_HANGING = frozenset({"and", "or", "to", "nor", "but", "versus", "bis"})
_CELLS = re.compile(r"(?<=\S)(?P<gap>\t+|[ \t]{3,})(?=\S)")
_NO_CELL = re.compile(r"(?:[.:;,!?•*·-]|\b[QA]|\d[.)])$")
_RULED = re.compile(r"^\s*\|.*\|\s*$|^[^|\n]+(?: \| [^|\n]+){2,}$")
_ROW_OF_DASHES = re.compile(r"^[\s|:+-]+$")
_ITEM = re.compile(r"\s*(?:[-*+•·–>]\s|#{1,6}\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s)")
_DAY_ALONE = re.compile(
    r"\s*(?:\w{3,9}day,?\s+)?(?:[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}"
    r"|\d{1,2} [A-Z][a-z]{2,8}\.?,? \d{4}|\d{4}-\d\d-\d\d"
    r"|[A-Z][a-z]{2,8} \d{4}|\d{4})[.:]?\s*"
)
_LABEL = re.compile(
    r"\s*(?:[A-Z][\w.'-]*(?: [A-Z(][\w.'()-]*){0,6}|Q|A|The press|[A-Z]\w+ [a-z]{4,13})(?: said)?:(?:\s|$)"
    r"|Q[.\s]\s?[A-Z]"
)
_ENDS = re.compile(r"[.!?:;…][\"')\]*]*\s*$")
_GOES_ON = re.compile(
    r"(?:[,(]|[\w)] -|\b(?:a|an|the|of|and|or|to|in|on|at|by|for|with|from|as|that|which|who|is|are|was|were"
    r"|has|have|had|will|would|be|been|its|their|his|her|our|not|than|between|into|over|under|after|before|about"
    r"|against|Mr|Ms|Dr|President|Minister|Secretary|Premier|General|United|New|Hong)\.?)\s*$"
)
_OPENS = re.compile(
    r"\s*(?:On|In|At|After|Before|During|Since|As|While|When|Following|For|By|If|Although)\b.*,"
)
_STUMP = re.compile(r"\s*[A-Z][\w'-]*(?: [\w'-]+)?[.,;]\s+\S")  # “Trump. Iran was not”
_WIDE = re.compile(r"(?<=\S) {2,}(?=\S)")
_HEADING = re.compile(r"\s*#{1,6}\s")
_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_SPACE_AT_EDGE = re.compile(r"(?<![ \t])[ \t]+(?=\n)|(?<=\n)[ \t]+|\A[ \t]+|(?<![ \t])[ \t]+\Z")
_SPACE_BEFORE_STOP = re.compile(r"(?<=\w) (?=[.,](?:\s|$))")
_TAIL = 40  # characters at the end of a line in which it shows whether it goes on
_NARROWEST, _WIDEST = 35, 130
_COLUMN_LINES = 3


Span = tuple[int, int]


def mended(text: Mapped, is_word: Callable[[str], bool]) -> Mapped:
    """A copy with the words whole that a line end has broken."""

    def whole(found: re.Match[str]) -> str | None:
        if found["second"] in _HANGING:
            return None
        first, second = found["first"], found["second"]
        is_compound = not is_word(first + second) and is_word(first) and is_word(second)
        return f"{first}-{second}" if is_compound else first + second

    return text.replaced(_BROKEN, whole).replaced(_BROKEN_COMPOUND, "-")


def unwoven(text: Mapped) -> tuple[Mapped, list[Span]]:
    """A copy without lines of two columns side by side, whose reading would mix them; what was left out."""
    dropped: list[Span] = []
    for rows in _rows_of_columns(text.text):
        pieces = [(text.text[a:b], text.text[c:d]) for a, b, c, d in rows]
        goes_on = sum(
            _continues(here, there)
            for above, below in pairwise(pieces)
            for here, there in zip(above, below, strict=True)
        )
        if len(rows) >= _COLUMN_LINES and goes_on >= _COLUMN_LINES - 1:
            dropped.append((rows[0][0], rows[-1][3]))
    return text.edited((start, end, "") for start, end in dropped), dropped


def _rows_of_columns(text: str) -> Iterator[list[tuple[int, int, int, int]]]:
    """Lines one below the other with a wide blank that ends in the same column."""
    rows: list[tuple[int, int, int, int]] = []
    column = 0
    for start, words in _lines(text):
        gap = next((g for g in reversed([*_WIDE.finditer(words)]) if g.end() < len(words)), None)
        if rows and (gap is None or abs(gap.end() - column) > 1):
            yield rows
            rows = []
        if gap is not None:
            column = gap.end()
            rows.append((start, start + gap.start(), start + gap.end(), start + len(words)))
    if rows:
        yield rows


def _continues(here: str, there: str) -> bool:
    return _ENDS.search(here) is None and (
        there.lstrip()[:1].islower() or _GOES_ON.search(here[-_TAIL:]) is not None
    )


def celled(text: Mapped) -> Mapped:
    """A copy with each cell of a table on a line of its own."""
    edits: list[Edit] = []
    before = False
    for start, words in _lines(text.text):
        gaps = [gap for gap in _CELLS.finditer(words) if not _NO_CELL.search(words[: gap.start()])]
        if _RULED.match(words):
            is_border = _ROW_OF_DASHES.match(words)
            marks = re.finditer(r"\s*\|\s*" if not is_border else r".+", words)
            edits += [(start + m.start(), start + m.end(), "\n") for m in marks]
        elif gaps and (before or len(gaps) > 1 or any("\t" in gap[0] for gap in gaps)):
            edits += [(start + gap.start(), start + gap.end(), "\n") for gap in gaps]
        before = bool(gaps)
    return text.edited(edits)


def joined(text: Mapped) -> Mapped:
    """A copy in which a line is a whole paragraph, item or heading."""
    groups = list(_paragraphs(text.text))
    width = _width(groups)
    breaks = [_BREAK.match(text.text, start + len(words)) for group in groups
              for start, words in _ends_of_wrapped_lines(group, width)]  # fmt: skip
    return text.edited((found.start(), found.end(), " ") for found in breaks if found)


def spaced(text: Mapped) -> Mapped:
    """A copy with one blank between words, none at the ends of lines and none before a full stop or comma."""
    return text.replaced(_SPACE_AT_EDGE).replaced(_SPACES, " ").replaced(_SPACE_BEFORE_STOP)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its offset."""
    start = 0
    for words in text.split("\n"):
        yield start, words
        start += len(words) + 1


def _paragraphs(text: str) -> Iterator[list[tuple[int, str]]]:
    """Lines without an empty one between them."""
    group: list[tuple[int, str]] = []
    for start, words in _lines(text):
        if words.strip():
            group.append((start, words))
        elif group:
            yield group
            group = []
    if group:
        yield group


def _width(groups: list[list[tuple[int, str]]]) -> int | None:
    """The length to which lines were filled, if they were: seen where a sentence runs over a break."""
    full = [
        len(here) for group in groups for (_, here), (_, there) in pairwise(group) if _runs_on(here, there)
    ]
    return max(full) if len(full) > 1 and _NARROWEST <= max(full) <= _WIDEST else None


def _ends_of_wrapped_lines(group: list[tuple[int, str]], width: int | None) -> Iterator[tuple[int, str]]:
    is_wrapped = any(_runs_on(here, there) for (_, here), (_, there) in pairwise(group))
    for (start, here), (_, there) in pairwise(group):
        if _is_apart(here, there):
            continue
        is_full = width is not None and len(here.rstrip()) + 1 + len(there.split()[0]) > width
        ends = _ENDS.search(here) is not None
        is_new = ends and _indent(there) > _indent(here) + 1
        is_inside = is_wrapped and not ends and (_OPENS.match(here) or _STUMP.match(there))
        if _runs_on(here, there) or (is_full and not is_new and (is_wrapped or not ends)) or is_inside:
            yield start, here


def _runs_on(here: str, there: str) -> bool:
    """Whether a sentence runs over the break between two lines."""
    return not _is_apart(here, there) and _continues(here, there) and " " in here.strip()


def _is_apart(here: str, there: str) -> bool:
    """Whether one of two lines stands for itself: an item, a heading, a day, a speaker's label."""
    heads = _HEADING.match(here) or _DAY_ALONE.fullmatch(here) or _DAY_ALONE.fullmatch(there)
    return bool(heads or _ITEM.match(there) or _LABEL.match(there))


def _indent(words: str) -> int:
    return len(words) - len(words.lstrip())
