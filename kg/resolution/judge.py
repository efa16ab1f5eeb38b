"""Compares what is told of two events: whether they are one, may be one, or are two, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal as Choice

from kg.resolution.group import AHEAD, MentionGroup
from kg.resolution.mention import Mention, Party

__all__ = [
    "Judgement",
    "adjacent",
    "clash",
    "compatible",
    "meet",
    "parties",
    "related",
    "same_day",
    "spelt",
]

Verdict = Choice["same", "if alone", "maybe"]
Level = Choice["full", "half", "countries", "partial", "other"]
_NONE = Party()
_NEXT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a comparison comes to.

    Attributes:
        verdict: One event; one event if no other fits as well; perhaps one event.
        reason: Why, for people.
    """

    verdict: Verdict
    reason: str


def parties(one: MentionGroup, other: MentionGroup) -> tuple[Level, str]:
    """How well those who take part in two events agree, and where they do not.

    `full`: for each country the same persons; `half`: one account names no person for one country;
    `countries`: one account names no persons; `partial`: for one country the same, for one others.
    """
    levels = []
    words = []
    ours, theirs = one.parties, other.parties
    foreign = (ours.keys() ^ theirs.keys()) - {"united-states", "china"}
    for country in ("united-states", "china"):
        mine, its = ours.get(country, _NONE), theirs.get(country, _NONE)
        level = _agree(mine, its, one, other)
        levels.append(level)
        if level == "other":
            words.append(f"{_names(mine)} here, {_names(its)} there")
    found = {*levels}
    if one.family == "visit":
        return _as_visits(one, other, found), ""
    if found == {"same"}:
        return "full", ""
    if "other" in found:
        return ("partial" if "same" in found else "other"), "; ".join(words)
    if foreign or not _has_both(one) or not _has_both(other):
        return "other", ""
    return ("half" if "same" in found else "countries"), ""


def _as_visits(one: MentionGroup, other: MentionGroup, found: set[str]) -> Level:
    """The same of visits, whose host is seldom named: it is full if the visitor is the same."""
    if "other" in found:
        return "other"
    if "same" in found:
        return "full"
    return "other" if one.named and other.named else "countries"


def _has_both(one: MentionGroup) -> bool:
    return {"united-states", "china"} <= one.parties.keys()


def _agree(mine: Party, its: Party, one: MentionGroup, other: MentionGroup) -> str:
    if not mine.principals or not its.principals:
        return "open"
    if {*mine.principals} & {*its.principals}:
        return "same"
    mixed = {*mine.principals} & {*its.others} or {*mine.others} & {*its.principals}
    leading = {*mine.leaders, *its.leaders} & {*mine.principals, *its.principals}
    if mixed and not leading and not (one.kinds | other.kinds) & {"visit"}:
        return "same"
    return "other"


def same_day(one: MentionGroup, other: MentionGroup) -> Judgement | None:
    """Whether two exchanges whose days meet are one."""
    (first, last), (start, end) = one.days, other.days
    if not (first <= end and start <= last) or not compatible(one, other):
        return None
    when = f"the same day, {max(first, start).isoformat()}"
    if one.lead.is_measure:
        return _same_measure(one, other, when)
    level, differ = parties(one, other)
    apart = bool(one.documents & other.documents)  # a document that tells of both keeps them apart
    shared = meet(one, other)
    shares_place = bool(shared)
    if level == "full":
        if not apart:
            return Judgement("same", f"{when}, and the same people")
        return Judgement("maybe", f"{when}, once as a plan") if _is_plan_of(one, other) else None
    if level in ("half", "countries"):
        whom = "names countries where the other names people"
        if one.kinds & other.kinds or shares_place:
            where = f", {spelt(shared)}" if shares_place else ""
            return Judgement("if alone", f"{when}{where}; one account {whom}")
        return None if apart else Judgement("maybe", f"{when}, another kind of exchange; one account {whom}")
    lasts = (first, last) == (start, end) and first != last
    if level == "partial" and not apart and (shares_place or lasts) and not _leaders(one, other):
        return Judgement("maybe", f"{when}; {differ}")
    return None


def _same_measure(one: MentionGroup, other: MentionGroup, when: str) -> Judgement | None:
    """Whether two measures of a kind and day are one: by whom, against whom, to what effect and on what."""
    mine, its = one.lead, other.lead
    if (mine.imposers, mine.effect) != (its.imposers, its.effect) or one.documents & other.documents:
        return None
    if (mine.targets and its.targets and mine.targets != its.targets) or (
        one.objects and other.objects and not one.objects & other.objects
    ):
        return None
    words = f"{when}, by the same"
    if mine.targets == its.targets and bool(one.objects) == bool(other.objects):
        shared = one.objects & other.objects
        return Judgement("same", f"{words} against the same" + (f", on {spelt(shared)}" if shared else ""))
    return Judgement("if alone", f"{words}; one account does not say on what or against whom")


