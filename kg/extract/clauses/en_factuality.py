"""Tells whether a text says that something happened, is planned, is wished, is denied or is left open.

After the idea of De Facto (Saurí and Pustejovsky 2012): the reading of a word follows from what stands above
it in its sentence, one predicate after the other.
"""

from collections.abc import Iterator
from typing import Literal as Choice
from typing import TypeAlias

from spacy.tokens import Token

from kg.extract.clauses.en import (
    OBJECTS,
    auxiliaries,
    has_negation,
    is_clause,
    is_infinitive,
    objects,
    subjects,
)
from kg.extract.rules import Rules

Meaning: TypeAlias = Choice["real", "negated", "planned", "wished", "cancelled", "open"]
STATUS_BY_READING = {"real": "Occurred", "planned": "Planned", "wished": "Proposed", "cancelled": "Cancelled"}
FUTURE = frozenset({"will", "shall", "'ll", "wo", "would"})
UNCERTAIN = frozenset({"should", "must", "could", "may", "might", "can", "ought", "ca"})
DUE = frozenset({"due", "set", "slated", "scheduled", "poised", "bound"})
WILLING = frozenset({"willing", "ready", "open", "eager", "keen", "prepared", "reluctant", "happy"})
SCENES = frozenset({"at", "during", "in", "after", "following", "since", "before", "from"})
GOVERNED = ("xcomp", "ccomp", "advcl", "acl", "relcl", "pcomp", "conj", "dep")


def reading_of(token: Token, rules: Rules) -> Meaning:
    """How the text means the event or predicate that `token` names."""
    lists = rules.lists
    found = _of_modifiers(token, rules)
    is_negated = _has_negative_determiner(token, rules)
    for verb, below in _chain(token):
        if any(
            child.lower_ in lists["doubt_marks"]
            for child in verb.children
            if child.dep_ in ("mark", "advmod")
        ):
            return "open"
        if has_negation(verb) or (verb != token and _has_negative_subject(verb, rules)):
            is_negated = not is_negated
        if verb != below:
            lemma = verb.lemma_.lower()
            if lemma in lists["denial_verbs"] and below.dep_ != "advcl":
                is_negated = not is_negated
            elif lemma in lists["doubt_verbs"] and below.dep_ in ("ccomp", "xcomp", "pcomp", "dobj", "pobj"):
                return "open"
        found = found or _of_verb(verb, below, rules)
    if is_negated:
        return "negated"
    return found or "real"


def _chain(token: Token) -> Iterator[tuple[Token, Token]]:
    """The clauses above `token`, each with the word below it that leads there; itself first if a verb."""
    below = current = token
    if is_clause(token):
        yield token, token
    while current.head != current:
        previous, current = current, current.head
        if previous.dep_ == "conj" and is_clause(previous) and is_clause(current):
            # A coordinated verb shares what stands above, not what the verb before it says.
            while current.dep_ == "conj" and is_clause(current.head):
                current = current.head
            below = current
        elif is_clause(current):
            if previous.dep_ in ("advcl", "relcl") and is_clause(previous) and not is_infinitive(previous):
                return
            yield current, below
            below = current


def _of_modifiers(token: Token, rules: Rules) -> Meaning | None:
    words = {
        child.lemma_.lower()
        for child in token.children
        if child.dep_ in ("amod", "compound", "acl", "advmod")
    }
    words |= {child.lower_ for child in token.children if child.dep_ in ("amod", "acl")}
    if token.dep_ == "nsubj" and token.head.lemma_ == "be":  # “a summit is *possible*”
        words |= {child.lower_ for child in token.head.children if child.dep_ == "acomp"}
    for name, reading in (("plan", "planned"), ("wish", "wished"), ("cancel", "cancelled")):
        if words & rules.lists[f"{name}_modifiers"]:
            return reading  # type: ignore[return-value]  # the values are readings
    return None


def _of_verb(verb: Token, below: Token, rules: Rules) -> Meaning | None:
    helpers = {helper.lower_ for helper in auxiliaries(verb)}
    lemma = verb.lemma_.lower()
    if lemma in rules.lists["cancel_verbs"] and below != verb and below.dep_ in (*OBJECTS, "nsubjpass"):
        return "cancelled"
    if helpers & UNCERTAIN or (verb.dep_ == "xcomp" and verb.head.lower_ in WILLING):
        return "wished"
    if helpers & FUTURE:
        return "planned"
    if _is_going_to(verb):
        return "planned"
    if (
        below != verb
        and not _is_scene(below)
        and (below.dep_ not in ("advcl", "relcl", "nsubj") or is_infinitive(below))
    ):
        governs = not is_clause(below) or below.dep_ in ("xcomp", "ccomp", "pcomp", "advcl", "acl")
        if governs and lemma in rules.lists["wish_verbs"] and not _is_event_object(below, lemma):
            return "wished"
        if governs and lemma in rules.lists["plan_verbs"] and _looks_ahead(below):
            return "planned"
    if _is_infinitive_of_be(verb):
        return "cancelled" if _had_been(verb.head) else "planned"
    return None


def _is_scene(below: Token) -> bool:
    """“as directed *at the summit*”: where something was wished or planned, and not what."""
    return below.dep_ == "pobj" and not is_clause(below) and below.head.lower_ in SCENES


def _is_event_object(below: Token, lemma: str) -> bool:
    """“welcomed the meeting”, “discussed the visit”: what is welcomed exists."""
    return (
        lemma in ("welcome", "discuss", "support")
        and not is_clause(below)
        and any(child.lower_ in ("the", "their", "this", "that") for child in below.children)
    )


def _looks_ahead(below: Token) -> bool:
    """Whether a complement is yet to come: an infinitive, a gerund, a noun; not “confirmed that they met”."""
    return below.tag_ in ("VB", "VBG") or not is_clause(below)


def _is_going_to(verb: Token) -> bool:
    return verb.dep_ == "xcomp" and verb.head.lower_ == "going"


def _had_been(head: Token) -> bool:
    """“*had been* due to meet”: it did not come to that."""
    above = head if is_clause(head) else head.head
    return any(child.lower_ in ("had", "'d") and child.dep_ == "aux" for child in above.children)


def _is_infinitive_of_be(verb: Token) -> bool:
    """“The leaders *are to meet*”, “*are due to meet*”."""
    if verb.dep_ == "xcomp" and verb.head.dep_ in ("acomp", "oprd") and verb.head.lower_ in DUE:
        return True
    return verb.dep_ == "xcomp" and verb.head.lemma_ == "be" and any(c.lower_ == "to" for c in verb.children)


def _has_negative_determiner(token: Token, rules: Rules) -> bool:
    return any(
        child.lower_ in rules.lists["negators"]
        for child in token.children
        if child.dep_ in ("det", "preconj")
    )


def _has_negative_subject(verb: Token, rules: Rules) -> bool:
    """“*Nothing* was discussed”, “*neither* side raised it”."""
    negators = rules.lists["negators"]
    own = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")]
    return any(subject.lower_ in negators or _has_negative_determiner(subject, rules) for subject in own)


def is_negative(verb: Token, rules: Rules) -> bool:
    """Whether `verb` is negated by itself, its subject or its object (“discussed *neither* A nor B”)."""
    if has_negation(verb) or _has_negative_subject(verb, rules):
        return True
    negators = rules.lists["negators"]
    arguments = [*subjects(verb), *objects(verb)]
    return any(token.lower_ in negators or _has_negative_determiner(token, rules) for token in arguments)
