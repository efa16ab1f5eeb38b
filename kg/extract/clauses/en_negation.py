"""Finds the negation of an English clause and how far it reaches."""

from collections.abc import Mapping

from spacy.tokens import Token

from kg.extract.clauses.en import SUBJECTS, is_clause
from kg.extract.schema import Words

Lists = Mapping[str, Words]
NOT = frozenset({"not", "n't", "never", "nor", "neither", "nowhere"})
# “not only”, “not merely”: what follows is so, and more.
MERELY = frozenset(
    {"only", "just", "merely", "simply", "solely", "so", "least", "necessarily", "exclusively"}
)
# “did not discuss it *in depth*”, “*until* Friday”, “*for* long”: less is denied than the whole.
LIMITS = frozenset(
    (
        "until", "till", "extensively", "specifically", "directly", "explicitly", "publicly", "much",
        "always", "alone", "fully", "entirely", "completely", "formally", "officially", "concretely",
        "lengthily", "enough", "often", "long", "openly", "immediately", "initially", "necessarily",
        "solely", "again", "together", "frequently", "thoroughly", "substantively", "deeply", "seriously",
        "merely", "only", "just", "simply", "first", "right", "yet", "privately",
    )
)  # fmt: skip
LIMIT_NOUNS = frozenset(
    (
        "depth", "detail", "length", "public", "terms", "time", "isolation", "earnest", "full",
    )
)  # fmt: skip
LIMIT_PREPOSITIONS = frozenset({"in", "at", "for", "with", "before", "without", "as"})


def is_negated(word: Token, lists: Lists) -> str:
    """The word that negates a verb, noun or adjective itself, also through “or” and “nor”; or “”."""
    for child in word.children:
        if child.dep_ in ("neg", "advmod", "preconj", "cc", "det", "dep", "intj") and child.lower_ in NOT:
            if child.i > word.i and (child.dep_ == "cc" or word.lemma_ not in ("be", "have", "do")):
                continue  # of what is coordinated: “trade *but not* Taiwan”
            if not _is_merely(child):
                return str(child.lower_)
        if (
            child.dep_ in ("prep", "npadvmod", "advmod")
            and child.i < word.i
            and (found := _occasion(child, lists))
        ):
            return found
    if is_clause(word):
        if word.i > 3 and tuple(t.lower_ for t in word.doc[word.i - 3 : word.i]) == ("so", "much", "as"):
            words = word.doc[max(word.sent.start, word.i - 5) : word.i - 3]
            if negation := next((t.lower_ for t in words if t.lower_ in NOT), ""):
                return str(negation)  # “did *not* even *so much as* mention it”
        first = min((c for c in word.children if c.dep_ in ("aux", "auxpass", *SUBJECTS)), key=lambda c: c.i,
                    default=None)  # fmt: skip
        if first is not None and first.dep_ in ("aux", "auxpass") and first.i > word.sent.start:
            before = first.nbor(-1)
            if before.lower_ in ("nor", "neither"):  # “*nor did* Biden raise Tibet”
                return str(before.lower_)
    if word.dep_ == "conj" and is_clause(word) and not any(c.dep_ in SUBJECTS for c in word.children):
        joins = {c.lower_ for c in word.head.children if c.dep_ == "cc" and c.i < word.i}
        if joins & {"or", "nor"} and is_clause(word.head):
            return is_negated(word.head, lists)
    return ""


def negation_of(verb: Token, lists: Lists) -> str:
    """The word that negates a clause, by its verb or by its subject; or “”."""
    return is_negated(verb, lists) or negative_subject(verb, lists)


def is_weakly_negated(word: Token, lists: Lists) -> bool:
    """“*hardly* discussed”, “*few* diplomats said”."""
    weak = lists["weak_negators"]
    if any(c.dep_ in ("advmod", "neg") and c.lower_ in weak and c.lower_ not in ("few", "little")
           for c in word.children):  # fmt: skip
        return True
    for child in word.children:
        if child.dep_ in SUBJECTS:
            near = [child, *(c for c in child.children if c.dep_ in ("amod", "det", "advmod"))]
            near += [t for c in near for t in c.children if t.dep_ == "advmod"]
            if any(
                t.lower_ in weak and not any(c.lower_ == "a" for c in t.children) for t in near
            ) and not any(c.lower_ == "a" and c.dep_ in ("det", "quantmod") for c in child.children):
                return True
    return False


