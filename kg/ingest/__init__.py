"""The only door: document → statements → graph → validation → inference → one transaction."""

from kg.ingest.document_origin import other_document, remember
from kg.ingest.edits import edit, refuse_belongings_of_others
from kg.ingest.loader import Outcome, Status, load, load_document, put, put_ontology, put_together, remove
from kg.ingest.merge_decisions import rejoin, split, tie, untie
from kg.ingest.pipeline import Pipeline, Prepared
from kg.ingest.stored_documents import stored_document, stored_documents
from kg.ingest.workers import prepared, prepared_alone

__all__ = [
    "Outcome",
    "Pipeline",
    "Prepared",
    "Status",
    "edit",
    "load",
    "load_document",
    "other_document",
    "prepared",
    "prepared_alone",
    "put",
    "put_ontology",
    "put_together",
    "refuse_belongings_of_others",
    "rejoin",
    "remember",
    "remove",
    "split",
    "stored_document",
    "stored_documents",
    "tie",
    "untie",
]
