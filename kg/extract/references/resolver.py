"""Who is meant by a word: names, offices, pronouns and common nouns, resolved within the document."""

import re
from collections.abc import Iterable

from spacy.tokens import Token

from kg.extract.clauses.en import conjuncts
from kg.extract.references.discourse import Discourse, Party
from kg.extract.references.groups import Groups
from kg.extract.references.incumbents import as_party, moved
from kg.extract.references.introductions import is_chinese
from kg.extract.references.mention import as_entity
from kg.extract.references.name_runs import NameRuns
from kg.extract.references.offices import Offices
from kg.extract.references.pairs import CHINA, SIDES, TAIWAN, UNITED_STATES, Pairs
from kg.extract.references.pronouns import Pronouns
from kg.extract.rules import GroupRule, Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.model import Entity

NAME_PARTS = ("compound", "amod", "nmod", "nummod")
LONGEST_NAME = 4  # words of a person's name
TITLE_WORD = re.compile(r"([A-Za-z]+)\.? ")


__all__ = ["CHINA", "UNITED_STATES", "Resolver"]


class Resolver:
    """Resolves words of one document."""

    def __init__(self, reading: Reading, rules: Rules, discourse: Discourse) -> None:
        self.reading, self.rules, self.discourse = reading, rules, discourse
        self.lexicon = reading.lexicon
        self.pairs = Pairs(reading, rules, discourse, self.parties, self.side_of)
        self.groups = Groups(reading, rules, discourse, self.pairs, self.side_of, self.parties)
        self.offices = Offices(reading, rules, self.parties, self.side_of, self.groups.nationalities)
        self.pronouns = Pronouns(reading, rules, discourse, self.parties)
        self.name_runs = NameRuns(reading)
        self._open: set[tuple[int, int]] = set()

    def parties(self, token: Token, *, unknown: bool = False) -> list[Party]:
        """Whom `token` means; nobody if that cannot be told.

        Args:
            token: Head of a noun phrase.
            unknown: Whether a name that the reference data lack becomes an agent of this document.
        """
        place = (start_of(token), end_of(token))
        if place in self._open:
            return []  # “*they* told *them*”: each leads to the other, and so to nobody
        self._open.add(place)
        try:
            return self._found(token) or (self._unknown(token) if unknown else [])
        finally:
            self._open.discard(place)

    def _found(self, token: Token) -> list[Party]:
        """Whom a word of some kind means, the first kind that fits."""
        for resolve in (
            self._pronoun,
            self._named,
            self.name_runs.titled,
            self._apposition,
            self.name_runs.beside,
            self.offices.of,
            self.groups.of,
            self._body,
        ):
            found = resolve(token)
            if found:
                return found
        return []

    def in_office(self, role: str, offset: int) -> Party | None:
        """Whom “The President” means as the label of a turn."""
        return self.offices.incumbents.labelled(role, offset)

    @property
    def used(self) -> list[tuple[GroupRule, str]]:
        """The rules for groups that applied, with their words."""
        return self.groups.used

    def all_parties(self, tokens: Iterable[Token], *, unknown: bool = False) -> list[Party]:
        """Whom several words mean, each once, in order."""
        found: dict[Entity, Party] = {}
        for token in tokens:
            for party in self.parties(token, unknown=unknown):
                found.setdefault(party.entity, party)
        return list(found.values())

    def country(self, iri: str, token: Token) -> Party:
        """One of the two sides, as meant by `token`."""
        return as_party(as_entity(self.lexicon.entries[iri]), token)

    def sides(self, token: Token) -> list[Party]:
        """The United States and China."""
        return list(self.pairs.countries(token))

    def owners(self, token: Token) -> list[Party]:
        """The countries whose a thing is said to be: “*Chinese* electric vehicles”."""
        return [as_party(country, token) for country in self.groups.nationalities(token)]

    def side_of(self, entity: Entity) -> str | None:
        """The country that an agent speaks for."""
        if entity.iri is None:
            return entity.represents
        if entity.kind == "Country":
            return entity.iri
        entry = self.lexicon.entries.get(entity.iri)
        return entry.represents if entry else None

    def presumed_side(self, entity: Entity) -> str | None:
        """The side that somebody must be of to matter here: the known one, or that of which the name is.

        It tells only whether an exchange is between the two countries, and is never said of the person.
        """
        side = self.side_of(entity)
        if side is not None or entity.iri is not None or not self.lexicon.is_a(entity.kind, "Person"):
            return side
        words = entity.label.split()
        if is_chinese(words, self.rules.lists):
            return CHINA
        sides = {entry.represents for entry in self.lexicon.lookup(words[-1], ["Person"])}
        return UNITED_STATES if sides == {UNITED_STATES} else None

    def concerns(self, parties: Iterable[Party], start: int, end: int) -> bool:
        """Whether what `parties` say between two offsets is about the two countries.

        What somebody of a third country says is so if it names one of them, and what is said together with
        one of them if it names the other.
        """
        sides = {self.side_of(party.entity) for party in parties} - {None}
        if sides <= SIDES or sides == {TAIWAN} or sides >= SIDES:
            return True
        named = {self.side_of(mention.entity) for mention in self.reading.mentions.agents_in(start, end)}
        return bool(named & (SIDES - sides))

    @property
    def publishing_side(self) -> str | None:
        """The country whose government published the document."""
        return self.offices.incumbents.publishing_side

    def _pronoun(self, token: Token) -> list[Party]:
        word, lists = token.lower_, self.rules.lists
        if word in lists["speaker_pronouns"] and self.discourse.voice:
            return [self.discourse.voice]
        if word in lists["speakers_pronouns"] and self.discourse.voice:
            side = self.side_of(self.discourse.voice.entity)
            return [self.country(side, token)] if side else []
        if word in lists["person_pronouns"] and token.text != "Ho":
            return [moved(party, token) for party in self.pronouns.person(token)]
        if word in lists["thing_pronouns"]:
            return [moved(party, token) for party in self.pronouns.thing(token)]
        if word == "leaders" and self.reading.text.startswith("The two", start_of(token)):
            return self.groups.pair(token)
        if word == "both" and token.pos_ != "PRON":
            return self.groups.pair(token) if not list(token.children) else []
        if word in lists["plural_pronouns"]:
            found = self.pronouns.people(token)
            if found is None and self._tells_of_one_exchange:
                found = list(self.discourse.plural) or self.groups.pair(token)
            return [moved(party, token) for party in found or ()]
        return []

    @property
    def _tells_of_one_exchange(self) -> bool:
        return self.reading.document.kind in ("Readout", "JointStatement", "Post")

    def _named(self, token: Token) -> list[Party]:
        mention = self.reading.mentions.agent_at(start_of(token))
        if mention is None or self._only_modifies(token, mention.end):
            return []
        own = Party(mention.entity, mention.start, mention.end, mention.capacity)
        if not mention.is_person:
            return [*self.name_runs.run_together(token, own), own]
        runs = self.name_runs
        return [*runs.run_together(token, own), own, *runs.listed(own), *runs.split(token, own)]

    def _only_modifies(self, token: Token, end: int) -> bool:
        """Whether a name is but a modifier of `token` (“the *Chinese* officials”)."""
        return end < end_of(token)

    def _body(self, token: Token) -> list[Party]:
        """“*The ministry* said”: the organization last named whose name has that word."""
        if token.tag_ != "NN" or token.lower_ not in self.rules.lists["organization_words"]:
            return []
        if [c.lower_ for c in token.children if c.dep_ in ("det", "amod", "compound", "poss", "nmod")] != [
            "the"
        ]:
            return []
        before = self.reading.mentions.agents_in(0, start_of(token))
        for mention in reversed(before):
            names = f"{mention.entity.label} {self.reading.text[mention.start : mention.end]}".lower().split()
            if token.lower_ in names and self.lexicon.is_a(mention.entity.kind, "Organization"):
                return [Party(mention.entity, start_of(token), end_of(token))]
        return []

    def _apposition(self, token: Token) -> list[Party]:
        """Who is named behind a noun; of a plural with one name the sides that the name leaves out too."""
        named = [p for child in token.children if child.dep_ == "appos" for t in conjuncts(child)
                 for p in self._named(t) or self.name_runs.titled(t)]  # fmt: skip
        if len(named) != 1 or token.tag_ not in ("NNS", "NNPS"):
            return named
        shown = self.side_of(named[0].entity)
        return named + [as_party(c, token) for c in self.groups.nationalities(token) if c.iri != shown]

    def _speaks_as_name(self, token: Token) -> bool:
        """“*Price* said that …”: a word of the language as a name, for a noun would have an article."""
        lists = self.rules.lists
        is_bare = token.tag_ == "NN" and token.dep_ == "nsubj" and not list(token.children)
        is_common = token.lemma_.lower() in lists["person_nouns"] | lists["role_words"]
        return is_bare and not is_common and token.head.lemma_.lower() in lists["speech_verbs"]

    def _unknown(self, token: Token) -> list[Party]:
        """Somebody or something with a name that the reference data lack, as an agent of this document."""
        is_name = token.pos_ == "PROPN" or self._speaks_as_name(token)
        if not is_name or not token.text[0].isupper():
            return []
        start, end = self._name_around(token)
        while (title := TITLE_WORD.match(self.reading.text, start, end)) is not None:
            if title[1].lower() not in self.rules.lists["name_titles"]:
                break
            start = title.end()
        label = " ".join(self.reading.words(start, end).split())
        words = [word.strip(".,") for word in label.split()]
        if words and words[-1].lower() in self.rules.lists["role_words"]:
            return []  # “Chinese Communist Party Politburo *Member*” is an office
        if self._is_organization(start, end, words):
            return [Party(Entity("Organization", label), start, end)]
        if len(words) == 1:
            is_known = bool(self.lexicon.lookup(label, ["Person"]))
            return [Party(Entity("Person" if is_known else "Agent", label), start, end)]
        return [Party(Entity("Person", label), start, end)] if len(words) <= LONGEST_NAME else []

    def _name_around(self, token: Token) -> tuple[int, int]:
        """The offsets of a whole name: “Hong Kong Free *Press*”, “*Bank* of China”."""
        words = [c for c in token.lefts if c.dep_ in NAME_PARTS and c.text[0].isupper()]
        first = min((c.left_edge for c in words), key=lambda t: t.i, default=token)
        while not first.text[0].isupper() and first.i < token.i:
            first = first.nbor()
        end = end_of(token)
        for preposition in (c for c in token.rights if c.lower_ == "of" and c.i == token.i + 1):
            governed = [c for c in preposition.children if c.dep_ == "pobj" and c.pos_ == "PROPN"]
            end = max([end, *(end_of(c) for c in governed)])
        return start_of(first), end

    def _is_organization(self, start: int, end: int, words: list[str]) -> bool:
        """Whether a name has a word of organizations, or a country or place in it (“*China* Mobile”)."""
        lists = self.rules.lists
        plain = {word.lower() for word in words}
        if plain & (lists["organization_words"] | lists["company_words"] | lists["media_words"]):
            return True
        mentions = self.reading.mentions
        is_placed = any(m.entity.kind == "Country" for m in mentions.agents_in(start, end))
        return len(words) > 1 and (is_placed or bool(mentions.places_in(start, end)))
