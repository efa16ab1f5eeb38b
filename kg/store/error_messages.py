"""What an engine says went wrong, in words for whoever asked: its own name files and blocks of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC

from kg.errors import KgError, NoSpaceError, QueryError, StoreError

__all__ = ["DAMAGED", "explained", "is_full", "reading", "writing"]

DAMAGED = "the store is damaged; `kg check` says what of it, `kg check --repair` mends it"
_FULL = ("no space left", "disk quota exceeded")
_OF_A_FILE = ("corruption", "io error", ".sst", "checksum")


def explained(error: BaseException, *, what: str = "the query broke off") -> KgError:
    """The error to raise for one of the engine.

    Args:
        error: What the engine raised.
        what: What it was doing, for an error that comes from what was asked.
    """
    text = " ".join(str(error).split())
    if is_full(error):
        return NoSpaceError()
    if any(word in text.lower() for word in _OF_A_FILE):
        return StoreError(DAMAGED)
    if isinstance(error, OSError):
        return StoreError(f"the store cannot be used: {error.strerror or text}")
    return QueryError(f"{what}: {text}")


def is_full(error: BaseException) -> bool:
    """Whether an error says that the disk is full; the engine says it in words alone."""
    return getattr(error, "errno", None) in (ENOSPC, EDQUOT) or any(it in str(error).lower() for it in _FULL)


@contextmanager
def reading() -> Iterator[None]:
    """Explain what the engine raises while what is stored is read or written."""
    try:
        yield
    except SyntaxError as error:  # of an answer that was kept
        raise StoreError(DAMAGED) from error
    except (OSError, RuntimeError) as error:
        raise explained(error) from error


@contextmanager
def writing() -> Iterator[None]:
    """Explain what the engine raises while it writes to an output; what that raises is left as it is."""
    try:
        yield
    except RuntimeError as error:
        raise explained(error) from error
