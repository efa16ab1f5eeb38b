"""Which event with a day each mention without one means, kept up as both come and go."""

from collections.abc import Callable, Iterable, Mapping

from kg.resolution.cluster import Doubt, Fit, choose
from kg.resolution.group import MentionGroup
from kg.resolution.index import Index
from kg.resolution.keys import explained_keys, wanted_keys

__all__ = ["Choices"]


class Choices:
    """Mentions without a day by name, and events with one, each called by the first of its names.

    Args:
        fit: How well a mention fits an event, if at all.
    """

    def __init__(self, fit: Callable[[MentionGroup, MentionGroup], Fit | None]) -> None:
        self._fit = fit
        self._wanting: dict[str, MentionGroup] = {}
        self._wanting_at = Index()
        self._events: dict[str, MentionGroup] = {}
        self._events_at = Index()
        self._fits: dict[str, dict[str, Fit]] = {}  # by name, then by event
        self._fitting: dict[str, set[str]] = {}  # by event, the names that fit
        self._choice: dict[str, tuple[str, str]] = {}  # by name, the event and why
        self._chosen_by: dict[str, set[str]] = {}
        self._doubts: dict[str, list[Doubt]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._choice

    def event(self, name: str) -> str | None:
        """What the mention means."""
        return self._choice[name][0] if name in self._choice else None

    def reason(self, name: str) -> str:
        """Why that; empty if nothing was found."""
        return self._choice[name][1] if name in self._choice else ""

    def names(self, event: str) -> set[str]:
        """The mentions that mean an event."""
        return self._chosen_by.get(event, set())

    def doubts(self, name: str) -> list[Doubt]:
        """What else a mention may mean."""
        return self._doubts.get(name, [])

    def update(
        self,
        changes: Mapping[str, MentionGroup | None],
        gone: Iterable[MentionGroup],
        come: Iterable[MentionGroup],
        *,
        names_count: bool,
    ) -> tuple[set[str], set[str]]:
        """Take in what mentions and events are now; the names that were decided, and those decided otherwise.

        Args:
            changes: By name, a mention without a day; none if it is to be taken out.
            gone: Events that are no more.
            come: Events that are new.
            names_count: Whether by its names alone, all else being as it was, an event may fit otherwise.
        """
        before = {min(it.names): it for it in gone}
        now = {min(it.names): it for it in come}
        open_names: set[str] = set()
        for event in before.keys() - now.keys():
            open_names |= self._forget(event)
            del self._events[event]
            self._events_at.put(event, ())
        for event, group in sorted(now.items()):
            was = before.get(event)
            self._events[event] = group
            if was is None or was.signature != group.signature or (names_count and was.names != group.names):
                open_names |= self._forget(event)
                self._events_at.put(event, keys := explained_keys(group))
                open_names |= {
                    it for it in self._wanting_at.at(keys) - changes.keys() if self._try(it, event)
                }
        for name, own in changes.items():
            for event in self._fits.pop(name, ()):
                self._fitting[event].discard(name)
            self._wanting.pop(name, None)
            keys = set() if own is None else wanted_keys(own)
            self._wanting_at.put(name, keys)
            if own is not None:
                self._wanting[name] = own
                for event in self._events_at.at(keys):
                    self._try(name, event)
        decided = open_names | changes.keys()
        return decided, {name for name in decided if self._decide(name)}

    def _forget(self, event: str) -> set[str]:
        """Take an event out of what fits; the names that did."""
        names = self._fitting.pop(event, set())
        for name in names:
            del self._fits[name][event]
        return names

    def _try(self, name: str, event: str) -> bool:
        found = self._fit(self._wanting[name], self._events[event])
        if found is not None:
            self._fits.setdefault(name, {})[event] = found
            self._fitting.setdefault(event, set()).add(name)
        return found is not None

    def _decide(self, name: str) -> bool:
        """Choose anew; whether that is another event, or for another reason."""
        was = self._choice.pop(name, None)
        if was is not None:
            self._chosen_by[was[0]].discard(name)
        self._doubts.pop(name, None)
        if name not in self._wanting:
            return was is not None
        found, reason, doubts = choose(self._wanting[name], self._fits.get(name, {}).values())
        if doubts:
            self._doubts[name] = doubts
        if found is not None:
            event = min(found.names)
            self._choice[name] = event, reason
            self._chosen_by.setdefault(event, set()).add(name)
        return was != self._choice.get(name)
