"""What is known of one agent or topic beyond its events: offices, statements, mentions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.store import Store
from kg.store.results import NamedNode
from kg.views.almanac import Almanac
from kg.views.ledger import Ledger
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

_SPEAKERS = 60
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


def topic_profile(store: Store, almanac: Almanac, ledger: Ledger, iri: str) -> TopicProfile:
    """A topic's definition, and who mentions it when."""
    node = NamedNode(iri)
    within = almanac.within(iri)
    definitions = rows(
        store,
        f"""SELECT ?text WHERE {{ {node} skos:definition ?text
        FILTER(LANG(?text) = "en") }} ORDER BY ?text""",
    )
    claimants = Counter(who for it in ledger.by_topic.get(iri, ()) for who in it.claimants)
    claims = sorted({it for topic in within for it in ledger.by_topic.get(topic, ())},
                    key=lambda it: (it.issued, it.iri), reverse=True)  # fmt: skip
    told = [(account, it.document) for it in claims for account in it.accounts]
    raised = [pair for topic in within for pair in almanac.mentions.get(topic, ())]
    return TopicProfile(
        definition=next((row[0] for row in definitions), ""),
        names=_names(store, node),
        same_as=_same_as(store, node),
        mentions=_mentions(almanac, told + raised),
        claimants=tuple(sorted(claimants.items(), key=lambda pair: (-pair[1], pair[0]))[:_SPEAKERS]),
        claims={
            account: [it.iri for it in islice((it for it in claims if account in it.accounts), _SHOWN)]
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


def _mentions(almanac: Almanac, told: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for account, paper in told:
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
