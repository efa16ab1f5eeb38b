"""Keeps a document's telling of an event apart from that of others, ties it to one, and takes both back."""

from dataclasses import replace

from kg.errors import InputError, RefusedError
from kg.identity import owner
from kg.ingest.judgements import Judgements
from kg.ingest.loader import Outcome, put
from kg.ingest.pipeline import Pipeline
from kg.ingest.stored_documents import stored_document
from kg.merges import Decisions, explain
from kg.review import Reviews
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
    if document_id in map(owner, merge.tied):
        raise InputError(f"{document_id!r} was tied to {event} by decision; take that back instead")
    made = Decisions.of(store)
    return _decide(replace(made, apart=made.apart | {(document_id, event)}), document_id, store, pipeline)


def rejoin(event: str, document_id: str, store: Store, pipeline: Pipeline) -> Outcome:
    """Take back a `split`: the document meets the others in the event again, if it still tells of it.

    Raises:
        InputError: there is no such decision.
        NotFoundError: there is no such document.
        RefusedError: a check refuses the document as it would then be; nothing has changed.
    """
    made = Decisions.of(store)
    if (document_id, event) not in made.apart:
        raise InputError(f"nobody decided to keep {document_id!r} apart from {event}")
    return _decide(replace(made, apart=made.apart - {(document_id, event)}), document_id, store, pipeline)


def tie(event: str, own: str, store: Store, pipeline: Pipeline) -> Outcome:
    """Say that an event of one document alone is `event`, for good; its IRI leads there from now on.

    Raises:
        InputError: `own` is shared, or of another kind, or `event` itself.
        NotFoundError: there is no such event or document.
        RefusedError: a check refuses the document as it would then be; nothing has changed.
    """
    target, alone = explain(event, store), explain(own, store)
    if alone.is_shared or own == event:
        raise InputError(f"{own} is no event of one document alone; only such a one can be tied to another")
    kinds = [{field.value for field in merge.fields if field.name == "kind"} for merge in (target, alone)]
    if not kinds[0] & kinds[1]:
        raise InputError(f"{own} and {event} are of different kinds, so they are not one event")
    made = Decisions.of(store)
    return _decide(replace(made, ties=made.ties | {(own, event)}), owner(own), store, pipeline)


def untie(event: str, own: str, store: Store, pipeline: Pipeline) -> Outcome:
    """Take back a `tie`.

    Raises:
        InputError: there is no such decision.
        NotFoundError: there is no such document.
        RefusedError: a check refuses the document as it would then be; nothing has changed.
    """
    made = Decisions.of(store)
    if (own, event) not in made.ties:
        raise InputError(f"nobody decided that {own} is {event}")
    return _decide(replace(made, ties=made.ties - {(own, event)}), owner(own), store, pipeline)


def _decide(made: Decisions, document_id: str, store: Store, pipeline: Pipeline) -> Outcome:
    """Store decisions together with the document that they change."""
    document = Judgements(made, Reviews.of(store)).on(stored_document(document_id, store))
    [prepared] = pipeline.prepare([document])
    if prepared.problem:
        raise RefusedError(f"{document_id}: {prepared.problem}")
    return put(prepared, store, also={str(DECISIONS_GRAPH): made.triples()})
