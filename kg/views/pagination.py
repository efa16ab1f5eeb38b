"""Pages of long lists: where one ends is told by the last item on it, so that no page shifts."""

import base64
import binascii
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kg.errors import InputError

__all__ = ["Key", "Page", "paginate", "ranked_page", "start_of"]

Item = TypeVar("Item")
Key = tuple[str, ...]
_DIGITS = 8  # of a place in a ranking


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Part of a list.

    Attributes:
        items: The part.
        next: Cursor of the part after it; `None` at the end.
        total: Length of the whole list.
    """

    items: tuple[Item, ...]
    next: str | None
    total: int


def paginate(
    items: Sequence[Item],
    key: Callable[[Item], Key],
    *,
    cursor: str | None,
    limit: int,
    backwards: bool = False,
) -> Page[Item]:
    """The items after a cursor.

    Args:
        items: In ascending order of their keys.
        key: Tells one item from all others.
        cursor: `next` of the window before; `None` begins.
        limit: How many at most.
        backwards: Whether to begin with the last item.

    Raises:
        InputError: the cursor does not come from here.
    """
    after = None if cursor is None else _decoded(cursor)
    if backwards:
        end = len(items) if after is None else bisect_left(items, after, key=key)
        start = max(0, end - limit)
        chosen, is_last = tuple(items[start:end][::-1]), start == 0
    else:
        start = 0 if after is None else bisect_right(items, after, key=key)
        chosen, is_last = tuple(items[start : start + limit]), start + limit >= len(items)
    return Page(chosen, None if is_last or not chosen else _encoded(key(chosen[-1])), len(items))


def start_of(cursor: str | None) -> int:
    """How many items of a ranking come before a page of it.

    Raises:
        InputError: the cursor is none of a ranking.
    """
    if cursor is None:
        return 0
    key = _decoded(cursor)
    if len(key) != 1 or not (key[0].isascii() and key[0].isdigit() and len(key[0]) <= _DIGITS):
        raise _no_cursor(cursor)
    return int(key[0])


def ranked_page(items: Sequence[Item], start: int, total: int) -> Page[Item]:
    """A page of a ranking, which has no other key than the place in it.

    Args:
        items: Those of the page.
        start: How many come before it.
        total: Length of the whole ranking.
    """
    end = start + len(items)
    return Page(tuple(items), _encoded((f"{end:0{_DIGITS}}",)) if items and end < total else None, total)


def _encoded(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> Key:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _no_cursor(cursor) from error
    if not isinstance(key, list) or not all(isinstance(part, str) for part in key):
        raise _no_cursor(cursor)
    return tuple(key)


def _no_cursor(cursor: str) -> InputError:
    return InputError(f"cursor {cursor[:80]!r} is none of ours; take `next` of the page before")
