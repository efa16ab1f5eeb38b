"""Finds dates in English text and resolves them to the precision that the text gives.

A table of expressions, each with the function that makes a date of it. What lacks a year, a weekday or
“last month” is resolved against the day of publication; what cannot be resolved stays `None`.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from kg.extract.time import arithmetic
from kg.extract.time.arithmetic import MONTHS, NUMBERS, RELATIVE_DAYS, SEASON_STARTS, WEEKDAYS, Resolver
from kg.extract.time.durations import DurationMention, find_durations

__all__ = ["OFFSET", "DateMention", "DurationMention", "find_dates", "find_durations", "resolve"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression of a text.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last character.
        exact: The words themselves, without the preposition.
        date: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as precise as the words; `None` if unresolvable.
        end_date: Last day, month or year of a range.
        part_of_day: `Morning`, `Afternoon`, `Evening` or `Night`.
        relation: What the word before says: `on`, `since`, `until`, `before`, `after`.
        vague: Whether the words say less than a date (“early 2024”, “last week”, “in the coming weeks”).
        form: Name of its row in the table.
        parts: What the expression consists of, for `resolve`.
    """

    start: int
    end: int
    exact: str
    date: str | None = None
    end_date: str | None = None
    part_of_day: str | None = None
    relation: str | None = None
    vague: bool = False
    form: str = ""
    parts: tuple[tuple[str, str], ...] = ()


def find_dates(text: str, *, published: str | None = None, future: bool = False) -> list[DateMention]:
    """The date expressions of `text` in order, resolved against `published` (`YYYY-MM-DD`).

    Where neither the words nor nearness decide, the last such date is meant, or the next one if `future`;
    `resolve` decides again for one mention.
    """
    found: list[DateMention] = []
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            mention = _mention(rule, text, match)
            if rule.allows(text, match) and not any(_overlap(mention, other) for other in found):
                found.append(mention)
    in_order = _without_doubles(sorted(found, key=lambda m: m.start), text)
    resolved: list[DateMention] = []
    for mention in in_order:
        based = mention
        if mention.form == OFFSET:
            based = _based(mention, [m for m in resolved if not FULL_STOP.search(text, m.end, mention.start)])
        elif mention.form == ANAPHORIC:
            based = _based(mention, resolved)
        resolved.append(resolve(based, published, future=future))
    return resolved


def _based(mention: DateMention, before: list[DateMention]) -> DateMention:
    """“two days later”, “the same day”: seen from the last day (month, year) that the text gave."""
    unit = dict(mention.parts)["unit"].lower().rstrip("s")
    least = len({"month": "2000-01", "year": "2000"}.get(unit, "2000-01-01"))
    days = [m.date for m in before if m.date and len(m.date) >= least]
    return replace(mention, parts=(*mention.parts, ("base", days[-1]))) if days else mention


def _without_doubles(found: list[DateMention], text: str) -> list[DateMention]:
    """The mentions, “tomorrow” left out where the day follows: “*Tomorrow*, on April 2nd”."""
    kept: list[DateMention] = []
    for number, mention in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else None
        is_told_again = (
            after is not None
            and mention.form in ("relative day", "weekday")
            and after.form == "day"
            and BESIDE.fullmatch(text, mention.end, after.start) is not None
        )
        if not is_told_again:
            kept.append(mention)
    return kept


def resolve(mention: DateMention, published: str | None, *, future: bool = False) -> DateMention:
    """`mention` with its date as it stands in a text of `published`.

    Args:
        mention: What `find_dates` found.
        published: Day of publication, `YYYY-MM-DD`.
        future: Whether the verb that governs the expression looks ahead (“will meet in April”).
    """
    parts = dict(mention.parts)
    own_year = parts.get("year") or parts.get("year2") or parts.get("base", "")[:4]
    if published is None and not own_year:
        return replace(mention, date=None, end_date=None)
    today = date.fromisoformat(published or f"{own_year}-01-01")
    if mention.form == "period" and not future:
        parts.setdefault("edge", "earlier")  # what is told of “this week” is before today
    direction = _direction(parts.get("which"), mention.relation, future=future)
    start, end = RESOLVER_BY_FORM[mention.form](parts, today, direction)
    return replace(mention, date=start, end_date=end)


def _direction(which: str | None, relation: str | None, *, future: bool) -> str:
    if which is not None:
        return {"past": "last", "coming": "next"}.get(which.split()[-1].lower(), which.lower())
    if relation in ("until", "before", "after"):
        return "nearest"
    if relation == "since":
        return "future" if future else "since"
    return "future" if future else "past"


