"""Says in one line what a statement says, for lists of reviews."""

from kg.identity import event_iri
from kg.model import Claim, Entity, Event, EventReview, Fact, Literal, Name, Statement, Term
from kg.terms import BASE

__all__ = ["event_summary", "summary"]

_LONGEST = 90  # characters of a quotation


def summary(statement: Statement, document_id: str) -> str:
    """A statement in one line."""
    denied = "not: " if statement.polarity == "Negated" else ""
    who = ", ".join(it.label for it in statement.claimants)
    if isinstance(statement, Fact):
        ends = _name(statement.subject, document_id), _name(statement.object, document_id)
        said = f"{ends[0]} {statement.predicate} {ends[1]}"
        return f"{denied}{said} (says {who})" if who else denied + said
    assert isinstance(statement, Claim)
    words = " ".join(statement.content.split())
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return f"{denied}{statement.kind} of {who or 'the document'}: “{words}”"


def event_summary(review: EventReview) -> str:
    """What a review says of events, in one line."""
    one, other = (it.removeprefix(f"{BASE}id/") for it in (review.one, review.other))
    said = {"same": "is the same event as", "different": "is another event than", "apart": "does not tell of"}
    return f"{one} {said[review.verdict]} {other}"


def _name(term: Term, document_id: str) -> str:
    match term:
        case Entity():
            return term.label
        case Event():
            return event_iri(term, document_id).removeprefix(f"{BASE}id/")
        case Literal():
            return term.lexical
        case Name():
            return term.name
