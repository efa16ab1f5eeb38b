"""What people decided on events, kept in a graph of its own."""

from dataclasses import dataclass, replace
from typing import Literal as Choice
from typing import Self

from kg.identity import document_iri
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import DECISIONS_GRAPH, KG

__all__ = ["Decisions", "Kind"]

Kind = Choice["same", "different", "apart"]
_SAID: dict[Kind, str] = {
    "same": "http://www.w3.org/2002/07/owl#sameAs",
    "different": "http://www.w3.org/2002/07/owl#differentFrom",
    "apart": str(KG.keepsApart),
}


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions, each on names of two events, or on a document and an event.

    A name is any IRI that a document alone gives an event, or under which it stood at some time; so a
    decision holds whatever else is loaded, and rests while nothing is called so.

    Attributes:
        same: Pairs of events that are one.
        different: Pairs of events that are two.
        apart: Pairs of a document's identifier and an event that it does not tell of.
    """

    same: frozenset[tuple[str, str]] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, store: Store) -> Self:
        """Those of a store."""
        rows = store.select(
            f"SELECT ?one ?said ?other WHERE {{ GRAPH <{DECISIONS_GRAPH}> {{ ?one ?said ?other }} }}"
        )
        found = [(one or "", said, other or "") for one, said, other in rows.texts()]
        documents = document_iri("")
        pairs = {
            kind: frozenset((one.removeprefix(documents), other) for one, said, other in found if said == iri)
            for kind, iri in _SAID.items()
        }
        return cls(**pairs)

    def triples(self) -> bytes:
        """The graph of decisions as sorted N-Triples."""
        said = [(one, _SAID["same"], other) for one, other in self.same]
        said += [(one, _SAID["different"], other) for one, other in self.different]
        said += [(document_iri(document), _SAID["apart"], event) for document, event in self.apart]
        lines = (" ".join(str(NamedNode(iri)) for iri in triple) + " .\n" for triple in said)
        return "".join(sorted(lines)).encode()

    def including(self, kind: Kind, one: str, other: str) -> Self:
        """These and one more."""
        return replace(self, **{kind: getattr(self, kind) | {(one, other)}})

    def without(self, kind: Kind, one: str, other: str) -> Self:
        """These but for one, whichever of the two it names first."""
        return replace(self, **{kind: getattr(self, kind) - {(one, other), (other, one)}})

    def has(self, kind: Kind, one: str, other: str) -> bool:
        """Whether somebody decided so, whichever of the two is named first."""
        return bool(getattr(self, kind) & {(one, other), (other, one)})
