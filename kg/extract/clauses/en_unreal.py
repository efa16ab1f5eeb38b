"""Finds what takes an English clause out of the world: conditions, inversion, fiction."""

from spacy.tokens import Token

from kg.extract.clauses.en import SUBJECTS, is_clause
from kg.extract.clauses.en_governors import has_to
from kg.extract.clauses.en_negation import Lists

INVERTING = frozenset({"had", "should", "were"})


def is_inverted(verb: Token) -> bool:
    """“*Had the US imposed* tariffs”, “*Should they meet*”."""
    above = verb.head
    if verb.dep_ == "ccomp" and above.dep_ == "advcl" and above.lower_ in INVERTING:
        return not any(c.dep_ in SUBJECTS for c in above.children)  # as the parser may take it
    if verb.dep_ != "advcl":
        return False
    first = next((c for c in verb.children if c.dep_ in ("aux", "auxpass", *SUBJECTS)), None)
    return first is not None and first.lower_ in INVERTING and first.dep_ in ("aux", "auxpass")


def condition_of(verb: Token, lists: Lists) -> str:
    """The conjunction of a condition that a clause depends on."""
    infinitives = [c for c in verb.children if c.dep_ in ("xcomp", "ccomp", "advcl") and has_to(c)]
    for clause in (c for head in (verb, *infinitives) for c in head.children):
        if clause.dep_ != "advcl" or not is_clause(clause):
            continue
        for child in clause.children:
            if child.dep_ in ("mark", "advmod") and child.lower_ in lists["condition_marks"]:
                is_even = child.i > 0 and child.nbor(-1).lower_ in ("even", "as")
                if not is_even:
                    return child.lower_
    return ""


def fiction_of(token: Token, lists: Lists) -> str | None:
    """“*In the novel*, …”, “*A fabricated video* shows …”: words that take a clause out of the world."""
    current = token
    while True:
        if is_clause(current) or current.head == current:
            for child in current.children:
                nouns = [child] if child.dep_ in SUBJECTS else []
                if child.dep_ == "prep" and child.lower_ in ("in", "according"):
                    nouns = [t for c in (child, *child.children) for t in c.children if t.dep_ == "pobj"]
                for noun in nouns:
                    words = {c.lower_ for c in noun.children if c.dep_ in ("amod", "compound")}
                    is_made_up = noun.lemma_.lower() in lists["fiction_nouns"] and current != token
                    is_made_up = is_made_up or (
                        noun.lemma_.lower() in lists["fiction_nouns"] and child.dep_ == "prep"
                    )
                    if is_made_up or words & lists["fake_words"]:
                        return str(noun.text)
        if current.head == current:
            return None
        current = current.head
