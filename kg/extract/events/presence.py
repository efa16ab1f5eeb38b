"""Whether a text tells of a visit while it lasts: “welcome to China”, “this visit”, “I have come here”."""

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above
from kg.extract.events.mention import EventMention
from kg.extract.rules import Rules

PRESENT = frozenset({"VBP", "VBZ"})


def is_greeting(draft: EventMention, rules: Rules) -> bool:
    """“It is my *pleasure* to welcome X to Y”: no plan, since it is done by saying so."""
    verb = draft.trigger
    if verb.lemma_.lower() not in rules.lists["welcoming_verbs"] or _is_pleased(verb, rules) is None:
        return False
    words = {verb.head, *verb.head.children}
    return any(word.lemma_.lower() in rules.lists["pleasure_words"] for word in words)


def shows_presence(draft: EventMention, rules: Rules) -> Token | None:
    """The word by which a visit lasts when the text is spoken or written; `None` if nothing says so."""
    if draft.trigger.pos_ in ("NOUN", "PROPN"):
        return None if draft.is_reference else _of_noun(draft.trigger, rules)
    return _of_verb(draft.trigger, rules)


def _of_noun(noun: Token, rules: Rules) -> Token | None:
    """“during *this* visit”, “*is* paying a visit”, “*is* on a visit”, “this *is* your first visit”."""
    this = next((c for c in noun.children if c.lower_ in rules.lists["presence_words"]), None)
    if this is not None:
        return this
    verb = clause_above(noun)
    if verb is None or verb.lemma_ not in rules.lists["visiting_verbs"]:
        return None
    if noun.dep_ == "attr" and not any(c.dep_ == "poss" for c in noun.children):
        return None  # “it is the first visit of a president since 2017”
    return _is_now(verb) or _is_pleased(verb, rules)


def _of_verb(verb: Token, rules: Rules) -> Token | None:
    """“*Welcome* to China”, “I *want* to welcome him”, “I *have* come here”, “he *is* visiting China”."""
    if verb.lemma_.lower() in rules.lists["welcoming_verbs"]:
        has_subject = any(c.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass", "mark") for c in verb.children)
        if not has_subject and verb.dep_ == "ROOT":
            return verb
        return _is_now(verb) or _is_pleased(verb, rules)
    if verb.lemma_.lower() not in rules.lists["arriving_verbs"]:
        return _is_now(verb) if verb.tag_ == "VBG" else None
    has = next((c for c in verb.children if c.dep_ == "aux" and c.tag_ in PRESENT), None)
    if has is not None and verb.tag_ == "VBN" and _is_of_speakers(verb, rules):
        return has
    return _is_pleased(verb, rules)


def _is_now(verb: Token) -> Token | None:
    """The present tense of a verb."""
    if verb.tag_ in PRESENT:
        return verb
    auxiliary = next((c for c in verb.children if c.dep_ == "aux" and c.tag_ in PRESENT), None)
    return auxiliary if verb.tag_ == "VBG" and auxiliary is not None and auxiliary.lemma_ == "be" else None


def _is_pleased(verb: Token, rules: Rules) -> Token | None:
    """“I *want* to welcome”, “to host you *is* an honor”, “I *am* delighted to come and pay a visit”."""
    while verb.dep_ == "conj":
        verb = verb.head
    if verb.tag_ != "VB" or not any(c.dep_ == "aux" and c.tag_ == "TO" for c in verb.children):
        return None
    above = verb.head
    while above.pos_ in ("NOUN", "ADJ") and above.head != above:
        above = above.head
    is_said_now = above.tag_ in PRESENT or any(c.tag_ == "MD" for c in above.children)
    return above if is_said_now and _is_of_speakers(above, rules) else None


def _is_of_speakers(verb: Token, rules: Rules) -> bool:
    """Whether those who speak, or are spoken to, do it; or it is said of the act (“*it* is my pleasure”)."""
    subjects = [c for c in verb.children if c.dep_ in ("nsubj", "csubj", "expl")]
    return any(w.dep_ == "csubj" or w.lower_ in rules.lists["speaking_pronouns"] for w in subjects)
