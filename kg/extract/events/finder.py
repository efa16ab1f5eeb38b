"""Finds the events that a sentence tells of: what kind, who, when, where, whether it came about."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.clauses.clause import Judgement
from kg.extract.clauses.en import OBJECTS, clause_above, is_clause, objects, obliques
from kg.extract.clauses.en_factuality import judge
from kg.extract.events.circumstances import CircumstanceFinder
from kg.extract.events.governors import TriggerSite, is_accepted, past_carriers, sites
from kg.extract.events.lists import EventLists
from kg.extract.events.mention import EXCHANGES, EventMention, is_later, is_scene
from kg.extract.events.objects import objects_of
from kg.extract.events.outcomes import (
    effect_of,
    has_host,
    is_scheduled,
    is_to_come,
    is_year,
    status_of,
    with_shared_roles,
)
from kg.extract.events.presence import is_greeting
from kg.extract.events.roles import RoleFinder, Roles
from kg.extract.events.triggers import (
    decision_of,
    infinitives,
    is_directed,
    is_occasion,
    is_of_a_body,
    is_repeated,
    is_set_apart,
    modifiers,
    purpose_of,
    rules_by_word,
    with_background_last,
)
from kg.extract.references.discourse import Party
from kg.extract.references.pairs import SIDES, TAIWAN
from kg.extract.references.resolver import Resolver
from kg.extract.rules import EventRule, Rule, Rules
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import Reading, Sentence, end_of, start_of

ABOUT = frozenset(["on", "over", "about", "regarding", "concerning"])
DEFINITE = frozenset(["the", "this", "that", "these", "those", "their", "his", "her", "our", "its", "my"])


class EventFinder:
    """Applies the event rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.who = RoleFinder(reading, rules, resolver)
        self.when = CircumstanceFinder(reading, rules)
        self.lists = EventLists(reading, rules, resolver, self.when, self._settle)
        self.by_noun = rules_by_word(rules.events, "nouns")
        self.by_verb = rules_by_word(rules.events, "verbs")
        self.unresolved: list[tuple[int, int]] = []
        self.missed: list[tuple[Rule, Token, str]] = []

    def find(self, sentence: Sentence) -> Iterator[EventMention]:
        """The events of a sentence, references to earlier ones among them, in its order."""
        drafts = with_background_last(self._all(sentence))
        for draft in drafts:
            self._settled_at(draft, drafts)
        invitations = [d.trigger for d in drafts if d.kind == "Invitation"]
        returned = [t for trigger in invitations for t in objects(trigger)]
        is_accepted = any(t.lemma_.lower() in self.rules.lists["acceptance_verbs"] for t in sentence.span)
        for draft in drafts:
            is_inside = any(draft.trigger in set(t.subtree) for t in invitations)
            if draft.kind == "Visit" and is_inside and draft.trigger not in returned:
                if not is_accepted:
                    continue
                draft.status = "Planned"
                self._settle(draft)
            yield from self.lists.each(draft)

    def _settled_at(self, draft: EventMention, drafts: list[EventMention]) -> None:
        """“the consensus of the *Geneva* talks”: where an agreement was settled tells it from others."""
        if draft.kind != "Agreement" or draft.place is not None:
            return
        inside = [d for d in drafts if d.kind in EXCHANGES and is_occasion(d.trigger, draft)]
        draft.place = next((d.place for d in inside if d.place is not None), None)

    def _all(self, sentence: Sentence) -> Iterator[EventMention]:
        carriers = self.rules.lists["carrier_nouns"]
        for token in sentence.span:
            lemma = token.lemma_.lower()
            head = past_carriers(token, carriers)
            if (
                head != token
                and head.lemma_ in self.by_noun
                and head.lemma_ not in self.rules.lists["empty_carriers"]
                and lemma not in self.rules.lists["nominal_heads"]
            ):
                continue
            if token.pos_ in ("NOUN", "PROPN") and lemma in self.by_noun:
                yield from self._first(self.by_noun[lemma], sentence, token)
            elif token.pos_ in ("VERB", "AUX", "NOUN") and lemma in self.by_verb and is_clause(token):
                yield from self._first(self.by_verb[lemma], sentence, token)

    def _first(self, rules: Iterable[EventRule], sentence: Sentence, token: Token) -> Iterator[EventMention]:
        """What the first rule that fits makes of a word: one event, or of a measure one for each verb."""
        for rule in rules:
            found = [d for site in sites(rule, token, self.rules) if (d := self._draft(rule, sentence, site))]
            if found:
                yield from with_shared_roles(found) if rule.effects else found[:1]
                return

    def _draft(self, rule: EventRule, sentence: Sentence, site: TriggerSite) -> EventMention | None:
        token = site.trigger
        if (unmet := self._unmet(rule, sentence, site)) is not None:
            return self._miss(rule, token, unmet)
        is_definite = any(c.lower_ in DEFINITE for c in token.children if c.dep_ in ("det", "poss"))
        judgement = self._judgement(rule, site)
        is_ahead = rule.event in EXCHANGES and is_to_come(token, self.rules.lists)
        status = status_of(rule, judgement, is_still_to_come=is_ahead)
        if status == "Proposed" and judgement.reason.lower() in self.rules.lists["modal_words"]:
            return self._miss(rule, token, f"“{judgement.reason}” proposes nothing")
        roles = self._roles(rule, sentence, site, status, is_definite=is_definite)
        count = len({p.entity for _, p in roles})
        if not rule.nouns and count < rule.minimum:
            self.unresolved += self.who.unresolved(site)
            return self._miss(rule, token, f"{count} of at least {rule.minimum} parties could be told")
        is_aimed = is_directed(rule) and "target" in rule.roles and rule.minimum > 1 and not rule.nouns
        if is_aimed and not any(role == "target" for role, _ in roles):
            return self._miss(rule, token, "nobody is hit by it")
        is_intransitive = rule.minimum == 1 and not objects(token) and token.tag_ != "VB"
        if rule.event == "Visit" and not rule.nouns and not is_intransitive and not has_host(token, roles):
            return self._miss(rule, token, "it leads to neither country")
        if rule.event == "Visit" and self.who.is_private(site):
            return self._miss(rule, token, "it is a journey of private people or goods")
        if "host" in rule.roles and {role for role, _ in roles} == {"host"}:
            return self._miss(rule, token, "nobody is received")  # “hosting the summit”
        if not rule.nouns and rule.event == "Call" and not self.who.has_person(roles):
            return self._miss(rule, token, "none of the parties is a person")
        if not rule.nouns and rule.event in EXCHANGES and self.who.is_with_others(token, roles):
            return self._miss(rule, token, "both sides are on one side of it, and somebody else on the other")
        if rule.nouns and rule.event in EXCHANGES and is_of_a_body(token, self.reading.mentions):
            return self._miss(rule, token, "it is a meeting of some body, by its name")
        if status is None:
            return self._miss(rule, token, f"the text speaks of it as {judgement.told_as}")
        draft = EventMention(
            rule, sentence, token, status, roles, is_definite=is_definite,
            is_reference=rule.attends or (is_definite and self._names_no_pair(rule, roles)),
            governor=site.governor, nominal=site.nominal, effect=effect_of(rule, site),
        )  # fmt: skip
        draft.names_others = self.who.names_others(sentence, but=(TAIWAN,) if is_directed(rule) else ())
        draft.names_partner = self.who.names_partner(sentence)
        draft.is_between_sides = self.who.is_between_sides(sentence)
        if rule.effects:
            draft.details = self._details(site)
            draft.objects = objects_of(draft.kind, site, self.reading, self.rules)
        partners = [t for name in ("with", "to") for t in obliques(token).get(name, [])]
        partners = [t for t in partners if t.lemma_.lower() not in self.rules.lists["reference_nouns"]]
        draft.is_among_themselves = not self.resolver.all_parties(partners, unknown=True)
        draft.is_new = is_set_apart(token, self.rules)
        draft.is_background = token.dep_ == "pobj" and token.head.lower_ in ("since", "before")
        if draft.kind == "Visit" and draft.status == "Planned" and is_greeting(draft, self.rules):
            draft.status = "Occurred"
        draft.date = self.when.date(draft) or self.who.issuers.day_of_list(draft)
        draft.place = self.when.place(draft)
        if draft.kind == "Agreement":
            days = self.reading.dates_in(sentence.start, sentence.end)
            draft.deadline = next((day for day in days if day.relation == "before" and day.date), None)
        self._settle(draft)
        if draft.date is not None and judgement.reason in self.rules.lists["postpone_words"]:
            last = draft.date.end_date or draft.date.date  # “postponed from May 3 *to May 9*”
            draft.date = replace(draft.date, date=last, end_date=None)
        if self._is_particular(draft):
            return draft
        return self._miss(rule, token, "no event in particular is meant: no article, date, place or verb")

    def _details(self, site: TriggerSite) -> frozenset[str]:
        """What tells a measure from others of its kind: rates, numbers and goods around its noun."""
        head = site.nominal or site.trigger
        words = set(site.trigger.subtree) | ({*head.subtree} if site.nominal is not None else set())
        if site.governor is not None and not site.trigger.is_ancestor(site.governor):
            words |= {t for child in site.governor.children if child.dep_ == "prep" for t in child.subtree}
        spans = [(start_of(t), end_of(t)) for t in words]
        start, end = min(a for a, _ in spans), max(b for _, b in spans)
        topics = {m.entry.iri for m in self.reading.mentions.topics_in(start, end)}
        numbers = {t.text for t in words if t.like_num and t.ent_type_ != "DATE" and not is_year(t)}
        return frozenset(topics | numbers)

    def _miss(self, rule: EventRule, token: Token, reason: str) -> EventMention | None:
        """No event, and for explanations why."""
        self.missed.append((rule, token, reason))
        return None

    # ── Conditions ──

    def _unmet(self, rule: EventRule, sentence: Sentence, site: TriggerSite) -> str | None:
        """The first condition of a rule that the words around its trigger do not meet; `None` if all are."""
        token, verb = site.trigger, site.governor
        words, prepositions = modifiers(token), {*obliques(token)}
        if rule.verbs and rule.objects:  # “led a delegation *to* Washington”
            prepositions |= {name for t in objects(token) for name in obliques(t)}
        if rule.modifiers and not words & rule.modifiers:
            return "modifiers: none of them modifies it"
        unfit = (words | {c.lemma_.lower() for c in token.children if c.dep_ == "det"}) & rule.without
        if unfit:
            return f"without: “{sorted(unfit)[0]}” modifies it"
        if (
            rule.governors
            and verb is None
            and site.nominal is None
            and not self._is_in_force(rule, sentence, site)
        ):
            return "governors: it depends on none of these verbs"
        if rule.objects and not self._has_object(rule, token):
            return "objects: none of them is its object"
        if rule.prepositions and not rule.prepositions & prepositions:
            return "prepositions: none of them hangs on it"
        if rule.verbs and sum(c.dep_ in OBJECTS and c.pos_ != "ADP" for c in token.children) > 1:
            return "it has two objects"  # “called him a partner”
        if rule.not_prepositions & prepositions:
            return f"not_prepositions: “{sorted(rule.not_prepositions & prepositions)[0]}” hangs on it"
        if rule.own_subject and not self._has_own_subject(rule, sentence, token):
            return "own_subject: its subject is another"
        if rule.infinitives and not rule.infinitives & infinitives(token):
            return "infinitives: it governs none of them"
        text = self.reading.text[sentence.start : sentence.end].lower()
        if rule.phrases and not any(phrase in text for phrase in rule.phrases):
            return "phrases: none of them stands in the sentence"
        unwanted = next((phrase for phrase in rule.not_phrases if phrase in text), None)
        return f"not_phrases: “{unwanted}” stands in the sentence" if unwanted else None

    def _has_own_subject(self, rule: EventRule, sentence: Sentence, token: Token) -> bool:
        """Whether talks are on what their class is about; if they name no topic, whether the text is."""
        lexicon, mentions = self.reading.lexicon, self.reading.mentions
        own = {matter.iri for matter in lexicon.matters_of(rule.event)}
        heads = [token, *obliques(token).get("of", [])]  # “a round *of consultations*”
        about = [c for head in heads for c in head.children if c.dep_ == "prep" and c.lower_ in ABOUT]
        spans = [(start_of(c), end_of(c.right_edge)) for c in about]
        spans += [(start_of(head.left_edge), start_of(head)) for head in heads]
        named = {m.entry.iri for span in spans for m in mentions.topics_in(*span)}
        named = named or {m.entry.iri for m in mentions.topics_in(0, sentence.end)}
        return any(own & {iri, *lexicon.ancestors(iri)} for iri in named)

    def _has_object(self, rule: EventRule, verb: Token) -> bool:
        """Whether one of the rule's objects is what a verb is done to, or aims at (“work on a *deal*”)."""
        below = [t for name in rule.prepositions for t in obliques(verb).get(name, [])]
        return any(word.lemma_.lower() in rule.objects for word in [*objects(verb), *below])

    def _names_no_pair(self, rule: EventRule, roles: list[tuple[str, Party]]) -> bool:
        """Whether “the meeting” comes without its parties, or with those of one side alone."""
        if not rule.nouns:
            return False
        sides = {self.resolver.side_of(party.entity) for _, party in roles}
        is_of_one = rule.event in EXCHANGES and rule.minimum > 1 and len(sides - {None}) == len(sides) == 1
        return is_of_one or len({party.entity for _, party in roles}) < rule.minimum

    def _is_in_force(self, rule: EventRule, sentence: Sentence, site: TriggerSite) -> bool:
        """“*U.S.* tariffs on *China*”: a measure that the text names by who takes it and whom it hits.

        Where a sentence of both names no third, one of the two is enough (“*Trump's* tariffs”).
        """
        if not rule.effects or not judge(site.trigger, self.rules).happened:
            return False
        roles = self.who.roles(rule, site)
        if {role for role, _ in roles} >= {"imposedBy", "target"}:
            return True
        is_ours = not rule.sides and bool(self.who.sides(roles) & SIDES)
        return is_ours and self.who.is_between_sides(sentence)

    def _is_particular(self, draft: EventMention) -> bool:
        """Whether some event in particular is meant, and not talks between the two in general."""
        if draft.kind == "Agreement" and not draft.rule.governors and self._is_opinion_or_aim(draft.trigger):
            return False
        if draft.rule.dated and draft.date is None and draft.place is None:
            return False
        if not draft.rule.nouns or draft.is_definite or draft.date or draft.place or draft.rule.governors:
            return draft.date is not None or not is_repeated(draft.trigger, self.rules)
        if "imposedBy" in draft.rule.roles:
            return {role for role, _ in draft.roles} == {*draft.rule.roles}
        if draft.sentence.block.kind in HEADINGS:
            return True  # headings leave out articles
        token = draft.trigger
        is_series = past_carriers(token, self.rules.lists["carrier_nouns"]) != token
        if is_series or {c.lemma_.lower() for c in token.children} & self.rules.lists["past_words"]:
            return len(draft.parties) >= draft.rule.minimum
        if sum(self.reading.lexicon.is_a(e.kind, "Person") for e in draft.parties) > 1:
            return True
        is_one = token.tag_ in ("NN", "NNP") and any(
            child.dep_ in ("poss", "det") for child in token.children
        )
        return is_one or draft.governor is not None

    def _is_opinion_or_aim(self, noun: Token) -> bool:
        """“their agreement *that* a war cannot be won”, “the deal they are *working on*”: nothing settled."""
        below = [c for c in noun.children if c.dep_ in ("acl", "relcl", "ccomp") and is_clause(c)]
        if any(t.lower_ == "that" and t.dep_ == "mark" for c in below for t in c.children):
            return True
        verbs = [*below, *((v,) if (v := clause_above(noun)) is not None and noun.dep_ != "nsubj" else ())]
        verbs = [v for v in verbs if v.tag_ not in ("VBD", "VBN")]  # who *negotiated* it has it
        return any(v.lemma_.lower() in self.rules.lists["seeking_verbs"] for v in verbs)

    def _judgement(self, rule: EventRule, site: TriggerSite) -> Judgement:
        """How the text means an event; a measure is judged by the verb that takes it."""
        token, governor = site.trigger, site.governor
        if governor is not None and governor != token and token.is_ancestor(governor):
            # “tariffs *imposed* in March”, whatever becomes of them
            return judge(governor, self.rules, within=governor.head)
        if governor is not None:
            clearing = rule.governors & self.rules.lists["clearing_verbs"]  # “*approved* the potential sale”
            is_settled = is_accepted(token, governor, is_pact=rule.event == "Agreement")
            if rule.effects or is_settled or governor.lemma_.lower() in clearing:
                return judge(governor, self.rules)
        if rule.event in EXCHANGES and self._is_looked_back_on(token):
            return judge(token, self.rules, within=token.head.head)  # “*Following* their call, they will …”
        return judge(site.nominal or token, self.rules)

    def _is_looked_back_on(self, noun: Token) -> bool:
        """“*as a result of* the talks”, “will *build on* their summit”: what others come after took place."""
        before, above = noun.head, noun.head.head
        if noun.dep_ != "pobj":
            return False
        if before.lower_ == "of":
            return above.lemma_.lower() in self.rules.lists["outcome_nouns"]
        is_built_on = (
            before.lower_ in ("on", "upon") and above.lemma_.lower() in self.rules.lists["building_verbs"]
        )
        return is_built_on or before.lower_ in ("following", "since")

    def _settle(self, draft: EventMention) -> None:
        """Make tense, date and status agree."""
        published = self.reading.document.published
        if draft.status == "Occurred" and is_scheduled(draft):
            draft.status = "Planned"
        if draft.status == "Planned" and draft.effect is not None and self._is_decided(draft):
            draft.status = "Occurred"
        is_set_out = purpose_of(draft.trigger, self.rules.lists["setting_out"]) is not None
        if draft.status in ("Planned", "Proposed") and draft.date and not is_set_out:
            draft.date = self.reading.ahead(draft.date, since=self._told_on(draft))
        if not draft.date or not draft.date.date or not published:
            return
        begin, last = draft.date.date, draft.date.end_date or draft.date.date
        if draft.status in ("Planned", "Proposed") and last < published[: len(last)]:
            draft.status, draft.date = ("Occurred", draft.date) if is_scene(draft) else (draft.status, None)
        elif draft.status == "Occurred" and is_later(begin, published) and draft.kind in EXCHANGES:
            draft.status = "Planned"

    def _told_on(self, draft: EventMention) -> str | None:
        """“announced *on Sept 9* that it would lift them on Oct. 1”: the day that a plan looks from."""
        verb = draft.governor
        if verb is None or draft.date is None or not any(c.lower_ in ("would", "'d") for c in verb.children):
            return None
        before = self.reading.dates_in(draft.sentence.start, draft.date.start)
        return next((d.date for d in before if d.date and len(d.date) == len("2000-01-01")), None)

    def _is_decided(self, draft: EventMention) -> bool:
        """“the decision *in May* to raise tariffs”: what was decided on a day that is over has been done."""
        decision, published = decision_of(draft.governor, self.rules), self.reading.document.published
        if decision is None or draft.date is None or not draft.date.date or not published:
            return False
        day = self.reading.token_at(draft.sentence, draft.date.end - 1)
        above = [] if day is None else list(day.ancestors)
        is_its_day = decision in above and draft.governor not in above
        is_settled = judge(decision, self.rules).happened
        return is_its_day and is_settled and draft.date.date <= published[: len(draft.date.date)]

    # ── Who ──

    def _roles(
        self, rule: EventRule, sentence: Sentence, site: TriggerSite, status: str | None, *, is_definite: bool
    ) -> Roles:
        """Who takes part; both countries where the text means them without saying so."""
        roles = self.who.roles(rule, site)
        if rule.effects:
            return self.who.answered(roles, site, sentence)
        if rule.event == "Visit":
            return self.who.received(roles, site, sentence)
        count = len({p.entity for _, p in roles})
        is_short = rule.sides and count < rule.minimum and status in ("Occurred", "Planned")
        is_talk = rule.nouns and not rule.governors and not rule.topical
        if is_talk and self.who.is_with_somebody(site) and not self.who.are_unnamed(roles):
            return roles
        is_told = is_short and self._is_told(rule, site, is_definite=is_definite)
        if is_told and self.who.is_between_sides(sentence):
            return self.who.implied(roles, site.trigger)
        return roles

    def _is_told(self, rule: EventRule, site: TriggerSite, *, is_definite: bool) -> bool:
        """Whether talks without parties are some talks in particular: held, dated or placed."""
        if rule.governors:
            return True
        return site.governor is not None or (is_definite and self._names_place(site.trigger))

    def _names_place(self, token: Token) -> bool:
        governed = [t for name in ("in", "at") for t in obliques(token).get(name, [])]
        governed += [c for c in token.children if c.dep_ in ("compound", "nmod")]
        places = self.reading.mentions.places_in
        return any(places(start_of(t.left_edge), end_of(t)) for t in governed)
