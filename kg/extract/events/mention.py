"""An event as one sentence tells of it: the hand-over from the finder to the clusters of events."""

from dataclasses import dataclass, field
from datetime import date as day
from datetime import timedelta

from spacy.tokens import Token

from kg.extract.references.discourse import Party
from kg.extract.rules import EventRule
from kg.extract.text.reading import Sentence
from kg.extract.time.dates import DateMention
from kg.model import Entity

EXCHANGES = frozenset({"Call", "Meeting", "TradeTalk", "Visit"})
SCENES = frozenset({"at", "during", "in", "of", "from", "since", "after", "following"})


@dataclass(slots=True, eq=False)
class EventMention:
    """An event as one sentence tells of it.

    Attributes:
        rule: The rule that found it.
        sentence: Where.
        trigger: The word that names it.
        roles: Property and party, in order of the text.
        date: When, as the sentence gives it.
        deadline: Of an agreement, the day by which it is to be carried out.
        place: Where.
        is_reference: Whether it names an event told before, without saying who took part.
        is_definite: Whether it is spoken of as known (“*the* talks”).
        is_new: Whether it is set apart from those told before (“*another* round”).
        is_among_themselves: Whether a plural subject is all that it names (“*they* spoke about trade”).
        governor: The verb that it takes its arguments and its standing from.
        nominal: A noun between the two (“the *suspension* of tariffs”).
        effect: Of a measure, whether it restricts, eases or extends; local name of a value.
        names_others: Whether the sentence names a third country; of a measure, Taiwan is none.
        names_partner: Whether the sentence names two of the United States, China and Taiwan.
        is_between_sides: Whether the document names both countries and the sentence no third one.
        claimants: Its source; nobody: the document itself.
        relay: The outlet between them and the document.
        details: Of a measure, the numbers and goods that tell it from others of its kind.
        objects: Of a measure, slugs of the goods or matters that it is on.
        is_background: Whether another event is but dated by it (“the first call *since their summit*”).
    """

    rule: EventRule
    sentence: Sentence
    trigger: Token
    status: str
    roles: list[tuple[str, Party]] = field(default_factory=list)
    date: DateMention | None = None
    deadline: DateMention | None = None
    place: Entity | None = None
    is_reference: bool = False
    is_definite: bool = False
    is_new: bool = False
    is_background: bool = False
    is_among_themselves: bool = False
    governor: Token | None = None
    nominal: Token | None = None
    effect: str | None = None
    is_between_sides: bool = False
    names_others: bool = False
    names_partner: bool = False
    details: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    claimants: tuple[Entity, ...] = ()
    relay: Entity | None = None

    @property
    def kind(self) -> str:
        """Class of the event."""
        return self.rule.event

    def has_role(self, name: str) -> bool:
        """Whether somebody has a role."""
        return any(role == name for role, _ in self.roles)

    @property
    def parties(self) -> list[Entity]:
        """Who takes part, each once."""
        return list(dict.fromkeys(party.entity for _, party in self.roles))


def is_scene(draft: EventMention) -> bool:
    """“agreed to do this *at the summit* last year”: no plan, but where a plan was made."""
    word = draft.trigger
    is_placed = word.dep_ == "pobj" and word.head.lower_ in SCENES
    return is_placed and draft.governor is None and bool(draft.rule.nouns) and draft.kind in EXCHANGES


def is_later(begin: str, published: str) -> bool:
    """Whether a day is to come, and not only where the clocks are ahead of the publisher's."""
    if len(begin) < len("2000-01-01"):
        return begin > published
    return day.fromisoformat(begin) > day.fromisoformat(published) + timedelta(days=1)
