"""Tells by their grammar which verbs report, and where the words that they report begin and end."""

from spacy.tokens import Token

from kg.extract.clauses.en import (
    OBJECTS,
    SUBJECTS,
    conjuncts,
    is_clause,
    is_infinitive,
    objects,
    obliques,
    subtree,
)
from kg.extract.text.reading import end_of, start_of

FEWEST_WORDS = 3  # of a quotation, and of a clause with an aside
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


def around(verb: Token) -> list[Token] | None:
    """“A, *X said*, B”: the clause into which a reporting verb is put."""
    is_put_in = verb.dep_ == "parataxis" or (verb.dep_ == "ccomp" and _is_between_commas(verb))
    if not is_put_in or not is_clause(verb.head) or not speaks(verb):
        return None
    inside = set(verb.subtree)
    return [t for t in subtree(verb.head) if t not in inside]


def is_contrast(clause: Token) -> bool:
    """“A wants peace, *while B wants trade*”: what is said of somebody else."""
    return speaks(clause) and any(
        c.dep_ == "mark" and c.lower_ in ("while", "whereas") for c in clause.children
    )


def _is_between_commas(verb: Token) -> bool:
    """“While A, *X argued on Monday*, B”."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if subject is None or subject.left_edge.i == 0 or not subject.i < verb.i < verb.head.i:
        return False
    edge = verb.right_edge
    return subject.left_edge.nbor(-1).text == "," and (edge.text == "," or edge.nbor(1).text == ",")


def beside(verb: Token) -> list[Token] | None:
    """“A, *X said* in May.”, “While A, *X said*, B”, where the parser takes the aside for the main clause."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if subject is None or verb != verb.sent.root:
        return None
    first = subject.left_edge.i
    if subject.i > verb.i or first - verb.sent.start < FEWEST_WORDS or not speaks(verb):
        return None
    if verb.doc[first - 1].text != ",":
        return None
    before = [t for t in verb.doc[verb.sent.start : first - 1] if not t.is_space]
    own = [
        c
        for c in verb.children
        if c.i > verb.i and c.dep_ in ("prep", "npadvmod", "advmod", "dobj", "dative")
    ]
    last = max([t.i for c in own for t in c.subtree if c.left_edge.i <= verb.i + 4] or [verb.i])
    after = [t for t in verb.doc[last + 1 : verb.sent.end] if not t.is_space]
    if any(c.dep_ == "mark" for t in before if is_clause(t) for c in t.children):
        is_between = bool(after) and after[0].text == ","
        return after[1:] if is_between and any(_is_finite(t) for t in after) else None
    is_end = all(t.is_punct for t in after) or (
        after and after[0].text == "," and not any(map(_is_finite, after))
    )
    return before if is_end and any(_is_finite(t) for t in before) else None


def _is_finite(token: Token) -> bool:
    return is_clause(token) and (speaks(token) or token.tag_ in ("VBD", "VBZ", "VBP", "MD"))


def after_that(verb: Token) -> list[Token]:
    """What follows the “that” after a reporting verb, to the end of its sentence."""
    begin = next((t.i for t in verb.sent if t.i > verb.i and t.lower_ == "that"), verb.i)
    return [t for t in verb.sent if t.i > begin]


def is_it(token: Token) -> bool:
    """Whether a word is “it” or “its”."""
    return token.lower_ in ("it", "its")


def quoters(verb: Token) -> list[Token]:
    """“was quoted *by Xinhua* as saying”: by whom words are quoted."""
    words = [verb, *(t for child in verb.children if child.lower_ == "as" for t in child.children)]
    return [t for word in words for t in obliques(word).get("by", [])]


def hearers(verb: Token) -> list[Token]:
    """“told *the Global Times* that …”, “said in talks with *CNN*”: to whom something is said."""
    heard = [t for child in verb.children if child.dep_ in OBJECTS for t in conjuncts(child)]
    nouns = [t for name in ("to", "with", "in") for t in obliques(verb).get(name, [])]
    return heard + nouns + [t for noun in nouns for t in obliques(noun).get("with", [])]


def put_to(verb: Token) -> list[Token]:
    """“urged *China* to …”, “called on *China* to …”: to whom a demand is put."""
    return [*objects(verb), *obliques(verb).get("on", []), *obliques(verb).get("to", [])]


def owners_of_record(noun: Token) -> list[Token]:
    """“*Xinhua's* report”, “data *from the ministry*”: whose a record is."""
    bearers = [t for name in ("from", "by", "of") for t in obliques(noun).get(name, [])]
    return bearers or [c for c in noun.children if c.dep_ == "poss"]


def owners_of_word(noun: Token) -> list[Token]:
    """“*Xi's* warning”, “a warning *by Xi*”, “the view *of* analysts”: whose words a noun names."""
    own = [c for c in noun.children if c.dep_ == "poss"]
    return own + obliques(noun).get("by", []) + obliques(noun).get("of", [])
