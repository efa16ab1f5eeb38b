"""Sentences on exchanges: one after the other, mentions without a day, and what is not there."""

from collections.abc import Iterable

from kg.questions.event_matching import EXCHANGES, EventCandidate
from kg.questions.frame import Frame
from kg.questions.periods import Period
from kg.questions.phrases import Phrases
from kg.questions.places import narrowest
from kg.questions.reply import Reply
from kg.questions.selection import Selected, Selection

__all__ = ["NEAREST", "absent", "items_of", "kinds_of", "undated", "undated_only"]

NEAREST = 3  # exchanges that are told instead


def absent(selection: Selection, frame: Frame, words: Phrases) -> Reply:
    """That no document tells of it, and what they tell of instead."""
    instead = []
    for name, found in selection.loosened(frame):
        latest = [*found.events[-NEAREST:]]
        if name == "period" and not frame.period.yearless:
            latest = sorted(found.events, key=lambda it: _away(it, frame.period))[:NEAREST]
            latest = sorted(latest, key=lambda it: it.date)
        instead += [words.event(it) for it in latest]
    text = words.say(
        "No document in the graph tells of {about}.",
        "图谱中没有文件提到{about}。",
        about=words.one(words.about(frame, 1)),
    )
    nearest = [*dict.fromkeys(instead)][:NEAREST]
    if nearest:
        text += words.say(" What is told of: {items}.", "文件提到的是：{items}。", items="; ".join(nearest))
    return Reply(text, is_found=False, instead=nearest)


def _away(it: EventCandidate, period: Period) -> int:
    """How many days an event lies from a period, roughly."""
    day, start, end = (
        _rough(it.date),
        _rough(period.start or period.end),
        _rough(period.end or period.start),
    )
    return max(start - day, day - end, 0)


def _rough(date: str) -> int:
    year, month, day = (int(part) for part in (date + "-06-15"[len(date) - 4 :])[:10].split("-"))
    return (year * 12 + month) * 31 + day


def items_of(frame: Frame, events: Iterable[EventCandidate], words: Phrases) -> str:
    """The exchanges one after the other, each with what the question leaves open."""
    items = []
    for it in events:
        where = (
            words.listed((words.label(place) for place in narrowest(it.places)), most=2)
            if not frame.places
            else ""
        )
        who = (
            words.people(words.parties(it))
            if len(frame.parties) < 2 or any(len(p.iris) > 1 or p.is_side for p in frame.parties)
            else ""
        )
        aside = ("，" if words.is_chinese else ", ").join(filter(None, [who, where]))
        aside = (who and words.occasion(it)) or aside
        items.append(
            words.say("{day} ({aside})", "{day}（{aside}）", day=words.span(it), aside=aside)
            if aside
            else words.span(it)
        )
    return ("、" if words.is_chinese else "; ").join(items[:15]) + (
        words.say(" and {n} more", "等", n=len(items) - 15) if len(items) > 15 else ""
    )


def undated(found: Selected, words: Phrases) -> str:
    """How many mentions were left aside because no day is given, and what month or year they tell."""
    if not found.undated:
        return ""
    vague = words.listed(sorted({words.date(it.date) for it in found.undated if it.date}), most=4)
    return words.say(
        ", and {n} mention{s} without a day{when}",
        "，另有{n}处提及未注明日期{when}",
        n=len(found.undated),
        s="" if len(found.undated) == 1 else "s",
        when=words.say(" ({vague})", "（{vague}）", vague=vague) if vague else "",
    )


def undated_only(frame: Frame, found: Selected, words: Phrases) -> str:
    """That all there is has no day."""
    return words.say(
        "No document gives a day for {about}; {n} mention{s} without a day.",
        "没有文件给出{about}的日期；有{n}处未注明日期的提及。",
        about=words.about(frame),
        n=len(found.undated),
        s="" if len(found.undated) == 1 else "s",
    )


def kinds_of(frame: Frame) -> tuple[str, ...]:
    """The kinds that count if a question names none: visits only where one party is named."""
    return (*EXCHANGES, "visit") if not frame.kinds and len(frame.parties) < 2 else EXCHANGES
