"""Judges English predicates: whether they happened, are planned, wished, denied or left open.

After the idea of De Facto (Saurí and Pustejovsky 2012): the judgement of a word follows from what stands
above it in its sentence, one governor after the other, from the inside out. The words are those of
`rules/modality.yaml`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal as Choice
from typing import TypeAlias

from spacy.tokens import Token

from kg.extract.clauses.clause import Factuality, Judgement
from kg.extract.clauses.en import OBJECTS, SUBJECTS, auxiliaries, is_clause, objects, subjects
from kg.extract.clauses.en_negation import (
    is_limited,
    is_negated,
    is_weakly_negated,
    negative_determiner,
    negative_subject,
    words_before,
)
from kg.extract.rules import Rules

__all__ = ["FUTURE", "STATUS_BY_READING", "UNCERTAIN", "Meaning", "is_negative", "judge", "reading_of"]

Meaning: TypeAlias = Choice["real", "negated", "planned", "wished", "cancelled", "open"]
STATUS_BY_READING = {"real": "Occurred", "planned": "Planned", "wished": "Proposed", "cancelled": "Cancelled"}
FUTURE = frozenset({"will", "shall", "'ll", "wo", "would", "'d"})
POSSIBLE = frozenset({"could", "may", "might", "can", "ca"})
NECESSARY = frozenset({"should", "must", "ought"})
UNCERTAIN = POSSIBLE | NECESSARY
DUE = frozenset({"due", "set", "slated", "scheduled", "poised", "bound", "expected", "planned"})
SCENES = frozenset(
    {"at", "during", "in", "after", "following", "since", "before", "from", "upon", "amid", "on"}
)
TIMES = frozenset({"during", "after", "following", "since", "before", "upon", "amid"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "their", "his", "her", "our", "its", "my"})
AGAINST = frozenset({("instead", "of"), ("rather", "than"), ("short", "of"), ("lieu", "of"), ("far", "from")})
INTRODUCED = frozenset({"xcomp", "ccomp", "pcomp", "acl", "dobj", "nsubjpass", "pobj", "attr", "oprd", "obj"})
CACHE = "judgements"
F = Factuality
_EFFECTS = (
    ("untrue_words", F.UNTRUE), ("open_words", F.ASKED), ("cancel_words", F.CANCELLED),
    ("threat_words", F.THREATENED), ("demand_words", F.DEMANDED), ("plan_words", F.PLANNED),
    ("wish_words", F.WISHED), ("unreal_words", F.UNREAL),
)  # fmt: skip
# What an outer word decides whatever the inner ones say.
_FINAL = frozenset({F.UNTRUE, F.ASKED, F.UNREAL, F.CONDITIONAL})
_RANK = {F.PLANNED: 1, F.WISHED: 2, F.DEMANDED: 3, F.THREATENED: 3, F.CANCELLED: 4}


def judge(token: Token, rules: Rules, *, within: Token | None = None) -> Judgement:
    """How the text means the event or predicate that `token` names.

    Args:
        token: A verb, or the noun of an event.
        rules: The words that decide.
        within: A governor from which on nothing counts: the reporting verb, for what is reported.
    """
    known = token.doc.user_data.setdefault(CACHE, {})
    key = (token.i, within.i if within is not None else None, id(rules))
    if key not in known:
        known[key] = _judged(token, rules, within)
    found: Judgement = known[key]
    return found


def reading_of(token: Token, rules: Rules) -> Meaning:
    """`judge` in one word."""
    found = judge(token, rules)
    if found.polarity == "Negated":
        return "negated"
    if found.factuality is F.HAPPENED:
        return "real"
    if found.factuality in (F.PLANNED, F.WISHED, F.CANCELLED):
        return found.factuality.value  # type: ignore[return-value]  # the values are readings
    return "open"


def is_negative(verb: Token, rules: Rules) -> bool:
    """Whether `verb` is negated by itself, its subject or its object (“discussed *neither* A nor B”)."""
    lists = rules.lists
    if is_negated(verb, lists) or negative_subject(verb, lists):
        return True
    arguments = [t for t in (*subjects(verb), *objects(verb)) if t.dep_ != "conj"]
    return any(t.lower_ in lists["negators"] or negative_determiner(t, lists) for t in arguments)


@dataclass(frozen=True, slots=True)
class _Step:
    """A governor, the word below it that leads to what is judged, and the prepositions between."""

    governor: Token
    child: Token
    below: Token
    links: tuple[Token, ...]

    @property
    def is_scene(self) -> bool:
        """“as directed *at the summit*”: where or when something else was wished, planned or denied."""
        preposition = self.links[0].lower_ if self.links else ""
        if self.below.dep_ == "pcomp":
            return preposition in TIMES
        return self.below.dep_ == "pobj" and preposition in SCENES


@dataclass(slots=True)
class _State:
    """What is known so far of the word that is judged."""

    factuality: Factuality | None = None
    negations: int = 0
    is_hedged: bool = False
    reason: str = ""
    is_settled: bool = field(default=False)

    def take(self, factuality: Factuality, reason: str) -> None:
        """Add what one more word says; an outer one may not make more of it than an inner one."""
        if self.factuality in _FINAL:
            return
        if factuality in _FINAL or _RANK[factuality] > _RANK.get(self.factuality or F.HAPPENED, 0):
            self.factuality, self.reason = factuality, reason

    def negate(self, reason: str) -> None:
        self.negations += 1
        self.reason = self.reason or reason

    def judgement(self) -> Judgement:
        return Judgement(
            "Negated" if self.negations % 2 else "Affirmed",
            self.factuality or F.HAPPENED,
            "Hedged" if self.is_hedged else "Certain",
            self.reason,
        )


def _judged(token: Token, rules: Rules, within: Token | None) -> Judgement:
    lists = rules.lists
    state = _State()
    _take_modifiers(token, state, lists)
    start = token
    if is_clause(token):
        _take_own(token, token, state, lists)
    else:
        if found := negative_determiner(token, lists):
            state.negate(found)
        if (raised := _raised(token)) is not None:  # “the call was supposed *to be held*”
            start = raised
            _take_own(raised, token, state, lists)
    is_whole = True
    for step in _steps(start):
        if step.governor == within:
            is_whole = False
            break
        if step.below == token and not is_clause(token) and _is_presupposed(step, lists):
            if step.is_scene and any(h.lower_ in FUTURE for h in auxiliaries(step.governor)):
                state.take(F.PLANNED, "future")
            is_whole = False
            break
        _take_step(step, state, lists)
        if step.child.dep_ in ("advcl", "relcl") and is_clause(step.child) and not _has_to(step.child):
            is_whole = False
            break
    if is_whole and token.sent.text.rstrip().rstrip("\"”' )").endswith("?"):
        state.take(F.ASKED, "?")
    if (fiction := _fiction(token, lists)) is not None:
        state.take(F.UNREAL, fiction)
    return state.judgement()


def _steps(token: Token) -> Iterator[_Step]:
    """The verbs, nouns and adjectives above `token`, from the inside out."""
    if token.dep_ == "acl" and token.tag_ in ("VBN", "VBG"):
        return  # “the tariffs *imposed* in May”: there are such
    below = current = token
    links: list[Token] = []
    while current.head != current:
        head = current.head
        if current.dep_ == "conj" and (not is_clause(current) or is_clause(head)):
            # A coordinated verb shares what stands above, not what the verb before it says.
            current = head
            if is_clause(head):
                below = head
        elif _is_governor(head, current):
            yield _Step(head, current, below, tuple(links))
            if current.dep_ in ("advcl", "relcl") and is_clause(current) and not _has_to(current):
                return
            current, links = head, []
            below = head
        else:
            links.append(head)
            current = head


def _is_governor(head: Token, child: Token) -> bool:
    if head.pos_ in ("NOUN", "PROPN"):
        return _governs(child)
    return head.pos_ in ("VERB", "AUX", "ADJ") and head.dep_ not in ("prep", "case")


def _raised(noun: Token) -> Token | None:
    """The infinitive that a noun is the logical subject or object of."""
    if noun.dep_ not in SUBJECTS or not is_clause(noun.head):
        return None
    heads = [noun.head, *(c for c in noun.head.children if c.dep_ in ("acomp", "oprd"))]
    return next((c for h in heads for c in h.children if c.dep_ == "xcomp" and _has_to(c)), None)


def _has_to(verb: Token) -> bool:
    """“to meet”, “to be held”."""
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _governs(child: Token) -> bool:
    """Whether a noun says how its complement is meant (“a *threat* to …”, “*hopes* of …”)."""
    return child.dep_ in (
        "acl",
        "ccomp",
        "xcomp",
        "relcl",
        "prep",
        "compound",
        "amod",
        "poss",
        "appos",
        "nmod",
    )


def _take_modifiers(token: Token, state: _State, lists: dict[str, frozenset[str]]) -> None:
    children = [
        c for c in token.children if c.dep_ in ("amod", "compound", "acl", "advmod", "relcl", "appos")
    ]
    if is_clause(token) and token.pos_ != "NOUN":
        words = {c.lower_ for c in children if c.dep_ == "amod"}  # “*proposed* meeting Xi”, misparsed
        if words & (lists["wish_modifiers"] | lists["plan_modifiers"]):
            state.take(F.WISHED, min(words))
    else:
        words = {c.lemma_.lower() for c in children} | {c.lower_ for c in children}
        words |= {
            c.lower_ for child in children if child.dep_ == "acl" for c in child.children if c.dep_ == "amod"
        }
        words |= {c.lower_ for c in token.children if c.dep_ == "amod"}
        for name, factuality in (
            ("plan", F.PLANNED), ("wish", F.WISHED), ("doubt", F.ASKED), ("cancel", F.CANCELLED)
        ):  # fmt: skip
            if found := words & lists[f"{name}_modifiers"]:
                state.take(factuality, min(found))
                break
        for child in children:
            if child.dep_ in ("relcl", "acl") and is_negated(child, lists) and _occurs(child, lists):
                state.negate(child.text)


def _take_own(verb: Token, below: Token, state: _State, lists: dict[str, frozenset[str]]) -> None:
    """What a clause says of its own verb: auxiliaries, adverbs, negation, conjunctions."""
    helpers = {helper.lower_ for helper in auxiliaries(verb)}
    adverbs = {
        c.lower_ for c in verb.children if c.dep_ in ("advmod", "neg", "npadvmod", "cc", "mark", "prep")
    }
    marks = {c.lower_ for c in verb.children if c.dep_ in ("mark", "advmod")}
    if found := marks & lists["question_marks"]:
        state.take(F.ASKED if verb.dep_ == "ccomp" else F.CONDITIONAL, min(found))
    elif found := marks & lists["condition_marks"]:
        state.take(F.CONDITIONAL, min(found))
    elif _is_inverted(verb):
        state.take(F.UNREAL, "inversion")
    elif (helpers & (FUTURE | POSSIBLE) or verb.tag_ in ("VBZ", "VBP")) and (mark := _condition(verb, lists)):
        state.take(F.CONDITIONAL, mark)
    is_perfect = "have" in helpers or "'ve" in helpers
    if found := adverbs & lists["hedge_adverbs"]:
        state.is_hedged = True
    if found := adverbs & lists["doubt_adverbs"]:
        state.is_hedged = True
        if not helpers & FUTURE:
            state.take(F.ASKED, min(found))
    if found := adverbs & lists["unreal_words"]:
        state.take(F.UNREAL, min(found))
    if helpers & POSSIBLE:
        state.is_hedged = True
        state.take(F.ASKED if is_perfect else F.WISHED, min(helpers & POSSIBLE))
    elif helpers & NECESSARY:
        wished = F.WISHED if "should" in helpers else F.DEMANDED
        state.take(F.UNREAL if is_perfect else wished, min(helpers & NECESSARY))
    elif "would" in helpers and is_perfect:
        state.take(F.UNREAL, "would have")
    elif helpers & FUTURE:
        state.take(F.PLANNED, min(helpers & FUTURE))
    _take_negation(verb, below, state, lists)


def _take_negation(verb: Token, below: Token, state: _State, lists: dict[str, frozenset[str]]) -> None:
    reason = is_negated(verb, lists)
    if not reason and below.dep_ not in SUBJECTS:
        reason = negative_subject(verb, lists)
    if not reason and verb == below:  # “imposed *no* tariffs”
        own = (c for c in verb.children if c.dep_ in (*OBJECTS, "nsubjpass"))
        reason = next((found for c in own if (found := negative_determiner(c, lists))), "")
    if is_weakly_negated(verb, lists):
        state.take(F.ASKED, "weak negation")
    elif reason:
        if is_limited(verb):
            state.take(F.ASKED, "limited negation")
        else:
            state.negate(reason)
    before = words_before(verb)
    if before[-2:-1] == ("yet",) and before[-1:] == ("to",):
        state.negate("yet to")
    elif before[-2:] in AGAINST or before[-1:] == ("without",):
        state.negate(before[-1])


def _take_step(step: _Step, state: _State, lists: dict[str, frozenset[str]]) -> None:
    """What a governor says of the word below it."""
    governor, below = step.governor, step.below
    if step.is_scene and is_clause(below):  # “*after meeting* Xi”
        return
    if not is_clause(below) and words_before(below)[-2:] in AGAINST:
        state.negate(words_before(below)[-1])
    predicate = _predicate(governor)
    if predicate is not None and below.dep_ != "nsubj" and any(c.lower_ == "too" for c in predicate.children):
        state.negate("too")  # “it is *too early* to …”
    factuality, reason = _effect(step, lists)
    if _is_refused(step, lists) and " " in (_name(step, lists["refuse_words"]) or ""):
        factuality = None  # “*decided against* imposing”
    negation = (is_negated(governor, lists) or negative_determiner(governor, lists) or (
        negative_subject(governor, lists) if is_clause(governor) and below.dep_ not in SUBJECTS else "")
    )  # fmt: skip
    if _is_supposed(step):
        state.take(F.UNREAL if _is_past(governor) else F.PLANNED, governor.text)
    elif factuality is F.ASKED or factuality is F.UNREAL:
        state.take(factuality, reason)
    elif factuality is F.UNTRUE:
        state.take(F.ASKED if negation else F.UNTRUE, reason)
        return
    elif reason and reason in lists["true_words"]:
        if negation:
            state.take(F.UNTRUE, f"not {reason}")
        return
    elif factuality is not None:
        if _had_been(step):
            state.take(F.CANCELLED if _is_passive_plan(step) else F.UNREAL, f"had {reason}")
        else:
            state.take(factuality, reason)
    elif _is_refused(step, lists):
        name = _name(step, lists["refuse_words"] | lists["omit_words"])
        if negation and name in lists["refuse_words"]:
            state.take(F.ASKED, f"not {name}")
            return
        state.negate(name or "")
    elif _is_hedge(step, lists):
        state.is_hedged = True
    elif below.dep_ == "ccomp" and negation and is_clause(governor):
        state.take(F.ASKED, f"{negation} {governor.text}")  # “did not say that …”
        return
    if is_clause(governor):
        _take_own(governor, below, state, lists)
    elif negation:
        state.negate(negation)


def _effect(step: _Step, lists: dict[str, frozenset[str]]) -> tuple[Factuality | None, str]:
    """What a governor makes of its complement, and by which word."""
    governor, below = step.governor, step.below
    found: tuple[Factuality | None, str] = (None, "")
    predicate = _predicate(governor)
    if below.dep_ in SUBJECTS and is_clause(governor) and below.dep_ != "nsubjpass":
        if governor.lemma_ in ("be", "remain", "prove", "turn", "seem", "sound") and predicate is not None:
            found = _of_word(predicate.lemma_.lower(), lists)
        name = _name(step, lists["cancel_words"])
        if name and " " in name:  # “the meeting *fell through*”
            found = F.CANCELLED, name
        return found
    if governor.lemma_ == "be" and below.dep_ in ("ccomp", "advcl", "csubj", "xcomp") and predicate:
        return _of_word(predicate.lemma_.lower(), lists)
    if not _is_complement(step):
        return found
    for words, factuality in _EFFECTS:
        name = _name(step, lists[words])
        if not name or (name in lists["adjectives"] and is_clause(governor)):
            continue
        if factuality is F.PLANNED and not _looks_ahead(below):
            continue
        if factuality is F.WISHED and _is_event_object(below, name):
            continue
        if factuality is F.UNREAL and governor.lemma_ == "suppose":
            continue
        if factuality is F.CANCELLED and name in lists["postpone_words"] and _has_new_day(governor):
            return F.PLANNED, name
        return factuality, name
    return found


def _predicate(verb: Token) -> Token | None:
    """“is *unlikely*”, “is a *lie*”: what is said of the subject of “be”."""
    return next((c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd")), None)


def _of_word(word: str, lists: dict[str, frozenset[str]]) -> tuple[Factuality | None, str]:
    for words, factuality in _EFFECTS:
        if word in lists[words]:
            return factuality, word
    return (F.ASKED, word) if word in lists["refuse_words"] else (None, word)


def _name(step: _Step, words: frozenset[str]) -> str | None:
    """The governor as it stands in `words`, with a particle or preposition if need be."""
    governor = step.governor
    lemma = governor.lemma_.lower()
    particles = {c.lower_ for c in governor.children if c.dep_ in ("prt", "advmod", "prep")}
    particles |= {link.lower_ for link in step.links}
    pair = next((f"{lemma} {p}" for p in sorted(particles) if f"{lemma} {p}" in words), None)
    return pair or (lemma if lemma in words else None)


def _is_complement(step: _Step) -> bool:
    below, governor = step.below, step.governor
    if step.is_scene:
        return False
    if below.dep_ in ("advcl", "relcl"):
        return _has_to(below)
    return below.dep_ in INTRODUCED or (not is_clause(governor) and below.dep_ in ("compound", "amod"))


def _is_refused(step: _Step, lists: dict[str, frozenset[str]]) -> bool:
    name = _name(step, lists["refuse_words"] | lists["omit_words"])
    if name is None or step.below.dep_ == "ccomp" or words_before(step.below)[-2:] in AGAINST:
        return False
    if " " not in name and not _is_complement(step):
        return False
    if name in ("stop", "prevent", "halt", "block") and not is_clause(step.below):
        return False
    return step.below.dep_ not in SUBJECTS or step.below.dep_ == "nsubjpass"


def _is_hedge(step: _Step, lists: dict[str, frozenset[str]]) -> bool:
    """“*is said* to have met”, “it *seems* that”."""
    governor = step.governor
    if governor.lemma_.lower() not in lists["hedge_words"] or not is_clause(step.below):
        return False
    is_passive = any(c.dep_ == "auxpass" for c in governor.children)
    if governor.lemma_.lower() in ("seem", "appear"):
        return step.below.dep_ in ("xcomp", "ccomp")
    return is_passive and step.below.dep_ in ("xcomp", "ccomp") and _has_empty_subject(step)


def _has_empty_subject(step: _Step) -> bool:
    if step.below.dep_ == "xcomp":
        return True
    return any(c.dep_ in SUBJECTS and c.lower_ == "it" for c in step.governor.children)


def _is_supposed(step: _Step) -> bool:
    """“was *supposed* to call”, “was *to have met*”, “was *meant* to meet”."""
    governor, below = step.governor, step.below
    if below.dep_ != "xcomp" or not any(c.lower_ == "to" and c.dep_ == "aux" for c in below.children):
        return False
    if governor.lower_ in ("supposed", "meant") and any(c.dep_ == "auxpass" for c in governor.children):
        return True
    return governor.lemma_ == "be"


def _is_past(verb: Token) -> bool:
    words = {verb.lower_, *(c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass"))}
    if not words & {"was", "were", "had"}:
        return False
    return verb.lemma_ != "be" or any(
        c.dep_ == "xcomp" and any(a.lower_ == "have" for a in c.children) for c in verb.children
    )


def _had_been(step: _Step) -> bool:
    """“*had been* due to meet”, “*had hoped* to meet”: it did not come to that."""
    governor = step.governor
    clause = governor if is_clause(governor) else governor.head
    had = any(c.lower_ in ("had", "'d") and c.dep_ == "aux" for c in clause.children)
    return had and _has_to(step.below)


def _is_passive_plan(step: _Step) -> bool:
    governor = step.governor
    return not is_clause(governor) or any(c.dep_ == "auxpass" for c in governor.children)


def _looks_ahead(below: Token) -> bool:
    """Whether a complement is yet to come: an infinitive, a gerund, a noun; not “confirmed that they met”."""
    if is_clause(below):
        return below.tag_ in ("VB", "VBG")
    return below.lemma_.lower() not in ("outcome", "result", "consensus")


def _is_event_object(below: Token, name: str) -> bool:
    """“welcomed the meeting”, “discussed the visit”: what is welcomed exists."""
    return (
        name in ("welcome", "discuss", "support", "like")
        and not is_clause(below)
        and any(child.lower_ in DEFINITE for child in below.children)
    )


def _has_new_day(verb: Token) -> bool:
    """“postponed *to June*”, “put off *until May 9*”."""
    return any(c.lower_ in ("to", "until", "till") and c.dep_ in ("prep", "dative") for c in verb.children)


def _occurs(verb: Token, lists: dict[str, frozenset[str]]) -> bool:
    """“take place”, “happen”, “be held”: verbs that say of an event that it was."""
    lemma = verb.lemma_.lower()
    return lemma in lists["occur_verbs"] or lemma in lists["light_verbs"]


def _is_presupposed(step: _Step, lists: dict[str, frozenset[str]]) -> bool:
    """Whether an event noun is taken for granted by what is said of it (“*the talks* were not easy”)."""
    if step.is_scene:
        return not _is_refused(step, lists)
    below, governor = step.below, step.governor
    is_definite = any(c.lower_ in DEFINITE for c in below.children if c.dep_ in ("det", "poss")) or any(
        c.dep_ == "poss" for c in below.children
    )
    if not is_definite or not is_clause(governor):
        return False
    if below.dep_ in ("nsubj",) and governor.lemma_ == "be":
        predicate = _predicate(governor)
        return predicate is not None and _of_word(predicate.lemma_.lower(), lists)[0] is None
    if _occurs(governor, lists) or _effect(step, lists)[0] is not None or _is_refused(step, lists):
        return False
    return not any(governor.lemma_.lower() in lists[name] for name, _ in _EFFECTS)


def _is_inverted(verb: Token) -> bool:
    """“*Had the US imposed* tariffs”, “*Should they meet*”."""
    if verb.dep_ != "advcl":
        return False
    first = next((c for c in verb.children if c.dep_ in ("aux", "auxpass", *SUBJECTS)), None)
    return (
        first is not None and first.lower_ in ("had", "should", "were") and first.dep_ in ("aux", "auxpass")
    )


def _condition(verb: Token, lists: dict[str, frozenset[str]]) -> str:
    """The conjunction of a condition that a clause depends on."""
    infinitives = [c for c in verb.children if c.dep_ in ("xcomp", "ccomp", "advcl") and _has_to(c)]
    for clause in (c for head in (verb, *infinitives) for c in head.children):
        if clause.dep_ != "advcl" or not is_clause(clause):
            continue
        for child in clause.children:
            if child.dep_ in ("mark", "advmod") and child.lower_ in lists["condition_marks"]:
                is_even = child.i > 0 and child.nbor(-1).lower_ in ("even", "as")
                if not is_even:
                    return child.lower_
    return ""


def _fiction(token: Token, lists: dict[str, frozenset[str]]) -> str | None:
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
