"""Which claims a question means: those of its speakers, topics, time and occasion."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.questions.claim_lookup import ClaimLookup, Said
from kg.questions.evidence import PREFIXES, any_of
from kg.questions.frame import Frame
from kg.questions.periods import ANY_TIME, Period
from kg.questions.selection import Selection
from kg.questions.stemming import alike, stems
from kg.store import Store
from kg.store.results import Literal
from kg.terms import BASE

__all__ = ["ClaimSelection"]

_MOST = 400  # claims that the query gives
_PATHS = {
    "inEvent": "kg:inEvent",
    "reportedIn": "kg:reportedIn",
    "about": "kg:about",
    "claimant": "kg:claimant",
    "speaks": "kg:claimant|(kg:reportedIn/dcterms:publisher)",
    "class": "a",
    "side": "kg:side",
}
_SOON = 3  # days after an event within which a document is about it


class ClaimSelection:
    """Selects claims of one state of a store."""

    def __init__(self, selection: Selection, store: Store) -> None:
        self.selection, self.store, self.lexicon = selection, store, selection.lexicon
        self.index = ClaimLookup(store)

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
        if not found and frame.kinds == ("visit",) and (frame.period or frame.places):
            met = replace(frame, kinds=(), parties=parties, topics=(), want="list")
            found = self.selection.select(met, kinds=("call", "meeting", "trade-talk"))
        return [it.iri for it in (*found.events, *found.undated)], True

    def claims(
        self,
        frame: Frame,
        events: Sequence[str],
        kinds: Iterable[str] | None = None,
        documents: Sequence[str] = (),
    ) -> tuple[list[Said], str]:
        """The claims that fit, the newest first, and a query that gives them."""
        persons = [iri for party in frame.parties if not party.is_side for iri in party.iris]
        sides = [iri for party in frame.parties if party.is_side for iri in party.iris]
        speaks = "speaks" if self._publish(persons) else "claimant"
        bounds: dict[str, Sequence[str]] = {
            "inEvent": events,
            "reportedIn": documents,
            "about": sorted(self.selection.below(frame.topics)) if frame.topics else [],
            speaks: persons,
            "class": [*(kinds if kinds is not None else frame.claims)],
            "side": sides if not persons else [],
        }
        given = {relation: values for relation, values in bounds.items() if values}
        period = frame.period if not events else ANY_TIME
        wanted = _alternatives(frame)
        found = [
            it
            for it in self.index.find(given)
            if (not period or period.holds(it.issued)) and _has_all(it.content.lower(), wanted)
        ]
        order = "ASC" if "first" in (frame.order, frame.want) else "DESC"
        if order == "ASC":
            found = sorted(found, key=lambda it: it.issued)
        return self._apart([_of_side(it, sides) for it in found]), self._query(frame, given, period, order)

    def _query(self, frame: Frame, given: Mapping[str, Sequence[str]], period: Period, order: str) -> str:
        """The same as SPARQL."""
        paths = [(_PATHS[relation], _iris(relation, values)) for relation, values in given.items()]
        (first, iris), *rest = paths or [("a", [f"{BASE}ontology#Claim"])]
        lines = [
            any_of(f"?claim {first} {{}}", iris),
            *(_exists(path, its) for path, its in rest),
            "?claim kg:reportedIn ?document ; kg:content ?content ; kg:evidence/oa:exact ?quote .",
            "OPTIONAL { ?document dcterms:issued ?issued }",
            self._dated(period) if period else "",
            *(
                "FILTER({})".format(" || ".join(f"CONTAINS(LCASE(?content), {Literal(it)})" for it in group))
                for group in _alternatives(frame)
            ),
            "OPTIONAL { ?claim kg:claimant ?speaker }",
        ]
        body = "\n  ".join(filter(None, lines))
        return f"""{PREFIXES}
