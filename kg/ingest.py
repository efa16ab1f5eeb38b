"""The only door: document → statements → graph → validation → inference → one transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal as Choice

from rdflib import Graph

from kg import __version__, graph, identity, read, resources
from kg.errors import InputError, KgError, NotFoundError
from kg.extract import Extractor
from kg.lexicon import Lexicon
from kg.model import Document, Entity
from kg.reason import Reasoner
from kg.store import Store
from kg.terms import ONTOLOGY_GRAPH, document_graph, inferred_graph
from kg.validate import Report, Validator

Status = Choice["stored", "unchanged", "refused", "unreadable"]
