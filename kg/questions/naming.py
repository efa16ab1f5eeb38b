"""The names of the reference data in a question, however they are typed: any case, either script."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from kg.chinese import is_chinese, simplified
from kg.lexicon import GROUPS, Entry, Lexicon
from kg.questions.grammar import EMPTY, known_words, tokens

__all__ = ["Named", "Naming"]

_BEFORE_US = re.compile(r"\b(?:tell|give|show|let|for|of)\s+$", re.I)
_LONGEST_ACRONYM = 5
# Titles after a Chinese family name, with what the name of the office then holds.
_TITLES: Mapping[str, tuple[str, ...]] = {
    "副主席": ("副主席",),
    "主席": ("主席", "总书记"),
    "副总理": ("副总理",),
    "总理": ("总理",),
    "外长": ("外交部长",),
    "防长": ("国防部长",),
    "部长": ("部长",),
    "总书记": ("总书记",),
    "主任": ("主任",),
}
_WITHOUT_COUNTRY = re.compile(r"^(?:美国|中国国?务?院?|中国|中华人民共和国)")
_PLAIN_TOPIC = re.compile(r"(?:问题|事务)$")


class Named(NamedTuple):
    """Some words with what they may name."""

    start: int
    end: int
    group: str
    entries: tuple[Entry, ...]


class Naming:
    """Finds names; built once for a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def find(self, text: str) -> list[Named]:
        """The names of a text; several groups may claim the same words.

        Args:
            text: A question in simplified characters.
        """
        found = {
            (m.start, m.end, m.group): m.entries
            for m in self.lexicon.find(text)
            if not self._is_word(text, m.start, m.end)
        }
        for match in self.lexicon.find(self._titled(text)):
            if not self._is_word(text, match.start, match.end) and match.group != "topic":
                found.setdefault((match.start, match.end, match.group), match.entries)
        for match in self.lexicon.find(self._titled(text, acronyms_only=True)):
            found.setdefault((match.start, match.end, match.group), match.entries)
        names = [
            Named(start, end, group, self._meant(entries)) for (start, end, group), entries in found.items()
        ]
        return [*names, *(self._chinese(text) if is_chinese(text) else ())]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of an English name, in lower case."""
        names = (
            name
            for entry in self.lexicon.entries.values()
            for name, language in entry.names
            if language == "en"
        )
        return frozenset(token.word.removesuffix("'s") for name in names for token in tokens(name))

    def _is_word(self, text: str, start: int, end: int) -> bool:
        """Whether a single word without a capital is rather one of the language than a name: “who”, “may”."""
        word = text[start:end]
        if " " in word or not word.islower():
            return False
        return (
            word in EMPTY
            or word in known_words()
            or (len(word) < 3 and word not in ("xi", "hu", "us", "un", "ai", "eu"))
        )

    def _titled(self, text: str, *, acronyms_only: bool = False) -> str:
        """The text with capitals, as names have them; its length stays."""

        def written(match: re.Match[str]) -> str:
            word = match[0]
            if word == "us" and _BEFORE_US.search(text[: match.start()]):
                return word
            if word in self._acronyms and (word == "us" or (word not in EMPTY and word not in known_words())):
                return word.upper()
            return word if acronyms_only else word[:1].upper() + word[1:]

        return re.sub(r"\b[a-z]+", written, text)

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        names = (
            name
            for entry in self.lexicon.entries.values()
            for name, language in entry.names
            if language == "en"
        )
        return frozenset(
            n.lower() for n in names if n.isupper() and n.isalpha() and len(n) <= _LONGEST_ACRONYM
        )

    def _meant(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Of several persons of one name those who led their country; else all."""
        leaders = [entry for entry in entries if entry.kind == "Leader"]
        countries = [entry for entry in entries if self.lexicon.is_a(entry.kind, "Country")]
        return tuple(entries if len(entries) == 1 else leaders or countries or entries)

    def _chinese(self, text: str) -> Iterator[Named]:
        index = 0
        while index < len(text):
            lengths = self._by_first.get(text[index], ())
            length = next((n for n in lengths if text[index : index + n] in self._by_chinese), 0)
            if length:
                for group, entries in self._by_chinese[text[index : index + length]].items():
                    yield Named(index, index + length, group, self._meant([*entries.values()]))
            elif (titled := self._by_title(text, index)) is not None:
                yield titled
                length = titled.end - titled.start
            index += length or 1

    def _by_title(self, text: str, index: int) -> Named | None:
        """“习主席”: a family name with a title."""
        for title, offices in _TITLES.items():
            if text.startswith(title, index + 1) and text[index] in self._by_family:
                holders = [
                    entry
                    for entry in self._by_family[text[index]]
                    if any(
                        word in self.lexicon.label(office.iri, "zh")
                        for office in self.lexicon.offices_of(entry.iri, None)
                        for word in offices
                    )
                ]
                if holders:
                    return Named(index, index + 1 + len(title), "agent", self._meant(holders))
        return None

    @cached_property
    def _by_chinese(self) -> Mapping[str, dict[str, dict[str, Entry]]]:
        """Entries by their names in simplified characters, by group and IRI."""
        found: defaultdict[str, dict[str, dict[str, Entry]]] = defaultdict(dict)
        parts: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in self.lexicon.entries.values():
            group = next((g for kind, g in GROUPS.items() if self.lexicon.is_a(entry.kind, kind)), "")
            for name in (simplified(name) for name, language in entry.names if language[:2] == "zh"):
                found[name].setdefault(group, {})[entry.iri] = entry
                short = name.rsplit("·", 1)[-1]
                if group == "office":
                    short = _WITHOUT_COUNTRY.sub("", name)
                elif group == "topic":
                    short = _PLAIN_TOPIC.sub("", name)
                elif "·" in name:
                    parts[short][entry.iri] = entry
                if group in ("office", "topic") and len(short) > 1:
                    found[short].setdefault(group, {})[entry.iri] = entry
        for short, entries in parts.items():
            found.setdefault(short, {}).setdefault("agent", entries)
        return dict(found)

    @cached_property
    def _by_first(self) -> Mapping[str, tuple[int, ...]]:
        """The lengths of Chinese names by their first character, the longest first."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for name in self._by_chinese:
            found[name[0]].add(len(name))
        return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}

    @cached_property
    def _by_family(self) -> Mapping[str, list[Entry]]:
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.lexicon.entries.values():
            name = next((simplified(name) for name, language in entry.names if language[:2] == "zh"), "")
            if name and len(name) <= 4 and "·" not in name and self.lexicon.is_a(entry.kind, "Person"):
                found[name[0]].append(entry)
        return found
