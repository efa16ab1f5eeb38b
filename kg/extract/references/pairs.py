"""Tells who “both leaders” and “the two sides” are: those who dealt with each other right before."""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice

from spacy.tokens import Token

from kg.extract.clauses.en import is_clause, objects, obliques, subjects
from kg.extract.references.discourse import Discourse, Party
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, start_of
from kg.model import Entity
from kg.terms import ID

UNITED_STATES = str(ID["country/united-states"])
TAIWAN = str(ID["country/taiwan"])
CHINA = str(ID["country/china"])
SIDES = frozenset({UNITED_STATES, CHINA})
SENTENCES_BACK = 8
PARTNERS = ("with", "to", "between")


class Pairs:
    """Finds the two parties that a text has just spoken of."""

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        discourse: Discourse,
        parties: Callable[[Token], list[Party]],
        side_of: Callable[[Entity], str | None],
    ) -> None:
        self.reading, self.lists, self.discourse = reading, rules.lists, discourse
        self.parties, self.side_of = parties, side_of
        self._found: dict[int, list[Party] | None] = {}

    def of(self, token: Token) -> list[Party] | None:
        """The parties of another pair than the two countries; `None` if it is these, or none can be told."""
        offset = start_of(token)
        if offset not in self._found:
            self._found[offset] = None  # “both sides” of a sentence that it stands in itself
            self._found[offset] = next(self._dealings(token), None)
        found = self._found[offset]
        sides = {self.side_of(p.entity) for p in found or ()}
        return found if found and not sides <= SIDES else None

    @property
    def is_between_the_two(self) -> bool:
        """Whether the text speaks of both countries."""
        return self._named | {self.side_of(p.entity) for p in self.discourse.principals} >= SIDES

    @cached_property
    def _named(self) -> set[str | None]:
        return {self.side_of(mention.entity) for mention in self.reading.mentions.agents}

    def countries(self, token: Token) -> Iterator[Party]:
        """The United States and China, as meant by `token`."""
        entries = self.reading.lexicon.entries
        for iri in (UNITED_STATES, CHINA):
            if iri in entries:
                entry = entries[iri]
                entity = Entity(entry.kind, entry.label, entry.iri)
                yield Party(entity, start_of(token), start_of(token) + len(token))

    def _dealings(self, token: Token) -> Iterator[list[Party]]:
        """Two parties of different sides who deal with each other, the nearest before `token` first."""
        offset = start_of(token)
        current = self.reading.sentence_at(offset)
        before = islice(self.reading.sentences_before(offset), SENTENCES_BACK)
        for sentence in ([current] if current is not None else []) + list(before):
            for verb in reversed([t for t in sentence.span if start_of(t) < offset]):
                found = [p for p in self._dealing(verb) if p.start < offset]
                if len({self.side_of(p.entity) for p in found} - {None}) == 2:
                    yield found

    def _dealing(self, token: Token) -> list[Party]:
        if token.pos_ == "NOUN" and "between" in (found := obliques(token)):
            return [p for t in found["between"] for p in self.parties(t)]
        if not is_clause(token):
            return []
        doers = [p for t in subjects(token) for p in self.parties(t)]
        if len({self.side_of(p.entity) for p in doers} - {None}) > 1:
            return doers
        is_dealing = token.lemma_.lower() in self.lists["dealing_verbs"]
        if not doers or not (is_dealing or token.lemma_.lower() in self.lists["light_verbs"]):
            return []
        others = [t for name in PARTNERS for t in obliques(token).get(name, [])]
        others += [t for noun in objects(token) for t in obliques(noun).get("with", [])]
        others += objects(token) if is_dealing else []
        return doers + [p for t in others for p in self.parties(t)]
