"""Bytes → documents: text, Markdown, HTML, PDF, JSON, JSON lines, RSS and Atom."""

from kg.read.formats import FORMATS, MEDIA_TYPES, each, each_of, read, read_bytes
from kg.read.paths import Skipped, find, of_no_format
from kg.read.source import Unreadable

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "Skipped",
    "Unreadable",
    "each",
    "each_of",
    "find",
    "of_no_format",
    "read",
    "read_bytes",
]
