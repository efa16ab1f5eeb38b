"""Tells whose a name is: a full name, or a surname that the document gave to somebody."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from spacy.lang.en.stop_words import STOP_WORDS

from kg.extract.references.introductions import PERSON, Introduced, Introductions
from kg.extract.references.mention import Mention, as_entity
from kg.extract.rules import Words
from kg.lexicon import Entry, Lexicon, Match
from kg.model import Entity

# A surname that is also an English word counts only behind a title.
WORD_SURNAMES = frozenset({"He", "She", "You", "An", "So", "May", "Long", "Will"})
JUNIOR = re.compile(r",? [JS]r\b\.?")
HYPHENATED = re.compile(r" [A-Z][a-z]+-[a-z]+\b")
CAPITALISED = re.compile(r"[A-Z][\w'-]+")
TITLES_BEFORE = re.compile(r"(?<![\w'-])(?:[A-Za-z][\w'-]*\.? ){1,6}$")
FULL_STOP = re.compile(r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bGen)[.!?\n]")
LEADER = "Leader"
ALIKE = 0.8  # of 1, by common letters: how far two spellings of one family name agree


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody whom the document names in full.

    Attributes:
        entity: Who.
        start: Offset of the name; -1 if it stands in the title.
        titles: Words for the person's office, in small letters.
        offices: IRIs of the offices that the reference data know of.
    """

    entity: Entity
    start: int
    titles: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()


