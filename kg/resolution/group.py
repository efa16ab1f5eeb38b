"""Mentions that are known to be of one event, and what they give together."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from kg.resolution.mention import Mention, Party

__all__ = ["AHEAD", "MentionGroup"]

AHEAD = frozenset({"Planned", "Proposed"})
_REMOTE = frozenset({"Telephone", "Video"})
_WEIGHTY = frozenset({"Readout", "JointStatement"})  # an account's own record outweighs a passing mention


class MentionGroup:
    """Mentions that are known to be of one event, and what they give together."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.mentions = tuple(sorted(mentions, key=lambda it: (it.issued or "9", it.document, it.name)))
        self.names = frozenset(it.name for it in self.mentions)
        self.documents = frozenset(it.document for it in self.mentions)
        self.kinds = frozenset(it.kind for it in self.mentions)
        self.family = self.mentions[0].family

    @cached_property
    def lead(self) -> Mention:
        """The mention after which the event is called: the best dated, the fullest, the earliest."""
        days = Counter[str]()
        for it in self.mentions:
            days[it.start] += 2 if it.basis == "Stated" else 1
        return min(
            self.mentions,
            key=lambda it: (
                not it.is_dated, not it.is_shared, -days[it.start], -_named(it), it.basis != "Stated",
                it.status not in ("Occurred", "Cancelled"), -len(it.start), it.issued or "9", it.name,
                it.document,
            ),
        )  # fmt: skip

    @cached_property
    def days(self) -> tuple[date, date]:
        """First and last day; only of what has one."""
        first = self.lead.days[0]
        lasts = [it.days[1] for it in self.mentions if it.is_dated and it.days[0] == first]
        return first, max(lasts)

    @cached_property
    def end(self) -> str:
        """Its last day, if it lasts longer than one."""
        start = self.lead.start
        return max((it.end for it in self.mentions if it.start == start), default="")

    @cached_property
    def month(self) -> str:
        """Of what has no day: the month in which the first document came out whose title names its place."""
        return min((it.issued[:7] for it in self.mentions if it.is_by_title and not it.start), default="")

    @cached_property
    def parties(self) -> dict[str, Party]:
        """Who takes part, by country, by all mentions."""
        found: dict[str, list[Party]] = {}
        for mention in self.mentions:
            for country, party in mention.parties.items():
                found.setdefault(country, []).append(party)
        return {country: _together(its) for country, its in found.items()}

    @cached_property
    def places(self) -> frozenset[str]:
        """The places that most is to be said for."""
        weights = Counter[str]()
        for it in self.mentions:
            for place in it.places:
                weights[place] += 3 if it.source in _WEIGHTY and not it.is_by_title else 1
        most = max(weights.values(), default=0)
        return frozenset(place for place, weight in weights.items() if weight == most)

    @cached_property
    def within(self) -> frozenset[str]:
        """Third countries in which its places lie."""
        return frozenset(area for it in self.mentions if self.places & {*it.places} for area in it.within)

    @cached_property
    def around(self) -> frozenset[str]:
        """The larger places by whose names its places are called too."""
        return frozenset(area for it in self.mentions if self.places & {*it.places} for area in it.around)

    @cached_property
    def regions(self) -> frozenset[str]:
        """Third countries that are named for where it was held, if nobody gives a place."""
        named = frozenset(area for it in self.mentions for area in it.regions)
        return frozenset() if self.places else named

    @property
    def areas(self) -> frozenset[str]:
        """By what others may say where it was held."""
        return self.places | self.regions | self.within | self.around

    @cached_property
    def objects(self) -> frozenset[str]:
        """Of a measure, what it is on, by all mentions."""
        return frozenset(name for it in self.mentions for name in it.objects)

    @cached_property
    def stated_by(self) -> frozenset[str]:
        """The accounts that state the day."""
        return frozenset(it.account for it in self.mentions if it.basis == "Stated")

    @cached_property
    def concluded_by(self) -> frozenset[str]:
        """The accounts from whose day of publication the day was concluded."""
        return frozenset(it.account for it in self.mentions if it.is_dated and it.basis != "Stated")

    @cached_property
    def is_remote(self) -> bool:
        """Whether somebody says that it was held by telephone or video."""
        return any(_REMOTE & {*it.media} for it in self.mentions)

    @cached_property
    def is_in_person(self) -> bool:
        """Whether somebody says where it was held, and nobody by what line."""
        return bool(self.places or self.regions) and "call" not in self.kinds and not self.is_remote

    @cached_property
    def signature(self) -> object:
        """All of it on which joining others with it depends, and how it is called."""
        parties = tuple(sorted(self.parties.items())), self.objects
        places = self.places, self.regions, self.within, self.around
        kinds = tuple(sorted(self.kinds))
        days = self.days if self.lead.is_dated else self.lead.start
        return min(self.names), self.lead.name, days, parties, places, kinds, self.is_remote, self.month

    @cached_property
    def is_firm(self) -> bool:
        """Whether somebody states the day of what took place, and not of a plan alone."""
        return any(it.basis == "Stated" and it.status not in AHEAD for it in self.mentions)

    @property
    def principals(self) -> frozenset[str]:
        """The persons who name it, of all countries."""
        return frozenset(name for it in self.parties.values() for name in it.principals)

    @property
    def named(self) -> int:
        """How many persons are named."""
        return sum(len(it.principals) for it in self.parties.values())


def _together(parties: list[Party]) -> Party:
    principals = {name for it in parties for name in it.principals}
    others = {name for it in parties for name in it.others}
    leaders = {name for it in parties for name in it.leaders}
    return Party(*(tuple(sorted(names)) for names in (principals, others - principals, leaders)))


def _named(mention: Mention) -> int:
    return min(2, sum(bool(it.principals) for it in mention.parties.values()))
