"""Document → statements: the extractors and what they have in common."""

import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import Protocol, runtime_checkable

from kg.extract.claims.model import WEIGHTS
from kg.extract.rules import files
from kg.language import language
from kg.lexicon import Lexicon
from kg.model import Document, Statement
from kg.report import ReadingReport, unread

__all__ = [
    "LONGEST_PARAGRAPH",
    "LONGEST_RUN",
    "BatchExtractor",
    "Extraction",
    "Extractor",
    "ReportingExtractor",
    "RuleExtractor",
    "extract_many",
    "read_many",
]

# What reads the documents of a language; imported when the first of them comes.
READERS = {"en": "kg.extract.english:read_english"}
DOCUMENTS_AT_ONCE = 32
LONGEST_RUN = (
    300  # characters without a blank: what is longer is no word, and the tokenizer needs their square
)
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


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read of a document, with what there is to say of how it was read."""

    document: Document
    statements: list[Statement]
    report: ReadingReport


@runtime_checkable
class ReportingExtractor(Protocol):
    """An extractor that says what it did not read."""

    def read_many(self, documents: Iterable[Document], lexicon: Lexicon) -> Iterator[Extraction]:
        """Each document with its statements and the report of its reading, in order."""


def read_many(extractor: Extractor, documents: Iterable[Document], lexicon: Lexicon) -> Iterator[Extraction]:
    """Each document with its statements and the report of its reading; an empty one if there is none."""
    if isinstance(extractor, ReportingExtractor):
        yield from extractor.read_many(documents, lexicon)
        return
    for document, statements in extract_many(extractor, documents, lexicon):
        yield Extraction(document, statements, ReadingReport.of(document, len(statements)))


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
        for found in self.read_many([document], lexicon):
            yield from found.statements

    def extract_many(
        self, documents: Iterable[Document], lexicon: Lexicon
    ) -> Iterator[tuple[Document, list[Statement]]]:
        """Each document with its statements; parsed in batches, which is faster than one by one."""
        for found in self.read_many(documents, lexicon):
            yield found.document, found.statements

    def read_many(self, documents: Iterable[Document], lexicon: Lexicon) -> Iterator[Extraction]:
        """Each document with its statements and the report of its reading."""
        # spaCy takes a second to import, and what is already stored needs none of it
        from kg.extract.startup import import_spacy

        import_spacy()

        waiting = iter(documents)
        while batch := list(islice(waiting, DOCUMENTS_AT_ONCE)):
            yield from _read_batch(batch, lexicon)


def _read_batch(batch: Sequence[Document], lexicon: Lexicon) -> Iterator[Extraction]:
    tags = [language(document.body) or document.language for document in batch]
    by_language: dict[str, list[Document]] = {}
    for document, tag in zip(batch, tags, strict=True):
        by_language.setdefault(tag.split("-")[0], []).append(document)
    found: dict[str, Iterator[Extraction]] = {
        name: pkgutil.resolve_name(READERS[name])(documents, lexicon)
        for name, documents in by_language.items()
        if name in READERS
    }
    for document, tag in zip(batch, tags, strict=True):
        reader = found.get(tag.split("-")[0])
        yield Extraction(document, [], unread(document, tag)) if reader is None else next(reader)
