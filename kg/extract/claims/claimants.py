"""Finds who makes a claim: the subject of a reporting word, a body it stands for, a group without a name."""

from spacy.tokens import Token

from kg.extract.clauses.en import is_passive, objects, subjects
from kg.extract.clauses.en_reporting import QUOTING, is_it, quoting_verb
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import end_of, start_of
from kg.model import Entity


class Claimants:
    """Resolves the sources of reporting words in one document."""

    def __init__(self, rules: Rules, resolver: Resolver) -> None:
        self.rules, self.resolver = rules, resolver

    def of_verb(self, verb: Token) -> list[Party]:
        """Who says what a verb of saying reports."""
        if verb.lemma_ in QUOTING and is_passive(verb):  # “…,” Xi was quoted as saying by Xinhua
            return self.resolver.all_parties(objects(verb), unknown=True)
        if (quoted := quoting_verb(verb)) is not None:  # “Xinhua quoted Xi as saying”, “as saying” a clause
            return self.resolver.all_parties(objects(quoted), unknown=True)
        sources = subjects(verb)
        named = self.resolver.all_parties(sources, unknown=True)
        if len(sources) == 1 and len(named) == 2 and self._is_two(sources[0]):
            return self._countries(named, sources[0])
        return named or self.body(sources) or self._group(verb, sources)

    def _is_two(self, noun: Token) -> bool:
        """“The *two leaders* agreed …”, who speak for their countries; “both leaders” are the persons."""
        words = {child.lower_ for child in noun.children if child.i < noun.i}
        is_head = noun.lemma_.lower() in self.rules.lists["head_nouns"]
        return is_head and bool(words & self.rules.lists["two_words"])

    def _countries(self, people: list[Party], noun: Token) -> list[Party]:
        sides = [self.resolver.side_of(party.entity) for party in people]
        return [self.resolver.country(s, noun) for s in sides if s is not None] if all(sides) else people

    def _group(self, verb: Token, sources: list[Token]) -> list[Party]:
        """“*Chipmakers* warned”, “*one diplomat* said”: people without a name, as a group of the document."""
        lists = self.rules.lists
        if len(sources) != 1 or verb.lemma_.lower() not in lists["speech_verbs"]:
            return []
        noun, lemma = sources[0], sources[0].lemma_.lower()
        words = {child.lower_ for child in noun.children}
        if noun.pos_ != "NOUN" or lemma in lists["no_speakers"]:
            return []
        if noun.tag_ == "NNS":
            return self.resolver.groups.unnamed(noun)
        is_one = bool(words & lists["one_words"]) and lemma in lists["person_nouns"]
        return [Party(Entity("Group", f"{lemma}s"), start_of(noun), end_of(noun))] if is_one else []

    def body(self, sources: list[Token]) -> list[Party]:
        """“*It* said that …”, “*its* warning that …”: the organization or country last spoken of."""
        is_body = len(sources) == 1 and is_it(sources[0])
        body = self.resolver.pronouns.body(sources[0]) if is_body else None
        return [body] if body is not None else []

    def people(self, noun: Token) -> list[Party]:
        """“according to *analysts*”: people without a name."""
        return (
            self.resolver.groups.unnamed(noun)
            if noun.lemma_.lower() in self.rules.lists["person_nouns"]
            else []
        )
