"""The page of what is checked before anything is stored."""

from collections.abc import Iterator

from rdflib import SH
from rdflib.term import Node

from kg.docs.source import local, shapes, words

_INTRODUCTION = """# Shapes

What the shapes of `shapes/` check before a document is stored. A violation keeps it out; a warning is stored
with it and shown.
"""


def page() -> str:
    """The page as Markdown."""
    return _INTRODUCTION + "".join(_sections())


def _sections() -> Iterator[str]:
    rules = sorted(set(shapes().subjects(SH.message)), key=lambda rule: local(rule).partition("-"))
    opened = None
    for rule in rules:
        about = local(rule).partition("-")[0]
        if about != opened:
            yield f"\n## {about}\n\n"
            opened = about
        yield f"- `{local(rule)}` ({_severity(rule)}): {' '.join(words(shapes(), rule, SH.message))}\n"


def _severity(rule: Node) -> str:
    return local(shapes().value(rule, SH.severity) or SH.Violation).lower()
