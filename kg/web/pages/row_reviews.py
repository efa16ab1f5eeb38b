"""Where the rows of an answer lead to be reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from kg.terms import BASE

__all__ = ["RowReview", "row_reviews"]

_ID = f"{BASE}id/"
_STATEMENTS = ("claim", "fact", "statement")  # columns that hold one
_QUOTED = 140  # characters of a passage: they tell it from others of its document
_NAMES = 4


@dataclass(frozen=True, slots=True)
class RowReview:
    """Where a row leads.

    Attributes:
        path: Of the page.
        parameters: Of its address.
    """

    path: str
    parameters: Mapping[str, str | list[str]]


def row_reviews(
    request: Request, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[RowReview | None]:
    """For each row, the review of its statement, its passage or its event; nothing if nobody reviews."""
    if request.app.state.options.reviewers is None:
        return []
    found = [_of({name: value for name, value in zip(columns, row, strict=True) if value}) for row in rows]
    return found if any(found) else []


def _of(row: Mapping[str, str]) -> RowReview | None:
    named = [value.removeprefix(_ID) for value in row.values() if value.startswith(_ID)]
    for column in _STATEMENTS:
        if row.get(column, "").startswith(_ID):
            return RowReview("/review/statement", {"iri": row[column].removeprefix(_ID)})
    document = row.get("document", "")
    if document.startswith(f"{_ID}document/") and "quote" in row:
        names = [it for it in named if not it.startswith("document/")][:_NAMES]
        id, words = document.removeprefix(f"{_ID}document/"), row["quote"][:_QUOTED]
        return RowReview("/review/passage", {"document": id, "quote": words, "name": names})
    if row.get("event", "").startswith(_ID):
        return RowReview("/review", {"about": row["event"].removeprefix(_ID)})
    return None
