"""A question of the catalogue with its values: what is asked, and how an engine may answer it sooner."""

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

__all__ = ["BoundQuery"]


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """A question with its values. Only the catalogue makes one; what a client sends is text and no more.

    Attributes:
        text: Plain SPARQL 1.1, which says what is asked; what is kept of answers goes by it.
        lateral: The same for an engine with lateral joins (`LATERAL`, SEP-0006): where the search begins, and
            what is looked up for each solution.
        parts: Subqueries in `lateral` that no value narrows: each as it stands there and as
            a query of its own.
        sums_up: Whether the answer is short, and takes long to find in a large store: worth keeping.
    """

    text: str
    lateral: str
    parts: tuple[tuple[str, str], ...] = ()
    sums_up: bool = False

    def with_tables(self, find: Callable[[str], ox.QuerySolutions | None]) -> str:
        """The lateral text with a table for each part whose answer is known.

        Args:
            find: Gives the answer to a query, if it is known.
        """
        text = self.lateral
        for part, query in self.parts:
            if (answer := find(query)) is not None:
                names = " ".join(str(variable) for variable in answer.variables)
                rows = " ".join(map(_row, answer))
                text = text.replace(part, f"VALUES ({names}) {{ {rows} }}")
        return text


def _row(solution: ox.QuerySolution) -> str:
    return f"({' '.join('UNDEF' if term is None else str(term) for term in solution)})"
