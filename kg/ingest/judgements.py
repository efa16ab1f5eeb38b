"""What people decided on documents, taken into account whenever one is read."""

from dataclasses import dataclass

from kg.merges import Decisions
from kg.model import Document
from kg.review import Reviews
from kg.store import Store

__all__ = ["Judgements"]


@dataclass(frozen=True)
class Judgements:
    """The decisions and reviews of a store.

    Attributes:
        decisions: On which events are one.
        reviews: On what documents say.
    """

    decisions: Decisions
    reviews: Reviews

    @classmethod
    def of(cls, store: Store) -> "Judgements":
        """Those of a store."""
        return cls(Decisions.of(store), Reviews.of(store))

    def on(self, document: Document) -> Document:
        """A document with what was decided on it."""
        return self.reviews.on(self.decisions.on(document))
