"""Answers about documents, holders of offices and invitations."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from kg.questions.document_index import DocumentIndex
from kg.questions.evidence import PREFIXES, Evidence, any_of
from kg.questions.frame import Frame
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selection
from kg.store import Store
from kg.terms import BASE

__all__ = ["OtherAnswers"]

_KINDS = {
    "joint": "JointStatement",
    "readout": "Readout",
    "transcript": "Transcript",
    "通稿": "Readout",
    "联合声明": "JointStatement",
}
_SHOWN = 100
_SOON = 7  # days


class OtherAnswers:
    """Answers what is asked about documents, offices and invitations."""

    def __init__(self, selection: Selection, evidence: Evidence, store: Store, today: str) -> None:
        self.selection, self.evidence, self.store, self.today = selection, evidence, store, today
        self.lexicon = selection.lexicon
        self.documents = DocumentIndex(store)

    def answer(self, frame: Frame) -> Reply:
        """The answer to a frame of documents, offices or invitations."""
        words = Phrases(self.lexicon, frame.language)
        tellers = {"documents": self._documents, "offices": self._offices, "invitations": self._invitations}
        return tellers[frame.of](frame, words)

    # ── Documents ──

    def _documents(self, frame: Frame, words: Phrases) -> Reply:
        kind = next((name for word, name in _KINDS.items() if word in frame.question.lower()), "Document")
        publishers = [iri for party in frame.parties for iri in party.iris]
        topics = sorted(self.selection.below(frame.topics)) if frame.topics else []
        events = self._events(frame)
        if events is not None and not events:
            return Reply("", is_found=False)
        among, sparql = self._among(topics, events)
        listed = self.documents.find(kind, frame.period, self._publishing(publishers), among)
        if events and not frame.topics:
            days = [it.date for iri in events if (it := self.selection.matcher.get(iri)) and it.is_resolved]
            listed = [it for it in listed if any(_is_soon(it.issued, day) for day in days)] or listed
        if not listed:
            return Reply("", sparql=sparql, is_found=False)
        found = [
            (it.iri, it.title, it.issued, words.label(it.publisher) if it.publisher else "") for it in listed
        ]
        which = frame.order or frame.want
        number = len(found)
        found = found[:1] if which == "first" else found[-1:] if which == "last" else found[::-1]
        rows: list[Row] = [
            {
                "date": issued,
                "documentTitle": title,
                "publisherLabel": publisher,
                "document": document,
                "quote": "",
            }
            for document, title, issued, publisher in found[:_SHOWN]
        ]
        items = words.listed((f"“{title}” ({words.date(issued)})" for _, title, issued, _ in found), most=5)
        if frame.want == "who":
            items = words.listed(publisher for _, _, _, publisher in found)
        text = words.say(
            "{n} document{s}: {items}.",
            "{n}份文件：{items}。",
            n=number,
            s="" if number == 1 else "s",
            items=items,
        )
        return Reply(text, rows, (), sparql)

    def _among(self, topics: Sequence[str], events: Sequence[str] | None) -> tuple[set[str] | None, str]:
        """The documents that tell of some events or speak of some topics, and the query; `None` for any."""
        lines = [
            any_of("?told rdf:subject {} ; kg:reportedIn ?document .", events) if events else "",
            any_of("?claim kg:about {} ; kg:reportedIn ?document .", topics) if topics else "",
        ]
        body = "\n  ".join(filter(None, lines)) or "?document a kg:Document ."
        sparql = f"""{PREFIXES}SELECT DISTINCT ?document ?title ?issued WHERE {{
  {body}
  ?document dcterms:title ?title ; dcterms:issued ?issued .
}} ORDER BY ?issued ?document"""
        if not any(lines):
            return None, sparql
        return {row[0] or "" for row in self.store.select(sparql).texts()}, sparql

    def _publishing(self, publishers: Sequence[str]) -> frozenset[str]:
        """These publishers with all that act for a country among them."""
        if not publishers:
            return frozenset()
        acting = (e.iri for e in self.lexicon.entries.values() if e.represents in publishers)
        return frozenset([*publishers, *acting])

    def _events(self, frame: Frame) -> list[str] | None:
        if not frame.kinds and not frame.places:
            return None
        found = self.selection.select(
            replace(frame, parties=tuple(p for p in frame.parties if not p.is_side), topics=())
        )
        return [it.iri for it in (*found.events, *found.undated)]

    # ── Offices ──

    def _offices(self, frame: Frame, words: Phrases) -> Reply:
        offices = frame.offices or tuple(self._heads(frame))
        period = frame.period
        day = period.end or period.start or self.today
        rows: list[Row] = []
        for office in offices:
            terms = [t for t in self.lexicon.tenures if t.office == office]
            if (
                frame.want in ("list", "first", "last", "count")
                and (frame.is_plural or frame.order)
                and not period
            ):
                chosen = (
                    terms[:1]
                    if frame.order == "first"
                    else terms[-1:]
                    if frame.order == "last"
                    else terms[::-1]
                )
            else:
                chosen = [t for t in terms if t.covers(day)] or [
                    t for t in terms if period and t.covers(period.start or day)
                ]
            rows += [
                {
                    "person": t.holder,
                    "personLabel": words.label(t.holder),
                    "officeLabel": words.label(office),
                    "startDate": t.start,
                    "endDate": t.end or "",
                    "document": "",
                    "quote": "",
                }
                for t in chosen
            ]
        if not rows:
            names = words.listed(words.label(office) for office in offices)
            return Reply(
                words.say(
                    "The reference data name no holder of the office {name} then.",
                    "参考数据中没有当时担任{name}的人。",
                    name=names,
                ),
                is_found=False,
            )
        items = words.listed(
            words.say(
                "{who}, {office} since {start}{end}",
                "{who}（{office}，{start}起{end}）",
                who=row["personLabel"],
                office=row["officeLabel"],
                start=words.date(row["startDate"]),
                end=words.say(" until {d}", "至{d}", d=words.date(row["endDate"])) if row["endDate"] else "",
            )
            for row in rows
        )
        return Reply(items + words.say(".", "。"), rows, (), "")

    def _heads(self, frame: Frame) -> list[str]:
        return [
            f"{BASE}id/office/president-of-{iri.rsplit('/', 1)[-1].replace('united', 'the-united')}"
            for p in frame.parties
            if p.is_side
            for iri in p.iris
        ]

    # ── Invitations ──

    def _invitations(self, frame: Frame, words: Phrases) -> Reply:
        found = self.selection.select(replace(frame, kinds=("invitation",), places=()), kinds=("invitation",))
        events = (
            [*found.events, *found.undated] if frame.want == "count" or not found.events else [*found.events]
        )
        if frame.order:
            events = events[:1] if frame.order == "first" else events[-1:]
        facts, sparql = self.evidence.facts(events, ("kg:inviter", "kg:invitee", "kg:date"))
        rows: list[Row] = []
        quotes: list[tuple[str, str]] = []
        for it in events:
            named = {
                role: sorted({f.value for f in facts.get(it.iri, ()) if f.predicate.endswith(role)})
                for role in ("inviter", "invitee")
            }
            if not named["inviter"] or not named["invitee"]:
                continue
            best = self.evidence.best(
                it, [f for f in facts.get(it.iri, ()) if not f.predicate.endswith("date")]
            )
            quotes += [(fact.document, fact.quote) for fact in best]
            rows.append(
                {
                    "event": it.iri,
                    "eventLabel": words.event(it),
                    "date": it.date,
                    "inviterLabel": words.people(named["inviter"], it.date),
                    "inviteeLabel": words.people(named["invitee"], it.date),
                    "document": best[0].document if best else "",
                    "quote": best[0].quote if best else "",
                }
            )
        if not rows:
            return Reply("", sparql=sparql, is_found=False)
        return Reply(self._who_invited(rows, words), rows, quotes, sparql)

    def _who_invited(self, rows: Sequence[Row], words: Phrases) -> str:
        items = words.listed(
            words.say(
                "{one} invited {other}{when}",
                "{when}{one}邀请{other}",
                one=row["inviterLabel"],
                other=row["inviteeLabel"],
                when=words.say(" ({day})", "{day}", day=words.date(row["date"])) if row["date"] else "",
            )
            for row in rows
        )
        return items + words.say(".", "。")


def _is_soon(issued: str, day: str) -> bool:
    """Whether a document was published within days of an event, so that it is about it."""
    if len(issued) != len(day):
        return False
    away = datetime.date.fromisoformat(issued) - datetime.date.fromisoformat(day)
    return abs(away.days) <= _SOON
