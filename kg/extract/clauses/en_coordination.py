"""Tells which clauses of a sentence are coordinated, and where each begins."""

from spacy.tokens import Token

from kg.extract.clauses.en import conjuncts, is_clause
from kg.extract.clauses.en_reporting import is_that
from kg.extract.text.reading import start_of


def _is_beside(verb: Token) -> bool:
    """“…, while *lifting* measures”, “…, with the talks *focusing* on trade”: a clause of its own."""
    if verb.dep_ == "advcl":
        return any(child.lower_ == "while" for child in verb.children)
    return _is_with(verb) or (verb.dep_ == "pcomp" and verb.head.lower_ == "with" and has_own_subject(verb))


def _is_with(verb: Token) -> bool:
    """“…, *with the talks focusing* on trade”, where the parser hangs the verb on the noun."""
    noun = verb.head
    if verb.dep_ != "acl" or verb.tag_ != "VBG" or noun.dep_ != "pobj" or noun.head.lower_ != "with":
        return False
    return noun.head.i > 0 and noun.head.nbor(-1).lower_ == "," and is_clause(noun.head.head)


def has_own_subject(head: Token) -> bool:
    """Whether a clause has a subject of its own, and not that of the clause before."""
    return _is_with(head) or any(child.dep_ in ("nsubj", "nsubjpass", "expl") for child in head.children)


def coordinated_acts(verb: Token) -> list[Token]:
    """“pledged to buy X and *to fight* Y”, “accused of dumping X and of *hacking* Y”: the verb, then acts."""
    acts: list[Token] = []
    for child in verb.children:
        if child.dep_ == "xcomp" and is_clause(child):
            acts += [t for t in conjuncts(child)[1:] if is_clause(t)]
        elif child.dep_ == "prep":
            governed = [t for c in conjuncts(child) for t in c.children if c.pos_ == "ADP"]
            verbs = [t for g in governed if g.dep_ == "pcomp" for t in conjuncts(g) if t.tag_ == "VBG"]
            acts += verbs[1:]
    return [verb, *sorted(dict.fromkeys(acts), key=lambda t: t.i)]


def begin_of(head: Token) -> int:
    """Where a coordinated clause begins: at its subject or adverb, behind the conjunction."""
    words = [t for t in (head.head if _is_with(head) else head).subtree if t.i <= head.i]
    return min(start_of(t) for t in words)


def clause_conjuncts(head: Token) -> list[Token]:
    """A clause, those coordinated with it, and those that stand beside it."""
    found = [head]
    for child in head.children:
        if child.dep_ == "conj" and is_clause(child):
            found += clause_conjuncts(child)
    found += [t for t in head.subtree if (t.tag_ == "VBG" and _is_beside(t)) or _is_next_that(t)]
    return sorted(dict.fromkeys(found), key=lambda t: t.i)


def _is_next_that(verb: Token) -> bool:
    """“that A, *that B*, and *that C*”: one more clause of those that are reported."""
    if not is_clause(verb) or verb.dep_ not in ("advcl", "ccomp", "conj", "dep") or not has_own_subject(verb):
        return False
    mark = next((c for c in verb.children if c.dep_ == "mark" and c.i < verb.i), None)
    if mark is None or not is_that(verb) or mark.i == 0:
        return False
    before = mark.nbor(-1)
    return before.dep_ == "cc" or (before.text == "," and verb.dep_ != "ccomp")
