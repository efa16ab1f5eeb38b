"""Refuses parameters that an address does not have: one that is misspelt would narrow nothing."""

import re
from collections.abc import Collection, Iterator

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from kg.errors import UnknownParameterError

__all__ = ["known_only", "refuse_unknown", "shared"]

# What other sites add to links to a page that somebody shares.
_TRACKING = re.compile(r"utm_\w+|(?:fb|g|ms|tw|dc)clid|gbraid|wbraid|mc_[ce]id")


async def _known_only(request: Request) -> None:
    refuse_unknown(request, _names(request))


async def _shared(request: Request) -> None:
    refuse_unknown(request, _names(request), tracking=True)


known_only = Depends(_known_only)  # of a route: it takes no parameters but those that it declares
shared = Depends(_shared)  # the same for a page


def refuse_unknown(request: Request, known: Collection[str], *, tracking: bool = False) -> None:
    """Refuse a request with another parameter than the known ones.

    Args:
        request: The request.
        known: Names.
        tracking: Whether the marks are passed over by which sites follow where their links lead.

    Raises:
        UnknownParameterError: it has one.
    """
    for name in request.query_params:
        if name not in known and not (tracking and _TRACKING.fullmatch(name)):
            raise UnknownParameterError(request.url.path, name, known=known)


def _names(request: Request) -> list[str]:
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    return [*_declared(route.dependant)]


def _declared(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _declared(inner)
