"""Chinese characters inside a text in Latin letters: known names in English, the rest left out."""

import re

from kg.extract.text.mapped import Mapped
from kg.lexicon import Lexicon

_RUN = re.compile(
    r"(?P<open>\s?[(\[]\s?)?(?P<words>[\u3400-\u9fff·]+(?:\s?[\u3400-\u9fff·]+)*)(?P<close>\s?[)\]])?"
)
_LINE = re.compile(r"[^\n]+")
_LETTER = re.compile("[\u3400-\u9fff]")
_NEXT = re.compile(r"\s?([A-Z][\w'-]*)")
_BEFORE = re.compile(r"(?<![\w'-])([A-Z][\w'-]*)\s?$")
_LONGEST_NAME = 12
_NEAR = 40


def latinised(text: Mapped, lexicon: Lexicon) -> Mapped:
    """A copy with “习近平” as “Xi Jinping”; a name that also stands there in Latin letters is told once.

    What is no known name is left out where it only accompanies English: in brackets, at the edge of a line,
    beside a name. Lines in Chinese alone are left out.
    """
    if _RUN.search(text.text) is None:
        return text
    return text.replaced(_LINE, _unless_chinese).replaced(_RUN, lambda run: _in_english(run, lexicon))


def _unless_chinese(line: re.Match[str]) -> str | None:
    letters = sum(map(str.isalpha, line[0]))
    return "" if 2 * len(_LETTER.findall(line[0])) > letters else None


def _in_english(run: re.Match[str], lexicon: Lexicon) -> str | None:
    if run["open"] and run["close"]:
        return ""
    names = lexicon.chinese_names
    words = run["words"]
    before = _BEFORE.search(run.string[max(0, run.start("words") - _NEAR) : run.start("words")])
    after = _NEXT.match(run.string, run.end("words"), run.end("words") + _NEAR)
    label = names.get(re.sub(r"\s", "", words)[:_LONGEST_NAME])
    if label is None:
        is_beside = before or after or _is_at_edge(run)
        return (
            f"{run['open'] or ''}{' ' if before and after else ''}{run['close'] or ''}" if is_beside else None
        )
    known = set(label.split())
    if (before and before[1] in known) or (after and after[1] in known):
        return ""
    return f"{run['open'] or ''}{label}{run['close'] or ''}"


def _is_at_edge(run: re.Match[str]) -> bool:
    line_start = run.string.rfind("\n", 0, run.start()) + 1
    before = run.string[line_start : run.start()].rstrip()
    after = run.string[run.end() : run.end() + 3].lstrip(" ")
    return not before or before[-1] in ".!?:" or not after or after[0] == "\n"
