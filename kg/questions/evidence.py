"""The facts of events with the passages behind them, and which passages bear a row out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.lexicon import Lexicon
from kg.questions.event_matching import EventCandidate
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
SELECT DISTINCT ?event ?predicate ?value ?account ?document ?quote ?claimant WHERE {{
  {any_of("?fact rdf:subject {}", (it.iri for it in events[:MOST]))}
  ?fact rdf:subject ?event ; rdf:predicate ?predicate .
  FILTER(?predicate IN ({", ".join(predicates)}))
  ?fact rdf:object ?value ; kg:reportedIn ?document ; kg:account ?account ; kg:evidence/oa:exact ?quote .
  FILTER EXISTS {{ ?fact kg:polarity kg:Affirmed }}
  OPTIONAL {{ ?fact kg:claimant ?claimant }}
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
        wanted = {*it.agents, *it.places, *also}
        known = {it for it in wanted if it in self.lexicon.entries}
        seen: dict[tuple[str, str], Fact] = {}
        for fact in facts:
            if not fact.quote.startswith("("):
                seen.setdefault((fact.document, fact.quote), fact)
        scored = [(self.named(fact.quote, known), fact) for fact in seen.values()]
        if not scored:
            return []
        chosen, best = max(
            scored,
            key=lambda pair: (
                len(pair[0]),
                _is_dated(pair[1], it),
                pair[1].predicate.endswith("participant"),
                -len(pair[1].quote),
            ),
        )
        rest = known - chosen
        more = [(names & rest, fact) for names, fact in scored if names & rest]
        if not more or (not rest & it.places and len(chosen) > 1):
            return [best]
        _, second = max(
            more, key=lambda pair: (len(pair[0]), pair[1].document == best.document, -len(pair[1].quote))
        )
        return [best, second]

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


def _is_dated(fact: Fact, it: EventCandidate) -> bool:
    return fact.predicate.endswith("date") or it.date[:4] in fact.quote
