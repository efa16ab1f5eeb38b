"""Canonical dumps: the same graph gives the same bytes, sorted so that two dumps can be compared.

TriG and N-Quads keep the graphs apart; the other formats hold their union, in which a triple stands once.
"""

from kg.dump.catalogue import catalogue
from kg.dump.folder import write_dump
from kg.dump.formats import FORMATS, convert, dump, render
from kg.dump.order import sort_lines

__all__ = ["FORMATS", "catalogue", "convert", "dump", "render", "sort_lines", "write_dump"]
