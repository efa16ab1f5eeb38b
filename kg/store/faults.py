"""What an engine says went wrong, in words for whoever asked: its own name files and blocks of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import KgError, QueryError, StoreError

__all__ = ["DAMAGED", "explained", "reading"]

DAMAGED = "the store is damaged; `kg check` says what of it, `kg check --repair` mends it"
_FULL = "there is no space left on the disk; make room and try again"
_OF_A_FILE = ("corruption", "io error", ".sst", "checksum")


def explained(error: BaseException, *, what: str = "the query broke off") -> KgError:
    """The error to raise for one of the engine.

    Args:
        error: What the engine raised.
        what: What it was doing, for an error that comes from what was asked.
    """
    text = " ".join(str(error).split())
    if "no space left" in text.lower():
        return StoreError(_FULL)
    if any(word in text.lower() for word in _OF_A_FILE):
        return StoreError(DAMAGED)
    if isinstance(error, OSError):
        return StoreError(f"the store cannot be used: {error.strerror or text}")
    return QueryError(f"{what}: {text}")


@contextmanager
def reading() -> Iterator[None]:
    """Explain what the engine raises while what is stored is read or written."""
    try:
        yield
    except SyntaxError as error:  # of an answer that was kept
        raise StoreError(DAMAGED) from error
    except (OSError, RuntimeError) as error:
        raise explained(error) from error
