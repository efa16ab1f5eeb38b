"""What the store states of one thing itself: its classes, names and ties, without events and statements."""

from collections import defaultdict
from dataclasses import dataclass

from kg.errors import NotFoundError
from kg.store import Store
from kg.store.results import Literal, NamedNode
from kg.terms import BASE
from kg.views.event_index import EventIndex
from kg.views.rows import PREFIXES, rows

__all__ = ["EntitySummary", "entity_summary", "statements"]

_TIES = (
    "skos:broader",
    "kg:represents",
    "kg:heldOffice",
    "kg:officeOf",
    "kg:holder",
    "kg:office",
    "kg:startDate",
    "kg:endDate",
)
_TOLD = ("a", "skos:prefLabel", "skos:altLabel", "skos:definition", "owl:sameAs", *_TIES)


@dataclass(frozen=True, slots=True)
class EntitySummary:
    """One thing.

    Attributes:
        iri: Its identifier.
        classes: Local names of its classes, sorted.
        names: Preferred names with their languages.
        aliases: Other names with their languages.
        definitions: What it covers, with languages.
        same_as: The same thing elsewhere.
        ties: By local name of a property, what it is tied to, or a date.
    """

    iri: str
    classes: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    aliases: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    same_as: tuple[str, ...]
    ties: tuple[tuple[str, tuple[str, ...]], ...]


def entity_summary(store: Store, iri: str) -> EntitySummary:
    """What is stated of a thing.

    Raises:
        NotFoundError: the store knows nothing of it.
    """
    node = NamedNode(iri)
    each = " UNION ".join(f'{{ {node} {name} ?value BIND("{name}" AS ?name) }}' for name in _TOLD)
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for name, value in store.select(f"{PREFIXES} SELECT ?name ?value WHERE {{ {each} }}"):
        assert isinstance(name, Literal)
        if isinstance(value, Literal):
            found[name.value].add((value.language or "", value.value))
        elif isinstance(value, NamedNode) and value.value != iri:
            found[name.value].add(("", value.value))
    if not found:
        raise NotFoundError(f"the store knows nothing of {iri}")
    values = {name: tuple(value for _, value in sorted(its)) for name, its in found.items()}
    ontology = f"{BASE}ontology#"
    return EntitySummary(
        iri=iri,
        classes=tuple(it.removeprefix(ontology) for it in values.get("a", ()) if it.startswith(ontology)),
        names=tuple(sorted(found["skos:prefLabel"])),
        aliases=tuple(sorted(found["skos:altLabel"])),
        definitions=tuple(sorted(found["skos:definition"])),
        same_as=values.get("owl:sameAs", ()),
        ties=tuple((name.partition(":")[2], values[name]) for name in _TIES if name in values),
    )


def statements(store: Store, event_index: EventIndex, iri: str) -> list[tuple[str, str, str]]:
    """The statements in which a thing occurs, or that a document makes, the oldest first.

    Each with the day on which its document was published, the document, and its identifier.
    """
    query = f"""SELECT DISTINCT ?document ?statement WHERE {{
      {{ ?statement ?role {NamedNode(iri)} ; kg:reportedIn ?document }}
      UNION {{ ?statement kg:reportedIn {NamedNode(iri)} BIND({NamedNode(iri)} AS ?document) }} }}"""
    return sorted((event_index.issued(summary), summary, it) for summary, it in rows(store, query))
