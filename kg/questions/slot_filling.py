"""Puts what a question names into the parameters of a question of the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.lexicon import Lexicon
from kg.queries import Query
from kg.questions.recognition import AGENT, DATE, EVENT, OFFICE, PLACE, TOPIC, Name
from kg.terms import KG

SIDES = ("side",)
PERSONS = ("person",)
OUTLETS = ("outlet", "publisher")
OTHERS = ("agent", "other", "country")
RECEIVERS = ("addressee", "target")
ACCOUNT_BY_COUNTRY = {"united-states": str(KG.UnitedStatesAccount), "china": str(KG.ChinaAccount)}


@dataclass(frozen=True, slots=True)
class Filled:
    """Values by parameter, and the names that found no place."""

    values: Mapping[str, str]
    unused: tuple[Name, ...]


def fill(query: Query, slots: Iterable[str], names: Iterable[Name], lexicon: Lexicon) -> Filled:
    """Give each name the parameter that its kind and its place in the question call for.

    Args:
        query: The question of the catalogue.
        slots: The slots of its phrasing in their order: names of one kind fill them in the same order.
        names: What the question names, in its order.
        lexicon: Tells persons from countries, and terms of office.
    """
    values: dict[str, str] = {}
    unused: list[Name] = []
    wanted = list(slots)
    for name in names:
        if not _put(name, query, wanted, values, lexicon):
            unused.append(name)
    return Filled(values, tuple(unused))


def _put(name: Name, query: Query, slots: list[str], values: dict[str, str], lexicon: Lexicon) -> bool:
    if name.relation == "under" and name.kind == AGENT:
        return _put_term(name, query, values, lexicon)
    if name.kind == DATE:
        return _put_date(name, query, values)
    if name.kind == EVENT:
        return _put_event(name, query, values)
    if len(name.iris) != 1:
        return False
    for key in _keys(name, query, slots, lexicon):
        if key in query.parameters and key not in values:
            values[key] = _account(name) if key == "account" else name.iris[0]
            return True
    return False


def _keys(name: Name, query: Query, slots: list[str], lexicon: Lexicon) -> list[str]:
    """The parameters that a thing may fill, the likeliest first."""
    if name.kind == TOPIC:
        return ["topic", "policy", "under"]
    if name.kind == OFFICE:
        return ["office"]
    if name.kind == PLACE:
        return ["place"]
    entry = lexicon.entries.get(name.iris[0])
    kind = entry.kind if entry is not None else ""
    if lexicon.is_a(kind, "Country"):
        own = [
            *SIDES,
            *(["account"] if _account(name) else []),
            *([] if "side" in query.parameters else PERSONS),
        ]
    else:
        own = [*PERSONS, *OUTLETS] if not lexicon.is_a(kind, "MediaOutlet") else [*OUTLETS, *PERSONS]
    allowed = {*own, *OTHERS, *RECEIVERS}
    speaker = next((key for key in own if key in query.parameters), "")
    in_order = [speaker if slot in (*SIDES, *PERSONS) else slot for slot in slots]
    in_order = [slot for slot in in_order if slot in allowed]
    return [*in_order, *own, *OTHERS, *RECEIVERS]


def _account(name: Name) -> str:
    return ACCOUNT_BY_COUNTRY.get(name.iris[0].rsplit("/", 1)[-1], "")


def _put_term(name: Name, query: Query, values: dict[str, str], lexicon: Lexicon) -> bool:
    """“under *Biden*”: from the first to the last day in the highest office."""
    terms = [term for term in lexicon.tenures if term.holder in name.iris and "president" in term.office]
    if not terms or "from" not in query.parameters:
        return False
    first = max(terms, key=lambda term: (term.end is None, term.start))
    values.setdefault("from", first.start)
    if first.end and "to" in query.parameters:
        values.setdefault("to", first.end)
    return True


def _put_date(name: Name, query: Query, values: dict[str, str]) -> bool:
    if name.date is None:
        return False
    first, last = name.date, name.end_date or name.date
    if name.relation in ("since", "after"):
        return _set(query, values, "from", first)
    if name.relation in ("until", "before"):
        return _set(query, values, "to", last)
    is_day = len(first) == len("2025-06-05") and name.end_date is None
    if "date" in query.parameters and "date" not in values and (is_day or "from" not in query.parameters):
        return _set(query, values, "date", first)
    return _set(query, values, "from", first) and _set(query, values, "to", last)


def _put_event(name: Name, query: Query, values: dict[str, str]) -> bool:
    is_bound = name.relation in ("since", "after", "until", "before") and name.date is not None
    if is_bound and _set(
        query, values, "from" if name.relation in ("since", "after") else "to", name.date or ""
    ):
        return True
    if len(name.iris) == 1:
        for key in ("event", "subject", "other_event", "subject"):
            if key in query.parameters and key not in values:
                values[key] = name.iris[0]
                return True
    if name.date is None:
        return False
    if "date" in query.parameters and len(name.date) == len("2025-06-05"):
        return _set(query, values, "date", name.date)
    return _set(query, values, "from", name.date) and _set(query, values, "to", name.end_date or name.date)


def _set(query: Query, values: dict[str, str], key: str, value: str) -> bool:
    if key not in query.parameters or key in values:
        return False
    values[key] = value
    return True
