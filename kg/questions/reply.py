"""What an answer consists of before it is handed out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Reply", "Row"]

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """A sentence with its rows and passages.

    Attributes:
        text: The answer in a sentence or two.
        rows: One per fact, with the same columns.
        quotes: Document and words of the passages, in order of the rows; a row may have several.
        sparql: What was run, or a query that gives the same.
        is_found: Whether the graph has a fact that answers; if not, the text says what it has not.
        instead: What it has instead, in words.
    """

    text: str
    rows: Sequence[Row] = ()
    quotes: Sequence[tuple[str, str]] = ()
    sparql: str = ""
    is_found: bool = True
    instead: Sequence[str] = field(default=())
