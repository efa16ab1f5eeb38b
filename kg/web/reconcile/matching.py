"""Names of a table to things: how alike they are, and whether what else is known agrees."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from kg.errors import InputError, TooLargeError
from kg.terms import BASE
from kg.views.entity_summary import entity_summary
from kg.views.name_search import fold
from kg.views.property_lookup import LOOKUP_PROPERTIES, entities_with
from kg.views.reconciliation import Candidate, Reconciler
from kg.web.api.dependencies import RequestContext
from kg.web.reconcile.extension import values
from kg.web.reconcile.vocabulary import PROPERTIES, TYPES, class_of, described, folders_of, iri_of, is_iri

__all__ = ["BATCH", "ReconciliationQuery", "matches"]

BATCH = 100
_MOST = 50  # candidates of one name
_LOOKED_AT = 500  # things that have a value
_OTHER_TYPE = 0.8  # of the score of a thing that is of another type than it should be
_NAME_COUNTS = 0.7  # part of the score; the rest is for the properties, if any are given


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A property that the thing should have."""

    pid: Annotated[str, Field(max_length=200)]
    v: Any


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """One name, and what else is known of the thing."""

    query: Annotated[str, Field(max_length=1000)] = ""
    type: Annotated[list[str], Field(max_length=50)] | str | None = None
    limit: Annotated[float, Field(gt=0)] = 10
    properties: Annotated[tuple[PropertyValue, ...], Field(max_length=20)] = ()
    type_strict: Literal["any", "all", "should"] = "any"


_QUERY: TypeAdapter[ReconciliationQuery] = TypeAdapter(ReconciliationQuery)


def matches(at: RequestContext, batch: Mapping[str, object]) -> dict[str, Any]:
    """The candidates of each name of a batch; one that cannot be read has none, and an `error`.

    Raises:
        TooLargeError: there are more names than a batch may have.
        InputError: none of them can be read.
    """
    if len(batch) > BATCH:
        raise TooLargeError("the batch", BATCH, "queries")
    reconciler = at.snapshots.reconciler()
    told = {name: _answered(at, reconciler, entry) for name, entry in batch.items()}
    errors = [f"{name}: {it['error']}" for name, it in told.items() if "error" in it]
    if told and len(errors) == len(told):
        raise InputError(f"the field queries is not what the protocol asks for: {errors[0]}")
    return told


def _answered(at: RequestContext, reconciler: Reconciler, entry: object) -> dict[str, Any]:
    try:
        wanted = _QUERY.validate_python(entry)
        if not wanted.query.strip() and not wanted.properties:
            raise InputError("a name in `query` is missing, or what else is known in `properties`")
        return {"result": _result(at, reconciler, wanted)}
    except ValidationError as error:
        wrong = "; ".join(f"{'/'.join(map(str, it['loc']))}: {it['msg']}" for it in error.errors()[:5])
        return {"result": [], "error": wrong}
    except InputError as error:
        return {"result": [], "error": str(error)}


def _result(at: RequestContext, reconciler: Reconciler, wanted: ReconciliationQuery) -> list[dict[str, Any]]:
    asked = [wanted.type] if isinstance(wanted.type, str) else wanted.type or []
    must = asked if wanted.type_strict != "should" else []
    folders = sorted({folder for name in must for folder in folders_of(name)})
    if must and not folders:
        return []
    kinds = folders or tuple(TYPES.values())
    found = (
        reconciler.match(wanted.query, kinds=kinds, limit=_MOST)
        if wanted.query.strip()
        else [Candidate(iri, 1.0, "") for iri in _holding(at, wanted.properties, kinds)]
    )
    need = all if wanted.type_strict == "all" else any
    fitting = [it for it in found if not must or need(_is_a(at, it.iri, name) for name in must)]
    scored = sorted(
        ((*_score(at, it, wanted, asked), it) for it in fitting), key=lambda it: (-it[0], it[2].iri)
    )
    alike = sum(1 for score, _, _ in scored if score == 100)
    limit = min(_MOST, int(wanted.limit) or 1)
    return [_candidate(at, *it, is_match=it[0] == 100 and alike == 1) for it in scored[:limit]]


def _holding(at: RequestContext, given: Sequence[PropertyValue], kinds: Collection[str]) -> list[str]:
    """The things that have the value of one of some properties at least."""
    found: dict[str, None] = {}
    for one in given:
        texts = [*filter(None, _values(one.v))]
        if one.pid in LOOKUP_PROPERTIES:
            values = {value for text in texts for value in _meant(at, one.pid, text)}
            things = entities_with(at.store, one.pid, values, _LOOKED_AT)
        else:
            things = [it.iri for text in texts for it in at.snapshots.name_search().named(text)]
        found |= dict.fromkeys(things)
    return [iri for iri in found if iri.removeprefix(f"{BASE}id/").partition("/")[0] in kinds]


def _meant(at: RequestContext, property_: str, text: str) -> list[str]:
    """The IRIs that a value may stand for: itself, a path, or a name."""
    if property_ == "sameAs":
        return [text] if is_iri(text) else []
    iri = iri_of(text)
    return [iri] if iri else [it.iri for it in at.snapshots.name_search().named(text)]


def _is_a(at: RequestContext, iri: str, type_: str) -> bool:
    if (folder := TYPES.get(class_of(type_))) is not None:
        return iri.startswith(f"{BASE}id/{folder}/")
    return class_of(type_) in at.snapshots.view(entity_summary, iri).classes


def _score(
    at: RequestContext, it: Candidate, wanted: ReconciliationQuery, types: Sequence[str]
) -> tuple[float, float]:
    """The score from 0 to 100, and which part of the properties agrees."""
    known = [one for one in wanted.properties if one.pid in PROPERTIES]
    agreeing = sum(1 for one in known if _agrees(at, it.iri, one)) / len(known) if known else 0.0
    name_counts = _NAME_COUNTS if wanted.query.strip() else 0.0
    score = it.likeness * name_counts + agreeing * (1 - name_counts) if wanted.properties else it.likeness
    if types and not any(_is_a(at, it.iri, name) for name in types):
        score *= _OTHER_TYPE  # which only `should` lets through
    return round(score * 100, 1), agreeing if wanted.properties else 1.0


def _agrees(at: RequestContext, iri: str, given: PropertyValue) -> bool:
    wanted = set(_texts(given.v))
    return any(not wanted.isdisjoint(_texts(list(held.values()))) for held in values(at, iri, given.pid))


def _texts(value: Any) -> Iterable[str]:
    """A value as texts to compare."""
    return map(fold, _values(value))


def _values(value: Any) -> Iterable[str]:
    """A value, a thing with name and identifier, or a list of these, as texts."""
    if isinstance(value, list):
        for one in value:
            yield from _values(one)
    elif isinstance(value, dict):
        yield from _values([value.get("id"), value.get("name")])
    elif value is not None:
        yield str(value).strip()


def _candidate(
    at: RequestContext, score: float, agreeing: float, it: Candidate, *, is_match: bool
) -> dict[str, Any]:
    told = described(it.iri, at.event_index)
    kind = told["id"].partition("/")[0]
    types = [{"id": name, "name": name} for name, folder in TYPES.items() if folder == kind]
    features = [
        {"id": "name", "value": round(it.likeness, 3)},
        {"id": "properties", "value": round(agreeing, 3)},
    ]
    return {**told, "type": types, "score": score, "match": is_match, "features": features}
