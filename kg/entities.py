"""All that the store knows of one thing, and how much it knows at all."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import NotFoundError
from kg.identity import kind_slug, slug
from kg.store import Rows, Store
from kg.store.results import Literal, NamedNode, Term
from kg.terms import BASE, KG

_PREFIXES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_MANY = 8  # candidates that a message lists
_FOLDERS = {
    "agent": {"country", "group", "organization", "person"},
    "topic": {"policy", "topic"},
}


@dataclass(frozen=True, slots=True)
class Link:
    """One triple that an entity stands in.

    Attributes:
        predicate: IRI of the property.
        other: The other end: an IRI, or the lexical form of a literal.
        label: What to call the other end; `None` for a literal or a thing without a name.
        is_outgoing: Whether the entity is the subject.
    """

    predicate: str
    other: str
    label: str | None
    is_outgoing: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage behind a statement in which an entity occurs.

    Attributes:
        statement: IRI of the fact or claim.
        document: IRI of the document.
        issued: Its day of publication.
        claimant: Name of who says it; `None` for the document's own voice.
        account: Whose telling it is.
        quote: The words.
    """

    statement: str
    document: str
    issued: str | None
    claimant: str | None
    account: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Description:
    """One thing with its triples and the passages that they rest on."""

    iri: str
    label: str
    links: tuple[Link, ...]
    citations: tuple[Citation, ...]


def find(name: str, store: Store, *, kind: str | None = None) -> str:
    """The IRI that is meant by a name in either script, a slug, a path such as `person/xi-jinping` or an IRI.

    Args:
        name: What a person wrote.
        store: Where to look it up.
        kind: `agent` or `topic` leaves out what is neither; anything else leaves out nothing.

    Raises:
        NotFoundError: it leads nowhere, or to several things; the message lists them.
    """
    found = _of_kind(kind, _by_iri(name, store)) or _of_kind(kind, _by_label(name, store))
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(f"nothing in the store is called {name!r}; give a name, a path such as "
                            "person/xi-jinping, or an IRI")  # fmt: skip
    paths = ", ".join(iri.removeprefix(f"{BASE}id/") for iri in found[:_MANY])
    raise NotFoundError(f"{name!r} may mean several things; name one of them by its path: {paths}")


def find_event(name: str, store: Store) -> str:
    """The IRI of an event; a former one, and one that only decisions name, is taken as it is written.

    Raises:
        NotFoundError: it is neither path nor IRI, and leads nowhere or to several things.
    """
    try:
        return find(name, store)
    except NotFoundError:
        if "/" not in name:
            raise
        return name if "://" in name else f"{BASE}id/{name}"


def describe(iri: str, store: Store) -> Description:
    """All triples with the entity at one end, but for statements, and the passages of its statements.

    Raises:
        NotFoundError: the store has no triple of it.
    """
    links = tuple(_links(iri, store))
    citations = tuple(_citations(iri, store))
    if not links:
        raise NotFoundError(f"the store knows nothing of {iri}")
    labels = [_text(term) for (term,) in _rows(store, f"SELECT ?label WHERE {{ {_naming(iri)} }}")]
    return Description(iri, labels[0] if labels else iri.removeprefix(f"{BASE}id/"), links, citations)


def counts(store: Store) -> dict[str, int]:
    """How many documents, events, facts, claims, passages and triples there are."""
    asked = {"documents": "?x kg:digest ?y", "events": "?x kg:status ?y", "facts": "?x a kg:Fact",
             "claims": "?x kg:content ?y", "passages": "?x a kg:Evidence"}  # fmt: skip
    found = {name: _count(store, pattern) for name, pattern in asked.items()}
    return {**found, "triples": store.size}


def _of_kind(kind: str | None, found: list[str]) -> list[str]:
    folders = _FOLDERS.get(kind or "")
    return [
        iri for iri in found if folders is None or iri.removeprefix(f"{BASE}id/").split("/")[0] in folders
    ]


