"""Keeps quotations together that run over several sentences, whichever of them names the speaker."""

import re
from collections.abc import Iterable

from kg.extract.claims.attribution import Attributed
from kg.extract.references.discourse import Party
from kg.extract.text.blocks import Block
from kg.extract.text.reading import Reading, Sentence

# A quotation is closed at the latest by the end of its paragraph.
QUOTATION = re.compile(r'"[^"]*(?:"|$)')


class Quotations:
    """Tells who speaks in sentences that stand between quotation marks and name nobody."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.block: Block | None = None
        self.spans: list[tuple[int, int]] = []
        self.speakers: tuple[Party, ...] = ()
        self.waiting: list[Sentence] = []

    def enter(self, sentence: Sentence) -> None:
        """Go on to a sentence; a paragraph that does not begin with a quotation ends those before it."""
        block = sentence.block
        if block is self.block:
            return
        self.block, self.waiting = block, []
        text = self.reading.text
        self.spans = [match.span() for match in QUOTATION.finditer(text, block.start, block.end)]
        if not text.startswith('"', block.start):
            self.speakers = ()

    def holds(self, sentence: Sentence) -> bool:
        """Whether all of a sentence is quoted."""
        return any(start <= sentence.start and sentence.end <= end for start, end in self.spans)

    def heard(self, found: Iterable[Attributed]) -> list[Sentence]:
        """Note who is quoted in a sentence; what they were quoted with before it."""
        for attributed in found:
            if attributed.claimants and any(
                s < attributed.end and attributed.start < e for s, e in self.spans
            ):
                self.speakers = attributed.claimants
                said, self.waiting = self.waiting, []
                return said
        return []
