"""Reads how long an exchange took and that its place is open, which a sentence may say of the one before."""

from kg.extract.clauses.en import is_clause
from kg.extract.events.clusters import EventClusters
from kg.extract.events.mention import EXCHANGES
from kg.extract.events.record import EventRecord, SupportedValue
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, Sentence


class EventDetails:
    """Gives the exchanges of one document their durations and open places."""

    def __init__(self, reading: Reading, rules: Rules, clusters: EventClusters) -> None:
        self.reading, self.rules, self.clusters = reading, rules, clusters

    def read(self, sentence: Sentence, records: list[EventRecord]) -> None:
        """Durations and open places that a sentence gives of an event."""
        span = (sentence.start, sentence.end)
        text = self.reading.text[sentence.start : sentence.end]
        target = next((r for r in records if r.kind in EXCHANGES), None)
        place_of = target or self._last_planned()
        if place_of is not None and place_of.is_ahead and self.rules.patterns["open_place"].search(text):
            place_of.is_place_open = place_of.is_place_open or SupportedValue(True, [span])
        for length in self.reading.durations:
            if sentence.start <= length.start and length.end <= sentence.end and length.iso.startswith("PT"):
                event = target if target and target.status and target.status.value == "Occurred" else None
                event = event or (self.clusters.current if self._is_about_event(sentence) else None)
                if event is not None and event.duration is None:
                    event.duration = SupportedValue(length, [span])

    def _is_about_event(self, sentence: Sentence) -> bool:
        lasted = self.rules.lists["last_verbs"]
        return any(token.lemma_ in lasted and is_clause(token) for token in sentence.span)

    def _last_planned(self) -> EventRecord | None:
        planned = [r for r in self.clusters.records if r.is_ahead]
        return planned[-1] if planned else None
