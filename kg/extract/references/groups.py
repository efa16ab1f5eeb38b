"""Resolves common nouns: “both sides”, “Chinese officials”, “analysts”."""

from collections.abc import Callable, Iterator

from spacy.tokens import Token

from kg.extract.clauses.en import obliques
from kg.extract.references.discourse import Discourse, Party
from kg.extract.references.incumbents import as_party, moved
from kg.extract.references.mention import as_entity
from kg.extract.references.pairs import UNITED_STATES, Pairs
from kg.extract.rules import GroupRule, Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.model import Entity

MODIFIERS = ("amod", "compound", "poss", "nmod", "nummod", "det", "conj", "punct", "cc", "advmod")
COLLECTIVES = frozenset(
    {"party", "president", "minister", "side", "leader", "principal", "team", "delegation"}
)
OFFICIAL = "official"
PAIR_WORDS = frozenset(["two", "both"])


class Groups:
    """Applies the rules for groups to the nouns of one document."""

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        discourse: Discourse,
        pairs: Pairs,
        side_of: Callable[[Entity], str | None],
        parties: Callable[[Token], list[Party]],
    ) -> None:
        self.reading, self.rules, self.discourse = reading, rules, discourse
        self.parties = parties
        self.pairs, self.side_of, self.lexicon = pairs, side_of, reading.lexicon
        self.used: list[tuple[GroupRule, str]] = []

    def of(self, token: Token) -> list[Party]:
        """Whom a common noun means, by the rules for groups."""
        lemma, is_plural = token.lemma_.lower(), token.tag_ in ("NNS", "NNPS")
        for rule in self.rules.groups:
            if lemma in rule.nouns and (is_plural or not rule.plural):
                found = self._group(rule, token, is_plural=is_plural)
                if found:
                    self.used.append((rule, token.text))
                    return found
        return []

    def _group(self, rule: GroupRule, token: Token, *, is_plural: bool) -> list[Party]:
        countries = list(self.nationalities(token))
        if rule.meaning in ("pair", "sides"):
            if countries or not self._is_both(token):
                return []
            return self.pair(token, rule.principals if rule.meaning == "pair" else None)
        if rule.meaning == "country":
            countries = countries or self._led_by(token) or self._same_official(token)
            if len(countries) == 1 and token.lemma_.lower() == OFFICIAL:
                self.discourse.office = countries[0]
            return [as_party(country, token) for country in countries]
        if rule.meaning == "group" and is_plural:
            return list(self._unnamed(rule.kind, token, countries))
        return []

    def _is_both(self, token: Token) -> bool:
        """“The *two* leaders”, “*both* sides”, “*the* sides”, “leaders of the *two* countries”."""
        words = {child.lower_ for child in token.children if child.dep_ in MODIFIERS}
        if words & PAIR_WORDS or (token.lemma_.lower() in COLLECTIVES and words & {"the", "their", "our"}):
            return True
        if any(child.dep_ == "poss" and self._is_both(child) for child in token.children):
            return True
        if token.dep_ == "pobj" and token.head.lower_ == "between" and words & {"the", "their", "our"}:
            return token.tag_ in ("NNS", "NNPS") and not any(c.dep_ == "conj" for c in token.children)
        return any(self._is_both(t) for t in obliques(token).get("of", []))

    def pair(self, token: Token, kind: str | None = "Person") -> list[Party]:
        """Both of two: of those who dealt with each other right before, or the two countries."""
        others = self.pairs.of(token)
        if others is not None:
            return [moved(party, token) for party in others]
        people = [p for p in self.discourse.principals if kind and self.lexicon.is_a(p.entity.kind, kind)]
        if len(people) == 2:
            return [moved(party, token) for party in people]
        return list(self.pairs.countries(token)) if self.pairs.is_between_the_two else []

    def nationalities(self, token: Token) -> Iterator[Entity]:
        """The countries that modify a noun: “*U.S. and Chinese* officials”, “officials *from China*”."""
        modifiers = [c for child in token.children if child.dep_ in MODIFIERS and child.i < token.i
                     for c in (child, *(g for g in child.subtree if g != child))]  # fmt: skip
        below = [t for name in ("of", "from") for t in obliques(token).get(name, [])]
        modifiers += below
        if token.lemma_.lower() in COLLECTIVES:  # “a delegation of *U.S.* senators”
            modifiers += [c for t in below for c in t.children if c.dep_ in MODIFIERS and c.i < t.i]
        seen: set[str | None] = set()
        for modifier in modifiers:
            mention = self.reading.mentions.agent_at(start_of(modifier))
            country = self._country_of(mention.entity, token) if mention else None
            if country is not None and country.iri not in seen:
                seen.add(country.iri)
                yield country

    def _country_of(self, entity: Entity, noun: Token) -> Entity | None:
        """A country, or that of a body or head of government (“a *White House* official”)."""
        if entity.kind == "Country":
            return entity
        kind = "Person" if noun.lemma_.lower() in self.rules.lists["cabinet_nouns"] else "Government"
        side = self.side_of(entity) if self.lexicon.is_a(entity.kind, kind) else None
        return as_entity(self.lexicon.entries[side]) if side in self.lexicon.entries else None

    def _led_by(self, noun: Token) -> list[Entity]:
        """“*his* administration”: the country whose head of government “his” means."""
        if noun.lemma_.lower() not in self.rules.lists["cabinet_nouns"]:
            return []
        owners = [c for c in noun.children if c.dep_ == "poss" and c.tag_ == "PRP$"]
        sides = {
            self.side_of(p.entity) for c in owners for p in self.parties(c) if p.entity.kind != "Country"
        }
        return [as_entity(self.lexicon.entries[iri]) for iri in sides if iri in self.lexicon.entries]

    def _same_official(self, token: Token) -> list[Entity]:
        """“a senior *administration* official”, and “the official” once it is known whose."""
        words = {child.lower_ for child in token.children if child.dep_ in MODIFIERS}
        if token.lemma_.lower() != OFFICIAL:
            return []
        if "administration" in words:
            return [as_entity(self.lexicon.entries[UNITED_STATES])]
        return [self.discourse.office] if self.discourse.office and words & {"the", "this"} else []

    def unnamed(self, noun: Token) -> list[Party]:
        """A plural noun as people without a name."""
        return list(self._unnamed("Group", noun, list(self.nationalities(noun))))

    def _unnamed(self, kind: str, token: Token, countries: list[Entity]) -> Iterator[Party]:
        """An unnamed plurality in the words of the text, one for each nationality."""
        words = [c for c in token.children if c.dep_ in ("compound", "amod") and c.i < token.i
                 and not self._is_nationality(c)]  # fmt: skip
        parts = [w for t in words for w in self._with_place(t)] + [token]
        noun = " ".join(self.reading.words(start_of(t), end_of(t)) for t in parts)
        if not countries:
            yield as_party(Entity(kind, noun.lower() if not noun.isupper() else noun), token)
        for country in countries:
            short = self._adjective(token, country)
            yield as_party(Entity(kind, f"{short} {noun}", None, country.iri), token)

    def _with_place(self, token: Token) -> list[Token]:
        """A modifier, with the rest of the place name that it ends (“*Hong* Kong officials”)."""
        places = self.reading.mentions.places_in(start_of(token.left_edge), end_of(token))
        return list(token.subtree) if places else [token]

    def _adjective(self, token: Token, country: Entity) -> str:
        for child in token.subtree:
            mention = self.reading.mentions.agent_at(start_of(child))
            if mention and mention.entity == country:
                return self.reading.words(mention.start, mention.end)
        return country.label

    def _is_nationality(self, token: Token) -> bool:
        mention = self.reading.mentions.agent_at(start_of(token))
        return mention is not None and mention.entity.kind == "Country"