class Names:
    """Reads the names of agents in one document."""

    def __init__(
        self, text: str, title: str, lexicon: Lexicon, lists: Mapping[str, Words], date: str | None
    ) -> None:
        self.text, self.title, self.lexicon, self.lists, self.date = text, title, lexicon, lists, date
        self.offices: list[Match] = []
        self.office_by_end: dict[int, Match] = {}
        self.bearers: dict[str, list[NamedPerson]] = {}

    def agents(self, matches: list[Match]) -> list[Mention]:
        """The agents named, each as whom the document means by the name."""
        self.offices = [match for match in matches if match.group == "office"]
        self.office_by_end = {match.end: match for match in self.offices}
        introductions = Introductions(self.text, matches, self.lexicon, self.lists, self.date)
        introduced = [self._as_spelled(who, introductions) for who in introductions.find()]
        places = [place for who in introduced for place in who.places] + introductions.barred()
        covered = {offset for start, end in places for offset in range(start, end)}
        found = [m for m in matches if m.group == "agent" and not self._is_inside(m, covered)]
        mentions = [
            Mention(start, end, who.entity, None, is_person=True, titles=who.titles)
            for who in introduced
            for start, end in who.places
        ]
        for who in introduced:
            for start, _ in who.places:
                bearer = NamedPerson(who.entity, start, who.titles)
                self.bearers.setdefault(who.surname, []).append(bearer)
        self._register(self.lexicon.find(self.title), self.title, -1)
        self._register(found, self.text, None)
        mentions += [m for match in found if (m := self._agent(match))]
        mentions += self._more_surnames(mentions)
        return list(self._with_offices(mentions))

    def _as_spelled(self, who: Introduced, introductions: Introductions) -> Introduced:
        """“Treasury Secretary *Scott Bessant*”: the holder of the office, if the name is but misspelt."""
        for start, _ in who.places:
            office = self.office_by_end.get(start - 1)
            for entry in office.entries if office is not None and self.date else ():
                for holder in self.lexicon.holders(entry.iri, self.date):
                    known = introductions.surname_of(holder.label)
                    if SequenceMatcher(None, known, who.surname).ratio() > ALIKE:
                        return replace(who, entity=as_entity(holder))
        return who

    def _is_inside(self, match: Match, covered: set[int]) -> bool:
        """Whether a match is but a part of the name of somebody whom the document introduces."""
        is_person = self.lexicon.is_a(match.entries[0].kind, PERSON)
        return is_person and match.start in covered and match.end - 1 in covered

    def _register(self, matches: Iterable[Match], text: str, at: int | None) -> None:
        """Note by which surnames the people named in full may be meant."""
        for match in matches:
            words = text[match.start : match.end].replace(".", " ").split()
            if match.group != "agent" or len(words) < 2:
                continue
            for entry in match.entries:
                if self.lexicon.is_a(entry.kind, PERSON):
                    start = match.start if at is None else at
                    offices = frozenset(e.iri for e in self.lexicon.offices_of(entry.iri, None))
                    for part in _surname_forms(entry.label, words):
                        bearer = NamedPerson(as_entity(entry), start, frozenset(), offices)
                        self.bearers.setdefault(part, []).append(bearer)

    def _agent(self, match: Match) -> Mention | None:
        words = self.text[match.start : match.end]
        is_person = self.lexicon.is_a(match.entries[0].kind, PERSON)
        if is_person and len(words.split()) == 1:
            entity = self._by_surname(match, words)
        else:
            entity = self._in_full(match, words.split()[-1], is_person=is_person)
        if entity is None:
            return None
        is_person = self.lexicon.is_a(entity.kind, PERSON)
        junior = JUNIOR.match(self.text, match.end) if is_person else None
        return Mention(match.start, junior.end() if junior else match.end, entity, None, is_person)

    def _in_full(self, match: Match, last: str, *, is_person: bool) -> Entity | None:
        """Whom several words mean; of those who may be meant the one that the document names elsewhere."""
        if is_person and HYPHENATED.match(self.text, match.end):
            return None  # “President Lee *Ming-de*” is no other President Lee
        if is_person and len(match.entries) > 1:
            bearer = self._bearer(last, match.start)
            if bearer is not None and bearer.iri in {e.iri for e in match.entries}:
                return bearer
        entry = self._only(match.entries)
        return as_entity(entry) if entry is not None else None

    def _by_surname(self, match: Match, word: str) -> Entity | None:
        """Whom a surname alone means: somebody of this document, or else the one who must be meant."""
        if word in WORD_SURNAMES and not self._has_title(match.start):
            return None
        if word in self.bearers:
            return self._bearer(word, match.start)
        if self._is_part_of_a_longer_name(match):
            return None
        entry = self._well_known(match, word)
        return as_entity(entry) if entry is not None else None

    def _bearer(self, surname: str, offset: int) -> Entity | None:
        """To whom the document gave a surname; nobody if it gave it to several of whom each may be meant."""
        bearers = self.bearers.get(surname, [])
        before = [b for b in bearers if b.start < offset] or bearers
        fitting = [b for b in before if self._fits_title(b, offset)] or before
        meant = list(dict.fromkeys(b.entity for b in fitting))
        if len(meant) == 1:
            return meant[0]
        leaders = [entity for entity in meant if entity.kind == LEADER]
        if len(leaders) != 1 or meant[0].label.split()[0] == surname:
            return None
        others = [b.start for b in fitting if b.entity != leaders[0]]
        since = max((start for start in others if start < offset), default=-1)
        # “Hunter Biden spoke with Li. *Biden* said …” may be the son; further on it is the president
        return leaders[0] if since < 0 or len(FULL_STOP.findall(self.text[since:offset])) > 1 else None

    def _fits_title(self, bearer: NamedPerson, offset: int) -> bool:
        """Whether the title before a surname is that of `bearer`."""
        office = self.office_by_end.get(offset - 1)
        if office is not None and {entry.iri for entry in office.entries} & bearer.offices:
            return True
        titles = self._titles(offset)
        return bool(titles & bearer.titles)

    def _well_known(self, match: Match, word: str) -> Entry | None:
        """The one whom everybody calls so; nobody for a name that many bear, unless an office tells whom."""
        entries = match.entries
        office = self.office_by_end.get(match.start - 1)
        if office is not None:
            offices = {entry.iri for entry in office.entries}
            for date in dict.fromkeys([self.date, None]):
                holders = [
                    e for e in entries if offices & {o.iri for o in self.lexicon.offices_of(e.iri, date)}
                ]
                if len(holders) == 1:
                    return holders[0]
        elif self._titles(match.start) & self.lists["private_roles"]:
            return None
        plain = word.lower()
        if plain in self.lists["first_surnames"] or plain in self.lists["korean_surnames"]:
            is_serving = self.date is not None and bool(self.lexicon.offices_of(entries[0].iri, self.date))
            is_renowned = is_serving or plain in self.lists["renowned_surnames"]
            return entries[0] if len(entries) == 1 and entries[0].kind == LEADER and is_renowned else None
        if plain in self.lists["common_surnames"]:
            serving = [e for e in entries if self.date and self.lexicon.offices_of(e.iri, self.date)]
            return serving[0] if len(serving) == 1 else None
        return self._only(entries)

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
        word = before[1].lower()
        return not (is_opening and (word in STOP_WORDS or word in self.lists["openings"]))

    def _is_name(self, word: str) -> bool:
        """Whether a word names persons alone: two such words side by side are one name."""
        entries = self.lexicon.lookup(word)
        return bool(entries) and all(self.lexicon.is_a(entry.kind, PERSON) for entry in entries)

    def _has_title(self, start: int) -> bool:
        return start - 1 in self.office_by_end or bool(self._titles(start))

    def _titles(self, start: int) -> frozenset[str]:
        """The words of a title right before an offset, in small letters."""
        before = TITLES_BEFORE.search(self.text[max(0, start - 80) : start])
        found: list[str] = []
        for word in reversed(before[0].split() if before else []):
            plain = word.lower().strip(".").split("-")[-1]
            if plain not in self.lists["name_titles"] | self.lists["title_modifiers"]:
                break
            found.append(plain)
        return frozenset(found)

    def _more_surnames(self, mentions: list[Mention]) -> Iterator[Mention]:
        """Bare surnames that the reference data do not list, of people whom the document names in full."""
        taken = {offset for mention in mentions for offset in range(mention.start, mention.end)}
        for match in CAPITALISED.finditer(self.text):
            word = match[0].removesuffix("'s")
            if word not in self.bearers or match.start() in taken:
                continue
            if self._is_name(word) or self._is_beside_a_name(match.start(), match.start() + len(word)):
                continue  # looked at before
            if word in WORD_SURNAMES and not self._has_title(match.start()):
                continue
            entity = self._bearer(word, match.start())
            if entity is not None:
                yield Mention(match.start(), match.start() + len(word), entity, None, is_person=True)

    def _is_beside_a_name(self, start: int, end: int) -> bool:
        """“Zha” of another “Zha Qiming”: a capitalised word of no known name beside it."""
        after = re.match(r" ([A-Z][a-z]+)\b", self.text[end : end + 30])
        if after and not self.lexicon.lookup(after[1]) and after[1].lower() not in STOP_WORDS:
            return True
        before = re.search(r"(?<![.!?\"\n] )\b([A-Z][a-z]+) $", self.text[max(0, start - 30) : start])
        return before is not None and before[1].lower() in self.lists["given_names"]

    def _with_offices(self, mentions: list[Mention]) -> Iterator[Mention]:
        """Persons with the office that stands before or inside their name."""
        for m in mentions:
            office, titles = None, m.titles
            if m.is_person:
                inside = [o for o in self.offices if o.start == m.start and o.end < m.end]
                match = inside[0] if inside else self.office_by_end.get(m.start - 1)
                office = self._office_held(match, m.entity.iri) if match else None
                words = self.text[match.start : match.end].lower().split() if match else ()
                titles |= self._titles(m.start) | frozenset(words)
            yield Mention(m.start, m.end, m.entity, office, m.is_person, titles)

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
