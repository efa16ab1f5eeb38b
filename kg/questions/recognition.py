"""What a question names: agents, topics, offices, places, days, and events by their description."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.extract.time.dates import DateMention, find_dates
from kg.lexicon import Entry, Lexicon
from kg.questions.stemming import EMPTY

AGENT, TOPIC, OFFICE, PLACE, DATE, EVENT = "agent", "topic", "office", "place", "date", "event"
EVENT_KINDS = {
    "call": ("call",), "calls": ("call",), "conversation": ("call", "meeting"), "phone": ("call",),
    "meeting": ("meeting", "trade-talk"), "meetings": ("meeting",), "summit": ("meeting",),
    "talks": ("trade-talk", "meeting", "call"), "negotiations": ("trade-talk",), "round": ("trade-talk",),
    "consultations": ("trade-talk",), "visit": ("visit",), "trip": ("visit",),
    "readout": ("call", "meeting", "trade-talk"), "readouts": ("call", "meeting", "trade-talk"),
    "exchange": ("call", "meeting", "trade-talk"), "event": ("call", "meeting", "trade-talk", "visit"),
}  # fmt: skip
SEASONS = {"spring": ("03", "05"), "summer": ("06", "08"), "autumn": ("09", "11"), "fall": ("09", "11")}
YEAR = re.compile(r"\b(?:19|20)\d\d\b(?![-/])")
LATEST = re.compile(r"\b(?:last|latest|most recent|previous)\b", re.IGNORECASE)
UNDER = re.compile(
    r"\b(?:under|during the (?:presidency|term|years) of|in the time of)\s+(?:President\s+)?$", re.I
)
RELATIONS = re.compile(r"\b(since|after|before|until|by|during|under)\s+(?:the\s+)?$", re.IGNORECASE)
# What may join the parts of an event's description: “the *June 5* call *between* Trump *and* Xi *in* Busan”.
JOINT = re.compile(
    r"(?:\s|,|'s|the|last|latest|most recent|previous|phone|video|trade|telephone|first|of|on|in|at|"
    r"between|with|and|-|–|leaders'|recent|this|that|held|from)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """Some words of a question with what they mean.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last one.
        kind: `agent`, `topic`, `office`, `place`, `date` or `event`.
        iris: What it may mean; for a date none.
        date: First day, month or year of a date or event.
        end_date: Last one.
        relation: The word before it that makes a bound of a date: `since`, `until`, `under` …
        parts: For an event, the names that describe it.
        kinds: For an event, the folders of its identifier that the noun allows.
        yearless: Month and day (`06-05`) where the question gives no year.
        is_latest: Whether the last such event is meant.
    """

    start: int
    end: int
    kind: str
    iris: tuple[str, ...] = ()
    date: str | None = None
    end_date: str | None = None
    relation: str | None = None
    parts: tuple["Name", ...] = ()
    kinds: tuple[str, ...] = ()
    yearless: str | None = None
    is_latest: bool = False


def recognise(question: str, lexicon: Lexicon, today: str | None) -> list[Name]:
    """The names of a question in order; one inside the description of an event is part of that.

    Args:
        question: What somebody asks.
        lexicon: The names that are known.
        today: Day against which “last month” is resolved, `YYYY-MM-DD`.
    """
    dates = [_date(question, mention) for mention in find_dates(question, published=today)]
    dates += [_year(question, match) for match in YEAR.finditer(question)]
    things = [*_things(question, lexicon)]
    names = _apart([*dates, *things])
    names = [_related(question, name) for name in names]
    return _with_events(question, names)


def _things(question: str, lexicon: Lexicon) -> Iterator[Name]:
    found = {(m.start, m.end, m.group): m.entries for m in lexicon.find(question)}
    if question == question.lower():  # typed without capitals
        for match in lexicon.find(_capitalised(question)):
            word = question[match.start : match.end]
            is_leader = any(entry.kind == "Leader" for entry in match.entries)
            if match.group == AGENT and (len(word) > 3 or (is_leader and word not in EMPTY)):
                found.setdefault((match.start, match.end, AGENT), match.entries)
    for (start, end, group), entries in found.items():
        yield Name(start, end, group, _meant(entries, lexicon))


def _capitalised(text: str) -> str:
    return re.sub(r"\b[a-z]", lambda m: m[0].upper(), text)


def _meant(entries: Iterable[Entry], lexicon: Lexicon) -> tuple[str, ...]:
    """Of several persons of one surname those who led their country; else all."""
    known = list(entries)
    leaders = [entry for entry in known if entry.kind == "Leader"]
    countries = [entry for entry in known if lexicon.is_a(entry.kind, "Country")]
    chosen = known if len(known) == 1 else leaders or countries or known
    return tuple(entry.iri for entry in chosen)


def _date(question: str, mention: DateMention) -> Name:
    parts = dict(mention.parts)
    has_year = bool(parts.get("year") or parts.get("year2") or parts.get("which") or "unit" in parts)
    is_day = mention.date is not None and len(mention.date) == len("2025-06-05")
    yearless = (mention.date or "")[5:] if is_day and not has_year and mention.form == "day" else None
    first, last = mention.date, mention.end_date
    if (months := SEASONS.get(parts.get("season", "").lower())) and first and len(first) == len("2025"):
        first, last = f"{first}-{months[0]}", f"{first}-{months[1]}"
    relation = _relation(question, mention)
    return Name(mention.start, mention.end, DATE, (), first, last, relation, yearless=yearless)


def _year(question: str, match: re.Match[str]) -> Name:
    """The second year of “between 2021 *and 2024*”."""
    return Name(match.start(), match.end(), DATE, (), match[0], None, _bound(question, match.start()))


def _relation(question: str, mention: DateMention) -> str | None:
    relation = mention.relation if mention.relation in ("since", "after", "before", "until") else None
    return relation or _bound(question, mention.start)


def _bound(question: str, start: int) -> str | None:
    """“between *2021* and *2024*”: the first is a lower bound, the second an upper one."""
    before = question[:start].lower().split()
    if "between" in before and before[-1:] == ["and"]:
        return "until"
    return "since" if "between" in before[-3:] else None


def _apart(names: Iterable[Name]) -> list[Name]:
    """Names that do not overlap: dates first, then the longest; of one length topic, agent, office, place."""
    order = {DATE: 0, TOPIC: 1, AGENT: 2, OFFICE: 3, PLACE: 4}
    kept: list[Name] = []
    for name in sorted(names, key=lambda n: (n.kind != DATE, n.start - n.end, order[n.kind], n.start)):
        if not any(name.start < other.end and other.start < name.end for other in kept):
            kept.append(name)
    return sorted(kept, key=lambda name: name.start)


def _related(question: str, name: Name) -> Name:
    before = question[: name.start]
    if name.kind == AGENT and UNDER.search(before):
        return replace(name, relation="under")
    if name.kind == PLACE and (match := RELATIONS.search(before)):
        return replace(name, relation=match[1].lower())
    return name


def _with_events(question: str, names: list[Name]) -> list[Name]:
    """Gather around each noun for an event the names that describe it."""
    taken: set[Name] = set()
    events: list[Name] = []
    for match in re.finditer(r"\b(" + "|".join(EVENT_KINDS) + r")\b", question, re.IGNORECASE):
        if any(name.start <= match.start() < name.end for name in names):
            continue
        parts = [name for name in _around(question, names, match) if name not in taken]
        is_latest = bool(LATEST.search(question[max(0, match.start() - 40) : match.start()]))
        specific = [part for part in parts if part.kind in (DATE, PLACE) or part.kind == AGENT]
        if not specific and not is_latest:
            continue
        if not is_latest and all(part.kind == AGENT for part in specific):
            continue  # “calls between Trump and Xi”: any of them
        bounds = [part for part in specific if part.relation in ("since", "after", "before", "until")]
        if bounds and len(bounds) == len(specific) and bounds[0].start > match.start():
            continue  # “calls since June”: any of them
        taken.update(parts)
        event = _event(match, parts, is_latest=is_latest)
        events.append(replace(event, relation=bounds[0].relation) if bounds else event)
    rest = [_as_event(name) for name in names if name not in taken]
    return sorted([*rest, *events], key=lambda name: name.start)


def _as_event(name: Name) -> Name:
    """“since *Busan*”: a place after such a word stands for what happened there."""
    if name.kind == PLACE and name.relation in ("since", "after", "before"):
        kinds = ("meeting", "trade-talk", "visit")
        return Name(name.start, name.end, EVENT, relation=name.relation, parts=(name,), kinds=kinds)
    return name


def _around(question: str, names: list[Name], noun: re.Match[str]) -> list[Name]:
    found: list[Name] = []
    start, end = noun.span()
    for name in reversed([name for name in names if name.end <= start]):
        if name.kind in (DATE, AGENT, PLACE) and JOINT.fullmatch(question[name.end : start]):
            found.insert(0, name)
            start = name.start
    for name in [name for name in names if name.start >= end]:
        if name.kind in (DATE, AGENT, PLACE) and JOINT.fullmatch(question[end : name.start]):
            found.append(name)
            end = name.end
    return found


def _event(noun: re.Match[str], parts: list[Name], *, is_latest: bool) -> Name:
    dates = [part for part in parts if part.kind == DATE]
    return Name(
        min([noun.start(), *(part.start for part in parts)]),
        max([noun.end(), *(part.end for part in parts)]),
        EVENT,
        date=dates[0].date if dates else None,
        end_date=dates[0].end_date if dates else None,
        yearless=dates[0].yearless if dates else None,
        parts=tuple(parts),
        kinds=EVENT_KINDS[noun[1].lower()],
        is_latest=is_latest,
    )
