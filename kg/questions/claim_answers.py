"""Answers in the words of the documents: who said, demanded or promised what, and how two sides differ."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.questions.evidence import PREFIXES, any_of
from kg.questions.frame import Frame, Party
from kg.questions.periods import Period
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selection
from kg.questions.stemming import stems
from kg.questions.topic_answers import TopicAnswers
from kg.store import Store
from kg.store.results import Literal
from kg.terms import BASE

__all__ = ["ClaimAnswers", "Said"]

SIDES = (f"{BASE}id/country/united-states", f"{BASE}id/country/china")
_SPECIAL = frozenset({"Demand", "Commitment", "Warning", "Prediction", "Assessment", "Assertion"})
_MOST = 400  # claims that are looked at
_QUOTED = 3
_SOON = 3  # days after an event within which a document is about it
_SHOWN = 60  # rows
_CUT = 260  # characters of a quotation in the sentence


@dataclass(frozen=True, slots=True)
class Said:
    """One claim."""

    claim: str
    kind: str
    issued: str
    speaker: str
    side: str
    content: str
    document: str
    quote: str
    event: str
    negated: bool
    speakers: tuple[str, ...] = ()


class ClaimAnswers:
    """Answers what is asked about claims."""

    def __init__(self, selection: Selection, store: Store, topics: TopicAnswers) -> None:
        self.selection, self.store, self.topics, self.lexicon = selection, store, topics, selection.lexicon

    def answer(self, frame: Frame) -> Reply:
        """The answer to a frame of claims or agreements."""
        words = Phrases(self.lexicon, frame.language)
        events, is_bound = self.scope(frame)
        if is_bound and not events:
            return Reply("", is_found=False)
        if frame.by_side or frame.want == "compare":
            return self._by_side(frame, events, words)
        found, sparql = self.claims(frame, events)
        found = self._narrowed(frame, found)
        if not found and events and not frame.topics:
            found, sparql = self.claims(frame, (), documents=self._documents(events))
        if not found:
            return Reply("", sparql=sparql, is_found=False)
        if frame.order or frame.want in ("first", "last", "when"):
            ordered = sorted(found, key=lambda it: it.issued)
            found = ordered if frame.order == "first" or frame.want == "first" else ordered[::-1]
        if frame.want == "changed":
            return self._changed(found, sparql, words)
        if frame.want == "who":
            return self._who(frame, found, sparql, words)
        text = self._text(frame, found, words)
        return self._reply(text, found, sparql, words)

    def scope(self, frame: Frame) -> tuple[list[str], bool]:
        """The events in which something must have been said, and whether there must be one."""
        is_bound = bool(frame.kinds or frame.places or (frame.to and not all(p.is_side for p in frame.to)))
        if not is_bound:
            return [], False
        parties = tuple(p for p in (*frame.parties, *frame.to) if not p.is_side)
        if frame.by_side:
            parties = tuple(p for p in parties if len(p.iris) == 1)
        found = self.selection.select(
            replace(frame, parties=parties, topics=(), want="list"),
            kinds=("call", "meeting", "trade-talk", "visit"),
        )
        return [it.iri for it in (*found.events, *found.undated)], True

    def claims(
        self,
        frame: Frame,
        events: Sequence[str],
        kinds: Iterable[str] | None = None,
        documents: Sequence[str] = (),
    ) -> tuple[list[Said], str]:
        """The claims that fit, the newest first, and the query that gave them."""
        persons = [iri for party in frame.parties if not party.is_side for iri in party.iris]
        sides = [iri for party in frame.parties if party.is_side for iri in party.iris]
        classes = [f"{BASE}ontology#{name}" for name in (kinds if kinds is not None else frame.claims)]
        topics = sorted(self.selection.below(frame.topics)) if frame.topics else []
        bounds = [
            ("kg:inEvent", events),
            ("kg:reportedIn", documents),
            ("kg:about", topics),
            ("kg:claimant", persons),
            ("a", classes),
            ("kg:side", sides if not persons else []),
        ]
        given = [(path, iris) for path, iris in bounds if iris] or [("a", [f"{BASE}ontology#Claim"])]
        lines = [
            any_of(f"?claim {given[0][0]} {{}}", given[0][1]),
            *(_exists(path, iris) for path, iris in given[1:]),
            "?claim kg:reportedIn ?document .",
            "?claim kg:content ?content ." if frame.words else "",
            "OPTIONAL { ?document dcterms:issued ?issued }",
            self._dated(frame.period) if frame.period and not events else "",
            *(
                f"FILTER(CONTAINS(LCASE(?content), {Literal(stem.lower())}))"
                for word in frame.words
                for stem in stems(word)
            ),
        ]
        order = "ASC" if "first" in (frame.order, frame.want) else "DESC"
        body = "\n    ".join(filter(None, lines))
        query = f"""{PREFIXES}
