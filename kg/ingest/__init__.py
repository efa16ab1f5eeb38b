"""The only door: document → statements → graph → validation → inference → one transaction."""

from kg.ingest.door import Outcome, Status, load, load_document, put_ontology, remove
from kg.ingest.pipeline import Pipeline, Prepared
from kg.ingest.workers import prepared

__all__ = [
    "Outcome",
    "Pipeline",
    "Prepared",
    "Status",
    "load",
    "load_document",
    "prepared",
    "put_ontology",
    "remove",
]
