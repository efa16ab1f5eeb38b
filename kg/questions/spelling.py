"""A question as it is read: one script, contractions apart, and what is misspelt put right."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from kg.chinese import simplified

__all__ = ["Corrector", "plain"]

_PLAIN = (
    (re.compile(r"[’‘ʼ`´]"), "'"),
    (re.compile(r"[“”„«»]"), '"'),
    (re.compile(r"\bw(?:/(?=\s|\w)|(?= ))", re.I), "with "),
    (re.compile(r"\b(licen)c(e[sd]?|ing)\b"), r"\1s\2"),
    (re.compile(r"\b(defen|offen)ce\b"), r"\1se"),
    (re.compile(r"\b(lab|harb|neighb)our"), r"\1or"),
    (re.compile(r"\b(program)me"), r"\1"),
    (re.compile(r"\b(normal|organ|real|emphas|recogn|critic)is(e[sd]?|ing|ation)\b"), r"\1iz\2"),
    (re.compile(r"\bb/w\b", re.I), "between"),
    (re.compile(r"\b(?:pls|plz)\b", re.I), "please"),
    (re.compile(r"\b(can)(?:'t|not)\b", re.I), r"\1 not"),
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (
        re.compile(r"\b(did|was|were|does|do|is|are|has|have|had|would|could|should)(?:n't|nt)\b", re.I),
        r"\1 not",
    ),
    (re.compile(r"\b(what|who|where|when|how|that|there|here)(?:'s|s|'re)\b", re.I), r"\1 is"),
    (re.compile(r"\b(what|who|where|when|how)'d\b", re.I), r"\1 did"),
    (re.compile(r"\b(\w+)s'(?=\s|$)"), r"\1s"),
    (
        re.compile(
            r"^\s*(?:please\s+|(?:can|could) you\s+)?(?:tell|show|give)\s+(?:me|us)\s+(?:(?:all )?about\s+)?",
            re.I,
        ),
        "",
    ),
    (re.compile(r"\bsecretaries (?=of\b)", re.I), "secretary "),
    (
        re.compile(r"\b(president|minister|ambassador|premier)s (?=of\b)", re.I),
        r"\1 ",
    ),
    (re.compile(r"\b(foreign|defense|commerce|finance|prime) ministers\b", re.I), r"\1 minister"),
    (re.compile(r"\s+"), " "),
)


def plain(question: str) -> str:
    """A question in plain quotes and simplified characters, with contractions written out."""
    text = simplified(question.strip())
    for pattern, replacement in _PLAIN:
        text = pattern.sub(replacement, text)
    return text.strip()


@dataclass(frozen=True, slots=True)
class Corrector:
    """Finds the known word that somebody meant to type.

    Attributes:
        known: The words that questions and names are made of, in lower case.
        is_used: Whether the texts themselves use a word, which then is no slip of the pen.
    """

    known: Iterable[str]
    is_used: Callable[[str], bool] = lambda _: False

    def correct(self, word: str) -> str | None:
        """The one known word that is nearest, if it is near enough; `None` if there is none."""
        if not word.isascii() or not word.isalpha() or len(word) < 4 or self.is_used(word):
            return None
        allowed = 1 if len(word) < 7 else 2
        found: list[tuple[tuple[int, bool, bool, int], str]] = []
        for other in self.known:
            if abs(len(other) - len(word)) <= allowed and len(other) > 3 and other.isascii():
                distance = OSA.distance(word, other, score_cutoff=allowed)
                if distance <= allowed and (
                    len(word) > 4 or len(other) != len(word) or sorted(word) == sorted(other)
                ):
                    ends = other[0] != word[0], other[-1] != word[-1]
                    found.append(((distance, *ends, abs(len(other) - len(word))), other))
        found.sort()
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return None
        return found[0][1]
