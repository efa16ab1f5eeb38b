"""What mentions and groups have in common with others that may be of the same event: keys of the index."""

from collections.abc import Iterator
from datetime import date

from kg.resolution.index import Key
from kg.resolution.judge import MentionGroup
from kg.resolution.mention import Mention

__all__ = ["NEAR", "day_keys", "explained_keys", "place_keys", "wanted_keys"]

NEAR = 3  # days between two exchanges that may be one, or an exchange and a text that tells of it


def day_keys(mention: Mention, slack: int = 0) -> Iterator[Key]:
    """The days of a mention, and so many before and after."""
    first, last = mention.days
    for day in range(first.toordinal() - slack, last.toordinal() + slack + 1):
        yield "day", mention.family, str(day)


def explained_keys(group: MentionGroup) -> set[Key]:
    """What a mention without a day can have in common with a group."""
    family, (first, last) = group.family, group.days
    keys: set[Key] = {("month", family, day.isoformat()[:7]) for day in (first, last)}
    keys |= {("place", family, place) for place in group.areas}
    if family == "visit":
        keys |= {("month", family, day.isoformat()[:4]) for day in (first, last)}
    return keys | {("first", family, str(first.toordinal()))}


def wanted_keys(mention: Mention) -> set[Key]:
    """By what a group can explain a mention without a day."""
    family = "exchange" if mention.is_outcome else mention.family
    keys: set[Key] = {
        ("place", family, place) for place in (*mention.places, *mention.regions, *mention.around)
    }
    if mention.start and not mention.is_outcome:
        keys.add(("month", family, mention.start))
    elif not keys and mention.issued:
        issued = date.fromisoformat(mention.issued).toordinal()
        keys |= {("first", family, str(day)) for day in range(issued - NEAR, issued + 2)}
    return keys or {("nothing", family, mention.name)}


def place_keys(mention: Mention) -> set[Key]:
    """What it has in common with others that no group explains."""
    keys: set[Key] = {("place", mention.family, place) for place in mention.areas}
    return keys | ({("month", mention.family, mention.start)} if mention.start else set())
