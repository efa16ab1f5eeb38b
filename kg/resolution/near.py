"""Finds which events with a day are near enough in time to be one."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TypeAlias

from kg.resolution.group import MentionGroup
from kg.resolution.mention import LONGEST

__all__ = ["Near", "Order", "Pair", "PairOrder", "group_order", "pair_order"]

Order: TypeAlias = tuple[date, str]
Pair: TypeAlias = tuple[MentionGroup, MentionGroup]
PairOrder: TypeAlias = tuple[Order, Order]
_APART = timedelta(days=3)  # between days of one exchange at most, as `adjacent` has it


def group_order(group: MentionGroup) -> Order:
    """By the first day; no two are alike."""
    return group.days[0], min(group.names)


def pair_order(pair: Pair) -> PairOrder:
    """By the earlier of two, then by the later."""
    return group_order(pair[0]), group_order(pair[1])


class Near:
    """Events in the order of their days, some of which become one."""

    def __init__(self, groups: Iterable[MentionGroup]) -> None:
        self._groups = {group_order(it): it for it in groups}
        self._orders = sorted(self._groups)

    def holds(self, group: MentionGroup) -> bool:
        """Whether it has not become part of another."""
        return self._groups.get(group_order(group)) is group

    def replace(self, pair: Pair, joined: MentionGroup) -> None:
        """Put one in the place of two."""
        for group in pair:
            order = group_order(group)
            del self._groups[order]
            del self._orders[bisect_left(self._orders, order)]
        order = group_order(joined)
        self._groups[order] = joined
        self._orders.insert(bisect_left(self._orders, order), order)

    def pairs(self) -> Iterator[Pair]:
        """Each two near enough in time to be one, the earlier first."""
        for at, order in enumerate(self._orders):
            yield from self._after(at, self._groups[order])

    def pairs_of(self, group: MentionGroup) -> Iterator[Pair]:
        """Those of which one is this."""
        at = bisect_left(self._orders, group_order(group))
        yield from self._after(at, group)
        earliest = group.days[0] - _APART
        for before in range(at - 1, -1, -1):
            other = self._groups[self._orders[before]]
            if other.days[0] < earliest - LONGEST:
                break
            if other.days[1] >= earliest:
                yield other, group

    def _after(self, at: int, group: MentionGroup) -> Iterator[Pair]:
        latest = group.days[1] + _APART
        for after in range(at + 1, len(self._orders)):
            if self._orders[after][0] > latest:
                break
            yield group, self._groups[self._orders[after]]
