"""Bytes → documents: text, Markdown, HTML, PDF, JSON lines, RSS and Atom."""

from kg.read.formats import FORMATS, MEDIA_TYPES, read, read_bytes, read_stream
from kg.read.paths import find

__all__ = ["FORMATS", "MEDIA_TYPES", "find", "read", "read_bytes", "read_stream"]
