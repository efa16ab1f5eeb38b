"""Leads an office to the only one who held it on the day, where country and office are told."""

from collections.abc import Callable, Iterable
from functools import cached_property

from spacy.tokens import Token

from kg.extract.references.discourse import Party
from kg.extract.references.mention import Mention, as_entity
from kg.extract.references.pairs import SIDES
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.lexicon import Entry, Match
from kg.model import Entity

SENTENCES_BACK = 2


def as_party(entity: Entity, token: Token) -> Party:
    """Somebody as meant by a word."""
    return Party(entity, start_of(token), end_of(token))


def moved(party: Party, token: Token) -> Party:
    """The same party as meant by another word."""
    return Party(party.entity, start_of(token), end_of(token), party.capacity)


class Incumbents:
    """Tells for one document who holds an office, and which country has it."""

    def __init__(self, reading: Reading, rules: Rules, side_of: Callable[[Entity], str | None]) -> None:
        self.reading, self.lists, self.lexicon = reading, rules.lists, reading.lexicon
        self.side_of = side_of

    def of(self, token: Token, match: Match, words: frozenset[str], sides: set[str | None]) -> list[Party]:
        """The only one who held an office on the day, where country and office are told."""
        entries = list(match.entries)
        if sides:
            entries = [e for e in entries if self.country_of(e) in sides]
        elif (side := self.publishing_side) is not None:
            entries = [e for e in entries if self.country_of(e) == side]
        else:
            owners = {self.country_of(e) for e in entries}
            is_told = any(start_of(token) > m.start >= match.start for m in
                          self.reading.mentions.agents_in(match.start, match.end))  # fmt: skip
            owner = next(iter(owners)) if len(owners) == 1 else None
            is_common = bool(words & self.lists["common_offices"]) and not is_told
            if is_common and not self.is_at_home(token, owner):
                return []
            entries = entries if len(entries) == 1 else []
        if any(self.country_of(e) not in SIDES for e in entries):
            countries = {self.country_of(e) for e in entries}
            country = self.lexicon.entries.get(next(iter(countries)) or "") if len(countries) == 1 else None
            is_third = country is not None and country.iri not in SIDES
            return [as_party(as_entity(country), token)] if country is not None and is_third else []
        found = self._only_holder(entries)
        if found is None:
            side = next(iter(sides)) if len(sides) == 1 else None  # one of the vice premiers of China
            country = self.lexicon.entries.get(side or "")
            return [as_party(as_entity(country), token)] if country is not None else []
        entry, office = found
        return [Party(as_entity(entry), start_of(token), end_of(token), as_entity(office))]

    def labelled(self, role: str, offset: int) -> Party | None:
        """The only one who held an office on the day, of the publisher's side, or where one side has it."""
        offices = [e for e in self.lexicon.lookup(role, ["Office"]) if self.country_of(e) in SIDES]
        own = [e for e in offices if self.country_of(e) == self.publishing_side]
        countries = {self.country_of(e) for e in offices}
        candidates = own or (offices if len(countries) == 1 else [])
        if (found := self._only_holder(candidates)) is None:
            return None
        entry, office = found
        return Party(as_entity(entry), offset, offset, as_entity(office))

    def _only_holder(self, offices: Iterable[Entry]) -> tuple[Entry, Entry] | None:
        """Who alone held one of some offices on the day of publication, with the office."""
        date = self.reading.document.published
        held = {h.iri: (h, e) for e in offices for h in (self.lexicon.holders(e.iri, date) if date else ())}
        return next(iter(held.values())) if len(held) == 1 else None

    @cached_property
    def publishing_side(self) -> str | None:
        """The country whose government published the document."""
        entries = self.lexicon.lookup(self.reading.document.publisher or "", ["Government"])
        return entries[0].represents if len(entries) == 1 else None

    def is_at_home(self, token: Token, side: str | None) -> bool:
        """Whether an office without a country may be taken for that of `side`: no third one is spoken of."""
        return side is not None and not (self._countries_near(token) - SIDES)

    def _countries_near(self, token: Token) -> set[str]:
        """The countries that the sentence and those right before it speak of."""
        offset = start_of(token)
        before = list(self.reading.sentences_before(offset))[:SENTENCES_BACK]
        current = self.reading.sentence_at(offset)
        begin = before[-1].start if before else current.start if current else offset
        near = self.reading.mentions.agents_in(begin, current.end if current else offset)
        sides = {self.side_of(m.entity) for m in near if m.entity.kind != "Country" or not self._is_place(m)}
        return {side for side in sides if side is not None}

    def _is_place(self, mention: Mention) -> bool:
        return bool(self.reading.mentions.places_in(mention.start, mention.end))

    def country_of(self, office: Entry) -> str | None:
        """The country that has an office."""
        if office.office_of is None:
            return None
        owner = self.lexicon.entries.get(office.office_of)
        if owner is None:
            return None
        return owner.iri if owner.kind == "Country" else owner.represents
