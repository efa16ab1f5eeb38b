"""Imports spaCy without its command line, which nothing here uses and which takes a third of the time."""

import sys
from types import ModuleType

_COMMANDS = ("spacy.cli", "spacy.cli.info")


def import_spacy() -> None:
    """Have spaCy in memory; whoever asks for its command line later gets it all the same."""
    if "spacy" in sys.modules:
        return
    for name in _COMMANDS:
        stand_in = ModuleType(name)
        stand_in.info = None  # type: ignore[attr-defined]  # the one name that `spacy` takes from there
        sys.modules[name] = stand_in
    try:
        import spacy  # noqa: F401
    finally:
        for name in _COMMANDS:
            del sys.modules[name]
