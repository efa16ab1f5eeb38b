"""Finds the events that a sentence tells of: what kind, who, when, where, how long, whether it came about."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.clauses.en import OBJECTS, clause_above, is_clause, objects, obliques, subjects
from kg.extract.clauses.en_factuality import STATUS_BY_READING, Meaning, reading_of
from kg.extract.events.mention import EXCHANGES, EventMention, is_later
from kg.extract.events.triggers import (
    addressing,
    infinitives,
    is_directed,
    journey_to,
    modifiers,
    past_light_nouns,
    possessors,
    rules_by_word,
)
from kg.extract.references.discourse import Party
from kg.extract.references.mentions import Mention, as_entity
from kg.extract.references.resolver import CHINA, UNITED_STATES, Resolver
from kg.extract.rules import EventRule, Rule, Rules, Words
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import Reading, Sentence, end_of, start_of
from kg.extract.time.dates import DateMention
from kg.model import Entity

DEFINITE = frozenset(["the", "this", "that", "these", "those", "their", "his", "her", "our", "its", "my"])
# “the first talks *since* a summit in Bali”: what stands inside belongs to the other event.
APART = frozenset({"since", "after", "before", "following", "until", "ahead"})


class EventFinder:
    """Applies the event rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.light = rules.lists["light_verbs"]
        self.by_noun = rules_by_word(rules.events, "nouns")
        self.by_verb = rules_by_word(rules.events, "verbs")
        self.missed: list[tuple[Rule, Token, str]] = []

    def find(self, sentence: Sentence) -> Iterator[EventMention]:
        """The events of a sentence, references to earlier ones among them, in its order."""
        drafts = list(self._all(sentence))
        invitations = [draft.trigger for draft in drafts if draft.kind == "Invitation"]
        for draft in drafts:
            if draft.kind != "Visit" or not any(draft.trigger in set(t.subtree) for t in invitations):
                yield draft

    def _all(self, sentence: Sentence) -> Iterator[EventMention]:
        for token in sentence.span:
            lemma = token.lemma_.lower()
            if past_light_nouns(token) != token and past_light_nouns(token).lemma_ in self.by_noun:
                continue
            if token.pos_ in ("NOUN", "PROPN") and lemma in self.by_noun:
                yield from self._first(self.by_noun[lemma], sentence, token)
            elif token.pos_ in ("VERB", "AUX", "NOUN") and lemma in self.by_verb and is_clause(token):
                yield from self._first(self.by_verb[lemma], sentence, token)

    def _first(self, rules: Iterable[EventRule], sentence: Sentence, token: Token) -> Iterator[EventMention]:
        for rule in rules:
            draft = self._draft(rule, sentence, token)
            if draft is not None:
                yield draft
                return

    def _draft(self, rule: EventRule, sentence: Sentence, token: Token) -> EventMention | None:
        if (unmet := self._unmet(rule, sentence, token)) is not None:
            self.missed.append((rule, token, unmet))
            return None
        is_definite = any(
            child.lower_ in DEFINITE for child in token.children if child.dep_ in ("det", "poss")
        )
        reading = self._reading(rule, token, is_definite=is_definite)
        roles = self._roles(rule, token)
        count = len({p.entity for _, p in roles})
        is_implied = (
            rule.sides and count < rule.minimum and self._is_told(rule, token, is_definite=is_definite)
        )
        is_implied = is_implied and reading in ("real", "planned") and self._is_between_sides(sentence)
        if is_implied:
            shown = {self.resolver.side_of(party.entity) for _, party in roles}
            missing = [p for p in self.resolver.sides(token) if p.entity.iri not in shown]
            roles += [("participant", party) for party in missing]
            count = len(roles)
        if not rule.nouns and count < rule.minimum:
            self.missed.append((rule, token, f"{count} of at least {rule.minimum} parties could be told"))
            return None
        if "host" in rule.roles and {role for role, _ in roles} == {"host"}:
            return None  # “hosting the summit”: nobody is received
        if not rule.nouns and rule.event == "Call" and not self._has_person(roles):
            self.missed.append((rule, token, "none of the parties is a person"))
            return None
        if not rule.nouns and rule.event in EXCHANGES and self._is_with_others(token, roles):
            self.missed.append(
                (rule, token, "both sides are on one side of it, and somebody else on the other")
            )
            return None
        status = rule.status if reading == "real" and rule.status else STATUS_BY_READING.get(reading)
        is_reference = bool(rule.nouns) and is_definite and count < rule.minimum
        if status is None or (status == "Proposed" and rule.event not in EXCHANGES):
            self.missed.append((rule, token, f"the text speaks of it as {reading}"))
            return None
        draft = EventMention(
            rule, sentence, token, status, roles, is_definite=is_definite, is_reference=is_reference
        )
        draft.is_among_themselves = not {"with", "to"} & obliques(token).keys()
        draft.is_new = any(c.lower_ in self.rules.lists["new_words"] for c in token.children)
        draft.is_background = token.dep_ == "pobj" and token.head.lower_ in ("since", "before")
        draft.date = self._date(draft)
        draft.place = self._place(draft)
        self._settle(draft)
        if self._is_particular(draft):
            return draft
        self.missed.append((rule, token, "no event in particular is meant: no article, date, place or verb"))
        return None

    def _is_particular(self, draft: EventMention) -> bool:
        """Whether some event in particular is meant, and not talks between the two in general."""
        if not draft.rule.nouns or draft.is_definite or draft.date or draft.place or draft.rule.governors:
            return True
        if draft.sentence.block.kind in HEADINGS:
            return True  # headings leave out articles
        token = draft.trigger
        is_one = token.tag_ == "NN" and any(child.dep_ in ("poss", "det") for child in token.children)
        return is_one or self._governor(token) is not None

    def _reading(self, rule: EventRule, token: Token, *, is_definite: bool) -> Meaning:
        """How the text means an event; one spoken of as known has happened, whatever is said about it."""
        if rule.governors and self._governor(token, rule.governors) is None:
            return "real"
        meant = reading_of(token, self.rules)
        if not rule.nouns or meant in ("real", "planned", "cancelled"):
            return meant
        governor = self._governor(token, rule.governors or None)
        return "real" if is_definite and governor is None else meant

    def _settle(self, draft: EventMention) -> None:
        """Make tense, date and status agree."""
        published = self.reading.document.published
        if draft.status in ("Planned", "Proposed") and draft.date:
            draft.date = self.reading.ahead(draft.date)
        if not draft.date or not draft.date.date or not published:
            return
        last = draft.date.end_date or draft.date.date
        begin = draft.date.date
        if draft.status in ("Planned", "Proposed") and last < published[: len(last)]:
            draft.date = None
        elif draft.status == "Occurred" and is_later(begin, published) and draft.kind in EXCHANGES:
            draft.status = "Planned"

    def _unmet(self, rule: EventRule, sentence: Sentence, token: Token) -> str | None:
        """The first condition of a rule that the words around its trigger do not meet; `None` if all are."""
        words, prepositions = modifiers(token), obliques(token).keys()
        if rule.modifiers and not words & rule.modifiers:
            return "modifiers: none of them modifies it"
        if words & rule.without:
            return f"without: “{sorted(words & rule.without)[0]}” modifies it"
        if rule.governors and not self._is_governed(token, rule.governors):
            return "governors: it depends on none of these verbs"
        if rule.prepositions and not rule.prepositions & prepositions:
            return "prepositions: none of them hangs on it"
        if rule.verbs and sum(child.dep_ in OBJECTS for child in token.children) > 1:
            return "it has two objects"  # “called him a partner”
        if rule.not_prepositions & prepositions:
            return f"not_prepositions: “{sorted(rule.not_prepositions & prepositions)[0]}” hangs on it"
        if rule.infinitives and not rule.infinitives & infinitives(token):
            return "infinitives: it governs none of them"
        text = self.reading.text[sentence.start : sentence.end].lower()
        if rule.phrases and not any(phrase in text for phrase in rule.phrases):
            return "phrases: none of them stands in the sentence"
        unwanted = next((phrase for phrase in rule.not_phrases if phrase in text), None)
        return f"not_phrases: “{unwanted}” stands in the sentence" if unwanted else None

    def _is_governed(self, token: Token, governors: Words) -> bool:
        verb = self._governor(token, governors)
        if verb is not None and verb != token:
            return True
        return any(
            c.dep_ in ("acl", "relcl", "amod") and c.lemma_.lower() in governors for c in token.children
        )

    def _is_told(self, rule: EventRule, token: Token, *, is_definite: bool) -> bool:
        """Whether talks without parties are some talks in particular: held, dated or placed."""
        if rule.governors:
            return True
        return self._governor(token) is not None or (is_definite and self._names_place(token))

    def _is_between_sides(self, sentence: Sentence) -> bool:
        """Whether the document names both countries and the sentence no third one."""
        named = {self.resolver.side_of(mention.entity) for mention in self.reading.mentions.agents}
        return {UNITED_STATES, CHINA} <= named and not self._names_others(sentence)

    def _has_person(self, roles: list[tuple[str, Party]]) -> bool:
        """Whether a person, or the two leaders by these words, takes part: countries do not telephone."""
        kinds = {party.entity.kind for _, party in roles}
        if len({party.start for _, party in roles}) == 1 and kinds == {"Country"}:
            return True
        return any(self.reading.lexicon.is_a(p.entity.kind, "Person") for _, p in roles)

    def _is_with_others(self, verb: Token, roles: list[tuple[str, Party]]) -> bool:
        """“*They* will talk to Nvidia”: both sides on one side of the table, somebody else on the other."""
        partners = [t for name in ("with", "to") for t in obliques(verb).get(name, [])]
        others = {p.entity for p in self.resolver.all_parties(partners, unknown=True)}
        sides = {self.resolver.side_of(p.entity) for _, p in roles if p.entity not in others}
        return {UNITED_STATES, CHINA} <= sides and bool(others)

    def _names_others(self, sentence: Sentence) -> bool:
        """Whether a sentence speaks of a third country."""
        for mention in self.reading.mentions.agents_in(sentence.start, sentence.end):
            token = self.reading.token_at(sentence, mention.end - 1)
            if not self._is_scene(mention, token) and self.resolver.side_of(mention.entity) not in (
                UNITED_STATES,
                CHINA,
                None,
            ):
                return True
        return False

    def _is_scene(self, mention: Mention, token: Token | None) -> bool:
        """“in *Spain*”, “in Madrid, *Spain*”: where something happens, and nobody who takes part."""
        if token is None:
            return False
        above = token.head
        while above.dep_ in ("appos", "conj", "compound") or above.pos_ == "PROPN":
            if above.head == above:
                break
            above = above.head
        is_in_place = bool(self.reading.mentions.places_in(mention.start, mention.end))
        return is_in_place and above.lower_ in ("in", "at", "from")

    def _names_place(self, token: Token) -> bool:
        governed = [t for name in ("in", "at") for t in obliques(token).get(name, [])]
        governed += [c for c in token.children if c.dep_ in ("compound", "nmod")]
        return any(self.reading.mentions.places_in(start_of(t.left_edge), end_of(t)) for t in governed)

    # ── Who ──

    def _roles(self, rule: EventRule, token: Token) -> list[tuple[str, Party]]:
        found: list[tuple[str, Party]] = []
        for role, paths in rule.roles.items():
            for path in paths:
                for party in self._parties(role, path, token, rule):
                    if path == "possessor" and self._is_frame(party):
                        continue
                    if party.entity not in [p.entity for _, p in found] or role in ("inviter", "invitee"):
                        found.append((role, party))
        if rule.nouns and rule.event in EXCHANGES and len(found) < rule.minimum:
            found = [("participant", party) for party in self._attendants(token)] or found
        if "target" in rule.roles:
            doers = {p.entity for role, p in found if role == "imposedBy"}
            found = [(role, p) for role, p in found if role != "target" or p.entity not in doers]
        return sorted(found, key=lambda pair: pair[1].start) if not is_directed(rule) else found

    def _is_frame(self, party: Party) -> bool:
        """“the *APEC* summit”, “the *South Korea* meeting”: what an exchange is named by, and no party."""
        side = self.resolver.side_of(party.entity)
        is_place = bool(self.reading.mentions.places_in(party.start, party.end))
        return side is None or (is_place and side not in (UNITED_STATES, CHINA))

    def _parties(self, role: str, path: str, token: Token, rule: EventRule) -> list[Party]:
        words = self._at(path, token, rule)
        found = self.resolver.all_parties(words, unknown=path in ("subject", "with"))
        if role == "target" and not found:  # goods and firms stand for the country that is hit
            found = [party for word in words for party in self.resolver.owners(word)]
        if rule.event == "Visit" and path in ("to", "object"):
            return self._hosts(found)
        return found

    def _hosts(self, found: list[Party]) -> list[Party]:
        """The countries that a journey leads to; “go to *them*” is none."""
        seats = [p for p in found if p.entity.kind in ("Country", "Government", "Organization")]
        sides = [(p, self.resolver.side_of(p.entity) or "") for p in seats]
        return [
            p
            if p.entity.kind == "Country"
            else replace(p, entity=as_entity(self.reading.lexicon.entries[iri]))
            for p, iri in sides
            if p.entity.kind == "Country" or iri in self.reading.lexicon.entries
        ]

    def _attendants(self, token: Token) -> list[Party]:
        """“What *A and B* agreed at the summit”, “*A* told *B* in a call”: those of the clause around it."""
        if token.dep_ != "pobj" or token.head.lower_ not in ("at", "during", "in", "following", "after"):
            return []
        clause = addressing(token) or clause_above(token)
        if clause is None:
            return []
        parties = self.resolver.all_parties(subjects(clause))
        if len(parties) == 1 and clause == addressing(token):
            parties = self.resolver.all_parties([*subjects(clause), *objects(clause)])
        return parties if len(parties) > 1 else []

    def _at(self, path: str, token: Token, rule: EventRule) -> list[Token]:
        """The words at one end of an argument path of a trigger."""
        verb = self._governor(token, rule.governors or None)
        if path == "subject":
            return self._doers(token, verb, rule)
        if path == "object":
            return [t for t in objects(verb) if t != token] if verb is not None else []
        if path == "possessor":
            return possessors(token)
        found = list(obliques(token).get(path, []))
        if verb is not None and verb != token:
            found += obliques(verb).get(path, [])
        return found

    def _doers(self, token: Token, verb: Token | None, rule: EventRule) -> list[Token]:
        """The subject of the verb above, or of a relative clause below (“the deal *they made*”)."""
        if verb is not None:
            return subjects(verb)
        below = [
            c for c in token.children if c.dep_ in ("acl", "relcl") and c.lemma_.lower() in rule.governors
        ]
        return [t for clause in below for t in subjects(clause) if t != token]

    def _governor(self, token: Token, verbs: Words | None = None) -> Token | None:
        """The verb whose arguments are the trigger's: itself, or a light verb (“*held* talks”)."""
        if is_clause(token) and token.pos_ != "NOUN":
            return token
        head = past_light_nouns(token)
        if head.dep_ == "conj":
            head = head.head
        verb = head.head
        if head.dep_ == "pobj" and verb.lower_ == "with":  # “retaliated *with* tariffs”
            verb = verb.head
        if not is_clause(verb) or head.dep_ not in ("dobj", "nsubjpass", "attr", "nsubj", "pobj", "oprd"):
            return None
        if head.dep_ == "nsubj" and verb.lemma_ == "be":
            return None
        return verb if verb.lemma_.lower() in (verbs or self.light) else None

    # ── When and where ──

    def _date(self, draft: EventMention) -> DateMention | None:
        sentence, shared = draft.sentence, None
        for mention in self.reading.dates_in(sentence.start, sentence.end):
            if mention.relation in ("since", "until") or (mention.date is None and not mention.vague):
                continue
            token = self.reading.token_at(sentence, mention.end - 1)
            follows = 0 < mention.start - end_of(draft.trigger) < 2 and draft.rule.nouns
            if follows or (token is not None and self._belongs(token, draft)):
                return mention if mention.date else None
            if token is not None and shared is None and self._is_shared(token, draft):
                shared = mention
        return shared or self._just_now(draft)

    def _is_shared(self, token: Token, draft: EventMention) -> bool:
        """“*On Monday* X met Y and held talks with Z”: what opens a clause holds for the verbs after it."""
        governor = self._governor(draft.trigger, draft.rule.governors or None)
        clause = clause_above(token)
        if governor is None or clause is None or governor.dep_ != "conj" or token.i > clause.i:
            return False
        return governor.head == clause

    def _just_now(self, draft: EventMention) -> DateMention | None:
        """“I *just* spoke with …”: the day of publication."""
        published = self.reading.document.published
        verb = self._governor(draft.trigger)
        just = (
            next((c for c in verb.children if c.lower_ == "just" and c.dep_ == "advmod"), None)
            if verb
            else None
        )
        if just is None or published is None or draft.status != "Occurred":
            return None
        return DateMention(start_of(just), end_of(just), just.text, date=published, form="relative day")

    def _place(self, draft: EventMention) -> Entity | None:
        sentence = draft.sentence
        for mention in self.reading.mentions.places_in(sentence.start, sentence.end):
            token = self.reading.token_at(sentence, mention.end - 1)
            if token is not None and self._is_where(token, draft) and self._belongs(token, draft):
                return mention.entity
        return None

    def _is_where(self, token: Token, draft: EventMention) -> bool:
        if token.dep_ == "pobj" and token.head.lower_ in ("in", "at"):
            return True
        if draft.kind == "Visit":
            return (token.dep_ == "pobj" and token.head.lower_ == "to") or token.dep_ == "dobj"
        is_country = self.reading.mentions.agent_at(start_of(token)) is not None
        is_modifier = token.head == draft.trigger and token.dep_ in ("compound", "nmod")
        return is_modifier and not is_country and draft.kind in EXCHANGES

    def _belongs(self, token: Token, draft: EventMention) -> bool:
        """Whether an adjunct hangs on the trigger or on the verb that it shares its arguments with."""
        trigger = draft.trigger
        governor = self._governor(trigger, draft.rule.governors or None)
        journey = journey_to(trigger, self.rules.lists["motion_verbs"])
        anchors = {word for word in (trigger, governor, addressing(trigger), journey) if word is not None}
        current = token
        while current.head != current:
            if current.lower_ in APART and current != token.head:
                return False
            current = current.head
            if current in anchors:
                return True
            if is_clause(current) and not (current.dep_ == "conj" and current.head in anchors):
                return current.dep_ == "xcomp" and current.head in anchors and draft.kind != "Invitation"
        return False
