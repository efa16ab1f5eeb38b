"""Finds the events that a sentence tells of: what kind, who, when, where, how long, whether it came about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.extract.dates import DateMention
from kg.extract.reading import Reading, Sentence
from kg.extract.reference import Party, Resolver
from kg.extract.rules import EventRule, Rules
from kg.extract.syntax import conjuncts, is_clause, objects, obliques, subjects
from kg.extract.veridicality import STATUS_BY_READING, reading_of
from kg.model import Entity

DEFINITE = frozenset("the this that these those their his her our its my".split())
EXCHANGES = frozenset({"Call", "Meeting", "TradeTalk", "Visit"})
OPEN_PLACE = ("location", "venue", "place", "site")


@dataclass(slots=True)
class EventDraft:
    """An event as one sentence tells of it.

    Attributes:
        rule: The rule that found it.
        sentence: Where.
        trigger: The word that names it.
        roles: Property and party, in order of the text.
        is_reference: Whether it names an event told before, without saying who took part.
    """

    rule: EventRule
    sentence: Sentence
    trigger: Token
    status: str
    roles: list[tuple[str, Party]] = field(default_factory=list)
    date: DateMention | None = None
    place: Entity | None = None
    is_reference: bool = False
    is_definite: bool = False
    is_implied: bool = False

    @property
    def kind(self) -> str:
        """Class of the event."""
        return self.rule.event

    @property
    def parties(self) -> list[Entity]:
        """Who takes part, each once."""
        return list(dict.fromkeys(party.entity for _, party in self.roles))


class EventFinder:
    """Applies the event rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.light = rules.lists["light_verbs"]
        self.by_noun = _index(rules.events, "nouns")
        self.by_verb = _index(rules.events, "verbs")

    def find(self, sentence: Sentence) -> Iterator[EventDraft]:
        """The events of a sentence, references to earlier ones among them, in its order."""
        for token in sentence.span:
            lemma = token.lemma_.lower()
            if token.pos_ in ("NOUN", "PROPN") and lemma in self.by_noun:
                yield from self._first(self.by_noun[lemma], sentence, token)
            elif token.pos_ in ("VERB", "AUX", "NOUN") and lemma in self.by_verb and is_clause(token):
                yield from self._first(self.by_verb[lemma], sentence, token)

    def _first(self, rules: Iterable[EventRule], sentence: Sentence, token: Token) -> Iterator[EventDraft]:
        for rule in rules:
            draft = self._draft(rule, sentence, token)
            if draft is not None:
                yield draft
                return

    def _draft(self, rule: EventRule, sentence: Sentence, token: Token) -> EventDraft | None:
        if not self._fits(rule, sentence, token):
            return None
        reading = reading_of(token, self.rules)
        roles = self._roles(rule, token)
        is_definite = any(child.lower_ in DEFINITE for child in token.children if child.dep_ in ("det", "poss"))
        if not rule.nouns and len({p.entity for _, p in roles}) < rule.minimum:
            return None
        status = rule.status if reading == "real" and rule.status else STATUS_BY_READING.get(reading)
        is_reference = bool(rule.nouns) and is_definite and len({p.entity for _, p in roles}) < 2
        if status is None:
            return None
        draft = EventDraft(rule, sentence, token, status, roles, is_definite=is_definite, is_reference=is_reference)
        draft.date = self._date(draft)
        draft.place = self._place(draft)
        self._settle(draft)
        return draft

    def _settle(self, draft: EventDraft) -> None:
        """Make tense, date and status agree."""
        published = self.reading.document.published
        if draft.status in ("Planned", "Proposed") and draft.date:
            draft.date = self.reading.ahead(draft.date)
        if draft.date and draft.date.date and published:
            is_past = (draft.date.end_date or draft.date.date) < published[: len(draft.date.end_date or draft.date.date)]
            if is_past and draft.status in ("Planned", "Proposed"):
                draft.date = None
            elif draft.status == "Occurred" and draft.date.date > published and draft.kind in EXCHANGES:
                draft.status = "Planned"

    def _fits(self, rule: EventRule, sentence: Sentence, token: Token) -> bool:
        words = _modifiers(token)
        if rule.modifiers and not words & rule.modifiers or words & rule.without:
            return False
        if rule.prepositions and not rule.prepositions & obliques(token).keys():
            return False
        if rule.infinitives and not rule.infinitives & _infinitives(token):
            return False
        if rule.phrases or rule.not_phrases:
            text = self.reading.text[sentence.start : sentence.end].lower()
            if rule.phrases and not any(phrase in text for phrase in rule.phrases):
                return False
            return not any(phrase in text for phrase in rule.not_phrases)
        return True

    # ── Who ──

    def _roles(self, rule: EventRule, token: Token) -> list[tuple[str, Party]]:
        found: list[tuple[str, Party]] = []
        for role, paths in rule.roles.items():
            for path in paths:
                for party in self.resolver.all_parties(self._at(path, token), unknown=path in ("subject", "with")):
                    if party.entity not in [p.entity for _, p in found] or role in ("inviter", "invitee"):
                        found.append((role, party))
        return sorted(found, key=lambda pair: pair[1].start) if not _directed(rule) else found

    def _at(self, path: str, token: Token) -> list[Token]:
        """The words at one end of an argument path of a trigger."""
        verb = self._governor(token)
        if path == "subject":
            return subjects(verb) if verb is not None else []
        if path == "object":
            return [t for t in objects(verb) if t is not token] if verb is not None else []
        if path == "possessor":
            return _possessors(token)
        found = list(obliques(token).get(path, []))
        if verb is not None and verb is not token:
            found += obliques(verb).get(path, [])
        return found

    def _governor(self, token: Token) -> Token | None:
        """The verb whose arguments are the trigger's: itself, or a light verb (“*held* talks”)."""
        if is_clause(token) and token.pos_ != "NOUN":
            return token
        head = _past_light_nouns(token)
        if head.dep_ == "conj":
            head = head.head
        verb = head.head
        if not is_clause(verb) or head.dep_ not in ("dobj", "nsubjpass", "attr", "nsubj", "pobj", "oprd"):
            return None
        return verb if verb.lemma_.lower() in self.light else None

    # ── When and where ──

    def _date(self, draft: EventDraft) -> DateMention | None:
        sentence = draft.sentence
        for mention in self.reading.dates_in(sentence.start, sentence.end):
            if mention.relation in ("since", "until") or (mention.date is None and not mention.vague):
                continue
            token = self.reading.token_at(sentence, mention.end - 1)
            if token is not None and self._belongs(token, draft):
                return mention if mention.date else None
        return None

    def _place(self, draft: EventDraft) -> Entity | None:
        sentence = draft.sentence
        for mention in self.reading.mentions.places_in(sentence.start, sentence.end):
            token = self.reading.token_at(sentence, mention.end - 1)
            if token is not None and self._is_where(token, draft) and self._belongs(token, draft):
                return mention.entity
        return None

    def _is_where(self, token: Token, draft: EventDraft) -> bool:
        if token.dep_ == "pobj" and token.head.lower_ in ("in", "at"):
            return True
        if draft.kind == "Visit":
            return token.dep_ == "pobj" and token.head.lower_ == "to" or token.dep_ == "dobj"
        return token.head is draft.trigger and token.dep_ in ("compound", "nmod") and draft.kind in EXCHANGES

    def _belongs(self, token: Token, draft: EventDraft) -> bool:
        """Whether an adjunct hangs on the trigger or on the verb that it shares its arguments with."""
        trigger, governor = draft.trigger, self._governor(draft.trigger)
        anchors = {trigger} | ({governor} if governor is not None else set())
        current = token
        while current.head is not current:
            current = current.head
            if current in anchors:
                return True
            if is_clause(current) and not (current.dep_ == "conj" and current.head in anchors):
                return current.dep_ == "xcomp" and current.head in anchors
        return False


