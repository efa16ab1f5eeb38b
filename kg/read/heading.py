"""What a text says of itself above its first paragraph: title, day, publisher, dateline of an agency."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kg.model import Passage
from kg.read.written_dates import DAY, day_of, first_day

_LONGEST_TITLE = 250
_LINES = 16  # in which a title, a publisher and a day may stand
_DATELINE_WITHIN = 2000
_PROSE_WORDS = 6
_ACRONYM = 5  # letters
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?"
_LABEL = re.compile(
    r"(?:source\s*:[^|]{1,40}\|\s*)?"
    r"(?:(?:date|tags?|(?:first |last )?(?:published|posted|released|issued|updated)"
    r"|for (?:immediate )?release|embargoed until)"
    rf"(?:\s+(?:on|at|date|time))?\s*[:|]?\s*)?(?:\d{{1,2}}[:.]\d{{2}}\s?(?:[ap]m)?,\s*)?{_WEEKDAY}",
    re.IGNORECASE,
)
_BEFORE_DAY = re.compile(
    rf"(?<![\s,|•·(–—-])[\s,|•·(–—-]*+(?:(?i:published|posted|date|updated)\b(?: on)?[\s:]*)*{_WEEKDAY}$"
)
_UPDATED = re.compile(r"\b(?:last )?(?:updated|modified|edited|reviewed|accessed|retrieved)\b", re.IGNORECASE)
_TIME = re.compile(
    r"(?:,\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)?[\sT,|at]*+(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?)?\s*(?:[A-Z]{1,5})?(?:\s*\([A-Z]{2,5}\))?",
    re.I,
)
_NO_TITLE = re.compile(
    r"for immediate release.*|tags?\s*:?|source\s*:.*|©.*|https?://\S+|press release|news release|\W+|"
    r"office of the (?:press secretary|spokesperson|press secrectary)|(?:by|from) [A-Z].{2,80}|\d+ min read|"
    r"(?:news|world|politics|china|business|opinion|analysis|exclusive|asia|economy|markets)"
    r"(?: ?[|>/] ?\w+)*",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|from)\s+[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+){0,3}(?:(?:,| and)\s+[A-Z].{1,60})?", re.I
)
_SEPARATOR = re.compile(r"(?<!\s)\s*+[|•·;]\s*|(?<!\s)\s++[-–—]{1,2}\s+|,\s+(?=[\dA-Z])")
_MEDIA = (
    r"Reuters|AP|AFP|Agence France[ -]Presse|Xinhua|Bloomberg|CNN|BBC|NPR|CGTN|CNBC|"
    r"Politico|POLITICO|Axios|Caixin|"
    r"Nikkei|Yonhap|Kyodo|UPI|Times|Post|Journal|News|Daily|Courier|Herald|Tribune|Gazette|"
    r"Press|Chronicle|Star|Sun|Globe|Mail|Guardian|Telegraph|Observer|Independent|Standard|"
    r"Economist|Review|Monitor|Inquirer|Examiner|Dispatch|Record|Sentinel|Bulletin|Weekly|"
    r"Network|Broadcasting|Radio|TV|Television|Media|Wire|Magazine|Agency|Today|Online"
)
_BODIES = r"House|Ministry|Department|Embassy|Office|Council|Commission|Institute|Institution|Consulate"
_NAME = r"(?:The )?(?:[A-Z][\w.'’&-]*\s+){0,5}"
_OUTLET = re.compile(
    rf"{_NAME}(?:{_MEDIA})(?:\s+(?:Service|China|Asia|America|Hong Kong|International|{_MEDIA}))*"
    rf"|[A-Z][a-z]+ Daily|{_NAME}(?:{_BODIES})"
    r"(?:\s+(?:of|for|on|in)(?:\s+(?:of|the|and|[A-Z][\w.'’&-]*)){1,8})?"
)
_OFFICE = re.compile(r"Office of (?:the )?(?:Press|Spokes|Public|Communications)\w*.*", re.IGNORECASE)
_SOURCE = re.compile(r"source\s*[:|]\s*(?P<name>[A-Z][\w .'’&-]{1,60}?)\s*(?:[|,(].*)?", re.IGNORECASE)
_DATELINE = re.compile(
    r"^(?:(?P<place>[A-Z][A-Z .'/-]{2,40}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:/[A-Z][A-Za-z .]{2,30})?"
    r"(?:,\s+[A-Z][A-Za-z.]{2,20}(?=\s+\())?"
    r"(?:,\s+(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?)?"
    r"|(?P<month2>[A-Z][a-z]{2,8})\.? (?P<day2>\d{1,2})(?:,? (?P<year2>\d{4}))?)"
    r"\s+\((?P<outlet>[A-Z][\w .&'’-]{1,40})\)\s*(?:--|-|–|—)",
    re.MULTILINE,
)
_TITLE_FIELD = re.compile(r"(?:title|headline|hed|subject)\s*:\s*(?P<title>\S.*)", re.IGNORECASE)
_OTHER_FIELD = re.compile(
    r"(?:section|length|byline|author|editors?|body|text|dateline|url|link|language)\s*:.*", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?…][\"'”’)]*$")
_GOES_ON = re.compile(
    r"(?:,|\b(?:a|an|the|of|and|or|to|in|on|at|by|for|with|from|as|that|between))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the first paragraph.

    Attributes:
        title: The heading of the text.
        day: The day on which it was published, `YYYY-MM-DD`.
        publisher: Who published it.
    """

    title: Passage | None = None
    day: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class _Dated:
    """A line that is there for a day, with what else stands on it; an update is a later edition."""

    day: str
    rest: str
    is_update: bool = False


