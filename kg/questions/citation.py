"""A passage that an answer rests on."""

from dataclasses import dataclass

__all__ = ["Citation"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that an answer rests on.

    Attributes:
        document: IRI of the document.
        title: Its title.
        publisher: Who published it; empty if nobody says.
        issued: Day of publication; empty likewise.
        start: Offset of the passage in the body.
        end: Offset after it.
        exact: Its words.
        before: Words of the document before it.
        after: Words after it.
    """

    document: str
    title: str
    publisher: str
    issued: str
    start: int
    end: int
    exact: str
    before: str = ""
    after: str = ""
