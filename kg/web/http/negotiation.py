"""Chooses what a client gets from what it takes (RFC 9110, section 12.5)."""

import re
from collections.abc import Sequence
from functools import lru_cache

from kg.errors import NotAcceptableError

__all__ = ["accepts_gzip", "choose"]

_LISTED = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')  # a comma inside of quotation marks ends nothing
_PIECE = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
_CACHED = 1024  # clients send a handful of headers, over and over
_Wish = tuple[str, frozenset[str], float]  # media range, its parameters, its weight


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The media type that the client likes best; of equals, the one that is offered first.

    Args:
        accept: The `Accept` header; `None` or empty takes anything.
        offered: Media types, the server's favourite first.

    Raises:
        NotAcceptableError: the client takes none of them.
    """
    chosen = _chosen(accept or "*/*", tuple(offered))
    if chosen is None:
        raise NotAcceptableError(accept or "*/*", known=offered)
    return chosen


@lru_cache(_CACHED)
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the `Accept-Encoding` header takes a gzipped body."""
    weights = {wish[0]: wish[2] for wish in _wishes(accept_encoding)}
    return weights.get("gzip", weights.get("*", 0.0)) > 0


@lru_cache(_CACHED)
def _chosen(accept: str, offered: tuple[str, ...]) -> str | None:
    wishes = _wishes(accept)
    ranked = sorted(offered, key=lambda media_type: -_liking(media_type, wishes))
    if not ranked or _liking(ranked[0], wishes) <= 0:
        return None
    return ranked[0]


def _wishes(header: str) -> list[_Wish]:
    return [_wish(part) for part in _LISTED.findall(header) if part.strip()]


def _wish(part: str) -> _Wish:
    media_range, *parameters = (piece.strip().lower() for piece in _PIECE.findall(part) if piece.strip())
    weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    rest = frozenset(piece for piece in parameters if not piece.startswith("q="))
    try:
        return media_range, rest, float(weight)
    except ValueError:
        return media_range, rest, 0.0


def _liking(offered: str, wishes: Sequence[_Wish]) -> float:
    """The weight of the most specific range that fits; 0 if none does."""
    fitting = [(_precision(offered, wish), wish[2]) for wish in wishes]
    return max((pair for pair in fitting if pair[0] > 0), default=(0, 0.0))[1]


def _precision(offered: str, wish: _Wish) -> int:
    """How precisely a range names a media type, from 0 for not at all to its parameters."""
    name, *own = (piece.strip().lower() for piece in offered.split(";"))
    media_range, parameters, _ = wish
    # what an offer does not say of itself (a profile, a charset, a header line) stands against nothing
    settled = {it.partition("=")[0] for it in own}
    if any(it not in own and it.partition("=")[0] in settled for it in parameters):
        return 0
    if media_range == name:
        return 3 + len(parameters)
    return {name.partition("/")[0] + "/*": 2, "*/*": 1}.get(media_range, 0)
