"""The only way in: document → statements → graph → validation → inference → one transaction."""

from kg.ingest.document_origin import other_document, remember
from kg.ingest.edits import edit, keep_reviews, refuse_belongings_of_others, refuse_nodes_of_others
from kg.ingest.joining import settle
from kg.ingest.loader import Outcome, Status, load, load_document, put, put_ontology, put_together, remove
from kg.ingest.merge_decisions import (
    Signature,
    accept,
    decide,
    part,
    reject,
    rejoin,
    split,
    take_back,
    tie,
    unpart,
    untie,
)
from kg.ingest.pipeline import Pipeline, Prepared
from kg.ingest.reviews import (
    Imported,
    context_of,
    import_reviews,
    is_read,
    names_in,
    record,
    reviewed_document,
    signed_review,
    statement_at,
    withdraw,
)
from kg.ingest.stored_documents import as_loaded, stored_document, stored_documents
from kg.ingest.workers import DIED, WorkerPool, prepared, prepared_alone

__all__ = [
    "DIED",
    "Imported",
    "Outcome",
    "Pipeline",
    "Prepared",
    "Signature",
    "Status",
    "WorkerPool",
    "accept",
    "as_loaded",
    "context_of",
    "decide",
    "edit",
    "import_reviews",
    "is_read",
    "keep_reviews",
    "load",
    "load_document",
    "names_in",
    "other_document",
    "part",
    "prepared",
    "prepared_alone",
    "put",
    "put_ontology",
    "put_together",
    "record",
    "refuse_belongings_of_others",
    "refuse_nodes_of_others",
    "reject",
    "rejoin",
    "remember",
    "remove",
    "reviewed_document",
    "settle",
    "signed_review",
    "split",
    "statement_at",
    "stored_document",
    "stored_documents",
    "take_back",
    "tie",
    "unpart",
    "untie",
    "withdraw",
]
