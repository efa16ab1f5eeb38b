"""Which event each mention is of: a function of the set of documents, kept up as they come and go."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kg.resolution.cluster import Doubt, by_day, by_place, choose
from kg.resolution.decisions import Decisions
from kg.resolution.index import Index, reached
from kg.resolution.judge import MentionGroup, may_be, related
from kg.resolution.keys import NEAR, day_keys, explained_keys, place_keys, wanted_keys
from kg.resolution.mention import Mention

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
        return max((it.end for it in self.group.mentions if it.start == self.start), default="")

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
        self._groups_at = Index()  # one name of each group, by what it may explain
        self._wanting = Index()  # names without a day, by what may explain them
        self._choice: dict[str, str] = {}  # of a name without a day, one of the group that it is of
        self._chosen_by: dict[str, set[str]] = {}
        self._loose = Index()  # names without a day that no group explains, by place and month
        self._components: dict[str, MentionGroup] = {}  # by name, what was joined of them
        self._reasons: dict[str, str] = {}
        self._doubts: dict[str, list[Doubt]] = {}  # by the name with which they were found
        self._doubted: dict[str, set[Doubt]] = {}  # by both names
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
            told = [it for it in self._nodes[name].values() if _is_compared(it)]
            days = {key for it in told if it.is_dated and not it.is_outcome for key in day_keys(it)}
            self._by_day.put(name, days)
            self._wanting.put(name, set() if days else {key for it in told for key in wanted_keys(it)})
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
        days = reached((it for it in dirty | near if it in self._by_day), self._near_in_time)
        gone, come = self._join_days(days, days | near | dirty)
        vague = {it for it in dirty if it in self._nodes and self._is_vague(it)}
        vague |= self._unsettled(gone, come)
        for name in dirty - vague:
            self._unchoose(name)
        for name in sorted(vague):
            self._choose(name)
        loose = self._join_loose(vague, dirty)
        moved = dirty | days | near | vague | loose
        for group in (*gone, *come):
            moved |= group.names
            moved |= self._chosen_by.get(min(group.names), set())
        return self._make_events(moved)

    def _is_vague(self, name: str) -> bool:
        told = self._nodes[name].values()
        return name not in self._by_day and all(it.family in _FAMILIES or it.is_outcome for it in told)

    def _join_days(self, names: set[str], before: set[str]) -> tuple[list[MentionGroup], list[MentionGroup]]:
        """Join what has a day; the groups that are no more, and those that are new."""
        gone = {id(it): it for name in before if (it := self._groups.get(name))}
        for group in gone.values():
            self._groups_at.put(min(group.names), ())
            for name in group.names:
                del self._groups[name]
        for name in before:
            self._reasons.pop(name, None)
            self._doubt(name, ())
        made = by_day(map(self._group_of, names), self._blocked)
        for group in made.groups:
            self._groups_at.put(min(group.names), explained_keys(group))
            self._groups.update(dict.fromkeys(group.names, group))
        self._reasons |= made.reasons
        for name in {it.one for it in made.doubts}:
            self._doubt(name, (it for it in made.doubts if it.one == name))
        return [*gone.values()], made.groups

    def _unsettled(self, gone: list[MentionGroup], come: list[MentionGroup]) -> set[str]:
        """The names without a day that groups which changed may explain."""
        kept = {it.signature for it in gone} & {it.signature for it in come}
        return {
            name
            for group in (*gone, *come)
            if group.signature not in kept
            for name in self._wanting.at(explained_keys(group))
            if may_be(self._group_of(name), group)
        }

    def _unchoose(self, name: str) -> None:
        if (group := self._choice.pop(name, None)) is not None:
            self._chosen_by[group].discard(name)
            if not self._chosen_by[group]:
                del self._chosen_by[group]

    def _choose(self, name: str) -> None:
        """Find the group that a name without a day is of."""
        self._unchoose(name)
        self._reasons.pop(name, None)
        group = self._group_of(name)
        keys = {key for it in group.mentions for key in wanted_keys(it)}
        groups = [self._groups[it] for it in sorted(self._groups_at.at(keys))]
        others = [it for id in sorted(group.documents) for it in self._mentions[id] if it.name != name]
        found, reason, doubts = choose(group, groups, others, self._blocked)
        self._doubt(name, doubts)
        if found is not None:
            chosen = min(found.names)
            self._choice[name], self._reasons[name] = chosen, reason
            self._chosen_by.setdefault(chosen, set()).add(name)

    def _join_loose(self, vague: set[str], dirty: set[str]) -> set[str]:
        """Join what no group explains; the names for which that may be another now."""
        now = {it for it in vague if it not in self._choice and not self._group_of(it).lead.is_outcome}
        changed = {it for it in vague | dirty if it in dirty or (it in self._loose) != (it in now)}
        touched = reached((it for it in changed if it in self._loose), self._loose.beside)
        for name in changed:
            keys = (place_keys(it) for it in self._nodes[name].values()) if name in now else ()
            self._loose.put(name, {key for its in keys for key in its})
        touched |= changed
        names = reached((it for it in touched if it in self._loose), self._loose.beside)
        for name in touched | names:
            self._components.pop(name, None)
        for name in names:
            self._reasons.pop(name, None)
        made = by_place(map(self._group_of, names), self._blocked)
        for group in made.groups:
            self._components.update(dict.fromkeys(group.names, group))
        self._reasons |= made.reasons
        return touched | names

    def _doubt(self, name: str, doubts: Iterable[Doubt]) -> None:
        """Put doubts in the place of those that were found with a name."""
        for doubt in self._doubts.pop(name, ()):
            for end in (doubt.one, doubt.other):
                self._doubted[end].discard(doubt)
        if found := [*doubts]:
            self._doubts[name] = found
        for doubt in found:
            for end in (doubt.one, doubt.other):
                self._doubted.setdefault(end, set()).add(doubt)

    # ── Events ────────────────────────────────────────────────────────────────

    def _make_events(self, moved: set[str]) -> set[str]:
        """Make the events of names anew; the documents for which that changes something."""
        moved |= {it for name in moved if (event := self._events.get(name)) for it in event.group.names}
        moved = reached((it for it in moved if it in self._nodes), self._together) | moved
        before = {name: self._events.pop(name) for name in moved if name in self._events}
        for name in sorted(moved & self._nodes.keys()):
            if name not in self._events:
                group = MentionGroup(
                    it for its in reached([name], self._together) for it in self._nodes[its].values()
                )
                reasons = {it: self._reasons[it] for it in sorted(group.names) if it in self._reasons}
                self._events.update(dict.fromkeys(group.names, Event(group.lead.name, group, reasons)))
        beside = {
            end for name in moved for doubt in self._doubted.get(name, ()) for end in (doubt.one, doubt.other)
        }
        beside |= {
            it
            for event in before.values()
            for iri, _ in event.doubts
            if (other := self._events.get(iri))
            for it in other.group.names
        }
        for name in sorted(moved | beside):
            if (event := self._events.get(name)) is None:
                continue
            doubts = self._in_doubt(event)
            if doubts != event.doubts:
                before.update({it: event for it in event.group.names if it not in moved})
                self._events.update(dict.fromkeys(event.group.names, replace(event, doubts=doubts)))
        return self._changed(before, moved | before.keys())

    def _together(self, name: str) -> set[str]:
        """The names of the same event."""
        group = self._groups.get(self._choice.get(name, name)) or self._components.get(name)
        names = {name} if group is None else {*group.names}
        names |= self._chosen_by.get(min(names), set())
        return names | (self._linked.get(name, set()) & self._nodes.keys())

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
        for name in names:
            was, now = before.get(name), self._events.get(name)
            if _view(was, name) != _view(now, name):
                found |= self._nodes.get(name, {}).keys()
            if _whole(was) != _whole(now):
                found |= {it.document for it in (was, now) if it is not None}
        return found & self._given.keys()


def _is_compared(it: Mention) -> bool:
    """Whether others may be one with it under another name."""
    return it.family in _FAMILIES or it.is_outcome or it.is_measure


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
