"""Names of a table to things: how alike they are, and whether what else is known agrees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, with_config

from kg.errors import InputError, TooLargeError
from kg.views.finder import fold
from kg.views.matcher import Candidate, Matcher
from kg.web.api.desk import Desk
from kg.web.reconcile.extension import values
from kg.web.reconcile.vocabulary import PROPERTIES, TYPES, described

__all__ = ["BATCH", "Wanted", "matches"]

BATCH = 100
_MOST = 50  # candidates of one name
_NAME_COUNTS = 0.7  # part of the score; the rest is for the properties, if any are given


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Given:
    """A property that the thing should have."""

    pid: Annotated[str, Field(max_length=200)]
    v: Any


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Wanted:
    """One name, and what else is known of the thing."""

    query: Annotated[str, Field(max_length=1000)] = ""
    type: Annotated[list[str], Field(max_length=50)] | str | None = None
    limit: Annotated[float, Field(gt=0)] = 10
    properties: Annotated[tuple[Given, ...], Field(max_length=20)] = ()
    type_strict: Literal["any", "all", "should"] = "any"


def matches(at: Desk, batch: Mapping[str, Wanted]) -> dict[str, Any]:
    """The candidates of each name of a batch.

    Raises:
        TooLargeError: there are more names than a batch may have.
        InputError: one asks for nothing.
    """
    if len(batch) > BATCH:
        raise TooLargeError("the batch", BATCH)
    matcher = at.memory.matcher()
    return {name: {"result": _result(at, matcher, wanted)} for name, wanted in batch.items()}


def _result(at: Desk, matcher: Matcher, wanted: Wanted) -> list[dict[str, Any]]:
    if not wanted.query.strip():
        raise InputError("every query needs a name in `query`; properties only tell namesakes apart")
    asked = [wanted.type] if isinstance(wanted.type, str) else wanted.type or []
    kinds = [TYPES[name] for name in (it.rpartition("#")[2] for it in asked) if name in TYPES]
    if asked and not kinds:
        return []
    limit = min(_MOST, int(wanted.limit) or 1)
    found = matcher.match(wanted.query, kinds=kinds or tuple(TYPES.values()), limit=_MOST)
    scored = sorted(
        ((*_score(at, it, wanted.properties), it) for it in found), key=lambda it: (-it[0], it[2].iri)
    )
    alike = sum(1 for score, _, _ in scored if score == 100)
    return [_told(at, *it, is_match=it[0] == 100 and alike == 1) for it in scored[:limit]]


def _score(at: Desk, it: Candidate, given: Sequence[Given]) -> tuple[float, float]:
    """The score from 0 to 100, and which part of the properties agrees."""
    if not given:
        return round(it.likeness * 100, 1), 1.0
    known = [one for one in given if one.pid in PROPERTIES]
    agreeing = sum(1 for one in known if _agrees(at, it.iri, one)) / len(known) if known else 0.0
    return round((it.likeness * _NAME_COUNTS + agreeing * (1 - _NAME_COUNTS)) * 100, 1), agreeing


def _agrees(at: Desk, iri: str, given: Given) -> bool:
    wanted = set(_texts(given.v))
    return any(not wanted.isdisjoint(_texts(list(held.values()))) for held in values(at, iri, given.pid))


def _texts(value: Any) -> Iterable[str]:
    """A value, a thing with name and identifier, or a list of these, as texts to compare."""
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts([value.get("id"), value.get("name")])
    elif value is not None:
        yield fold(str(value)).strip()


def _told(at: Desk, score: float, agreeing: float, it: Candidate, *, is_match: bool) -> dict[str, Any]:
    told = described(it.iri, at.almanac)
    kind = told["id"].partition("/")[0]
    types = [{"id": name, "name": name} for name, folder in TYPES.items() if folder == kind]
    features = [
        {"id": "name", "value": round(it.likeness, 3)},
        {"id": "properties", "value": round(agreeing, 3)},
    ]
    return {**told, "type": types, "score": score, "match": is_match, "features": features}
