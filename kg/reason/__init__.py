"""Infers what follows from a document: OWL 2 RL, whose account a statement is, what conflicts with what.

owlrl closes the axioms of the ontology once; rules compiled from that closure run over the reference data
and over each document. Their result equals owlrl's own; `benchmarks/inference.py` compares the cost.
"""

from kg.reason.closure import ontology_closure, owlrl_closure
from kg.reason.derive import Sides, accounts, conflicts
from kg.reason.engine import Reasoner
from kg.reason.rules import Rules, compile_rules
from kg.reason.source import Triple, read_ontology

__all__ = [
    "Reasoner",
    "Rules",
    "Sides",
    "Triple",
    "accounts",
    "compile_rules",
    "conflicts",
    "ontology_closure",
    "owlrl_closure",
    "read_ontology",
]
