"""Answers about exchanges: which, how many, when, where, who, how long, and whether."""

from collections.abc import Sequence
from dataclasses import replace

from kg.questions.event_matching import EventCandidate
from kg.questions.event_pairs import EventPairs
from kg.questions.event_rows import EventRows
from kg.questions.event_sentences import NEAREST, absent, items_of, kinds_of, undated, undated_only
from kg.questions.evidence import BASIC, Evidence
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.places import narrowest
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selected, Selection

__all__ = ["EventAnswers"]


class EventAnswers:
    """Answers what is asked about events."""

    def __init__(self, selection: Selection, evidence: Evidence) -> None:
        self.selection, self.evidence, self.lexicon = selection, evidence, selection.lexicon
        self.rows = EventRows(evidence)
        self.pairs = EventPairs(selection, self.rows)

    def answer(self, frame: Frame) -> Reply:
        """The answer to a frame of events."""
        words = Phrases(self.lexicon, frame.language)
        if frame.want == "compare" and len(frame.parties) > 1:
            return self.pairs.compared(frame, words)
        found = self.selection.select(frame, kinds=kinds_of(frame))
        if frame.cancelled:
            return self._not_cancelled(frame, found, words)
        if found and frame.wordings:
            found = self._worded(frame, found)
        if not found:
            return absent(self.selection, frame, words)
        events = self._of_side(frame, found.events)
        if not events and frame.want not in ("count", "whether", "list"):
            events = found.undated
        if frame.order or frame.want in ("first", "last"):
            which = frame.order or frame.want
            days = [it.date for it in events]
            vague = [
                it
                for it in self._of_side(frame, found.undated)
                if it.date and not any(day.startswith(it.date) for day in days)
            ]
            events = sorted([*events, *vague], key=lambda it: (it.date, it.iri))
            found = replace(found, undated=tuple(it for it in found.undated if it not in vague))
            events = events[: frame.number] if which == "first" else events[-frame.number :]
        want = {"first": "when", "last": "when", "topics": "list", "words": "list", "changed": "list"}.get(
            frame.want, frame.want
        )
        tellers = {
            "count": self._counted,
            "where": self._where,
            "who": self._who,
            "duration": self._lasting,
            "whether": self._whether,
            "when": self._when,
        }
        return tellers.get(want, self._listed)(frame, events, found, words)

    def _worded(self, frame: Frame, found: Selected) -> Selected:
        """Those of whose passages one has the narrower wording: “Counternarcotics *Working Group*”."""
        events = (*found.events, *found.undated)
        facts, _ = self.evidence.facts(events, (*BASIC, "kg:discussedTopic"))
        wanted = [word.lower() for word in frame.wordings]
        named = {iri for iri, its in facts.items() if any(w in f.quote.lower() for f in its for w in wanted)}
        return Selected(
            tuple(it for it in found.events if it.iri in named),
            tuple(it for it in found.undated if it.iri in named),
        )

    # ── By what is wanted ──

    def _listed(
        self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases
    ) -> Reply:
        rows, quotes, sparql = self.rows.of_events(events or found.undated, words)
        if not events:
            return Reply(undated_only(frame, found, words), rows, quotes, sparql)
        text = words.say(
            "{n} {about}: {items}{more}.",
            "{about}有{n}次：{items}{more}。",
            n=len(events),
            about=words.about(frame, len(events)),
            items=items_of(frame, events, words),
            more=undated(found, words),
        )
        return Reply(text[:1].upper() + text[1:], rows, quotes, sparql)

    def _counted(
        self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases
    ) -> Reply:
        rows, quotes, sparql = self.rows.of_events(events, words)
        times = {1: "once", 2: "twice"}.get(len(events), f"{len(events)} times")
        text = words.say(
            "The documents date {n} {about} ({times}){items}{more}.",
            "文件载明日期的{about}共{n}次{items}{more}。",
            n=len(events),
            times=times,
            about=words.about(frame, len(events)),
            items=(words.say(": ", "：") + items_of(frame, events, words)) if events else "",
            more=undated(found, words),
        )
        return Reply(text, rows, quotes, sparql)

    def _when(self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases) -> Reply:
        rows, quotes, sparql = self.rows.of_events(events, words)
        if len(events) != 1:
            return self._listed(
                frame, events, replace(found, undated=()) if frame.number > 1 else found, words
            )
        it = events[0]
        which = frame.order or (frame.want if frame.want in ("first", "last") else "")
        if not it.date:
            return self._listed(replace(frame, want="list"), (), found, words)
        order = {"first": words.say("The first", "最早一次"), "last": words.say("The last", "最近一次")}.get(
            which, words.say("The", "")
        )
        text = words.say(
            "{order} {about} that a document dates was {day}: {event}{more}.",
            "{order}{about}是在{day}：{event}{more}。",
            order=order,
            about=words.about(frame, 1),
            day=words.day(it),
            event=words.event(it),
            more=undated(found, words),
        )
        return Reply(text, rows, quotes, sparql)

    def _where(
        self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases
    ) -> Reply:
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

    def _who(self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases) -> Reply:
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

    def _lasting(self, _: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases) -> Reply:
        facts, sparql = self.evidence.facts(events or found.undated, ("kg:duration", "kg:approximate"))
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

    def _whether(
        self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases
    ) -> Reply:
        told = self._listed(frame, events, found, words)
        if frame.unknown:  # what is asked was not understood, so this is no yes
            return told
        return replace(
            told,
            text=words.say(
                "Yes: {text}",
                "是的：{text}",
                text=told.text[:1].lower() + told.text[1:] if not words.is_chinese else told.text,
            ),
        )

    def _not_cancelled(self, frame: Frame, found: Selected, words: Phrases) -> Reply:
        if not found.events:
            return absent(self.selection, frame, words)
        took = words.listed(words.event(it) for it in found.events[-NEAREST:])
        text = words.say(
            "No document says that it was called off: the {took} took place.",
            "没有文件说它被取消：{took}已经举行。",
            took=took,
        )
        return Reply(text, is_found=False, instead=[took])

    def _of_side(self, frame: Frame, events: Sequence[EventCandidate]) -> Sequence[EventCandidate]:
        if not frame.of_side:
            return events
        known = self.lexicon.entries
        return [
            it for it in events if any(a in known and known[a].represents == frame.of_side for a in it.agents)
        ]
