"""What else is asked of exchanges that were found: where they were, who took part, how long they took."""

from collections.abc import Sequence

from kg.questions.event_matching import EventCandidate
from kg.questions.event_rows import EventRows
from kg.questions.event_sentences import absent
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.places import narrowest
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selected, Selection

__all__ = ["EventDetails"]


class EventDetails:
    """Answers with the places, people and lengths of exchanges."""

    def __init__(self, selection: Selection, rows: EventRows) -> None:
        self.selection, self.rows, self.lexicon = selection, rows, selection.lexicon

    def places(
        self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases
    ) -> Reply:
        """Where the exchanges were."""
        placed = [it for it in events if it.places]
        if not placed:
            placed = [it for it in found.undated if it.places] if not frame.period else []
        if not placed:
            return Reply(
                words.say(
                    "No fact says where: {event}.",
                    "没有事实说明地点：{event}。",
                    event=words.event(events[-1]),
                ),
                is_found=False,
            )
        rows, quotes, sparql = self.rows.of_events(placed, words)
        if len(placed) == 1:
            it = placed[0]
            text = words.say(
                "In {place}: {event}.",
                "在{place}：{event}。",
                place=words.listed(words.label(p) for p in narrowest(it.places)),
                event=words.event(it),
            )
            return Reply(text, rows, quotes, sparql)
        places = [
            words.say(
                "{place} ({day})",
                "{place}（{day}）",
                day=words.span(it),
                place=words.listed((words.label(p) for p in narrowest(it.places)), most=3),
            )
            for it in placed
        ]
        text = words.say(
            "{about} were held in {places}.",
            "{about}的地点：{places}。",
            about=words.about(frame, len(placed)),
            places=words.listed(places),
        )
        return Reply(text[:1].upper() + text[1:], rows, quotes, sparql)

    def people(
        self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases
    ) -> Reply:
        """Who took part in the exchanges."""
        known = self.lexicon.entries
        people: dict[str, EventCandidate] = {}
        asked = {iri for party in frame.parties for iri in party.iris}
        many = [party for party in frame.parties if len(party.iris) > 1]
        for it in events or found.undated:
            for iri in words.parties(it):
                if frame.of_side and (known[iri].represents != frame.of_side or iri in asked):
                    continue
                if many and iri not in {i for party in many for i in party.iris}:
                    continue
                people.setdefault(iri, it)
        if not people:
            return absent(self.selection, frame, words)
        if all(self.lexicon.is_a(known[iri].kind, "Country") for iri in people):
            named = words.event(next(iter(people.values())))
            text = words.say(
                "No fact names who took part: {event}.", "没有事实说明有谁参加：{event}。", event=named
            )
            return Reply(text, is_found=False)
        rows, quotes, sparql = self.rows.of_people(people, words)
        named = words.listed(
            (
                words.person(iri, it.date) + (f", {words.span(it)}" if many or frame.of_side else "")
                for iri, it in people.items()
            ),
            most=15,
        )
        text = words.say(
            "{people} ({about}).",
            "{people}（{about}）。",
            about=words.about(frame, len(events)),
            people=named,
        )
        return Reply(text[:1].upper() + text[1:], rows, quotes, sparql)

    def durations(self, _: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases) -> Reply:
        """How long the exchanges took."""
        facts, sparql = self.rows.evidence.facts(events or found.undated, ("kg:duration", "kg:approximate"))
        rows: list[Row] = []
        items = []
        for it in events or found.undated:
            rough = {
                fact.document for fact in facts.get(it.iri, ()) if fact.predicate.endswith("approximate")
            }
            for fact in facts.get(it.iri, ()):
                if fact.predicate.endswith("duration"):
                    length = words.duration(fact.value, is_rough=fact.document in rough)
                    items.append(
                        words.say(
                            "the {event} took {length}",
                            "{event}历时{length}",
                            event=words.event(it),
                            length=length,
                        )
                    )
                    rows.append(
                        {
                            "event": it.iri,
                            "eventLabel": words.event(it),
                            "date": it.date,
                            "duration": length,
                            "document": fact.document,
                            "quote": fact.quote,
                        }
                    )
        if not rows:
            return Reply(
                words.say(
                    "No fact says how long it took: {event}.",
                    "没有事实说明时长：{event}。",
                    event=words.event((events or found.undated)[-1]),
                ),
                is_found=False,
            )
        text = words.listed(items) + words.say(".", "。")
        return Reply(
            text[:1].upper() + text[1:], rows, [(row["document"], row["quote"]) for row in rows], sparql
        )
