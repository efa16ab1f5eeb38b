"""Resolves pronouns: to somebody of the same sentence or of those right before it, or to nobody."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, partial

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, conjuncts, is_clause, objects, obliques, surface_subject
from kg.extract.references.discourse import Discourse, Party
from kg.extract.references.pairs import CHINA
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, Sentence, end_of, start_of
from kg.model import Entity

PLURAL_TAGS = ("NNS", "NNPS")
SENTENCES_BACK = 3
# What a pronoun in the object's place is never the same as: the subject of its own clause.
OBJECT_PLACES = ("dobj", "pobj", "dative")


class Pronouns:
    """Leads the pronouns of one document back to whom they mean."""

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        discourse: Discourse,
        parties: Callable[[Token], list[Party]],
    ) -> None:
        self.reading, self.lists, self.discourse, self.parties = reading, rules.lists, discourse, parties
        self.lexicon = reading.lexicon

    def _possessor(self, token: Token) -> list[Party]:
        """“President *Biden's* order following *his* meeting”: the possessor of the phrase around it."""
        if token.tag_ != "PRP$":
            return []
        for noun in token.ancestors:
            if is_clause(noun) and noun.dep_ != "prep":
                return []
            owners = [c for c in noun.children if c.dep_ == "poss" and c.i < token.i and token.head != noun]
            found = [p for t in owners for p in self.parties(t) if self._is_person(p, t)]
            if len(found) == 1 and self._may_be(found[0].entity, token) is not False:
                return found
        return []

    def person(self, token: Token) -> list[Party]:
        """The one person whom “he” or “him” means."""
        if found := self._possessor(token):
            return found
        own: list[Entity] = []
        if token.dep_ in OBJECT_PLACES:
            clause = clause_above(token)
            subject = surface_subject(clause) if clause is not None else None
            own = [p.entity for t in (conjuncts(subject) if subject is not None else ())
                   for p in self._agents(t)]  # fmt: skip
            begin = start_of(token.sent[0])
            near = [m for m in self.reading.mentions.agents_in(begin, start_of(token)) if m.is_person]
            others = [m for m in near if m.entity not in own]
            if others:
                return [Party(others[-1].entity, others[-1].start, others[-1].end)]
        elif (judged := self._judged(token)) is not None:
            return judged
        elif (named := self.above(token, "Person")) is not None:
            return [named]
        before = self._before(token, partial(self._singular, token))
        found = [p for p in before or [] if p.entity not in own]
        if before is not None:
            return found[:1] if len(found) == 1 else []
        known = [p for p in self.discourse.persons if p.entity not in own]
        known = [p for p in known if self._may_be(p.entity, token) is not False][-1:]
        return [p for p in known if self._is_near(p, token)]

    def thing(self, token: Token) -> list[Party]:
        """The organization or country that “it” means as the subject of a clause above."""
        body = self.above(token, "Organization", "Country")
        return [body] if body is not None else []

    def body(self, token: Token) -> Party | None:
        """The organization or country last spoken of; nobody for “it” inside a quotation."""
        sentence = self.reading.sentence_at(start_of(token))
        body = self.discourse.body
        if sentence is None or body is None or not self._is_near(body, token):
            return None
        before = self.reading.text[sentence.block.start : start_of(token)]
        return body if before.count('"') % 2 == 0 else None

    def people(self, token: Token) -> list[Party] | None:
        """Those whom “they” or “their” means; nothing for somebody unknown, `None` if nobody is near."""
        clause = clause_above(token)
        while clause is not None:
            subject = surface_subject(clause)
            if subject is not None and subject != token and token not in set(subject.subtree):
                found = self._plural(clause, subject)
                if found is not None:
                    return found
            clause = clause_above(clause)
        return self._before(token, self._plural)

    def above(self, token: Token, *kinds: str) -> Party | None:
        """The one agent who is the subject of a clause above: “*Rubio* said that *he* hopes …”."""
        clause = clause_above(token)
        while clause is not None:
            subject = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            if subject is not None and subject.i < token.i and token not in set(subject.subtree):
                named = [p for t in conjuncts(subject) for p in self._agents(t)]
                fitting = [p for p in named if any(self.lexicon.is_a(p.entity.kind, k) for k in kinds)]
                fitting = [p for p in fitting if self._may_be(p.entity, token) is not False]
                if len(named) == len(fitting) == 1:
                    return fitting[0]
            clause = clause_above(clause)
        return None

    def _judged(self, token: Token) -> list[Party] | None:
        """“X criticized *Y*, saying *he* …”: the one judged; nothing if it may be either."""
        clause = clause_above(token)
        clause = clause_above(clause) if clause is not None else None
        if clause is None or clause.tag_ != "VBG" or clause.dep_ != "advcl" or clause.i < clause.head.i:
            return None
        main = clause.head
        judged = [p for t in objects(main) if t.i < clause.i for p in self._agents(t)]
        judged = [p for p in judged if self.lexicon.is_a(p.entity.kind, "Person")]
        if len(judged) != 1:
            return None
        return judged if main.lemma_.lower() in self.lists["judging_verbs"] else []

    def _before(self, token: Token, read: Callable[[Token, Token], list[Party] | None]) -> list[Party] | None:
        """What `read` makes of the nearest sentence before that speaks of somebody who may be meant."""
        for sentence in self.earlier(token):
            root = sentence.root
            subject = surface_subject(root) if is_clause(root) else None
            if subject is None:
                continue
            found = read(root, subject)
            if found is not None:
                return found
        return None

    def earlier(self, token: Token) -> Iterator[Sentence]:
        """The sentences of its paragraph before `token`, the nearest first; or the last of the one before."""
        offset = start_of(token.sent[0])
        before = self.reading.sentences_before(offset)
        current = self.reading.sentence_at(offset)
        for number, sentence in enumerate(before):
            is_same = current is not None and sentence.block is current.block
            if number >= SENTENCES_BACK or (number > 0 and not is_same):
                return
            yield sentence

    def _singular(self, pronoun: Token, _: Token, subject: Token) -> list[Party] | None:
        """The one person who is the subject of a clause; nothing if it is one whom nobody knows."""
        if subject.pos_ == "PRON" and subject.lower_ in self.lists["person_pronouns"]:
            same = [p for p in self.parties(subject) if self._may_be(p.entity, pronoun) is not False]
            if len(same) == 1:  # “*He* said … *He* added …”, whoever else is named between
                return same
        sentence = self.reading.sentence_at(start_of(subject))
        others = self.reading.mentions.agents_in(sentence.start, sentence.end) if sentence else []
        told = {m.entity: m for m in others if m.is_person and self._may_be(m.entity, pronoun)}
        if len(told) == 1:  # the only man, or the only woman, whom the sentence names
            return [Party(m.entity, m.start, m.end, m.capacity) for m in told.values()]
        if len(conjuncts(subject)) > 1 or subject.tag_ in PLURAL_TAGS:
            return None
        found = [p for p in self.parties(subject) if self._is_person(p, subject)]
        if found:
            return [p for p in found if self._may_be(p.entity, pronoun) is not False] or None
        is_unknown = subject.lemma_.lower() in self.lists["private_roles"] | self.lists["official_roles"]
        return [] if is_unknown else None

    def _may_be(self, person: Entity, pronoun: Token) -> bool | None:
        """Whether somebody is the man or woman that a pronoun asks for; `None` if that cannot be told."""
        is_woman = self._is_woman(person)
        if is_woman is None:
            return None
        return is_woman == (pronoun.lower_ in self.lists["female_words"])

    def _is_woman(self, person: Entity) -> bool | None:
        titles = {w for m in self.reading.mentions.of(person) for w in m.titles}
        words = person.label.lower().split()
        if titles & self.lists["female_words"] or person.label.lower() in self.lists["women"]:
            return True
        if words[0] in self.lists["female_names"]:
            return True
        if titles & self.lists["male_words"] or words[0] in self.lists["male_names"]:
            return False
        entry = self.lexicon.entries.get(person.iri or "")
        is_in_office = entry is not None and entry.kind in ("Leader", "Official")
        return False if is_in_office and entry is not None and entry.represents == CHINA else None

    def _is_person(self, party: Party, subject: Token) -> bool:
        """Whether somebody may be called “he”: a person, or an official who stands for a country."""
        if self.lexicon.is_a(party.entity.kind, "Person"):
            return True
        return subject.lemma_.lower() in self.lists["official_roles"]

    def _plural(self, verb: Token, subject: Token) -> list[Party] | None:
        """Several who are the subject of a clause, or who deal with each other in it."""
        words = conjuncts(subject)
        found = [p for t in words for p in self.parties(t)]
        if subject.lower_ in self.lists["plural_pronouns"] or len({p.entity for p in found}) > 1:
            return found or None
        if subject.tag_ in PLURAL_TAGS or len(words) > 1:
            return found
        if len(found) == 1 and self.lexicon.is_a(found[0].entity.kind, "Person"):
            others = [t for name in ("with", "to") for t in obliques(verb).get(name, [])]
            partners = [p for t in [*objects(verb), *others] for p in self.parties(t)]
            partners = [p for p in partners if self.lexicon.is_a(p.entity.kind, "Agent")]
            return [*found, *partners[:1]] if partners else None
        if len(found) == 1 and self.lexicon.is_a(found[0].entity.kind, "Organization"):
            return found
        return None

    def _agents(self, token: Token) -> list[Party]:
        mention = self.reading.mentions.agent_at(start_of(token))
        if mention is not None and mention.end >= end_of(token):
            return [Party(mention.entity, mention.start, mention.end, mention.capacity)]
        is_pronoun = token.lower_ in self.lists["person_pronouns"]
        return self.parties(token) if is_pronoun else []

    def _is_near(self, party: Party, token: Token) -> bool:
        """Whether somebody was last spoken of in the same paragraph or the one before."""
        starts = self._block_starts
        index = bisect_right(starts, start_of(token)) - 1
        return index < 0 or party.start >= starts[max(0, index - 1)]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.reading.blocks]
