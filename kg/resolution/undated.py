"""Joins what is told of an event without a day, in a fixed order, and keeps that up as mentions come and go.

Each mention joins the one group of those before it that it is like, or begins a group of its own. What a
change brings about is followed from mention to mention in that order; nothing else is looked at again.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush
from typing import TypeAlias

from kg.resolution.cluster import exactness
from kg.resolution.group import MentionGroup
from kg.resolution.index import Index
from kg.resolution.keys import place_keys

__all__ = ["Undated"]

_Order: TypeAlias = tuple[int, str, str, str]
_Alike = Callable[[MentionGroup, MentionGroup], str]


class Undated:
    """Groups of mentions without a day, each called by the name that began it.

    Args:
        alike: Why a mention is of the same event as a group; empty if it is not.
    """

    def __init__(self, alike: _Alike) -> None:
        self._alike = alike
        self._index = Index()
        self._nodes: dict[str, tuple[_Order, MentionGroup]] = {}
        self._fits: dict[str, dict[str, str]] = {}  # by name, the groups before it that it is like, and why
        self._first: dict[str, str] = {}  # by name, which one began its group
        self._members: dict[str, list[tuple[_Order, str]]] = {}  # by that one, all in their order
        self._grown: dict[str, list[MentionGroup]] = {}  # and what they come to, one after the other
        self._pending: dict[str, set[str] | None] = {}  # what has to be compared again; all, if none is named
        self._queue: list[tuple[_Order, str]] = []

    def __contains__(self, name: str) -> bool:
        return name in self._nodes

    def together(self, name: str) -> Iterable[str]:
        """The names of the same event."""
        return [it for _, it in self._members[self._first[name]]]

    def reason(self, name: str) -> str:
        """Why a name was joined with those before it; empty if it was not."""
        return self._fits[name][first] if (first := self._first[name]) != name else ""

    def update(self, changes: Mapping[str, MentionGroup | None]) -> set[str]:
        """Take in what some names are now; the names whose event is another now.

        Args:
            changes: By name, its mentions; none if it is to be taken out.
        """
        moved: set[str] = set()
        for name in changes:
            if name in self._nodes:
                moved |= self._take_out(name)
        for name, group in changes.items():
            if group is not None:
                order = exactness(group)
                self._nodes[name] = order, group
                self._index.put(name, {key for it in group.mentions for key in place_keys(it)})
                self._pending[name] = None
                heappush(self._queue, (order, name))
        while self._queue:
            order, name = heappop(self._queue)
            if name in self._pending and self._nodes[name][0] == order:
                moved |= self._place(name, order)
        return moved & self._nodes.keys()

    def _take_out(self, name: str) -> set[str]:
        order, _ = self._nodes[name]
        moved = self._leave(name, order)
        self._index.put(name, ())
        del self._nodes[name], self._fits[name]
        self._pending.pop(name, None)
        return moved

    def _place(self, name: str, order: _Order) -> set[str]:
        """Find the group of a name, those before it being settled; the names that this moves."""
        groups = self._pending.pop(name)
        if groups is None:
            groups = {first for it in self._index.beside(name) if (first := self._first.get(it))}
            self._fits[name] = {}
        fits, own = self._fits[name], self._nodes[name][1]
        before = {**fits}
        for first in groups - {name}:
            group = self._before(first, order)
            if group is not None and (reason := self._alike(own, group)):
                fits[first] = reason
            else:
                fits.pop(first, None)
        now = next(iter(fits)) if len(fits) == 1 else name
        if now == self._first.get(name):
            return {name} if before.get(now) != fits.get(now) else set()
        moved = self._leave(name, order) if name in self._first else {name}
        self._first[name] = now
        insort(self._members.setdefault(now, []), (order, name))
        return moved | self._changed(now, name, order)

    def _leave(self, name: str, order: _Order) -> set[str]:
        first = self._first.pop(name)
        self._members[first].remove((order, name))
        return self._changed(first, name, order)

    def _changed(self, first: str, name: str, order: _Order) -> set[str]:
        """Have a group that is another from some place on compared again with whatever comes after."""
        members = self._members[first]
        names = {name, *(it for _, it in members)}
        if not members:
            del self._members[first]
            self._grown.pop(first, None)
        del self._grown.get(first, [])[bisect_left(members, (order, "")) :]
        for it in {it for its in names for it in self._index.beside(its)}:
            at = self._nodes[it][0]
            if at > order:
                if it not in self._pending:
                    self._pending[it] = set()
                    heappush(self._queue, (at, it))
                if (groups := self._pending[it]) is not None:
                    groups.add(first)
        return names

    def _before(self, first: str, order: _Order) -> MentionGroup | None:
        """What a group comes to without what is placed later; nothing if it does not begin before."""
        members = self._members.get(first)
        if not members or members[0][0] >= order or members[0][1] != first:
            return None
        grown = self._grown.setdefault(first, [])
        count = bisect_left(members, (order, ""))
        for _, name in members[len(grown) : count]:
            mentions = self._nodes[name][1].mentions
            grown.append(MentionGroup((*mentions, *(grown[-1].mentions if grown else ()))))
        return grown[count - 1]
