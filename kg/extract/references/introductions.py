"""Finds the people whom a text introduces by name and the reference data do not know."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from spacy.lang.en.stop_words import STOP_WORDS

from kg.extract.rules import Words
from kg.lexicon import Entry, Lexicon, Match
from kg.model import Entity
from kg.romanization import GIVEN_NAME

PERSON, OFFICIAL = "Person", "Official"
NAME = r"[A-ZÀ-Þ](?:[^\W\d_]|(?<=[^\W\d_])[-'](?=[^\W\d_]))*"
RUN = re.compile(rf"{NAME}(?:\.?,? (?:(?:van|von|de|der|den|bin|al|el|da|di|du|la|le) )?(?:{NAME}|[A-Z]\.))*")
WORD = re.compile(r"[^\s,]+")
INITIAL = re.compile(r"[A-Z]\.?")
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
# What follows a name and says who its bearer is: “, a fellow at Peking University,”.
APPOSITION = re.compile(r",? (?:\(|(?:who|whose|\d{2}),? |(?=[A-Za-z]))((?:[^,;:.()\n]|\b[A-Z]\.){3,110})")
INDEFINITE = re.compile(r", an? ([^,;:.()\n]{3,80})")
BEFORE = re.compile(r"[^.;:!?\"\n]{0,90}$")
# What parts the words for a person's office from what stands before them.
APART = re.compile(r"\b(?:with|met|meet|to|told|and|by|that|when|while|from|between|after|as)\b|,")
NEXT = re.compile(r"(?:,[^,.;\n]{2,100},)?(?: also| then| has| had| later| again| previously)? ([a-z]+)")
TOWARDS = re.compile(r"\bto (?:the )?$")
YOUNGER = re.compile(r",? (?:Jr\b\.?|III?\b)")
PREVIOUS = re.compile(r"\b([a-z]+)(?: (?:with|to|from))? $")
ROMANISED = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z][a-z]*)?")
LONGEST_KNOWN = 120  # characters of a name of the reference data
SHORTEST_PROSE = 8  # words; a line with fewer and no full stop is a heading


@dataclass(frozen=True, slots=True)
class Introduced:
    """A person whom the document names in full.

    Attributes:
        entity: The person.
        surname: The word that stands for the name alone.
        titles: Words for the person's office, in small letters.
        places: Where the full name stands, by offset.
    """

    entity: Entity
    surname: str
    titles: frozenset[str] = frozenset()
    places: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Found:
    """A name before it is known for whom its bearer speaks."""

    name: str
    titles: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    is_official: bool = False


class Introductions:
    """Looks for the names of people in one text."""

    def __init__(self, text: str, matches: Iterable[Match], lexicon: Lexicon, lists: Mapping[str, Words],
                 date: str | None) -> None:  # fmt: skip
        self.text, self.lexicon, self.lists, self.date = text, lexicon, lists, date
        self.matches = sorted(matches, key=lambda m: (m.start, -m.end))
        self._starts = [match.start for match in self.matches]

    def find(self) -> list[Introduced]:
        """The people introduced, in order of their first mention."""
        found: dict[str, _Found] = {}
        for start, end, titles in self._names():
            name = " ".join(self.text[start:end].split())
            who = found.setdefault(name, _Found(name))
            who.titles |= titles
            self._describe(who, start, end)
        return [self._introduced(who) for who in found.values()]

    def _introduced(self, who: _Found) -> Introduced:
        country = next(iter(who.countries)) if len(who.countries) == 1 and who.is_official else None
        entity = Entity(OFFICIAL if who.is_official else PERSON, who.name, None, country)
        places = tuple(
            (m.start(), m.end()) for m in re.finditer(rf"\b{re.escape(who.name)}(?!\w)", self.text)
        )
        return Introduced(entity, self.surname_of(who.name), frozenset(who.titles), places)

    def surname_of(self, name: str) -> str:
        """The word of a full name that stands for it alone."""
        words = [w for w in name.split() if w.lower().strip(".,") not in SUFFIXES]
        first = words[0].lower()
        is_of_three = len(words) == len(["Pak", "Il", "Ho"])
        is_first = is_of_three and first in self.lists["korean_surnames"] | self.lists["first_surnames"]
        return words[0] if is_first or is_chinese(words, self.lists) else words[-1]

    def _names(self) -> Iterator[tuple[int, int, set[str]]]:
        """The names of people that the reference data lack, each with the titles right before it."""
        for run in RUN.finditer(self.text):
            if self._is_heading(run.start()):
                continue
            for start, end, titles in self._pieces(run.start(), run.end()):
                words = self.text[start:end].split()
                if self._is_name(words) and self._is_person(start, end, words, titles):
                    yield start, end, titles
        yield from self._namesakes()

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int, set[str]]]:
        """A run of capitals without titles and without names that are known."""
        near = self._between(start - LONGEST_KNOWN, end)
        known = [m for m in near if m.end > start - 1 and self._cuts(m)]
        piece: list[tuple[int, int]] = []
        titles: set[str] = set()
        for match in WORD.finditer(self.text, start, end):
            place, word = (match.start(), match.end()), match[0]
            bare = word.lower().strip(".,'").removesuffix("'s").split("-")[-1]
            cutting = next((m for m in known if m.start < place[1] and place[0] < m.end), None)
            is_strong = bare in self.lists["name_titles"]
            is_title = (is_strong or bare in self.lists["title_modifiers"]) and not piece
            if cutting is not None or is_title or self._opens(match.start(), bare):
                yield from self._piece(piece, titles)
                is_office = is_strong or (cutting is not None and cutting.group == "office")
                titles = titles | {bare} if is_office else titles if is_title else set()
                piece = []
            else:
                piece.append(place)
                if self.text[place[1] : place[1] + 1] == ",":
                    yield from self._piece(piece, titles)
                    piece, titles = [], set()
        yield from self._piece(piece, titles)

    def _piece(self, places: list[tuple[int, int]], titles: set[str]) -> Iterator[tuple[int, int, set[str]]]:
        while places and self.text[places[-1][0] : places[-1][1]].lower() in STOP_WORDS:
            places = places[:-1]
        if places:
            end = places[-1][1]
            end -= self.text[places[-1][0] : end].endswith(("'", "."))
            end -= 2 * self.text[places[0][0] : end].endswith("'s")
            yield places[0][0], end, set(titles)

    def _between(self, start: int, end: int) -> list[Match]:
        """The known names that begin between two offsets."""
        return self.matches[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _cuts(self, match: Match) -> bool:
        """Whether a known name is no part of a person's: not so a family name or a topic's plain word."""
        words = self.text[match.start : match.end].split()
        is_person = self.lexicon.is_a(match.entries[0].kind, PERSON)
        return match.group in ("office", "place") or (
            match.group == "agent" and not (is_person and len(words) == 1)
        )

    def _opens(self, start: int, word: str) -> bool:
        """Whether a word is capitalised only because a sentence begins with it, or names a day."""
        if word in self.lists["calendar_words"]:
            return True
        return word in STOP_WORDS and not INITIAL.fullmatch(self.text[start : start + 2].strip())

    def _is_heading(self, offset: int) -> bool:
        begin, end = self.text.rfind("\n", 0, offset) + 1, self.text.find("\n", offset)
        line = self.text[begin : end if end >= 0 else len(self.text)].strip()
        if line.endswith((".", "!", "?", '"', ":", ")")):
            return False
        words = re.findall(r"[^\W\d_][\w'-]*", line)
        return len(words) < SHORTEST_PROSE or sum(w[0].isupper() for w in words) > len(words) / 2

    def _is_name(self, words: list[str]) -> bool:
        plain = [w.lower().strip(".,'") for w in words]
        if not 2 <= len([w for w in plain if w not in SUFFIXES]) <= 4 or INITIAL.fullmatch(words[-1]):
            return False
        barred = self.lists["organization_words"] | self.lists["other_names"] | self.lists["company_words"]
        barred |= self.lists["media_words"] | self.lists["government_words"] | self.lists["think_tank_words"]
        if barred & set(plain) or any(len(w) > 2 and w.isupper() for w in words):
            return False
        parts = [part for w in words if "-" in w for part in w.split("-") if part[:1].isupper()]
        return not any(self._is_surname(part) for part in parts)

    def _is_surname(self, word: str) -> bool:
        found = self.lexicon.lookup(word)
        return bool(found) and all(self.lexicon.is_a(entry.kind, PERSON) for entry in found)

    def _is_person(self, start: int, end: int, words: list[str], titles: set[str]) -> bool:
        """Whether the words around a name, or the name itself, tell that it is a person's."""
        opens = self._opens_sentence(start)
        first = words[0].lower()
        is_given = first in self.lists["given_names"] or INITIAL.fullmatch(words[0]) is not None
        if is_chinese(words, self.lists) and len(self.text[start:end]) > len("Ma Li") - 1:
            return True
        if opens and not is_given and (first.endswith(("ing", "ed", "ly")) or self.lexicon.lookup(words[0])):
            return False
        if titles or is_given:
            return True
        if self._roles(self._after(end)) or self._roles(self._before(start).split()[-1:]):
            return True
        speech = self.lists["speech_words"]
        after, before = NEXT.match(self.text, end), PREVIOUS.search(self.text[max(0, start - 30) : start])
        is_said = before is not None and before[1] in ("said", "says", "told", "according")
        return is_said or (after is not None and after[1] in speech)

    def barred(self) -> list[tuple[int, int]]:
        """Where a known family name is but the end of a longer name of whoever or whatever it is."""
        found: list[tuple[int, int]] = []
        for run in RUN.finditer(self.text):
            for start, end, _ in (
                () if self._is_heading(run.start()) else self._pieces(run.start(), run.end())
            ):
                words = self.text[start:end].split()
                if self._is_name(words) and not self._opens_sentence(start) and self._is_surname(words[-1]):
                    found.append((start, end))
        return found

    def _opens_sentence(self, start: int) -> bool:
        return start == 0 or re.search(r"[.!?\n\"]\s*$", self.text[max(0, start - 3) : start]) is not None

    def _roles(self, words: Iterable[str]) -> set[str]:
        plain = {word.lower().strip(".,'()").removesuffix("'s") for word in words}
        return plain & (self.lists["official_roles"] | self.lists["private_roles"])

    def _after(self, end: int) -> list[str]:
        """The words of the apposition behind a name."""
        found = APPOSITION.match(self.text, end)
        if found is None or self.text[end : end + 1] not in ",(":
            return []
        words = found[1].split()
        return [] if words[0].lower() in self.lists["speech_words"] else words

    def _before(self, start: int) -> str:
        """The words right before a name that may tell what its bearer is."""
        found = BEFORE.search(self.text[max(0, start - 90) : start])
        return APART.split(found[0])[-1] if found else ""

    def _office_before(self, start: int, end: int) -> str:
        """“*The defense minister of Australia*, Richard Marles, said”: the words before a name set off."""
        if self.text[end : end + 1] != "," or self.text[start - 2 : start] != ", ":
            return self._before(start)
        found = BEFORE.search(self.text[max(0, start - 92) : start - 2])
        return APART.split(found[0])[-1] + ", " if found else ""

    def _describe(self, who: _Found, start: int, end: int) -> None:
        """Add what the words around one mention tell: office and country."""
        before, after = self._office_before(start, end), " ".join(self._after(end))
        words = [w.lower().strip(".,'()").removesuffix("'s") for w in f"{before} {after}".split()]
        who.titles |= self._roles(words)
        roles = set(words) & self.lists["official_roles"]
        countries = set(self._countries(start - len(before), start))
        if after:
            countries |= set(self._countries(end, end + len(after) + 3))
        if roles and countries and not set(words) & self.lists["scholarly_roles"]:
            who.is_official = True
            who.countries |= countries

    def _countries(self, start: int, end: int) -> Iterator[str]:
        for match in self._between(start, end):
            if match.group != "agent" or match.end > end or len(match.entries) != 1:
                continue
            if TOWARDS.search(self.text[max(0, match.start - 10) : match.start]):
                continue  # “ambassador *to the United States*”
            entry = match.entries[0]
            if entry.kind == "Country":
                yield entry.iri
            elif self.lexicon.is_a(entry.kind, "Government") and entry.represents:
                yield entry.represents

    # ── Namesakes ──

    def _namesakes(self) -> Iterator[tuple[int, int, set[str]]]:
        """“Mike Johnson, *a soybean farmer*”: a known name whose bearer the text tells to be another."""
        for match in self.matches:
            if (
                match.group == "agent"
                and len(match.entries) == 1
                and " " in self.text[match.start : match.end]
            ):
                told = INDEFINITE.match(self.text, match.end)
                if told is not None and self._is_other(match.entries[0], told[1]):
                    yield match.start, match.end, set()
                younger = YOUNGER.match(self.text, match.end)
                if younger is not None and self._is_elder(match.entries[0]):
                    yield match.start, younger.end(), set()

    def _is_elder(self, entry: Entry) -> bool:
        """Whether a person is known, but not by a name with “Jr.”."""
        is_person = self.lexicon.is_a(entry.kind, PERSON)
        return is_person and not any(YOUNGER.search(name) for name, _ in entry.names)

    def _is_other(self, entry: Entry, description: str) -> bool:
        if not self.lexicon.is_a(entry.kind, PERSON):
            return False
        head = re.split(r"\b(?:at|in|of|for|from|with|who|on|and)\b", description)[0].lower().split()[-1:]
        is_serving = self.date is not None and bool(self.lexicon.offices_of(entry.iri, self.date))
        roles = self.lists["humble_roles"] | (self.lists["scholarly_roles"] if is_serving else frozenset())
        return bool(set(head) & roles) and entry.kind != PERSON


def is_chinese(words: list[str], lists: Mapping[str, Words]) -> bool:
    """Whether a name is written as Chinese ones are: the family name, then one or two syllables."""
    if len(words) not in (2, 3) or words[0].lower() not in lists["first_surnames"]:
        return False
    given = words[1:]
    are_syllables = all(ROMANISED.fullmatch(w) and GIVEN_NAME.fullmatch(w) for w in given)
    return are_syllables and not any(w.lower() in lists["given_names"] for w in given)
