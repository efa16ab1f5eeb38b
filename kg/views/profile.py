"""What is known of one agent or topic beyond its events: offices, statements, mentions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.store import Store
from kg.store.results import NamedNode
from kg.views.almanac import Almanac
from kg.views.rows import rows
from kg.views.told import ACCOUNTS

__all__ = [
    "AgentProfile",
    "Office",
    "TopicProfile",
    "agent_profile",
    "claims_of",
    "topic_profile",
]

_SHOWN = 8  # claims of each account


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
        claims: Its claims, the latest first.
        documents: Those that mention it, the newest first.
    """

    represents: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    same_as: tuple[str, ...]
    offices: tuple[Office, ...]
    claims_by_topic: tuple[tuple[str, int], ...]
    claims: tuple[str, ...]
    documents: tuple[str, ...]


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


def agent_profile(store: Store, almanac: Almanac, iri: str) -> AgentProfile:
    """An agent's offices, statements and mentions."""
    node = NamedNode(iri)
    topics = rows(
        store,
        f"""SELECT ?topic (COUNT(*) AS ?n) WHERE {{
        ?claim kg:claimant {node} ; kg:about ?topic }} GROUP BY ?topic ORDER BY DESC(?n) ?topic""",
    )
    claims = rows(
        store,
        f"""SELECT ?claim ?document WHERE {{
        ?claim kg:claimant {node} ; kg:content ?content ; kg:reportedIn ?document }}""",
    )
    documents = rows(
        store, f"SELECT DISTINCT ?document WHERE {{ ?s ?role {node} ; kg:reportedIn ?document }}"
    )
    countries = rows(store, f"SELECT ?country WHERE {{ {node} kg:represents ?country }} ORDER BY ?country")
    return AgentProfile(
        represents=tuple(row[0] for row in countries),
        names=_names(store, node),
        same_as=_same_as(store, node),
        offices=tuple(_offices(store, node)),
        claims_by_topic=tuple((topic, int(number)) for topic, number in topics),
        claims=tuple(_latest(almanac, claims)),
        documents=tuple(sorted({row[0] for row in documents}, key=almanac.issued, reverse=True)),
    )


def topic_profile(store: Store, almanac: Almanac, iri: str) -> TopicProfile:
    """A topic's definition, and who mentions it when."""
    node = NamedNode(iri)
    within = " ".join(str(NamedNode(topic)) for topic in almanac.within(iri))
    definitions = rows(
        store,
        f"""SELECT ?text WHERE {{ {node} skos:definition ?text
        FILTER(LANG(?text) = "en") }} ORDER BY ?text""",
    )
    claimants = rows(
        store,
        f"""SELECT ?who (COUNT(*) AS ?n) WHERE {{
        ?claim kg:about {node} ; kg:claimant ?who }} GROUP BY ?who ORDER BY DESC(?n) ?who LIMIT 60""",
    )
    claims = _attributed(store, f"VALUES ?topic {{ {within} }} ?statement kg:about ?topic")
    facts = _attributed(store, f"VALUES ?topic {{ {within} }} ?statement rdf:object ?topic")
    return TopicProfile(
        definition=next((row[0] for row in definitions), ""),
        names=_names(store, node),
        same_as=_same_as(store, node),
        mentions=_mentions(almanac, claims | facts),
        claimants=tuple((who, int(number)) for who, number in claimants),
        claims={
            account: _latest(almanac, ((iri, paper) for iri, its, paper in claims if its == account))[:_SHOWN]
            for account in ACCOUNTS
        },
    )


def claims_of(store: Store, almanac: Almanac, agent: str, topic: str) -> list[str]:
    """The claims of an agent on a topic, the latest first."""
    found = rows(
        store,
        f"""SELECT ?claim ?document WHERE {{
        ?claim kg:claimant {NamedNode(agent)} ; kg:about {NamedNode(topic)} ; kg:reportedIn ?document }}""",
    )
    return _latest(almanac, found)


def _latest(almanac: Almanac, claims: Iterable[tuple[str, ...]]) -> list[str]:
    ordered = sorted(set(claims), key=lambda pair: (almanac.issued(pair[1]), pair[0]), reverse=True)
    return [claim for claim, _ in ordered]


def _attributed(store: Store, pattern: str) -> set[tuple[str, ...]]:
    """Statements with the local name of their account and their document."""
    query = f"""SELECT ?statement ?account ?document WHERE {{ {pattern} .
      ?statement kg:account ?account ; kg:reportedIn ?document }}"""
    return {(it, account.rpartition("#")[2], paper) for it, account, paper in rows(store, query)}


def _mentions(almanac: Almanac, statements: Iterable[tuple[str, ...]]) -> dict[str, dict[str, int]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, account, paper in statements:
        if issued := almanac.issued(paper):
            found[issued[:4]][account] += 1
    years = [int(year) for year in found]
    every = range(min(years), max(years) + 1) if years else ()
    return {str(year): dict(found.get(str(year), {})) for year in every}


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
