"""Document → statements: the extractors and what they have in common."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Protocol

from kg.extract.engine import Engine
from kg.extract.reading import Reading
from kg.extract.rules import load
from kg.extract.syntax import parse
from kg.lexicon import Lexicon
from kg.model import Document, Statement

__all__ = ["Extractor", "RuleExtractor"]

DOCUMENTS_AT_ONCE = 32


class Extractor(Protocol):
    """What reads statements from a document; registered as an entry point of `kg.extractors`."""

    name: str

    def extract(self, document: Document, lexicon: Lexicon) -> Iterator[Statement]:
        """What `document` says, in order of the text."""


class RuleExtractor:
    """Reads English with a parser and declared rules: the same input gives the same statements."""

    name = "rules"

    def extract(self, document: Document, lexicon: Lexicon) -> Iterator[Statement]:
        """What `document` says: its events first, then its claims, each in order of the text."""
        for _, statements in self.extract_many([document], lexicon):
            yield from statements

    def extract_many(
        self, documents: Iterable[Document], lexicon: Lexicon
    ) -> Iterator[tuple[Document, list[Statement]]]:
        """Each document with its statements; parsed in batches, which is faster than one by one."""
        waiting = iter(documents)
        while batch := [Reading(document, lexicon) for document in islice(waiting, DOCUMENTS_AT_ONCE)]:
            parses = parse(chain.from_iterable(reading.texts() for reading in batch))
            for reading in batch:
                reading.take(parses)
                yield reading.document, list(Engine(reading, load()).statements())
