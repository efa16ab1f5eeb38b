"""What somebody types into the search box, as terms that can be looked for; never syntax of the index."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.search.text import FUNCTION_WORDS, Token, forms

__all__ = ["Phrase", "Query", "Term", "parse"]

_MOST_TERMS, _LONGEST_PHRASE = 12, 16
_TYPED = re.compile(
    r"(?P<minus>(?<!\S)-)?(?:[\"“”„«「『](?P<phrase>[^\"“”„»」』]*)[\"“”„»」』]?|(?P<word>[^\s\"“”„«「『]+))"
)

Phrase: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase.

    Attributes:
        typed: As it was typed.
        phrase: Its words, as they are compared.
        others: Phrases that count as well.
    """

    typed: str
    phrase: Phrase
    others: tuple[Phrase, ...] = ()

    @property
    def match(self) -> str:
        """What the index is asked for."""
        phrases = [f'"{" ".join(phrase)}"' for phrase in dict.fromkeys((self.phrase, *self.others))]
        return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"

    @property
    def is_telling(self) -> bool:
        """Whether it is more than words such as “the”."""
        return not FUNCTION_WORDS.issuperset(self.phrase)

    def found_in(self, words: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Offsets of the places where it stands among some words."""
        for phrase in (self.phrase, *self.others):
            size = len(phrase)
            for at in range(len(words) - size + 1):
                if words[at].form == phrase[0] and all(
                    words[at + step].form == phrase[step] for step in range(1, size)
                ):
                    yield words[at].start, words[at + size - 1].end


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for.

    Attributes:
        terms: All of them must be there.
        without: None of these may be.
        unused: What of the text is neither.
    """

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()
    unused: str = ""

    @property
    def match(self) -> str:
        """What the index is asked for."""
        wanted = " AND ".join(term.match for term in self.terms)
        unwanted = " OR ".join(term.match for term in self.without)
        return f"({wanted}) NOT ({unwanted})" if unwanted else wanted

    @property
    def telling(self) -> tuple[Term, ...]:
        """The terms for whose sake a passage is shown."""
        return tuple(term for term in self.terms if term.is_telling) or self.terms


def parse(text: str) -> Query:
    """Words that must all be there; what stands in quotation marks as it stands; `-word` must not be."""
    terms: dict[Phrase, Term] = {}
    without: dict[Phrase, Term] = {}
    unused: list[str] = []
    for found in _TYPED.finditer(text):
        typed = found["word"] or found["phrase"] or ""
        phrase = _phrase(typed)
        into = without if found["minus"] else terms
        if not phrase or len(terms) + len(without) >= _MOST_TERMS:
            unused += [typed.strip()] if typed.strip() else []
        else:
            into.setdefault(phrase, Term(typed.strip(), phrase))
    return Query(tuple(terms.values()), tuple(without.values()) if terms else (), " ".join(unused))


def _phrase(typed: str) -> Phrase:
    return tuple(forms(typed)[:_LONGEST_PHRASE])
