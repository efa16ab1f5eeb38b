"""Resolves offices and titles: to whom the text gave them, or to the one who must have held them."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import or_

from spacy.tokens import Token

from kg.extract.clauses.en import conjuncts, obliques
from kg.extract.references.discourse import Party
from kg.extract.references.incumbents import Incumbents, as_party
from kg.extract.references.mention import Mention, as_entity
from kg.extract.references.pairs import SIDES
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.lexicon import Match
from kg.model import Entity

# “of Australia, ”, “, ” between an office and the name of who holds it.
SET_OFF = re.compile(r"(?: (?:of|for|to) (?:the )?[A-Z][\w.]*(?: [A-Z][\w.]*)*)?, ")
PLURAL_TAGS = ("NNS", "NNPS")
BODY_PREPOSITIONS = ("for", "of", "at", "from", "with")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """An official whom the text has spoken of by office alone.

    Attributes:
        words: Those of the office, in small letters.
        start: Offset of that word.
        entity: Who that is, or the body or country that the official speaks for.
    """

    words: frozenset[str]
    start: int
    entity: Entity


class Offices:
    """Leads the offices of one document to people, bodies and countries."""

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        parties: Callable[[Token], list[Party]],
        side_of: Callable[[Entity], str | None],
        nationalities: Callable[[Token], Iterator[Entity]],
    ) -> None:
        self.reading, self.lists, self.lexicon = reading, rules.lists, reading.lexicon
        self.parties, self.side_of, self.nationalities = parties, side_of, nationalities
        self.incumbents = Incumbents(reading, rules, side_of)
        self.unnamed: list[Unnamed] = []
        self._words_by_person: dict[Entity, frozenset[str]] = {}

    def of(self, token: Token) -> list[Party]:
        """Whom an office or title means; nobody if that cannot be told."""
        role = token.lemma_.lower()
        match = self.reading.mentions.office_at(start_of(token))
        if match is not None and match.end < end_of(token):
            match = None
        if token.tag_ in PLURAL_TAGS or (match is None and role not in self._titles):
            return []
        if match is not None and self._runs_into_a_name(match):
            return []
        if (named := self._set_off(token)) is not None:
            return [named]
        countries = list(self.nationalities(token))
        found = self._resolved(token, role, match, countries)
        if len(found) == 1:
            self.unnamed.append(Unnamed(self._words(role, match), start_of(token), found[0].entity))
        return found

    def _resolved(self, token: Token, role: str, match: Match | None, countries: list[Entity]) -> list[Party]:
        sides = {country.iri for country in countries}
        is_indefinite = any(c.lower_ in self.lists["indefinite_words"] for c in token.children)
        words = self._words(role, match)
        if not is_indefinite:
            named = self._introduced(token, words, sides)
            same = self._same(token, words) if not countries else None
            if same is not None and (named is None or self._last_named(named.entity, token) < same.start):
                return [as_party(same.entity, token)]
            if named is not None:
                return [named]
        if sides and not sides & SIDES:  # “India's defense minister” is nobody of the two sides
            is_one = len(countries) == 1 and role in self.lists["official_roles"]
            return [as_party(countries[0], token)] if is_one else []
        if role in self.lists["spokes_roles"]:
            return self._spoken_for(token, match, countries)
        if is_indefinite or match is None:
            return []
        return self.incumbents.of(token, match, words, sides or self._side_of_others(token))

    @cached_property
    def _titles(self) -> frozenset[str]:
        lists = self.lists
        return lists["official_roles"] | lists["private_roles"] | lists["name_titles"]

    def _words(self, role: str, match: Match | None) -> frozenset[str]:
        """The words of an office as the text has them, without those for a country."""
        if match is None:
            return frozenset({role})
        names = [(m.start, m.end) for m in self.reading.mentions.agents_in(match.start, match.end)]
        words = self.reading.text[match.start : match.end].split()
        offset, found = match.start, set()
        for word in words:
            at = self.reading.text.index(word, offset)
            offset = at + len(word)
            if not any(start <= at < end for start, end in names):
                found.add(_plain(word))
        return frozenset(found - {"the", "of", "for", "and", "to", "s", ""}) or frozenset({role})

    def _runs_into_a_name(self, match: Match) -> bool:
        """“Foreign Minister *Park*”: a name that nobody knows stands right behind."""
        after = self.reading.text[match.end : match.end + 2]
        return (
            after[:1] == " " and after[1:].isupper() and self.reading.mentions.agent_at(match.end + 1) is None
        )

    def _set_off(self, token: Token) -> Party | None:
        """“The defense minister of Australia, *Richard Marles*, said”: the name behind an office."""
        gap = SET_OFF.match(self.reading.text, end_of(token))
        if gap is None:
            return None
        mention = self.reading.mentions.agent_at(gap.end())
        if mention is None or not mention.is_person or mention.start != gap.end():
            return None
        is_closed = self.reading.text[mention.end : mention.end + 1] in (",", ".")
        return Party(mention.entity, mention.start, mention.end, mention.capacity) if is_closed else None

    # ── Those whom the text has named ──

    def _introduced(self, token: Token, words: frozenset[str], sides: set[str | None]) -> Party | None:
        """The person last named whose office these words are."""
        offset = start_of(token)
        named = self._named_before(offset)
        is_definite = any(c.lower_ in self.lists["definite_words"] for c in token.children)
        if not is_definite and not sides and token.text[0].islower() and len(words) == 1:
            return None
        wanted = sides or self._side_of_others(token)
        called = [m for m, titles in named if words <= titles]
        fitting = called or [m for m, titles in named if words <= titles | self._office_words(m.entity)]
        if wanted:
            fitting = [m for m in fitting if self.side_of(m.entity) in wanted]
        elif self.incumbents.publishing_side is not None:
            own = [m for m in fitting if self.side_of(m.entity) == self.incumbents.publishing_side]
            if not own and len(words) == 1 and words <= self.lists["common_offices"]:
                return None
            fitting = own or fitting
        if not fitting:
            return None
        best = fitting[-1]
        if not wanted and self.incumbents.publishing_side is None and self._is_one_of_several(best, fitting):
            return None
        return Party(best.entity, offset, end_of(token), best.capacity or self._capacity(best.entity, words))

    def _is_one_of_several(self, best: Mention, fitting: list[Mention]) -> bool:
        """Whether the sentence that names a person last names another whose office it may be as well."""
        sentence = self.reading.sentence_at(best.start)
        begin = sentence.start if sentence is not None else best.start
        return any(m.entity != best.entity and m.start >= begin for m in fitting)

    def _named_before(self, offset: int) -> list[tuple[Mention, frozenset[str]]]:
        """Each person named before an offset: the last mention, and the titles that the text gave so far."""
        found: list[tuple[Mention, frozenset[str]]] = []
        for starts, mentions, titles in self._people:
            index = bisect_left(starts, offset) - 1
            if index >= 0:
                found.append((mentions[index], titles[index]))
        return sorted(found, key=lambda pair: pair[0].start)

    @cached_property
    def _people(self) -> list[tuple[list[int], list[Mention], list[frozenset[str]]]]:
        """The mentions of each person, where they begin, and the titles given up to each."""
        found: list[tuple[list[int], list[Mention], list[frozenset[str]]]] = []
        mentions = self.reading.mentions
        for entity in dict.fromkeys(m.entity for m in mentions.agents if m.is_person):
            own = mentions.of(entity)
            titles = [frozenset(map(_plain, m.titles)) for m in own]
            found.append(([m.start for m in own], own, list(accumulate(titles, or_))))
        return found

    def _office_words(self, person: Entity) -> frozenset[str]:
        """The words for the offices that a person held on the day, as the reference data give them."""
        if person not in self._words_by_person:
            date = self.reading.document.published
            held = self.lexicon.offices_of(person.iri, date) if person.iri is not None and date else []
            names = [name for office in held for name, language in office.names if language == "en"]
            words = frozenset(_plain(word) for name in names for word in name.split())
            self._words_by_person[person] = words
        return self._words_by_person[person]

    def _capacity(self, person: Entity, words: frozenset[str]) -> Entity | None:
        date = self.reading.document.published
        held = self.lexicon.offices_of(person.iri, date) if person.iri and date else []
        fitting = [o for o in held if words <= {_plain(w) for w in o.label.split()}]
        return as_entity(fitting[0]) if len(fitting) == 1 else None

    def _side_of_others(self, token: Token) -> set[str | None]:
        """The side of those whom a title is coordinated with: “*The President* and Secretary Yellen”."""
        others = conjuncts(token)[1:] + ([token.head] if token.dep_ == "conj" else [])
        named = [self.reading.mentions.agent_at(start_of(t)) for t in others]
        sides = {self.side_of(m.entity) for m in named if m is not None and m.is_person}
        return sides if token.lower_ == "president" else set()

    def _last_named(self, person: Entity, token: Token) -> int:
        """Where a person was last named before a word."""
        places = [m.start for m in self.reading.mentions.of(person) if m.start < start_of(token)]
        return max(places, default=-1)

    def _same(self, token: Token, words: frozenset[str]) -> Unnamed | None:
        """“The spokesperson” once the text has spoken of one."""
        if not any(c.lower_ in self.lists["definite_words"] for c in token.children):
            return None
        is_bare = not any(c.dep_ in ("compound", "amod", "poss", "nmod", "prep") for c in token.children)
        before = [u for u in self.unnamed if u.start < start_of(token)] if is_bare or len(words) > 1 else []
        spokes = self.lists["spokes_roles"]
        alike = [u for u in before if words <= u.words or (words <= spokes and u.words & spokes)]
        return alike[-1] if alike else None

    # ── Those who must be meant ──

    def _spoken_for(self, token: Token, match: Match | None, countries: list[Entity]) -> list[Party]:
        """Whom a spokesperson without a name speaks for: the body named behind, or the country."""
        governed = [t for name in BODY_PREPOSITIONS for t in obliques(token).get(name, [])]
        governed += [c for c in token.children if c.dep_ == "poss"]
        bodies = [p for t in governed for p in self.parties(t)]
        bodies = [p for p in bodies if self.lexicon.is_a(p.entity.kind, "Organization")]
        if len(bodies) == 1:
            return [as_party(bodies[0].entity, token)]
        countries = countries or [c for t in governed for c in self.nationalities(t)]
        if len(countries) == 1:
            return [as_party(countries[0], token)]
        if governed:
            words = self.reading.text[start_of(token.left_edge) : end_of(token.right_edge)]
            return [as_party(Entity("Official", " ".join(words.split())), token)] if len(words) < 80 else []
        before = [self.reading.mentions.agent_at(start_of(c)) for c in token.children if c.dep_ == "compound"]
        firms = [
            m.entity for m in before if m is not None and self.lexicon.is_a(m.entity.kind, "Organization")
        ]
        if len(firms) == 1:
            return [as_party(firms[0], token)]
        sides = {self.incumbents.country_of(e) for e in match.entries} if match is not None else set()
        side = next(iter(sides)) if len(sides) == 1 else None
        if side in SIDES and self.incumbents.is_at_home(token, side):
            return [as_party(as_entity(self.lexicon.entries[side]), token)]
        return []


def _plain(word: str) -> str:
    """A word of an office in one form: “Defence” and “Defense’s” alike."""
    bare = word.lower().strip(".,'").removesuffix("'s")
    bare = {"gen": "general", "adm": "admiral", "amb": "ambassador", "sen": "senator"}.get(bare, bare)
    return bare.replace("defence", "defense").replace("councillor", "councilor").replace("adviser", "advisor")
