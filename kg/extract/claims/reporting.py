"""Tells by their grammar which verbs report, and where the words that they report begin and end."""

from spacy.tokens import Token

from kg.extract.clauses.en import OBJECTS, SUBJECTS, is_infinitive
from kg.extract.text.reading import end_of, start_of

QUOTING = frozenset({"quote", "cite"})
NOT_CONTENT = ("mark", "cc", "punct", "preconj")


def is_participle(verb: Token) -> bool:
    """“…, *suggesting* that …”: what the author, not the subject, makes of it."""
    return (
        verb.tag_ == "VBG"
        and verb.dep_ in ("advcl", "conj")
        and not any(c.dep_ in ("aux", *SUBJECTS) for c in verb.children)
    )


def speaks(verb: Token) -> bool:
    """Whether a verb has a subject of its own."""
    return any(child.dep_ in SUBJECTS for child in verb.children)


def chains_on(verb: Token) -> bool:
    """“…, *noted* A, and *underscored* B”: a past form without subject behind a comma or “and”."""
    if verb.tag_ == "VBG":
        return verb.i > 0 and verb.nbor(-1).lower_ in (",", "while")
    if verb.tag_ != "VBD" or any(child.dep_ in SUBJECTS and child.i < verb.i for child in verb.children):
        return False
    before = verb.i - 1
    while before > 0 and (verb.doc[before].pos_ == "ADV" or verb.doc[before].text == '"'):
        before -= 1
    return verb.doc[before].lower_ in (",", "and", "but")


def is_swallowed(verb: Token) -> bool:
    """“X *stated* that for A to go on, B must …”, parsed as if the statement were the main clause."""
    if verb.dep_ != "ccomp" or verb.head.i < verb.i or not any(c.dep_ == "nsubj" for c in verb.children):
        return False
    return any(
        t.lower_ == "that" and t.dep_ == "mark"
        for t in verb.sent
        if verb.i < t.i < min(verb.i + 6, verb.head.i)
    )


def span_of(tokens: list[Token]) -> tuple[int, int]:
    """The offsets of words, without conjunctions, commas and full stops at their ends."""
    words = [t for t in tokens if not t.is_space]
    while (
        len(words) > 1
        and (words[0].dep_ in NOT_CONTENT or words[0].is_punct)
        and words[0].lower_ not in ("if", "unless", '"')
    ):
        words = words[1:]
    while len(words) > 1 and ((words[-1].is_punct and words[-1].text not in '")%') or words[-1].dep_ == "cc"):
        words = words[:-1]
    return start_of(words[0]), end_of(words[-1])


def quoting_verb(verb: Token) -> Token | None:
    """“Xinhua *quoted* Xi as saying”: the verb above a participle of saying."""
    head = verb.head.head if verb.dep_ == "pcomp" and verb.head.lower_ == "as" else verb.head
    is_as = verb.tag_ == "VBG" and (head != verb.head or any(c.lower_ == "as" for c in verb.children))
    return head if is_as and head.lemma_.lower() in QUOTING else None


def judgement(verb: Token) -> Token | None:
    """“called the talks *useful*”, “described the talks *as useful*”: what something is said to be."""
    direct = [c for c in verb.children if c.dep_ in ("oprd", "ccomp") and c.pos_ in ("ADJ", "NOUN", "VERB")]
    direct = [c for c in direct if c.dep_ == "oprd" or (c.i > verb.i and not is_that(c) and not _has_verb(c))]
    above = [verb, *(c for c in verb.children if c.dep_ in OBJECTS and c.i > verb.i)]
    named = [c for word in above for c in word.children if c.dep_ == "prep" and c.lower_ == "as"]
    has_object = any(c.dep_ in OBJECTS or c.dep_ == "nsubj" for c in verb.children)
    return next(iter([*direct, *named]), None) if has_object else None


def _has_verb(token: Token) -> bool:
    return any(c.dep_ in ("aux", "auxpass") for c in token.children) or token.tag_ in (
        "VBD",
        "VBZ",
        "VBP",
        "VB",
    )


def _has_own(verb: Token) -> bool:
    """Whether a participle has an auxiliary or a subject, and so is a verb of its clause."""
    return any(c.dep_ in ("aux", "auxpass", *SUBJECTS) for c in verb.children)


def is_that(clause: Token) -> bool:
    """Whether “that” opens a clause."""
    return any(t.lower_ == "that" and t.dep_ == "mark" for t in clause.children)


def is_governed(verb: Token) -> bool:
    """“the right *to defend*”, “committed to *defending*”: an act spoken of, and nothing said by it."""
    if verb.tag_ == "VBG" and verb.dep_ == "pcomp":
        return verb.head.lower_ not in ("as", "in", "by", "while", "with")
    if verb.tag_ == "VBN" and verb.dep_ == "conj" and verb.head.tag_ == "VBN" and not _has_own(verb.head):
        return True  # “our made, and *agreed* to, deal”
    return verb.dep_ in ("acl", "relcl") and is_infinitive(verb)


def is_gerund(token: Token) -> bool:
    """“denied *breaking* the deal”: an “-ing” form without subject or auxiliary."""
    return token.tag_ == "VBG" and not any(c.dep_ in ("aux", "nsubj") for c in token.children)