SELECT DISTINCT ?claim ?class ?issued ?speaker ?side ?content ?document ?quote ?event ?polarity WHERE {{
  {{ SELECT DISTINCT ?claim ?document ?issued WHERE {{
    {body}
  }} ORDER BY {order}(?issued) LIMIT {_MOST} }}
  ?claim a ?class ; kg:content ?content ; kg:evidence/oa:exact ?quote ; kg:polarity ?polarity .
  OPTIONAL {{ ?claim kg:claimant ?speaker }}
  OPTIONAL {{ ?claim kg:side ?side }}
  OPTIONAL {{ ?claim kg:inEvent ?event }}
}} ORDER BY {order}(?issued) ?document ?claim"""
        found: dict[str, Said] = {}
        for row in self.store.select(query).texts():
            claim, kind, issued, speaker, side, content, document, quote, event, polarity = (
                value or "" for value in row
            )
            name = kind.rsplit("#", 1)[-1]
            others = found[claim].speakers if claim in found else ()
            if name in _SPECIAL and (claim not in found or speaker in persons or side in sides):
                found[claim] = Said(
                    claim,
                    name,
                    issued,
                    speaker,
                    side,
                    content,
                    document,
                    quote,
                    event,
                    polarity.endswith("Negated"),
                )
            if claim in found and speaker and speaker not in others:
                found[claim] = replace(found[claim], speakers=(*others, speaker))
        return self._apart([*found.values()]), query

    def _documents(self, events: Sequence[str]) -> list[str]:
        """The documents that were published within days of an event of which they tell."""
        found = []
        query = f"""{PREFIXES}SELECT DISTINCT ?event ?document ?issued WHERE {{
  {any_of("?fact rdf:subject {}", events[:10])}
  ?fact rdf:subject ?event ; kg:reportedIn ?document . ?document dcterms:issued ?issued }}"""
        for event, document, issued in self.store.select(query).texts():
            it = self.selection.matcher.get(event or "")
            if (
                it is not None
                and document
                and it.is_resolved
                and 0 <= _days(issued or "") - _days(it.date) <= _SOON
            ):
                found.append(document)
        return [*dict.fromkeys(found)]

    def _dated(self, period: Period) -> str:
        parts = []
        if period.start:
            parts.append(f'STR(?issued) >= "{period.start}"')
        if period.end:
            parts.append(f'SUBSTR(STR(?issued), 1, {len(period.end)}) <= "{period.end}"')
        if period.yearless:
            parts.append(f'STRSTARTS(SUBSTR(STR(?issued), 6), "{period.yearless}")')
        return f"FILTER({' && '.join(parts)})" if parts else ""

    def _apart(self, found: Sequence[Said]) -> list[Said]:
        """Each statement once: one that says the same words in the same document is left out."""
        kept: dict[tuple[str, str], Said] = {}
        for it in found:
            kept.setdefault((it.document, it.content), it)
        return [*kept.values()]

    def _narrowed(self, frame: Frame, found: list[Said]) -> list[Said]:
        """What has the words of the question, and the narrower wording of a topic that it uses."""
        if frame.to and all(p.is_side for p in frame.to):
            own = {iri for p in frame.to for iri in p.iris}
            found = [it for it in found if it.side not in own]
        if frame.words:
            wanted = [stems(word) for word in frame.words]
            found = [
                it for it in found if all(_holds(it.content + " " + it.quote, phrase) for phrase in wanted)
            ]
        if frame.wordings:
            narrow = [it for it in found if any(_holds(it.content, stems(word)) for word in frame.wordings)]
            found = narrow
        return found

    # ── Sentences ──

    def _text(self, frame: Frame, found: Sequence[Said], words: Phrases) -> str:
        quoted = "; ".join(self._quoted(it, words) for it in found[:_QUOTED])
        more = len(found) - _QUOTED
        number = words.say(
            "{n} statement{s} in {d} document{t}",
            "{n}条表态，见于{d}份文件",
            n=len(found),
            s="" if len(found) == 1 else "s",
            d=len({it.document for it in found}),
            t="" if len({it.document for it in found}) == 1 else "s",
        )
        if frame.want == "count":
            return words.say(
                "{number}: {quoted}{more}.",
                "{number}：{quoted}{more}。",
                number=number,
                quoted=quoted,
                more=self._more(more, words),
            )
        lead = words.say("Yes: ", "有：") if frame.want == "whether" and frame.claims else ""
        return words.say(
            "{lead}{quoted}{more}.",
            "{lead}{quoted}{more}。",
            lead=lead,
            quoted=quoted,
            more=self._more(more, words),
        )

    def _more(self, number: int, words: Phrases) -> str:
        return words.say(" and {n} more", "，另有{n}条", n=number) if number > 0 else ""

    def _quoted(self, it: Said, words: Phrases) -> str:
        content = (
            it.content if len(it.content) <= _CUT else it.content[: it.content.rfind(" ", 0, _CUT)] + " …"
        )
        who = self._who_says(it, words) or (words.label(it.side) if it.side else "")
        when = words.date(it.issued) if it.issued else ""
        lead = words.say(", ", "，").join(filter(None, [who, when]))
        denied = words.say(" (denied)", "（否认）") if it.negated else ""
        return words.say(
            "{lead}: “{content}”{denied}",
            "{lead}：“{content}”{denied}",
            lead=lead,
            content=content.rstrip("."),
            denied=denied,
        )

    def _who_says(self, it: Said, words: Phrases) -> str:
        known = [iri for iri in it.speakers or (it.speaker,) if iri in self.lexicon.entries]
        return words.people(known, it.issued, with_office=True)

    def _by_side(self, frame: Frame, events: Sequence[str], words: Phrases) -> Reply:
        """What each of two says, one after the other."""
        persons = [p for p in frame.parties if not p.is_side]
        sides = [p for p in frame.parties if p.is_side]
        parties: list[Party] = sides if len(sides) > 1 else [*frame.parties] if len(frame.parties) > 1 else []
        if len(parties) < 2 or (persons and len(persons) < 2 and len(sides) < 2):
            parties = [Party(words.label(side), (side,), is_side=True) for side in SIDES]
        parts, kept = [], []
        queries = []
        for party in parties:
            found, sparql = self.claims(replace(frame, parties=(party,)), events)
            found = self._narrowed(replace(frame, to=()), found)
            queries.append(sparql)
            if len(found) < 2 and frame.topics and events and party.is_side:
                found = [
                    *found,
                    *(
                        it
                        for it in self._raised(frame, events, party)
                        if it.quote not in {o.quote for o in found}
                    ),
                ]
            quoted = "; ".join(self._quoted(it, words) for it in found[:2]) or words.say(
                "no statement was read", "没有读到表态"
            )
            parts.append(
                words.say(
                    "{who}: {quoted}{more}",
                    "{who}：{quoted}{more}",
                    who=party.label,
                    quoted=quoted,
                    more=self._more(len(found) - 2, words),
                )
            )
            kept.append(found)
        if not any(kept):
            return Reply("", sparql=queries[0], is_found=False)
        rows = [it for group in kept for it in group[: _SHOWN // len(kept)]]
        return self._reply(words.say(". ", "。").join(parts) + words.say(".", "。"), rows, queries[0], words)

    def _raised(self, frame: Frame, events: Sequence[str], party: Party) -> list[Said]:
        """What a side's own documents say was raised, where they tell of it without anybody's words."""
        return [
            Said(
                "",
                "Assertion",
                row["issued"],
                row["claimant"],
                party.iris[0],
                row["quote"],
                row["document"],
                row["quote"],
                row["event"],
                False,
            )
            for row in self.topics.of_side(frame, events, party.iris[0])
        ]

    def _changed(self, found: Sequence[Said], sparql: str, words: Phrases) -> Reply:
        years = sorted({it.issued[:4] for it in found if it.issued})
        parts = []
        for year in (years[:1] + years[-1:]) if len(years) > 1 else years:
            of_year = [it for it in found if it.issued.startswith(year)]
            parts.append(
                words.say(
                    "{year}: {quoted}{more}",
                    "{year}年：{quoted}{more}",
                    year=year,
                    quoted="; ".join(self._quoted(it, words) for it in of_year[:2]),
                    more=self._more(len(of_year) - 2, words),
                )
            )
        return self._reply(words.say(". ", "。").join(parts) + words.say(".", "。"), found, sparql, words)

    def _who(self, frame: Frame, found: Sequence[Said], sparql: str, words: Phrases) -> Reply:
        speakers: dict[str, int] = {}
        for it in found:
            if it.speaker:
                speakers[it.speaker] = speakers.get(it.speaker, 0) + 1
        named = [
            words.say("{who} ({n})", "{who}（{n}条）", who=words.person(iri), n=n)
            for iri, n in sorted(speakers.items(), key=lambda pair: -pair[1])
            if iri in self.lexicon.entries
        ]
        if not named:
            return self._reply(self._text(replace(frame, want="list"), found, words), found, sparql, words)
        return self._reply(
            words.say(
                "{who}: {text}",
                "{who}：{text}",
                who=words.listed(named),
                text=self._text(replace(frame, want="list"), found, words),
            ),
            found,
            sparql,
            words,
        )

    def _reply(self, text: str, found: Sequence[Said], sparql: str, words: Phrases) -> Reply:
        shown = found[:_SHOWN]
        rows: list[Row] = [
            {
                "date": it.issued,
                "claim": it.claim,
                "claimLabel": words.label(f"{BASE}ontology#{it.kind}") if it.claim else "",
                "speakerLabel": self._who_says(it, words),
                "sideLabel": words.label(it.side) if it.side else "",
                "content": it.content,
                "document": it.document,
                "quote": it.quote,
            }
            for it in shown
        ]
        return Reply(text, rows, [(it.document, it.quote) for it in shown], sparql)


def _days(date: str) -> int:
    return datetime.date.fromisoformat(date).toordinal() if len(date) == len("2025-06-05") else -9


def _exists(path: str, iris: Sequence[str]) -> str:
    if len(iris) == 1:
        return f"FILTER EXISTS {{ ?claim {path} <{iris[0]}> }}"
    name = "?" + path.rsplit(":", 1)[-1] + "Is"
    listed = ", ".join(f"<{iri}>" for iri in iris)
    return f"FILTER EXISTS {{ ?claim {path} {name} FILTER({name} IN ({listed})) }}"


def _holds(text: str, phrase: Sequence[str]) -> bool:
    """Whether a text has the stems of a phrase, all of them."""
    return {*phrase} <= {*stems(text)}
