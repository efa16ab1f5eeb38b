"""Statements as a reader meets them: what is said, by whom, in which document, in which words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import KG
from kg.views.rows import local, rows

__all__ = [
    "ACCOUNTS",
    "CLAIM_KINDS",
    "SIDES",
    "Quote",
    "StatementSummary",
    "select_statements",
    "statements_by_iri",
]

ACCOUNTS = ("UnitedStatesAccount", "ChinaAccount", "ThirdPartyAccount")
SIDES = dict(zip(("us", "china", "third"), ACCOUNTS, strict=True))  # as addresses name them
CLAIM_KINDS = ("Demand", "Commitment", "Warning", "Assertion", "Assessment", "Prediction")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ROLES = {
    f"{_RDF}type": "kinds",
    f"{_RDF}subject": "subject",
    f"{_RDF}predicate": "relation",
    f"{_RDF}object": "object",
    str(KG.content): "content",
    str(KG.about): "about",
    str(KG.affirms): "affirms",
    str(KG.addressee): "addressee",
    str(KG.polarity): "polarity",
    str(KG.account): "account",
    str(KG.claimant): "claimant",
    str(KG.relayedBy): "relay",
    str(KG.inCapacity): "capacity",
    str(KG.inEvent): "event",
    str(KG.cue): "cue",
    str(KG.reportedIn): "document",
    str(KG.conflictsWith): "conflicts",
    str(KG.reviewStatus): "review",
}


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """A passage: its offsets in the body of its document, and its words."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class StatementSummary:
    """One statement.

    Attributes:
        iri: Its identifier.
        kind: `Fact`, or the kind of claim.
        subject: What a fact is about.
        relation: Local name of a fact's property.
        object: IRI or lexical form of a fact's value.
        content: Proposition of a claim.
        about: Topics of a claim.
        affirms: Policies that a claim upholds.
        addressee: To whom a claim is put.
        is_negated: Whether it is put in the negative.
        accounts: Local names of the accounts that it belongs to; what two sides say together has two.
        claimants: Who says it; empty for the document's own voice.
        relay: The outlet in between.
        capacity: The office by which the text names the claimant.
        event: The exchange in which it was said.
        cue: The reporting words.
        document: The document that makes it.
        quotes: The passages, in order of the text.
        conflicts: Statements that cannot hold together with it.
        review: Local name of what reviewers find of it; empty if it has not been reviewed.
    """

    iri: str
    kind: str
    subject: str
    relation: str
    object: str
    content: str
    about: tuple[str, ...]
    affirms: tuple[str, ...]
    addressee: str
    is_negated: bool
    accounts: tuple[str, ...]
    claimants: tuple[str, ...]
    relay: str
    capacity: str
    event: str
    cue: str
    document: str
    quotes: tuple[Quote, ...]
    conflicts: tuple[str, ...]
    review: str = ""

    @property
    def account(self) -> str:
        """The account that it belongs to; of two, the first."""
        return next((account for account in ACCOUNTS if account in self.accounts), "")

    @property
    def is_claim(self) -> bool:
        """Whether it is a claim rather than a fact."""
        return self.kind != "Fact"


def select_statements(store: Store, pattern: str, **terms: str) -> list[StatementSummary]:
    """The statements that a pattern binds to `?statement`, by document and place in it.

    Args:
        store: Where to look.
        pattern: SPARQL that binds `?statement`; `{name}` stands for one of `terms`.
        terms: IRIs to put into the pattern.
    """
    nodes = {name: str(NamedNode(iri)) for name, iri in terms.items()}
    return _found(store, f"SELECT DISTINCT ?statement WHERE {{ {pattern.format(**nodes)} }}")


def statements_by_iri(store: Store, statements: Sequence[str]) -> list[StatementSummary]:
    """These statements, in this order; those that the store does not have are left out."""
    if not statements:
        return []
    values = " ".join(str(NamedNode(iri)) for iri in statements)
    found = {
        it.iri: it for it in _found(store, f"SELECT ?statement WHERE {{ VALUES ?statement {{ {values} }} }}")
    }
    return [found[iri] for iri in statements if iri in found]


def _found(store: Store, chosen: str) -> list[StatementSummary]:
    parts: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    # all properties, and the choice here: a VALUES of the wanted ones costs the engine ten times as much
    query = f"SELECT ?statement ?role ?value WHERE {{ {{ {chosen} }} ?statement ?role ?value }}"
    for statement, role, value in rows(store, query):
        if role in _ROLES:
            parts[statement][_ROLES[role]].append(value)
    quotes = _quotes(store, chosen)
    found = [_summary(iri, its, quotes.get(iri, ())) for iri, its in parts.items() if "document" in its]
    return sorted(found, key=lambda it: (it.document, it.quotes[:1], it.iri))


def _quotes(store: Store, chosen: str) -> dict[str, list[Quote]]:
    query = f"""SELECT ?statement ?start ?end ?exact WHERE {{ {{ {chosen} }}
      ?statement kg:evidence ?passage . ?passage oa:start ?start ; oa:end ?end ; oa:exact ?exact }}"""
    found: defaultdict[str, list[Quote]] = defaultdict(list)
    for statement, start, end, exact in rows(store, query):
        found[statement].append(Quote(int(start), int(end), exact))
    return found


def _summary(iri: str, parts: Mapping[str, list[str]], quotes: Iterable[Quote]) -> StatementSummary:
    def one(role: str) -> str:
        return min(parts.get(role, ()), default="")

    def many(role: str) -> tuple[str, ...]:
        return tuple(sorted(set(parts.get(role, ()))))

    kinds = {local(kind) for kind in parts["kinds"]}
    kind = next((kind for kind in CLAIM_KINDS if kind in kinds), "Fact" if "Fact" in kinds else "Claim")
    return StatementSummary(
        iri, kind, one("subject"), local(one("relation")), one("object"), one("content"), many("about"),
        many("affirms"), one("addressee"), local(one("polarity")) == "Negated",
        tuple(map(local, many("account"))),
        many("claimant"), one("relay"), one("capacity"), one("event"), one("cue"), one("document"),
        tuple(sorted(set(quotes))), many("conflicts"), local(one("review")),
    )  # fmt: skip
