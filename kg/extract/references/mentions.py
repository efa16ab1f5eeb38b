"""Finds who and what a text names: persons, offices, countries, places, topics and unnamed groups."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import TypeVar

from kg.extract.references.mention import Mention, TopicMention, as_entity
from kg.extract.references.names import Names
from kg.extract.rules import load
from kg.lexicon import Lexicon, Match
from kg.model import Document, Entity

__all__ = ["Mention", "Mentions", "TopicMention", "as_entity", "find_mentions"]

LONGEST_NAME = 120
Spanned = TypeVar("Spanned", Mention, TopicMention, Match)


class Mentions:
    """All mentions of one document, found by offset."""

    def __init__(self, agents: Iterable[Mention], topics: Iterable[TopicMention], places: Iterable[Mention],
                 offices: Iterable[Match]) -> None:  # fmt: skip
        self.agents = sorted(agents, key=lambda m: (m.start, -m.end))
        self.topics = sorted(topics, key=lambda m: (m.start, -m.end))
        self.places = sorted(places, key=lambda m: (m.start, -m.end))
        self.offices = sorted(offices, key=lambda m: (m.start, -m.end))
        self._by_entity: dict[Entity, list[Mention]] = {}
        for mention in self.agents:
            self._by_entity.setdefault(mention.entity, []).append(mention)
        self._agent_starts = [mention.start for mention in self.agents]
        self._topic_starts = [mention.start for mention in self.topics]
        self._place_starts = [mention.start for mention in self.places]
        self._office_starts = [match.start for match in self.offices]

    def of(self, entity: Entity) -> list[Mention]:
        """All mentions of one agent, in order."""
        return self._by_entity.get(entity, [])

    def agents_in(self, start: int, end: int) -> list[Mention]:
        """The agents named between two offsets."""
        return _between(self.agents, self._agent_starts, start, end)

    def topics_in(self, start: int, end: int) -> list[TopicMention]:
        """The topics named between two offsets."""
        return _between(self.topics, self._topic_starts, start, end)

    def places_in(self, start: int, end: int) -> list[Mention]:
        """The places named between two offsets."""
        return _between(self.places, self._place_starts, start, end)

    def agent_at(self, offset: int) -> Mention | None:
        """The agent whose name covers an offset; the longest."""
        near = _between(self.agents, self._agent_starts, offset - LONGEST_NAME, offset + 1)
        return max((m for m in near if m.end > offset), key=lambda m: m.end - m.start, default=None)

    def start_with_title(self, mention: Mention) -> int:
        """Where a person's name begins, the office before it included."""
        office = self.office_at(mention.start - 2)
        return office.start if office is not None and office.end == mention.start - 1 else mention.start

    def office_at(self, offset: int) -> Match | None:
        """The office whose name covers an offset."""
        near = _between(self.offices, self._office_starts, offset - LONGEST_NAME, offset + 1)
        return max((m for m in near if m.end > offset), key=lambda m: m.end - m.start, default=None)


def _between(found: list[Spanned], starts: list[int], start: int, end: int) -> list[Spanned]:
    """Those of `found` that begin between two offsets."""
    return found[bisect_left(starts, start) : bisect_right(starts, end - 1)]


def find_mentions(document: Document, text: str, lexicon: Lexicon, *, title: str | None) -> Mentions:
    """The mentions in the analysis text; its title helps to tell who is meant by a surname."""
    matches = lexicon.find(text)
    agents = Names(text, title or "", lexicon, load().lists, document.published).agents(matches)
    places = [Mention(m.start, m.end, as_entity(m.entries[0])) for m in matches if m.group == "place"]
    offices = [match for match in matches if match.group == "office"]
    return Mentions(agents, _topics(matches, agents), places, offices)


def _topics(matches: list[Match], agents: list[Mention]) -> list[TopicMention]:
    """The topics, but not those inside the name of an agent (“Ministry of *Commerce*”)."""
    offices = [match for match in matches if match.group == "office"]
    names = [(m.start, m.end) for m in agents] + [(m.start, m.end) for m in offices]
    return [
        TopicMention(match.start, match.end, entry)
        for match in matches
        if match.group == "topic"
        and not any(a <= match.start and match.end <= b and b - a > match.end - match.start for a, b in names)
        for entry in match.entries
    ]
