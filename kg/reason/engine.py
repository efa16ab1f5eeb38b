"""Runs the compiled rules over the reference data once, then over each document."""

from collections.abc import Iterable, Iterator
from itertools import chain

from rdflib import RDF, Graph, Literal
from rdflib.term import Node

from kg.reason import derive
from kg.reason.closure import LINKS, is_axiom, ontology_closure
from kg.reason.rules import PropertyRule, Rules, compile_rules
from kg.reason.source import Triple, read_ontology

_NO_RULE = PropertyRule((), (), (), ())


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
        self._rules = compile_rules(self._axioms)
        facts = {triple for triple in self._ontology if triple[1] not in LINKS and not is_axiom(triple)}
        self._reference = _Known(self._rules, facts | _consequences(self._rules, facts, _Known(self._rules)))
        self._sides = derive.Sides.of(self._reference.triples)

    @property
    def closure(self) -> Graph:
        """The ontology and the reference data with all that follows from them, and with their links."""
        closed = Graph(bind_namespaces="none")
        for triple in self._ontology | self._axioms | self._reference.triples:
            closed.add(triple)
        return closed

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
        return _consequences(self._rules, stated, self._reference)


class _Known:
    """Triples, with those that a chain may join found from either end."""

    def __init__(self, rules: Rules, triples: Iterable[Triple] = ()) -> None:
        self.triples = set(triples)
        self._joined = {step for first, second, _ in rules.chains for step in (first, second)}
        self._objects: dict[tuple[Node, Node], list[Node]] = {}
        self._subjects: dict[tuple[Node, Node], list[Node]] = {}
        for triple in self.triples:
            self.index(triple)

    def index(self, triple: Triple) -> None:
        subject, predicate, value = triple
        if predicate in self._joined:
            self._objects.setdefault((subject, predicate), []).append(value)
            self._subjects.setdefault((predicate, value), []).append(subject)

    def objects(self, subject: Node, predicate: Node) -> Iterable[Node]:
        return self._objects.get((subject, predicate), ())

    def subjects(self, predicate: Node, value: Node) -> Iterable[Node]:
        return self._subjects.get((predicate, value), ())


def _consequences(rules: Rules, stated: set[Triple], reference: _Known) -> set[Triple]:
    found: set[Triple] = set()
    local = _Known(rules)
    agenda = list(stated)
    for triple in agenda:  # grows while it is read, until nothing new follows
        local.index(triple)
        for made in chain(_direct(rules, triple), _joined(rules, triple, (local, reference))):
            if not (made in found or made in stated or made in reference.triples):
                found.add(made)
                agenda.append(made)
    return found


def _direct(rules: Rules, triple: Triple) -> Iterator[Triple]:
    """What follows from a triple alone."""
    subject, predicate, value = triple
    if predicate == RDF.type:
        for kind in rules.superclasses.get(value, ()):
            yield subject, RDF.type, kind
        return
    rule = rules.properties.get(predicate, _NO_RULE)
    for name in rule.same:
        yield subject, name, value
    for kind in rule.subject_types:
        yield subject, RDF.type, kind
    if isinstance(value, Literal):  # which is never a subject
        return
    for name in rule.turned:
        yield value, name, subject
    for kind in rule.object_types:
        yield value, RDF.type, kind


def _joined(rules: Rules, triple: Triple, sources: Iterable[_Known]) -> Iterator[Triple]:
    """What follows from a triple and one that it shares a node with."""
    subject, predicate, value = triple
    for first, second, result in rules.chains:
        if predicate == first:
            for known in sources:
                for end in known.objects(value, second):
                    yield subject, result, end
        if predicate == second:
            for known in sources:
                for start in known.subjects(first, subject):
                    yield start, result, value
