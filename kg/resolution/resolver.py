"""Which event each mention is of: a function of the set of documents, kept up as they come and go."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from kg.resolution.choices import Choices
from kg.resolution.cluster import Doubt, Fit, alike, by_day, fit
from kg.resolution.decisions import Decisions
from kg.resolution.group import MentionGroup
from kg.resolution.index import Index, parts, reached
from kg.resolution.judge import related
from kg.resolution.keys import NEAR, day_keys
from kg.resolution.mention import Mention
from kg.resolution.undated import Undated

__all__ = ["Event", "Resolver"]

_FAMILIES = frozenset({"exchange", "visit"})  # anything else is one event only under one name


@dataclass(frozen=True, slots=True)
class Event:
    """What all documents together tell of one event.

    Attributes:
        iri: The name under which it stands in the graph.
        group: The mentions.
        reasons: By name, why what it calls was joined with the rest.
        doubts: IRIs of events that may be this one, each with the reason; sorted.
    """

    iri: str
    group: MentionGroup
    reasons: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[tuple[str, str], ...] = ()

    @property
    def start(self) -> str:
        """Its day, month or year."""
        return self.group.lead.start

    @property
    def end(self) -> str:
        """Its last day, if it lasts longer."""
        return self.group.end

    @property
    def document(self) -> str:
        """The document in whose inferred graph stands what is known of the event as a whole."""
        return self.group.mentions[0].document


class Resolver:
    """The mentions of all documents, and the events that they are of."""

    def __init__(self) -> None:
        self._decisions = Decisions()
        self._linked: dict[str, set[str]] = {}
        self._parted: dict[str, set[str]] = {}
        self._given: dict[str, tuple[Mention, ...]] = {}
        self._mentions: dict[str, tuple[Mention, ...]] = {}
        self._nodes: dict[str, dict[str, Mention]] = {}
        self._by_day = Index()
        self._groups: dict[str, MentionGroup] = {}  # by name, what was joined by day
        self._reasons: dict[str, str] = {}  # by name, why it was joined so
        self._choices = Choices(self._fit)
        self._undated = Undated(self._alike)  # what has no day, and means no event that has one
        self._doubts: dict[str, list[Doubt]] = {}  # by the name with which they were found
        self._doubted: dict[str, set[Doubt]] = {}  # by both names
        self._in_other_doubt: set[str] = set()  # the names of doubts that came or went since events were made
        self._events: dict[str, Event] = {}  # by each of its names

    def __iter__(self) -> Iterator[Event]:
        return iter({event.iri: event for event in self._events.values()}.values())

    @property
    def documents(self) -> list[str]:
        """The documents that tell of events."""
        return [*self._given]

    def event(self, name: str) -> Event | None:
        """The event that a name calls."""
        return self._events.get(name)

    def names(self, document: str) -> dict[str, Event]:
        """The events of a document, by the name that it alone gives each."""
        pairs = zip(self._given.get(document, ()), self._mentions.get(document, ()), strict=True)
        return {given.name: self._events[now.name] for given, now in pairs}

    def named(self, document: str) -> dict[str, Event]:
        """The same by the names that count: of an event from which somebody keeps it apart, its own."""
        return {it.name: self._events[it.name] for it in self._mentions.get(document, ())}

    def kept(self, document: str) -> list[Event]:
        """The events of which a document keeps what is known of them as a whole."""
        found = {event.iri: event for event in self.names(document).values()}
        return [event for _, event in sorted(found.items()) if event.document == document]

    def update(
        self, changes: Mapping[str, tuple[Mention, ...]], decisions: Decisions | None = None
    ) -> set[str]:
        """Take in what documents tell now and what people decided; the documents for which that changes much.

        Args:
            changes: By document, its mentions; none if it is gone.
            decisions: All decisions, if they are others now.
        """
        touched: set[str] = set()
        if decisions is not None and decisions != self._decisions:
            touched = _changes(self._decisions, decisions)
            again = {
                id: its
                for id, its in self._given.items()
                if id in touched or any({it.name, it.own} & touched for it in its)
            }
            changes = {**again, **changes}
        names = (it.name for id in changes for it in self._mentions.get(id, ()))
        dirty = {*names, *(touched & self._nodes.keys())}
        near = reached((it for it in dirty if it in self._by_day), self._near_in_time)
        if decisions is not None:
            self._decisions = decisions
            self._linked, self._parted = _both_ways(decisions.same), _both_ways(decisions.different)
        for document, mentions in changes.items():
            dirty |= self._replace(document, mentions)
        return self._resolve(dirty, near) | changes.keys()

    # ── What documents give ───────────────────────────────────────────────────

    def _replace(self, document: str, mentions: tuple[Mention, ...]) -> set[str]:
        """Put a document's mentions in the place of earlier ones; the names that are touched."""
        before = self._mentions.pop(document, ())
        apart = {event for id, event in self._decisions.apart if id == document}
        now = tuple(
            replace(it, name=it.own) if it.name in apart or it.own in self._parted.get(it.name, ()) else it
            for it in mentions
        )
        self._given.pop(document, None)
        if now:
            self._given[document], self._mentions[document] = mentions, now
        for it in before:
            del self._nodes[it.name][document]
        for it in now:
            self._nodes.setdefault(it.name, {})[document] = it
        touched = {it.name for it in (*before, *now)}
        for name in touched:
            told = (it for it in self._nodes[name].values() if it.is_dated)
            compared = (it for it in told if it.family in _FAMILIES or it.is_measure)
            self._by_day.put(name, {key for it in compared for key in day_keys(it)})
            if not self._nodes[name]:
                del self._nodes[name]
        return touched

    def _blocked(self, ones: frozenset[str], others: frozenset[str]) -> bool:
        """Whether somebody decided that these are two events."""
        if any(self._parted[name] & others for name in ones & self._parted.keys()):
            return True
        return any(
            event in far and any(document in self._nodes.get(name, ()) for name in near)
            for document, event in self._decisions.apart
            for near, far in ((ones, others), (others, ones))
        )

    def _fit(self, own: MentionGroup, event: MentionGroup) -> Fit | None:
        """How well a mention without a day fits an event that has one."""
        names = own.names
        others = (it for id in sorted(own.documents) for it in self._mentions[id] if it.name not in names)
        return fit(own, event, others, self._blocked)

    def _alike(self, own: MentionGroup, group: MentionGroup) -> str:
        """Why two without a day are one event; empty if they need not be."""
        reason = alike(own, group)
        return "" if reason and self._blocked(own.names, group.names) else reason

    def _group_of(self, name: str) -> MentionGroup:
        return MentionGroup(self._nodes[name].values())

    def _near_in_time(self, name: str) -> Iterator[str]:
        mine = [*self._nodes[name].values()]
        for other in self._by_day.at(key for it in mine if it.is_dated for key in day_keys(it, NEAR)):
            if other != name and any(
                related(one, its) for one in mine for its in self._nodes[other].values()
            ):
                yield other

    # ── Joining ───────────────────────────────────────────────────────────────

    def _resolve(self, dirty: set[str], near: set[str]) -> set[str]:
        """Join anew what may have changed; the documents of events that did."""
        beside = cache(lambda name: tuple(self._near_in_time(name)))
        days = reached((it for it in dirty | near if it in self._by_day), beside)
        gone, come = self._join_days(parts(days, beside), days | near | dirty)
        vague = {it: self._group_of(it) if self._is_vague(it) else None for it in dirty}
        names_count = bool(self._parted or self._decisions.apart)
        decided, otherwise = self._choices.update(vague, gone, come, names_count=names_count)
        for name in decided:
            if name not in self._by_day:
                self._doubt(name, self._choices.doubts(name))
        moved = dirty | otherwise | self._join_undated(dirty, decided)
        for group in (*gone, *come):
            moved |= group.names | self._choices.names(min(group.names))
        return self._make_events(moved)

    def _is_vague(self, name: str) -> bool:
        told = self._nodes.get(name, {}).values()
        is_told = bool(told) and name not in self._by_day
        return is_told and all(it.family in _FAMILIES or it.is_outcome for it in told)

    def _join_days(
        self, near: Iterable[set[str]], before: set[str]
    ) -> tuple[list[MentionGroup], list[MentionGroup]]:
        """Join what has a day; the groups that are no more, and those that are new."""
        gone = {min(it.names): it for name in before if (it := self._groups.get(name))}
        reasons = {name: reason for name in before if (reason := self._reasons.pop(name, None))}
        for name in before:
            self._groups.pop(name, None)
        doubts: dict[str, list[Doubt]] = {it: [] for it in before if it in self._by_day}
        come: list[MentionGroup] = []
        for part in near:
            made = by_day(map(self._group_of, part), self._blocked)
            self._reasons |= made.reasons
            for doubt in made.doubts:
                doubts[doubt.one].append(doubt)
            for group in made.groups:
                was = gone.get(min(group.names))
                if was is not None and was.mentions == group.mentions:
                    self._groups.update(dict.fromkeys(group.names, was))
                    if all(reasons.get(it) == self._reasons.get(it) for it in group.names):
                        del gone[min(group.names)]
                        continue
                self._groups.update(dict.fromkeys(group.names, group))
                come.append(group)
        for name, its in doubts.items():
            self._doubt(name, its)
        return [*gone.values()], come

    def _join_undated(self, dirty: set[str], decided: set[str]) -> set[str]:
        """Join what means no event that has a day; the names for which that may be another now."""
        loose = (it for it in decided if it not in self._choices and self._is_vague(it))
        now = {it for it in loose if not self._group_of(it).lead.is_outcome}
        changes = {it for it in decided | dirty if it in dirty or (it in self._undated) != (it in now)}
        return self._undated.update({it: self._group_of(it) if it in now else None for it in changes})

    def _doubt(self, name: str, doubts: Iterable[Doubt]) -> None:
        """Put doubts in the place of those that were found with a name."""
        found = [*doubts]
        before = self._doubts.pop(name, [])
        for doubt in before:
            for end in (doubt.one, doubt.other):
                self._doubted[end].discard(doubt)
        if found:
            self._doubts[name] = found
        if found != before:
            self._in_other_doubt |= {end for it in (*before, *found) for end in (it.one, it.other)}
        for doubt in found:
            for end in (doubt.one, doubt.other):
                self._doubted.setdefault(end, set()).add(doubt)

    # ── Events ────────────────────────────────────────────────────────────────

    def _make_events(self, moved: set[str]) -> set[str]:
        """Make the events of names anew; the documents for which that changes something."""
        moved |= {it for event in self._events_of(moved) for it in event.group.names}
        closed: set[str] = set()
        found: list[set[str]] = []
        for name in moved:
            if name not in closed:
                found.append(self._event_names(name))
                closed |= found[-1]
        moved |= closed
        before = {name: self._events.pop(name) for name in moved if name in self._events}
        for names in sorted(filter(None, found), key=min):
            group = MentionGroup(it for its in names for it in self._nodes[its].values())
            reasons = {it: reason for it in sorted(group.names) if (reason := self._reason(it))}
            self._events.update(dict.fromkeys(group.names, Event(group.lead.name, group, reasons)))
        beside = {
            end for name in moved for doubt in self._doubted.get(name, ()) for end in (doubt.one, doubt.other)
        }
        beside |= {
            it
            for event in {id(it): it for it in before.values()}.values()
            for iri, _ in event.doubts
            if (other := self._events.get(iri))
            for it in other.group.names
        }
        beside |= self._in_other_doubt
        self._in_other_doubt = set()
        for event in self._events_of(moved | beside):
            doubts = self._in_doubt(event)
            if doubts != event.doubts:
                before.update({it: event for it in event.group.names if it not in moved})
                self._events.update(dict.fromkeys(event.group.names, replace(event, doubts=doubts)))
        return self._changed(before, moved | before.keys())

    def _events_of(self, names: Iterable[str]) -> list[Event]:
        """The events that names call, each once."""
        return [*{id(event): event for it in names if (event := self._events.get(it))}.values()]

    def _event_names(self, name: str) -> set[str]:
        """The names of the same event."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            if (it := waiting.pop()) in found or it not in self._nodes:
                continue
            its = self._together(it)
            found |= its
            if self._linked:
                waiting += [other for one in its for other in self._linked.get(one, ())]
        return found

    def _together(self, name: str) -> set[str]:
        """The names that were found to be of the same event."""
        event = self._choices.event(name) or name
        if group := self._groups.get(event):
            return {name, *group.names, *self._choices.names(min(group.names))}
        return {name, *self._undated.together(name)} if name in self._undated else {name}

    def _reason(self, name: str) -> str:
        """Why a name was joined with the rest; empty if it was not."""
        found = self._choices.reason(name) or self._reasons.get(name, "")
        return found or (self._undated.reason(name) if name in self._undated else "")

    def _in_doubt(self, event: Event) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        for doubt in sorted(
            {it for name in event.group.names for it in self._doubted.get(name, ())}, key=repr
        ):
            for end in (doubt.one, doubt.other):
                other = self._events.get(end)
                if (
                    other
                    and other.iri != event.iri
                    and not self._blocked(event.group.names, other.group.names)
                ):
                    found.setdefault(other.iri, doubt.reason)
        return tuple(sorted(found.items()))

    def _changed(self, before: Mapping[str, Event], names: set[str]) -> set[str]:
        """The documents for which the events of some names are others now."""
        found: set[str] = set()
        pairs: dict[tuple[int, int], tuple[Event | None, Event | None]] = {}
        for name in names:
            was, now = before.get(name), self._events.get(name)
            pairs[id(was), id(now)] = was, now
            if _view(was, name) != _view(now, name):
                found |= self._nodes.get(name, {}).keys()
        for was, now in pairs.values():
            if _whole(was) != _whole(now):
                found |= {it.document for it in (was, now) if it is not None}
        return found & self._given.keys()


def _view(event: Event | None, name: str) -> object:
    """What a document that tells of an event by this name writes of it."""
    return None if event is None else (event.iri, event.start, event.end, event.reasons.get(name))


def _whole(event: Event | None) -> object:
    """What the document that keeps an event writes of it."""
    return (
        None if event is None else (event.iri, event.document, event.end, event.group.signature, event.doubts)
    )


def _both_ways(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    for one, other in pairs:
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return table


def _changes(was: Decisions, now: Decisions) -> set[str]:
    """What is named by decisions of which only one of two states has them."""
    pairs = (was.same ^ now.same) | (was.different ^ now.different) | (was.apart ^ now.apart)
    return {name for pair in pairs for name in pair}