def _index(rules: Iterable[EventRule], attribute: str) -> dict[str, list[EventRule]]:
    found: dict[str, list[EventRule]] = {}
    for rule in rules:
        for word in getattr(rule, attribute):
            found.setdefault(word, []).append(rule)
    return found


def _directed(rule: EventRule) -> bool:
    return "inviter" in rule.roles or "imposedBy" in rule.roles


def _modifiers(token: Token) -> set[str]:
    """Lemmas of what modifies a noun, also through “of” and “on” (“talks *on trade*”, “round of *trade* talks”)."""
    found: set[str] = set()
    for child in token.children:
        if child.dep_ in ("amod", "compound", "nmod", "nummod", "npadvmod", "poss"):
            found |= {t.lemma_.lower() for t in child.subtree if t.is_alpha}
        elif child.dep_ == "prep" and child.lower_ in ("of", "on", "about"):
            for governed in child.children:
                found |= {t.lemma_.lower() for t in (governed, *governed.children) if t.is_alpha}
    return found


def _infinitives(token: Token) -> set[str]:
    return {child.lemma_.lower() for child in token.children if child.dep_ in ("xcomp", "advcl", "ccomp")}


def _possessors(token: Token) -> list[Token]:
    """Who stands before an event noun: “*Biden's* meeting”, “*Trump-Xi* call”, “*U.S.-China* talks”."""
    found = [t for child in token.children if child.dep_ == "poss" for t in conjuncts(child)]
    for child in token.children:
        if child.dep_ in ("compound", "nmod", "amod") and child.i < token.i:
            found += [t for t in child.subtree if t.pos_ in ("PROPN", "ADJ")]
    return found


def _past_light_nouns(token: Token) -> Token:
    """“held *a round* of talks”: the noun that stands for the talks in the sentence."""
    head = token
    while head.dep_ == "pobj" and head.head.lower_ == "of" and head.head.head.lemma_ in (
        "round", "series", "number", "set", "session", "lot", "couple", "exchange"
    ):  # fmt: skip
        head = head.head.head
    return head

