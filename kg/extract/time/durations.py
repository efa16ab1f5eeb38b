"""Finds durations in English text: “approximately 90 minutes”, “an hour and a half”, “90-day”."""

import re
from dataclasses import dataclass
from fractions import Fraction

from kg.extract.time.arithmetic import NUMBERS, number


@dataclass(frozen=True, slots=True)
class DurationMention:
    """A length of time that a text gives.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last character.
        exact: The words themselves, with “about” and the like.
        iso: `xsd:duration`, one form for one value: `PT90M`, `PT2H`, `P90D`.
        approximate: Whether the text says that it is not exact.
    """

    start: int
    end: int
    exact: str
    iso: str
    approximate: bool = False


ABOUT = (
    "about|approximately|around|roughly|nearly|almost|some|over|more than|less than|under|at least|up to"
    "|close to|well over|just over|just under|an estimated|upwards of"
).replace(" ", r"\s+")
NUMBER = rf"\d{{1,4}}(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}"
MINUTES = {"minute": 1, "hour": 60}
DATES = {"day": ("D", 1), "week": ("D", 7), "month": ("M", 1), "year": ("Y", 1)}
HALF = r"[\s-]and[\s-]a[\s-]half"
DURATION = re.compile(
    rf"""(?<![\w.$€£¥-])
    (?:(?:for\s+)?(?P<about>{ABOUT})\s+)?
    (?:
        (?P<some>half)(?:\s+an?|-)\s*hour\b | an?\s+(?P<some2>half)[\s-]hour\b
      | (?P<quarters>a|three)\s+quarters?\s+of\s+an\s+hour\b
      | (?P<whole>hour|day|week|month|year)-?long\b
      | (?P<count>{NUMBER})(?P<half>{HALF})?[\s-]*(?P<unit>minute|hour|day|week|month|year)s?
        (?P<half2>{HALF})?(?:(?:,?\s+and)?\s+(?P<minutes>{NUMBER})[\s-]minutes?)?\b
    )
    (?P<long>[\s-]?long\b)?
    (?P<or_so>\s+or\s+so\b|-plus\b|-odd\b)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
NOT_BEFORE = re.compile(r"(?:\d|\b(?:to|or|per|every|last|past|next|previous|few))[\s–—-]*$", re.IGNORECASE)
NOT_AFTER = re.compile(
    r"\s+(?:ago|earlier|later|before|apart|old|time\s+difference|longer|shorter|more|less|fewer|ahead|behind|"
    r"late|early|over|beyond|past)\b|-old\b",
    re.IGNORECASE,
)


def find_durations(text: str) -> list[DurationMention]:
    """The durations of `text` in order.

    A range (“8 to 10 hours”), a distance from now (“two days ago”) and what is only a manner of speaking
    (“a minute”, “a year”) are none.
    """
    return [
        DurationMention(match.start(), match.end(), match[0], _iso(match), _is_approximate(match))
        for match in DURATION.finditer(text)
        if _counts(match)
    ]


def _counts(match: re.Match[str]) -> bool:
    if NOT_BEFORE.search(match.string, max(0, match.start() - 15), match.start()):
        return False
    if NOT_AFTER.match(match.string, match.end()):
        return False
    if match["count"] is None or match["count"].lower() not in ("a", "an"):
        return True
    return match["unit"].lower() == "hour" or match["long"] is not None


def _is_approximate(match: re.Match[str]) -> bool:
    return match["about"] is not None or match["or_so"] is not None


def _iso(match: re.Match[str]) -> str:
    if match["some"] or match["some2"]:
        return _timed(Fraction(30))
    if match["quarters"] is not None:
        return _timed(Fraction(15 * number(match["quarters"])))
    unit = (match["unit"] or match["whole"]).lower()
    value = _value(match["count"] or "one") + (Fraction(1, 2) if match["half"] or match["half2"] else 0)
    if unit in DATES:
        letter, factor = DATES[unit]
        return _dated(value * factor, letter)
    return _timed(value * MINUTES[unit] + (_value(match["minutes"]) if match["minutes"] else 0))


def _value(words: str) -> Fraction:
    return Fraction(words) if words[0].isdigit() else Fraction(number(words))


def _timed(minutes: Fraction) -> str:
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{round(minutes)}M"


def _dated(value: Fraction, letter: str) -> str:
    """Days, months or years; what is not whole goes to the next smaller unit."""
    if value.denominator == 1:
        return f"P{value}{letter}"
    smaller, factor = {"Y": ("M", 12), "M": ("D", 30), "D": ("H", 24)}[letter]
    return f"P{'T' if smaller == 'H' else ''}{round(value * factor)}{smaller}"
