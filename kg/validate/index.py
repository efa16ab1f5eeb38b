"""Triples by subject, predicate and object, and a document laid over the reference data without a copy."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from rdflib import RDF, Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.plugins.stores.memory import Memory
from rdflib.query import Result as QueryResult
from rdflib.term import Identifier, Node

Triple: TypeAlias = tuple[Node, Node, Node]
Pattern: TypeAlias = tuple[Node | None, Node | None, Node | None]


_NOTHING: Mapping[Node, list[Node]] = {}
# To which graphs a triple belongs, which nobody asks of an index.
_NO_GRAPHS: Generator[Any, None, None] = (graph for graph in tuple[Any, ...]())


class Index:
    """Triples that are found from either end; not changed once made."""

    __slots__ = ("_by_predicate", "_by_subject", "_by_value", "_triples")

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = dict.fromkeys(triples)
        self._by_subject: dict[Node, dict[Node, list[Node]]] = {}
        self._by_predicate: dict[Node, dict[Node, None]] = {}
        self._by_value: dict[Node, dict[Node, list[Node]]] = {}
        for subject, predicate, value in self._triples:
            self._by_subject.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self._by_predicate.setdefault(predicate, {})[subject] = None
            self._by_value.setdefault(predicate, {}).setdefault(value, []).append(subject)

    def __contains__(self, triple: Triple) -> bool:
        return triple in self._triples

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._triples)

    def values(self, subject: Node, predicate: Node) -> Sequence[Node]:
        """The objects of a subject's property."""
        return self._by_subject.get(subject, _NOTHING).get(predicate, ())

    def single(self, subject: Node, predicate: Node) -> Node | None:
        """The object of a subject's property if it has just one."""
        found = self.values(subject, predicate)
        return found[0] if len(found) == 1 else None

    def nodes(self) -> Iterable[Node]:
        """The nodes of which anything is said."""
        return self._by_subject

    def about(self, subject: Node) -> Mapping[Node, list[Node]]:
        """What is said of a node: values by property."""
        return self._by_subject.get(subject, _NOTHING)

    def subjects(self, predicate: Node, value: Node | None = None) -> Iterable[Node]:
        """The subjects that have a property, or have it with one value."""
        if value is None:
            return self._by_predicate.get(predicate, ())
        return self._by_value.get(predicate, _NOTHING).get(value, ())

    def instances(self, kinds: Iterable[Node]) -> dict[Node, None]:
        """The nodes that state one of the classes."""
        return dict.fromkeys(node for kind in kinds for node in self.subjects(RDF.type, kind))

    def classes(self) -> Iterable[Node]:
        """The classes that any node states."""
        return self._by_value.get(RDF.type, ())

    def match(self, pattern: Pattern) -> Iterable[Triple]:
        """The triples that agree with a pattern; `None` agrees with anything."""
        subject, predicate, value = pattern
        if subject is None or predicate is None:
            return self._match_any(subject, predicate, value)
        if value is None:
            return [(subject, predicate, found) for found in self.values(subject, predicate)]
        return [(subject, predicate, value)] if (subject, predicate, value) in self._triples else []

    def _match_any(
        self, subject: Node | None, predicate: Node | None, value: Node | None
    ) -> Iterable[Triple]:
        if predicate is not None and value is not None:
            return [(node, predicate, value) for node in self.subjects(predicate, value)]
        if predicate is not None:
            nodes = self.subjects(predicate)
            return [(node, predicate, found) for node in nodes for found in self.values(node, predicate)]
        described = (
            self._by_subject if subject is None else {subject: self._by_subject.get(subject, _NOTHING)}
        )
        return [
            (node, name, found)
            for node, properties in described.items()
            for name, values in properties.items()
            for found in values
            if value is None or value == found
        ]


class Layers(Memory):
    """Two indexes as one store of rdflib; a query that was parsed once is not parsed again.

    What is added later is not looked at.
    """

    def __init__(self, upper: Index, lower: Index | None = None) -> None:
        super().__init__()
        self._upper, self._lower = upper, lower or Index(())

    def triples(
        self,
        triple_pattern: Any,
        context: Any = None,  # noqa: ARG002  # rdflib's name; there is but one graph
    ) -> Generator[tuple[Any, Generator[Any, None, None]], None, None]:
        """The triples of both that agree with a pattern, each once."""
        for triple in self._upper.match(triple_pattern):
            yield triple, _NO_GRAPHS
        for triple in self._lower.match(triple_pattern):
            if triple not in self._upper:
                yield triple, _NO_GRAPHS

    def query(
        self,
        query: Query | str,
        initNs: Mapping[str, Any],  # noqa: ARG002, N803  # rdflib's name; a query declares its own prefixes
        initBindings: Mapping[str, Identifier],  # noqa: N803  # rdflib's name
        queryGraph: str,  # noqa: ARG002, N803  # rdflib's name; there is but one graph
        **kwargs: Any,
    ) -> QueryResult:
        """Answer a query, parsing each text once."""
        prepared = prepared_query(query) if isinstance(query, str) else query
        return Graph(store=self, bind_namespaces="none").query(
            prepared, initBindings=initBindings, use_store_provided=False, **kwargs
        )


@lru_cache(maxsize=512)
def prepared_query(text: str) -> Query:
    """The query that a text holds, with the prefixes that it declares; parsed when it is first met."""
    return prepareQuery(text)
