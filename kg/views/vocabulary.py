"""The terms of the ontology, as an editor completes them and a page explains them."""

from dataclasses import dataclass

from kg.store import Store
from kg.terms import BASE, ONTOLOGY

__all__ = ["Entry", "vocabulary"]

_QUERY = f"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
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
        Entry(
            term or "",
            "kg:" + (term or "").removeprefix(f"{BASE}ontology#"),
            kind or "",
            label or "",
            text or "",
        )
        for term, label, text, kind in store.select(_QUERY).texts()
    ]
