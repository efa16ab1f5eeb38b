"""Runs rules over triples until nothing new follows.

Most of what follows from a document are classes, and the same few for every statement. So a set of classes
is kept as the bits of one number: a rule adds its classes to a node's by one `or`.
"""

from collections.abc import Iterable

from rdflib import RDF, Literal
from rdflib.term import Node

from kg.reason.rules import Rules
from kg.reason.source import Triple

_TYPE = RDF.type  # looking a name up in its namespace costs more than using it


class Table:
    """Rules, their sets of classes as numbers.

    Attributes:
        chains: As in the rules.
        joined: The properties of which a chain is made.
        types: By class: its own bit, and those of its super-classes.
        properties: By property: `same`, `turned` and the two sets of classes of its rule.
    """

    def __init__(self, rules: Rules) -> None:
        self._classes = _classes(rules)
        self._bits = {kind: 1 << place for place, kind in enumerate(self._classes)}
        self._classes_by_mask: dict[int, tuple[Node, ...]] = {}
        self.chains = rules.chains
        self.joined = frozenset(step for first, second, _ in rules.chains for step in (first, second))
        self.types = {
            kind: (bit, self._mask(rules.superclasses.get(kind, ()))) for kind, bit in self._bits.items()
        }
        self.properties = {
            name: (rule.same, rule.turned, self._mask(rule.subject_types), self._mask(rule.object_types))
            for name, rule in rules.properties.items()
        }
        for step in self.joined:
            self.properties.setdefault(step, ((), (), 0, 0))

    def classes(self, mask: int) -> tuple[Node, ...]:
        """The classes whose bits are set."""
        if mask not in self._classes_by_mask:
            kinds = tuple(kind for kind, bit in self._bits.items() if mask & bit)
            self._classes_by_mask[mask] = kinds
        return self._classes_by_mask[mask]

    def _mask(self, kinds: Iterable[Node]) -> int:
        return sum(self._bits[kind] for kind in kinds)


def _classes(rules: Rules) -> list[Node]:
    """All classes from which something follows, or that follow from something."""
    kinds = {kind for lower, above in rules.superclasses.items() for kind in (lower, *above)}
    for rule in rules.properties.values():
        kinds |= {*rule.subject_types, *rule.object_types}
    return sorted(kinds, key=str)


class Run:
    """Triples, and what follows from them together with those of an earlier run."""

    def __init__(self, table: Table, stated: set[Triple], earlier: "Run | None" = None) -> None:
        self._table = table
        self._stated = stated
        self._sources = (self,) if earlier is None else (self, earlier)
        self._linked: set[Triple] = set()
        self._stated_types: dict[Node, int] = {}
        self._types: dict[Node, int] = {}
        self._objects: dict[tuple[Node, Node], list[Node]] = {}
        self._subjects: dict[tuple[Node, Node], list[Node]] = {}
        self._agenda = list(stated)
        for triple in self._agenda:  # grows while it is read
            self._follow(triple)

    def found(self) -> set[Triple]:
        """What follows, and neither this run nor the earlier one was given or found already."""
        types = (
            (node, _TYPE, kind)
            for node, mask in self._types.items()
            for kind in self._table.classes(mask & ~self._known_types(node))
        )
        return self._linked.union(types)

    def _known_types(self, node: Node) -> int:
        known = self._stated_types.get(node, 0)
        for run in self._sources[1:]:
            known |= run._stated_types.get(node, 0) | run._types.get(node, 0)
        return known

    def _follow(self, triple: Triple) -> None:
        subject, predicate, value = triple
        rule = self._table.properties.get(predicate)
        if rule is not None:
            same, turned, subject_types, object_types = rule
            self._type(subject, subject_types)
            for name in same:
                self._link((subject, name, value))
            if not isinstance(value, Literal):  # which is never a subject
                self._type(value, object_types)
                for name in turned:
                    self._link((value, name, subject))
            if predicate in self._table.joined:
                self._join(triple)
        elif predicate == _TYPE:
            own, above = self._table.types.get(value, (0, 0))
            self._stated_types[subject] = self._stated_types.get(subject, 0) | own
            self._type(subject, above)

    def _type(self, node: Node, mask: int) -> None:
        self._types[node] = self._types.get(node, 0) | mask

    def _link(self, triple: Triple) -> None:
        if not any(triple in run._stated or triple in run._linked for run in self._sources):
            self._linked.add(triple)
            self._agenda.append(triple)

    def _join(self, triple: Triple) -> None:
        subject, predicate, value = triple
        self._objects.setdefault((subject, predicate), []).append(value)
        self._subjects.setdefault((predicate, value), []).append(subject)
        for first, second, result in self._table.chains:
            for run in self._sources:
                if predicate == first:
                    for end in run._objects.get((value, second), ()):
                        self._link((subject, result, end))
                if predicate == second:
                    for start in run._subjects.get((first, subject), ()):
                        self._link((start, result, value))
