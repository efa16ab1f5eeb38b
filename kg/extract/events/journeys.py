"""Where journeys lead: the country behind a place, a government or a body that is visited."""

from dataclasses import replace

from spacy.tokens import Token

from kg.extract.clauses.en import objects, obliques
from kg.extract.events.governors import TriggerSite
from kg.extract.references.discourse import Party
from kg.extract.references.mentions import as_entity
from kg.extract.references.pairs import SIDES
from kg.extract.references.resolver import Resolver
from kg.extract.text.reading import Reading, Sentence, end_of, start_of

OF_BOTH = frozenset({"Readout", "JointStatement", "Transcript"})  # kinds in which a guest is the other's


class JourneyFinder:
    """Finds the hosts of journeys in one document."""

    def __init__(self, reading: Reading, resolver: Resolver) -> None:
        self.reading, self.resolver = reading, resolver

    def host(self, shown: frozenset[str | None], site: TriggerSite, sentence: Sentence) -> Party | None:
        """The country that a visit leads to, where the sentence names no other than the guest's.

        Args:
            shown: Of the two countries, those whose people travel.
            site: The words that tell of the visit.
            sentence: Where they stand.
        """
        if len(shown) != 1 or self._has_goal(site.trigger):
            return None
        goal = next(iter(SIDES - shown))
        named = {
            self.resolver.side_of(m.entity)
            for m in self.reading.mentions.agents_in(sentence.start, sentence.end)
        }
        if goal not in named and self.reading.document.kind not in OF_BOTH:
            before = next(iter(self.reading.sentences_before(sentence.start)), None)
            if objects(site.trigger) or before is None or not self._leads_to(goal, before.start, before.end):
                return None  # “Blinken visited *China*. Yellen also visited last week.”
        return next((p for p in self.resolver.sides(site.trigger) if p.entity.iri == goal), None)

    def _has_goal(self, trigger: Token) -> bool:
        """Whether something else than a day hangs on the words for a journey (“visited *in May*”)."""
        hung = obliques(trigger)
        goals = [t for name in ("to", "in", "for", "at") for t in hung.get(name, [])]
        dates = self.reading.dates
        return any(not any(d.start <= start_of(t) < d.end for d in dates) for t in goals)

    def _leads_to(self, goal: str, start: int, end: int) -> bool:
        """Whether the words between two offsets tell of people in a country or on their way there."""
        text = self.reading.text[start:end].lower()
        named = {m.entity.iri for m in self.reading.mentions.agents_in(start, end)}
        entries = self.reading.lexicon.entries
        places = (entries.get(m.entity.iri or "") for m in self.reading.mentions.places_in(start, end))
        is_there = goal in named or any(e is not None and e.represents == goal for e in places)
        return is_there and any(word in text for word in ("visit", "trip", "travel", "in ", "arriv"))

    def hosts(self, found: list[Party]) -> list[Party]:
        """The countries that a journey leads to; “go to *them*” is none."""
        seats = [p for p in found if p.entity.kind in ("Country", "Government", "Organization")]
        entries = self.reading.lexicon.entries
        sides = [(p, self.resolver.side_of(p.entity) or "") for p in seats]
        return [
            p if p.entity.kind == "Country" else replace(p, entity=as_entity(entries[iri]))
            for p, iri in sides
            if p.entity.kind == "Country" or iri in entries
        ]

    def seats(self, words: list[Token]) -> list[Party]:
        """“landed in *Shanghai*”: the country in which a place lies."""
        entries = self.reading.lexicon.entries
        found = [m for w in words for m in self.reading.mentions.places_in(start_of(w.left_edge), end_of(w))]
        lies = [(m, entries[m.entity.iri].represents) for m in found if m.entity.iri in entries]
        return [Party(as_entity(entries[iri]), m.start, m.end) for m, iri in lies if iri in entries]
