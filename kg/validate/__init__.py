"""Decides whether a graph may be stored: SHACL shapes, citations, and what shapes cannot say.

pyshacl evaluates every shape. What it would repeat for each document is done once: the shapes are parsed,
their targets and queries prepared, and the reference data that they look at kept beside the document.
"""

from kg.validate.rdf import FORMATS, parse_rdf, read_rdf
from kg.validate.report import Report, Result, Severity
from kg.validate.validator import Validator, validate_ontology

__all__ = ["FORMATS", "Report", "Result", "Severity", "Validator", "parse_rdf", "read_rdf",
           "validate_ontology"]  # fmt: skip
