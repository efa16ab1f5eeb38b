"""Answers about invitations: who invited whom."""

from collections.abc import Sequence
from dataclasses import replace

from kg.questions.evidence import Evidence
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selection

__all__ = ["invitation_answer"]


def invitation_answer(frame: Frame, words: Phrases, selection: Selection, evidence: Evidence) -> Reply:
    """The answer to a frame of invitations.

    Args:
        frame: What is asked.
        words: Phrases of the question's language.
        selection: Finds the events.
        evidence: Finds their passages.
    """
    found = selection.select(replace(frame, kinds=("invitation",), places=()), kinds=("invitation",))
    events = [*found.events, *found.undated] if frame.want == "count" or not found.events else [*found.events]
    if frame.order:
        events = events[:1] if frame.order == "first" else events[-1:]
    facts, sparql = evidence.facts(events, ("kg:inviter", "kg:invitee", "kg:date"))
    rows: list[Row] = []
    quotes: list[tuple[str, str]] = []
    for it in events:
        named = {
            role: sorted({f.value for f in facts.get(it.iri, ()) if f.predicate.endswith(role)})
            for role in ("inviter", "invitee")
        }
        if not named["inviter"] or not named["invitee"]:
            continue
        best = evidence.best(it, [f for f in facts.get(it.iri, ()) if not f.predicate.endswith("date")])
        quotes += [(fact.document, fact.quote) for fact in best]
        rows.append(
            {
                "event": it.iri,
                "eventLabel": words.event(it),
                "date": it.date,
                "inviterLabel": words.people(named["inviter"], it.date),
                "inviteeLabel": words.people(named["invitee"], it.date),
                "document": best[0].document if best else "",
                "quote": best[0].quote if best else "",
            }
        )
    if not rows:
        return Reply("", sparql=sparql, is_found=False)
    return Reply(_who_invited(rows, words), rows, quotes, sparql)


def _who_invited(rows: Sequence[Row], words: Phrases) -> str:
    items = words.listed(
        words.say(
            "{one} invited {other}{when}",
            "{when}{one}邀请{other}",
            one=row["inviterLabel"],
            other=row["inviteeLabel"],
            when=words.say(" ({day})", "{day}", day=words.date(row["date"])) if row["date"] else "",
        )
        for row in rows
    )
    return items + words.say(".", "。")
