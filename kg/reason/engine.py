"""Runs the compiled rules over the reference data once, then over each document."""

from collections.abc import Iterable
from functools import cached_property

from rdflib import Graph

from kg.reason import derive
from kg.reason.closure import LINKS, is_axiom, ontology_closure
from kg.reason.rules import compile_rules
from kg.reason.run import Run, Table
from kg.reason.source import Triple, read_ontology


class Reasoner:
    """What follows from a document, given the ontology and the reference data; built once, then only read."""

    def __init__(self, ontology: Iterable[Triple] | None = None) -> None:
        """Close the axioms, compile the rules and run them over the reference data.

        Args:
            ontology: Axioms and reference data; by default those of the package.

        Raises:
            ResourceError: the ontology holds an axiom of a kind that the rules cannot express.
        """
        self._ontology = frozenset(read_ontology() if ontology is None else ontology)
        self._axioms = ontology_closure(self._ontology)
        self._table = Table(compile_rules(self._axioms))
        facts = {triple for triple in self._ontology if triple[1] not in LINKS and not is_axiom(triple)}
        self._reference = Run(self._table, facts)
        self._sides = derive.Sides.of(facts | self._reference.found())

    @property
    def closure(self) -> Graph:
        """The ontology and the reference data with all that follows from them, and with their links."""
        closed = Graph(store="SimpleMemory", bind_namespaces="none")
        for triple in self._ontology | self._axioms | self._reference.found():
            closed.add(triple)
        return closed

    @cached_property
    def closure_lines(self) -> bytes:
        """The closure as N-Triples, for every store that it is put into."""
        return self.closure.serialize(format="nt", encoding="utf-8")

    def infer(self, stated: Graph) -> Graph:
        """What follows from a document's graph and neither it nor the reference data hold already.

        That is OWL 2 RL on individuals, `kg:account`, and `kg:conflictsWith` within the document.
        """
        inferred = Graph(store="SimpleMemory", bind_namespaces="none")
        for triple in self.infer_triples(set(stated)):
            inferred.add(triple)
        return inferred

    def infer_triples(self, stated: set[Triple]) -> set[Triple]:
        """The same on plain sets, where the time that rdflib takes to build a graph matters."""
        derived = derive.accounts(stated, self._sides) | derive.conflicts(stated)
        return (derived - stated) | self.consequences(stated | derived)

    def consequences(self, stated: set[Triple]) -> set[Triple]:
        """What follows by OWL 2 RL alone."""
        return Run(self._table, stated, self._reference).found()
