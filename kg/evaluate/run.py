"""Reads the documents of a folder of annotations and compares."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

from kg import read
from kg.errors import InputError
from kg.evaluate.compare import compare
from kg.evaluate.gold import read_gold, read_names
from kg.evaluate.predictions import Predictions
from kg.evaluate.scores import Scores
from kg.extract import extract_many
from kg.ingest import Pipeline
from kg.model import Document


@dataclass(slots=True)
class Evaluation:
    """The result.

    Attributes:
        documents: Number of documents compared.
        scores: What was right, wrong and missing.
        refused: By document, why a check would keep it out of the store; it counts as silent.
    """

    documents: int = 0
    scores: Scores = field(default_factory=Scores)
    refused: dict[str, str] = field(default_factory=dict)


def evaluate(
    docs: Path, gold: Path, pipeline: Pipeline, *, max_bytes: int, names: Path | None = None
) -> Iterator[Evaluation]:
    """Compare document after document.

    Args:
        docs: Folder of documents.
        gold: Folder of annotations, each named like its document.
        pipeline: The steps; its extractor is what is measured.
        max_bytes: Largest document that is read.
        names: Folder with `agents.tsv`, the other names of agents; by default that of the annotations.

    Yields:
        The result so far after each document; always the same object.

    Raises:
        InputError: annotations cannot be used, or their document is missing.
    """
    annotated = [(_find(docs, name), annotations) for name, annotations in read_gold(gold)]
    known = read_names(names or gold)
    result = Evaluation()
    documents = (_read(path, max_bytes) for path, _ in annotated)
    waiting = (annotations for _, annotations in annotated)
    for document, statements in extract_many(pipeline.extractor, documents, pipeline.lexicon):
        made = pipeline.accept(document, statements)
        if made.problem:
            result.refused[document.id] = made.problem
        predictions = Predictions(document, () if made.problem else statements, pipeline.lexicon, known)
        compare(next(waiting), predictions, document, result.scores)
        result.documents += 1
        yield result


def _find(docs: Path, name: str) -> Path:
    """The document that annotations are named after."""
    found = sorted(path for path in docs.glob(f"{escape(name)}.*") if path.suffix.lower() in read.FORMATS)
    if not found:
        raise InputError(f"{docs}: no document {name}.md, .txt or of another format for {name}.json")
    return found[0]


def _read(path: Path, max_bytes: int) -> Document:
    documents = [*read.read(path, max_bytes=max_bytes)]
    if len(documents) != 1:
        raise InputError(f"{path}: holds {len(documents)} documents; annotations are of one")
    return documents[0]
