"""What people call an exchange: who, what, where and when, in a few words."""

import re
from collections import Counter
from collections.abc import Iterable

from kg.lexicon import Lexicon
from kg.resolution.resolver import Event
from kg.terms import BASE

__all__ = ["occasion"]

_ID = f"{BASE}id/"
_WORDS = {
    "call": ("call", "通话"), "meeting": ("meeting", "会晤"), "trade-talk": ("trade talks", "经贸磋商"),
    "exchange": ("exchange", "往来"), "visit": ("visit", "访问"),
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SIDES = (("united-states", "U.S.", "美国"), ("china", "China", "中国"))
_SUFFIX = re.compile(r",? (?:Jr\.?|Sr\.?|II|III|IV)$")


def occasion(event: Event, lexicon: Lexicon) -> dict[str, str]:
    """The names of an exchange by language: `Trump–Xi meeting, Busan (30 October 2025)`; others have none."""
    kind = event.iri.removeprefix(_ID).split("/")[0]
    if kind not in _WORDS:
        return {}
    name, own = _visit(event, lexicon) if kind == "visit" else _exchange(kind, event, lexicon)
    start = event.start or event.group.month
    when = _when(start, event.end)
    return {
        "en": f"{name} ({when})" if when else name,
        "zh": f"{own}（{_zh_when(start, event.end)}）" if when else own,
    }


def _exchange(kind: str, event: Event, lexicon: Lexicon) -> tuple[str, str]:
    english, chinese = _WORDS[kind]
    place = min(event.group.places, default="")
    if not place:
        return f"{_between(event, lexicon)} {english}", f"{_zh_between(event, lexicon)}{chinese}"
    where, zh_where = (_label(f"place/{place}", lexicon, language) for language in ("en", "zh"))
    if kind == "trade-talk":
        return f"{where} {english}", f"{zh_where}{chinese}"
    return (
        f"{_between(event, lexicon)} {english}, {where}",
        f"{_zh_between(event, lexicon)}{zh_where}{chinese}",
    )


def _visit(event: Event, lexicon: Lexicon) -> tuple[str, str]:
    who, host = _visitor(event)
    if not who:
        return "U.S.–China visit", "中美访问"
    where, zh_where = (_label(f"country/{host}", lexicon, language) for language in ("en", "zh"))
    return (
        f"{_family(who, lexicon)} visit to {where}",
        f"{_label(f'person/{who}', lexicon, 'zh')}访问{zh_where}",
    )


def _visitor(event: Event) -> tuple[str, str]:
    """Who visits whom: the first person named, and the country that is not theirs, as most have it."""
    found = Counter[tuple[str, str]]()
    for mention in event.group.mentions:
        for country, other in (("united-states", "china"), ("china", "united-states")):
            party, host = mention.parties.get(country), mention.parties.get(other)
            if party and (party.principals or party.others) and not (host and host.principals):
                found[(*party.principals, *party.others)[0], other] += 1
    return min(found, key=lambda it: (-found[it], it), default=("", ""))


def _between(event: Event, lexicon: Lexicon) -> str:
    return "–".join(
        _family(who, lexicon) if (who := _head(event, country)) else short for country, short, _ in _SIDES
    )


def _zh_between(event: Event, lexicon: Lexicon) -> str:
    heads = [_head(event, country) for country, *_ in _SIDES]
    if not any(heads):
        return "中美"
    named = (
        _label(f"person/{who}", lexicon, "zh") if who else short
        for who, (_, _, short) in zip(heads, _SIDES, strict=True)
    )
    return "与".join(named)


def _head(event: Event, country: str) -> str:
    """The slug of who speaks first for a country in an event; the leader if there is one."""
    party = event.group.parties.get(country)
    if party is None or not party.principals:
        return ""
    return min(party.principals, key=lambda it: (it not in party.leaders, it))


def _family(slug: str, lexicon: Lexicon) -> str:
    """A family name: the first of a Chinese name, the last of others."""
    if not slug:
        return ""
    name = _SUFFIX.sub("", _label(f"person/{slug}", lexicon, "en"))
    entry = lexicon.entries.get(f"{_ID}person/{slug}")
    is_first = entry is not None and (entry.represents or "").endswith(("/china", "/taiwan"))
    return name.split()[0 if is_first else -1]


def _label(path: str, lexicon: Lexicon, language: str) -> str:
    label = lexicon.label(f"{_ID}{path}", language)
    return label.rsplit("·", 1)[-1] if path.startswith("person/") else label


def _when(start: str, end: str) -> str:
    """A day, a range of days, a month or a year in English."""
    if len(start) < 10 or len(end) < 10 or end == start:
        return _day(start)
    if start[:7] == end[:7]:
        return f"{int(start[8:])}–{_day(end)}"
    if start[:4] == end[:4]:
        return f"{int(start[8:])} {_MONTHS[int(start[5:7]) - 1]} – {_day(end)}"
    return f"{_day(start)} – {_day(end)}"


def _day(day: str) -> str:
    parts: Iterable[str] = day.split("-") if day else ()
    year, month, date = (*parts, "", "", "")[:3]
    words = (str(int(date)) if date else "", _MONTHS[int(month) - 1] if month else "", year)
    return " ".join(filter(None, words))


def _zh_when(start: str, end: str) -> str:
    first = _zh_day(start)
    if len(end) < 10 or end == start:
        return first
    same = 8 if start[:7] == end[:7] else 5 if start[:4] == end[:4] else 0
    return f"{first}至{_zh_day(end)[{8: len(f'{end[:4]}年{int(end[5:7])}月'), 5: 5, 0: 0}[same] :]}"


def _zh_day(day: str) -> str:
    units = zip(day.split("-"), "年月日", strict=False)
    return "".join(f"{int(number)}{unit}" for number, unit in units)
