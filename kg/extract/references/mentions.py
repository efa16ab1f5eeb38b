"""Finds who and what a text names: persons, offices, countries, places, topics and unnamed groups."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from spacy.lang.en.stop_words import STOP_WORDS

from kg.lexicon import Entry, Lexicon, Match
from kg.model import Document, Entity

PERSON = "Person"
LONGEST_NAME = 120
# A surname that is also an English word counts only behind a title.
PRONOUN_SURNAMES = frozenset({"He", "She", "You", "An", "So", "May", "Long", "Will"})
TITLE = re.compile(
    r"(?:Mr|Ms|Mrs|Dr|President|Chairman|Premier|Minister|Secretary|Ambassador|Advisor|Adviser|Director|"
    r"General|Representative|Spokesperson|Spokesman|Spokeswoman|Admiral|Councilor|Counselor)\.? $"
)
JUNIOR = re.compile(r",? [JS]r\b\.?")
# Words that open a sentence in front of a name and are no part of it.
OPENING = STOP_WORDS | {
    "asked",
    "told",
    "meanwhile",
    "earlier",
    "later",
    "today",
    "yesterday",
    "former",
    "unlike",
}
CAPITALISED = re.compile(r"[A-Z][\w'-]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an agent or place.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last character.
        entity: What is meant.
        capacity: The office by which a person is named.
        is_person: Whether it is a person.
    """

    start: int
    end: int
    entity: Entity
    capacity: Entity | None = None
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class TopicMention:
    """Words that name a topic."""

    start: int
    end: int
    entry: Entry


Spanned = TypeVar("Spanned", Mention, TopicMention, Match)


class Mentions:
    """All mentions of one document, found by offset."""

    def __init__(self, agents: Iterable[Mention], topics: Iterable[TopicMention], places: Iterable[Mention],
                 offices: Iterable[Match]) -> None:  # fmt: skip
        self.agents = sorted(agents, key=lambda m: (m.start, -m.end))
        self.topics = sorted(topics, key=lambda m: (m.start, -m.end))
        self.places = sorted(places, key=lambda m: (m.start, -m.end))
        self.offices = sorted(offices, key=lambda m: (m.start, -m.end))
        self._agent_starts = [mention.start for mention in self.agents]
        self._topic_starts = [mention.start for mention in self.topics]
        self._place_starts = [mention.start for mention in self.places]
        self._office_starts = [match.start for match in self.offices]

    def agents_in(self, start: int, end: int) -> list[Mention]:
        """The agents named between two offsets."""
        return _between(self.agents, self._agent_starts, start, end)

    def topics_in(self, start: int, end: int) -> list[TopicMention]:
        """The topics named between two offsets."""
        return _between(self.topics, self._topic_starts, start, end)

    def places_in(self, start: int, end: int) -> list[Mention]:
        """The places named between two offsets."""
        return _between(self.places, self._place_starts, start, end)

    def agent_at(self, offset: int) -> Mention | None:
        """The agent whose name covers an offset; the longest."""
        near = _between(self.agents, self._agent_starts, offset - LONGEST_NAME, offset + 1)
        return max((m for m in near if m.end > offset), key=lambda m: m.end - m.start, default=None)

    def office_at(self, offset: int) -> Match | None:
        """The office whose name covers an offset."""
        near = _between(self.offices, self._office_starts, offset - LONGEST_NAME, offset + 1)
        return max((m for m in near if m.end > offset), key=lambda m: m.end - m.start, default=None)


def _between(found: list[Spanned], starts: list[int], start: int, end: int) -> list[Spanned]:
    """Those of `found` that begin between two offsets."""
    return found[bisect_left(starts, start) : bisect_right(starts, end - 1)]


def as_entity(entry: Entry) -> Entity:
    """An entry of the reference data as statements refer to it."""
    return Entity(entry.kind, entry.label, entry.iri)


def find_mentions(document: Document, text: str, lexicon: Lexicon, *, title: str | None) -> Mentions:
    """The mentions in the analysis text; its title helps to tell who is meant by a surname."""
    matches = lexicon.find(text)
    title_matches = lexicon.find(title or "")
    reader = _Reader(document, text, lexicon, title or "")
    agents = reader.agents(matches, title_matches)
    return Mentions(agents, reader.topics(matches, agents), reader.places(matches), reader.offices(matches))


