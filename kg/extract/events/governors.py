"""Which verb an event noun takes its arguments, its effect and its standing from."""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.clauses.en import is_clause
from kg.extract.rules import EventRule, Rules, Words

ARGUMENTS = ("dobj", "nsubjpass", "attr", "nsubj", "pobj", "oprd", "dative")
CARRIERS = frozenset({"with", "on", "including"})
SCENE = frozenset({"in"})  # “led a delegation *in* talks”
ACCEPTING = frozenset({"agree", "consent", "commit", "accede"})
NOTIFYING = frozenset({"notify", "inform"})
BELOW = ("acl", "relcl", "amod")


@dataclass(frozen=True, slots=True)
class TriggerSite:
    """A place in a sentence where a rule may find an event.

    Attributes:
        trigger: The word that names the event.
        governor: The verb that says what becomes of it; `None` for a noun that stands by itself.
        nominal: A noun between the two (“the *suspension* of tariffs”).
    """

    trigger: Token
    governor: Token | None
    nominal: Token | None = None


def sites(rule: EventRule, token: Token, rules: Rules) -> Iterator[TriggerSite]:
    """The places at which `token` may tell of an event of `rule`.

    A measure that one verb suspends and another imposed (“suspend *tariffs* imposed in April”) gives two.
    """
    if not rule.nouns:
        yield TriggerSite(token, token)
        return
    carriers = rules.lists["carrier_nouns"]
    head = past_carriers(token, carriers)
    nominal = head if head != token and head.lemma_.lower() in rules.lists["nominal_effects"] else None
    verbs = rule.governors or rules.lists["light_verbs"]
    outer = _outer(head, verbs, CARRIERS if rule.governors else CARRIERS | SCENE)
    if outer is not None or not rule.governors:
        yield TriggerSite(token, outer, nominal)
    elif nominal is not None:
        yield TriggerSite(token, None, nominal)
    elif rule.effects and not any(
        c.dep_ in BELOW and c.lemma_.lower() in rule.governors for c in token.children
    ):
        yield TriggerSite(token, None)  # “*U.S. tariffs on China* weigh on trade”: one that is in force
    if rule.governors:
        named = dict.fromkeys((token, head))
        goods = [g for w in named for p in w.children if p.lower_ in ("on", "against") for g in p.children]
        goods += [o for g in goods for p in g.children if p.lower_ == "of" for o in p.children]
        for word in dict.fromkeys((token, head, *goods)):
            for child in word.children:
                verbs = rules.lists["imposing_verbs"] if word in goods else rule.governors
                is_altered = child.dep_ == "amod" and child.lemma_.lower() in rules.lists["altering_verbs"]
                if is_altered or child.tag_ == "VBG":
                    continue  # “the *modified* rate”
                if child.dep_ in BELOW and child.lemma_.lower() in verbs:
                    yield TriggerSite(token, child)


def is_accepted(noun: Token, verb: Token, *, is_pact: bool) -> bool:
    """“they *agreed to* a truce”, “they *agreed* a truce”: what is agreed to is settled, and no plan."""
    if is_pact and verb.lemma_ == "agree" and noun.dep_ == "dobj":
        return True
    return verb.lemma_ in ACCEPTING and noun.dep_ == "pobj" and noun.head.lower_ == "to"


def past_carriers(token: Token, carriers: Words) -> Token:
    """“held *a round* of talks”: the noun that stands for the event in the sentence."""
    head = token
    if token.dep_ == "compound" and token.head.lemma_.lower() in ("rate", "level"):
        head = token.head  # “duty *rates*”
    while (
        head.dep_ == "pobj"
        and head.head.lower_ in ("of", "on", "in", "to")
        and head.head.head.lemma_.lower() in carriers
        and head.head.head != head.head
    ):
        head = head.head.head
    return head


def _outer(head: Token, verbs: Words, prepositions: Set[str]) -> Token | None:
    """The verb that a noun is an argument of, past coordination and “including”."""
    while head.dep_ == "conj" and not is_clause(head):
        head = head.head
    if head.dep_ == "pobj" and head.head.lower_ == "including" and head.head.head != head.head:
        return _outer(head.head.head, verbs, prepositions)
    verb = head.head
    is_notified = verb.lower_ == "of" and verb.head.lemma_.lower() in NOTIFYING & verbs
    if head.dep_ == "pobj" and (verb.lower_ in prepositions or is_notified):
        verb = verb.head
    if head.dep_ == "pobj" and head.head.lower_ == "to" and head.head.head.lemma_ in ACCEPTING & verbs:
        return head.head.head  # “*agreed to* a truce”
    if not is_clause(verb) or head.dep_ not in ARGUMENTS:
        return None
    if head.dep_ == "nsubj" and verb.lemma_ == "be":
        due = (c for a in verb.children if a.dep_ == "acomp" for c in a.children if c.dep_ == "xcomp")
        return next((c for c in due if c.lemma_.lower() in verbs), None)  # “duties *are due to rise*”
    if verb.lemma_.lower() in verbs:
        return verb
    # “tariffs *are expected to drop*”
    raised = (c for c in verb.children if c.dep_ == "xcomp" and head.dep_ in ("nsubj", "nsubjpass"))
    return next((c for c in raised if c.lemma_.lower() in verbs), None)
