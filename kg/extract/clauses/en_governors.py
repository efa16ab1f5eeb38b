"""Tells what an English verb, noun or adjective makes of what it governs: a plan, a threat, a denial."""

from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.clauses.clause import Factuality
from kg.extract.clauses.en import SUBJECTS, auxiliaries, is_clause
from kg.extract.clauses.en_negation import Lists, words_before
from kg.extract.schema import Words

SCENES = frozenset(
    {"at", "during", "in", "after", "following", "since", "before", "from", "upon", "amid", "on"}
)
TIMES = frozenset({"during", "after", "following", "since", "before", "upon", "amid"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "their", "his", "her", "our", "its", "my"})
AGAINST = frozenset({("instead", "of"), ("rather", "than"), ("short", "of"), ("lieu", "of"), ("far", "from")})
INTRODUCED = frozenset({"xcomp", "ccomp", "pcomp", "acl", "dobj", "nsubjpass", "pobj", "attr", "oprd", "obj"})
F = Factuality
EFFECTS = (
    ("untrue_words", F.UNTRUE), ("open_words", F.ASKED), ("cancel_words", F.CANCELLED),
    ("threat_words", F.THREATENED), ("demand_words", F.DEMANDED), ("plan_words", F.PLANNED),
    ("wish_words", F.WISHED), ("unreal_words", F.UNREAL),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
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


def has_to(verb: Token) -> bool:
    """“to meet”, “to be held”."""
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def effect_of(step: Step, lists: Lists) -> tuple[Factuality | None, str]:
    """What a governor makes of its complement, and by which word."""
    governor, below = step.governor, step.below
    found: tuple[Factuality | None, str] = (None, "")
    predicate = predicate_of(governor)
    if below.dep_ in SUBJECTS and is_clause(governor) and below.dep_ != "nsubjpass":
        if governor.lemma_ in ("be", "remain", "prove", "turn", "seem", "sound") and predicate is not None:
            found = effect_of_word(predicate.lemma_.lower(), lists)
        name = name_of(step, lists["cancel_words"])
        if name and " " in name:  # “the meeting *fell through*”
            found = F.CANCELLED, name
        return found
    if governor.lemma_ == "be" and below.dep_ in ("ccomp", "advcl", "csubj", "xcomp") and predicate:
        return effect_of_word(predicate.lemma_.lower(), lists)
    if not is_complement(step):
        return found
    for words, factuality in EFFECTS:
        name = name_of(step, lists[words])
        if not name or (name in lists["adjectives"] and is_clause(governor)):
            continue
        if factuality is F.PLANNED and not _looks_ahead(below):
            continue
        if factuality in (F.DEMANDED, F.WISHED) and below.dep_ == "ccomp" and _is_indicative(below):
            continue  # “*insisted that* it had not been raised”
        if factuality is F.WISHED and _is_event_object(below, name):
            continue
        if factuality is F.UNREAL and governor.lemma_ == "suppose":
            continue
        if factuality is F.CANCELLED and name in lists["postpone_words"] and _has_new_day(governor):
            return F.PLANNED, name
        return factuality, name
    return found


def predicate_of(verb: Token) -> Token | None:
    """“is *unlikely*”, “is a *lie*”: what is said of the subject of “be”."""
    return next((c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd")), None)


def effect_of_word(word: str, lists: Lists) -> tuple[Factuality | None, str]:
    """What a predicate makes of its subject or clause, by its lemma."""
    for words, factuality in EFFECTS:
        if word in lists[words]:
            return factuality, word
    return (F.ASKED, word) if word in lists["refuse_words"] else (None, word)


def name_of(step: Step, words: Words) -> str | None:
    """The governor as it stands in `words`, with a particle or preposition if need be."""
    governor = step.governor
    lemma = governor.lemma_.lower()
    particles = {c.lower_ for c in governor.children if c.dep_ in ("prt", "advmod", "prep")}
    particles |= {link.lower_ for link in step.links}
    pair = next((f"{lemma} {p}" for p in sorted(particles) if f"{lemma} {p}" in words), None)
    return pair or (lemma if lemma in words else None)


def is_told_of(step: Step) -> bool:
    """“no details *of the discussion*”: what is spoken of is not denied with what is said of it."""
    below = step.below
    is_noun = not is_clause(below) and below.dep_ == "pobj" and is_definite(below)
    return is_noun and bool(step.links) and step.links[0].lower_ in ("of", "about")


def is_complement(step: Step) -> bool:
    """Whether the word below is what the governor plans, wishes, denies, …, and no circumstance."""
    below, governor = step.below, step.governor
    if step.is_scene or (below.dep_ == "pobj" and step.links and step.links[0].lower_ == "with"):
        return False
    if below.dep_ in ("advcl", "relcl"):
        return has_to(below)
    return below.dep_ in INTRODUCED or (not is_clause(governor) and below.dep_ in ("compound", "amod"))


def is_refused(step: Step, lists: Lists) -> bool:
    """Whether it is turned down: “*refused* to meet”, “*decided against* meeting”."""
    name = name_of(step, lists["refuse_words"] | lists["omit_words"])
    if name is None or step.below.dep_ == "ccomp" or words_before(step.below)[-2:] in AGAINST:
        return False
    if " " not in name and not is_complement(step):
        return False
    if name in ("stop", "prevent", "halt", "block", "bar", "ban", "prohibit", "forbid") and not is_clause(
        step.below
    ):
        return False
    return step.below.dep_ not in SUBJECTS or step.below.dep_ == "nsubjpass"


def is_purpose_of_other(step: Step, lists: Lists) -> bool:
    """“*time* to discuss it”, “a *way* to lift them”: what is done with it is not said."""
    below, governor = step.below, step.governor
    if below.dep_ not in ("acl", "relcl") or not has_to(below) or is_clause(governor):
        return False
    return governor.lemma_.lower() in lists["idle_nouns"]


def is_hedge(step: Step, lists: Lists) -> bool:
    """“*is said* to have met”, “it *seems* that”."""
    governor = step.governor
    if governor.lemma_.lower() not in lists["hedge_words"] or not is_clause(step.below):
        return False
    is_passive = any(c.dep_ == "auxpass" for c in governor.children)
    if governor.lemma_.lower() in ("seem", "appear"):
        return step.below.dep_ in ("xcomp", "ccomp")
    return is_passive and step.below.dep_ in ("xcomp", "ccomp") and _has_empty_subject(step)


def _has_empty_subject(step: Step) -> bool:
    if step.below.dep_ == "xcomp":
        return True
    return any(c.dep_ in SUBJECTS and c.lower_ == "it" for c in step.governor.children)


def is_supposed(step: Step) -> bool:
    """“was *supposed* to call”, “was *to have met*”, “was *meant* to meet”."""
    governor, below = step.governor, step.below
    if below.dep_ != "xcomp" or not any(c.lower_ == "to" and c.dep_ == "aux" for c in below.children):
        return False
    if governor.lower_ in ("supposed", "meant") and any(c.dep_ == "auxpass" for c in governor.children):
        return True
    return governor.lemma_ == "be"


def is_past(verb: Token) -> bool:
    """Whether a governor of an infinitive is in the past (“*was* supposed to”)."""
    words = {verb.lower_, *(c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass"))}
    if not words & {"was", "were", "had"}:
        return False
    return verb.lemma_ != "be" or any(
        c.dep_ == "xcomp" and any(a.lower_ == "have" for a in c.children) for c in verb.children
    )


def had_been(step: Step) -> bool:
    """“*had been* due to meet”, “*had hoped* to meet”: it did not come to that."""
    governor = step.governor
    clause = governor if is_clause(governor) else governor.head
    had = any(c.lower_ in ("had", "'d") and c.dep_ == "aux" for c in clause.children)
    return had and has_to(step.below)


def is_passive_plan(step: Step) -> bool:
    """“had been *due*”, “had been *planned*”: nobody in particular planned it."""
    governor = step.governor
    return not is_clause(governor) or any(c.dep_ == "auxpass" for c in governor.children)


def _is_indicative(verb: Token) -> bool:
    """Whether a clause says how something is or was: “that it *was not raised*”, not “that he *meet* Xi”."""
    helpers = {c for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if helpers:
        forms = {"did", "do", "does", "was", "were", "is", "are", "had", "has", "have", "'s", "'re", "'ve"}
        return bool({c.lower_ for c in helpers} & forms)
    return verb.tag_ in ("VBD", "VBZ")


def _looks_ahead(below: Token) -> bool:
    """Whether a complement is yet to come: an infinitive, a gerund, a noun; not “confirmed that they met”."""
    if is_clause(below):
        return below.tag_ in ("VB", "VBG") and not _is_indicative(below)
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
    return any(t.lower_ in ("to", "until", "till") and t.dep_ in ("prep", "dative") for t in verb.subtree)


def occurs(verb: Token, lists: Lists) -> bool:
    """“take place”, “happen”, “be held”: verbs that say of an event that it was."""
    lemma = verb.lemma_.lower()
    return lemma in lists["occur_verbs"] or lemma in lists["light_verbs"]


def is_definite(noun: Token) -> bool:
    """“*the* talks”, “*Biden's* visit”: spoken of as known."""
    return any(c.dep_ == "poss" or (c.dep_ == "det" and c.lower_ in DEFINITE) for c in noun.children)


def is_had(noun: Token) -> bool:
    """“*had the opportunity* to meet him”: what one had, one took."""
    verb = noun.head
    is_past = verb.tag_ in ("VBD", "VBN") or any(c.lower_ in ("have", "has") for c in verb.children)
    return noun.dep_ == "dobj" and verb.lemma_ in ("have", "get") and is_past and noun.pos_ == "NOUN"


def is_performed(verb: Token) -> bool:
    """“*I want* to thank you”, “*let me* welcome him”: who says so does it."""
    helpers = {c.lower_ for c in verb.children if c.dep_ in ("aux", "neg")}
    who = {c.lower_ for c in verb.children if c.dep_ in ("nsubj",)}
    return bool(who & {"i", "we"}) and not helpers & {"did", "not", "n't", "had"} and verb.tag_ != "VBD"


def is_presupposed(step: Step, lists: Lists) -> bool:
    """Whether an event noun is taken for granted by what is said of it (“*the talks* were not easy”)."""
    if step.is_scene:
        return not is_refused(step, lists)
    below, governor = step.below, step.governor
    if not is_definite(below) or not is_clause(governor):
        return False
    if below.dep_ in ("nsubj",) and governor.lemma_ == "be":
        predicate = predicate_of(governor)
        return predicate is not None and effect_of_word(predicate.lemma_.lower(), lists)[0] is None
    if occurs(governor, lists) or effect_of(step, lists)[0] is not None or is_refused(step, lists):
        return False
    return not any(governor.lemma_.lower() in lists[name] for name, _ in EFFECTS)


def tells_effects(clause: Token, lists: Lists) -> bool:
    """“a deal *that is expected to boost exports*”: what comes of it is open, and not whether it is."""
    complement = next((c for c in clause.children if c.dep_ == "xcomp"), None)
    return clause.dep_ == "relcl" and complement is not None and not occurs(complement, lists)


def told_of_planned(noun: Token, lists: Lists) -> Token | None:
    """“the meeting planned for May 3 *was cancelled*”, where the parser takes “planned” for the verb."""
    verb = noun.head
    if noun.dep_ != "nsubj" or verb.lower_ not in lists["plan_modifiers"] or auxiliaries(verb):
        return None
    return next(
        (c for c in verb.children if c.dep_ in ("ccomp", "xcomp") and is_clause(c) and c.i > verb.i), None
    )
