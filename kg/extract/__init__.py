"""Document → statements: the extractors and what they have in common."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice
from typing import Protocol, runtime_checkable

from kg.extract.claims.model import WEIGHTS
from kg.extract.rules import files
from kg.lexicon import Lexicon
from kg.model import Document, Statement

__all__ = ["LONGEST_PARAGRAPH", "BatchExtractor", "Extractor", "RuleExtractor", "extract_many"]

DOCUMENTS_AT_ONCE = 32
LONGEST_PARAGRAPH = 1_000_000  # characters; the parser takes no more at a time, and needs memory for each


class Extractor(Protocol):
    """What reads statements from a document; registered as an entry point of `kg.extractors`.

    Attributes:
        name: What it is called.
        version: Changes whenever it may read something else, so that stored documents can be told stale.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102

    def extract(self, document: Document, lexicon: Lexicon) -> Iterator[Statement]:
        """What `document` says, in order of the text."""


@runtime_checkable
class BatchExtractor(Protocol):
    """An extractor that is faster with several documents at once."""

    def extract_many(
        self, documents: Iterable[Document], lexicon: Lexicon
    ) -> Iterator[tuple[Document, list[Statement]]]:
        """Each document with its statements, in order."""


def extract_many(
    extractor: Extractor, documents: Iterable[Document], lexicon: Lexicon
) -> Iterator[tuple[Document, list[Statement]]]:
    """Each document with its statements, in order; in batches if the extractor can."""
    if isinstance(extractor, BatchExtractor):
        yield from extractor.extract_many(documents, lexicon)
        return
    for document in documents:
        yield document, [*extractor.extract(document, lexicon)]


class RuleExtractor:
    """Reads English with a parser and declared rules: the same input gives the same statements."""

    name = "rules"

    @cached_property
    def version(self) -> str:
        """Digest of the rules, the user's own included, and of the model's weights."""
        texts = [path.read_bytes() for path in (*files(), WEIGHTS)]
        return sha256(b"\0".join(texts)).hexdigest()[:12]

    def extract(self, document: Document, lexicon: Lexicon) -> Iterator[Statement]:
        """What `document` says: its events first, then its claims, each in order of the text."""
        for _, statements in self.extract_many([document], lexicon):
            yield from statements

    def extract_many(
        self, documents: Iterable[Document], lexicon: Lexicon
    ) -> Iterator[tuple[Document, list[Statement]]]:
        """Each document with its statements; parsed in batches, which is faster than one by one."""
        # spaCy takes a second to import, and what is already stored needs none of it
        from kg.extract.clauses.en import parse
        from kg.extract.engine import Engine
        from kg.extract.rules import load
        from kg.extract.text.reading import Reading

        waiting = iter(documents)
        while batch := [Reading(document, lexicon) for document in islice(waiting, DOCUMENTS_AT_ONCE)]:
            parses = parse(chain.from_iterable(reading.texts() for reading in batch))
            for reading in batch:
                reading.take(parses)
                yield reading.document, list(Engine(reading, load()).statements())
