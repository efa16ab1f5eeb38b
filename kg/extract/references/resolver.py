"""Who is meant by a word: names, offices, pronouns and common nouns, resolved within the document."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, conjuncts, obliques, surface_subject
from kg.extract.references.discourse import Discourse, Party
from kg.extract.rules import GroupRule, Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.lexicon import Entry, Match
from kg.model import Entity
from kg.terms import ID

SINGULAR = frozenset(["he", "she", "him", "her", "his", "hers", "himself", "herself"])
PLURAL = frozenset(["they", "them", "their", "theirs", "themselves", "both"])
SPEAKER = frozenset(["i", "me", "my", "mine", "myself"])
SPEAKERS = frozenset(["we", "us", "our", "ours", "ourselves"])
MODIFIERS = ("amod", "compound", "poss", "nmod", "nummod", "det", "conj", "punct", "cc", "advmod")
COLLECTIVES = frozenset(
    {"party", "president", "minister", "side", "leader", "principal", "team", "delegation"}
)
OFFICIAL = "official"
COUNTERPARTS = frozenset(
    {"counterpart", "spokesperson", "spokesman", "spokeswoman", "envoy", "negotiator", "person"}
)
BESIDE = re.compile(r", (?:(?:Gen|Adm|Lt|Col|Mr|Mrs|Ms|Dr)\. )?")
AND = re.compile(r",? and (?:(?:Gen|Adm|Lt|Col|Mr|Mrs|Ms|Dr)\. )?")
PAIR_WORDS = frozenset(["two", "both"])
# Between two names that the parser ran together: “and”, then only a title.
JOINED = re.compile(r",? and (?:[A-Z][\w.'-]* ){0,8}")
# Between an office and the name of who holds it.
RANK = re.compile(r",? (?:[A-Z][\w.]* ){0,3}")
LONGEST_RANK = 40
UNITED_STATES = str(ID["country/united-states"])
CHINA = str(ID["country/china"])


class Resolver:
    """Resolves words of one document."""

    def __init__(self, reading: Reading, rules: Rules, discourse: Discourse) -> None:
        self.reading, self.rules, self.discourse = reading, rules, discourse
        self.lexicon = reading.lexicon
        self.used: list[tuple[GroupRule, str]] = []

    def parties(self, token: Token, *, unknown: bool = False) -> list[Party]:
        """Whom `token` means; nobody if that cannot be told.

        Args:
            token: Head of a noun phrase.
            unknown: Whether a name that the reference data lack becomes an agent of this document.
        """
        for resolve in (
            self._pronoun,
            self._named,
            self._titled,
            self._apposition,
            self._beside,
            self._office,
            self._common,
            self._body,
        ):
            found = resolve(token)
            if found:
                return found
        return self._unknown(token) if unknown else []

    def all_parties(self, tokens: Iterable[Token], *, unknown: bool = False) -> list[Party]:
        """Whom several words mean, each once, in order."""
        found: dict[Entity, Party] = {}
        for token in tokens:
            for party in self.parties(token, unknown=unknown):
                found.setdefault(party.entity, party)
        return list(found.values())

    def country(self, iri: str, token: Token) -> Party:
        """One of the two sides, as meant by `token`."""
        return _party(_entity(self.lexicon.entries[iri]), token)

    def sides(self, token: Token) -> list[Party]:
        """The United States and China."""
        return [self.country(iri, token) for iri in (UNITED_STATES, CHINA) if iri in self.lexicon.entries]

    def owners(self, token: Token) -> list[Party]:
        """The countries whose a thing is said to be: “*Chinese* electric vehicles”."""
        return [_party(country, token) for country in self._nationalities(token)]

    def side_of(self, entity: Entity) -> str | None:
        """The country that an agent speaks for."""
        if entity.iri is None:
            return entity.represents
        if entity.kind == "Country":
            return entity.iri
        entry = self.lexicon.entries.get(entity.iri)
        return entry.represents if entry else None

    @cached_property
    def publishing_side(self) -> str | None:
        """The country whose government published the document."""
        entries = self.lexicon.lookup(self.reading.document.publisher or "", ["Government"])
        return entries[0].represents if len(entries) == 1 else None

    def _pronoun(self, token: Token) -> list[Party]:
        word = token.lower_
        if word in SPEAKER and self.discourse.voice:
            return [self.discourse.voice]
        if word in SPEAKERS and self.discourse.voice and (side := self.side_of(self.discourse.voice.entity)):
            return [self.country(side, token)]
        if word in SINGULAR and token.text != "Ho":
            return [_moved(party, token) for party in self._he(token)]
        if word in ("it", "its") and (body := self._above(token, "Organization", "Country")) is not None:
            return [_moved(body, token)]
        if word in PLURAL and (named := self._of_clause(token)):
            return named
        if word == "leaders" and self.reading.text.startswith("The two", start_of(token)):
            return [_moved(party, token) for party in self._pair(token)]
        if word in PLURAL and (token.pos_ == "PRON" or (word == "both" and not list(token.children))):
            return [_moved(party, token) for party in self.discourse.plural or self._pair(token)]
        return []

    def _he(self, token: Token) -> list[Party]:
        """The person whom “he” or “him” means; an object is never the subject of its own clause."""
        own: list[Entity] = []
        if token.dep_ in ("dobj", "pobj", "dative") and token.lower_ in ("him", "her"):
            clause = clause_above(token)
            subject = surface_subject(clause) if clause is not None else None
            own = [p.entity for t in (conjuncts(subject) if subject is not None else ())
                   for p in (self._named(t) or self._pronoun(t))]  # fmt: skip
            begin = start_of(token.sent[0])
            near = [m for m in self.reading.mentions.agents_in(begin, start_of(token)) if m.is_person]
            others = [m for m in near if m.entity not in own]
            if others:
                return [Party(others[-1].entity, others[-1].start, others[-1].end)]
        elif (named := self._above(token, "Person")) is not None:
            return [named]
        return [p for p in self.discourse.persons if p.entity not in own][-1:]

    def _above(self, token: Token, *kinds: str) -> Party | None:
        """The one agent who is the subject of a clause above: “*Rubio* said that *he* hopes …”."""
        clause = clause_above(token)
        while clause is not None:
            subject = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            if subject is not None and subject.i < token.i and token not in set(subject.subtree):
                named = [p for t in conjuncts(subject) for p in self._named(t)]
                fitting = [p for p in named if any(self.lexicon.is_a(p.entity.kind, k) for k in kinds)]
                if len(named) == len(fitting) == 1:
                    return fitting[0]
            clause = clause_above(clause)
        return None

    def _of_clause(self, token: Token) -> list[Party]:
        """Several subjects of the clause around a plural pronoun: “*X and Y* praised *their* talks”."""
        clause = clause_above(token)
        subject = surface_subject(clause) if clause is not None else None
        if clause is not None and subject == token:  # “X and Y met in Busan, where *they* agreed …”
            clause = clause_above(clause)
            subject = surface_subject(clause) if clause is not None else None
        if subject is None or subject == token or token in set(subject.subtree):
            return []
        found = [p for t in conjuncts(subject) for p in self._named(t)]
        return [_moved(party, token) for party in found] if len(found) > 1 else []

    def _named(self, token: Token) -> list[Party]:
        mention = self.reading.mentions.agent_at(start_of(token))
        if mention is None or self._only_modifies(token, mention.end):
            return []
        own = Party(mention.entity, mention.start, mention.end, mention.capacity)
        return [*self._run_together(token, own), own]

    def _run_together(self, token: Token, own: Party) -> list[Party]:
        """“President *A* and State Chairman B”, which the parser takes for one long name of B."""
        if token.pos_ != "PROPN":
            return []
        begin = start_of(token.left_edge)
        before = [m for m in self.reading.mentions.agents_in(begin, own.start) if m.is_person]
        return [
            Party(m.entity, m.start, m.end, m.capacity)
            for m in before
            if m.entity != own.entity and JOINED.fullmatch(self.reading.text, m.end, own.start)
        ]

    def _only_modifies(self, token: Token, end: int) -> bool:
        """Whether a name is but a modifier of `token` (“the *Chinese* officials”)."""
        return end < end_of(token)

    def _titled(self, token: Token) -> list[Party]:
        """“*Minister* of National Defense Admiral Dong Jun”: the person whose name the title runs into."""
        match = self.reading.mentions.office_at(start_of(token))
        if match is None:
            return []
        after = self.reading.mentions.agents_in(match.end, match.end + LONGEST_RANK)
        person = next((m for m in after if m.is_person), None)
        if person is None or not RANK.fullmatch(self.reading.text, match.end, person.start):
            return []
        return [Party(person.entity, person.start, person.end, person.capacity)]

    def _office(self, token: Token) -> list[Party]:
        match = self.reading.mentions.office_at(start_of(token))
        if match is None or match.end < end_of(token) or token.tag_ in ("NNS", "NNPS"):
            return []
        return self._holder(match, token)

    def _holder(self, match: Match, token: Token) -> list[Party]:
        """The holder of an office: of those named so far, or the only one in office."""
        date = self.reading.document.published
        holders = {h.iri: (h, e) for e in match.entries for h in self.lexicon.holders(e.iri, date)}
        for party in reversed([*self.discourse.principals, *self.discourse.persons]):
            if party.entity.iri in holders:
                return [Party(party.entity, start_of(token), end_of(token),
                              _entity(holders[party.entity.iri][1]))]  # fmt: skip
        side = self.publishing_side
        if len(holders) > 1 and side is not None:  # “the President” in a text of his own government
            holders = {iri: held for iri, held in holders.items() if self.side_of(_entity(held[0])) == side}
        if (len(match.entries) == 1 or side is not None) and len(holders) == 1 and date:
            (entry, office) = next(iter(holders.values()))
            return [Party(_entity(entry), start_of(token), end_of(token), _entity(office))]
        return []

    def _common(self, token: Token) -> list[Party]:
        lemma, is_plural = _lemma(token), token.tag_ in ("NNS", "NNPS")
        for rule in self.rules.groups:
            if lemma in rule.nouns and (is_plural or not rule.plural):
                found = self._group(rule, token, is_plural=is_plural)
                if found:
                    self.used.append((rule, token.text))
                    return found
        return []

    def _group(self, rule: GroupRule, token: Token, *, is_plural: bool) -> list[Party]:
        countries = list(self._nationalities(token))
        if rule.meaning in ("pair", "sides"):
            if countries or not self._is_both(token):
                return []
            return self._pair(token, rule.principals) if rule.meaning == "pair" else self.sides(token)
        if rule.meaning == "country":
            countries = countries or self._same_official(token)
            if len(countries) == 1 and token.lemma_.lower() == OFFICIAL:
                self.discourse.office = countries[0]
            return [_party(country, token) for country in countries]
        if rule.meaning == "group" and is_plural:
            return list(self._unnamed(rule.kind, token, countries))
        return []

    def _is_both(self, token: Token) -> bool:
        """“The *two* leaders”, “*both* sides”, “*the* sides”, “leaders of the *two* countries”."""
        words = {child.lower_ for child in token.children if child.dep_ in MODIFIERS}
        if words & PAIR_WORDS or (_lemma(token) in COLLECTIVES and words & {"the", "their", "our"}):
            return True
        if any(child.dep_ == "poss" and self._is_both(child) for child in token.children):
            return True
        return any(self._is_both(t) for t in obliques(token).get("of", []))

    def _pair(self, token: Token, kind: str = "Person") -> list[Party]:
        people = [p for p in self.discourse.principals if self.lexicon.is_a(p.entity.kind, kind)]
        if len(people) == 2:
            return [_moved(party, token) for party in people]
        return self.sides(token)

    def _nationalities(self, token: Token) -> Iterator[Entity]:
        """The countries that modify a noun: “*U.S. and Chinese* officials”, “officials *from China*”."""
        modifiers = [c for child in token.children if child.dep_ in MODIFIERS and child.i < token.i
                     for c in (child, *(g for g in child.subtree if g != child))]  # fmt: skip
        modifiers += [t for name in ("of", "from") for t in obliques(token).get(name, [])]
        seen: set[str | None] = set()
        for modifier in modifiers:
            mention = self.reading.mentions.agent_at(start_of(modifier))
            country = self._country_of(mention.entity) if mention else None
            if country is not None and country.iri not in seen:
                seen.add(country.iri)
                yield country

    def _country_of(self, entity: Entity) -> Entity | None:
        """A country, or that of a government body (“a *White House* official”)."""
        if entity.kind == "Country":
            return entity
        side = self.side_of(entity) if self.lexicon.is_a(entity.kind, "Government") else None
        return _entity(self.lexicon.entries[side]) if side in self.lexicon.entries else None

    def _same_official(self, token: Token) -> list[Entity]:
        """“a senior *administration* official”, and “the official” once it is known whose."""
        words = {child.lower_ for child in token.children if child.dep_ in MODIFIERS}
        if token.lemma_.lower() != OFFICIAL:
            return []
        if "administration" in words:
            return [_entity(self.lexicon.entries[UNITED_STATES])]
        return [self.discourse.office] if self.discourse.office and words & {"the", "this"} else []

    def _unnamed(self, kind: str, token: Token, countries: list[Entity]) -> Iterator[Party]:
        """An unnamed plurality in the words of the text, one for each nationality."""
        words = [c for c in token.children if c.dep_ in ("compound", "amod") and c.i < token.i
                 and not self._is_nationality(c)]  # fmt: skip
        noun = " ".join(t.text for t in (*words, token))
        if not countries:
            yield _party(Entity(kind, noun.lower() if not noun.isupper() else noun), token)
        for country in countries:
            short = self._adjective(token, country)
            yield _party(Entity(kind, f"{short} {noun}", None, country.iri), token)

    def _adjective(self, token: Token, country: Entity) -> str:
        for child in token.subtree:
            mention = self.reading.mentions.agent_at(start_of(child))
            if mention and mention.entity == country:
                return self.reading.words(mention.start, mention.end)
        return country.label

    def _is_nationality(self, token: Token) -> bool:
        mention = self.reading.mentions.agent_at(start_of(token))
        return mention is not None and mention.entity.kind == "Country"

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
                 for p in self._named(t)]  # fmt: skip
        if len(named) != 1 or token.tag_ not in ("NNS", "NNPS"):
            return named
        shown = self.side_of(named[0].entity)
        return named + [_party(c, token) for c in self._nationalities(token) if c.iri != shown]

    def _beside(self, token: Token) -> list[Party]:
        """“his Chinese counterpart, *Gen. Wei Fenghe*,”: names that the parser hangs elsewhere."""
        if token.lemma_.lower() not in COUNTERPARTS:
            return []
        found: list[Party] = []
        end = end_of(token)
        while (start := (AND if found else BESIDE).match(self.reading.text, end)) is not None:
            person = self._person_at(start.end())
            if person is None:
                break
            found.append(person)
            end = person.end
        return found

    def _person_at(self, offset: int) -> Party | None:
        """The person whose name begins at an offset, or behind the office that does."""
        office = self.reading.mentions.office_at(offset)
        if office is not None and office.start == offset:
            offset = office.end + 1
        mention = self.reading.mentions.agent_at(offset)
        if mention is None or not mention.is_person or mention.start > offset:
            return None
        return Party(mention.entity, mention.start, mention.end, mention.capacity)

    def _unknown(self, token: Token) -> list[Party]:
        if token.pos_ != "PROPN" or not token.text[0].isupper():
            return []
        words = [c for c in token.children if c.dep_ == "compound" and c.pos_ == "PROPN" and c.i < token.i]
        first = words[0] if words else token
        start, end = start_of(first), end_of(token)
        label = self.reading.words(start, end)
        if any(word.lower().strip(".,") in self.rules.lists["organization_words"] for word in label.split()):
            return [Party(Entity("Organization", label), start, end)]
        if 2 <= len(label.split()) <= 4:
            return [Party(Entity("Person", label), start, end)]
        return []


def _lemma(token: Token) -> str:
    """The dictionary form; of a plural in capitals (“the *Parties*”), which the model leaves alone, too."""
    lemma = token.lemma_.lower()
    if token.tag_ != "NNPS":
        return lemma
    return f"{lemma[:-3]}y" if lemma.endswith("ies") else lemma.removesuffix("s")


def _entity(entry: Entry) -> Entity:
    return Entity(entry.kind, entry.label, entry.iri)


def _party(entity: Entity, token: Token) -> Party:
    return Party(entity, start_of(token), end_of(token))


def _moved(party: Party, token: Token) -> Party:
    return Party(party.entity, start_of(token), end_of(token), party.capacity)