def negative_determiner(noun: Token, lists: Lists) -> str:
    """“*no* meeting”, “*neither* side”, “*not a* word”; or “”."""
    for child in noun.children:
        is_before = child.i < noun.i
        if child.dep_ in ("det", "preconj", "neg", "cc", "advmod", "predet") and is_before:
            if child.lower_ in lists["negators"] and not _is_merely(child):
                return str(child.lower_)
            if child.dep_ == "det" and any(
                c.dep_ in ("neg", "advmod") and c.lower_ in NOT for c in child.children
            ):
                return "not"
    if noun.dep_ == "conj" and any(c.lower_ == "nor" for c in noun.head.children):
        return "nor"
    return ""


def negative_subject(verb: Token, lists: Lists) -> str:
    """“*Nothing* was discussed”, “*neither* side raised it”, “*none* of them did”; or “”."""
    for subject in (c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")):
        if subject.lower_ in ("no-one", *lists["negators"]):
            return str(subject.lower_)
        if subject.lower_ == "one" and any(c.lower_ == "no" for c in subject.children):
            return "no one"
        if found := negative_determiner(subject, lists):
            return found
        first = subject.left_edge
        if first.lower_ in ("no", "neither", "none") and not _is_merely(first) and first.i < verb.i:
            return str(first.lower_)
    if verb.dep_ == "conj" and is_clause(verb.head) and not any(c.dep_ in SUBJECTS for c in verb.children):
        return negative_subject(verb.head, lists)
    return ""


def is_left_undone(word: Token, lists: Lists) -> bool:
    """“*without* any discussion of it”, “*without* anyone raising it”; not “hardly a day without”."""
    head = word.head if word.dep_ == "acl" else word
    if head.dep_ not in ("pobj", "pcomp") or head.head.lower_ != "without":
        return False
    return not any(t.lower_ in lists["weak_negators"] for t in word.doc[word.sent.start : head.head.i])


def is_limited(verb: Token) -> bool:
    """Whether a negation denies less than the whole: “did not discuss it *for long*”."""
    for child in verb.children:
        if child.dep_ in ("advmod", "prep", "npadvmod", "oprd", "acomp", "advcl", "mark"):
            if child.lower_ in LIMITS and not (
                child.lower_ in ("first", "right", "just") and child.i < verb.i
            ):
                return True
            if child.dep_ == "prep" and child.lower_ in LIMIT_PREPOSITIONS and child.i > verb.i:
                nouns = [t for t in child.children if t.dep_ in ("pobj", "pcomp", "amod", "advmod")]
                if any(t.lemma_.lower() in LIMIT_NOUNS or t.lower_ in (*LIMITS, *LIMIT_NOUNS) for t in nouns):
                    return True
                if child.lower_ in ("before", "as") and nouns:
                    return True
        if child.dep_ == "dobj" and any(
            c.lower_ in LIMITS for c in child.children if c.dep_ == "advmod" and c.i > child.i
        ):
            return True
    return False


def words_before(word: Token) -> tuple[str, ...]:
    """The two words before a verb with its “to”, or before a noun with what stands before it."""
    if is_clause(word):
        first = next((c for c in word.children if c.lower_ == "to" and c.dep_ == "aux"), None)
        end = first.i + 1 if first is not None else word.i
        if first is None and any(c.dep_ in SUBJECTS and c.i < word.i for c in word.children):
            return ()
    else:
        end = word.left_edge.i
    return tuple(t.lower_ for t in word.doc[max(word.sent.start, end - 2) : end])


def _is_merely(negation: Token) -> bool:
    following = negation.i + 1
    return following < len(negation.doc) and negation.doc[following].lower_ in MERELY


def has_stray_negation(verb: Token, subject: Token | None) -> bool:
    """Whether a negation stands between a verb and its subject, whatever the parser hangs it on."""
    if subject is None or subject.i > verb.i:
        return False
    own = set(subject.subtree)
    return any(t.lower_ in NOT and t not in own and not _is_merely(t) for t in verb.doc[subject.i : verb.i])


def _occasion(child: Token, lists: Lists) -> str:
    """“*at no point* did they …”, “*not once* did they …”, “*in none of* their exchanges”; or “”."""
    if child.lower_ in lists["occasions"] and any(c.lower_ in NOT for c in child.children):
        return "not once"
    for noun in child.children:
        if noun.dep_ != "pobj":
            continue
        if noun.lower_ in ("none", "neither"):
            return str(noun.lower_)
        if noun.lemma_.lower() in lists["occasions"] and any(
            c.lower_ in ("no", "neither") for c in noun.children
        ):
            return "no"
    return ""