# ── What surrounds an expression: part of day, edge of a period, preposition ──


def _context(pattern: str) -> re.Pattern[str]:
    """A pattern in which a blank is any white space and case does not matter."""
    return re.compile(pattern.replace(" ", r"\s{1,9}"), re.IGNORECASE)


ANAPHORIC = "anaphoric"
OFFSET = "offset"
FULL_STOP = re.compile(r"(?<![A-Z])[.!?][\"”]?\s")
BESIDE = re.compile(r",?\s*(?:on\s+)?(?:the\s+)?|\s*[,(]\s*")
REACH = 30  # characters before an expression that can bear on it
PART_BEFORE = _context(r"(?:the )?(?:(?:early|late) )?\b(?P<part>morning|afternoon|evening|night) of $")
PART_AFTER = _context(r",? (?:in the )?(?P<part>morning|afternoon|evening|night)\b")
EDGE_BEFORE = _context(
    r"\b(?P<edge>earlier|later|early|late|mid|(?:the )?(?:middle|beginning|start|end|close) of)"
    r"(?: in)?[\s-]+(?:the year )?$"
)
PREPOSITION = _context(
    r"\b(?:(?P<on>on|in|during|over|for|from)|(?P<since>since|as of|starting|beginning|effective)|"
    r"(?P<until>until|till|through|up to)|(?P<before>before|by|prior to|ahead of)|(?P<after>after|following))"
    r"(?: (?:about|around|on|from))?(?: the)? $"
)
PERIODS = ("month", "year", "period", "season")


def _mention(rule: "DateRule", text: str, match: re.Match[str]) -> DateMention:
    parts = {name: value for name, value in match.groupdict().items() if value}
    start, end = match.span()
    if before := PART_BEFORE.search(text, max(0, start - REACH), start):
        start, parts["part"] = before.start(), before["part"]
    elif after := PART_AFTER.match(text, end):
        end, parts["part"] = after.end(), after["part"]
    if rule.form in PERIODS and (edge := EDGE_BEFORE.search(text, max(0, start - REACH), start)):
        start, parts["edge"] = edge.start(), edge["edge"]
    preposition = PREPOSITION.search(text, max(0, start - REACH), start)
    return DateMention(
        start,
        end,
        text[start:end],
        part_of_day=_part_of_day(parts),
        relation=preposition.lastgroup if preposition else None,
        vague=rule.vague or "edge" in parts or parts.get("unit", "").lower() == "week",
        form=rule.form,
        parts=tuple(sorted(parts.items())),
    )


def _part_of_day(parts: dict[str, str]) -> str | None:
    if parts.get("word", "").lower().endswith("night"):
        return "Night"
    return parts["part"].title() if "part" in parts else None


def _overlap(one: DateMention, other: DateMention) -> bool:
    return one.start < other.end and other.start < one.end


# ── The table of expressions ─────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DateRule:
    """One kind of date expression.

    Attributes:
        form: Its name.
        pattern: What it looks like; the groups are the parts.
        after: What must stand before it.
        vague: Whether it says less than a date.
    """

    form: str
    pattern: re.Pattern[str]
    after: re.Pattern[str] | None = None
    vague: bool = False

    def allows(self, text: str, match: re.Match[str]) -> bool:
        """Whether the words before it are as they must be, and a joined pair is one range."""
        if self.after is not None and not self.after.search(
            text, max(0, match.start() - REACH), match.start()
        ):
            return False
        if match.groupdict().get("both"):
            return WEEKDAYS.index(match["weekday2"].title()) == WEEKDAYS.index(match["weekday"].title()) + 1
        return match.groupdict().get("and") is None or _are_neighbours(match)


def _are_neighbours(match: re.Match[str]) -> bool:
    """Whether “May 10 and 11” names two days in a row and not two apart."""
    is_next = arithmetic.number(match["day2"]) == arithmetic.number(match["day"]) + 1
    return is_next and match.groupdict().get("month2") in (None, match["month"])


