"""The names of the reference data and where they lead: for reading, for questions and for captions."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from kg import resources
from kg.errors import ResourceError
from kg.package_cache import kept
from kg.romanization import variants
from kg.terms import KG

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUBJECT = "http://purl.org/dc/terms/subject"
NAME_PROPERTIES = (SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel")
CAPTION_PROPERTIES = (SKOS + "prefLabel", RDFS + "label")
GROUPS = {"Agent": "agent", "Topic": "topic", "Office": "office", "Place": "place"}
# Names are matched as they are written; wordings of topics and offices without regard to case.
CASE_FREE = frozenset({"topic", "office"})
LONGEST_ACRONYM = 5

Properties: TypeAlias = dict[str, list[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the reference data.

    Attributes:
        iri: Its identifier.
        kind: Local name of its class.
        label: Preferred English name.
        names: All names and wordings, with their language, the preferred ones first.
        represents: IRI of the country that an agent acts for, or in which a place lies.
        broader: IRIs of the topics right above a topic.
        office_of: IRI of the organization or country in which an office is held.
        area: IRI of the larger place by whose name a place is called too.
    """

    iri: str
    kind: str
    label: str
    names: tuple[tuple[str, str], ...]
    represents: str | None = None
    broader: tuple[str, ...] = ()
    office_of: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """One person's time in one office; dates as precise as the reference data give them."""

    holder: str
    office: str
    start: str
    end: str | None = None

    def covers(self, date: str) -> bool:
        """Whether `date` (`YYYY[-MM[-DD]]`) may fall into it."""
        begins = self.start[: len(date)] <= date[: len(self.start)]
        return begins and (self.end is None or date[: len(self.end)] <= self.end[: len(date)])


@dataclass(frozen=True, slots=True)
class Match:
    """Where a text uses a name.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last character.
        group: `agent`, `topic`, `office` or `place`.
        entries: What the name may mean, in order of IRI.
    """

    start: int
    end: int
    group: str
    entries: tuple[Entry, ...]