SELECT DISTINCT ?claim ?issued ?speaker ?content ?document ?quote WHERE {{
  {body}
}} ORDER BY {order}(?issued) ?document ?claim LIMIT {_MOST}"""

    def _publish(self, parties: Iterable[str]) -> bool:
        """Whether one of them speaks by what it publishes: “what does the *White House* say?”."""
        known = self.lexicon.entries
        return any(iri in known and self.lexicon.is_a(known[iri].kind, "Organization") for iri in parties)

    def of_events(self, frame: Frame, events: Sequence[str]) -> list[str]:
        """The documents of some events: published within days, or titled by the place that is asked for."""
        found = self._of_days(events) if events and not frame.topics else []
        return [*dict.fromkeys([*found, *(self._titled(frame) if frame.places else ())])]

    def _of_days(self, events: Sequence[str]) -> list[str]:
        found = []
        query = f"""{PREFIXES}SELECT DISTINCT ?event ?document ?issued WHERE {{
  {any_of("?fact rdf:subject {}", events[:10])}
  ?fact rdf:subject ?event ; kg:reportedIn ?document . ?document dcterms:issued ?issued }}"""
        for event, document, issued in self.store.select(query).texts():
            it = self.selection.matcher.get(event or "")
            is_dated = it is not None and it.is_resolved
            if it and document and is_dated and 0 <= _days(issued or "") - _days(it.date) <= _SOON:
                found.append(document)
        return found

    def _titled(self, frame: Frame) -> list[str]:
        """Documents of the time whose titles name the place."""
        places = [self.lexicon.label(named[0]).lower() for named in frame.places]
        named = " && ".join(f"CONTAINS(LCASE(?title), {Literal(place)})" for place in places)
        query = f"""{PREFIXES}SELECT DISTINCT ?document WHERE {{
  ?document dcterms:title ?title FILTER({named})
  OPTIONAL {{ ?document dcterms:issued ?issued }}
  {self._dated(frame.period)} }} ORDER BY ?document LIMIT 40"""
        return [row[0] for row in self.store.select(query).texts() if row[0]]

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

    def narrowed(self, frame: Frame, found: list[Said]) -> list[Said]:
        """What has the words of the question, and the narrower wording of a topic that it uses."""
        if frame.to and all(p.is_side for p in frame.to):
            own = {iri for p in frame.to for iri in p.iris}
            found = [it for it in found if not it.sides or not {*it.sides} <= own]
        if frame.words:
            wanted = [stems(word) for word in frame.words]
            found = [
                it for it in found if all(_holds(it.content + " " + it.quote, phrase) for phrase in wanted)
            ]
        if frame.wordings:
            narrow = [it for it in found if any(_holds(it.content, stems(word)) for word in frame.wordings)]
            found = narrow
        return found


def _days(date: str) -> int:
    return datetime.date.fromisoformat(date).toordinal() if len(date) == len("2025-06-05") else -9


def _of_side(it: Said, asked: Sequence[str]) -> Said:
    """A claim of two sides as that of the one that is asked for."""
    side = next((side for side in it.sides if side in asked), it.side)
    return replace(it, side=side) if side != it.side else it


def _iris(relation: str, values: Sequence[str]) -> list[str]:
    return [f"{BASE}ontology#{name}" for name in values] if relation == "class" else [*values]


def _exists(path: str, iris: Sequence[str]) -> str:
    if len(iris) == 1:
        return f"FILTER EXISTS {{ ?claim {path} <{iris[0]}> }}"
    name = "?" + re.split(r"\W", path.split(":", 1)[-1])[0] + "Is"
    listed = ", ".join(f"<{iri}>" for iri in iris)
    return f"FILTER EXISTS {{ ?claim {path} {name} FILTER({name} IN ({listed})) }}"


def _alternatives(frame: Frame) -> list[tuple[str, ...]]:
    """For each word that a question quotes, the stems of which a text must have one."""
    return [alike(stem) for word in frame.words for stem in stems(word)]


def _holds(text: str, phrase: Sequence[str]) -> bool:
    """Whether a text has the stems of a phrase, all of them, or words that say the same."""
    found = {*stems(text)}
    return not any(found.isdisjoint(alike(stem)) for stem in phrase)


def _has_all(text: str, wanted: Iterable[Sequence[str]]) -> bool:
    """Whether a text has one of each group of stems."""
    return all(any(stem in text for stem in group) for group in wanted)
