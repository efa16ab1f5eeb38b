"""The claims of one state of a store in memory, by what a question asks of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kg.questions.evidence import PREFIXES
from kg.store import Store
from kg.terms import BASE

__all__ = ["ClaimLookup", "Said"]

_CLASSES = ("Demand", "Commitment", "Warning", "Prediction", "Assessment", "Assertion")
_MAIN = f"""{PREFIXES}SELECT ?claim ?document ?issued ?content ?quote ?polarity WHERE {{
  ?claim a kg:Claim ; kg:content ?content ; kg:reportedIn ?document ; kg:polarity ?polarity ;
         kg:evidence/oa:exact ?quote . OPTIONAL {{ ?document dcterms:issued ?issued }} }}"""
_RELATIONS = ("about", "claimant", "side", "inEvent")


@dataclass(frozen=True, slots=True)
class Said:
    """One claim.

    Attributes:
        claim: Its IRI; empty for what only a fact tells.
        kind: Local name of its class.
        issued: Day on which its document was published.
        side: IRI of the country for which it is said, the one that is asked for if there are several.
        content: What is claimed.
        document: IRI of the document.
        quote: The words of the document.
        event: IRI of the exchange in which it was said; empty if none is known.
        negated: Whether it is denied.
        speakers: IRIs of those who say so.
        sides: IRIs of all countries for which it is said.
    """

    claim: str
    kind: str
    issued: str
    side: str
    content: str
    document: str
    quote: str
    event: str = ""
    negated: bool = False
    speakers: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()


@dataclass(slots=True)
class _Parts:
    """What is known of one claim while it is read."""

    kind: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)


class ClaimLookup:
    """All claims, in the order of their documents' days; read once, when the first question needs them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, bounds: Mapping[str, Iterable[str]]) -> list[Said]:
        """The claims that have one of the values of every relation, the newest first.

        Args:
            bounds: IRIs by relation: `about`, `claimant`, `speaks` (who says or publishes it), `side`,
                `inEvent`, `reportedIn`, and local names of classes for `class`.
        """
        said, numbers = self._read
        found: set[int] | None = None
        for relation, values in bounds.items():
            its = numbers[relation]
            some: set[int] = set().union(*(its.get(value, ()) for value in values))
            found = some if found is None else found & some
        return [said[number] for number in sorted(found)] if found is not None else [*said]

    @cached_property
    def _read(self) -> tuple[list[Said], Mapping[str, Mapping[str, set[int]]]]:
        parts: defaultdict[str, _Parts] = defaultdict(_Parts)
        for name in _CLASSES:
            query = f"SELECT ?claim WHERE {{ ?claim a <{BASE}ontology#{name}> }}"
            for row in self._store.select(query).texts():
                parts[str(row[0])].kind = name
        for relation in _RELATIONS:
            query = f"SELECT DISTINCT ?claim ?value WHERE {{ ?claim <{BASE}ontology#{relation}> ?value }}"
            for claim, value in self._store.select(query).texts():
                if claim and value and claim in parts:
                    parts[claim].values.setdefault(relation, []).append(value)
        publishers: defaultdict[str, list[str]] = defaultdict(list)
        query = f"{PREFIXES}SELECT DISTINCT ?document ?by WHERE {{ ?document dcterms:publisher ?by }}"
        for document, by in self._store.select(query).texts():
            publishers[document or ""].append(by or "")
        said: dict[str, Said] = {}
        for row in self._store.select(_MAIN).texts():
            claim, document, issued, content, quote, polarity = (value or "" for value in row)
            if claim in said or claim not in parts:
                continue
            own = parts[claim].values
            sides, events = tuple(sorted(own.get("side", ()))), own.get("inEvent", ())
            said[claim] = Said(
                claim,
                parts[claim].kind,
                issued,
                sides[0] if sides else "",
                content,
                document,
                content if quote == content else quote,
                min(events, default=""),
                polarity.endswith("Negated"),
                tuple(sorted(own.get("claimant", ()))),
                sides,
            )
        ordered = sorted(said.values(), key=lambda it: (it.document, it.claim))
        ordered.sort(key=lambda it: it.issued, reverse=True)
        numbers: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, it in enumerate(ordered):
            for relation, values in parts[it.claim].values.items():
                for value in values:
                    numbers[relation][value].add(number)
            numbers["class"][it.kind].add(number)
            numbers["reportedIn"][it.document].add(number)
            for who in (*it.speakers, *publishers[it.document]):
                numbers["speaks"][who].add(number)
        return ordered, numbers