class Lexicon:
    """Everything that has a name, found by name or by IRI; never changes."""

    def __init__(self, turtle: Iterable[tuple[str, str]]) -> None:
        """Read `turtle`: pairs of a file's name, for messages, and its text."""
        described = _parse(turtle)
        self._superclasses = _superclasses(described)
        self._captions = dict(_captions(described))
        self._matters = dict(_matters(described))
        self.entries = {entry.iri: entry for entry in self._read_entries(described)}
        self.tenures = tuple(sorted(_tenures(described), key=lambda t: (t.office, t.start, t.holder)))
        _ = self._trie  # kept with the rest

    @classmethod
    def load(cls, overlay: Path | None = None) -> "Lexicon":
        """The lexicon of the package's ontology and reference data, and of the user's own.

        Args:
            overlay: The own folder; by default that of the settings, if there is one.

        Raises:
            InputError: that folder does not exist.
            ResourceError: a file is not Turtle; the message names file and line.
        """
        files = resources.files("ontology", ".ttl", overlay)
        return kept("lexicon", files, lambda: cls((resources.shown(it), resources.text(it)) for it in files))

    def label(self, iri: str, language: str = "en") -> str:
        """The caption of a thing or term; the end of its IRI if it has none in any language."""
        captions = self._captions.get(iri, {})
        return captions.get(language) or captions.get("en") or re.split(r"[/#]", iri.rstrip("/"))[-1]

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Whether the class `kind` is `ancestor` or below it; both local names."""
        return ancestor in self._superclasses.get(kind, {kind})

    def matters_of(self, kind: str) -> list[Entry]:
        """The topics that all events of a class are about (“tariffs”, of a tariff action)."""
        return [self.entries[iri] for iri in self._matters.get(kind, ()) if iri in self.entries]

    def lookup(self, text: str, kinds: Collection[str] = ()) -> list[Entry]:
        """The entries that `text` names, whatever its case; `kinds` are classes, sub-classes included."""
        found = self._entries_by_name.get(_key(text), ())
        return [entry for entry in found if not kinds or any(self.is_a(entry.kind, kind) for kind in kinds)]

    def find(self, text: str) -> list[Match]:
        """The names in `text` in its order; per group the longest, and none inside another."""
        tokens = [(match.start(), match.end(), _fold(match[0])) for match in WORD.finditer(text)]
        last: dict[str, int] = {}
        found: list[Match] = []
        for index in range(len(tokens)):
            for match in self._matches_at(text, tokens, index):
                before = found[last[match.group]] if match.group in last else None
                if before is None or match.start >= before.end:
                    last[match.group] = len(found)
                    found.append(match)
                elif match.end > before.end and set(match.entries) & set(before.entries):
                    # “President Hu” and “Hu Jintao” are one name
                    found[last[match.group]] = replace(match, start=before.start)
                elif match.end > before.end and self._are_people(match, before):
                    found[last[match.group]] = match  # “President *Lee Teng-hui*” is no other President Lee
                elif match.end - match.start > before.end - before.start:
                    found[last[match.group]] = match  # “the *Chinese embassy*”
        return found

    def _are_people(self, *matches: Match) -> bool:
        return all(self.is_a(entry.kind, "Person") for match in matches for entry in match.entries)

    def ancestors(self, topic: str) -> frozenset[str]:
        """The IRIs of all topics above `topic`."""
        above: set[str] = set()
        waiting = list(self.entries[topic].broader) if topic in self.entries else []
        while waiting:
            if (iri := waiting.pop()) not in above and iri in self.entries:
                above.add(iri)
                waiting += self.entries[iri].broader
        return frozenset(above)

    def holders(self, office: str, date: str | None) -> list[Entry]:
        """Who held an office on a date, or ever; each once, in order of their terms."""
        terms = [tenure for tenure in self._tenures_by_office.get(office, ()) if _covers(tenure, date)]
        return [self.entries[iri] for iri in dict.fromkeys(term.holder for term in terms)]

    def office_holder(self, office: str, date: str | None) -> Entry | None:
        """The holder of an office on a date; `None` if there was none or cannot be told."""
        holders = self.holders(office, date)
        return holders[0] if len(holders) == 1 else None

    def offices_of(self, person: str, date: str | None) -> list[Entry]:
        """The offices that a person held on a date, or ever; each once."""
        terms = [tenure for tenure in self.tenures if tenure.holder == person and _covers(tenure, date)]
        return [self.entries[iri] for iri in dict.fromkeys(term.office for term in terms)]

    def _read_entries(self, described: Mapping[str, Properties]) -> Iterator[Entry]:
        for iri in sorted(described):
            kind = next((kind for kind in _kinds(described[iri]) if self._group(kind)), None)
            if kind is not None and NAME_PROPERTIES[0] in described[iri]:
                yield _entry(iri, kind, described[iri])

    def _group(self, kind: str) -> str | None:
        return next((group for ancestor, group in GROUPS.items() if self.is_a(kind, ancestor)), None)

    def _matches_at(self, text: str, tokens: list[tuple[int, int, str]], first: int) -> Iterator[Match]:
        """The longest match of each group that begins with the token `first`."""
        longest: dict[str, Match] = {}
        node: _Node = self._trie
        start = tokens[first][0]
        words: list[str] = []
        for index in range(first, len(tokens)):
            if index > first and not GAP.fullmatch(text, tokens[index - 1][1], tokens[index][0]):
                break
            end = tokens[index][1]
            word = text[tokens[index][0] : end]
            if tokens[index][2] not in node.next:
                if index > first and INITIAL.match(text, tokens[index][0]):
                    continue  # “Janet *L.* Yellen”
                break
            node = node.next[tokens[index][2]]
            words.append(word)
            if text[end : end + 1] == "." and ABBREVIATED.search(text[start:end]):
                end += 1  # the full stop of “U.S.” and “Jr.” is part of the name
            is_whole = len(words) == index - first + 1
            for group, entries in self._entries_at(node, " ".join(words)):
                if is_whole or all(self.is_a(entry.kind, "Person") for entry in entries):
                    longest[group] = Match(start, end, group, entries)
        yield from longest.values()

    def _entries_at(self, node: "_Node", words: str) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        for group, names in node.names.items():
            fitting = {entry.iri: entry for name, entry in names if _fits(name, words, group)}
            if fitting:
                yield group, tuple(fitting[iri] for iri in sorted(fitting))

    @cached_property
    def _tenures_by_office(self) -> dict[str, list[Tenure]]:
        found: dict[str, list[Tenure]] = {}
        for tenure in self.tenures:
            found.setdefault(tenure.office, []).append(tenure)
        return found

    @cached_property
    def _entries_by_name(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, dict[str, Entry]] = {}
        for entry in self.entries.values():
            for name, _ in entry.names:
                found.setdefault(_key(name), {})[entry.iri] = entry
        return {key: tuple(entries.values()) for key, entries in found.items()}

    @cached_property
    def chinese_names(self) -> dict[str, str]:
        """The English name of each agent and place by its names in Chinese characters."""
        named = [entry for entry in self.entries.values() if self._group(entry.kind) in ("agent", "place")]
        return {name: e.label for e in named for name, language in e.names if language[:2] == "zh"}

    @cached_property
    def _trie(self) -> "_Node":
        root = _Node()
        for entry in self.entries.values():
            group = self._group(entry.kind) or ""
            for name, language in entry.names:
                if language == "en":
                    root.add(name, group, entry)
            if self.is_a(entry.kind, "Person"):
                for name in self._spellings(entry):
                    root.add(name, group, entry)
        return root

    def _spellings(self, entry: Entry) -> Iterator[str]:
        """Other ways to write a person's name that lead to nobody else."""
        chinese = next((name for name, language in entry.names if language == "zh"), "")
        for name in variants(entry.label, chinese):
            if _key(name) not in self._entries_by_name:
                yield name


