"""Mints the IRI of everything that a document mentions, from its content alone."""

import re
import unicodedata
from hashlib import sha256

from kg.model import Claim, Entity, Event, Fact, Literal, Name, Passage, Statement, Term
from kg.terms import BASE

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DOCUMENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,250}")
_LONGEST_SLUG = 120
OBJECT = "_"  # no slug has it: what stands behind it is what a measure is on
_MOST_OBJECTS = 4
_HASH_LENGTH = 20  # hexadecimal digits: 80 bits, no collision to expect below 10^12 statements
_CLASS_FOLDERS = {
    "Leader": "person", "Official": "person",
    "Government": "organization", "MediaOutlet": "organization",
    "ThinkTank": "organization", "Company": "organization",
}  # fmt: skip


def slug(text: str) -> str:
    """ASCII lower-case words of `text` joined by hyphens; what has no ASCII form is named by a hash."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'s", "s")).strip("-")
    if not words:
        return "x" + _hash(text)
    return words if len(words) <= _LONGEST_SLUG else f"{words[:_LONGEST_SLUG]}-{_hash(text)}"


def kind_slug(kind: str) -> str:
    """The folder of a class: `TradeTalk` → `trade-talk`, `Leader` → `person`."""
    return _CLASS_FOLDERS.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()


def is_document_id(text: str) -> bool:
    """Whether a text can be the identifier of a document, which stands in IRIs as it is."""
    return _DOCUMENT_ID.fullmatch(text) is not None


def document_iri(document_id: str) -> str:
    """The IRI of a document."""
    return f"{BASE}id/document/{document_id}"


def evidence_iri(document_id: str, passage: Passage) -> str:
    """The IRI of a passage: the document and the offsets name it."""
    return f"{BASE}id/evidence/{document_id}.{passage.start}-{passage.end}"


def entity_iri(entity: Entity, document_id: str) -> str:
    """The reference data's IRI of an entity, or one that no other document shares."""
    return entity.iri or f"{BASE}id/{kind_slug(entity.kind)}/{slug(entity.label)}.{document_id}"


def is_shared(event: Event) -> bool:
    """Whether other documents that tell of `event` will name the same node.

    Needs the exact day and principals that are all in the reference data, two of them unless an action
    is directed at nobody in particular. Anything less stays the document's own: a wrong merge is worse
    than a missed one.
    """
    enough = 1 if event.directed else 2
    known = all(principal.iri for principal in event.principals)
    return bool(event.date and _DAY.fullmatch(event.date)) and known and len(event.principals) >= enough


def event_iri(event: Event, document_id: str) -> str:
    """The IRI that one document gives an event: kind, day and principals, or where it is told."""
    if not is_shared(event):
        return own_event_iri(event, document_id)
    names = [_last_segment(principal.iri or "") for principal in event.principals]
    if not event.directed:
        names = sorted(set(names))
    name = slug("-".join([event.date or "", *names, *_effect(event)]))
    return f"{BASE}id/{kind_slug(event.kind)}/" + OBJECT.join([name, *event.objects[:_MOST_OBJECTS]])


def _effect(event: Event) -> list[str]:
    """What tells a measure that eases or extends from one that restricts, on one day between the same."""
    return [event.effect] if event.effect not in (None, "Restricting") else []


def own_event_iri(event: Event, document_id: str) -> str:
    """The IRI of an event as one document's own: the document and the place where it is told."""
    return f"{BASE}id/{kind_slug(event.kind)}/{document_id}.{event.anchor.start}"


def owner(event: str) -> str:
    """The identifier of the document whose own an event is, if it is one's own; else anything."""
    return event.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def term_iri(term: Entity | Event, document_id: str) -> str:
    """The IRI of an entity or event."""
    return event_iri(term, document_id) if isinstance(term, Event) else entity_iri(term, document_id)


def statement_iri(statement: Statement, document_id: str) -> str:
    """The IRI of a fact or claim, minted from what it says and who says it.

    Facts that differ only in evidence or reporting word get one IRI: one fact with several passages.
    A claim is also named by where it stands, since a speaker may repeat himself.
    """
    who = [entity_iri(claimant, document_id) for claimant in sorted(statement.claimants, key=_by_iri)]
    relay = entity_iri(statement.relayed_by, document_id) if statement.relayed_by else ""
    folder, what = _content(statement, document_id)
    hedge = [statement.certainty] if statement.certainty != "Certain" else []
    digest = _hash("\n".join([document_id, *what, *who, relay, statement.polarity, *hedge]))
    return f"{BASE}id/{folder}/{digest}"


def _content(statement: Statement, document_id: str) -> tuple[str, list[str]]:
    if isinstance(statement, Fact):
        subject = term_iri(statement.subject, document_id)
        return "fact", [subject, statement.predicate, _key(statement.object, document_id)]
    if isinstance(statement, Claim):
        where = [f"{passage.start}-{passage.end}" for passage in statement.evidence]
        return "claim", [statement.kind, statement.content, *where]
    raise TypeError(f"{type(statement).__name__} is neither a Fact nor a Claim")


def _key(term: Term, document_id: str) -> str:
    match term:
        case Name():
            return term.name
        case Literal():
            return f"{term.lexical}^^{term.datatype}"
        case _:
            return term_iri(term, document_id)


def _by_iri(entity: Entity) -> tuple[str, str]:
    return entity.iri or "", entity.label


def _last_segment(iri: str) -> str:
    return iri.rstrip("/").rsplit("/", 1)[-1]


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
