"""Sentences about topics: by whose account they were raised, and whether one was."""

from collections import defaultdict
from collections.abc import Sequence

from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Row
from kg.questions.topic_facts import ACCOUNTS

__all__ = ["account_label", "named_topics", "verdict"]


def verdict(
    frame: Frame,
    topic: str,
    about: str,
    raised: Sequence[Row],
    out: Sequence[Row],
    words: Phrases,
    *,
    is_wider: bool,
) -> str:
    """Whether a topic was discussed, and by whose account.

    Args:
        frame: What is asked.
        topic: The topic in words.
        about: The events in words.
        raised: The rows that say so.
        out: The rows that say that it was not.
        words: Phrases of the question's language.
        is_wider: Whether only a wider topic is told of, so that this is neither yes nor no.
    """
    if raised and out and {row["event"] for row in raised} & {row["event"] for row in out}:
        return words.say(
            "The accounts differ: {topic} was discussed according to {yes}, "
            "and was not according to {no} ({about}).",
            "说法不一：{yes}称讨论了{topic}，{no}称没有（{about}）。",
            topic=topic,
            yes=_whose(raised, words),
            no=_whose(out, words),
            about=about,
        )
    if raised:
        answer = words.say("No: ", "不：") if frame.excluded else words.say("Yes: ", "是：")
        return words.say(
            "{verdict}{topic} was discussed, according to {who} ({about}).",
            "{verdict}{who}称讨论了{topic}（{about}）。",
            verdict="" if is_wider else answer,
            topic=topic,
            who=_whose(raised, words),
            about=about,
        )
    answer = words.say("Yes: ", "是：") if frame.excluded else words.say("No: ", "没有：")
    return words.say(
        "{verdict}documents say that {topic} was not discussed, {who} ({about}).",
        "{verdict}{who}称没有讨论{topic}（{about}）。",
        verdict="" if is_wider else answer,
        topic=topic,
        who=_whose(out, words),
        about=about,
    )


def named_topics(rows: Sequence[Row], words: Phrases, *, with_account: bool) -> str:
    """The topics of some rows; of several accounts, each with those that tell of it."""
    by_topic: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_topic[row["topic"]].add(row["account"])
    if not with_account or len({account for found in by_topic.values() for account in found}) < 2:
        names = words.listed((words.label(topic) for topic in by_topic), most=15)
        accounts = {account for found in by_topic.values() for account in found}
        return names + (
            words.say(" ({account})", "（{account}）", account=account_label(next(iter(accounts)), words))
            if len(accounts) == 1
            else ""
        )
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for topic, found in by_topic.items():
        groups[tuple(sorted(found))].append(words.label(topic))
    parts = [
        words.say(
            "{names} ({who})",
            "{names}（{who}）",
            names=words.listed(names, most=15),
            who=words.listed(account_label(a, words) for a in accounts),
        )
        for accounts, names in sorted(groups.items())
    ]
    return "; ".join(parts) if not words.is_chinese else "；".join(parts)


def _whose(rows: Sequence[Row], words: Phrases) -> str:
    """The accounts of some rows."""
    return words.listed(sorted({account_label(row["account"], words) for row in rows}))


def account_label(iri: str, words: Phrases) -> str:
    """An account in words."""
    english, chinese = ACCOUNTS.get(iri, ("", ""))
    return words.say(english, chinese) if english else words.label(iri)