class _Node:
    """A node of the prefix tree over the words of all English names."""

    __slots__ = ("names", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.names: dict[str, list[tuple[str, Entry]]] = {}

    def add(self, name: str, group: str, entry: Entry) -> None:
        node = self
        for match in WORD.finditer(name):
            word = _fold(match[0])
            following = node.next.get(word)
            if following is None:
                following = node.next[word] = _Node()
            node = following
        if node is not self:
            node.names.setdefault(group, []).append((name, entry))


WORD = re.compile(r"[^\W_]+")
INITIAL = re.compile(r"[A-Z]\.(?=\s)")
ABBREVIATED = re.compile(r"(?:\.[A-Za-z]|\b[JS]r)$")
# What may stand between two words of a name; a full stop and a blank only after an initial.
GAP = re.compile(r"(?<=\b[A-Za-z])\.[\s-]?|(?<=\b[JSDM]r)\.\s|[\s\-–—/'’&]{1,3}|,\s(?=[JS]r\b)|\.")


def _fits(name: str, words: str, group: str) -> bool:
    """Whether the words of a text are `name`, as far as case counts."""
    if group in CASE_FREE:
        return all(
            mine == its or not _is_acronym(mine)
            for mine, its in zip(WORD.findall(name), WORD.findall(words), strict=True)
        )
    return all(
        its.isupper() if len(mine) > 1 and mine.isupper() else its[0].isupper() or not mine[0].isupper()
        for mine, its in zip(WORD.findall(name), WORD.findall(words), strict=True)
    )


def _is_acronym(word: str) -> bool:
    return word.isupper() and 1 < len(word) <= LONGEST_ACRONYM


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _key(name: str) -> str:
    words = [_fold(word) for word in WORD.findall(name)]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _covers(tenure: Tenure, date: str | None) -> bool:
    return date is None or tenure.covers(date)


def _parse(turtle: Iterable[tuple[str, str]]) -> dict[str, Properties]:
    described: dict[str, Properties] = {}
    for name, text in turtle:
        try:
            triples = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise ResourceError(f"{name}:{error.lineno}: {error.msg}") from error
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode) and isinstance(
                triple.object, ox.NamedNode | ox.Literal
            ):
                properties = described.setdefault(triple.subject.value, {})
                properties.setdefault(triple.predicate.value, []).append(triple.object)
    return described


def _kinds(properties: Properties) -> list[str]:
    prefix = str(KG)
    types = [value.value for value in properties.get(RDF_TYPE, ())]
    return sorted(iri.removeprefix(prefix) for iri in types if iri.startswith(prefix))


def _superclasses(described: Mapping[str, Properties]) -> dict[str, frozenset[str]]:
    prefix = str(KG)

    def above(iri: str) -> set[str]:
        parents = [value.value for value in described.get(iri, {}).get(RDFS + "subClassOf", ())]
        ours = [parent for parent in parents if parent.startswith(prefix) and parent != iri]
        return {iri.removeprefix(prefix)}.union(*(above(parent) for parent in ours))

    return {iri.removeprefix(prefix): frozenset(above(iri)) for iri in described if iri.startswith(prefix)}


def _matters(described: Mapping[str, Properties]) -> Iterator[tuple[str, list[str]]]:
    for iri, properties in described.items():
        if topics := sorted(value.value for value in properties.get(SUBJECT, ())):
            yield iri.removeprefix(str(KG)), topics


def _captions(described: Mapping[str, Properties]) -> Iterator[tuple[str, dict[str, str]]]:
    for iri, properties in described.items():
        values = [value for name in CAPTION_PROPERTIES for value in properties.get(name, ())]
        texts = {value.language or "en": value.value for value in values if isinstance(value, ox.Literal)}
        if texts:
            yield iri, texts


def _entry(iri: str, kind: str, properties: Properties) -> Entry:
    values = [value for name in NAME_PROPERTIES for value in properties.get(name, ())]
    names = [(value.value, value.language or "en") for value in values if isinstance(value, ox.Literal)]
    return Entry(
        iri=iri,
        kind=kind,
        label=next((name for name, language in names if language == "en"), names[0][0]),
        names=tuple(names),
        represents=_one(properties, str(KG.represents)) or _one(properties, str(KG.inCountry)),
        broader=tuple(sorted(value.value for value in properties.get(SKOS + "broader", ()))),
        office_of=_one(properties, str(KG.officeOf)),
        area=_one(properties, str(KG.inArea)),
    )


def _tenures(described: Mapping[str, Properties]) -> Iterator[Tenure]:
    for properties in described.values():
        if "Tenure" in _kinds(properties):
            holder, office, start = (_one(properties, str(it)) for it in (KG.holder, KG.office, KG.startDate))
            if holder and office and start:
                yield Tenure(holder, office, start, _one(properties, str(KG.endDate)))


def _one(properties: Properties, name: str) -> str | None:
    return min((value.value for value in properties.get(name, ())), default=None)
