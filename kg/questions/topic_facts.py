"""What documents say was and was not raised in exchanges, one row per passage."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kg.questions.event_matching import EXCHANGES, EventCandidate
from kg.questions.evidence import PREFIXES, any_of
from kg.questions.frame import Frame
from kg.questions.reply import Row
from kg.questions.selection import Selection
from kg.store import Store
from kg.terms import BASE

__all__ = ["ACCOUNTS", "TopicFacts"]

ACCOUNTS = {
    f"{BASE}ontology#UnitedStatesAccount": ("the U.S. account", "美方"),
    f"{BASE}ontology#ChinaAccount": ("the Chinese account", "中方"),
}
_MOST = 60  # events


class TopicFacts:
    """Finds what is said of topics in the events that a question is about."""

    def __init__(self, selection: Selection, store: Store) -> None:
        self.selection, self.store, self.lexicon = selection, store, selection.lexicon

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

    def of(self, frame: Frame, events: Sequence[EventCandidate]) -> tuple[list[Row], str]:
        """The rows of the topics asked about in some events, and the query that found them."""
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

    def of_side(self, frame: Frame, events: Sequence[str], side: str) -> list[Row]:
        """What the documents of one side say was raised of the topics in some events, one row per passage."""
        found = [it for iri in events if (it := self.selection.matcher.get(iri)) is not None]
        rows, _ = self.of(frame, found)
        account = "ChinaAccount" if side.endswith("china") else "UnitedStatesAccount"
        return [row for row in self.once(rows) if row["account"].endswith(account) and row["raised"]]

    def one_sided(self, frame: Frame, rows: Sequence[Row]) -> list[Row]:
        """The rows of topics of which only one side tells."""
        accounts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            for topic in (row["topic"], *self.lexicon.ancestors(row["topic"])):
                if row["account"] in ACCOUNTS:
                    accounts[row["event"], topic].add(row["account"])
        return [
            row
            for row in rows
            if accounts[row["event"], row["topic"]] in ({row["account"]}, set())
            and (not frame.account or row["account"].endswith(frame.account))
        ]

    def once(self, rows: Sequence[Row]) -> list[Row]:
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

    def date(self, iri: str) -> str:
        """The day of an event, as far as it is known."""
        event = self.selection.matcher.get(iri)
        return event.date if event else ""
