"""The terms of the ontology, as an editor completes them and a page explains them."""

from dataclasses import dataclass

from kg.store import Store
from kg.terms import ONTOLOGY
from kg.views.rows import local, rows

__all__ = ["Entry", "vocabulary"]

_QUERY = f"""\
SELECT ?term ?label ?definition ?kind WHERE {{
  ?term rdfs:isDefinedBy <{ONTOLOGY}> ; rdfs:label ?label ; skos:definition ?definition .
  FILTER(LANG(?label) = "en")
  BIND(IF(EXISTS {{ ?term a owl:Class }}, "class",
       IF(EXISTS {{ ?term a owl:ObjectProperty }} || EXISTS {{ ?term a owl:DatatypeProperty }},
          "property", "value")) AS ?kind)
}} ORDER BY ?term"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One term.

    Attributes:
        iri: Its identifier.
        name: The identifier with its prefix (`kg:Call`).
        kind: `class`, `property` or `value`.
        label: English label.
        definition: English definition.
    """

    iri: str
    name: str
    kind: str
    label: str
    definition: str


def vocabulary(store: Store) -> list[Entry]:
    """All terms that the ontology defines, by IRI."""
    return [
        Entry(term, f"kg:{local(term)}", kind, label, definition)
        for term, label, definition, kind in rows(store, _QUERY)
    ]
