"""Answers that set exchanges beside each other: how long one came after another, and who met more often."""

import datetime
from dataclasses import replace

from kg.questions.event_matching import EXCHANGES, EventCandidate
from kg.questions.event_rows import EventRows
from kg.questions.event_sentences import absent, kinds_of, undated, undated_only
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply
from kg.questions.selection import Selection

__all__ = ["EventPairs"]

_LONG = 2 * 365  # days between two exchanges that hardly belong together if others have no day


class EventPairs:
    """Answers what is asked about two exchanges or two parties."""

    def __init__(self, selection: Selection, rows: EventRows) -> None:
        self.selection, self.rows, self.lexicon = selection, rows, selection.lexicon

    def interval(self, frame: Frame, after: Frame) -> Reply:
        """How long one event came after another.

        Args:
            frame: The later one.
            after: The earlier one.
        """
        words = Phrases(self.lexicon, frame.language)
        after_found = self.selection.select(after, kinds=EXCHANGES)
        later_found = self.selection.select(frame, kinds=EXCHANGES)
        first, later = after_found.events, later_found.events
        begins = next((it for it in reversed(first) if it.is_resolved), None)
        if begins is None and after.parties == frame.parties:
            first = self.selection.select(replace(after, parties=()), kinds=EXCHANGES).events
            begins = next((it for it in reversed(first) if it.is_resolved), None)
        if begins is None:
            return absent(self.selection, after, words)
        ends = next((it for it in later if it.is_resolved and it.date > (begins.end or begins.date)), None)
        if ends is None:
            return absent(self.selection, frame, words)
        days = (
            datetime.date.fromisoformat(ends.date) - datetime.date.fromisoformat(begins.end or begins.date)
        ).days
        if days > _LONG and (after_found.undated or later_found.undated):
            which, its = (after, after_found) if after_found.undated else (frame, later_found)
            rows, quotes, sparql = self.rows.of_events(its.undated, words)
            return Reply(undated_only(which, its, words), rows, quotes, sparql)
        rows, quotes, sparql = self.rows.of_events([begins, ends], words)
        text = words.say(
            "{days} days: {one}; then {other}.",
            "相隔{days}天：{one}；之后{other}。",
            days=days,
            one=words.event(begins),
            other=words.event(ends),
        )
        return Reply(text, rows, quotes, sparql)

    def compared(self, frame: Frame, words: Phrases) -> Reply:
        """How often each of several parties met the same other one."""
        sides = [p for p in frame.parties if p.is_side or len(p.iris) > 1]
        parts: list[str] = []
        events: list[EventCandidate] = []
        for party in (p for p in frame.parties if p not in sides):
            found = self.selection.select(replace(frame, parties=(party, *sides)), kinds=kinds_of(frame))
            parts.append(f"{party.label}: {len(found.events)}{undated(found, words)}")
            events += found.events
        rows, quotes, sparql = self.rows.of_events(events, words)
        about = words.about(replace(frame, parties=tuple(sides)))
        return Reply(
            words.say("{about}: {parts}.", "{about}：{parts}。", about=about, parts="; ".join(parts)),
            rows,
            quotes,
            sparql,
            is_found=bool(events),
        )
