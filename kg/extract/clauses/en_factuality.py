"""Judges English predicates: whether they happened, are planned, wished, denied or left open.

After the idea of De Facto (Saurí and Pustejovsky 2012): the judgement of a word follows from what stands
above it in its sentence, one governor after the other, from the inside out. The words are those of
`rules/modality.yaml`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.clauses.clause import Factuality, Judgement
from kg.extract.clauses.en import OBJECTS, SUBJECTS, auxiliaries, is_clause
from kg.extract.clauses.en_governors import (
    AGAINST,
    Step,
    effect_of,
    had_been,
    has_to,
    is_definite,
    is_had,
    is_hedge,
    is_passive_plan,
    is_past,
    is_performed,
    is_presupposed,
    is_purpose_of_other,
    is_refused,
    is_supposed,
    is_told_of,
    name_of,
    occurs,
    predicate_of,
    tells_effects,
    told_of_planned,
)
from kg.extract.clauses.en_negation import (
    Lists,
    is_left_undone,
    is_limited,
    is_negated,
    is_weakly_negated,
    negative_determiner,
    negative_subject,
    words_before,
)
from kg.extract.clauses.en_unreal import condition_of, fiction_of, is_inverted
from kg.extract.rules import Rules

__all__ = ["FUTURE", "judge"]

FUTURE = frozenset({"will", "shall", "'ll", "wo", "would", "'d"})
POSSIBLE = frozenset({"could", "may", "might", "can", "ca"})
NECESSARY = frozenset({"should", "must", "ought"})
PRESENT = ("VBZ", "VBP")
CACHE = "judgements"
F = Factuality
# What an outer word decides whatever the inner ones say.
_FINAL = frozenset({F.UNTRUE, F.ASKED, F.UNREAL, F.CONDITIONAL})
_WISHES = frozenset({F.WISHED, F.DEMANDED, F.THREATENED})
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


@dataclass(slots=True)
class _State:
    """What is known so far of the word that is judged."""

    factuality: Factuality | None = None
    negations: int = 0
    is_hedged: bool = False
    reason: str = ""
    is_reported: bool = False
    is_set: bool = False

    def take(self, factuality: Factuality, reason: str) -> None:
        """Add what one more word says; an outer one may not make more of it than an inner one."""
        if self.factuality in _FINAL or (self.is_set and factuality in _WISHES):
            return
        if factuality in _FINAL or _RANK[factuality] > _RANK.get(self.factuality or F.HAPPENED, 0):
            self.factuality, self.reason = factuality, reason

    def negate(self, reason: str) -> None:
        """Add a negation; one above a word of saying leaves open what is not said."""
        if self.is_reported:
            self.take(F.ASKED, reason)
            return
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
    # “hopes that his *planned* visit succeeds”: the plan stands, whatever is wished of it
    state.is_set = state.factuality is F.PLANNED and is_definite(token)
    start = token
    if is_clause(token):
        _take_own(token, token, state, lists)
    else:
        if found := negative_determiner(token, lists):
            state.negate(found)
        if (told := told_of_planned(token, lists)) is not None:
            state.take(F.CANCELLED if _is_off(told, lists) else F.PLANNED, token.head.text)
            return state.judgement()
        if (raised := _raised(token)) is not None:  # “the call was supposed *to be held*”
            start = raised
            _take_own(raised, token, state, lists)
    is_whole = True
    for step in _steps(start):
        if step.governor == within:
            is_whole = False
            break
        if step.below == token and not is_clause(token) and is_presupposed(step, lists):
            if step.is_scene and any(h.lower_ in FUTURE for h in auxiliaries(step.governor)):
                state.take(F.PLANNED, "future")
            is_whole = False
            break
        if step.child.dep_ in ("advcl", "relcl") and is_clause(step.child) and not has_to(step.child):
            if step.child.tag_ in ("VBP", "VBZ", "VBG") and any(
                h.lower_ in FUTURE for h in auxiliaries(step.governor)
            ):
                state.take(F.PLANNED, "future")  # “will be raised when they *meet*”
            is_whole = False
            break
        _take_step(step, state, lists)
    if is_whole and token.sent.text.rstrip().rstrip("\"”' )").endswith("?"):
        state.take(F.ASKED, "?")
    if (fiction := fiction_of(token, lists)) is not None:
        state.take(F.UNREAL, fiction)
    return state.judgement()


def _steps(token: Token) -> Iterator[Step]:
    """The verbs, nouns and adjectives above `token`, from the inside out."""
    is_whole = any(child.dep_ == "mark" for child in token.children)  # “reports *that it was raised*”
    if token.dep_ == "acl" and token.tag_ in ("VBN", "VBG") and not is_whole:
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
            if _is_beside(current, head):
                return
            yield Step(head, current, below, tuple(links))
            if current.dep_ in ("advcl", "relcl") and is_clause(current) and not has_to(current):
                return
            current, links = head, []
            below = head
        else:
            links.append(head)
            current = head


def _is_beside(clause: Token, head: Token) -> bool:
    """“*Ukraine was discussed*; Tibet was not”: a clause that the parser hangs on the next one."""
    if clause.dep_ != "ccomp" or clause.i > head.i or any(c.dep_ == "mark" for c in clause.children):
        return False
    return head.lemma_ in ("be", "do", "have") or any(c.dep_ in ("neg", "auxpass") for c in head.children)


def _is_governor(head: Token, child: Token) -> bool:
    if head.pos_ in ("NOUN", "PROPN"):
        return _governs(child)
    return head.pos_ in ("VERB", "AUX", "ADJ") and head.dep_ not in ("prep", "case")


def _is_off(verb: Token, lists: Lists) -> bool:
    """“was cancelled”, “fell through”, “did not happen”."""
    name = verb.lemma_.lower()
    particles = [f"{name} {c.lower_}" for c in verb.children if c.dep_ in ("prt", "advmod")]
    if {name, *particles} & lists["cancel_words"]:
        return True
    return bool(is_negated(verb, lists)) and occurs(verb, lists)


def _raised(noun: Token) -> Token | None:
    """The infinitive that a noun is the logical subject or object of."""
    if noun.dep_ not in SUBJECTS or not is_clause(noun.head):
        return None
    heads = [noun.head, *(c for c in noun.head.children if c.dep_ in ("acomp", "oprd"))]
    return next((c for h in heads for c in h.children if c.dep_ == "xcomp" and has_to(c)), None)


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


def _take_modifiers(token: Token, state: _State, lists: Lists) -> None:
    children = [
        c
        for c in token.children
        if c.dep_ in ("amod", "compound", "acl", "advmod", "relcl", "appos") and not tells_effects(c, lists)
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
        words |= {
            c.lower_ for child in children for c in child.children if c.dep_ in ("acomp", "amod", "oprd")
        }
        for name, factuality in (
            ("plan", F.PLANNED), ("wish", F.WISHED), ("doubt", F.ASKED), ("cancel", F.CANCELLED)
        ):  # fmt: skip
            if found := words & lists[f"{name}_modifiers"]:
                state.take(factuality, min(found))
                break
        for child in children:
            if child.dep_ in ("relcl", "acl") and is_negated(child, lists) and occurs(child, lists):
                state.negate(child.text)
        verb = token.head
        is_subject = token.dep_ in ("nsubj", "nsubjpass") and is_clause(verb)
        if state.factuality is F.PLANNED and is_subject and is_negated(verb, lists) and occurs(verb, lists):
            state.factuality, state.negations = F.CANCELLED, 1  # “a *planned* call *did not take place*”


def _take_own(verb: Token, below: Token, state: _State, lists: Lists) -> None:
    """What a clause says of its own verb: auxiliaries, adverbs, negation, conjunctions."""
    helpers = {helper.lower_ for helper in auxiliaries(verb)}
    if verb == below and has_to(verb) and verb.head.dep_ == "ROOT" and verb.head.pos_ == "PROPN":
        state.take(F.PLANNED, "to")  # “Commerce Secretary *to visit* China”
    beside = ("advmod", "neg", "npadvmod", "cc", "mark", "prep")
    adverbs = {c.lower_ for c in verb.children if c.dep_ in beside}
    marks = {c.lower_ for c in verb.children if c.dep_ in ("mark", "advmod")}
    if found := marks & lists["question_marks"]:
        state.take(F.ASKED if verb.dep_ == "ccomp" else F.CONDITIONAL, min(found))
    elif found := marks & lists["condition_marks"]:
        state.take(F.CONDITIONAL, min(found))
    elif is_inverted(verb):
        state.take(F.UNREAL, "inversion")
    elif (helpers & (FUTURE | POSSIBLE) or verb.tag_ in ("VBZ", "VBP")) and (
        mark := condition_of(verb, lists)
    ):
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


def _take_negation(verb: Token, below: Token, state: _State, lists: Lists) -> None:
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
    elif is_left_undone(verb, lists):
        state.negate("without")


def _take_step(step: Step, state: _State, lists: Lists) -> None:
    """What a governor says of the word below it."""
    governor, below = step.governor, step.below
    if step.is_scene and is_clause(below):  # “*after meeting* Xi”
        return
    if not is_clause(below) and words_before(below)[-2:] in AGAINST:
        state.negate(words_before(below)[-1])
    elif not is_clause(below) and is_left_undone(below, lists):
        state.negate("without")
    predicate = predicate_of(governor)
    if predicate is not None and below.dep_ != "nsubj" and any(c.lower_ == "too" for c in predicate.children):
        state.negate("too")  # “it is *too early* to …”
    factuality, reason = effect_of(step, lists)
    if (
        factuality is F.WISHED
        and below.lemma_.lower() in lists["performative_verbs"]
        and is_performed(governor)
    ):
        factuality = None  # “I want *to welcome* you”
    if factuality is F.WISHED and is_had(governor):
        factuality = None  # “*had the chance* to meet”
    if is_refused(step, lists) and " " in (name_of(step, lists["refuse_words"]) or ""):
        factuality = None  # “*decided against* imposing”
    negation = (is_negated(governor, lists) or negative_determiner(governor, lists) or (
        negative_subject(governor, lists) if is_clause(governor) and below.dep_ not in SUBJECTS else "")
    )  # fmt: skip
    if negation and is_told_of(step):
        state.take(F.ASKED, f"{negation} {governor.text}")  # “*no details* of the discussion”
        return
    if is_supposed(step):
        state.take(F.UNREAL if is_past(governor) else F.PLANNED, governor.text)
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
        if had_been(step):
            state.take(F.CANCELLED if is_passive_plan(step) else F.UNREAL, f"had {reason}")
        else:
            state.take(factuality, reason)
    elif is_refused(step, lists):
        name = name_of(step, lists["refuse_words"] | lists["omit_words"])
        if negation and name in lists["refuse_words"]:
            state.take(F.ASKED, f"not {name}")
            return
        state.negate(name or "")
    elif is_hedge(step, lists):
        state.is_hedged = True
    elif is_purpose_of_other(step, lists):
        state.take(F.ASKED, f"{governor.text} to")  # “ran out of *time to* discuss it”
    elif below.dep_ == "ccomp" and negation and is_clause(governor):
        state.take(F.ASKED, f"{negation} {governor.text}")  # “did not say that …”
        return
    if negation and below.pos_ == "ADJ" and below.dep_ == "acomp":
        state.take(F.ASKED, f"{negation} {below.text}")  # “has *not been shy* about raising it”
        return
    if negation and below.dep_ == "pcomp" and step.links and step.links[0].lower_ == "of":
        state.take(F.ASKED, f"{negation} {governor.text} of")  # “*never tires of* raising it”
        return
    if is_clause(governor):
        _take_own(governor, below, state, lists)
    elif negation:
        state.negate(negation)
    if below.dep_ == "ccomp" and is_clause(governor) and factuality is None:
        state.is_reported = True