PERCENT = r"\s?%|\sper\s?cent"
SHORT_MONTHS = [rf"{name[:3]}\b\.?" for name in MONTHS] + [r"Sept\b\.?"]
POINTERS = "(?i:last|next|this)"
ATOMS = {
    # A lower-case “may” or “march” is a verb.
    "month": f"(?=[A-Z])(?i:{'|'.join([*MONTHS, *SHORT_MONTHS])})",
    "weekday": f"(?=[A-Z])(?i:{'|'.join(WEEKDAYS)})",
    "day": rf"(?:0?[1-9]|[12]\d|3[01])(?i:st|nd|rd|th)?(?!\w|[,.]\d{{1,3}}(?!\d)|{PERCENT})",
    "year": rf"(?:19|20)\d\d(?!\w|[,.]\d|{PERCENT})",
    "which": r"(?i:(?:this )?(?:past|coming)|last|next|this)",
    "of_week": POINTERS,
    "of_month": POINTERS,
    "of_year": POINTERS,
    "part": "(?i:morning|afternoon|evening|night)",
    "season": f"(?i:{'|'.join(SEASON_STARTS)})",
    "n": rf"(?i:\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})",
    "word": f"(?i:{'|'.join(sorted(RELATIVE_DAYS, key=len, reverse=True))}|today|tonight)",
}
TO = r"(?: ?[-–—] ?| (?:to|through|till|until) )"
JOINED = TO.replace("(?:", r"(?:(?P<and> and )|", 1)
ITS_YEAR = r"(?:,? ?{year}|,?(?: of)? {of_year} year)?"
LAST_DAY = "(?:{weekday2},? )?(?:{month2} )?{day2}(?:,? ?{year2})?"
NTH = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"
NO_NOUN = "(?:in|at|and|to|local|with|for|when|but|by)\\b"
PLAIN_MONTH = f"(?=[A-Z])(?i:{'|'.join(name for name in MONTHS if name not in ('March', 'May'))})"
UNITS = "(?i:days|weeks|months|years|decades)"
ROUGHLY = "(?:(?i:about|some|around) )?"
SOME_DAYS = "(?: and (?i:an?|some|a few) (?i:days?|weeks?|months?))?"  # “a year and a day ago”
LONG_UNITS = "(?i:weeks|months|years|decades)"
IN = r"\b(?i:in|of|by|from|since|until|till|during|before|after|through|early|late|mid|last|this|next)[\s-]+$"
IN_YEAR = IN.replace("in|", "in|the|a|his|her|their|its|our|my|year|around|circa|to|between|for|", 1)
IN_YEAR = rf"{IN_YEAR}|['’]s $"
ON_THE = r"\b(?i:on|until|till|by|since|from|before|after|of) $"
PART_OF_YEAR = r"(?i:the (?:first|second|third|fourth|last) (?:quarter|half) of)"
VAGUE = (
    r"(?i:the (?:last|past|next|coming|previous|following)(?: few| several| couple of| {n})?"
    r" (?:days?|weeks?|months?|years?|decades?))",
    r"(?i:(?:recent|coming) (?:days|weeks|months|years|decades))",
    rf"(?i:the (?:{UNITS}(?: and |, ))*{UNITS} (?:ahead|to come))",
    rf"(?i:(?:a few|several|some|many) {LONG_UNITS} ago)",
    r"(?i:the near future|the spring|the fall|the winter)",
    r"(?i:(?:a|an|one|every|each|any|some)) {weekday}",
    r"(?:19|20)\d0['’]?s",
    r"(?i:recently|soon|shortly)\b",
    r"(?i:fiscal(?: year)?|FY) ?-?{year}",
    r"(?i:the (?:first|second|third|fourth|last|next) (?:quarter|half)(?: of (?:the )?fiscal(?: year)?)?)"
    r"(?: {year})?",
)


def _rule(form: str, template: str, *, after: str | None = None, vague: bool = False) -> DateRule:
    """A row of the table: `{month}` is a part of that name, a blank is any white space."""

    def part(slot: re.Match[str]) -> str:
        return f"(?P<{slot[0][1:-1]}>{ATOMS[slot[1]]})"

    pattern = re.sub(r"\{([a-z_]+)2?\}", part, template).replace(" ?", r"\s*").replace(" ", r"\s+")
    context = re.compile(after.replace(" ", r"\s+")) if after else None
    return DateRule(form, re.compile(rf"(?<![\w$€£¥])(?<!\d[.,]){pattern}(?!\w)"), context, vague)


