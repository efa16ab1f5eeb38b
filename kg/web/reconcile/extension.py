"""Values of properties for things that were matched, as columns for somebody's table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from kg.errors import NotFoundError, TooLargeError
from kg.views.entity_summary import entity_summary
from kg.web.api.dependencies import RequestContext
from kg.web.reconcile.vocabulary import PROPERTIES, described, iri_of

__all__ = ["PropertyRequest", "extend", "values"]

_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """A property."""

    id: Annotated[str, Field(max_length=200)]
    settings: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PropertyRequest:
    """Things, and the properties that are wanted of them."""

    ids: list[Annotated[str, Field(max_length=500)]]
    properties: Annotated[list[Column], Field(max_length=50)]


def extend(at: RequestContext, wish: PropertyRequest) -> dict[str, Any]:
    """The values, with what the columns are; a property or thing that is unknown has none.

    Raises:
        TooLargeError: there are more things than one answer may have.
    """
    if len(wish.ids) > _MOST_ROWS:
        raise TooLargeError("the list of things", _MOST_ROWS, "things")
    rows = {name: {it.id: _cells(at, name, it.id) for it in wish.properties} for name in wish.ids}
    return {"meta": [_meta(it.id) for it in wish.properties], "rows": rows}


def values(at: RequestContext, iri: str, property_: str) -> Iterator[dict[str, str]]:
    """The values of a property as the protocol writes them.

    Raises:
        NotFoundError: the store knows nothing of the thing.
    """
    known = at.snapshots.view(entity_summary, iri)
    name, _, language = property_.partition("-")
    texts = {"prefLabel": known.names, "altLabel": known.aliases, "definition": known.definitions}
    if name in texts:
        yield from ({"str": text} for tag, text in texts[name] if language in ("", tag))
    elif name == "sameAs":
        yield from ({"str": other} for other in known.same_as)
    else:
        for other in dict(known.ties).get(name, ()):
            told = described(other, at.event_index)
            yield {"id": told["id"], "name": told["name"]}


def _cells(at: RequestContext, name: str, property_: str) -> list[dict[str, str]]:
    iri = iri_of(name)
    if iri is None or property_ not in PROPERTIES:
        return []
    try:
        return [*values(at, iri, property_)]
    except NotFoundError:
        return []


def _meta(name: str) -> dict[str, Any]:
    it = PROPERTIES.get(name)
    told: dict[str, Any] = {"id": name, "name": it.name if it else name}
    return told if it is None or it.target is None else {**told, "type": {"id": it.target, "name": it.target}}
