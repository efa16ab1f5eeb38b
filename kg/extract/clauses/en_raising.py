"""Tells by grammar how a word of raising or leaving out is meant, and which words it governs."""

from spacy.tokens import Token

from kg.extract.clauses.en import auxiliaries, clause_above, is_clause, obliques

PAST = frozenset({"did", "was", "were", "had", "has", "have", "'ve", "'d"})


def is_of_next(token: Token, verb: Token) -> bool:
    """“discussed fentanyl but did not *take up tariffs*”: what belongs to the verb after it."""
    below = [c for c in verb.children if c.dep_ == "conj" and is_clause(c)]
    return any(token in c.subtree for c in below)


def is_predicate(word: Token) -> bool:
    """“went *unmentioned*”, “were *devoted* to”: an adjective that says of the subject how it was."""
    return (
        word.dep_ in ("acomp", "oprd", "attr")
        and word.pos_ in ("ADJ", "VERB", "ADV")
        and is_clause(word.head)
    )


def begins_clause(word: Token, verb: Token, *, is_out: bool) -> bool:
    """Whether a clause of its own begins with a word below `verb`: what it says is said of something else."""
    if not is_clause(word) or word == verb:
        return False
    if word.dep_ in ("conj", "ccomp", "parataxis", "dep"):
        return word.tag_ not in ("VBG", "VBN") or any(
            c.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass") for c in word.children
        )
    return word.dep_ == "advcl" or (word.dep_ == "relcl" and is_out)


def is_relative(token: Token, subject: Token) -> bool:
    """Whether a word stands in a clause that hangs on the subject."""
    while token not in (subject, token.head):
        if token.dep_ in ("relcl", "acl"):
            return True
        token = token.head
    return False


def is_aside(word: Token) -> bool:
    """“, *not to mention* trade”: no more than a turn of phrase."""
    has_to = any(c.lower_ == "to" and c.dep_ == "aux" for c in word.children)
    return (
        has_to
        and any(c.dep_ == "neg" for c in word.children)
        and word.dep_ in ("advcl", "ROOT", "acl", "conj")
    )


def is_past(verb: Token) -> bool:
    """Whether a clause tells of what is past: its own auxiliaries or those above an infinitive."""
    current: Token | None = verb
    while current is not None:
        above = auxiliaries(current)
        helpers = {helper.lower_ for helper in above}
        if helpers & PAST or current.tag_ == "VBD" or any(helper.tag_ == "VBD" for helper in above):
            return True
        if helpers - {"to", "been", "being", "be", "could", "would"} or current.tag_ in ("VBZ", "VBP"):
            return False
        higher = clause_above(current)
        if higher is None or higher == current:
            return current.tag_ in ("VBN", "VBG")
        current = higher
    return False


def is_act(clause: Token) -> bool:
    """“discussed *managing* competition”, “discussed how *to manage* it”: an act as what was talked about."""
    is_gerund = clause.tag_ == "VBG" and clause.dep_ in ("xcomp", "pcomp", "ccomp")
    return is_gerund or (
        clause.dep_ in ("xcomp", "ccomp") and any(c.lower_ == "how" for c in clause.children)
    )


def is_next_act(clause: Token, verb: Token) -> bool:
    """“ways to keep and *deepen* ties”: one more act of those that are talked about."""
    is_bare = clause.tag_ in ("VB", "VBG") and not any(c.dep_ in ("nsubj", "aux") for c in clause.children)
    return clause.dep_ == "conj" and is_bare and clause.head != verb and is_clause(clause.head)


def only_dates(trigger: Token) -> bool:
    """“*since Trump met Xi* in Osaka”, “weeks *after* a meeting”: what only dates another exchange."""
    current = trigger
    while current.head != current:
        if current.dep_ == "advcl" and any(
            c.dep_ in ("mark", "prep", "advmod") and c.lower_ in ("since", "after", "before", "until")
            for c in current.children
        ):
            return True
        if current.dep_ in ("pobj", "pcomp") and current.head.lower_ in (
            "since",
            "after",
            "before",
            "until",
            "following",
        ):
            return True
        if current.dep_ == "relcl":
            return True
        current = current.head
    return False


def partners_of(verb: Token) -> list[Token]:
    """“discussed it *with Xi*”, “spoke *to Xi* about it”: with whom it was talked about."""
    partners = obliques(verb).get("with", [])
    if verb.lemma_.lower() in ("talk", "speak"):
        return partners + [t for t in obliques(verb).get("to", []) if t.pos_ in ("NOUN", "PROPN")]
    return partners


def is_one_sided(verb: Token) -> bool:
    """“not raised *by Xi but by Biden*”: somebody did raise it."""
    by = [c for c in verb.children if c.dep_ == "agent"]
    return bool(by) and any(t.lower_ in ("but", "rather") for t in verb.sent if t.i > by[0].i)


def is_definite(noun: Token) -> bool:
    """“*the* subject”, “*neither* topic”: one that was spoken of."""
    return any(c.lower_ in ("the", "this", "that", "neither", "either") for c in noun.children)
