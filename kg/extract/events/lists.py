"""Each of several: the days, places, partners and orders that a sentence lists of one event."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.events.circumstances import CircumstanceFinder
from kg.extract.events.listed_times import TimeAndPlace
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.references.discourse import Party
from kg.extract.references.pairs import SIDES
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of

NEXT_WORDS = 20  # characters from a verb to the order that it names


class EventLists:
    """Makes of one event the several that its sentence lists."""

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        resolver: Resolver,
        when: CircumstanceFinder,
        settle: Callable[[EventMention], None],
    ) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.when, self.settle = when, settle

    def each(self, draft: EventMention) -> list[EventMention]:
        """The event, or one for each of several days, places or partners that the sentence lists."""
        if draft.effect is not None:
            return self._by_orders(draft) or self._each_way(draft)
        if draft.kind not in EXCHANGES or draft.is_reference:
            return [draft]
        pairs = [p for p in draft.trigger.children if p.lower_ == "between"]
        if pairs:
            pairs += [t for t in draft.sentence.span if t.lower_ == "between" and t.i > pairs[0].i]
        if len(pairs) > 1:
            return list(self._between(draft, pairs))
        occasions = self.when.listed.of(draft)
        return [self._on(draft, occasion, occasions) for occasion in occasions] or [draft]

    def _between(self, draft: EventMention, pairs: list[Token]) -> Iterator[EventMention]:
        """“meetings between *A and B* and between *C and D*”: one of each pair."""
        for pair in pairs:
            below = [
                t for t in pair.subtree if not any(p in t.ancestors or p == t for p in pairs if p.i > pair.i)
            ]
            parties = self.resolver.all_parties(t for t in below if t.dep_ in ("pobj", "conj"))
            until = draft.sentence.end if pair is pairs[-1] else max(end_of(t) for t in below)
            own = next(iter(self.reading.dates_in(start_of(pair), until)), None)
            yield replace(draft, roles=[("participant", p) for p in parties], date=own, is_new=True)

    def _by_orders(self, draft: EventMention) -> list[EventMention]:
        """“duties imposed by *Order 1 of May 3* and *Order 2 of May 4*”: a measure of each order."""
        verb = draft.governor
        if verb is None or verb.tag_ not in ("VBN", "VBD") or verb.dep_ != "acl":
            return []
        first, text = end_of(verb), self.reading.text
        found = []
        for order in self.rules.patterns["numbered_order"].finditer(text, first, draft.sentence.end):
            if order.start() > first + NEXT_WORDS:
                break
            first = order.end()
            day = next((d for d in self.reading.dates_in(order.start(), order.end()) if d.date), None)
            found.append(replace(draft, date=day, details=draft.details | {order["number"]}, is_new=True))
        return found if len(found) > 1 else []

    def _each_way(self, draft: EventMention) -> list[EventMention]:
        """“The *two* imposed tariffs on *each other*”: a measure of each of them."""
        doers = [p for role, p in draft.roles if role == "imposedBy" and p.entity.kind == "Country"]
        words = {t.lower_ for t in (draft.governor or draft.trigger).subtree}
        is_mutual = bool(words & self.rules.lists["mutual_words"])
        if not is_mutual or len({self.resolver.side_of(p.entity) for p in doers}) < len(SIDES):
            return [draft]
        return [
            replace(draft, roles=[("imposedBy", one), ("target", other)])
            for one in doers
            for other in doers
            if one.entity != other.entity
        ]

    def _on(
        self, draft: EventMention, occasion: TimeAndPlace, all_of_them: list[TimeAndPlace]
    ) -> EventMention:
        elsewhere = {m.entity for o in all_of_them if o is not occasion for m in o.agents}
        mine = {mention.entity for mention in occasion.agents} or {m.entity for m in all_of_them[0].agents}
        roles = [(role, p) for role, p in draft.roles if p.entity not in elsewhere or p.entity in mine]
        new = [
            Party(m.entity, m.start, m.end, m.capacity)
            for m in occasion.agents
            if m.entity not in [p.entity for _, p in roles]
        ]
        if new and not occasion.has_with and occasion is not all_of_them[0]:  # “…, *Ford* in 1975”
            first = draft.roles[0][1].entity if draft.roles else None
            roles = [(role, p) for role, p in roles if p.entity != first]
        roles += [("participant", party) for party in new]
        part = replace(draft, roles=roles, date=occasion.date, place=occasion.place or None)
        part.is_new = True
        self.settle(part)
        return part