def head(body: str) -> Head:
    """The head of a text; a day below its first paragraph, or one of several, is no day of publication."""
    lines = list(_head(body))
    dated = [found for _, line in lines if (found := _day_on(line)) is not None]
    first = next((found for found in dated if not found.is_update), dated[0] if dated else None)
    is_entry = first is not None and not first.rest and _is_chronology(body)
    day = first.day if first and not is_entry else None
    return Head(_title(lines, body), day, _publisher(body, lines))


def dateline_day(body: str, near: str | None) -> str | None:
    """The day of a dateline; a year that it leaves out is that which brings it nearest to the day `near`."""
    dateline = _DATELINE.search(body, 0, _DATELINE_WITHIN)
    if dateline is None:
        return None
    month, day = dateline["month"] or dateline["month2"], dateline["day"] or dateline["day2"]
    year = dateline["year"] or dateline["year2"]
    if month is None or not (year or near):
        return None
    if year:
        return first_day(f"{month} {day}, {year}")
    reference = date.fromisoformat(near or "")
    years = range(reference.year - 1, reference.year + 2)
    days = [found for year in years if (found := first_day(f"{month} {day}, {year}"))]
    return min(days, key=lambda day: abs(date.fromisoformat(day) - reference), default=None)


def day_in(name: str) -> str | None:
    """The first day that stands in a file name or address."""
    found = re.finditer(r"(?<!\d)((?:19|20)\d\d)[-/_.]?(\d{2})[-/_.]?(\d{2})(?!\d)", name)
    return next((day for match in found if (day := first_day("-".join(match.groups())))), None)


def _head(body: str) -> Iterator[tuple[int, str]]:
    """The lines above the first paragraph with the offsets of their words, marks of Markdown left out."""
    start, count = 0, 0
    lines = body.splitlines(keepends=True)
    for number, line in enumerate(lines):
        words = line.strip().lstrip("#>").strip("*_ \t")
        if words:
            following = lines[number + 1].strip() if number + 1 < len(lines) else ""
            count += 1
            if count > _LINES or _is_prose(words, following):
                return
            yield start + line.index(words), words
        start += len(line)


def _is_prose(line: str, following: str) -> bool:
    """Whether a line is a sentence, or one that goes on in the line below."""
    if len(line) > _LONGEST_TITLE or _DATELINE.match(line):
        return True
    if _ENDS.search(line) and len(line.split()) >= _PROSE_WORDS:
        return True
    return bool(following) and (_GOES_ON.search(line) is not None or following[0].islower())


