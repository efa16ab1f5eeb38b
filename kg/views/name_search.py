"""Finds things by what people type: names in either script, titles, dates; also while they are typing."""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import chain

from kg.terms import BASE
from kg.views.event_index import EventIndex

__all__ = ["LISTED", "NameSearch", "SearchHit", "fold"]

LISTED = ("person", "country", "organization", "group", "topic", "policy", "office", "place")
_LAST = "\U0010ffff"  # sorts after whatever a word goes on with
_WORD = re.compile(r"\w+")
_FIRST = {"person": 0, "country": 0, "topic": 1, "policy": 1, "organization": 2, "office": 4, "place": 4}


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One thing.

    Attributes:
        iri: Its identifier.
        kind: Folder of the identifier.
        label: English name, or title.
        other: Chinese name, or date; empty if there is none.
    """

    iri: str
    kind: str
    label: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is compared: the names in lower case, and all of them in one line, each after a space."""

    found: SearchHit
    names: tuple[str, ...]
    line: str


class NameSearch:
    """All that can be found in one state of a store.

    Entries stand in the order in which they rank by themselves, so that the first few of many that fit are
    found without looking at the others. Words lead to the places of the entries that have them.
    """

    def __init__(self, event_index: EventIndex) -> None:
        entries = [*_named_things(event_index), *_events(event_index), *_documents(event_index)]
        self._entries = sorted(entries, key=_rank)
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
        names: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
        for place, entry in enumerate(self._entries):
            for word in {*entry.line.split(), *(it for it in entry.line if not it.isascii())}:
                places[word].append(place)
            for name in {*entry.names}:
                names[name].append(place)
        self._places, self._names = _Index(places), _Index(names)

    def find(self, text: str, *, kinds: Collection[str] = (), limit: int = 50) -> list[SearchHit]:
        """The things that have all the words of a text, the likeliest first.

        Args:
            text: What somebody typed; each word may be the beginning of one.
            kinds: Folders of the identifier; without them all.
            limit: How many at most.
        """
        typed = fold(text).strip()
        words = _WORD.findall(typed)
        if not words:
            return []
        fitting = chain(self._names.at(typed), self._names.below(typed), self._having(words))
        found: dict[int, None] = {}
        for place in fitting:
            entry = self._entries[place]
            if place not in found and _fits(entry, words, kinds):
                found[place] = None
                if len(found) == limit:
                    break
        return [self._entries[place].found for place in found]

    def _having(self, words: Sequence[str]) -> Iterable[int]:
        """Places of entries with the rarest of some words, which then are looked at for the others."""
        return min((self._places.below(_key(word)) for word in words), key=len)

    def named(self, text: str, *, kinds: Collection[str] = ()) -> list[SearchHit]:
        """The things of which a text is a whole name, by IRI."""
        found = (self._entries[place].found for place in self._names.at(fold(text).strip()))
        return sorted((it for it in found if not kinds or it.kind in kinds), key=lambda it: it.iri)

    def listed(self, kinds: Collection[str] = ()) -> Sequence[SearchHit]:
        """All things, or those of some kinds, by IRI."""
        if not kinds:
            return self._by_iri
        return [*merge(*(self._by_kind.get(kind, ()) for kind in sorted(set(kinds))), key=lambda it: it.iri)]

    @cached_property
    def _by_iri(self) -> list[SearchHit]:
        return sorted((entry.found for entry in self._entries), key=lambda it: it.iri)

    @cached_property
    def _by_kind(self) -> Mapping[str, list[SearchHit]]:
        found: defaultdict[str, list[SearchHit]] = defaultdict(list)
        for it in self._by_iri:
            found[it.kind].append(it)
        return found


class _Index:
    """Places of entries by word or name."""

    def __init__(self, places: Mapping[str, Sequence[int]]) -> None:
        self._places = dict(places)
        self._keys = sorted(places)

    def at(self, key: str) -> Sequence[int]:
        """The places of a word, in order."""
        return self._places.get(key, ())

    def below(self, start: str) -> Sequence[int]:
        """The places of all words that begin so, in order."""
        first = bisect_left(self._keys, start)
        last = bisect_right(self._keys, f"{start}{_LAST}")
        found = [self._places[key] for key in self._keys[first:last]]
        return found[0] if len(found) == 1 else sorted({place for places in found for place in places})


def _key(word: str) -> str:
    """By what to look for a word: Chinese has no spaces, so a word may begin anywhere."""
    return word if word.isascii() else next(it for it in word if not it.isascii())


def _fits(entry: _Entry, words: Iterable[str], kinds: Collection[str]) -> bool:
    return (not kinds or entry.found.kind in kinds) and all(_has(entry.line, word) for word in words)


def _has(line: str, word: str) -> bool:
    return f" {word}" in line or (not word.isascii() and word in line)


def _rank(entry: _Entry) -> tuple[int, int, str]:
    """People before documents, short names before long ones."""
    kind = entry.found.kind
    return 6 if kind == "document" else _FIRST.get(kind, 3), len(entry.found.label), entry.found.iri


def _named_things(event_index: EventIndex) -> Iterator[_Entry]:
    for iri, names in event_index.names.items():
        kind, _, slug = iri.removeprefix(f"{BASE}id/").partition("/")
        if kind in LISTED and "." not in slug:  # a dot marks what only one document knows
            aliases = event_index.aliases.get(iri, ())
            yield _entry(SearchHit(iri, kind, names.en, names.zh), [names.en, names.zh, *aliases])


def _events(event_index: EventIndex) -> Iterator[_Entry]:
    for it in reversed(event_index.events):
        title = event_index.title(it)
        named = event_index.occasions.get(it.iri)
        chinese = [event_index.name(agent).zh for agent in it.agents] + ([named.zh] if named else [])
        yield _entry(SearchHit(it.iri, it.kind, title, it.date or ""), [title, it.date or "", *chinese])


def _documents(event_index: EventIndex) -> Iterator[_Entry]:
    for it in event_index.documents.values():
        yield _entry(SearchHit(it.iri, "document", it.title, it.issued), [it.title, it.issued])


def _entry(found: SearchHit, names: Sequence[str]) -> _Entry:
    folded = tuple(fold(name) for name in names if name)
    return _Entry(found, folded, "".join(f" {' '.join(_WORD.findall(name))}" for name in folded))


def fold(text: str) -> str:
    """A text as it is compared: without accents and in one case."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()
