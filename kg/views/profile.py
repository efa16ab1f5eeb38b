"""What is known of one agent or topic beyond its events: offices, statements, mentions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE
from kg.views.told import Told, told

__all__ = [
    "AgentProfile",
    "Office",
    "TopicProfile",
    "agent_profile",
    "claims_of",
    "claims_on",
    "topic_profile",
]

_PREFIXES = f"""
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_SHOWN = 16  # claims of a page


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
        claims: Number of claims in all.
        documents: Those that mention it.
    """

    represents: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    same_as: tuple[str, ...]
    offices: tuple[Office, ...]
    claims_by_topic: tuple[tuple[str, int], ...]
    claims: int
    documents: frozenset[str]


@dataclass(frozen=True, slots=True)
class TopicProfile:
    """A topic; what is counted counts for the topics below it too.

    Attributes:
        definition: What it covers.
        names: Further wordings with their languages.
        same_as: The same thing elsewhere.
        mentions: Number of statements by year, then by account.
        claimants: Who speaks of it, and how often, the most frequent first.
    """

    definition: str
    names: tuple[tuple[str, str], ...]
    same_as: tuple[str, ...]
    mentions: Mapping[str, Mapping[str, int]]
    claimants: tuple[tuple[str, int], ...]


def agent_profile(store: Store, iri: str) -> AgentProfile:
    """An agent's offices, statements and mentions."""
    node = NamedNode(iri)
    topics = [
        (topic, int(number))
        for topic, number in _rows(
            store,
            f"""SELECT ?topic (COUNT(DISTINCT ?claim) AS ?n) WHERE {{
            ?claim kg:claimant {node} ; kg:about ?topic }} GROUP BY ?topic ORDER BY DESC(?n) ?topic""",
        )
    ]
    [(claims,)] = _rows(
        store,
        f"""SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE {{
        ?claim kg:claimant {node} ; kg:content ?content }}""",
    )
    documents = _rows(
        store, f"SELECT DISTINCT ?document WHERE {{ ?s ?role {node} ; kg:reportedIn ?document }}"
    )
    return AgentProfile(
        represents=tuple(
            row[0] for row in _rows(store, f"SELECT ?c WHERE {{ {node} kg:represents ?c }} ORDER BY ?c")
        ),
        names=_names(store, node),
        same_as=_same_as(store, node),
        offices=tuple(_offices(store, node)),
        claims_by_topic=tuple(topics),
        claims=int(claims),
        documents=frozenset(row[0] for row in documents),
    )


def topic_profile(store: Store, iri: str) -> TopicProfile:
    """A topic's definition, and who mentions it when."""
    node = NamedNode(iri)
    definitions = [
        row[0]
        for row in _rows(
            store,
            f"""SELECT ?text WHERE {{ {node} skos:definition ?text
        FILTER(LANG(?text) = "en") }} ORDER BY ?text""",
        )
    ]
    claimants = _rows(
        store,
        f"""SELECT ?who (COUNT(DISTINCT ?claim) AS ?n) WHERE {{
        ?topic skos:broader* {node} . ?claim kg:about ?topic ; kg:claimant ?who }}
        GROUP BY ?who ORDER BY DESC(?n) ?who LIMIT 60""",
    )
    return TopicProfile(
        definition=definitions[0] if definitions else "",
        names=_names(store, node),
        same_as=_same_as(store, node),
        mentions=_mentions(store, node),
        claimants=tuple((who, int(number)) for who, number in claimants),
    )


def claims_of(store: Store, agent: str, topic: str = "") -> list[Told]:
    """The latest claims of an agent, on one topic if it is given."""
    if topic:
        pattern = "?statement kg:claimant {agent} ; kg:content ?content ; kg:about {topic}"
        return _newest(told(store, pattern, latest=_SHOWN, agent=agent, topic=topic))
    return _newest(
        told(store, "?statement kg:claimant {agent} ; kg:content ?content", latest=_SHOWN, agent=agent)
    )


def claims_on(store: Store, topic: str, account: str) -> list[Told]:
    """The latest claims on a topic that belong to an account, given by its local name."""
    pattern = "?statement kg:about {topic} ; kg:content ?content ; kg:account {account}"
    return _newest(told(store, pattern, latest=8, topic=topic, account=f"{BASE}ontology#{account}"))


def _newest(statements: list[Told]) -> list[Told]:
    return statements[::-1]


def _mentions(store: Store, node: NamedNode) -> dict[str, dict[str, int]]:
    query = f"""SELECT ?year ?account (COUNT(DISTINCT ?statement) AS ?n) WHERE {{
      ?topic skos:broader* {node} .
      {{ ?statement kg:about ?topic }} UNION {{ ?statement rdf:object ?topic }}
      ?statement kg:account ?account ; kg:reportedIn ?document .
      ?document dcterms:issued ?issued BIND(SUBSTR(STR(?issued), 1, 4) AS ?year)
    }} GROUP BY ?year ?account ORDER BY ?year ?account"""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for year, account, number in _rows(store, query):
        found[year][account.rpartition("#")[2]] = int(number)
    years = [int(year) for year in found if year.isdigit()]
    every = range(min(years), max(years) + 1) if years else ()
    return {str(year): found.get(str(year), {}) for year in every}


def _offices(store: Store, node: NamedNode) -> Iterator[Office]:
    query = f"""SELECT ?office ?holder ?start ?end WHERE {{
      {{ BIND({node} AS ?holder) ?tenure kg:holder {node} ; kg:office ?office }}
      UNION {{ ?office kg:officeOf {node} . ?tenure kg:office ?office ; kg:holder ?holder }}
      OPTIONAL {{ ?tenure kg:startDate ?start }} OPTIONAL {{ ?tenure kg:endDate ?end }}
    }} ORDER BY DESC(?start) ?office ?holder LIMIT 60"""
    for office, holder, start, end in _rows(store, query):
        yield Office(office, holder, start, end)


def _names(store: Store, node: NamedNode) -> tuple[tuple[str, str], ...]:
    query = f"""SELECT DISTINCT ?name (LANG(?name) AS ?language) WHERE {{
      {node} skos:altLabel ?name }} ORDER BY ?language ?name LIMIT 40"""
    return tuple((name, language) for name, language in _rows(store, query))


def _same_as(store: Store, node: NamedNode) -> tuple[str, ...]:
    query = f"""SELECT DISTINCT ?other WHERE {{ {node} owl:sameAs ?other FILTER(?other != {node}) }}
      ORDER BY ?other"""
    return tuple(row[0] for row in _rows(store, query))


def _rows(store: Store, query: str) -> Iterator[tuple[str, ...]]:
    for row in store.select(_PREFIXES + query).texts():
        yield tuple(value or "" for value in row)