class _Reader:
    def __init__(self, document: Document, text: str, lexicon: Lexicon, title: str) -> None:
        self.text, self.lexicon = text, lexicon
        self.date = document.published
        self.title = title
        self.office_ends: frozenset[int] = frozenset()

    def agents(self, matches: list[Match], title_matches: list[Match]) -> list[Mention]:
        found = [match for match in matches if match.group == "agent"]
        self.office_ends = frozenset(match.end for match in self.offices(matches))
        named = self._surnames(found, self.text) | self._surnames(
            [m for m in title_matches if m.group == "agent"], self.title
        )
        mentions = [m for match in found if (m := self._agent(match, named))]
        mentions += self._more_surnames(mentions, named)
        return list(self._with_offices(mentions, self.offices(matches)))

    def offices(self, matches: list[Match]) -> list[Match]:
        return [match for match in matches if match.group == "office"]

    def places(self, matches: list[Match]) -> list[Mention]:
        found = [match for match in matches if match.group == "place"]
        return [Mention(m.start, m.end, as_entity(m.entries[0])) for m in found]

    def topics(self, matches: list[Match], agents: list[Mention]) -> list[TopicMention]:
        """The topics, but not those inside the name of an agent (“Ministry of *Commerce*”)."""
        offices = [match for match in matches if match.group == "office"]
        names = [(m.start, m.end) for m in agents] + [(m.start, m.end) for m in offices]
        return [
            TopicMention(match.start, match.end, entry)
            for match in matches
            if match.group == "topic"
            and not any(
                a <= match.start and match.end <= b and b - a > match.end - match.start for a, b in names
            )
            for entry in match.entries
        ]

    def _surnames(self, matches: list[Match], text: str) -> dict[str, Entry]:
        """Who is meant by a surname: the one person whom the document names in full with it."""
        found: dict[str, dict[str, Entry]] = {}
        for match in matches:
            words = text[match.start : match.end].replace(".", " ").split()
            for entry in match.entries:
                if self.lexicon.is_a(entry.kind, PERSON) and len(words) > 1:
                    for part in _surname_forms(entry.label, words):
                        found.setdefault(part, {})[entry.iri] = entry
        return {name: next(iter(entries.values())) for name, entries in found.items() if len(entries) == 1}

    def _agent(self, match: Match, named: dict[str, Entry]) -> Mention | None:
        words = self.text[match.start : match.end]
        last = words.split()[-1]
        entries = match.entries
        is_surname = len(words.split()) == 1 and self.lexicon.is_a(entries[0].kind, PERSON)
        if last in named and self.lexicon.is_a(entries[0].kind, PERSON) and named[last] not in entries:
            entries = (named[last],)
        if is_surname and self._is_part_of_a_longer_name(match) and last not in named:
            return None
        if is_surname and words in PRONOUN_SURNAMES and not self._has_title(match.start):
            return None
        entry = self._only(entries)
        if entry is None:
            return None
        is_person = self.lexicon.is_a(entry.kind, PERSON)
        junior = JUNIOR.match(self.text, match.end) if is_person else None
        return Mention(match.start, junior.end() if junior else match.end, as_entity(entry), None, is_person)

    def _only(self, entries: tuple[Entry, ...]) -> Entry | None:
        """The one that is meant; of several persons the one who was in office when the text was published."""
        if len(entries) == 1:
            return entries[0]
        if self.date:
            serving = [e for e in entries if self.lexicon.offices_of(e.iri, self.date)]
            if len(serving) == 1:
                return serving[0]
        countries = [e for e in entries if e.kind == "Country"]
        return countries[0] if len(countries) == 1 else None

    def _is_part_of_a_longer_name(self, match: Match) -> bool:
        """“Wang” of an unknown “Wang Wentao”, “Bush” of “Bush Senior”: a capitalised word beside it."""
        after = re.match(r" ([A-Z][a-z]+)\b", self.text[match.end : match.end + 30])
        before = re.search(r"\b([A-Z][a-z]+) $", self.text[max(0, match.start - 30) : match.start])
        if after and (not self.lexicon.lookup(after[1]) or self._is_name(after[1])):
            return True
        if before and self._is_name(before[1]):
            return True
        if before is None or self._has_title(match.start) or self.lexicon.lookup(before[1]):
            return False
        is_opening = _opens_sentence(self.text, match.start - len(before[0]))
        return not (is_opening and before[1].lower() in OPENING)

    def _is_name(self, word: str) -> bool:
        """Whether a word names persons alone: two such words side by side are one name."""
        entries = self.lexicon.lookup(word)
        return bool(entries) and all(self.lexicon.is_a(entry.kind, PERSON) for entry in entries)

    def _has_title(self, start: int) -> bool:
        return start - 1 in self.office_ends or TITLE.search(self.text, max(0, start - 30), start) is not None

    def _more_surnames(self, mentions: list[Mention], named: dict[str, Entry]) -> Iterator[Mention]:
        """Bare surnames that the reference data do not list, of people whom the document names in full."""
        taken = {offset for mention in mentions for offset in range(mention.start, mention.end)}
        for match in CAPITALISED.finditer(self.text):
            word = match[0].removesuffix("'s")
            entry = named.get(word)
            if entry is None or match.start() in taken:
                continue
            if word in PRONOUN_SURNAMES and not self._has_title(match.start()):
                continue
            yield Mention(match.start(), match.start() + len(word), as_entity(entry), None, is_person=True)

    def _with_offices(self, mentions: list[Mention], offices: list[Match]) -> Iterator[Mention]:
        """Persons with the office that stands before or inside their name."""
        by_end = {match.end: match for match in offices}
        for mention in mentions:
            office = None
            if mention.is_person:
                inside = [m for m in offices if m.start == mention.start and m.end < mention.end]
                match = inside[0] if inside else by_end.get(mention.start - 1)
                office = self._office_held(match, mention.entity.iri) if match else None
            yield Mention(mention.start, mention.end, mention.entity, office, mention.is_person)

    def _office_held(self, match: Match, person: str | None) -> Entity | None:
        """The office of that name that the person held on the day of publication."""
        held = {e.iri for e in self.lexicon.offices_of(person or "", self.date)} if self.date else set()
        offices = [entry for entry in match.entries if entry.iri in held]
        return as_entity(offices[0]) if len(offices) == 1 else None


def _surname_forms(label: str, words: list[str]) -> list[str]:
    """The words of a name that may stand alone for it: first and last, as far as the text has them."""
    parts = label.replace(".", " ").split()
    ends = [parts[0], parts[-1]] if len(parts) == 2 else [parts[-1]]
    used = {word.removesuffix("'s") for word in words}
    return [part for part in ends if part in used]


def _opens_sentence(text: str, start: int) -> bool:
    return start <= 0 or re.search(r"[.!?\n\"]\s*$", text[max(0, start - 3) : start]) is not None
