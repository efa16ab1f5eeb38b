"""What stands around the words that name an event: modifiers, light nouns, the clause that frames it."""

from collections.abc import Iterable

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, conjuncts, is_clause, surface_subject
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.events.record import EventRecord
from kg.extract.references.mentions import Mentions
from kg.extract.rules import EventRule, Rules, Words
from kg.extract.text.reading import end_of, start_of

AFTER = frozenset({"following", "after", "since", "before"})
OCCASIONS = frozenset({"at", "in", "during", "from", "after"})


def journey_to(verb: Token, motion_verbs: Words) -> Token | None:
    """“will *travel* to Geneva on Monday to meet X”: the journey that an exchange is the purpose of."""
    is_purpose = verb.dep_ in ("advcl", "xcomp") and verb.tag_ == "VB"
    return verb.head if is_purpose and verb.head.lemma_.lower() in motion_verbs else None


def purpose_of(noun: Token, motion_verbs: Words) -> Token | None:
    """“*arrived* in Washington for talks with X”: the journey that an exchange is the purpose of."""
    if noun.dep_ != "pobj" or noun.head.lower_ != "for":
        return None
    verb = noun.head.head
    return verb if is_clause(verb) and (verb.lemma_ in motion_verbs or verb.lemma_ == "be") else None


def addressing(noun: Token, verbs: Words) -> Token | None:
    """“A *told* B in a call that …”: the verb of telling whose scene an exchange is."""
    clause = clause_above(noun) if noun.dep_ == "pobj" and noun.head.lower_ in ("in", "during") else None
    if clause is not None and clause.dep_ == "ccomp":
        clause = clause.head
    return clause if clause is not None and clause.lemma_.lower() in verbs else None


def decision_of(verb: Token | None, rules: Rules) -> Token | None:
    """“the *decision* to raise tariffs”: the noun of deciding that a measure is the content of."""
    is_content = verb is not None and verb.dep_ == "acl" and verb.tag_ == "VB"
    if verb is None or not is_content or verb.head.lemma_.lower() not in rules.lists["decision_nouns"]:
        return None
    return verb.head


def modifiers(token: Token) -> set[str]:
    """Lemmas of what modifies a noun, also through “of” and “on” (“talks *on trade*”)."""
    found: set[str] = set()
    for child in token.children:
        if child.dep_ in ("amod", "compound", "nmod", "nummod", "npadvmod", "poss"):
            found |= {t.lemma_.lower() for t in child.subtree if t.text.isalnum()}
        elif child.dep_ == "prep" and child.lower_ in ("of", "on", "about"):
            for governed in child.children:
                found |= {t.lemma_.lower() for t in (governed, *governed.children) if t.text.isalnum()}
    return found


def infinitives(token: Token) -> set[str]:
    """Lemmas of the infinitives that hang on a verb (“welcomed him to *visit*”)."""
    return {child.lemma_.lower() for child in token.children if child.dep_ in ("xcomp", "advcl", "ccomp")}


def possessors(token: Token) -> list[Token]:
    """Who stands before an event noun: “*Biden's* meeting”, “*Trump-Xi* call”, “*U.S.-China* talks”."""
    found = [t for child in token.children if child.dep_ == "poss" for t in conjuncts(child)]
    for child in token.children:
        if child.dep_ in ("compound", "nmod", "amod") and child.i < token.i:
            found += [t for t in child.subtree if t.pos_ in ("PROPN", "ADJ")]
    return found


def owners(noun: Token) -> list[Token]:
    """Whose measure it is: “*China's* controls”, “*U.S.* tariffs”; not “*China* tariffs”."""
    found = [t for child in noun.children if child.dep_ == "poss" for t in conjuncts(child)]
    for child in noun.children:
        if child.dep_ in ("amod", "nmod", "compound") and child.i < noun.i:
            found += [t for t in child.subtree if t.pos_ == "ADJ" or "." in t.text or t.text in ("US", "PRC")]
    return found


def had_before(verb: Token) -> bool:
    """“he *had* invited him”: before what is told."""
    return any(child.lower_ in ("had", "'d") and child.dep_ == "aux" for child in verb.children)