def _by_iri(name: str, store: Store) -> list[str]:
    if "://" in name:
        candidates = [name]
    elif "/" in name:
        candidates = [f"{BASE}id/{name}"]
    else:
        folders = sorted({kind_slug(term) for term in KG.__annotations__ if term[:1].isupper()})
        candidates = [f"{BASE}id/{folder}/{slug(name)}" for folder in folders]
    if not all(_is_iri(candidate) for candidate in candidates):
        return []
    values = " ".join(f"<{candidate}>" for candidate in candidates)
    query = f"""SELECT DISTINCT ?now WHERE {{ VALUES ?x {{ {values} }} ?x ?p ?o
      OPTIONAL {{ ?x dcterms:isReplacedBy+ ?other FILTER NOT EXISTS {{ ?x a ?kind }}
        FILTER NOT EXISTS {{ ?other dcterms:isReplacedBy ?next }} }}
      BIND(COALESCE(?other, ?x) AS ?now) }} ORDER BY ?now"""
    return [_text(term) for (term,) in _rows(store, query)]


def _by_label(name: str, store: Store) -> list[str]:
    wanted = Literal(name.casefold())
    query = f"""SELECT DISTINCT ?x WHERE {{
      ?x skos:prefLabel|skos:altLabel|dcterms:title ?label FILTER(LCASE(STR(?label)) = {wanted})
    }} ORDER BY ?x"""
    return [_text(term) for (term,) in _rows(store, query)]


def _links(iri: str, store: Store) -> Iterator[Link]:
    node = NamedNode(iri)
    query = f"""SELECT DISTINCT ?outgoing ?p ?other ?label WHERE {{
      {{ {node} ?p ?other BIND(1 AS ?outgoing) }}
      UNION {{ ?other ?p {node} BIND(0 AS ?outgoing)
               FILTER NOT EXISTS {{ ?other kg:reportedIn ?document }} FILTER(?p != kg:inDocument) }}
      OPTIONAL {{ ?other skos:prefLabel ?label FILTER(LANG(?label) = "en") }}
    }} ORDER BY DESC(?outgoing) ?p ?other ?label"""
    for outgoing, predicate, other, label in _rows(store, query):
        yield Link(_text(predicate), _text(other), _text(label) or None, _text(outgoing) == "1")


def _citations(iri: str, store: Store) -> Iterator[Citation]:
    query = f"""SELECT DISTINCT ?statement ?document ?issued ?who ?account ?quote WHERE {{
      {{ ?statement ?role {NamedNode(iri)} ; kg:reportedIn ?document }}
      UNION {{ ?statement kg:reportedIn {NamedNode(iri)} BIND({NamedNode(iri)} AS ?document) }}
      ?statement kg:evidence/oa:exact ?quote .
      OPTIONAL {{ ?document dcterms:issued ?issued }}
      OPTIONAL {{ ?statement kg:claimant/skos:prefLabel ?who FILTER(LANG(?who) = "en") }}
      OPTIONAL {{ ?statement kg:account/rdfs:label ?account FILTER(LANG(?account) = "en") }}
    }} ORDER BY ?issued ?document ?quote ?statement ?who ?account"""
    for statement, document, issued, who, account, quote in _rows(store, query):
        yield Citation(_text(statement), _text(document), _text(issued) or None, _text(who) or None,
                       _text(account) or None, _text(quote))  # fmt: skip


def _naming(iri: str) -> str:
    return (
        f"{NamedNode(iri)} skos:prefLabel|rdfs:label|dcterms:title ?label FILTER(LANG(?label) IN ('en', ''))"
    )


def _count(store: Store, pattern: str) -> int:
    [(number,)] = _rows(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")
    return int(_text(number))


def _rows(store: Store, query: str) -> Iterator[tuple[Term | None, ...]]:
    rows = store.query(_PREFIXES + query)
    assert isinstance(rows, Rows)
    return iter(rows)


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
