"""When and where an event is said to be, each of a list of days and places with what belongs to it."""

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, is_clause
from kg.extract.events.listed_times import ListedTimes, masked
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.events.presence import shows_presence
from kg.extract.events.triggers import (
    addressing,
    decision_of,
    had_before,
    hangs_on,
    is_other_scene,
    journey_to,
)
from kg.extract.references.mentions import Mention
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.extract.time.dates import OFFSET, DateMention
from kg.model import Entity

# “the first talks *since* a summit in Bali”: what stands inside belongs to the other event.
APART = frozenset({"since", "after", "before", "following", "until", "ahead"})
DATING = frozenset({"date"})  # “their last meeting *dates* back to May”
BEFORE_DAY = frozenset({"on", "late", "early", "in", "last"})
BESIDE = 25  # characters before a sentence in which a day may stand that the parser cut off
LONGEST_OPENING = 40
MEASURES = frozenset({"TariffAction", "ExportControl", "Sanction", "PolicyAction"})


class CircumstanceFinder:
    """Finds days and places of events in one document."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules = reading, rules
        self.planned = rules.lists["plan_modifiers"]
        self.announcing = rules.lists["announcing_verbs"]
        self.telling = rules.lists["telling_verbs"]
        self.filler = rules.patterns["occasion_filler"]
        self.listed = ListedTimes(reading, rules)
        self.exchange_nouns = {
            noun for rule in rules.events if rule.event in EXCHANGES for noun in rule.nouns
        }

    def date(self, draft: EventMention) -> DateMention | None:
        """The day, month or year of an event; `None` if its words give none."""
        sentence, shared = draft.sentence, None
        mentions = self.reading.dates_in(max(0, sentence.start - BESIDE), sentence.end)
        counted = next((m for m in mentions if m.form == OFFSET and self._is_counted_from(m, draft)), None)
        if counted is not None:
            return counted
        for mention in mentions:
            if mention.date is None and not mention.vague:
                continue
            if mention.relation in ("since", "until") and not self._begins(mention, draft):
                continue
            token = self.reading.token_at(sentence, mention.end - 1)
            if token is not None and self._is_of_a_law(token, draft):
                continue
            if mention.form == OFFSET:
                continue
            if self._is_of_report(mention, draft):
                shared = shared or (mention if self._is_of_act(token, draft) else None)
                continue
            is_start = mention.relation == "since"
            first = self.reading.token_at(sentence, mention.start)
            is_own = any(
                word is not None and self._belongs(word, draft, is_start=is_start)
                for word in dict.fromkeys((token, first))  # “planned for *May 3, 2025* was cancelled”
            )
            if is_own or self._is_beside(mention, draft):
                return mention if mention.date else None
            is_shared = token is not None and (self._is_shared(token, draft) or self._is_of_act(token, draft))
            is_shared |= self._is_when(mention, draft)
            if shared is None and (is_shared or self._opens(mention, draft)):
                shared = mention
        return shared or self._just_now(draft) or self._under_way(draft) or self._of_entry(draft)

    def _is_counted_from(self, mention: DateMention, draft: EventMention) -> bool:
        """“on Monday, *a day* after A met B”: whether it is the meeting behind “after” that this dates."""
        day = self.reading.token_at(draft.sentence, mention.end - 1)
        if day is None or mention.date is None:
            return False
        heads = (draft.governor, draft.trigger)
        above = day.head
        if above in heads and above.i > day.i:
            return any(c.lower_ in APART and c.i == day.i + 1 for c in above.children)
        behind = above.lower_ in APART and above.i == day.i + 1
        return behind and ((above.head in heads and above.dep_ == "mark") or draft.trigger.head == above)

    def _is_of_report(self, mention: DateMention, draft: EventMention) -> bool:
        """“said *on Wednesday* it would lift them on May 1”: the day of a verb further up than its own."""
        verb, first = draft.governor or draft.trigger, self.reading.token_at(draft.sentence, mention.start)
        if first is None or not first.i:
            return False
        before = first.nbor(-1)
        while before.lower_ in BEFORE_DAY and before.i > draft.sentence.span.start:
            before = before.nbor(-1)
        is_above = before != verb and is_clause(before) and before.is_ancestor(verb)
        return is_above and verb.i > first.i and before.lemma_.lower() in self.telling

    def _is_when(self, mention: DateMention, draft: EventMention) -> bool:
        """“the turmoil *in April*, when A raised tariffs”: the day before “when” is that of its clause."""
        verb = draft.governor or draft.trigger
        when = next((c for c in verb.children if c.lower_ == "when"), None)
        return when is not None and not self.reading.text[mention.end : start_of(when)].strip(" ,")

    def _is_of_a_law(self, token: Token, draft: EventMention) -> bool:
        """“under the Trade Act *of 1974*”: the year of a law, and not of what is done under it."""
        named = token.head.head
        is_within = (
            token.dep_ == "pobj" and token.head.lower_ == "of" and named.lemma_.lower() in ("act", "law")
        )
        return is_within and named not in (draft.trigger, draft.nominal)

    def place(self, draft: EventMention) -> Entity | None:
        """Where an event is said to be."""
        sentence = draft.sentence
        for mention in self.reading.mentions.places_in(sentence.start, sentence.end):
            token = self.reading.token_at(sentence, mention.end - 1)
            if token is None or not self._is_where(token, draft):
                continue
            if self._belongs(token, draft) or self._is_beside(mention, draft):
                return mention.entity
        return None

    def _is_beside(self, found: DateMention | Mention, draft: EventMention) -> bool:
        """“the *June 5* call”, “the meeting of A and B in Bali *in November*”: nothing else between."""
        if not draft.rule.nouns:
            return False
        start, end = start_of(draft.trigger), end_of(draft.trigger)
        if found.end <= start:
            words = self.reading.text[found.end : start]
            places = self.reading.mentions.places_in(found.end, start)
            return len(words.split()) <= len(places) + 1 and words.replace(" ", "").isalpha()
        if found.start < end or found.end > draft.sentence.end or self._is_of_another(found, draft):
            return False
        between = masked(self.reading, end, found.start, [*draft.trigger.subtree])
        return self.filler.fullmatch(between) is not None

    def _is_of_another(self, found: DateMention | Mention, draft: EventMention) -> bool:
        """“exchanges on what was agreed in their *call on May 3*”: it hangs on another occasion."""
        token = self.reading.token_at(draft.sentence, found.end - 1)
        above = None if token is None else hangs_on(token)
        return above is not None and above != draft.trigger and above.lemma_.lower() in self.exchange_nouns

    def _opens(self, mention: DateMention, draft: EventMention) -> bool:
        """“*On May 9*, A, B's envoy, held talks”: what opens a sentence dates its main verb."""
        governor = draft.governor
        begin = draft.sentence.start
        if governor is None or not begin <= mention.start <= begin + LONGEST_OPENING:
            return False
        root = draft.sentence.root
        return governor == root or (governor.dep_ == "conj" and governor.head == root)

    def _begins(self, mention: DateMention, draft: EventMention) -> bool:
        """“duties imposed *since* April 2”, “*starting* May 1”: the day on which a measure began."""
        return mention.relation == "since" and draft.kind in MEASURES and mention.date is not None

    def _decision(self, draft: EventMention) -> Token | None:
        """“China's *decision* in April to suspend exports”: the noun whose day is that of the measure."""
        return decision_of(draft.governor, self.rules) if draft.kind in MEASURES else None

    def _is_shared(self, token: Token, draft: EventMention) -> bool:
        """“*On Monday* X met Y and held talks with Z”: what opens a clause holds for the verbs after it."""
        governor, clause = draft.governor, clause_above(token)
        if governor is None or clause is None or token.i > clause.i:
            return False
        if draft.kind == "Visit" and governor.dep_ == "relcl":
            return governor.lemma_ == "be"  # “*On May 14* X met Y, who was on a visit to Z”
        if any(d.date for d in self.reading.dates_in(end_of(clause), start_of(governor))):
            return False  # “*In 1949* they let A do it, but in June 1950 they sent B”
        return (governor.dep_ == "conj" and governor.head == clause) or (
            governor.dep_ == "advcl" and governor.tag_ == "VBG" and governor.head == clause
        )

    def _is_of_act(self, token: Token | None, draft: EventMention) -> bool:
        """“*On Friday* signed an order raising tariffs”, “said *Friday* it is raising them”: by that act."""
        verb = draft.governor
        if token is None or verb is None or draft.status != "Occurred":
            return False
        if draft.kind not in {*MEASURES, "Agreement"}:
            return False
        act = verb.head
        if draft.kind == "Agreement":  # “announced *on Friday* that they had reached a deal”
            is_news = verb.dep_ == "ccomp" and act.lemma_.lower() in self.rules.lists["settling_verbs"]
            return is_news and had_before(verb) and hangs_on(token) == act
        if verb.dep_ in ("acl", "relcl") and verb.head.lemma_.lower() in self.rules.lists["instruments"]:
            act = clause_above(verb.head) or verb
        elif (
            verb.dep_ != "ccomp"
            or verb.tag_ != "VBG"
            or (act.lemma_.lower() not in self.announcing and not self._is_by_instrument(verb))
        ):
            return False
        return is_clause(act) and hangs_on(token) == act

    def _is_by_instrument(self, verb: Token) -> bool:
        """“signed *an order extending* the truce”, where the parser takes the order for a subject."""
        return any(
            c.dep_ == "nsubj" and c.lemma_.lower() in self.rules.lists["instruments"] for c in verb.children
        )

    def _of_entry(self, draft: EventMention) -> DateMention | None:
        """The day that heads the entry of a chronology, for what happened and has no date of its own."""
        day = draft.sentence.block.day
        if day is None or draft.status != "Occurred" or draft.is_reference or draft.is_background:
            return None
        own = self.reading.dates_in(draft.sentence.start, draft.sentence.end)
        return None if any(date.date for date in own) else next(iter(self.reading.dates_in(*day)), None)

    def _just_now(self, draft: EventMention) -> DateMention | None:
        """“I *just* spoke with …”: the day of publication."""
        published, verb = self.reading.document.published, draft.governor
        words = verb.children if verb is not None else ()
        just = next(
            (c for c in words if c.lower_ in self.rules.lists["just_words"] and c.dep_ == "advmod"), None
        )
        if just is None or published is None or draft.status != "Occurred":
            return None
        return DateMention(start_of(just), end_of(just), just.text, date=published, form="relative day")

    def _under_way(self, draft: EventMention) -> DateMention | None:
        """“Liu is *now* in Washington”, “*welcome* to China”: a visit lasts on the day of publication."""
        published, verb = self.reading.document.published, draft.governor or draft.trigger
        if published is None or draft.status != "Occurred" or draft.kind != "Visit":
            return None
        nows = (c for c in verb.children if c.lower_ in self.rules.lists["ongoing_words"])
        now = next(nows, None) if verb.tag_ in ("VBZ", "VBP", "VBG") else None
        if (word := now or shows_presence(draft, self.rules)) is None:
            return None
        return DateMention(start_of(word), end_of(word), word.text, date=published, form="relative day")

    def _is_where(self, token: Token, draft: EventMention) -> bool:
        if token.dep_ == "pobj" and token.head.lower_ in ("in", "at"):
            return True
        if draft.kind == "Visit":
            return (token.dep_ == "pobj" and token.head.lower_ == "to") or token.dep_ == "dobj"
        is_country = self.reading.mentions.agent_at(start_of(token)) is not None
        is_modifier = token.head == draft.trigger and token.dep_ in ("compound", "nmod")
        return is_modifier and not is_country and draft.kind not in MEASURES

    def _belongs(self, token: Token, draft: EventMention, *, is_start: bool = False) -> bool:
        """Whether an adjunct hangs on the trigger or on the verb that it shares its arguments with."""
        trigger = draft.trigger
        motion = self.rules.lists["motion_verbs"]
        governor = draft.governor
        journey = journey_to(trigger, motion) or (journey_to(governor, motion) if governor else None)
        frame = addressing(trigger, self.rules.lists["addressing_verbs"])
        decision = self._decision(draft)
        words = (trigger, draft.governor, draft.nominal, frame, journey, decision)
        anchors = {w for w in words if w is not None}
        if draft.kind in MEASURES and governor not in (None, trigger) and governor in trigger.subtree:
            anchors = {governor}  # “will suspend tariffs *announced in March*”: that day is not this one's
        is_scene = trigger.dep_ == "pobj" and trigger.head.lower_ in ("in", "during", "at")
        scene_of = clause_above(trigger) if is_scene else None  # “was not raised *in his call* on May 3”
        current = token
        while current.head != current:
            if not is_start and current.lower_ in APART and current != token.head:
                return False
            current = current.head
            if is_other_scene(current, token, trigger):
                return False
            if current in anchors or (current == scene_of and token.i > trigger.i):
                return True
            if current.head == trigger and current.dep_ == "acl" and current.lower_ in self.planned:
                return True  # “the call *scheduled for May 3*”
            is_told_of = current == trigger.head and trigger.dep_ == "nsubj"
            if is_told_of and (current.lower_ in self.planned or current.lemma_ in DATING):
                return True
            if is_start and current.lower_ in self.rules.lists["beginning_words"]:
                continue  # “will impose tariffs, *starting* from May 1”
            if is_clause(current) and not (current.dep_ == "conj" and current.head in anchors):
                return current.dep_ == "xcomp" and current.head in anchors and draft.kind != "Invitation"
        return False
