"""Tells which words of a clause hold the topics of a word of raising or leaving out."""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, is_clause, is_passive, objects, obliques, surface_subject
from kg.extract.clauses.en_factuality import judge
from kg.extract.clauses.en_raising import (
    begins_clause,
    is_act,
    is_next_act,
    is_of_next,
    is_predicate,
    is_relative,
)
from kg.extract.rules import Rules, TopicRule
from kg.extract.text.reading import Reading, end_of, start_of

# What the parser may take an object without an article for.
MISREAD = ("advmod", "acomp", "npadvmod", "dep", "oprd")
EXCLUDED = "excludedTopic"
COLONS = (":", "—", "–", "--")
FRONTED = ("npadvmod", "dep", "dobj", "nsubj", "appos")


class Arguments:
    """The arguments of the words of raising and leaving out, in the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules = reading, rules

    def of(self, rule: TopicRule, word: Token, *, is_out: bool) -> Iterator[list[Token]]:
        """The words that hold the topics."""
        if is_predicate(word):
            subject = surface_subject(word.head)
            for path in rule.topics:
                if path != "subject":
                    yield from filter(None, [[t for h in obliques(word).get(path, []) for t in h.subtree]])
                elif subject is not None:
                    yield [t for t in subject.subtree if t.i < word.i and not is_relative(t, subject)]
            return
        if not is_clause(word):
            yield from self._of_noun(rule, word)
            return
        passive = is_passive(word)
        for path in rule.topics:
            if path == "subject" or (path == "object" and passive):
                subject = surface_subject(word)
                if subject is None:
                    continue
                words = [t for t in subject.subtree if t.i < word.i and not is_relative(t, subject)]
                if passive and not self.name_topics(words):  # “everything was discussed *except Iran*”
                    after = [t for t in word.subtree if t.i > word.i and not t.is_punct]
                    if after and after[0].lower_ in self.rules.lists["exception_words"]:
                        yield after
                is_generic = subject.lemma_.lower() in self.rules.lists["generic_nouns"]
                if is_generic and not self.name_topics(words):
                    words = self._equated(subject) or words
            elif path == "object":
                heads = [t for t in objects(word) if not is_of_next(t, word)]
                if not heads:  # “*Taiwan* they did not discuss”
                    heads = [c for c in word.children if c.dep_ in FRONTED and _is_fronted(c, word)]
                    if any(self.name_topics([*c.subtree]) for c in heads):
                        yield [t for c in heads for t in c.subtree]
                        continue
                heads = heads or [c for c in word.children if c.i > word.i and c.dep_ in MISREAD]
                heads = heads or [c for c in word.children if c.i > word.i and is_act(c)]
                words = self._complement(word, heads, is_out=is_out)
                if rule.property == EXCLUDED and words:
                    words = [t for head in heads for t in head.subtree]
            else:
                with_it = (c for c in word.children if c.dep_ in ("acomp", "advmod", "prt", "oprd", "prep"))
                nouns = [word, *objects(word), *with_it]
                heads = [t for noun in nouns for t in obliques(noun).get(path, [])]
                if path == "of" and word.lemma_ not in ("steer", "stay", "keep"):  # not “*instead of* Taiwan”
                    heads = [t for t in heads if not any(c.dep_ == "advmod" for c in t.head.children)]
                heads = [
                    t
                    for t in heads
                    if (path != "to" or not self._is_hearer(t))
                    and (not self._is_exchange(t) or self._is_matter(t))
                ]
                words = self._complement(word, heads, is_out=is_out)
            if words:
                yield words

    def named_after(self, words: list[Token], word: Token) -> list[Token]:
        """“*one subject* was missing: *Taiwan*”, “*what* they did not discuss was *Taiwan*”.

        Args:
            words: Those that would hold the topics, if they named any.
            word: The word of raising or leaving out.
        """
        noun = next((t for t in words if self._announces(t)), None)
        if noun is None:
            return []
        above = [word, *word.ancestors]
        equated = next((t for t in above if t.lemma_ == "be" and t.i > max(word.i, noun.i)), None)
        if equated is not None and any(c in above or c == noun for c in equated.children if c.i < equated.i):
            return [t for c in equated.children if c.dep_ == "attr" for t in c.subtree]
        return _after_colon(max(word.i, noun.i), word)

    def _announces(self, token: Token) -> bool:
        lists = self.rules.lists
        if token.lower_ in lists["announcing_pronouns"]:
            return True
        if token.pos_ != "NOUN" or token.lemma_.lower() not in lists["generic_nouns"]:
            return False
        return any(c.lower_ in lists["announcing_words"] for c in token.children)

    def _is_exchange(self, token: Token) -> bool:
        """“*on the call*”: where something was raised, and not what."""
        lists = self.rules.lists
        return token.lemma_.lower() in lists["exchange_words"] - lists["matter_nouns"]

    def _is_matter(self, noun: Token) -> bool:
        """“spoke on *Trump's upcoming visit* and the crisis”: an exchange to come as what is talked about."""
        is_somebodys = any(c.dep_ == "poss" for c in noun.children)
        return is_somebodys and self.name_topics(sorted(noun.subtree, key=lambda t: t.i))

    def _is_hearer(self, token: Token) -> bool:
        return token.lemma_.lower() in self.rules.lists["people_asked"]

    def name_topics(self, words: list[Token]) -> bool:
        """Whether some of the words name a topic."""
        if not words:
            return False
        return bool(self.reading.mentions.topics_in(start_of(words[0]), end_of(words[-1])))

    def _equated(self, noun: Token) -> list[Token]:
        """“*Tariffs* were the only topic that was discussed”."""
        if noun.dep_ == "attr" and noun.head.lemma_ == "be":
            subject = surface_subject(noun.head)
            return [*subject.subtree] if subject is not None else []
        return []

    def _of_noun(self, rule: TopicRule, noun: Token) -> Iterator[list[Token]]:
        """“no mention *of Taiwan*”, “*Taiwan* received no mention”."""
        is_negative = judge(noun, self.rules).polarity == "Negated"
        verb = clause_above(noun)
        found = False
        for path in rule.topics:
            heads = list(obliques(noun).get(path, []))
            if verb is not None and (is_negative or verb.lemma_ in self.rules.lists["being_verbs"]):
                heads += obliques(verb).get(path, [])
            documents = self.rules.lists["documents"]
            heads = [t for t in heads if t.lemma_.lower() not in documents and t.i > noun.i]
            heads = [t for t in heads if not self._is_exchange(t)]
            if heads:
                found = True
                last = verb if verb is not None and verb.i < noun.i else noun
                yield self._complement(last, heads) or [t for h in heads for t in h.subtree]
        if (
            not found
            and verb is not None
            and noun.dep_ == "dobj"
            and verb.lemma_ in self.rules.lists["receiving_verbs"]
        ):
            subject = surface_subject(verb)
            if subject is not None:
                yield [t for t in subject.subtree if t.i < verb.i]

    def _complement(self, verb: Token, heads: list[Token], *, is_out: bool = False) -> list[Token]:
        """From the first of `heads` to the end of the clause: enumerations are often parsed in pieces."""
        if not heads:
            return []
        own = set(verb.subtree)
        if any(head not in own for head in heads):
            return [head for head in heads if head not in own]  # “Taiwan, *which* they discussed”
        first = min(t.i for head in heads for t in head.subtree)
        last = max(t.i for t in own)
        later = [c for c in own if c.i > first and (is_out or not is_next_act(c, verb))]
        ends = [c.left_edge.i for c in later if begins_clause(c, verb, is_out=is_out)]
        ends += [t.i for t in own if t.i > first and t.dep_ == "prep" and self._is_scene(t)]
        end = min(ends, default=last + 1)
        return [t for t in verb.doc[first:end] if not t.is_punct or t.i < end - 1]

    def _is_scene(self, preposition: Token) -> bool:
        """“*in the meeting*”, “*with Xi*”: where the topics of a verb end."""
        if preposition.lower_ in self.rules.lists["scene_words"]:
            return True
        nouns = [t.lemma_.lower() for t in preposition.children if t.dep_ == "pobj"]
        scenes = self.rules.lists["exchange_words"] | self.rules.lists["other_occasions"]
        return preposition.lower_ in self.rules.lists["place_prepositions"] and any(
            n in scenes for n in nouns
        )


def _is_fronted(token: Token, verb: Token) -> bool:
    """Whether a word stands before the subject of its verb."""
    return any(c.dep_ == "nsubj" and token.i < c.i < verb.i for c in verb.children)


def _after_colon(start: int, word: Token) -> list[Token]:
    """The names after a colon or dash in the sentence; none if they belong to a clause."""
    doc, end = word.doc, word.sent.end
    mark = next((i for i in range(start + 1, end) if doc[i].text in COLONS), None)
    if mark is None:
        return []
    named = list(doc[mark + 1 : end])
    return [] if any(is_clause(t) for t in named) else named
