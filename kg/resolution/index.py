"""Finds names by what they have in common."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

__all__ = ["Index", "Key", "parts", "reached"]

Key: TypeAlias = tuple[str, ...]


class Index:
    """Names by keys, both ways."""

    def __init__(self) -> None:
        self._keys: dict[str, frozenset[Key]] = {}
        self._names: defaultdict[Key, set[str]] = defaultdict(set)

    def __contains__(self, name: str) -> bool:
        return name in self._keys

    def put(self, name: str, keys: Iterable[Key]) -> None:
        """Give a name these keys instead of those that it had; without any it is forgotten."""
        now = frozenset(keys)
        before = self._keys.pop(name, frozenset())
        for key in before - now:
            self._names[key].discard(name)
            if not self._names[key]:
                del self._names[key]
        for key in now - before:
            self._names[key].add(name)
        if now:
            self._keys[name] = now

    def at(self, keys: Iterable[Key]) -> set[str]:
        """The names that have one of these keys."""
        return {name for key in keys for name in self._names.get(key, ())}

    def beside(self, name: str) -> set[str]:
        """The names that have a key in common with one."""
        return self.at(self._keys.get(name, ()))


def reached(names: Iterable[str], beside: Callable[[str], Iterable[str]]) -> set[str]:
    """Names, and all that can be reached from them step by step."""
    found = {*names}
    waiting = [*found]
    while waiting:
        new = {*beside(waiting.pop())} - found
        found |= new
        waiting += new
    return found


def parts(names: Iterable[str], beside: Callable[[str], Iterable[str]]) -> Iterator[set[str]]:
    """Names that belong together because one can be reached from the other."""
    left = {*names}
    for name in sorted(left):
        if name in left:
            found = reached([name], beside)
            left -= found
            yield found
