"""The words of answers in English and Chinese: dates, lengths, lists, events, people."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.lexicon import Entry, Lexicon
from kg.questions.event_matching import EventCandidate
from kg.questions.frame import Frame
from kg.questions.periods import Period
from kg.questions.places import narrowest
from kg.views.date_basis import CONCLUDED

__all__ = ["Phrases"]

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_NOUNS = {
    "call": ("call", "calls", "通话"),
    "meeting": ("meeting", "meetings", "会晤"),
    "trade-talk": ("round of trade talks", "rounds of trade talks", "经贸磋商"),
    "visit": ("visit", "visits", "访问"),
    "invitation": ("invitation", "invitations", "邀请"),
    "agreement": ("agreement", "agreements", "协议"),
    "": ("exchange", "exchanges", "往来"),
}
# Of several offices of one person, that by which he or she is known comes first.
_RANKS = (
    "president-of-",
    "premier-of-",
    "vice-president-",
    "vice-premier-",
    "us-secretary-of-",
    "minister-of-",
    "secretary",
    "us-trade",
)
LISTED = 12


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words of one language.

    Attributes:
        lexicon: Names of things.
        language: `en` or `zh`.
    """

    lexicon: Lexicon
    language: str = "en"

    @property
    def is_chinese(self) -> bool:
        """Whether the answer is in Chinese."""
        return self.language == "zh"

    def say(self, english: str, chinese: str, **values: object) -> str:
        """One of two sentences with its values."""
        return (chinese if self.is_chinese else english).format(**values)

    def date(self, date: str) -> str:
        """“5 June 2025”, “2025年6月5日”; a month or year likewise."""
        parts = date.split("-")
        if self.is_chinese:
            return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))
        words = [
            str(int(parts[2])) if len(parts) > 2 else "",
            _MONTHS[int(parts[1]) - 1] if len(parts) > 1 else "",
            parts[0],
        ]
        return " ".join(filter(None, words))

    def span(self, it: EventCandidate, *, with_basis: bool = True) -> str:
        """The day of an event, or the first and the last one; where no text states it, with its basis."""
        if not it.date:
            return self.say("no day given", "日期不详")
        if not it.end or it.end == it.date:
            basis = self.say(*CONCLUDED[it.basis]) if it.basis and with_basis else ""
            return self.date(it.date) + (self.say(" ({basis})", "（{basis}）", basis=basis) if basis else "")
        if (
            not self.is_chinese
            and it.end[:8] == it.date[:8]
            and len(it.end) == len(it.date) == len("2025-06-05")
        ):
            return f"{int(it.date[8:])}–{self.date(it.end)}"
        return f"{self.date(it.date)}–{self.date(it.end)}"

    def day(self, it: EventCandidate) -> str:
        """“on 5 June 2025”, “in February 2024”."""
        return self.say(f"{'on' if it.is_resolved else 'in'} {self.span(it)}", self.span(it))

    def period(self, period: Period) -> str:
        """“in June 2025”, “since 2021”, “between May and December 2025”."""
        start, end = (self.date(it) if it else "" for it in (period.start, period.end))
        if period.yearless:
            month = _MONTHS[int(period.yearless[:2]) - 1]
            day = f"{int(period.yearless[3:])} " if period.yearless[3:] else ""
            return self.say(
                f"on {day}{month}" if day else f"in {month}",
                "".join(
                    f"{int(part)}{unit}"
                    for part, unit in zip(period.yearless.split("-"), "月日", strict=False)
                ),
            )
        if not start and not end:
            return ""
        if start == end:
            return self.say(f"{'on' if len(period.start) > len('2025-06') else 'in'} {start}", start)
        if not end:
            return self.say(f"since {start}", f"{start}以来")
        if not start:
            return self.say(f"until {end}", f"截至{end}")
        return self.say(f"between {start} and {end}", f"{start}至{end}")

    def duration(self, value: str, *, is_rough: bool = False) -> str:
        """“about 1 hour 30 minutes”, “约1小时30分钟”."""
        match = _DURATION.fullmatch(value)
        if match is None:
            return value
        units = (("day", "天"), ("hour", "小时"), ("minute", "分钟"), ("second", "秒"))
        parts = [(int(number), *unit) for number, unit in zip(match.groups(), units, strict=True) if number]
        if self.is_chinese:
            return ("约" if is_rough else "") + "".join(f"{n}{zh}" for n, _, zh in parts)
        return ("about " if is_rough else "") + " ".join(
            f"{n} {en}{'' if n == 1 else 's'}" for n, en, _ in parts
        )

    def label(self, iri: str) -> str:
        """What to call a thing."""
        return self.lexicon.label(iri, self.language)

    def listed(self, items: Iterable[str], *, most: int = LISTED) -> str:
        """“A, B and C”, “A、B和C”; a long list is cut, and says by how much."""
        words = [*dict.fromkeys(item for item in items if item)]
        rest = len(words) - most
        if rest > 0:
            return self.say(
                "{shown} and {rest} more",
                "{shown}等{all}项",
                shown=("、" if self.is_chinese else ", ").join(words[:most]),
                rest=rest,
                all=len(words),
            )
        if self.is_chinese:
            return "、".join(words)
        return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)

    def noun(self, kinds: Sequence[str], number: int = 1, *, is_trade: bool = True) -> str:
        """“meetings”, “call”; of several kinds “exchanges”, or “talks” if not all are on trade."""
        if len(kinds) > 1 and kinds[0] == "trade-talk" and not is_trade:
            return self.say("talks", "会谈")
        kind = kinds[0] if kinds and ({*kinds} <= {"meeting", "trade-talk"} or len({*kinds}) == 1) else ""
        one, many, chinese = _NOUNS.get(kind, _NOUNS[""])
        return self.say(one if number == 1 else many, chinese)

    def people(self, iris: Iterable[str], date: str = "", *, with_office: bool = False) -> str:
        """Names in a list, as they are called; with their offices on a day if wanted."""
        return self.listed(self.person(iri, date) if with_office else self.label(iri) for iri in iris)

    def office(self, iri: str, date: str = "") -> str:
        """The office of a person on a day by which he or she is known; empty if there is none."""
        offices = self.lexicon.offices_of(iri, date or None) if iri in self.lexicon.entries else []
        return self.label(min(offices, key=_rank).iri) if offices else ""

    def person(self, iri: str, date: str = "") -> str:
        """“Scott Bessent (U.S. Secretary of the Treasury)”; the side of who has no office."""
        entry = self.lexicon.entries.get(iri)
        side = entry.represents if entry is not None and entry.represents != iri else None
        aside = self.office(iri, date) or (self.label(side) if side else "")
        name = self.label(iri)
        return self.say("{name} ({aside})", "{name}（{aside}）", name=name, aside=aside) if aside else name

    def one(self, noun: str) -> str:
        """“a meeting”, “an exchange”."""
        if self.is_chinese or noun.startswith("talks"):
            return noun
        return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"

    def event(self, it: EventCandidate) -> str:
        """“Biden–Xi meeting in Lima on 16 November 2024”: by the name that people use, if it has one."""
        name = self.occasion(it)
        who, noun = ("", "") if name else (self.people(self.parties(it)), self.noun((it.kind,)))
        where = self.listed((self.label(place) for place in narrowest(it.places)), most=2)
        if self.is_chinese:
            when = self.span(it, with_basis=False) if it.date else ""
            place = f"在{where}" if where else ""
            return f"{when}{name or f'{who}{place}的{noun}'}"
        day = (
            f" on {self.span(it, with_basis=False)}"
            if it.is_resolved
            else f" in {self.span(it)}"
            if it.date
            else ""
        )
        if name:
            return name + day
        return f"{noun} of {who}{f' in {where}' if where else ''}{day}"

    def occasion(self, it: EventCandidate) -> str:
        """“Biden–Xi meeting in Lima”: what people call it, without its day; empty if it has no name."""
        return it.names.get("zh", "") if self.is_chinese else it.names.get("en", "").replace(", ", " in ", 1)

    def parties(self, it: EventCandidate) -> list[str]:
        """Who took part: persons first; a country beside those who came for it is left out."""
        known = self.lexicon.entries
        represented = {known[a].represents for a in it.agents if a in known and known[a].represents != a}
        kept = [a for a in sorted(it.agents) if a in known and a not in represented]
        return sorted(
            kept or sorted(it.agents & known.keys()),
            key=lambda a: (
                not self.lexicon.is_a(known[a].kind, "Person"),
                known[a].kind != "Leader",
                self.label(a),
            ),
        )

    def about(self, frame: Frame, number: int = 2) -> str:
        """What a frame is about, in words: “meetings of Biden and Xi in Lima in 2024”."""
        noun = self.noun(frame.kinds, number, is_trade=frame.is_trade)
        who = self.listed(party.label for party in frame.parties)
        where = self.listed(self.label(named[0]) for named in frame.places)
        when = self.period(frame.period)
        topics = self.listed((self.label(topic) for topic in frame.topics), most=3)
        if self.is_chinese:
            return f"{when}{who}{f'在{where}' if where else ''}{f'涉及{topics}' if topics else ''}的{noun}"
        person = "in-person " if frame.in_person else "planned " if frame.planned else ""
        return " ".join(
            filter(
                None,
                (
                    f"{person}{noun}",
                    f"of {who}" if who else "",
                    f"in {where}" if where else "",
                    f"on {topics}" if topics else "",
                    when,
                ),
            )
        )


def _rank(office: Entry) -> tuple[int, str]:
    slug = office.iri.rsplit("/", 1)[-1]
    return next((n for n, start in enumerate(_RANKS) if slug.startswith(start)), len(_RANKS)), slug
