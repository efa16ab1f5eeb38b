"""The rows of answers about exchanges, each with the passages that bear it out."""

from collections.abc import Mapping, Sequence

from kg.questions.event_matching import EventCandidate
from kg.questions.evidence import Evidence
from kg.questions.phrases import Phrases
from kg.questions.places import narrowest
from kg.questions.reply import Row

__all__ = ["EventRows"]

Quotes = list[tuple[str, str]]


class EventRows:
    """Makes rows of events and of those who took part."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence, self.lexicon = evidence, evidence.lexicon

    def of_events(self, events: Sequence[EventCandidate], words: Phrases) -> tuple[list[Row], Quotes, str]:
        """One row per event, the passages in the order of the rows, and the query that gave them."""
        facts, sparql = self.evidence.facts(events) if events else ({}, "")
        rows: list[Row] = []
        quotes: Quotes = []
        for it in events:
            best = self.evidence.best(it, facts.get(it.iri, ()))
            quotes += [(fact.document, fact.quote) for fact in best]
            rows.append(
                {
                    "event": it.iri,
                    "eventLabel": words.event(it),
                    "date": it.date,
                    "endDate": it.end,
                    "participantLabel": words.people(words.parties(it), it.date, with_office=True),
                    "placeLabel": words.listed(words.label(place) for place in narrowest(it.places)),
                    "document": best[0].document if best else "",
                    "quote": best[0].quote if best else "",
                }
            )
        return rows, quotes, sparql

    def of_people(
        self, people: Mapping[str, EventCandidate], words: Phrases
    ) -> tuple[list[Row], Quotes, str]:
        """One row per person, with an event in which he or she took part, and the passage that says so."""
        facts, sparql = self.evidence.facts([*dict.fromkeys(people.values())])
        rows: list[Row] = []
        quotes: Quotes = []
        for iri, it in people.items():
            named = [f for f in facts.get(it.iri, ()) if self.evidence.named(f.quote, [iri])]
            best = self.evidence.best(it, named or facts.get(it.iri, ()))
            quotes += [(fact.document, fact.quote) for fact in best]
            side = self.lexicon.entries[iri].represents
            rows.append(
                {
                    "participant": iri,
                    "participantLabel": words.label(iri),
                    "officeLabel": words.office(iri, it.date),
                    "sideLabel": words.label(side) if side else "",
                    "event": it.iri,
                    "eventLabel": words.event(it),
                    "date": it.date,
                    "document": best[0].document if best else "",
                    "quote": best[0].quote if best else "",
                }
            )
        return rows, quotes, sparql
