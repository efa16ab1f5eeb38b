"""Tells in which exchange a topic was raised or left out: by its clause, who took part, the discourse."""

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, is_clause, is_infinitive, obliques, subjects, surface_subject
from kg.extract.clauses.en_raising import partners_of
from kg.extract.events.clusters import EventClusters
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.events.record import EventRecord
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, Sentence, start_of
from kg.extract.topics.mention import TopicStatement
from kg.extract.topics.occasions import Occasions, adverbials


class ExchangeResolver:
    """Keeps in mind which exchange is spoken of, and knows of every other occasion that it is not."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver, clusters: EventClusters) -> None:
        self.reading, self.rules, self.resolver, self.clusters = reading, rules, resolver, clusters
        self.occasions = Occasions(reading, rules)
        self.is_elsewhere = False
        self.latest: list[EventRecord] = []

    def enter(self, sentence: Sentence, drafts: list[EventMention], records: list[EventRecord]) -> None:
        """Go on to a sentence: the exchanges that it tells of, one of others among them."""
        exchanges = [r for r in records if r.kind in EXCHANGES]
        told = [d for d in drafts if d.kind in EXCHANGES and d.status == "Occurred" and not d.is_background]
        strange = [d for d in told if self.clusters.mentioned([d]) is None and not d.is_reference]
        strange = [d for d in strange if not self._is_said_of_it(d.trigger)]
        if exchanges:
            self.is_elsewhere = False
            found = [r for d in told if (r := self.clusters.mentioned([d])) is not None]
            self.latest = list(dict.fromkeys(found or exchanges))
        elif strange or self._others_meet(sentence):
            self.is_elsewhere = True

    def _is_said_of_it(self, noun: Token) -> bool:
        """“*It was* a long *call*”: said of the exchange that is spoken of already."""
        subject = surface_subject(noun.head) if noun.dep_ == "attr" and is_clause(noun.head) else None
        return subject is not None and subject.lower_ in self.rules.lists["talker_pronouns"]

    def _others_meet(self, sentence: Sentence) -> bool:
        """“Lee met with Takaichi”: an exchange of people whom the document gives no part in ours."""
        for token in sentence.span:
            if not is_clause(token) or token.lemma_.lower() not in self.rules.lists["meeting_verbs"]:
                continue
            subject = surface_subject(token)
            if subject is None or subject.pos_ != "PROPN" or token.tag_ not in ("VBD", "VBN"):
                continue
            ours = {e for r in self.clusters.records for e in r.parties}
            parties = self.resolver.all_parties(subjects(token))
            if not any(p.entity in ours for p in parties):
                return True
        return False

    def of(self, told: TopicStatement, drafts: list[EventMention]) -> EventRecord | None:
        """The exchange that a topic was raised in or left out of; `None` where it may be any or none."""
        if told.trigger is not None and self._is_at_other_occasion(told.trigger):
            return None
        if self.occasions.is_elsewhere(told.around):
            return None
        around = (
            told.around
            if told.trigger is None
            else tuple(adverbials(told.trigger, self.rules.lists["aim_prepositions"], told.topic.start))
        )
        scenes = self._scenes(told.trigger) if told.trigger is not None else []
        near = self._near(told, drafts, scenes)
        if near is not None:
            record = self.clusters.mentioned([near])
            if record is not None:
                is_other = near.date is None and self.occasions.is_at_other_time(around, record)
                return record if self._fits(told, record) and not is_other else None
            if len(set(near.parties)) > 1:
                return None  # an exchange of others
        if told.trigger is not None:
            words = {t.lemma_.lower() for t in scenes}
            lists = self.rules.lists
            if (
                words & (lists["other_occasions"] | lists["documents"])
                and not words & lists["plain_exchanges"]
            ):
                return None
            if any(self._is_of_others(t) for t in scenes) or self._is_before_others(told.trigger):
                return None
            is_put_out = told.rule.property == "excludedTopic" and "object" in told.rule.topics
            if is_put_out and any(not self._may_hold(t) for t in scenes):
                return None  # “left chips out of *its new tariffs*”
        if self.is_elsewhere:
            return None
        record = self._current(told)
        if record is None or self.occasions.is_at_other_time(around, record):
            return None
        if told.trigger is None:
            return record
        return self._with_participants(told, record)

    def document(self, told: TopicStatement) -> Token | None:
        """The document that is said to leave a topic out (“*the readout* does not mention Taiwan”)."""
        if told.trigger is None:
            return self.occasions.document(told.around)
        verb = told.trigger if is_clause(told.trigger) else clause_above(told.trigger)
        subject = surface_subject(verb) if verb is not None else None
        words = [*([subject] if subject is not None else []), *self._scenes(told.trigger)]
        return self.occasions.document(words)

    def _current(self, told: TopicStatement) -> EventRecord | None:
        if told.is_ahead:
            ahead = [r for r in self.clusters.records if r.is_ahead and r.kind in EXCHANGES]
            return ahead[-1] if ahead and (not self.latest or self.latest[-1] is ahead[-1]) else None
        happened = [r for r in self.latest if r.happened]
        if told.is_excluded and len(happened) > 1:
            return None
        if len(happened) == 1 and self.clusters.current is not None and told.is_excluded:
            return happened[0] if happened[0] is self.clusters.current else self.clusters.current
        return self.clusters.current

    def _near(
        self, told: TopicStatement, drafts: list[EventMention], scenes: list[Token]
    ) -> EventMention | None:
        """The exchange that the clause of the topic names."""
        fitting = [d for d in drafts if d.kind in EXCHANGES and d.status in ("Occurred", "Planned")]
        if told.trigger is None:
            return None
        for draft in fitting:
            if draft.trigger in scenes or draft.trigger == told.trigger:
                return draft
        for draft in fitting:
            if (
                is_clause(draft.trigger)
                and draft.trigger.dep_ == "advcl"
                and draft.trigger.head == told.trigger
            ):
                return draft
            if clause_above(draft.trigger) == told.trigger and draft.trigger.dep_ in (
                "nsubj",
                "nsubjpass",
                "dobj",
            ):
                return draft
        return None

    def _scenes(self, trigger: Token) -> list[Token]:
        """The nouns that say where and when it was raised, and the noun that its clause hangs on."""
        verb = trigger if is_clause(trigger) else clause_above(trigger) or trigger
        heads = {trigger, verb}
        if verb.dep_ in ("xcomp", "pcomp") and (above := clause_above(verb)) is not None:
            heads.add(above)
        heads |= {
            c
            for h in tuple(heads)
            for c in h.children
            if c.dep_ in ("acomp", "attr", "prep", "prt", "advmod")
        }
        found = [
            t
            for h in heads
            for name, ts in obliques(h).items()
            if name in self.rules.lists["scene_prepositions"]
            for t in ts
        ]
        found += [t for h in heads if h.dep_ == "prep" for t in h.children if t.dep_ == "pobj"]
        exchanges = self.rules.lists["exchange_words"]
        found += [t for noun in found if noun.lemma_.lower() in exchanges
                  for t in obliques(noun).get("of", []) if t.lemma_.lower() in exchanges]  # fmt: skip
        subject = surface_subject(verb)
        if subject is not None and subject.lemma_.lower() in exchanges:
            found.append(subject)
        if verb.dep_ == "relcl" and any(c.dep_ == "prep" and c.i < verb.i for c in verb.children):
            found.append(verb.head)  # “the call, *in which* …”
        return found

    def _may_hold(self, noun: Token) -> bool:
        """Whether topics may be left out of it: an exchange, a time, a place, somebody's part."""
        lemma = noun.lemma_.lower()
        lists = self.rules.lists
        if (
            lemma in lists["exchange_words"] | lists["generic_nouns"] | lists["talker_nouns"]
            or noun.pos_ != "NOUN"
        ):
            return True
        return noun.head.lower_ not in lists["out_prepositions"]

    def _is_at_other_occasion(self, trigger: Token) -> bool:
        """“did not mention it *in his post* after the meeting”: what is said or left out elsewhere."""
        hung = obliques(trigger)
        inside = self.rules.lists["inside_prepositions"]
        return self.occasions.is_elsewhere(t for name in inside for t in hung.get(name, []))

    def _is_before_others(self, trigger: Token) -> bool:
        """“declined to discuss it *when reporters asked*”: an answer to somebody else."""
        heads = {trigger, clause_above(trigger) or trigger} if trigger.dep_ == "xcomp" else {trigger}
        if trigger.dep_ == "conj" and is_clause(trigger.head):
            lists = self.rules.lists
            names = sorted(lists["beside_prepositions"])
            beside = [t for name in names for t in obliques(trigger.head).get(name, [])]
            if any(t.lemma_.lower() in lists["people_asked"] | lists["other_occasions"] for t in beside):
                return True
        for clause in (c for h in heads for c in h.children if c.dep_ == "advcl"):
            asks = clause.lemma_.lower() in self.rules.lists["asking_verbs"]
            who = surface_subject(clause)
            if asks or (who is not None and who.lemma_.lower() in self.rules.lists["people_asked"]):
                return True
        return False

    def _is_of_others(self, noun: Token) -> bool:
        """“in *Takaichi's* meeting with Lee”, “in *Friday's APEC* meeting”: an exchange of others."""
        if noun.lemma_.lower() not in self.rules.lists["exchange_words"]:
            return False
        owners = [c for c in noun.children if c.dep_ in ("poss", "compound") and c.pos_ == "PROPN"]
        names = sorted(self.rules.lists["partner_prepositions"])
        partners = [t for name in names for t in obliques(noun).get(name, [])]
        parties = self.resolver.all_parties([*owners, *partners])
        ours = {e for r in self.clusters.records for e in r.parties}
        sides = {self.resolver.side_of(e) for e in ours}
        known = [p for p in parties if p.entity in ours or self.resolver.side_of(p.entity) in sides]
        if parties:
            return not known
        return any(c.ent_type_ in ("DATE", "ORG") or c.text.isupper() for c in owners if len(c.text) > 2)

    def _with_participants(self, told: TopicStatement, record: EventRecord) -> EventRecord | None:
        """The record if those who raise or leave out took part in it, or the one in which they did."""
        trigger = told.trigger
        if trigger is None or "subject" in told.rule.topics:
            return record
        verb = trigger if is_clause(trigger) else clause_above(trigger) or trigger
        is_purpose = verb.dep_ in ("relcl", "acl") and is_infinitive(verb)
        heads = subjects(clause_above(verb) or verb) if is_purpose else subjects(verb)
        partners = [t for t in partners_of(verb) if t.pos_ in ("NOUN", "PROPN", "PRON")]
        if any(not self._takes_part(t, record) for t in partners):
            return None
        is_subject = any(told.topic.start <= start_of(t) < told.topic.end for t in heads)
        if not heads or is_subject or all(self._takes_part(t, record) for t in heads):
            return record
        parties = {p.entity for p in self.resolver.all_parties(heads)}
        others = [
            r
            for r in self.clusters.records
            if r.happened and r.kind in EXCHANGES and parties and parties <= r.parties
        ]
        return others[-1] if len(others) == 1 else None

    def _takes_part(self, token: Token, record: EventRecord) -> bool:
        lists = self.rules.lists
        lemma = token.lemma_.lower()
        if lemma in lists["people_asked"] or lemma in lists["other_occasions"] | lists["documents"]:
            return False
        if lemma in lists["exchange_words"] or token.lower_ in lists["negators"] or token.dep_ == "expl":
            return True
        parties = self.resolver.all_parties([token])
        if not parties:
            return (
                lemma in lists["talker_nouns"] | lists["time_nouns"]
                or token.lower_ in lists["talker_pronouns"]
            )
        return any(self._is_party(p, record) for p in parties)

    def _is_party(self, party: Party, record: EventRecord) -> bool:
        if party.entity in record.parties:
            return True
        is_body = self.reading.lexicon.is_a(party.entity.kind, "Organization")
        is_person = self.reading.lexicon.is_a(party.entity.kind, "Person")
        if is_body or is_person:
            return False
        sides = {self.resolver.side_of(e) for e in record.parties}
        return self.resolver.side_of(party.entity) in sides

    def _fits(self, told: TopicStatement, record: EventRecord) -> bool:
        return record.is_ahead if told.is_ahead else record.happened or not told.is_excluded
