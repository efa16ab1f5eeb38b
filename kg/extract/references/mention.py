"""What a text names, and where: agents, places and topics."""

from dataclasses import dataclass

from kg.lexicon import Entry
from kg.model import Entity


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an agent or place.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last character.
        entity: What is meant.
        capacity: The office by which a person is named.
        is_person: Whether it is a person.
        titles: Words of the office by which the text names the person, in small letters.
    """

    start: int
    end: int
    entity: Entity
    capacity: Entity | None = None
    is_person: bool = False
    titles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TopicMention:
    """Words that name a topic."""

    start: int
    end: int
    entry: Entry


def as_entity(entry: Entry) -> Entity:
    """An entry of the reference data as statements refer to it."""
    return Entity(entry.kind, entry.label, entry.iri)
