"""Answers about what was and was not raised: topics of exchanges, and how one topic stands in them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kg.questions.event_matching import EXCHANGES, EventCandidate
from kg.questions.evidence import PREFIXES, any_of
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selection
from kg.questions.stemming import stems
from kg.store import Store
from kg.terms import BASE

__all__ = ["TopicAnswers"]

_ACCOUNTS = {
    f"{BASE}ontology#UnitedStatesAccount": ("the U.S. account", "美方"),
    f"{BASE}ontology#ChinaAccount": ("the Chinese account", "中方"),
}
_MOST = 60  # events
_ROWS = 80


class TopicAnswers:
    """Answers what is asked about topics."""

    def __init__(self, selection: Selection, store: Store) -> None:
        self.selection, self.store, self.lexicon = selection, store, selection.lexicon

    def answer(self, frame: Frame) -> Reply:
        """The answer to a frame of topics."""
        words = Phrases(self.lexicon, frame.language)
        events = self.scope(frame)
        if not events:
            return Reply("", is_found=False)
        found, sparql = self._facts(frame, events)
        if frame.account and not frame.one_sided:
            found = [row for row in found if row["account"].endswith(frame.account)]
        if frame.topics:
            return self._standing(frame, found, sparql, words)
        return self._listed(frame, found, sparql, words)

    def scope(self, frame: Frame) -> list[EventCandidate]:
        """The events that are asked about, the latest first."""
        parties = tuple(p for p in frame.parties if not (p.is_side and frame.account))
        is_open = not (parties or frame.places or frame.period or frame.kinds)
        found = self.selection.select(
            replace(frame, topics=(), parties=parties),
            kinds=(*EXCHANGES, "visit"),
            among=self._of_topics(frame) if frame.topics and is_open else None,
        )
        events = [*found.events][::-1]
        if frame.order and not frame.topics:
            return events[: frame.number] if frame.order == "last" else events[-frame.number :]
        if (
            frame.topics
            and frame.want != "whether"
            and not frame.places
            and not frame.period
            and not frame.kinds
        ):
            return [*events, *found.undated]
        return events or [*found.undated]

    def _of_topics(self, frame: Frame) -> list[str]:
        """The events of which some document says that a topic was or was not raised."""
        query = f"""{PREFIXES}SELECT DISTINCT ?event WHERE {{
  {any_of("?fact rdf:object {}", sorted(self.selection.below(frame.topics)))}
  ?fact rdf:predicate ?relation ; rdf:subject ?event .
  FILTER(?relation IN (kg:discussedTopic, kg:mainTopic, kg:excludedTopic)) }}"""
        return sorted(row[0] for row in self.store.select(query).texts() if row[0])

    def of_side(self, frame: Frame, events: Sequence[str], side: str) -> list[Row]:
        """What the documents of one side say was raised of the topics in some events, one row per passage."""
        found = [it for iri in events if (it := self.selection.matcher.get(iri)) is not None]
        rows, _ = self._facts(replace(frame, one_sided=False), found)
        account = "ChinaAccount" if side.endswith("china") else "UnitedStatesAccount"
        return [row for row in self._once(rows) if row["account"].endswith(account) and row["raised"]]

    def _facts(self, frame: Frame, events: Sequence[EventCandidate]) -> tuple[list[Row], str]:
        wanted = sorted(self.selection.below(frame.topics)) if frame.topics else []
        topics = [f"<{iri}>" for iri in wanted]
        meant = {it.iri for it in events}
        start = (
            any_of("?fact rdf:object {}", wanted)
            if topics and len(events) > _MOST
            else any_of("?fact rdf:subject {}", (it.iri for it in events[:_MOST]))
        )
        query = f"""{PREFIXES}
