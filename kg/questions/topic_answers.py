"""Answers about what was and was not raised: topics of exchanges, and how one topic stands in them."""

from collections import defaultdict
from collections.abc import Sequence

from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selection
from kg.questions.stemming import stems
from kg.questions.topic_facts import TopicFacts
from kg.questions.topic_sentences import account_label, named_topics, verdict
from kg.store import Store

__all__ = ["TopicAnswers"]

_ROWS = 80


class TopicAnswers:
    """Answers what is asked about topics."""

    def __init__(self, selection: Selection, store: Store) -> None:
        self.selection, self.lexicon = selection, selection.lexicon
        self.facts = TopicFacts(selection, store)

    def answer(self, frame: Frame) -> Reply:
        """The answer to a frame of topics."""
        words = Phrases(self.lexicon, frame.language)
        events = self.facts.scope(frame)
        if not events:
            return Reply("", is_found=False)
        found, sparql = self.facts.of(frame, events)
        if frame.account and not frame.one_sided:
            found = [row for row in found if row["account"].endswith(frame.account)]
        if frame.topics:
            return self._standing(frame, found, sparql, words)
        return self._listed(frame, found, sparql, words)

    # ── Topics of events ──

    def _listed(self, frame: Frame, found: Sequence[Row], sparql: str, words: Phrases) -> Reply:
        kept = [row for row in found if bool(row["raised"]) != frame.excluded]
        if frame.one_sided:
            kept = self.facts.one_sided(frame, kept)
        if not kept:
            return Reply("", sparql=sparql, is_found=False)
        by_event: defaultdict[str, list[Row]] = defaultdict(list)
        for row in kept:
            by_event[row["event"]].append(row)
        order = sorted(by_event, key=self.facts.date, reverse=True)
        parts = []
        for iri in order[:4]:
            names = named_topics(by_event[iri], words, with_account=len(order) == 1)
            lead = (
                words.say("left out of", "没有讨论") if frame.excluded else words.say("raised in", "讨论了")
            )
            event = self.selection.matcher.get(iri)
            about = words.event(event) if event else ""
            if words.is_chinese:
                parts.append(f"{about}{lead}：{names}")
            else:
                what = "Topics of one account only," if frame.one_sided else "Topics"
                parts.append(f"{what} {lead} the {about}: {names}")
        more = (
            words.say(" (and {n} more events)", "（另有{n}次往来）", n=len(order) - 4)
            if len(order) > 4
            else ""
        )
        text = words.say(". ", "。").join(parts) + more + words.say(".", "。")
        kept = sorted(kept, key=lambda row: (order.index(row["event"]), row["topic"]))
        return self._reply(text, self.facts.once(kept), sparql, words)

    # ── One topic ──

    def _standing(
        self,
        frame: Frame,
        found: Sequence[Row],
        sparql: str,
        words: Phrases,
    ) -> Reply:
        if not found:
            return Reply("", sparql=sparql, is_found=False)
        topic = words.listed((words.label(it) for it in frame.topics), most=2)
        if (
            frame.want in ("when", "list", "first", "last", "count", "where", "topics", "who")
            and not frame.excluded
        ):
            return self._occasions(frame, found, sparql, topic, words)
        named = [row for row in found if _says(row["quote"], frame.wordings)]
        is_wider = bool(frame.wordings) and not named
        found = named or found
        raised = [row for row in found if row["raised"]]
        out = [row for row in found if not row["raised"]]
        by_event: defaultdict[str, list[Row]] = defaultdict(list)
        for row in raised or out:
            by_event[row["event"]].append(row)
        order = sorted(by_event, key=self.facts.date, reverse=True)
        event = self.selection.matcher.get(order[0])
        about = words.event(event) if event else ""
        if len(order) > 1:
            about += words.say(
                " and {n} more", "等{n}次", n=len(order) - 1 if not words.is_chinese else len(order)
            )
        text = verdict(frame, topic, about, raised, out, words, is_wider=is_wider)
        if is_wider:
            text = words.say(
                "No document says whether {word} was discussed; of the wider topic: {text}",
                "没有文件说明是否讨论了{word}；就更宽的议题而言：{text}",
                word=words.listed(f"“{it}”" for it in frame.wordings),
                text=text,
            )
            quotes = [(row["document"], row["quote"]) for row in self.facts.once(raised or out)]
            return Reply(text, (), quotes, sparql)
        rows = sorted(
            found,
            key=lambda row: (
                row["event"] not in by_event,
                -order.index(row["event"]) if row["event"] in order else 0,
            ),
        )
        return self._reply(text, self.facts.once(rows), sparql, words)

    def _occasions(
        self, frame: Frame, found: Sequence[Row], sparql: str, topic: str, words: Phrases
    ) -> Reply:
        raised = [row for row in found if row["raised"]]
        order = sorted(
            {row["event"] for row in raised},
            key=lambda iri: (self.facts.date(iri) == "", self.facts.date(iri)),
        )
        dated = [iri for iri in order if self.facts.date(iri)]
        if not order:
            return Reply("", sparql=sparql, is_found=False)
        which = frame.order or frame.want
        chosen = dated[:1] if which == "first" else dated[-1:] if which == "last" else order
        events = [it for iri in (chosen or order) if (it := self.selection.matcher.get(iri)) is not None]
        items = words.listed((words.event(it) for it in events if it.date), most=6)
        undated = sum(1 for it in events if not it.date)
        more = words.say(", and {n} without a day", "，另有{n}次未注明日期", n=undated) if undated else ""
        if which in ("first", "last") and len(events) == 1:
            text = words.say(
                "{topic} was {which} raised in the {items}, as far as days are known.",
                "就有日期的往来而言，{topic}{which}被提及是在{items}。",
                topic=topic,
                which=words.say(which, "最早" if which == "first" else "最近"),
                items=items,
            )
            rows = [row for row in raised if row["event"] == events[0].iri]
            return self._reply(text, self.facts.once(rows), sparql, words)
        text = words.say(
            "{topic} was raised in {n} exchange{s}: {items}{more}.",
            "{topic}在{n}次往来中被提及：{items}{more}。",
            topic=topic,
            n=len(events) - undated,
            s="" if len(events) - undated == 1 else "s",
            items=items,
            more=more,
        )
        rows = [row for row in raised if row["event"] in {it.iri for it in events}]
        return self._reply(text, self.facts.once(rows), sparql, words)

    # ── Rows ──

    def _reply(self, text: str, rows: Sequence[Row], sparql: str, words: Phrases) -> Reply:
        shown = rows[:_ROWS]
        table: list[Row] = []
        for row in shown:
            event = self.selection.matcher.get(row["event"])
            table.append(
                {
                    "topic": row["topic"],
                    "topicLabel": words.label(row["topic"]),
                    "raised": words.say("raised", "已讨论")
                    if row["raised"]
                    else words.say("not raised", "未讨论"),
                    "event": row["event"],
                    "eventLabel": words.event(event) if event else "",
                    "date": event.date if event else "",
                    "accountLabel": account_label(row["account"], words),
                    "document": row["document"],
                    "quote": row["quote"],
                }
            )
        return Reply(text, table, [(row["document"], row["quote"]) for row in shown], sparql)


def _says(quote: str, wordings: Sequence[str]) -> bool:
    """Whether a passage has one of some narrower wordings; an acronym stands for its topic."""
    said = {*stems(quote)}
    return any({*stems(word)} <= said or (word.isupper() and len(word) < 4) for word in wordings)
