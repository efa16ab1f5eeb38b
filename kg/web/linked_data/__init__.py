"""Identifiers, named graphs, the ontology and whole dumps, each at its own address."""
