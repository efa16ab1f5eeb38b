"""Writes reviews as lines of JSON and reads them: the form in which they are kept and sent to others.

Identifiers stand without the base IRI, so that a line means the same under another one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, get_args

from kg.errors import InputError
from kg.model import (
    Claim,
    Entity,
    Event,
    EventReview,
    EventVerdict,
    Fact,
    Literal,
    Name,
    Passage,
    Review,
    Statement,
    Term,
    Verdict,
)
from kg.terms import BASE

__all__ = ["decode", "encode", "now", "review_id", "statement_of", "statement_parts"]

_Parts = dict[str, Any]  # what JSON holds
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d{1,6})?Z", re.ASCII)
_ID_LENGTH = 20  # hexadecimal digits


def now() -> str:
    """The time of a review that is made now."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encode(review: Review | EventReview) -> str:
    """A review as one line, the same for the same review."""
    parts = _event_review_parts(review) if isinstance(review, EventReview) else _review_parts(review)
    return json.dumps(_filled(parts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _review_parts(review: Review) -> _Parts:
    return {
        "document": review.document,
        "verdict": review.verdict,
        "reviewer": review.reviewer,
        "time": review.time,
        "statement": statement_parts(review.statement),
        "instead": None if review.instead is None else statement_parts(review.instead),
        "context": [statement_parts(fact) for fact in review.context],
        "note": review.note,
        "withdrawn": review.withdrawn,
        "withdrawnBy": review.withdrawn_by,
    }


def _event_review_parts(review: EventReview) -> _Parts:
    return {
        "events": review.verdict,
        "one": _short(review.one),
        "other": _short(review.other),
        "reviewer": review.reviewer,
        "time": review.time,
        "note": review.note,
        "withdrawn": review.withdrawn,
        "withdrawnBy": review.withdrawn_by,
    }


@lru_cache(100_000)
def review_id(review: Review | EventReview) -> str:
    """What names a review: all that it says but whether it was taken back."""
    standing = replace(review, withdrawn="", withdrawn_by="")
    return sha256(encode(standing).encode()).hexdigest()[:_ID_LENGTH]


@lru_cache(100_000)
def decode(line: str) -> Review | EventReview:
    """The review of a line.

    Raises:
        InputError: the line holds none.
    """
    try:
        parts = json.loads(line)
        if "events" in parts:
            return _event_review(parts)
        verdict = parts["verdict"]
        if verdict not in get_args(Verdict):
            raise ValueError(f"there is no verdict {verdict!r}")
        instead = parts.get("instead")
        if (instead is None) == (verdict == "Corrected"):
            raise ValueError("a correction, and nothing else, has a statement that holds instead")
        context = [statement_of(it) for it in parts.get("context", ())]
        return Review(
            document=_text(parts["document"]),
            verdict=verdict,
            reviewer=_text(parts["reviewer"]),
            time=_time(parts["time"]),
            statement=statement_of(parts["statement"]),
            instead=None if instead is None else statement_of(instead),
            context=tuple(it for it in context if isinstance(it, Fact)),
            note=_text(parts.get("note", "")),
            withdrawn=_time(parts["withdrawn"]) if parts.get("withdrawn") else "",
            withdrawn_by=_text(parts.get("withdrawnBy", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(f"this is no review: {what}: {line[:120]}") from error


def _event_review(parts: Mapping[str, Any]) -> EventReview:
    verdict = _one_of(parts["events"], *get_args(EventVerdict))
    one, other = (_text(_long(parts[name])) for name in ("one", "other"))
    if one == other:
        raise ValueError("an event is compared with itself")
    return EventReview(
        verdict=verdict,
        one=_text(parts["one"]) if verdict == "apart" else one,
        other=other,
        reviewer=_text(parts["reviewer"]),
        time=_time(parts["time"]),
        note=_text(parts.get("note", "")),
        withdrawn=_time(parts["withdrawn"]) if parts.get("withdrawn") else "",
        withdrawn_by=_text(parts.get("withdrawnBy", "")),
    )


def statement_parts(statement: Statement) -> _Parts:
    """A statement as JSON holds it."""
    parts: _Parts = {
        "evidence": [_passage_parts(it) for it in statement.evidence],
        "claimants": [_entity_parts(it) for it in statement.claimants],
        "relayedBy": None if statement.relayed_by is None else _entity_parts(statement.relayed_by),
        "cue": statement.cue,
        "polarity": statement.polarity,
        "certainty": None if statement.certainty == "Certain" else statement.certainty,
        "inEvent": None if statement.in_event is None else _event_parts(statement.in_event),
        "capacity": None if statement.capacity is None else _entity_parts(statement.capacity),
    }
    if isinstance(statement, Fact):
        parts |= {
            "subject": _term_parts(statement.subject),
            "predicate": statement.predicate,
            "object": _term_parts(statement.object),
            "dateBasis": statement.date_basis,
        }
    elif isinstance(statement, Claim):
        parts |= {
            "kind": statement.kind,
            "content": statement.content,
            "about": [_entity_parts(it) for it in statement.about],
            "addressee": None if statement.addressee is None else _entity_parts(statement.addressee),
            "affirms": [_entity_parts(it) for it in statement.affirms],
        }
    return _filled(parts)


def statement_of(parts: Mapping[str, Any]) -> Statement:
    """The statement that JSON holds.

    Raises:
        KeyError, TypeError, ValueError: it holds none.
    """
    common: _Parts = {
        "evidence": tuple(_passage(it) for it in parts["evidence"]),
        "claimants": tuple(_entity(it) for it in parts.get("claimants", ())),
        "relayed_by": _entity(parts["relayedBy"]) if "relayedBy" in parts else None,
        "cue": _text(parts["cue"]) if "cue" in parts else None,
        "polarity": _one_of(parts["polarity"], "Affirmed", "Negated"),
        "certainty": _one_of(parts.get("certainty", "Certain"), "Certain", "Hedged"),
        "in_event": _event(parts["inEvent"]) if "inEvent" in parts else None,
        "capacity": _entity(parts["capacity"]) if "capacity" in parts else None,
    }
    if not common["evidence"]:
        raise ValueError("a statement has no passage")
    if "predicate" not in parts:
        return Claim(
            **common,
            kind=_text(parts["kind"]),
            content=_text(parts["content"]),
            about=tuple(_entity(it) for it in parts.get("about", ())),
            addressee=_entity(parts["addressee"]) if "addressee" in parts else None,
            affirms=tuple(_entity(it) for it in parts.get("affirms", ())),
        )
    subject, basis = _term(parts["subject"]), parts.get("dateBasis")
    if not isinstance(subject, Event | Entity):
        raise ValueError("a fact is about a thing")
    if basis is not None:
        _one_of(basis, "Stated", "DayOfPublication", "Title")
    return Fact(
        **common,
        subject=subject,
        predicate=_text(parts["predicate"]),
        object=_term(parts["object"]),
        date_basis=basis,
    )


def _term_parts(term: Term) -> _Parts:
    match term:
        case Entity():
            return {"entity": _entity_parts(term)}
        case Event():
            return {"event": _event_parts(term)}
        case Literal():
            return {"value": term.lexical, "datatype": term.datatype}
        case Name():
            return {"name": term.name}


def _term(parts: Mapping[str, Any]) -> Term:
    if "entity" in parts:
        return _entity(parts["entity"])
    if "event" in parts:
        return _event(parts["event"])
    if "name" in parts:
        return Name(_text(parts["name"]))
    return Literal(_text(parts["value"]), _text(parts["datatype"]))


def _entity_parts(entity: Entity) -> _Parts:
    return _filled({
        "kind": entity.kind,
        "label": entity.label,
        "iri": _short(entity.iri),
        "represents": _short(entity.represents),
        "publisher": _short(entity.publisher),
    })  # fmt: skip


def _entity(parts: Mapping[str, Any]) -> Entity:
    iri, represents, publisher = (_long(parts.get(name)) for name in ("iri", "represents", "publisher"))
    return Entity(_text(parts["kind"]), _text(parts["label"]), iri, represents, publisher)


def _event_parts(event: Event) -> _Parts:
    return _filled({
        "kind": event.kind,
        "anchor": _passage_parts(event.anchor),
        "date": event.date,
        "principals": [_entity_parts(it) for it in event.principals],
        "directed": event.directed or None,
        "effect": event.effect,
        "objects": [*event.objects],
    })  # fmt: skip


def _event(parts: Mapping[str, Any]) -> Event:
    date, effect = parts.get("date"), parts.get("effect")
    return Event(
        kind=_text(parts["kind"]),
        anchor=_passage(parts["anchor"]),
        date=None if date is None else _text(date),
        principals=tuple(_entity(it) for it in parts.get("principals", ())),
        directed=bool(parts.get("directed", False)),
        effect=None if effect is None else _text(effect),
        objects=tuple(map(_text, parts.get("objects", ()))),
    )


def _passage_parts(passage: Passage) -> list[Any]:
    return [passage.start, passage.end, passage.exact]


def _passage(parts: Any) -> Passage:
    start, end, exact = parts
    if not (isinstance(start, int) and isinstance(end, int) and end - start == len(_text(exact)) > 0):
        raise ValueError("the offsets of a passage are not those of its words")
    return Passage(start, end, exact)


def _short(iri: str | None) -> str | None:
    return None if iri is None else iri.removeprefix(BASE)


def _long(iri: Any) -> str | None:
    if iri is None:
        return None
    text = _text(iri)
    if any(sign in text for sign in '<>" {}|\\^`') or not text:
        raise ValueError(f"{text!r} is no identifier")
    return text if "://" in text else BASE + text


def _one_of(value: Any, *known: str) -> Any:
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _time(value: Any) -> str:
    text = _text(value)
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is no time in UTC, such as 2026-11-27T09:00:00Z")
    datetime.fromisoformat(text)
    return text


def _filled(parts: _Parts) -> _Parts:
    """The parts that hold something."""
    return {name: value for name, value in parts.items() if value is not None and value not in ("", [])}
