"""What is said where no document answers, and how a question was read."""

from dataclasses import replace

from kg.questions.event_sentences import absent
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply
from kg.questions.selection import Selection
from kg.questions.topic_facts import TopicFacts
from kg.terms import BASE

__all__ = ["described", "no_answer"]


def no_answer(frame: Frame, selection: Selection, topics: TopicFacts) -> Reply:
    """What is said where no document answers: that there is no such event, no mention, or no such fact."""
    words = Phrases(selection.lexicon, frame.language)
    if frame.kinds or frame.places or (frame.of == "topics" and frame.parties):
        parties = tuple(p for p in (*frame.parties, *frame.to) if not p.is_side)
        of_events = replace(frame, of="events", topics=(), parties=parties, to=())
        if not selection.select(of_events, kinds=("call", "meeting", "trade-talk", "visit")):
            return absent(selection, of_events, words)
    if frame.of == "topics" and frame.topics and frame.want == "whether":
        return _unmentioned(frame, topics, words)
    return Reply(
        words.say(
            "No document in the graph says so: {about}.",
            "图谱中没有文件这样说：{about}。",
            about=described(frame, words),
        ),
        is_found=False,
    )


def _unmentioned(frame: Frame, topics: TopicFacts, words: Phrases) -> Reply:
    """That a topic is not mentioned, which is no exclusion."""
    topic = words.listed([*(words.label(it) for it in frame.topics), *frame.words], most=2)
    events = topics.scope(frame)
    about = words.event(events[0]) if len(events) == 1 else words.about(replace(frame, topics=()), 1)
    if frame.account:
        who = words.say(
            "The {label} does not say",
            "{label}没有说明",
            label=words.label(f"{BASE}ontology#{frame.account}"),
        )
    else:
        who = words.say("No document says", "没有文件说明")
    return Reply(
        words.say(
            "{who} whether {topic} was discussed ({about}): it is not mentioned.",
            "{who}是否讨论了{topic}（{about}）：未提及。",
            who=who,
            topic=topic,
            about=about,
        ),
        is_found=False,
    )


def described(frame: Frame, words: Phrases) -> str:
    """A frame in words: how a question was read."""
    if frame.of == "events":
        return words.about(frame)
    kinds = words.listed(words.label(f"{BASE}ontology#{name}") for name in frame.claims)
    what = {
        "topics": words.say("topics not raised", "未讨论的议题")
        if frame.excluded
        else words.say("topics", "议题"),
        "claims": kinds or words.say("statements", "表态"),
        "agreements": words.say("agreements", "共识"),
        "documents": words.say("documents", "文件"),
        "offices": words.say("holders of offices", "任职者"),
        "invitations": words.say("invitations", "邀请"),
    }[frame.of]
    topics = words.listed([*(words.label(topic) for topic in frame.topics), *frame.words])
    who = words.listed(party.label for party in frame.parties)
    whom = words.listed(party.label for party in frame.to)
    where = words.listed(words.label(named[0]) for named in frame.places)
    when = words.period(frame.period)
    if words.is_chinese:
        return "，".join(
            filter(
                None,
                (when, who, f"对{whom}" if whom else "", f"在{where}" if where else "", topics, what),
            )
        )
    parts = (
        what,
        f"on {topics}" if topics else "",
        f"of {who}" if who else "",
        f"to {whom}" if whom else "",
        f"in {where}" if where else "",
        when,
    )
    return " ".join(filter(None, parts))