# Earlier rows win where two overlap.
RULES = (
    _rule("day", r"{year}[-/.](?P<month>0?[1-9]|1[0-2])[-/.](?P<day>0?[1-9]|[12]\d|3[01])(?![-/.]?\d)"),
    _rule("days", f"(?:{{weekday}},? )?{{month}} {{day}}(?:,? ?{{year}})?{JOINED}{LAST_DAY}"),
    _rule("days", f"{{day}}{TO}{{day2}} {{month}}{ITS_YEAR}"),
    _rule("days", f"{{day}} {{month}}(?:,? {{year}})?{TO}{{day2}} {{month2}}(?:,? {{year2}})?"),
    _rule("day", r"{weekday}(?: {part})?,? ?\({month} {day}(?:,? ?{year})?\)"),
    _rule("day", rf"(?:{{weekday}}(?: {{part}})?,? )?{{month}} {{day}}{ITS_YEAR}(?: ?\({{weekday2}}\))?"),
    _rule("day", f"(?:{{weekday}}(?: {{part}})?,? )?(?:the )?{{day}}(?: of)? {{month}}{ITS_YEAR}"),
    _rule("months", f"{{month}}{TO}{{month2}}(?:,?(?: of)? {{year}})?", after=IN),
    _rule("year", f"{{year}}{TO}{{year2}}"),
    _rule("month", "{month}(?:,|,? of)? (?:{year}|{of_year} year)"),
    _rule("season", "{season}(?: of|,)? {year}"),
    _rule("weekday", "{weekday}(?: of| in)? {of_week} week"),
    _rule("ordinal", f"the (?P<day>{NTH}) of {{of_month}} month", after=ON_THE),
    _rule(
        ANAPHORIC,
        "{n} (?P<unit>(?i:(?:day|week|month|year)s?)) (?P<toward>(?i:later|earlier|after that|before that))",
    ),
    _rule(OFFSET, "{n} (?P<unit>(?i:days?))(?= (?P<beyond>(?i:after|before)) )"),
    _rule(ANAPHORIC, "(?i:(?:on )?(?:the|that) (?:very )?same (?P<unit>day))"),
    _rule(ANAPHORIC, "(?i:(?:on )?the (?P<toward>following|next|previous|preceding) (?P<unit>day))"),
    _rule("weekdays", f"{{weekday}}{TO}{{weekday2}}", after=r"\b(?i:from|of|on|,) $"),
    _rule("weekdays", "{weekday}(?P<both> and ){weekday2}"),
    _rule("year", f"{PART_OF_YEAR} {{year}}", vague=True),
    _rule("period", f"{PART_OF_YEAR} {{which}} (?P<unit>(?i:year))", vague=True),
    _rule("season", "the (?P<season>(?i:summer))", after=r"\b(?i:in|over|during) $", vague=True),
    _rule("ago", "(?P<few>(?i:a few|several)) (?P<unit>(?i:days)) (?i:ago)", vague=True),
    *(_rule("never", template, vague=True) for template in VAGUE),
    _rule("never", f"{{n}} {UNITS}", after=r"\b(?i:in|within) $", vague=True),
    _rule("ordinal", rf"the (?P<day>{NTH})(?= ?$| ?[.,;:)!?]| {NO_NOUN})", after=ON_THE),
    _rule("month", "{which} {month}"),
    _rule("season", "{which} {season}", vague=True),
    _rule("weekday", "(?:{which} )?{weekday}"),
    _rule("weekend", "{which} (?i:weekend)"),
    _rule("weekend", "(?i:the weekend)"),
    _rule("relative day", r"(?:(?i:earlier|later) )?{word}(?!['’]s (?i:world|era|age|society))"),
    _rule("relative day", "(?P<word>(?i:(?:earlier |later )?this)) {part}"),
    _rule("period", "{which} (?P<unit>(?i:week|month|year))(?!-)"),
    _rule("period", "the (?P<unit>(?i:month|year))", after=r"\b(?i:beginning|start|middle|end|close) of $"),
    _rule("ago", f"{ROUGHLY}{{n}} (?P<unit>(?i:(?:week|month|year)s?)){SOME_DAYS} (?i:ago)", vague=True),
    _rule("ago", f"{ROUGHLY}{{n}} (?P<unit>(?i:days?)) (?i:ago)"),
    _rule("month", f"(?P<month>{PLAIN_MONTH})"),
    _rule("month", "{month}", after=IN),
    _rule("year", "{year}", after=IN_YEAR),
)
RESOLVER_BY_FORM: dict[str, Resolver] = {
    "ago": arithmetic.ago,
    ANAPHORIC: arithmetic.anaphoric,
    OFFSET: arithmetic.offset,
    "weekdays": arithmetic.weekday_range,
    "day": arithmetic.day,
    "days": arithmetic.day_range,
    "month": arithmetic.month,
    "months": arithmetic.month_range,
    "never": arithmetic.never,
    "ordinal": arithmetic.ordinal,
    "period": arithmetic.period,
    "relative day": arithmetic.relative_day,
    "season": arithmetic.season,
    "weekday": arithmetic.weekday,
    "weekend": arithmetic.weekend,
    "year": arithmetic.year,
}
