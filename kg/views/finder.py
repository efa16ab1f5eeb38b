"""Finds things by what people type: names in either script, titles, dates; also while they are typing."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.terms import BASE
from kg.views.almanac import Almanac

__all__ = ["LISTED", "Finder", "Found", "fold"]

LISTED = ("person", "country", "organization", "group", "topic", "policy", "office", "place")
_WORD = re.compile(r"\w+")
_FIRST = {"person": 0, "country": 0, "topic": 1, "policy": 1, "organization": 2, "office": 4, "place": 4}


@dataclass(frozen=True, slots=True)
class Found:
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

    found: Found
    names: tuple[str, ...]
    line: str


class Finder:
    """All that can be found in one state of a store."""

    def __init__(self, almanac: Almanac) -> None:
        self._entries = [*_things(almanac), *_events(almanac), *_papers(almanac)]

    def find(self, text: str, *, kinds: Collection[str] = (), limit: int = 50) -> list[Found]:
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
        fitting = [
            entry
            for entry in self._entries
            if (not kinds or entry.found.kind in kinds) and all(_has(entry.line, word) for word in words)
        ]
        ranked = sorted(fitting, key=lambda entry: (*_rank(entry, typed), entry.found.iri))
        return [entry.found for entry in ranked[:limit]]

    def named(self, text: str, *, kinds: Collection[str] = ()) -> list[Found]:
        """The things of which a text is a whole name, by IRI."""
        return [it for it in self.listed(kinds) if it.iri in self._by_name.get(fold(text).strip(), ())]

    def listed(self, kinds: Collection[str] = ()) -> list[Found]:
        """All things, or those of some kinds, by IRI."""
        return [it for it in self._by_iri if not kinds or it.kind in kinds]

    @cached_property
    def _by_iri(self) -> list[Found]:
        return sorted((entry.found for entry in self._entries), key=lambda it: it.iri)

    @cached_property
    def _by_name(self) -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for entry in self._entries:
            for name in entry.names:
                found[name].add(entry.found.iri)
        return found


def _has(line: str, word: str) -> bool:
    # Chinese has no spaces, so a word may begin anywhere
    return f" {word}" in line or (not word.isascii() and word in line)


def _rank(entry: _Entry, typed: str) -> tuple[int, int, int]:
    """Whole names first, then names that begin so; people before documents; short names before long ones."""
    fit = 0 if typed in entry.names else 1 if any(name.startswith(typed) for name in entry.names) else 2
    kind = entry.found.kind
    return fit, 6 if kind == "document" else _FIRST.get(kind, 3), len(entry.found.label)


def _things(almanac: Almanac) -> Iterator[_Entry]:
    for iri, names in almanac.names.items():
        kind, _, slug = iri.removeprefix(f"{BASE}id/").partition("/")
        if kind in LISTED and "." not in slug:  # a dot marks what only one document knows
            aliases = almanac.aliases.get(iri, ())
            yield _entry(Found(iri, kind, names.en, names.zh), [names.en, names.zh, *aliases])


def _events(almanac: Almanac) -> Iterator[_Entry]:
    for it in reversed(almanac.happenings):
        title = almanac.title(it)
        chinese = [almanac.name(agent).zh for agent in it.agents]
        yield _entry(Found(it.iri, it.kind, title, it.date or ""), [title, it.date or "", *chinese])


def _papers(almanac: Almanac) -> Iterator[_Entry]:
    for it in almanac.papers.values():
        yield _entry(Found(it.iri, "document", it.title, it.issued), [it.title, it.issued])


def _entry(found: Found, names: Sequence[str]) -> _Entry:
    folded = tuple(fold(name) for name in names if name)
    return _Entry(found, folded, "".join(f" {' '.join(_WORD.findall(name))}" for name in folded))


def fold(text: str) -> str:
    """A text as it is compared: without accents and in one case."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()