def is_occasion(exchange: Token, agreement: EventMention) -> bool:
    """“the consensus reached *at the talks*”, “they agreed *in their call*”: where it was settled."""
    heads = {word for word in (agreement.trigger, agreement.governor) if word is not None}
    heads |= {c for c in agreement.trigger.children if c.dep_ in ("acl", "relcl")}
    if exchange.head in heads and exchange.dep_ in ("compound", "nmod"):
        return True
    if agreement.governor is not None and exchange == surface_subject(agreement.governor):
        return True  # “*the meeting* produced a deal”
    return exchange.dep_ == "pobj" and exchange.head.lower_ in OCCASIONS and exchange.head.head in heads


def makes_up(agreement: EventMention, exchange: EventRecord | None) -> bool:
    """Whether an agreement is what a sentence says was reached, in the exchange that is told of."""
    governor, root = agreement.governor, agreement.sentence.root
    if exchange is None or governor is None or governor.tag_ not in ("VBD", "VBG", "VBN"):
        return False
    if governor != root and governor.head != root:
        return False
    return {p.entity for _, p in agreement.roles} & exchange.parties != set() or agreement.is_between_sides


def with_background_last(drafts: Iterable[EventMention]) -> list[EventMention]:
    """“*Following A's meeting with B*, C met D”: what a sentence tells first, then what it came after."""
    found = list(drafts)
    main = [d for d in found if d.kind in EXCHANGES and d.sentence.root in (d.trigger, d.governor)]
    for draft in found:
        is_scene = draft.trigger.dep_ == "pobj" and draft.trigger.head.lower_ in AFTER
        if is_scene and draft.kind in EXCHANGES and any({*d.parties} - {*draft.parties} for d in main):
            draft.is_background = True
    return sorted(found, key=lambda d: d.is_background and bool(main))


def rules_by_word(rules: Iterable[EventRule], attribute: str) -> dict[str, list[EventRule]]:
    """The rules whose list `attribute` holds a word, by that word."""
    found: dict[str, list[EventRule]] = {}
    for rule in rules:
        for word in getattr(rule, attribute):
            found.setdefault(word, []).append(rule)
    return found


def is_directed(rule: EventRule) -> bool:
    """Whether the order of its parties is part of what the event is."""
    return "inviter" in rule.roles or "imposedBy" in rule.roles


def is_of_a_body(noun: Token, mentions: Mentions) -> bool:
    """“the *COP27* meeting”, “the *G20* summit”: one of many, called by neither of the two nor by a place."""
    names = [c for c in noun.children if c.dep_ in ("compound", "nmod") and c.pos_ == "PROPN"]
    spans = [(start_of(c.left_edge), end_of(c)) for c in names]
    is_ours = any(mentions.agents_in(*span) or mentions.places_in(*span) for span in spans)
    return not is_ours and any(c.text.isupper() or c.text[-1:].isdigit() for c in names)


def is_set_apart(word: Token, rules: Rules) -> bool:
    """Whether an event is said to be none of those told before: “*another* round”, “*last time* we met”."""
    if any(child.lower_ in rules.lists["new_words"] for child in word.children):
        return True
    times = (child for child in word.children if child.dep_ == "npadvmod" and child.lower_ == "time")
    return any(c.lower_ in rules.lists["other_time_words"] for time in times for c in time.children)


def is_repeated(verb: Token, rules: Rules) -> bool:
    """“they have met *many times*”, “they *often* speak”: no occasion in particular."""
    if any(child.lower_ in rules.lists["repeating_words"] for child in verb.children):
        return True
    times = (child for child in verb.children if child.lower_ == "times")
    return any(c.dep_ in ("amod", "nummod") for time in times for c in time.children)


def is_other_scene(word: Token, adjunct: Token, trigger: Token) -> bool:
    """“reached at their meeting and *during their call* on May 3”: where another occasion is told beside."""
    is_beside = word.dep_ == "conj" and word.pos_ == "ADP" and not word.is_ancestor(trigger)
    return is_beside and word.is_ancestor(hangs_on(adjunct))


def hangs_on(day: Token) -> Token:
    """What a day is an adjunct of, past its preposition and the parts of its name."""
    while day.dep_ in ("nummod", "compound", "nmod", "amod"):
        day = day.head
    return day.head.head if day.dep_ == "pobj" else day.head
