"""What is known of one agent or topic beyond its events: offices, statements, mentions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.store import Store
from kg.store.results import NamedNode
from kg.views.claim_index import ClaimIndex, ClaimSummary
from kg.views.event_index import EventIndex, ranked
from kg.views.rows import rows
from kg.views.statements import ACCOUNTS

__all__ = [
    "AgentProfile",
    "Office",
    "TopicProfile",
    "agent_profile",
    "topic_profile",
]

_SPEAKERS = 60


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody's time in an office; dates as precise as the reference data give them."""

    office: str
    holder: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """An agent.

    Attributes:
        represents: Countries that it acts for.
        names: Further names with their languages.
        same_as: The same thing elsewhere.
        offices: Held by a person, or belonging to an organization or country, the newest first.
        claims_by_topic: Number of claims on each topic, the most frequent first.
        claims: Its claims, the oldest first.
    """

    represents: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    same_as: tuple[str, ...]
    offices: tuple[Office, ...]
    claims_by_topic: tuple[tuple[str, int], ...]
    claims: Sequence[ClaimSummary]


@dataclass(frozen=True, slots=True)
class TopicProfile:
    """A topic; what is counted counts for the topics below it too.

    Attributes:
        definition: What it covers.
        names: Further wordings with their languages.
        same_as: The same thing elsewhere.
        mentions: Number of statements by year, then by account.
        claimants: Who speaks of it, and how often, the most frequent first.
        claims: The latest claims of each account.
    """

    definition: str
    names: tuple[tuple[str, str], ...]
    same_as: tuple[str, ...]
    mentions: Mapping[str, Mapping[str, int]]
    claimants: tuple[tuple[str, int], ...]
    claims: Mapping[str, Sequence[str]]


def agent_profile(store: Store, claim_index: ClaimIndex, iri: str) -> AgentProfile:
    """An agent's names, offices and claims."""
    node = NamedNode(iri)
    countries = rows(store, f"SELECT ?country WHERE {{ {node} kg:represents ?country }} ORDER BY ?country")
    return AgentProfile(
        represents=tuple(row[0] for row in countries),
        names=_names(store, node),
        same_as=_same_as(store, node),
        offices=tuple(_offices(store, node)),
        claims_by_topic=tuple(ranked(claim_index.subjects.get(iri, {}))),
        claims=claim_index.by_claimant.get(iri, ()),
    )


def topic_profile(store: Store, event_index: EventIndex, claim_index: ClaimIndex, iri: str) -> TopicProfile:
    """A topic's definition, and who mentions it when."""
    node = NamedNode(iri)
    definitions = rows(
        store,
        f"""SELECT ?text WHERE {{ {node} skos:definition ?text
        FILTER(LANG(?text) = "en") }} ORDER BY ?text""",
    )
    latest = claim_index.latest.get(iri, {})
    return TopicProfile(
        definition=next((row[0] for row in definitions), ""),
        names=_names(store, node),
        same_as=_same_as(store, node),
        mentions=_by_year(event_index.mentions.get(iri, Counter()) + claim_index.numbers.get(iri, Counter())),
        claimants=tuple(ranked(claim_index.claimants.get(iri, {}))[:_SPEAKERS]),
        claims={account: [it.iri for it in latest.get(account, ())] for account in ACCOUNTS},
    )


def _by_year(numbers: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Numbers by year, then by account; years between without any are there too."""
    years = [int(year) for year, _ in numbers]
    found: dict[str, dict[str, int]] = {str(year): {} for year in _span(years)}
    for (year, account), number in numbers.items():
        found[year][account] = number
    return found


def _span(years: Sequence[int]) -> range:
    return range(min(years), max(years) + 1) if years else range(0)


def _offices(store: Store, node: NamedNode) -> Iterator[Office]:
    query = f"""SELECT ?office ?holder ?start ?end WHERE {{
      {{ BIND({node} AS ?holder) ?tenure kg:holder {node} ; kg:office ?office }}
      UNION {{ ?office kg:officeOf {node} . ?tenure kg:office ?office ; kg:holder ?holder }}
      OPTIONAL {{ ?tenure kg:startDate ?start }} OPTIONAL {{ ?tenure kg:endDate ?end }}
    }} ORDER BY DESC(?start) ?office ?holder LIMIT 60"""
    for office, holder, start, end in rows(store, query):
        yield Office(office, holder, start, end)


def _names(store: Store, node: NamedNode) -> tuple[tuple[str, str], ...]:
    query = f"""SELECT DISTINCT ?name (LANG(?name) AS ?language) WHERE {{
      {node} skos:altLabel ?name }} ORDER BY ?language ?name LIMIT 40"""
    return tuple((name, language) for name, language in rows(store, query))


def _same_as(store: Store, node: NamedNode) -> tuple[str, ...]:
    query = f"""SELECT DISTINCT ?other WHERE {{ {node} owl:sameAs ?other FILTER(?other != {node}) }}
      ORDER BY ?other"""
    return tuple(row[0] for row in rows(store, query))
