"""Whom a text has spoken of so far: what pronouns and bare nouns lead back to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from kg.extract.text.reading import Reading
from kg.model import Entity


@dataclass(frozen=True, slots=True)
class Party:
    """An agent as some words of the text mean it."""

    entity: Entity
    start: int
    end: int
    capacity: Entity | None = None


class Attribution(Protocol):
    """Who stands behind some words."""

    @property
    def claimants(self) -> tuple[Party, ...]:
        """Who says so."""


class SourceFinder(Protocol):
    """Tells the sources of the words of a sentence."""

    def attribution_at(self, offset: int) -> Attribution:
        """The source of the words at an offset."""


@dataclass(slots=True)
class Discourse:
    """What the text has spoken of so far.

    Attributes:
        persons: Persons in the order in which they were last made the subject, the latest last.
        plural: Those whom “they” means.
        principals: The parties of the exchange that the document is about.
        voice: Who speaks as “I”.
        body: The organization or country that was last the subject.
        office: The country that the last unnamed official speaks for.
        sources: Tells who says which words of the sentence that is read.
    """

    persons: list[Party] = field(default_factory=list)
    plural: tuple[Party, ...] = ()
    principals: tuple[Party, ...] = ()
    voice: Party | None = None
    body: Party | None = None
    office: Entity | None = None
    sources: "SourceFinder | None" = None

    def speaking(self, offset: int) -> Party | None:
        """The one person who says the words at an offset: of a turn, or of what the sentence attributes."""
        if self.voice is not None or self.sources is None:
            return self.voice
        claimants = self.sources.attribution_at(offset).claimants
        return claimants[0] if len(claimants) == 1 else None

    def saw(self, parties: Iterable[Party], reading: Reading) -> None:
        """Remember who was just made the subject."""
        found = tuple(party for party in parties if party != self.voice)
        if len(found) == 1 and not reading.lexicon.is_a(found[0].entity.kind, "Person"):
            self.body = found[0]
        for party in found:
            if reading.lexicon.is_a(party.entity.kind, "Person"):
                self.persons = [p for p in self.persons if p.entity != party.entity] + [party]
        if len(found) > 1:
            self.plural = found
