"""Finds which mentions of several documents are of one event: joins what is one, says what may be.

What a document alone tells of an event is a mention. Mentions are compared by day, people, kind and place;
the result depends on the set of documents alone, not on the order in which they came.
"""

from kg.resolution.current import labels_lexicon, note_written, resolver_of
from kg.resolution.decisions import Decisions, Kind
from kg.resolution.mention import Mention, mentions_in
from kg.resolution.occasion import occasion
from kg.resolution.resolver import Event, Resolver
from kg.resolution.rewrite import (
    Local,
    Placed,
    fingerprints,
    is_kept_aside,
    is_note,
    localise,
    mentions_of,
    notes,
    place,
    renamed,
    without_notes,
)

__all__ = [
    "Decisions",
    "Event",
    "Kind",
    "Local",
    "Mention",
    "Placed",
    "Resolver",
    "fingerprints",
    "is_kept_aside",
    "is_note",
    "labels_lexicon",
    "localise",
    "mentions_in",
    "mentions_of",
    "note_written",
    "notes",
    "occasion",
    "place",
    "renamed",
    "resolver_of",
    "without_notes",
]
