"""Full text: an index of the titles and bodies of all documents, in both languages, and what it finds."""

from kg.search.engine import Search
from kg.search.model import FACETS, Facet, Filters, Found, Hit, Mention, Near, Passage, Widening
from kg.search.writing import catch_up, open_indexed, problems, rebuild

__all__ = [
    "FACETS",
    "Facet",
    "Filters",
    "Found",
    "Hit",
    "Mention",
    "Near",
    "Passage",
    "Search",
    "Widening",
    "catch_up",
    "open_indexed",
    "problems",
    "rebuild",
]
