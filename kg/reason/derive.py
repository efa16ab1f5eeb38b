"""Derives what OWL cannot say: whose account a statement is, and which statements conflict."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from rdflib import DCTERMS, RDF
from rdflib.term import Node

from kg.reason.source import Triple
from kg.terms import KG

_Values: TypeAlias = dict[Node, list[Node]]

_ATTRIBUTION = (KG.reportedIn, KG.relayedBy, KG.claimant, DCTERMS.publisher, KG.represents)
_ACCOUNT, _THIRD_PARTY = KG.account, KG.ThirdPartyAccount
_TRIPLE = (RDF.subject, RDF.predicate, RDF.object)
# What a fact says of a topic of an event: that it was raised, or that it was not. A negated main
# topic leaves that open.
_RAISED = frozenset({
    (KG.discussedTopic, KG.Affirmed), (KG.mainTopic, KG.Affirmed), (KG.excludedTopic, KG.Negated)
})  # fmt: skip
_NOT_RAISED = frozenset({(KG.excludedTopic, KG.Affirmed), (KG.discussedTopic, KG.Negated)})


@dataclass(frozen=True, slots=True)
class Sides:
    """For whom the agents of the reference data speak.

    Attributes:
        countries: By agent.
        account: By country; any other country's is the account of third parties.
    """

    countries: Mapping[Node, Collection[Node]]
    account: Mapping[Node, Node]

    @classmethod
    def of(cls, reference: Iterable[Triple]) -> "Sides":
        """Read them from `kg:represents` of agents and `kg:side` of the accounts."""
        values = _values(reference, {KG.represents, KG.side, RDF.type})
        account = {
            country: node
            for node, countries in values[KG.side].items()
            if KG.Account in values[RDF.type].get(node, ())
            for country in countries
        }
        return cls(values[KG.represents], account)


def accounts(stated: Iterable[Triple], sides: Sides) -> set[Triple]:
    """The `kg:account` of every statement.

    It is the side of the relaying outlet, else of the document's publisher, else of the claimant: the first
    of them that speaks for a country. If none does, it is the account of third parties. Claimants of two
    sides who say one thing together give it two accounts.
    """
    reported, relays, claimants, publishers, represented = _values(stated, _ATTRIBUTION).values()

    def countries(agents: Iterable[Node]) -> list[Node]:
        known = (represented.get(agent) or sides.countries.get(agent, ()) for agent in agents)
        return [country for found in known for country in found]

    made: set[Triple] = set()
    for statement, documents in reported.items():
        publisher = [agent for node in documents for agent in publishers.get(node, ())]
        speakers = (relays.get(statement, ()), publisher, claimants.get(statement, ()))
        spoken_for = next(filter(None, map(countries, speakers)), [])
        found = {sides.account.get(country, _THIRD_PARTY) for country in spoken_for}
        made |= {(statement, _ACCOUNT, account) for account in found or {_THIRD_PARTY}}
    return made


def conflicts(stated: Iterable[Triple]) -> set[Triple]:
    """`kg:conflictsWith`, both ways, between facts that cannot hold together, of one document or of several.

    One says that a topic was raised in an event, the other that it was not; or one denies the very triple
    that the other affirms. Who says so plays no part: a claimant who contradicts himself is in conflict too.
    """
    for_by_matter: dict[tuple[Node, ...], list[Node]] = {}
    against_by_matter: dict[tuple[Node, ...], list[Node]] = {}
    for fact, matter, is_for in _readings(_values(stated, {*_TRIPLE, KG.polarity})):
        (for_by_matter if is_for else against_by_matter).setdefault(matter, []).append(fact)
    pairs = (
        pair
        for matter, facts in for_by_matter.items()
        for pair in product(facts, against_by_matter.get(matter, ()))
    )
    return {(one, KG.conflictsWith, other) for pair in pairs for one, other in (pair, pair[::-1])}


def _readings(values: Mapping[Node, _Values]) -> Iterator[tuple[Node, tuple[Node, ...], bool]]:
    """What each fact decides: the triple that it states, and whether a topic was raised; yes or no."""
    for fact, polarities in values[KG.polarity].items():
        parts = [values[part].get(fact, []) for part in _TRIPLE]
        for subject, predicate, value, polarity in product(*parts, polarities):
            yield fact, (subject, predicate, value), polarity == KG.Affirmed
            if (predicate, polarity) in _RAISED | _NOT_RAISED:
                yield fact, (subject, value), (predicate, polarity) in _RAISED


def _values(triples: Iterable[Triple], predicates: Iterable[Node]) -> dict[Node, _Values]:
    found: dict[Node, _Values] = {predicate: {} for predicate in predicates}
    for subject, predicate, value in triples:
        if predicate in found:
            found[predicate].setdefault(subject, []).append(value)
    return found
