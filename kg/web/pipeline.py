"""The steps that whatever is written passes, read once in a process."""

from functools import cache

from kg.ingest import Pipeline

__all__ = ["pipeline"]


@cache
def pipeline() -> Pipeline:
    """The checks of this process, which take a second to read."""
    return Pipeline()
