"""Answers about exchanges: which, how many, when, where, who, how long, and whether."""

from collections.abc import Sequence
from dataclasses import replace

from kg.questions.event_details import EventDetails
from kg.questions.event_matching import EventCandidate
from kg.questions.event_pairs import EventPairs
from kg.questions.event_rows import EventRows
from kg.questions.event_sentences import NEAREST, absent, items_of, kinds_of, undated, undated_only
from kg.questions.evidence import BASIC, Evidence
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply
from kg.questions.selection import Selected, Selection

__all__ = ["EventAnswers"]


class EventAnswers:
    """Answers what is asked about events."""

    def __init__(self, selection: Selection, evidence: Evidence) -> None:
        self.selection, self.evidence, self.lexicon = selection, evidence, selection.lexicon
        self.rows = EventRows(evidence)
        self.pairs = EventPairs(selection, self.rows)
        self.details = EventDetails(selection, self.rows)

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
            "where": self.details.places,
            "who": self.details.people,
            "duration": self.details.durations,
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

    def _whether(
        self, frame: Frame, events: Sequence[EventCandidate], found: Selected, words: Phrases
    ) -> Reply:
        listed = self._listed(frame, events, found, words)
        if frame.unknown:  # what is asked was not understood, so this is no yes
            return listed
        return replace(
            listed,
            text=words.say(
                "Yes: {text}",
                "是的：{text}",
                text=listed.text[:1].lower() + listed.text[1:] if not words.is_chinese else listed.text,
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
