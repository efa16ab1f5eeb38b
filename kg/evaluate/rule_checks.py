"""Checks the rules, and what a user adds to them in a folder of his own."""

from collections.abc import Iterator
from pathlib import Path

from rdflib import SKOS, Graph, URIRef

from kg import resources
from kg.errors import InputError
from kg.extract import rules
from kg.extract.examples import failures
from kg.lexicon import Lexicon
from kg.settings import settings
from kg.validate import Validator
from kg.validate.rdf import read_rdf


def check_overlay(overlay: Path | None = None) -> Iterator[str]:
    """What is wrong with the rules and with a user's own folder, each problem with its place.

    Rule files are held to their schema, entries of `ontology/` to the shapes; if these are sound, every
    example and counter-example inside a rule is tried.

    Args:
        overlay: The own folder; by default that of the settings, if there is one.

    Raises:
        InputError: the folder does not exist.
    """
    problems = [*_files(overlay), *rules.check(overlay), *_entries(overlay)]
    yield from problems
    if not problems:
        loaded = rules.load(overlay=overlay)
        yield from failures(loaded.all(), loaded, Lexicon.load(overlay))


def _files(overlay: Path | None) -> Iterator[str]:
    """Files of the own folder that nobody reads."""
    root = overlay or settings().overlay
    if root is None or not root.is_dir():
        return
    read = {"rules": ".yaml", "lexicons": ".yaml", "ontology": ".ttl"}
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")):
        folder, *rest = path.relative_to(root).parts
        if len(rest) != 1 or path.suffix != read.get(folder):
            yield f"{path}: is not read; put it into rules/*.yaml, lexicons/*.yaml or ontology/*.ttl"


def _entries(overlay: Path | None) -> Iterator[str]:
    """What is wrong with the user's own entries of the reference data."""
    together = Graph()
    for path in resources.overlay_files("ontology", ".ttl", overlay):
        try:
            together += read_rdf(path)
        except InputError as error:
            yield str(error)
            return
    if not together:
        return
    place = (overlay or settings().overlay or Path()) / "ontology"
    known = Lexicon.load(overlay).entries
    for node in sorted({*together.subjects(SKOS.prefLabel | SKOS.altLabel)} - {*map(URIRef, known)}, key=str):
        yield f"{place}: {node} is found in no text; give it a class such as kg:Official and a skos:prefLabel"
    for result in Validator().validate_reference(together).violations:
        yield f"{place}: {result.focus}: {result.message}"
