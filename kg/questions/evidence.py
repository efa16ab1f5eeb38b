"""The facts of events with the passages behind them, and which passages bear a row out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.lexicon import Lexicon
from kg.questions.event_matching import EventCandidate
from kg.questions.participation import day_number
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE

__all__ = ["PREFIXES", "Evidence", "Fact", "any_of"]

PREFIXES = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
BASIC = ("kg:participant", "kg:date", "kg:place", "kg:status")
MOST = 40  # events whose passages are looked up
_DOCUMENTS, _OPENING = 4, 2500  # how many documents are looked into, and how many of their characters
# What a passage says of an exchange that tells of it.
_KINDS = {
    "call": re.compile(r"\b(?:call|phone|telephone|video|spoke|speak|conversation)\w*|通话|电话", re.I),
    "meeting": re.compile(
        r"\b(?:met|meet|meetings?|summits?|talks|bilateral|attended)\b|会晤|会见|会谈", re.I
    ),
    "trade-talk": re.compile(
        r"\b(?:met|meet|meetings?|talks|consultations?|negotiat\w+|rounds?)\b|磋商|会谈", re.I
    ),
    "invitation": re.compile(r"\b(?:invit\w+|welcome\w*|host\w*)\b|邀", re.I),
    "visit": re.compile(r"\b(?:visit|visited|trip|travel|travelled|traveled)\w*|访", re.I),
}
_PLANNED = re.compile(
    r"\b(?:will|upcoming|forthcoming|scheduled|ahead of|look(?:s|ing)? forward)\b|即将|将于", re.I
)
_SOON = 7  # days after an event within which documents tell of it at first hand
_LINE = re.compile(r"[^\n.]{15,400}(?:\.(?!\s)[^\n.]*)*\.?")
_SIDES = (
    "two sides",
    "both sides",
    "two countries",
    "two presidents",
    "two leaders",
    "two heads of state",
    "our two countries",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a document says of an event, with its words."""

    event: str
    predicate: str
    value: str
    account: str
    document: str
    quote: str
    claimant: str
    issued: str = ""


def any_of(pattern: str, iris: Iterable[str]) -> str:
    """A triple pattern with each of some IRIs in the place of `{}`: so that a search can begin there."""
    parts = [f"{{ {pattern.format(NamedNode(iri))} }}" for iri in dict.fromkeys(iris)]
    return f"{parts[0][1:-1].strip(' .')} ." if len(parts) == 1 else " UNION ".join(parts)


class Evidence:
    """Looks up the passages of events."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self.store, self.lexicon = store, lexicon

    def facts(
        self, events: Sequence[EventCandidate], predicates: Sequence[str] = BASIC
    ) -> tuple[Mapping[str, list[Fact]], str]:
        """The affirmed facts of events by event, and the query that gave them."""
        query = f"""{PREFIXES}
