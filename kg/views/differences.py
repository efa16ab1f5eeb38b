"""Which exchanges the two sides tell differently, and on what their tellings part."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kg.store import Store
from kg.views.event_index import EventIndex
from kg.views.event_summary import EventSummary
from kg.views.rows import local, rows

__all__ = ["Difference", "differences"]

_US, _CN = "UnitedStatesAccount", "ChinaAccount"
_SIDES = frozenset({_US, _CN})
_EXCHANGES = frozenset({"call", "meeting", "trade-talk", "exchange", "visit"})
_VALUES = """SELECT ?event ?relation ?value ?account WHERE {
  VALUES ?relation { kg:duration kg:place }
  ?fact rdf:predicate ?relation ; rdf:subject ?event ; rdf:object ?value ; kg:account ?account ;
        kg:polarity kg:Affirmed }"""
_DISPUTED = """SELECT DISTINCT ?event ?one ?other WHERE {
  ?fact kg:conflictsWith ?against ; rdf:predicate ?said ; rdf:subject ?event ; kg:account ?one .
  ?against kg:account ?other . FILTER(?said IN (rdf:type, kg:status)) }"""
_LIES = "SELECT ?place ?area WHERE { ?place kg:inCountry | kg:inArea+ ?area }"


@dataclass(frozen=True, slots=True)
class Difference:
    """An exchange that the two sides tell differently.

    Attributes:
        event: The exchange.
        contradicted: Topics that one side says were raised and the other that they were not.
        values: By property (`duration`, `place`), what each side gives, where they differ.
        is_disputed: Whether one side says that it did not take place.
        alone: By account, the topics of which it alone tells; empty while the exchange may be another one.
    """

    event: EventSummary
    contradicted: tuple[str, ...]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]
    is_disputed: bool
    alone: Mapping[str, tuple[str, ...]]

    @property
    def weight(self) -> tuple[bool, int, int, int, tuple[str, str]]:
        """Its rank: disputes, then contradictions, other values, what one side alone tells, the latest."""
        alone = sum(map(len, self.alone.values()))
        return self.is_disputed, len(self.contradicted), len(self.values), alone, self.event.key


def differences(event_index: EventIndex, store: Store) -> tuple[Difference, ...]:
    """The exchanges that both sides tell of and tell differently, what weighs most first."""
    values, disputed = _values(store), _disputed(store)
    found = (
        Difference(
            it,
            _contradicted(it),
            values.get(it.iri, {}),
            it.iri in disputed,
            {} if it.iri in event_index.undecided else _alone(it, event_index),
        )
        for it in event_index.events
        if it.kind in _EXCHANGES and it.accounts >= _SIDES
    )
    parting = [it for it in found if it.is_disputed or it.contradicted or it.values or any(it.alone.values())]
    return tuple(sorted(parting, key=lambda it: it.weight, reverse=True))


def _contradicted(it: EventSummary) -> tuple[str, ...]:
    """Topics that one side raises and the other excludes."""
    return tuple(
        topic
        for topic, deniers in it.excluded.items()
        if (_US in deniers and _CN in it.discussed.get(topic, ()))
        or (_CN in deniers and _US in it.discussed.get(topic, ()))
    )


def _alone(it: EventSummary, event_index: EventIndex) -> dict[str, tuple[str, ...]]:
    """By side, the topics of which the other has no word: neither of them nor of a narrower one."""
    told: dict[str, set[str]] = {side: set() for side in (_US, _CN)}
    for topics in (it.discussed, it.excluded):
        for topic, accounts in topics.items():
            for side in accounts & _SIDES:
                told[side].add(topic)
    other = {_US: _CN, _CN: _US}
    return {side: tuple(sorted(told[side] - event_index.all_around(told[other[side]]))) for side in told}


def _values(store: Store) -> dict[str, dict[str, dict[str, tuple[str, ...]]]]:
    """By event and property, what each side gives, where no value of the one is one of the other."""
    given: defaultdict[tuple[str, str], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for event, relation, value, account in rows(store, _VALUES):
        given[event, local(relation)][local(account)].add(value)
    lies: defaultdict[str, set[str]] = defaultdict(set)
    for place, area in rows(store, _LIES):
        lies[place].add(_slug(area))
    found: defaultdict[str, dict[str, dict[str, tuple[str, ...]]]] = defaultdict(dict)
    for (event, relation), sides in given.items():
        if sides.keys() >= _SIDES and not _meet(sides[_US], sides[_CN], lies):
            found[event][relation] = {side: tuple(sorted(sides[side])) for side in (_US, _CN)}
    return found


def _meet(ones: Iterable[str], others: Iterable[str], lies: Mapping[str, Collection[str]]) -> bool:
    """Whether a value of the one is one of the other, or names the area or country of it."""
    return any(
        one == other or _slug(one) in lies.get(other, ()) or _slug(other) in lies.get(one, ())
        for one in ones
        for other in others
    )


def _slug(iri: str) -> str:
    """The same for a country and for what stands for it as a place."""
    return iri.rpartition("/")[2]


def _disputed(store: Store) -> frozenset[str]:
    return frozenset(
        event for event, one, other in rows(store, _DISPUTED) if {local(one), local(other)} == _SIDES
    )
