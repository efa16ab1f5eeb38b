"""When: the days, months and years that a question names, as a first and a last one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.extract.time.dates import DateMention, find_dates

__all__ = ["ANY_TIME", "Dated", "Period", "dated"]

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_MONTH = re.compile(rf"\b(?:{_MONTHS})\b", re.I)
_MODAL = re.compile(
    r"(?:\b(?:in|since|this|last|between|and|of|by|until|from|to|early|late|mid|next|after|before|-)\s+$)",
    re.I,
)
_NUMBER = re.compile(r"\.?\s+\d|\d")
_NAMES = {name[:3]: f"{n:02}" for n, name in enumerate(_MONTHS.split("|")[:12], 1)}
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-]|年)")
_SINCE = re.compile(
    r"\b(?:since|after|from|as of|starting|beginning)\s+(?:the\s+)?(?:start of\s+)?$|[自从]$", re.I
)
_UNTIL = re.compile(
    r"\b(?:until|till|before|by|up to|prior to|through)\s+(?:the\s+)?(?:end of\s+)?$|截至$|截止$|到$", re.I
)
_AFTER_HAN = re.compile(r"\s*(?:以来|之后|以后|起|后)")
_BEFORE_HAN = re.compile(r"\s*(?:以前|之前|前|为止)")
_JOIN = re.compile(r"\s*(?:and|to|until|till|through|-|–|—|到|至|和|与)\s*", re.I)
_OPEN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$|[自从]?$", re.I)
_HAN_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年|(?P<which>今年|去年|前年))\s*(?:的)?(?:(?P<month>\d{1,2})月(?:份)?(?:(?P<day>\d{1,2})[日号])?)?"
    r"|(?P<bare_month>\d{1,2})月(?:份)?(?:(?P<bare_day>\d{1,2})[日号])?|(?P<unit>上个?月|这个?月|本月)"
)
_SEASONS = {"spring": ("03", "05"), "summer": ("06", "08"), "autumn": ("09", "11"), "fall": ("09", "11")}
_DAY = len("2000-01-01")


@dataclass(frozen=True, slots=True)
class Period:
    """From one day, month or year to another, both included; empty where it is open.

    Attributes:
        start: First one, `YYYY[-MM[-DD]]`.
        end: Last one, likewise.
        yearless: Month, or month and day, of a year that is not named: `06`, `06-05`.
    """

    start: str = ""
    end: str = ""
    yearless: str = ""

    def __bool__(self) -> bool:
        """Whether it narrows anything."""
        return bool(self.start or self.end or self.yearless)

    def holds(self, date: str, last: str = "") -> bool:
        """Whether something of that date, until the last one, may fall into it."""
        if not self:
            return True
        if not date:
            return False
        if self.yearless:
            return date[5:].startswith(self.yearless) or (last or date)[5:].startswith(self.yearless)
        begins, ends = date, last or date
        after = not self.start or ends[: len(self.start)] >= self.start[: len(ends)]
        return after and (not self.end or begins[: len(self.end)] <= self.end[: len(begins)])

    def within(self, other: "Period") -> "Period":
        """What lies in both."""
        return Period(
            max(self.start, other.start),
            min(filter(None, (self.end, other.end)), default=""),
            self.yearless or other.yearless,
        )

    def with_other(self, other: "Period") -> "Period":
        """What lies in both, or if nothing does, from the first to the last: “2025 and 2026”."""
        both = self.within(other)
        if both.start and both.end and both.start[: len(both.end)] > both.end[: len(both.start)]:
            return Period(min(self.start, other.start), max(self.end, other.end), both.yearless)
        return both


ANY_TIME = Period()


@dataclass(frozen=True, slots=True)
class Dated:
    """Some words with the period that they name.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last one.
        period: What they name; open on one side for “since” and “until”.
        relation: `since`, `until` or empty.
    """

    start: int
    end: int
    period: Period
    relation: str = ""


def dated(text: str, today: str | None) -> list[Dated]:
    """The periods that a question names, in order; “between A and B” is one.

    Args:
        text: The question.
        today: Day against which “last month” is resolved.
    """
    found = sorted([*_english(text, today), *_chinese(text, today)], key=lambda it: it.start)
    apart: list[Dated] = []
    for it in found:
        if not apart or it.start >= apart[-1].end:
            apart.append(it)
    return [_bounded(text, it) for it in _joined(text, apart)]


def _english(text: str, today: str | None) -> Iterator[Dated]:
    written = _MONTH.sub(lambda m: m[0].capitalize() if _is_month(text, m) else m[0].lower(), text)
    taken: list[tuple[int, int]] = []
    for mention in find_dates(written, published=today):
        if mention.date is not None:
            taken.append((mention.start, mention.end))
            yield Dated(mention.start, mention.end, _period(mention))
    for match in _YEAR.finditer(text):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            taken.append(match.span())
            yield Dated(*match.span(), Period(match[0], match[0]))
    for match in _MONTH.finditer(text):
        if _is_month(text, match) and not any(a < match.end() and match.start() < b for a, b in taken):
            yield Dated(*match.span(), Period(yearless=_NAMES[match[0].lower()[:3]]))


def _is_month(text: str, match: re.Match[str]) -> bool:
    is_modal = match[0].lower() in ("may", "mar", "march") and not match[0][0].isupper()
    return not is_modal or bool(_MODAL.search(text[: match.start()]) or _NUMBER.match(text, match.end()))


def _period(mention: DateMention) -> Period:
    parts, first, last = dict(mention.parts), mention.date or "", mention.end_date or mention.date or ""
    has_year = bool(parts.get("year") or parts.get("year2") or parts.get("which") or "unit" in parts)
    if not has_year and mention.form == "day" and len(first) == _DAY:
        return Period(yearless=first[5:])
    if not has_year and mention.form == "month":
        return Period(yearless=first[5:7])
    if (months := _SEASONS.get(parts.get("season", "").lower())) and len(first) == len("2025"):
        return Period(f"{first}-{months[0]}", f"{first}-{months[1]}")
    return Period(first, last)


def _chinese(text: str, today: str | None) -> Iterator[Dated]:
    now = today or ""
    for match in _HAN_DATE.finditer(text):
        year = match["year"] or ""
        if match["which"] and now:
            year = str(int(now[:4]) - {"今年": 0, "去年": 1, "前年": 2}[match["which"]])
        if match["unit"] and now:
            count = int(now[:4]) * 12 + int(now[5:7]) - 1 - (match["unit"][0] == "上")
            month = f"{count // 12}-{count % 12 + 1:02}"
            yield Dated(*match.span(), Period(month, month))
        elif year:
            parts = [part for part in (match["month"], match["day"]) if part]
            whole = "-".join([year, *(f"{int(part):02}" for part in parts)])
            yield Dated(*match.span(), Period(whole, whole))
        elif match["bare_month"]:
            parts = [part for part in (match["bare_month"], match["bare_day"]) if part]
            yield Dated(*match.span(), Period(yearless="-".join(f"{int(part):02}" for part in parts)))


def _joined(text: str, found: list[Dated]) -> Iterator[Dated]:
    """“Between May and December 2025” is one period; the month without a year is of the other's."""
    index = 0
    while index < len(found):
        one = found[index]
        other = found[index + 1] if index + 1 < len(found) else None
        if other and _JOIN.fullmatch(text[one.end : other.start]) and _OPEN.search(text[: one.start]):
            first, last = one.period, other.period
            if first.yearless and last.end:
                first = Period(f"{last.end[:4]}-{first.yearless}")
            if last.yearless and first.start:
                last = Period(end=f"{first.start[:4]}-{last.yearless}")
            if first.start and last.end:
                yield Dated(one.start, other.end, Period(first.start, last.end), "range")
                index += 2
                continue
        yield one
        index += 1


def _bounded(text: str, it: Dated) -> Dated:
    before = text[: it.start]
    if it.relation or it.period.yearless or it.period.start != it.period.end:
        return it
    if _AFTER_HAN.match(text, it.end) or _SINCE.search(before):
        return replace(it, period=Period(start=it.period.start), relation="since")
    if _BEFORE_HAN.match(text, it.end) or _UNTIL.search(before):
        return replace(it, period=Period(end=it.period.end), relation="until")
    return it
