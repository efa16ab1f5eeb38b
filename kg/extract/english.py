"""Reads English documents: their sentences parsed together, each document for itself."""

import gc
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from kg.extract import Extraction
from kg.extract.clauses.en import model, parse
from kg.extract.completeness import complete
from kg.extract.engine import Engine
from kg.extract.references.resolver import CHINA, UNITED_STATES
from kg.extract.rules import load
from kg.extract.text.reading import Reading
from kg.lexicon import Lexicon
from kg.model import Document


def read_english(documents: Sequence[Document], lexicon: Lexicon) -> Iterator[Extraction]:
    """Each document with its statements and the report of its reading, in order."""
    _load()
    batch = [Reading(document, lexicon) for document in documents]
    parses = parse(chain.from_iterable(reading.texts() for reading in batch))
    for reading in batch:
        reading.take(parses)
        engine = Engine(reading, load())
        statements = list(engine.statements())
        sides, unresolved = (UNITED_STATES, CHINA), engine.events.unresolved
        report = complete(reading, engine.resolver.side_of, sides, statements, unresolved)
        yield Extraction(reading.document, statements, report)


@cache
def _load() -> None:
    """Load what every document needs, and have it no longer looked through for garbage, which is slow."""
    model(), load()
    gc.freeze()