def adjacent(one: MentionGroup, other: MentionGroup) -> Judgement | None:
    """Whether two exchanges on days next to each other are one; the first is the earlier.

    Washington's evening is Beijing's morning, and a day that was concluded from the day of publication is
    often the next one. An account that tells of both days tells of two exchanges.
    """
    (_, last), (start, _) = one.days, other.days
    between = start - last
    if between < _NEXT or between > 3 * _NEXT or not compatible(one, other) or one.lead.is_measure:
        return None
    level, _ = parties(one, other)
    when = f"{last.isoformat()} here, {start.isoformat()} there"
    if one.family == "visit":  # one that lasts: nobody visits the same country twice within days
        return Judgement("same", f"{when}, the same visit") if level == "full" else None
    shares_place = bool(meet(one, other))
    is_guess = not (one.stated_by and other.stated_by)
    if level != "full" and not (shares_place and (level == "half" or (level == "countries" and is_guess))):
        return None
    if one.stated_by and other.stated_by:
        is_line = one.stated_by == {"us"} and other.stated_by == {"cn"} and between == _NEXT
        is_line = is_line and "cn" not in one.concluded_by and "us" not in other.concluded_by
        if clash(one, other):
            return None
        if is_line:
            return Judgement("same", f"{when}: the date line lies between the accounts")
        is_announced = between == _NEXT and _is_plan_of(one, other)
        return Judgement("maybe", f"{when}, once as a plan") if is_announced else None
    words = f"{when}, concluded from the day of publication"
    if not one.stated_by and not other.stated_by:
        if one.concluded_by & other.concluded_by or between > _NEXT:
            return None
        return Judgement("if alone", words)
    guess, told = (other, one) if one.stated_by else (one, other)
    tells_both = guess.concluded_by & told.concluded_by
    is_after = guess is other  # it was published after the day that is stated
    if tells_both and is_after and between == _NEXT and one.documents & other.documents:
        return Judgement("maybe", words)  # “yesterday” in one passage, “today” in the next
    if tells_both or not (is_after or not guess.concluded_by & told.stated_by):
        return None
    if between == _NEXT:
        return Judgement("if alone", words)
    return Judgement("maybe", words) if is_after and one.kinds & other.kinds else None


def _is_plan_of(one: MentionGroup, other: MentionGroup) -> bool:
    """Whether one of two exchanges is but announced for its day: perhaps it is the other."""
    return one.is_firm != other.is_firm and bool(one.kinds & other.kinds or one.is_remote or other.is_remote)


def related(one: Mention, other: Mention) -> bool:
    """Whether two mentions with a day can bear on whether events near in time are one.

    It is true wherever `same_day` or `adjacent` say anything of what they are part of.
    """
    if one.family != other.family or not (one.is_dated and other.is_dated):
        return False
    agrees, differs = _persons_agree(one, other)
    (_, last), (start, _) = sorted((one.days, other.days))
    if start <= last:
        return agrees or not differs
    is_there = not differs and bool(one.areas & other.areas)
    if start - last > 3 * _NEXT or not (agrees or is_there):
        return False
    earlier, later = (one, other) if one.days <= other.days else (other, one)
    stated = (earlier.basis == "Stated", later.basis == "Stated")
    is_plan = (one.status in AHEAD) != (other.status in AHEAD)
    return stated != (True, True) or (earlier.account, later.account) == ("us", "cn") or is_plan


def _persons_agree(one: Mention, other: Mention) -> tuple[bool, bool]:
    """Whether for a country both name a person in common, and whether for one they name others."""
    agrees = differs = False
    for country in one.parties.keys() & other.parties.keys():
        mine, its = one.parties[country], other.parties[country]
        if mine.principals and its.principals:
            shared = {*mine.principals, *mine.others} & {*its.principals, *its.others}
            agrees, differs = agrees or bool(shared), differs or not shared
    return agrees, differs


def compatible(one: MentionGroup, other: MentionGroup) -> bool:
    """Whether two events can be of one kind: a call is no meeting in a place, a visit no call."""
    if one.family != other.family:
        return False
    if one.family != "exchange":
        return bool(one.kinds & other.kinds)
    return not ((one.is_remote and other.is_in_person) or (one.is_in_person and other.is_remote))


def meet(one: MentionGroup, other: MentionGroup) -> frozenset[str]:
    """Where both say that it was held: the same place, or one names but the area or country of the other."""
    same = (one.places & (other.places | other.around)) | (other.places & one.around)
    return same | (one.regions & (other.within | other.regions)) | (other.regions & one.within)


def clash(one: MentionGroup, other: MentionGroup) -> bool:
    """Whether the two say that it was held at different places."""
    if not (one.areas and other.areas) or meet(one, other):
        return False
    lands = one.regions | one.within, other.regions | other.within
    return bool((one.places and other.places) or all(lands))


def _leaders(one: MentionGroup, other: MentionGroup) -> bool:
    """Whether a country is led by somebody in one of two events, and spoken for by another in the other."""
    for country in ("united-states", "china"):
        mine, its = one.parties.get(country, _NONE), other.parties.get(country, _NONE)
        if not {*mine.principals} & {*its.principals} and (mine.leaders or its.leaders):
            return True
    return False


def _names(party: Party) -> str:
    return spelt(party.principals)


def spelt(slugs: Iterable[str]) -> str:
    """Slugs of people or places as a person writes them, with “and” between."""
    return " and ".join(it.replace("-", " ").title() for it in sorted(slugs))