def _title(lines: list[tuple[int, str]], body: str) -> Passage | None:
    """The first line that reads like a heading, with text below it.

    Dates, publishers, bylines and “For immediate release” above it are passed over.
    """
    for start, line in lines:
        if (field := _TITLE_FIELD.fullmatch(line)) is not None:
            return Passage(start + field.start("title"), start + field.end("title"), field["title"])
    found = [
        (start, line)
        for start, line in lines
        if not (_NO_TITLE.fullmatch(line) or _OTHER_FIELD.fullmatch(line)) and _day_on(line) is None
    ]
    named = [(start, line) for start, line in found if not _is_outlet(line)]
    for start, line in named[:1]:
        rest = body[start + len(line) :].lstrip("*_ \t#\r").removeprefix("\n")
        below = rest.partition("\n")[0].strip()
        is_apart = not below or _day_on(below) or _NO_TITLE.fullmatch(below) or _names_publisher(below)
        if line[-1] not in ".!:;," and is_apart and rest.strip():
            title = _without_outlet(line)
            return Passage(start, start + len(title), title)
    return None


def _without_outlet(line: str) -> str:
    """A heading without the name that a page puts behind it: “Envoys talk by phone | Reuters”."""
    heading, mark, name = line.rpartition(" | ") if " | " in line else line.rpartition(" - ")
    return heading if mark and _is_outlet(name) else line


def _day_on(line: str) -> _Dated | None:
    """The day that a line is there for, and what else stands on it: who published the text, or its author."""
    text = line.strip("()[] ")
    label = _LABEL.match(text)
    found = DAY.match(text, label.end() if label else 0)
    if found and _is_rest_of_date(text[found.end() :]):
        is_update = label is not None and _UPDATED.search(label[0]) is not None
        day = day_of(found)
        return _Dated(day, "", is_update) if day else None
    return _day_beside(text)


def _day_beside(text: str) -> _Dated | None:
    """The day that closes or opens a line with a name: “The Daily Courier, June 14, 2023”."""
    for found in DAY.finditer(text):
        before = _BEFORE_DAY.sub("", text[: found.start()])
        after = text[found.end() :]
        rest = before or after.strip(" ,|•·)–—-")
        is_edge = not before or _is_rest_of_date(after) or after.lstrip()[:1] in ("|", "•", "·")
        if is_edge and rest and (_names_publisher(rest) or _BYLINE.fullmatch(rest) or rest.isupper()):
            day = day_of(found)
            return _Dated(day, rest) if day else None
    return None


def _is_rest_of_date(words: str) -> bool:
    """Whether nothing stands behind a date but a time of day and the day of a later edition."""
    time = _TIME.match(words)
    rest = words[time.end() if time else 0 :].strip(" |,;()")
    return not rest or _UPDATED.match(rest) is not None


def _is_outlet(words: str) -> bool:
    """Whether words are the name of a newspaper, agency, station or public body, in capitals or not."""
    forms = (words, words.title()) if words.isupper() else (words,)
    return any(_OUTLET.fullmatch(form) is not None for form in forms)


def _names_publisher(words: str) -> bool:
    parts = _SEPARATOR.split(words)
    return any(_is_outlet(part) for part in parts) and all(
        _is_outlet(part) or _BYLINE.fullmatch(part) or part.istitle() or part.isupper() for part in parts
    )


def _publisher(body: str, lines: list[tuple[int, str]]) -> str | None:
    """The name on a line with the day or on one of its own; else the agency of the dateline."""
    found = [name for _, line in lines for name in _named_on(line)]
    first = next((name for name in found if not _OFFICE.match(name)), None)
    if first is not None:
        return first.title() if first.isupper() and len(first) > _ACRONYM else first
    dateline = _DATELINE.search(body, 0, _DATELINE_WITHIN)
    return dateline["outlet"] if dateline else None


def _named_on(line: str) -> Iterator[str]:
    """The publishers that a line of the head names beside a day, in a byline, after “Source:” or alone."""
    if (source := _SOURCE.fullmatch(line)) is not None:
        yield source["name"]
        return
    dated = _day_on(line)
    words = dated.rest if dated else line
    if dated or _is_outlet(words) or _BYLINE.match(words) or _without_outlet(line) != line:
        yield from (part for part in _SEPARATOR.split(words) if _is_outlet(part))


def _is_chronology(body: str) -> bool:
    """Whether days stand above several paragraphs, so that none is that of the whole text."""
    days: set[str] = set()
    for line in body.splitlines():
        found = DAY.match(line.strip())
        if found is not None and found.end() == len(line.strip().rstrip(":.")):
            days.add(found[0])
    return len(days) > 1
