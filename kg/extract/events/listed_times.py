"""Lists of days and places of which each tells of an event: “in Vienna in May, in Malta in June”."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extract.events.mention import EventMention
from kg.extract.references.mentions import Mention
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.extract.time.dates import DateMention, resolve
from kg.model import Entity


@dataclass(frozen=True, slots=True)
class TimeAndPlace:
    """One of several times that a sentence says something took place.

    Attributes:
        start: Offset at which its words begin.
        end: Offset after them.
        date: When.
        place: Where.
        agents: Who is named in it alone: after “with”, the partners; before, those who act.
        has_with: Whether those are partners.
    """

    start: int
    end: int
    date: DateMention | None
    place: Entity | None
    agents: tuple[Mention, ...] = ()
    has_with: bool = False


class ListedTimes:
    """Finds such lists in one document."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules = reading, rules
        self.filler = rules.patterns["occasion_filler"]
        self.border = rules.patterns["occasion_border"]

    def of(self, draft: EventMention) -> list[TimeAndPlace]:
        """The times of which a list behind the trigger tells, if it tells of several.

        “in Vienna *in May*, in Malta *in June* and, with Y, in Rome”: each item names a day or a partner, and
        nothing else stands in it.
        """
        first = self._first_end(draft)
        found: list[TimeAndPlace] = []
        text = self.reading.text
        last = draft.sentence.end - (text[draft.sentence.end - 1] in ".;!?")
        spans = list(self._items(first, last))
        for number, (start, end) in enumerate(spans):
            occasion = self._occasion(start, end, is_first=number == 0)
            if occasion is None:
                break
            found.append(occasion)
        if len(found) > 2 and not (found[0].date or found[0].place) and not any(o.agents for o in found[1:]):
            found = [replace(o, agents=found[0].agents) for o in found[1:]]  # “met *X* twice, in …”
        while len(found) > 1 and not (found[-1].date or found[-1].agents):
            found.pop()
        if len(found) < 2 or not any(o.date for o in found[1:]):
            return []
        is_each_told = all(o.agents and (o.date or o.place) for o in found)
        if sum(1 for o in found if o.date) < 2 and not is_each_told:
            return []
        return list(_with_years(found))

    def _items(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The pieces between commas and “and”, those put together that make one day or name."""
        text, begin = self.reading.text, start
        taken = [(d.start, d.end) for d in self.reading.dates_in(start, end)]
        taken += [(m.start, m.end) for m in self.reading.mentions.agents_in(start, end)]
        for border in self.border.finditer(text, start, end):
            if any(a < border.end() and border.start() < b for a, b in taken):
                continue
            if self._joins_pair(begin, border.start()):
                continue
            if border.start() > begin:
                yield begin, border.start()
            begin = border.end()
        yield begin, end

    def _joins_pair(self, start: int, end: int) -> bool:
        """“a summit *between A and B* in May”: the first “and” after “between” sets nothing apart."""
        between = list(self.rules.patterns["occasion_between"].finditer(self.reading.text, start, end))
        return bool(between) and not self.rules.patterns["occasion_and"].search(
            self.reading.text, between[-1].end(), end
        )

    def _occasion(self, start: int, end: int, *, is_first: bool) -> TimeAndPlace | None:
        dates = self.reading.dates_in(start, end)
        places = [p for p in self.reading.mentions.places_in(start, end) if p.end <= end]
        agents = [a for a in self.reading.mentions.agents_in(start, end) if a.is_person]
        if len(dates) > 1 or not (dates or agents or places):
            return None
        words = masked(self.reading, start, end)
        for date_ in dates:
            words = words.replace(self.reading.text[date_.start : date_.end], "", 1)
        if not is_first and not self.filler.fullmatch(words):
            return None
        has_with = bool(self.rules.patterns["occasion_with"].search(words))
        return TimeAndPlace(
            start, end, dates[0] if dates else None, places[0].entity if places else None,
            tuple(agents), has_with,
        )  # fmt: skip

    def _first_end(self, draft: EventMention) -> int:
        governor = draft.governor
        tokens = [draft.trigger] + ([governor] if governor is not None else [])
        return max(end_of(t) for t in tokens)


def masked(reading: Reading, start: int, end: int, words_: Iterable[Token] = ()) -> str:
    """The text between two offsets with blanks for names, places, offices and some words."""
    words = list(reading.text[start:end])
    mentions = reading.mentions
    spans = [*mentions.agents_in(start, end), *mentions.places_in(start, end)]
    spans += [m for m in mentions.offices if start <= m.start < end]  # type: ignore[misc]
    ranges = [(s.start, s.end) for s in spans] + [(start_of(t), end_of(t)) for t in words_]
    for first, last in ranges:
        for index in range(max(first, start) - start, min(last, end) - start):
            words[index] = " "
    return "".join(words)


def _with_years(found: list[TimeAndPlace]) -> Iterator[TimeAndPlace]:
    """The occasions, one without a year in that of the next (“in April and May 2017”)."""
    year: str | None = None
    done: list[TimeAndPlace] = []
    for occasion in reversed(found):
        mention = occasion.date
        if mention is not None:
            has_year = any(name in dict(mention.parts) for name in ("year", "year2"))
            if has_year and mention.date:
                year = mention.date[:4]
            elif year is not None and mention.form in ("day", "month"):
                mention = resolve(replace(mention, parts=(*mention.parts, ("year", year))), None)
        done.append(replace(occasion, date=mention))
    yield from reversed(done)
