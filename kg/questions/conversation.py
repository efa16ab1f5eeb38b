"""Questions that follow one another: what the next one leaves out is what the one before named."""

import re
from dataclasses import replace

from kg.questions.binding import Bound
from kg.questions.frame import Frame

__all__ = ["continued"]

_FOLLOW_UP = re.compile(
    r"^\s*(?:and|what about|how about|but|also|then|那么?|还有|另外)\b|^那|呢\s*[?？]?$", re.I
)
# Words that stand for what the question before named.
_PEOPLE = re.compile(r"\b(?:they|them|he|him|she|her|his|their|the two|both of them)\b|他们?|她|双方", re.I)
_OCCASION = re.compile(
    r"(?<!is )(?<!was )(?<!are )(?<!were )(?<!been )\bthere\b(?! (?:is|was|are|were|been|a|any)\b)"
    r"|\b(?:then|at that time|at the time|on that occasion|(?:that|this|the same) "
    r"(?:call|meeting|summit|talks?|visit|day|round))\b|那里|那次|这次|当时|会上|其间",
    re.I,
)


def continued(bound: Bound, own: Frame | None, before: Frame) -> Frame | None:
    """A question with what it leaves out from the one before.

    Args:
        bound: The question taken apart.
        own: What it asks by itself.
        before: What the question before asked.
    """
    says_who, says_when = bool(_PEOPLE.search(bound.text)), bool(_OCCASION.search(bound.text))
    is_short = own is None or not (own.parties or own.places or own.period or own.topics)
    if not is_short and not says_who and not says_when and not _FOLLOW_UP.search(bound.text):
        return own
    if own is not None and not is_short and (says_who or says_when) and not _FOLLOW_UP.search(bound.text):
        return _referring(own, before, says_who=says_who, says_when=says_when)
    own = own or replace(before, question=bound.question, unknown=bound.unknown)
    if not bound.of("act", "kind", "want"):
        own = replace(own, of=before.of, want=before.want, claims=before.claims, excluded=before.excluded)
    if not own.parties and not own.period and not own.places:
        own = replace(own, order=own.order or before.order)
    has_when = bool(own.period or own.places)
    return replace(
        own,
        kinds=own.kinds or before.kinds,
        parties=own.parties or before.parties,
        to=own.to or (before.to if not own.parties else ()),
        topics=own.topics or (before.topics if own.of == before.of or own.of == "claims" else ()),
        wordings=own.wordings or (before.wordings if not own.topics else ()),
        period=own.period if has_when else before.period,
        places=own.places if has_when else before.places,
        words=own.words or (before.words if not own.topics else ()),
    )


def _referring(own: Frame, before: Frame, *, says_who: bool, says_when: bool) -> Frame:
    """“What did *they* say on AI *there*?”: only what its words point back at is kept."""
    if says_who and not own.parties:
        own = replace(own, parties=before.parties)
    if says_when and not own.period and not own.places:
        own = replace(
            own,
            period=before.period,
            places=before.places,
            kinds=own.kinds or before.kinds,
            parties=own.parties or (before.parties if own.of in ("events", "topics") else ()),
        )
    return own