SELECT DISTINCT ?event ?predicate ?value ?account ?document ?quote ?claimant ?issued WHERE {{
  {any_of("?fact rdf:subject {}", (it.iri for it in events[:MOST]))}
  ?fact rdf:subject ?event ; rdf:predicate ?predicate .
  FILTER(?predicate IN ({", ".join(predicates)}))
  ?fact rdf:object ?value ; kg:reportedIn ?document ; kg:account ?account ; kg:evidence/oa:exact ?quote .
  FILTER EXISTS {{ ?fact kg:polarity kg:Affirmed }}
  OPTIONAL {{ ?fact kg:claimant ?claimant }} OPTIONAL {{ ?document dcterms:issued ?issued }}
}} ORDER BY ?event ?document ?quote"""
        found: defaultdict[str, list[Fact]] = defaultdict(list)
        for row in self.store.select(query).texts():
            fact = Fact(*(value or "" for value in row))
            found[fact.event].append(fact)
        return found, query

    def best(self, it: EventCandidate, facts: Iterable[Fact], also: Iterable[str] = ()) -> list[Fact]:
        """The passage that names most of who took part and where, and a second one for what it leaves out.

        Args:
            it: The event.
            facts: What is said of it.
            also: Further things that should be named, such as a topic.
        """
        known = {iri for iri in {*it.agents, *it.places, *also} if iri in self.lexicon.entries}
        seen: dict[tuple[str, str], Fact] = {}
        for fact in facts:
            if not fact.quote.startswith("("):
                seen.setdefault((fact.document, fact.quote), fact)
        if not seen:
            return []
        passages = [*seen.values()]
        best = max(passages, key=lambda fact: self._worth(it, fact, known))
        if not self._tells(it, best, known):
            opening = self._openings(it, best, {fact.document: fact.issued for fact in passages}, known)
            best = max([best, *opening], key=lambda fact: self._worth(it, fact, known))
        rest = known - self.named(best.quote, known)
        more = [fact for fact in passages if self.named(fact.quote, rest)]
        if not more or (not rest & it.places and self._tells(it, best, known)):
            return [best]
        second = max(
            more,
            key=lambda fact: (self._weight(self.named(fact.quote, rest)), fact.document == best.document),
        )
        return [best, second]

    def _worth(self, it: EventCandidate, fact: Fact, known: Iterable[str]) -> tuple[int, bool, bool, int]:
        """How well a passage tells of an event: whom and what place it names, its kind, its day."""
        is_of_kind = _KINDS[it.kind].search(fact.quote) is not None if it.kind in _KINDS else True
        named = self.named(fact.quote, known)
        weight = self._weight(named) + 3 * (is_of_kind and bool(named))
        if it.has_occurred:
            weight -= 2 * (_PLANNED.search(fact.quote) is not None) + _distance(it, fact)
        return weight, _is_dated(fact, it), fact.predicate.endswith("participant"), -len(fact.quote)

    def _weight(self, named: Iterable[str]) -> int:
        kinds = [self.lexicon.entries[iri].kind for iri in named]
        return sum(_worth_of(kind, is_place=self.lexicon.is_a(kind, "Place")) for kind in kinds)

    def _tells(self, it: EventCandidate, fact: Fact, known: Iterable[str]) -> bool:
        """Whether a passage bears the event out by itself: two parties at least, and its kind."""
        named = self.named(fact.quote, known) & it.agents
        is_of_kind = it.kind not in _KINDS or _KINDS[it.kind].search(fact.quote) is not None
        return len(named) >= min(2, len(it.agents)) and is_of_kind

    def _openings(
        self, it: EventCandidate, like: Fact, documents: Mapping[str, str], known: Iterable[str]
    ) -> list[Fact]:
        """The lines with which the documents of an event begin, where they say who met whom."""
        named = " ".join(str(NamedNode(iri)) for iri in [*documents][:_DOCUMENTS])
        query = f"""{PREFIXES}SELECT ?document (SUBSTR(?body, 1, {_OPENING}) AS ?opening) WHERE {{
  VALUES ?document {{ {named} }} ?document kg:body ?body }}"""
        found = []
        for document, opening in self.store.select(query).texts():
            for line in _LINE.findall(opening or ""):
                issued = documents.get(document or "", "")
                fact = Fact(
                    it.iri, like.predicate, "", like.account, document or "", line.strip(), "", issued
                )
                if self._tells(it, fact, known) and not _PLANNED.search(line):
                    found.append(fact)
        return found

    def named(self, quote: str, iris: Iterable[str]) -> set[str]:
        """Which of some things a passage names."""
        low = quote.lower()
        found = set()
        for iri in iris:
            entry = self.lexicon.entries[iri]
            is_country = self.lexicon.is_a(entry.kind, "Country")
            names = [name for name, _ in entry.names]
            if any(name in quote for name in names) or (is_country and any(it in low for it in _SIDES)):
                found.add(iri)
        return found


def _worth_of(kind: str, *, is_place: bool) -> int:
    """How much it tells that somebody or something of a kind is named: a city more than a country."""
    if kind == "Country":
        return 1
    return 4 if is_place else 2 if kind == "Leader" else 1


def _distance(it: EventCandidate, fact: Fact) -> int:
    """What is taken off a passage whose document was published before the day, or long after it."""
    days = day_number(fact.issued) - day_number(it.end or it.date) if it.is_resolved and fact.issued else 0
    first = day_number(fact.issued) - day_number(it.date) if it.is_resolved and fact.issued else 0
    return 4 if first < 0 else 1 if days > _SOON else 0


def _is_dated(fact: Fact, it: EventCandidate) -> bool:
    return fact.predicate.endswith("date") or it.date[:4] in fact.quote