SELECT DISTINCT ?event ?relation ?topic ?account ?claimant ?document ?quote ?polarity ?issued WHERE {{
  {start}
  ?fact rdf:subject ?event ; rdf:predicate ?relation ; rdf:object ?topic .
  FILTER(?relation IN (kg:discussedTopic, kg:mainTopic, kg:excludedTopic))
  {f"FILTER(?topic IN ({', '.join(topics)}))" if topics else ""}
  ?fact kg:polarity ?polarity ; kg:account ?account ; kg:reportedIn ?document ; kg:evidence/oa:exact ?quote .
  OPTIONAL {{ ?fact kg:claimant ?claimant }} OPTIONAL {{ ?document dcterms:issued ?issued }}
}} ORDER BY ?event ?topic ?document ?quote"""
        names = (
            "event",
            "relation",
            "topic",
            "account",
            "claimant",
            "document",
            "quote",
            "polarity",
            "issued",
        )
        rows: list[Row] = []
        for values in self.store.select(query).texts():
            row = dict(zip(names, (value or "" for value in values), strict=True))
            if row["event"] not in meant:
                continue
            is_raised = row["relation"].endswith("excludedTopic") != row["polarity"].endswith("Affirmed")
            rows.append({**row, "raised": "yes" if is_raised else ""})
        return rows, query

    # ── Topics of events ──

    def _listed(self, frame: Frame, found: Sequence[Row], sparql: str, words: Phrases) -> Reply:
        kept = [row for row in found if bool(row["raised"]) != frame.excluded]
        if frame.one_sided:
            kept = self._one_sided(frame, kept)
        if not kept:
            return Reply("", sparql=sparql, is_found=False)
        by_event: defaultdict[str, list[Row]] = defaultdict(list)
        for row in kept:
            by_event[row["event"]].append(row)
        order = sorted(by_event, key=lambda iri: self._date(iri), reverse=True)
        parts = []
        for iri in order[:4]:
            names = self._named(by_event[iri], words, with_account=len(order) == 1)
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
        return self._reply(text, self._once(kept), sparql, words)

    def _one_sided(self, frame: Frame, rows: Sequence[Row]) -> list[Row]:
        accounts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            for topic in (row["topic"], *self.lexicon.ancestors(row["topic"])):
                if row["account"] in _ACCOUNTS:
                    accounts[row["event"], topic].add(row["account"])
        return [
            row
            for row in rows
            if accounts[row["event"], row["topic"]] in ({row["account"]}, set())
            and (not frame.account or row["account"].endswith(frame.account))
        ]

    def _named(self, rows: Sequence[Row], words: Phrases, *, with_account: bool) -> str:
        by_topic: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            by_topic[row["topic"]].add(row["account"])
        if not with_account or len({account for found in by_topic.values() for account in found}) < 2:
            names = words.listed((words.label(topic) for topic in by_topic), most=15)
            accounts = {account for found in by_topic.values() for account in found}
            return names + (
                words.say(" ({account})", "（{account}）", account=self._account(next(iter(accounts)), words))
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
                who=words.listed(self._account(a, words) for a in accounts),
            )
            for accounts, names in sorted(groups.items())
        ]
        return "; ".join(parts) if not words.is_chinese else "；".join(parts)

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
        named = [row for row in found if self._says(row["quote"], frame.wordings)]
        is_wider = bool(frame.wordings) and not named
        found = named or found
        raised = [row for row in found if row["raised"]]
        out = [row for row in found if not row["raised"]]
        by_event: defaultdict[str, list[Row]] = defaultdict(list)
        for row in raised or out:
            by_event[row["event"]].append(row)
        order = sorted(by_event, key=lambda iri: self._date(iri), reverse=True)
        event = self.selection.matcher.get(order[0])
        about = words.event(event) if event else ""
        if len(order) > 1:
            about += words.say(
                " and {n} more", "等{n}次", n=len(order) - 1 if not words.is_chinese else len(order)
            )
        if raised and out and {row["event"] for row in raised} & {row["event"] for row in out}:
            text = words.say(
                "The accounts differ: {topic} was discussed according to {yes}, "
                "and was not according to {no} ({about}).",
                "说法不一：{yes}称讨论了{topic}，{no}称没有（{about}）。",
                topic=topic,
                yes=self._whose(raised, words),
                no=self._whose(out, words),
                about=about,
            )
        elif raised:
            verdict = words.say("No: ", "不：") if frame.excluded else words.say("Yes: ", "是：")
            text = words.say(
                "{verdict}{topic} was discussed, according to {who} ({about}).",
                "{verdict}{who}称讨论了{topic}（{about}）。",
                verdict="" if is_wider else verdict,
                topic=topic,
                who=self._whose(raised, words),
                about=about,
            )
        else:
            verdict = words.say("Yes: ", "是：") if frame.excluded else words.say("No: ", "没有：")
            text = words.say(
                "{verdict}documents say that {topic} was not discussed, {who} ({about}).",
                "{verdict}{who}称没有讨论{topic}（{about}）。",
                verdict="" if is_wider else verdict,
                topic=topic,
                who=self._whose(out, words),
                about=about,
            )
        if is_wider:
            text = words.say(
                "No document says whether {word} was discussed; of the wider topic: {text}",
                "没有文件说明是否讨论了{word}；就更宽的议题而言：{text}",
                word=words.listed(f"“{it}”" for it in frame.wordings),
                text=text,
            )
            quotes = [(row["document"], row["quote"]) for row in self._once(raised or out)]
            return Reply(text, (), quotes, sparql)
        rows = sorted(
            found,
            key=lambda row: (
                row["event"] not in by_event,
                -order.index(row["event"]) if row["event"] in order else 0,
            ),
        )
        return self._reply(text, self._once(rows), sparql, words)

    def _says(self, quote: str, wordings: Sequence[str]) -> bool:
        """Whether a passage has one of some narrower wordings; an acronym stands for its topic."""
        said = {*stems(quote)}
        return any({*stems(word)} <= said or (word.isupper() and len(word) < 4) for word in wordings)

    def _occasions(
        self, frame: Frame, found: Sequence[Row], sparql: str, topic: str, words: Phrases
    ) -> Reply:
        raised = [row for row in found if row["raised"]]
        order = sorted(
            {row["event"] for row in raised}, key=lambda iri: (self._date(iri) == "", self._date(iri))
        )
        dated = [iri for iri in order if self._date(iri)]
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
            return self._reply(text, self._once(rows), sparql, words)
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
        return self._reply(text, self._once(rows), sparql, words)

    # ── Rows ──

    def _once(self, rows: Sequence[Row]) -> list[Row]:
        """One row for a topic in an account of an event: that with the shortest telling passage."""
        best: dict[tuple[str, str, str, str], Row] = {}
        for row in rows:
            key = row["event"], row["topic"], row["account"], row["raised"]
            if key not in best or self._worth(row) > self._worth(best[key]):
                best[key] = row
        return [*best.values()]

    def _worth(self, row: Row) -> tuple[bool, int]:
        names = (
            [name.lower() for name, _ in self.lexicon.entries[row["topic"]].names]
            if row["topic"] in self.lexicon.entries
            else []
        )
        quote = row["quote"].lower()
        return any(name in quote for name in names), -len(quote)

    def _reply(self, text: str, rows: Sequence[Row], sparql: str, words: Phrases) -> Reply:
        shown = rows[:_ROWS]
        told: list[Row] = []
        for row in shown:
            event = self.selection.matcher.get(row["event"])
            told.append(
                {
                    "topic": row["topic"],
                    "topicLabel": words.label(row["topic"]),
                    "raised": words.say("raised", "已讨论")
                    if row["raised"]
                    else words.say("not raised", "未讨论"),
                    "event": row["event"],
                    "eventLabel": words.event(event) if event else "",
                    "date": event.date if event else "",
                    "accountLabel": self._account(row["account"], words),
                    "document": row["document"],
                    "quote": row["quote"],
                }
            )
        return Reply(text, told, [(row["document"], row["quote"]) for row in shown], sparql)

    def _whose(self, rows: Sequence[Row], words: Phrases) -> str:
        return words.listed(sorted({self._account(row["account"], words) for row in rows}))

    def _account(self, iri: str, words: Phrases) -> str:
        english, chinese = _ACCOUNTS.get(iri, ("", ""))
        return words.say(english, chinese) if english else words.label(iri)

    def _date(self, iri: str) -> str:
        event = self.selection.matcher.get(iri)
        return event.date if event else ""
