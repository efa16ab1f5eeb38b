"""What mentions and groups have in common with others that may be of the same event: keys of the index."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from kg.resolution.cluster import TOGETHER
from kg.resolution.group import MentionGroup
from kg.resolution.index import Key
from kg.resolution.mention import Mention, Party

__all__ = ["NEAR", "day_keys", "explained_keys", "place_keys", "wanted_keys"]

_COUNTRIES = ("united-states", "china")
_NONE = Party()
_ANY, _OPEN = "*", "-"  # whoever takes part; nobody is named
NEAR = 3  # days between two exchanges that may be one, or an exchange and a text that tells of it


def day_keys(mention: Mention, slack: int = 0) -> Iterator[Key]:
    """The days of a mention, and so many before and after."""
    first, last = mention.days
    for day in range(first.toordinal() - slack, last.toordinal() + slack + 1):
        yield "day", mention.family, str(day)


def explained_keys(group: MentionGroup) -> set[Key]:
    """What a mention without a day can have in common with a group that explains it."""
    first, last = group.days
    keys: set[Key] = {("month", day.isoformat()[:7]) for day in (first, last)}
    keys |= {("place", place) for place in group.areas}
    keys.add(("first", str(first.toordinal())))
    if group.family == "visit":
        keys |= {("month", day.isoformat()[:4]) for day in (first, last)}
    named = [{_ANY, *_named(group.parties.get(country, _NONE))} for country in _COUNTRIES]
    return {(group.family, *who, *key) for who in product(*named) for key in keys}


def wanted_keys(group: MentionGroup) -> set[Key]:
    """By what a group can explain a mention without a day: its month, place or time, and who takes part."""
    keys: set[Key] = set()
    for mention in group.mentions:
        keys |= _wanted(mention)
    named = [_meant(group.parties.get(country, _NONE)) for country in _COUNTRIES]
    family = "exchange" if group.lead.is_outcome else group.family
    return {(family, *who, *key) for who in product(*named) for key in keys}


def _wanted(mention: Mention) -> set[Key]:
    keys: set[Key] = {("place", it) for it in (*mention.places, *mention.regions, *mention.around)}
    if mention.start and not mention.is_outcome:
        keys.add(("month", mention.start))
    elif not keys and mention.issued:
        issued = date.fromisoformat(mention.issued).toordinal()
        keys |= {("first", str(day)) for day in range(issued - NEAR, issued + 2)}
    return keys or {("nothing", mention.name)}


def _named(party: Party) -> set[str]:
    """By whom those who take part for a country can be found, or that no person names the event for it."""
    return {*party.principals, *party.others} | (set() if party.principals else {_OPEN})


def _meant(party: Party) -> set[str]:
    """Whom of a country another account has to name, or that it may name nobody."""
    return {*party.principals, *party.others, _OPEN} if party.principals else {_ANY}


def place_keys(mention: Mention) -> set[Key]:
    """What it has in common with others that no group explains: the month, or the place at about one time."""
    family = mention.family
    keys: set[Key] = {("month", family, mention.start)} if mention.start else set()
    if mention.issued:
        period = date.fromisoformat(mention.issued).toordinal() // TOGETHER.days
        keys |= {("place", family, it, str(when)) for it in mention.areas for when in (period, period + 1)}
    return keys or {("nothing", family, mention.name)}
