"""Triples by subject, predicate and object, and a document laid over the reference data without a copy."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

from rdflib import RDF, Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.plugins.stores.memory import Memory
from rdflib.query import Result as QueryResult
from rdflib.term import Identifier, Node

Triple: TypeAlias = tuple[Node, Node, Node]
Pattern: TypeAlias = tuple[Node | None, Node | None, Node | None]


class Index:
    """Triples that are found from either end; not changed once made."""

    __slots__ = ("_by_object", "_by_predicate", "_by_subject", "_triples")

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = dict.fromkeys(triples)
        self._by_subject: dict[tuple[Node, Node], list[Node]] = defaultdict(list)
        self._by_object: dict[tuple[Node, Node], list[Node]] = defaultdict(list)
        self._by_predicate: dict[Node, dict[Node, None]] = defaultdict(dict)
        for subject, predicate, value in self._triples:
            self._by_subject[subject, predicate].append(value)
            self._by_object[predicate, value].append(subject)
            self._by_predicate[predicate][subject] = None

    def __contains__(self, triple: Triple) -> bool:
        return triple in self._triples

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._triples)

    def values(self, subject: Node, predicate: Node) -> list[Node]:
        """The objects of a subject's property."""
        return self._by_subject.get((subject, predicate), [])

    def single(self, subject: Node, predicate: Node) -> Node | None:
        """The object of a subject's property if it has just one."""
        found = self.values(subject, predicate)
        return found[0] if len(found) == 1 else None

    def subjects(self, predicate: Node, value: Node | None = None) -> Iterable[Node]:
        """The subjects that have a property, or have it with one value."""
        if value is None:
            return self._by_predicate.get(predicate, {}).keys()
        return self._by_object.get((predicate, value), [])

    def instances(self, kinds: Iterable[Node]) -> dict[Node, None]:
        """The nodes that state one of the classes."""
        return dict.fromkeys(node for kind in kinds for node in self.subjects(RDF.type, kind))

    def classes(self) -> set[Node]:
        """The classes that any node states."""
        return {value for node in self.subjects(RDF.type) for value in self.values(node, RDF.type)}

    def match(self, pattern: Pattern) -> Iterator[Triple]:
        """The triples that agree with a pattern; `None` agrees with anything."""
        subject, predicate, value = pattern
        if predicate is None:
            return (triple for triple in self._triples if _agree(pattern, triple))
        if subject is None and value is None:
            nodes = self._by_predicate.get(predicate, {})
            return ((node, predicate, found) for node in nodes for found in self.values(node, predicate))
        if subject is None:
            return ((node, predicate, value) for node in self.subjects(predicate, value) if value is not None)
        if value is None:
            return ((subject, predicate, found) for found in self.values(subject, predicate))
        return iter([(subject, predicate, value)] if (subject, predicate, value) in self._triples else [])


class Layers(Memory):
    """Two indexes as one store of rdflib; a query that was parsed once is not parsed again."""

    def __init__(self, upper: Index, lower: Index) -> None:
        super().__init__()
        self._upper, self._lower = upper, lower

    def triples(
        self,
        triple_pattern: Any,
        context: Any = None,  # noqa: ARG002  # rdflib's name; there is but one graph
    ) -> Generator[tuple[Any, Generator[Any, None, None]], None, None]:
        """The triples of both that agree with a pattern, each once."""
        nowhere: Iterable[Any] = ()
        below = (triple for triple in self._lower.match(triple_pattern) if triple not in self._upper)
        for triple in chain(self._upper.match(triple_pattern), below):
            yield triple, (graph for graph in nowhere)

    def query(
        self,
        query: Query | str,
        initNs: Mapping[str, Any],  # noqa: N803  # rdflib's name
        initBindings: Mapping[str, Identifier],  # noqa: N803  # rdflib's name
        queryGraph: str,  # noqa: ARG002, N803  # rdflib's name; there is but one graph
        **kwargs: Any,
    ) -> QueryResult:
        """Answer a query, parsing each text once."""
        prepared = _prepared(query, tuple(sorted(initNs.items()))) if isinstance(query, str) else query
        return Graph(store=self, bind_namespaces="none").query(
            prepared, initBindings=initBindings, use_store_provided=False, **kwargs
        )


@lru_cache(maxsize=512)
def _prepared(text: str, namespaces: tuple[tuple[str, Any], ...]) -> Query:
    return prepareQuery(text, initNs=dict(namespaces))


def _agree(pattern: Pattern, triple: Triple) -> bool:
    return all(wanted is None or wanted == part for wanted, part in zip(pattern, triple, strict=True))
