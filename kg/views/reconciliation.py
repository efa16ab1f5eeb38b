"""Finds what a name in somebody's table may mean, also if it is spelt or ordered another way.

Names are compared by the short runs of letters that they share, so none has to be right from its start.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.terms import BASE
from kg.views.event_index import EventIndex
from kg.views.name_search import LISTED, fold

__all__ = ["Candidate", "Reconciler"]

_WORD = re.compile(r"\w+")
_RUN = 3  # letters; of scripts without spaces two, since their words are short
_LOOKED_AT = 200  # names that share the most runs; no other can be the likeliest
_LEAST = 0.3  # share of common runs below which two names have nothing in common


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a name may mean.

    Attributes:
        iri: The thing.
        likeness: From 0 to 1; 1 only if the name is one of its names.
        name: Its name that is most like.
    """

    iri: str
    likeness: float
    name: str


@dataclass(frozen=True, slots=True)
class _Entry:
    iri: str
    kind: str
    name: str
    folded: str
    runs: int


class Reconciler:
    """The names of all things in one state of a store."""

    def __init__(self, event_index: EventIndex) -> None:
        self._entries: list[_Entry] = []
        self._by_run: defaultdict[str, list[int]] = defaultdict(list)
        for iri, kind, name in _names(event_index):
            folded = fold(name).strip()
            runs = _runs(folded)
            for run in runs:
                self._by_run[run].append(len(self._entries))
            self._entries.append(_Entry(iri, kind, name, folded, len(runs)))

    def match(self, name: str, *, kinds: Collection[str] = (), limit: int = 10) -> list[Candidate]:
        """What a name may mean, the likeliest first.

        Args:
            name: As it stands in a table.
            kinds: Folders of the identifier; without them all.
            limit: How many at most.
        """
        typed = fold(name).strip()
        runs = _runs(typed)
        shared = Counter(place for run in runs for place in self._by_run.get(run, ()))
        found: dict[str, Candidate] = {}
        for place, common in self._likeliest(shared, kinds):
            entry = self._entries[place]
            likeness = 1.0 if entry.folded == typed else min(0.99, 2 * common / (len(runs) + entry.runs))
            if likeness >= _LEAST and likeness > (found[entry.iri].likeness if entry.iri in found else 0):
                found[entry.iri] = Candidate(entry.iri, likeness, entry.name)
        return sorted(found.values(), key=lambda it: (-it.likeness, it.iri))[:limit]

    def _likeliest(self, shared: Counter[int], kinds: Collection[str]) -> Sequence[tuple[int, int]]:
        """Names with the number of runs that they share; short ones before long ones that share as many."""
        fitting = [
            (place, common)
            for place, common in shared.items()
            if not kinds or self._entries[place].kind in kinds
        ]
        return sorted(fitting, key=lambda it: (-it[1], self._entries[it[0]].runs, it[0]))[:_LOOKED_AT]


def _names(event_index: EventIndex) -> Iterator[tuple[str, str, str]]:
    for iri, names in event_index.names.items():
        kind, _, slug = iri.removeprefix(f"{BASE}id/").partition("/")
        if kind in LISTED and "." not in slug:  # a dot marks what only one document knows
            for name in sorted({names.en, names.zh, *event_index.aliases.get(iri, ())} - {""}):
                yield iri, kind, name
    for summary in event_index.documents.values():
        yield summary.iri, "document", summary.title


@lru_cache(4096)
def _runs(text: str) -> frozenset[str]:
    """The runs of letters of each word, its edges marked, so that the order of words does not count."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        if word.isascii():
            edged = f" {word} "
            found.update(edged[start : start + _RUN] for start in range(len(edged) - _RUN + 1))
        else:
            found.update(word)
            found.update(word[start : start + 2] for start in range(len(word) - 1))
    return frozenset(found)
