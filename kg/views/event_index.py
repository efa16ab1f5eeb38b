"""All events at a glance: what lists, timelines and counts are made of.

Read once for each state of the store, since ten thousand events are few for memory and many for a query.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from kg.store import Store
from kg.store.results import Literal
from kg.terms import BASE
from kg.views.date_basis import concluded_days
from kg.views.document_list import document_summaries
from kg.views.event_summary import EventFilter, EventSummary, Names
from kg.views.rows import PREFIXES, local, rows
from kg.views.undecided import undecided_pairs

__all__ = ["Calendar", "EventFilter", "EventIndex", "EventSummary", "Names", "ranked", "starting"]

Calendar: TypeAlias = Mapping[tuple[str, frozenset[str]], int]

_EVENTS = """SELECT ?event ?status ?date ?end WHERE {
  ?event kg:status ?status . OPTIONAL { ?event kg:date ?date } OPTIONAL { ?event kg:endDate ?end } }"""
_PARTIES = "SELECT ?event ?agent WHERE { ?event kg:participant ?agent ; kg:status ?status }"
_TOPICS = """SELECT ?event ?relation ?topic ?account ?document WHERE {
  VALUES ?relation { kg:discussedTopic kg:mainTopic kg:excludedTopic }
  ?fact rdf:predicate ?relation ; rdf:subject ?event ; rdf:object ?topic ; kg:account ?account ;
        kg:polarity kg:Affirmed ; kg:reportedIn ?document }"""
_TELLERS = """SELECT DISTINCT ?event ?account WHERE {
  ?fact rdf:predicate rdf:type ; rdf:subject ?event ; kg:account ?account }"""
_NAMES = """SELECT ?thing ?name WHERE { ?thing skos:prefLabel ?name FILTER(LANG(?name) IN ("en", "zh")) }"""
_OCCASIONS = """SELECT ?event ?name WHERE { ?event kg:status ?status ; rdfs:label ?name }"""
_DATED = re.compile(r"\s?[(（][^()（）]*\d[^()（）]*[)）]$")
_ALIASES = """SELECT ?thing ?name WHERE { ?thing skos:altLabel ?name }"""
_REPRESENTS = "SELECT ?agent ?country WHERE { ?agent kg:represents ?country }"
_FOLLOWS = "SELECT ?event ?earlier WHERE { ?event kg:follows ?earlier }"
_INVITED = "SELECT ?invitation ?event WHERE { ?invitation kg:invitedTo ?event }"
_INVITERS = "SELECT ?invitation ?agent WHERE { ?invitation kg:inviter ?agent }"
_REPLACED = "SELECT ?former ?event WHERE { ?former dcterms:isReplacedBy ?event }"
_BROADER = "SELECT ?topic ?above WHERE { ?topic skos:broader ?above }"
_LIKELIEST = ("Occurred", "Cancelled", "Planned", "Proposed")  # a plan that came true is what it became

_SIDES = frozenset({"UnitedStatesAccount", "ChinaAccount"})


class EventIndex:
    """The events of one state of a store.

    Attributes:
        events: All of them in order of time.
        names: What things are called, by IRI.
        aliases: What else they are called.
        occasions: What people call an event, without its day: “Biden–Xi meeting, Woodside”.
        documents: The documents by IRI, the newest first.
        broader: The topics right above a topic.
        represents: The countries that an agent acts for.
        follows: The events that an event follows.
        invited_to: The events that an invitation asks to.
        inviters: Who extends an invitation.
        mentions: By topic, how many facts that it or one below it was raised or left out stand in documents
            of which year, by year and account.
        replaced: By former identifier of an event, the one that it has now.
        undecided: By event, those that it may be, with the reason.
    """

    def __init__(self, store: Store) -> None:
        self.names = _names(store, _NAMES)
        self.occasions = {
            iri: Names(_DATED.sub("", its.en), _DATED.sub("", its.zh))
            for iri, its in _names(store, _OCCASIONS).items()
        }
        self.broader: Mapping[str, Sequence[str]] = _grouped(rows(store, _BROADER))
        self._around: dict[str, frozenset[str]] = {}
        self.aliases: Mapping[str, Sequence[str]] = _grouped(rows(store, _ALIASES))
        self.documents = document_summaries(store)
        self.represents: Mapping[str, Sequence[str]] = _grouped(rows(store, _REPRESENTS))
        self.follows: Mapping[str, Sequence[str]] = _grouped(rows(store, _FOLLOWS))
        self.invited_to: Mapping[str, Sequence[str]] = _grouped(rows(store, _INVITED))
        self.inviters: Mapping[str, Sequence[str]] = _grouped(rows(store, _INVITERS))
        self.undecided = undecided_pairs(store)
        raised = [*rows(store, _TOPICS)]
        self.mentions: Mapping[str, Counter[tuple[str, str]]] = self._mentions(raised)
        self.events: tuple[EventSummary, ...] = tuple(sorted(_events(store, raised), key=lambda it: it.key))
        self.replaced: Mapping[str, str] = dict(self._replaced(rows(store, _REPLACED)))

    def name(self, iri: str) -> Names:
        """What a thing is called; the end of its identifier if it has no name."""
        known = self.names.get(iri)
        return (
            known if known is not None else Names(iri.rsplit("/", 1)[-1].partition(".")[0].replace("-", " "))
        )

    def title(self, event: EventSummary) -> str:
        """What people call an event: `Trump–Xi meeting, Busan`; without a name, kind and participants."""
        if event.iri in self.occasions:
            return self.occasions[event.iri].en
        kind = event.kind.replace("-", " ").capitalize()
        agents = [self.name(agent).en for agent in event.agents]
        inviters = [self.name(agent).en for agent in self.inviters.get(event.iri, ())]
        if inviters and len(agents) > len(inviters):
            guests = [agent for agent in agents if agent not in inviters]
            return f"{kind}: {_listed(inviters)} to {_listed(guests)}"
        if len(agents) > 4:
            agents = [*agents[:3], f"{len(agents) - 3} others"]
        return f"{kind}: {_listed(agents)}" if agents else kind

    def _replaced(self, pairs: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
        next_of = {former: event for former, event in sorted(pairs) if former not in self.by_iri}
        for former in next_of:
            seen, now = {former}, next_of[former]
            while now in next_of and now not in seen:
                seen.add(now)
                now = next_of[now]
            if now in self.by_iri:
                yield former, now

    def may_be(self, iri: str) -> list[tuple[EventSummary, str]]:
        """The events that an event may be while nobody has decided, each with the reason."""
        found = self.undecided.get(iri, {})
        return [(self.by_iri[other], why) for other, why in found.items() if other in self.by_iri]

    @cached_property
    def by_iri(self) -> Mapping[str, EventSummary]:
        """The events by identifier."""
        return {it.iri: it for it in self.events}

    @cached_property
    def by_agent(self) -> Mapping[str, tuple[EventSummary, ...]]:
        """The events of each participant in order of time."""
        found: defaultdict[str, list[EventSummary]] = defaultdict(list)
        for it in self.events:
            for agent in it.agents:
                found[agent].append(it)
        return {agent: tuple(its) for agent, its in found.items()}

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of events that there are, sorted."""
        return sorted({it.kind for it in self.events})

    @cached_property
    def agents_by_frequency(self) -> list[tuple[str, int]]:
        """Who takes part in how many events, the most frequent first."""
        counted = {agent: len(its) for agent, its in self.by_agent.items()}
        return ranked(counted)

    @cached_property
    def topics_by_frequency(self) -> list[tuple[str, int]]:
        """In how many events a topic is raised or left out, the most frequent first."""
        counted = Counter(topic for it in self.events for topic in {*it.discussed, *it.excluded})
        return ranked(counted)

    @cached_property
    def by_topic(self) -> Mapping[str, tuple[EventSummary, ...]]:
        """The events that raise a topic, or one below it, or leave it out, in order of time."""
        found: defaultdict[str, list[EventSummary]] = defaultdict(list)
        for it in self.events:
            for topic in self.all_around((*it.discussed, *it.excluded)):
                found[topic].append(it)
        return {topic: tuple(its) for topic, its in found.items()}

    @cached_property
    def by_exclusion(self) -> Mapping[str, tuple[EventSummary, ...]]:
        """The events that leave a topic out, or one below it, by some account's telling, in order of time."""
        found: defaultdict[str, list[EventSummary]] = defaultdict(list)
        for it in self.events:
            for topic in self.all_around(it.excluded):
                found[topic].append(it)
        return {topic: tuple(its) for topic, its in found.items()}

    @cached_property
    def _calendars(self) -> Mapping[int, Calendar]:
        return {size: _counted(self.events, size) for size in (4, 7, 10)}

    @cached_property
    def told_by_both(self) -> tuple[EventSummary, ...]:
        """The dated events that both sides tell of, in order of time."""
        return tuple(it for it in self.events if it.date and it.accounts >= _SIDES)

    def calendar(self, events: Sequence[EventSummary], size: int) -> Calendar:
        """Numbers of events by period and the accounts that tell of them.

        Args:
            events: Those that count; undated and less exact ones are passed over.
            size: Length of a period's name: 4 for years, 7 for months, 10 for days.
        """
        return self._calendars[size] if events is self.events else _counted(events, size)

    def warm(self) -> None:
        """Make now what would be made when first needed."""
        lists = (self.agents_by_frequency, self.topics_by_frequency, self.kinds, self.told_by_both)
        for made in (self.by_iri, self.by_topic, self.by_exclusion, self._calendars, self.met, *lists):
            assert made is not None

    def select(self, wanted: EventFilter) -> Sequence[EventSummary]:
        """The events that a reader wants, in order of time."""
        pools = [self.by_agent.get(agent, ()) for agent in wanted.agents]
        pools += [self.by_topic.get(wanted.topic, ())] if wanted.topic else []
        pools += [self.by_exclusion.get(wanted.excluded, ())] if wanted.excluded else []
        pool = _falling(min(pools, key=len, default=self.events), wanted.start, wanted.end)
        asked = replace(wanted, start="", end="")
        if asked in (EventFilter(), EventFilter(agents=asked.agents[:1]), EventFilter(topic=asked.topic),
                     EventFilter(excluded=asked.excluded)):  # fmt: skip
            return pool  # which is just that
        return [it for it in pool if self._fits(it, wanted)]

    def beside(self, event: EventSummary) -> list[EventSummary]:
        """The last event before another one and the first one after it with the same participants."""
        if not event.date or not event.agents:
            return []
        pool = min((self.by_agent[agent] for agent in event.agents), key=len)
        at = bisect_left(pool, event.key, key=lambda it: it.key)
        others = set(event.agents)
        before = (it for it in reversed(pool[:at]) if it.date and others.issubset(it.agents))
        after = (it for it in pool[at + 1 :] if others.issubset(it.agents))
        return [*islice(before, 1), *islice(after, 1)]

    @cached_property
    def met(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """By agent, with whom it had exchanges that occurred, and how many; the most frequent first."""
        counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for it in self.events:
            if it.status == "Occurred":
                for agent in it.agents:
                    counted[agent].update(other for other in it.agents if other != agent)
        return {agent: ranked(others) for agent, others in counted.items()}

    def issued(self, document: str) -> str:
        """The day on which a document was published; empty if nobody says."""
        summary = self.documents.get(document)
        return summary.issued if summary else ""

    def around(self, topic: str) -> frozenset[str]:
        """A topic and all above it."""
        known = self._around.get(topic)
        if known is None:
            above = (self.around(parent) for parent in self.broader.get(topic, ()))
            known = self._around[topic] = frozenset({topic}).union(*above)
        return known

    def all_around(self, topics: Iterable[str]) -> frozenset[str]:
        """Some topics and all above them."""
        return frozenset[str]().union(*map(self.around, topics))

    def is_within(self, topic: str, above: str) -> bool:
        """Whether a topic is another one, or anywhere below it."""
        return above in self.around(topic)

    def any_within(self, topics: Iterable[str], above: str) -> bool:
        """Whether one of some topics is another one, or anywhere below it."""
        return any(self.is_within(topic, above) for topic in topics)

    def _mentions(self, raised: Iterable[tuple[str, ...]]) -> dict[str, Counter[tuple[str, str]]]:
        found: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for _, _, topic, account, document in raised:
            if issued := self.issued(document):
                for above in self.around(topic):
                    found[above][issued[:4], local(account)] += 1
        return found

    def _fits(self, it: EventSummary, wanted: EventFilter) -> bool:
        return (
            (not wanted.kind or it.kind == wanted.kind)
            and (not wanted.status or it.status == wanted.status)
            and (not wanted.account or wanted.account in it.accounts)
            and (
                not wanted.topic
                or self.any_within(it.discussed, wanted.topic)
                or self.any_within(it.excluded, wanted.topic)
            )
            and (not wanted.excluded or self.any_within(it.excluded, wanted.excluded))
            and all(agent in it.agents for agent in wanted.agents)
            and all(self._takes_part(country, it) for country in wanted.countries)
        )

    def _takes_part(self, country: str, it: EventSummary) -> bool:
        return any(agent == country or country in self.represents.get(agent, ()) for agent in it.agents)


def _falling(pool: Sequence[EventSummary], start: str, end: str) -> Sequence[EventSummary]:
    """Of events in order of time, those from one date to another; a less exact date counts if it may fall in.

    Where the dates sort is enough to tell, but for the less exact ones of the first year and month.
    """
    if not start and not end:
        return pool
    first = bisect_left(pool, start or "0", key=_date)  # undated ones come before all
    last = bisect_right(pool, f"{end}~", key=_date) if end else len(pool)
    vague = pool[bisect_left(pool, start[:4], key=_date) : first] if start else ()
    early = [it for it in vague if _date(it) >= start[: len(_date(it))]]
    return [*early, *pool[first:last]] if early else pool[first:last]


def starting(pool: Sequence[EventSummary], start: str) -> Sequence[EventSummary]:
    """Of events in order of time, those whose date begins so: of a year, or of a month."""
    return pool[bisect_left(pool, start, key=_date) : bisect_right(pool, f"{start}~", key=_date)]


def ranked(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """Things and how often each comes up, the most frequent first."""
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


def _counted(events: Iterable[EventSummary], size: int) -> Calendar:
    return Counter((it.date[:size], it.accounts) for it in events if it.date and len(it.date) >= size)


def _date(it: EventSummary) -> str:
    return it.date or ""


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _events(store: Store, raised: Iterable[tuple[str, ...]]) -> Iterator[EventSummary]:
    agents, tellers = _grouped(rows(store, _PARTIES)), _grouped(rows(store, _TELLERS))
    topics: defaultdict[tuple[str, bool], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for event, relation, topic, account, _ in raised:
        topics[event, relation.endswith("excludedTopic")][topic].add(local(account))
    concluded = concluded_days(store)
    for event, (status, date, end) in _states(store).items():
        discussed, excluded = _frozen(topics[event, False]), _frozen(topics[event, True])
        accounts = {local(account) for account in tellers.get(event, ())}
        yield EventSummary(
            iri=event,
            kind=event.removeprefix(f"{BASE}id/").split("/")[0],
            status=status,
            date=date or None,
            end=end or None,
            agents=tuple(sorted(set(agents.get(event, ())))),
            discussed=discussed,
            excluded=excluded,
            accounts=frozenset(accounts.union(*discussed.values(), *excluded.values())),
            date_basis=concluded.get(event, {}).get(date, ""),
        )


def _states(store: Store) -> dict[str, tuple[str, str, str]]:
    """Status and dates of each event: the status that it came to, the most exact dates."""
    found: dict[str, tuple[str, str, str]] = {}
    for event, status, date, end in rows(store, _EVENTS):
        before = found.get(event, ("Proposed", "", ""))
        came_to = min(before[0], local(status), key=_LIKELIEST.index)
        found[event] = (came_to, max(before[1], date, key=_exactness), max(before[2], end, key=_exactness))
    return found


def _exactness(date: str) -> tuple[int, str]:
    return len(date), date


def _frozen(accounts: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {topic: frozenset(accounts[topic]) for topic in sorted(accounts)}


def _names(store: Store, query: str) -> dict[str, Names]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for thing, name in store.select(PREFIXES + query):
        if isinstance(name, Literal):
            found[str(thing)[1:-1]].setdefault(name.language or "en", name.value)
    return {iri: Names(names.get("en") or names["zh"], names.get("zh", "")) for iri, names in found.items()}


def _grouped(rows: Iterable[tuple[str, ...]]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for first, second in rows:
        found[first].append(second)
    return found
