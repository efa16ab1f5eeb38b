"""What a question wants, and of what: events, topics, claims, documents, offices."""

import re
from collections.abc import Sequence

from kg.questions.frame import Of, Party, Want
from kg.questions.question_words import SIDES, QuestionWords

__all__ = ["CLAIMS", "subject", "wanted"]

# What is wanted if several words say so: the first of these.
_FOREMOST: tuple[Want, ...] = ("interval", "duration", "count", "where", "compare", "changed", "who", "when")
CLAIMS = ("Demand", "Commitment", "Warning", "Prediction", "Assessment")
_SEVERAL_TEXTS = re.compile(r"\b(?:readouts|transcripts|press releases|fact sheets)\b", re.I)


def subject(
    words: QuestionWords, topics: Sequence[str], parties: Sequence[Party], places: Sequence[tuple[str, ...]]
) -> tuple[Of | None, bool]:
    """Of what a question asks, and whether that is only a guess because its verb is not known.

    Args:
        words: The question taken apart.
        topics: The topics that it names.
        parties: Whoever it names.
        places: The places that it names.
    """
    acts, wants, roles = set(words.acts), set(words.wants), words.roles
    has_kind, claims = bool(words.kinds), acts & {*CLAIMS}
    if "Invitation" in words.kinds:
        return "invitations", False
    if _SEVERAL_TEXTS.search(words.text) and not acts and not wants - {"list", "count", "first", "last"}:
        return "documents", False
    if (
        roles & {"document", "joint"}
        and not ("compare" in wants and topics)
        and not acts & {"say", "discuss", "exclude", *CLAIMS}
        and "topics" not in wants
        and not (has_kind and "account" in roles)
    ) or "joint" in roles:
        return "documents", False
    if _asks_office(words, acts, has_kind):
        return "offices", False
    if "account" in roles and has_kind and not acts and not wants and words.names_account():
        return "topics", False
    has_slot = bool(topics or parties or places or has_kind or words.dates())
    if not has_slot and words.bound.unknown and not words.is_quoting():
        return None, False
    if (
        "say" in acts
        and topics
        and not parties
        and words.is_yes_no()
        and (has_kind or places or words.dates() or "account" in roles)
    ):
        return "topics", False
    if "exclude" in acts or "topics" in wants or ("only" in roles and not claims):
        return "topics", False
    if claims and not ("Commitment" in claims and "both" in roles):
        return "claims", False
    if "agree" in acts or claims:
        return "agreements", False
    if "discuss" in acts and not _speaks_alone(words, parties):
        return "topics", False
    if acts & {"say", "discuss"} or {"words", "changed"} & set(wants):
        return ("claims" if topics or parties or places or has_kind or words.is_quoting() else None), False
    if topics and {"compare"} & set(wants):
        return "claims", False
    if "both" in roles and (has_kind or places):
        return "claims", False
    if topics and not has_kind and not wants:
        return "claims", False
    if has_kind or len(parties) > 1 or places or roles & {"attend", "took_place"} or acts & {"cancel"}:
        if "attend" in roles:
            return "events", False
        if words.bound.unknown and not has_kind and not roles & {"took_place", "planned"} and not acts:
            return ("claims" if topics or parties or places else None), True
        is_guess = bool(words.bound.unknown) and not has_kind and not parties
        return ("events" if (parties or places or topics or has_kind) and not is_guess else None), False
    if parties and words.dates() and words.bound.unknown and not acts and not topics:
        return "claims", True
    return ("claims" if topics else "events" if parties and words.dates() else None), False


def _asks_office(words: QuestionWords, acts: set[str], has_kind: bool) -> bool:
    has_office = any(it.group == "office" for it in words.spans) or "leaders" in words.roles
    return (
        has_office
        and not acts
        and not has_kind
        and ("who" in words.wants or "holds" in words.roles or not words.wants)
        and len([it for it in words.spans if it.group == "agent" and it.iris and not {*it.iris} <= {*SIDES}])
        < 2
    )


def _speaks_alone(words: QuestionWords, parties: Sequence[Party]) -> bool:
    """“What did *Trump* raise”, “did *China* mention”: one side's words, no exchange."""
    return (
        len(parties) == 1
        and not words.kinds
        and not words.is_yes_no()
        and "topics" not in words.wants
        and "when" not in words.wants
        and not (words.is_of_both() and any(it.group in ("place", "date") for it in words.spans))
    )


def wanted(words: QuestionWords, of: Of) -> Want:
    """What is wanted of it."""
    wants = words.wants
    for want in _FOREMOST:
        if want in wants:
            return want
    if of == "claims" and ("words" in wants or not words.is_yes_no()):
        return "words"
    if words.is_yes_no() or "whether" in wants:
        return "whether"
    if order := words.order():
        return order
    return "topics" if of == "topics" else "list"
