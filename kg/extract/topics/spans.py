"""Walks through the words that hold topics: what turns them around, and whether they name the whole."""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.references.mentions import TopicMention
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, Sentence, start_of

MODIFIERS = ("compound", "amod", "nmod", "poss", "nummod")


# What is put in between two topics and does not end their list.
ASIDE = re.compile(r"\([^()]*\)")


class Spans:
    """The topics of a stretch of words, each with what the words before it make of it."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules, self.patterns = reading, rules, rules.patterns

    def topics(
        self, sentence: Sentence, start: int, end: int, *, is_negated: bool
    ) -> Iterator[tuple[TopicMention, bool | None]]:
        """The topics between two offsets: whether each is left out; `None` where that cannot be told.

        Args:
            sentence: Where.
            start: Offset of the first word.
            end: Offset after the last.
            is_negated: Whether the verb or phrase before them is.
        """
        text = self.reading.text
        if other := self.patterns["end_of_topics"].search(_without_asides(text[start:end])):
            end = start + other.start()
        for topic in self.reading.mentions.topics_in(start, end):
            before = text[start : topic.start]
            turns = list(self.patterns["turned_around"].finditer(before))
            if len(turns) > 1:
                yield topic, None
                continue
            is_out = is_negated
            if turns and is_negated and turns[0][0].lower() in self.rules.lists["neither_words"]:
                yield topic, True if self.is_whole(sentence, topic) else None
                continue
            if turns:
                is_exception = turns[0][0].lower().split()[0] in self.rules.lists["exception_words"]
                if is_negated and not is_exception:
                    yield topic, None
                    continue
                is_out = not is_negated
                after = before[turns[0].end() :]
                if self.patterns["turned_back"].search(after):
                    is_out = not is_out
            elif is_negated and self.patterns["turned_back"].search(before):
                yield topic, None  # “not Taiwan *but* trade”
                continue
            if is_out and not self.is_whole(sentence, topic):
                yield topic, None
                continue
            yield topic, is_out

    def is_whole(self, sentence: Sentence, topic: TopicMention) -> bool:
        """Whether the words name the topic itself, and not a part of it (“Nvidia's *Blackwell chip*”)."""
        text = self.reading.text
        before = text[max(sentence.start, topic.start - 60) : topic.start]
        if self.patterns["named_alone"].search(before) and self.patterns["no_further_noun"].match(
            text, topic.end, sentence.end + 1
        ):
            return True
        token = self.reading.token_at(sentence, topic.end - 1)
        if token is None:
            return True
        inside = range(topic.start, topic.end)
        head = self._head(token, inside)
        if head is None:
            return False
        for child in head.children:
            is_named = child.dep_ in ("compound", "nmod", "poss", "amod") and start_of(child) not in inside
            if (
                is_named
                and child.pos_ == "PROPN"
                and child.lower_ not in self.rules.lists["plain_modifiers"]
                and child.i < head.i
            ):
                return False
            if child.dep_ == "acl" and child.tag_ in ("VBN", "VBG") and child.i > head.i:
                return False
        return True

    def _head(self, token: Token, inside: range) -> Token | None:
        """The noun that the words are about; `None` if it is a part of the topic."""
        generic = self.rules.lists["generic_nouns"]
        current = token
        while True:
            head = current.head
            if head == current:
                return current
            if current.dep_ in MODIFIERS and head.pos_ in ("NOUN", "PROPN"):
                if start_of(head) not in inside and head.lemma_.lower() not in generic:
                    return None
                current = head
            elif current.dep_ == "pobj":
                above = head.head
                if above.pos_ not in ("NOUN", "PROPN") or start_of(above) in inside or head.dep_ != "prep":
                    return current
                if above.lemma_.lower() in generic:
                    current = above
                elif above.lemma_.lower() in self.rules.lists["reference_nouns"]:
                    return current
                else:
                    return None
            elif current.dep_ in ("conj", "appos") and head.pos_ in ("NOUN", "PROPN"):
                return current
            else:
                return current


def _without_asides(words: str) -> str:
    """The words, with blanks for what stands in brackets."""
    return ASIDE.sub(lambda match: " " * len(match[0]), words)
