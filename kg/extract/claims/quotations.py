"""Keeps quotations together that run over several sentences, whichever of them names the speaker."""

import re
from collections.abc import Iterable

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.clauses.en import is_clause
from kg.extract.clauses.en_reporting import FEWEST_WORDS
from kg.extract.references.discourse import Party
from kg.extract.text.blocks import Block
from kg.extract.text.reading import Reading, Sentence, end_of, start_of

# A quotation is closed at the latest by the end of its paragraph.
QUOTATION = re.compile(r'"[^"]*(?:"|$)')


Span = tuple[int, int]
FURTHEST = 14  # words between a quotation and the verb that reports it


class Quotations:
    """Tells who speaks in sentences that stand between quotation marks and name nobody."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.block: Block | None = None
        self.spans: list[tuple[int, int]] = []
        self.speakers: tuple[Party, ...] = ()
        self.waiting: list[Sentence] = []
        self.last: tuple[Party, ...] = ()
        self.recent: tuple[Party, ...] = ()

    def enter(self, sentence: Sentence) -> None:
        """Go on to a sentence; a paragraph that does not begin with a quotation ends those before it."""
        block = sentence.block
        if block is self.block:
            return
        self.block, self.waiting, self.recent = block, [], ()
        text = self.reading.text
        self.spans = [match.span() for match in QUOTATION.finditer(text, block.start, block.end)]
        if not text.startswith('"', block.start):
            self.speakers = ()
        elif not self.speakers and not self._has_text_outside(block):
            self.speakers = self.last
        self.last = ()

    def _has_text_outside(self, block: Block) -> bool:
        return bool(QUOTATION.sub("", self.reading.text[block.start : block.end]).strip())

    def holds(self, sentence: Sentence) -> bool:
        """Whether all of a sentence is quoted."""
        return any(start <= sentence.start and sentence.end <= end for start, end in self.spans)

    def speaking(self, sentence: Sentence) -> tuple[Party, ...]:
        """Who says a sentence that is quoted whole: who was quoted before, or just named as saying so."""
        if not self.holds(sentence):
            return ()
        is_closed = any(start <= sentence.start and sentence.end >= end - 1 for start, end in self.spans)
        return self.speakers or (self.recent if is_closed else ())

    def _is_quoted(self, found: Attributed) -> bool:
        """Whether it is only within quotation marks that somebody is said to say so."""
        if found.verb is None:
            return False
        at = start_of(found.verb)
        return any(start <= at < end for start, end in self.spans)

    def heard(self, found: Iterable[Attributed]) -> list[Sentence]:
        """Note who is quoted in a sentence; what they were quoted with before it."""
        outside = [a for a in found if a.claimants and not self._is_quoted(a)]
        self.last = next((a.claimants for a in outside if a.is_statement and a.verb is not None), ())
        self.recent = self.last or self.recent
        for attributed in outside:
            if any(s < attributed.end and attributed.start < e for s, e in self.spans):
                self.speakers = attributed.claimants
                said, self.waiting = self.waiting, []
                return said
        return []


def spans_in(text: str, sentence: Sentence) -> list[Span]:
    """Where quotations of a sentence's paragraph stand, as far as the sentence reaches into them."""
    block = sentence.block
    spans = [match.span() for match in QUOTATION.finditer(text, block.start, block.end)]
    return [span for span in spans if span[0] < sentence.end and sentence.start < span[1]]


def quotation_around(found: Attributed, quotations: list[Span]) -> Span | None:
    """The quotation in which the words of a speaker who stands outside it begin or end."""
    if found.verb is None or not found.is_statement:
        return None
    for start, end in quotations:
        is_outside = not start <= start_of(found.verb) < end
        begins, stops = start <= found.start < end, start < found.end <= end
        if is_outside and (begins or stops) and end - start > found.end - found.start:
            return start, end
    return None


def quoted_by(verb: Token, sentence: Sentence, quotations: list[Span]) -> list[Token] | None:
    """The words between quotation marks next to a reporting verb, whatever the parser made of them."""
    for start, end in quotations:
        if start <= start_of(verb) < end:
            return None
    for start, end in quotations:
        words = [t for t in sentence.span if start <= start_of(t) and end_of(t) <= end]
        inside = [t for t in words if t.is_alpha]
        if len(inside) < FEWEST_WORDS or not any(is_clause(t) for t in inside):
            continue
        first, last = (words[-1].i + 1, verb.i) if words[-1].i < verb.i else (verb.i + 1, words[0].i)
        between = [sentence.span.doc[i] for i in range(first, last)]
        is_next = len(between) < FURTHEST and not any(t.pos_ == "VERB" and t.tag_ != "VBG" for t in between)
        if is_next and not any(t.text in ";.?!" for t in between):
            return [t for t in words if t.text != '"']
    return None


def top_of(words: list[Token]) -> Token:
    """The highest clause among words, or their highest word."""
    own = set(words)
    tops = [t for t in words if t.head == t or t.head not in own]
    return next((t for t in tops if is_clause(t)), next((t for t in words if is_clause(t)), tops[0]))
