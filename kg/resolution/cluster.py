"""Joins what is told of one event: first what has a day, then what has a month or a place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

from kg.resolution.group import AHEAD, MentionGroup
from kg.resolution.judge import Judgement, adjacent, clash, compatible, meet, parties, same_day, spelt
from kg.resolution.mention import Mention
from kg.resolution.near import Near, Pair, PairOrder, group_order, pair_order

__all__ = ["TOGETHER", "Blocked", "Doubt", "Fit", "Outcome", "alike", "by_day", "choose", "exactness", "fit"]

Blocked = Callable[[frozenset[str], frozenset[str]], bool]
Judge = Callable[[MentionGroup, MentionGroup], Judgement | None]
Fit: TypeAlias = tuple[int, MentionGroup, Judgement]  # how well an event with a day fits
_MOST_DOUBTS = 3  # events that one may be; with more nobody is helped
_NEWS, _RECENT = timedelta(days=1), timedelta(days=3)
_REMEMBERED = timedelta(days=3 * 366)  # what a place alone recalls is not longer ago
TOGETHER = timedelta(days=120)  # between two texts on talks in one place without a day
_LEVELS = {"full": 2, "half": 1, "countries": 0}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two events that may be one, each by one of its names, and why."""

    one: str
    other: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What joining comes to.

    Attributes:
        groups: What is told of each event.
        doubts: Which of them may be one.
        reasons: By name, why it was joined with what came before.
    """

    groups: list[MentionGroup]
    doubts: list[Doubt] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def join(self, lesser: MentionGroup, greater: MentionGroup, reason: str) -> MentionGroup:
        """Make one of two."""
        self.reasons.update(dict.fromkeys(lesser.names, reason))
        joined = MentionGroup((*lesser.mentions, *greater.mentions))
        self.groups = [it for it in self.groups if it is not lesser and it is not greater] + [joined]
        return joined


def by_day(nodes: Iterable[MentionGroup], blocked: Blocked) -> Outcome:
    """Join exchanges of which each has a day.

    Args:
        nodes: Which have a name in common already; no other exchange of those days may be missing.
        blocked: Whether a person decided that two events, by all their names, are two.
    """
    made = Outcome(sorted(nodes, key=group_order))
    for judge in (same_day, adjacent):
        _agglomerate(made, judge, blocked)
        _attach(made, judge, blocked)
    for one, other in Near(made.groups).pairs():
        found = same_day(one, other) or adjacent(one, other)
        if found and found.verdict == "maybe" and not blocked(one.names, other.names):
            made.doubts.append(Doubt(one.lead.name, other.lead.name, found.reason))
    return made


def _agglomerate(made: Outcome, judge: Judge, blocked: Blocked) -> None:
    """Join what is surely one, pair by pair, the earliest first, until no pair is left."""
    near = Near(made.groups)
    waiting: list[tuple[PairOrder, int, Pair, str]] = []
    serial = count()  # the same order may come again once two have become one

    def consider(pairs: Iterable[Pair]) -> None:
        for one, other in pairs:
            found = judge(one, other)
            if found and found.verdict == "same" and not blocked(one.names, other.names):
                pair = one, other
                heappush(waiting, (pair_order(pair), next(serial), pair, found.reason))

    consider(near.pairs())
    while waiting:
        *_, pair, reason = heappop(waiting)
        if all(map(near.holds, pair)):
            lesser, greater = sorted(pair, key=_weight)
            joined = made.join(lesser, greater, reason)
            near.replace(pair, joined)
            consider(near.pairs_of(joined))


def _attach(made: Outcome, judge: Judge, blocked: Blocked) -> None:
    """Join the vaguer with the one that it can be, round by round; what can be several stays in doubt."""
    near = Near(made.groups)
    chosen: dict[str, dict[PairOrder, tuple[MentionGroup, MentionGroup, str]]] = {}
    alone: list[tuple[tuple[int, bool, int, str], str]] = []

    def consider(pairs: Iterable[Pair]) -> set[str]:
        found = set()
        for one, other in pairs:
            judged = judge(one, other)
            if judged and judged.verdict == "if alone" and not blocked(one.names, other.names):
                lesser, greater = sorted((one, other), key=_weight)
                name = min(lesser.names)
                chosen.setdefault(name, {})[pair_order((one, other))] = lesser, greater, judged.reason
                found.add(name)
        return found

    def forget(pairs: Iterable[Pair]) -> set[str]:
        found = set()
        for one, other in pairs:
            order = pair_order((one, other))
            for name in (min(one.names), min(other.names)):
                if order in chosen.get(name, {}):
                    del chosen[name][order]
                    found.add(name)
        return found

    def note(names: Iterable[str]) -> None:
        for name in names:
            if len(its := chosen[name]) == 1:
                heappush(alone, (_weight(next(iter(its.values()))[0]), name))

    note(consider(near.pairs()))
    while alone:
        weight, name = heappop(alone)
        options = [*chosen[name].values()]
        if len(options) != 1 or _weight(options[0][0]) != weight:
            continue
        lesser, greater, reason = options[0]
        joined = made.join(lesser, greater, reason)
        changed = forget(near.pairs_of(lesser)) | forget(near.pairs_of(greater))
        near.replace((lesser, greater), joined)
        note(changed | consider(near.pairs_of(joined)))
    for _, its in sorted(chosen.items()):
        if len(its) <= _MOST_DOUBTS:
            made.doubts += [
                Doubt(one.lead.name, other.lead.name, reason)
                for _, (one, other, reason) in sorted(its.items())
            ]


def choose(own: MentionGroup, fitting: Iterable[Fit]) -> tuple[MentionGroup | None, str, list[Doubt]]:
    """The event with a day that a mention without one means, if only one fits, and why; else those in doubt.

    Args:
        own: The mention.
        fitting: The events that it fits, each as `fit` has it.
    """
    fitting = [*fitting]
    alike = [it for it in fitting if it[1].kinds & own.kinds]
    fitting = alike or fitting
    best = max((strength for strength, *_ in fitting), default=0)
    sure = [it for it in fitting if it[0] == best and it[2].verdict == "if alone"]
    if len(sure) == 1:
        return sure[0][1], sure[0][2].reason, []
    ranked = sorted(fitting, key=lambda it: (-it[0], it[1].lead.name))
    if len(ranked) > _MOST_DOUBTS:
        return None, "", []
    return None, "", [Doubt(own.lead.name, it.lead.name, found.reason) for _, it, found in ranked]


def fit(own: MentionGroup, event: MentionGroup, others: Iterable[Mention], blocked: Blocked) -> Fit | None:
    """How well a mention without a day fits an event with one, and what that comes to.

    Args:
        own: The mention.
        event: One of its month, its places, or of the days before its document came out.
        others: What else the document tells of.
        blocked: As in `by_day`.
    """
    found = _fits(own, event, others)
    return (found[0], event, found[1]) if found and not blocked(own.names, event.names) else None


def _fits(own: MentionGroup, event: MentionGroup, others: Iterable[Mention]) -> tuple[int, Judgement] | None:
    """How well a mention without a day fits an event with one, and what that comes to."""
    mention = own.lead
    if mention.is_outcome:
        return _as_outcome(own, event)
    if not compatible(own, event) or not _in_time(mention, event):
        return None
    level, _ = parties(own, event)
    if level not in _LEVELS:
        return None
    months = {day.isoformat()[:7] for day in event.days}
    in_month = mention.start in months
    if mention.start and not any(month.startswith(mention.start) for month in months):
        return None
    shared = meet(own, event)
    alike = bool(own.kinds & event.kinds)
    strength = _LEVELS[level] + 4 * in_month + 4 * bool(shared)
    where = spelt(shared)
    if in_month and (alike or shared):
        words = f"in {mention.start}" + (f", in {where}" if shared else "")
        if clash(own, event):
            return (strength, Judgement("maybe", f"{words}, elsewhere")) if level == "full" else None
        return strength, Judgement("if alone", words)
    if shared and _is_remembered(mention, event):
        return strength, Judgement("if alone", f"in {where}, and no other exchange fits")
    if mention.start and mention.family == "visit" and level == "full":
        return strength, Judgement("maybe", f"the same visitor in {mention.start}")
    if mention.start or mention.areas or level != "full" or not alike:
        return None
    return _as_news(mention, event, others, strength)


def _as_outcome(own: MentionGroup, event: MentionGroup) -> tuple[int, Judgement] | None:
    """What was agreed, in a document that came out right after talks at the place that its title names."""
    issued, shared = own.lead.issued, meet(own, event)
    if not issued or not shared or event.family != "exchange" or parties(own, event)[0] not in _LEVELS:
        return None
    if not timedelta(0) <= date.fromisoformat(issued) - event.days[1] <= _RECENT:
        return None
    where = spelt(shared)
    return 0, Judgement("maybe", f"an agreement told on {issued}, in a document on {where}")


def _as_news(
    mention: Mention, event: MentionGroup, others: Iterable[Mention], strength: int
) -> tuple[int, Judgement] | None:
    """An exchange without any day, in a document that came out when one took place."""
    if mention.status != "Occurred" or not mention.issued:
        return None
    own = MentionGroup((mention,))
    rivals = (MentionGroup((it,)) for it in others if it.kind == mention.kind and it.name != mention.name)
    if any(parties(own, rival)[0] == "full" for rival in rivals):
        return None  # the document tells of another one, so this need not be it
    after = date.fromisoformat(mention.issued) - event.days[0]
    words = f"told without a day on {mention.issued}"
    if timedelta(0) <= after <= _NEWS:
        return strength, Judgement("if alone", words)
    return (strength, Judgement("maybe", words)) if -_NEWS <= after <= _RECENT else None


def _in_time(mention: Mention, event: MentionGroup) -> bool:
    """Whether what a document tells as past was past, and what it tells as to come was to come."""
    if not mention.issued:
        return True
    issued = date.fromisoformat(mention.issued)
    if mention.status in AHEAD:
        return event.days[1] >= issued - _NEWS
    return event.days[0] <= issued + _NEWS


def _is_remembered(mention: Mention, event: MentionGroup) -> bool:
    if mention.start or not mention.issued:
        return bool(mention.start)
    return abs(date.fromisoformat(mention.issued) - event.days[0]) <= _REMEMBERED


def alike(own: MentionGroup, group: MentionGroup) -> str:
    """Why a mention is of the same event as others without a day; empty if it need not be."""
    mention = own.lead
    in_month = len(mention.start) == 7 and mention.start in {it.start for it in group.mentions}
    shared = meet(own, group)
    if not (in_month or shared) or not compatible(own, group):
        return ""
    level, _ = parties(own, group)
    if level not in _LEVELS:
        return ""
    if mention.family == "visit" and own.principals != group.principals:
        return ""
    if (mention.status in AHEAD) != (group.lead.status in AHEAD):
        return ""
    starts = {it.start for it in (*own.mentions, *group.mentions) if it.start}
    if any(not one.startswith(other) and not other.startswith(one) for one in starts for other in starts):
        return ""
    if clash(own, group):
        return ""
    where = spelt(shared)
    if in_month and level == "full":
        return f"in {max(starts)}, the same people"
    if (
        shared
        and (in_month or _near(mention, group, shared))
        and (level != "full" or own.kinds & group.kinds)
    ):
        return f"in {where}" + (f", in {max(starts)}" if in_month else ", told at about the same time")
    return ""


def exactness(own: MentionGroup) -> tuple[int, str, str, str]:
    """In what order mentions without a day are joined: first those with a month, then as they came out."""
    it = own.lead
    return -len(it.start), it.issued or "9", it.document, it.name


def _near(mention: Mention, group: MentionGroup, places: frozenset[str]) -> bool:
    """Whether a text came out at about the time of others that tell of one of these places."""
    issued = [date.fromisoformat(it.issued) for it in group.mentions if it.issued and it.areas & places]
    if not mention.issued or not issued:
        return False
    return any(abs(date.fromisoformat(mention.issued) - it) <= TOGETHER for it in issued)


def _weight(group: MentionGroup) -> tuple[int, bool, int, str]:
    """What is joined with what: the vaguer with the more exact."""
    return group.named, bool(group.stated_by), len(group.mentions), min(group.names)
