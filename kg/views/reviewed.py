"""How much of the graph people have reviewed."""

from dataclasses import dataclass

from kg.store import Store
from kg.views.rows import rows

__all__ = ["ReviewedShare", "reviewed_share"]


@dataclass(frozen=True, slots=True)
class ReviewedShare:
    """How much has been reviewed.

    Attributes:
        reviewed: Statements of which at least one reviewer said something.
        disputed: Those of them on which reviewers do not agree.
        all: Statements.
    """

    reviewed: int
    disputed: int
    all: int

    @property
    def percent(self) -> float:
        """The share of those that have been reviewed."""
        return 100 * self.reviewed / self.all if self.all else 0.0


def reviewed_share(store: Store) -> ReviewedShare:
    """How much of what was read into a store has been reviewed; what reviews reject counts too."""
    counted = (
        "SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE { ?it kg:reviewStatus ?status }",
        "SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE { ?it kg:reviewStatus kg:Disputed }",
        "SELECT (COUNT(?it) AS ?n) WHERE { ?it kg:reportedIn ?document }",
        "SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE { GRAPH ?graph { ?it kg:reviewStatus kg:Rejected } }",
    )
    reviewed, disputed, every, rejected = (int(next(rows(store, query))[0]) for query in counted)
    return ReviewedShare(reviewed + rejected, disputed, every + rejected)
