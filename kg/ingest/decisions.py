"""Keeps a document's telling of an event apart from that of others, and lets it in again."""

from dataclasses import replace

from kg.errors import InputError, RefusedError
from kg.ingest.door import Outcome, put
from kg.ingest.pipeline import Pipeline
from kg.ingest.stored import stored_document
from kg.merges import Decisions, decision_triples, decisions, explain
from kg.store import Store
from kg.terms import DECISIONS_GRAPH


def split(event: str, document_id: str, store: Store, pipeline: Pipeline) -> Outcome:
    """Take a document's telling out of an event that it shares, for good: also when it is loaded again.

    Raises:
        InputError: the document does not tell of the event, or shares it with nobody.
        NotFoundError: there is no such event or document.
        RefusedError: a check refuses the document as it would then be; nothing has changed.
    """
    merge = explain(event, store)
    if document_id in merge.apart:
        raise InputError(f"{document_id!r} is kept apart from {event} already")
    if document_id not in merge.documents:
        raise InputError(f"{document_id!r} does not tell of {event}; these do: {', '.join(merge.documents)}")
    if not merge.is_shared:
        raise InputError(f"{event} is the event of {document_id!r} alone; there is nothing to undo")
    made = decisions(store)
    events = made.get(document_id, frozenset()) | {event}
    return _decide({**made, document_id: events}, document_id, store, pipeline)


def rejoin(event: str, document_id: str, store: Store, pipeline: Pipeline) -> Outcome:
    """Take back a `split`: the document meets the others in the event again, if it still tells of it.

    Raises:
        InputError: there is no such decision.
        NotFoundError: there is no such document.
        RefusedError: a check refuses the document as it would then be; nothing has changed.
    """
    made = decisions(store)
    if event not in made.get(document_id, ()):
        raise InputError(f"nobody decided to keep {document_id!r} apart from {event}")
    return _decide({**made, document_id: made[document_id] - {event}}, document_id, store, pipeline)


def _decide(made: Decisions, document_id: str, store: Store, pipeline: Pipeline) -> Outcome:
    """Store decisions together with the document that they change."""
    document = replace(stored_document(document_id, store), apart=tuple(sorted(made[document_id])))
    [prepared] = pipeline.prepare([document])
    if prepared.problem:
        raise RefusedError(f"{document_id}: {prepared.problem}")
    return put(prepared, store, also={str(DECISIONS_GRAPH): decision_triples(made)})
