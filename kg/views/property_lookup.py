"""Finds things by what they are tied to, rather than by their names."""

from collections.abc import Collection

from kg.store import Store
from kg.store.results import NamedNode
from kg.views.rows import rows

__all__ = ["LOOKUP_PROPERTIES", "entities_with"]

LOOKUP_PROPERTIES = {
    "sameAs": "owl:sameAs",
    "represents": "kg:represents",
    "heldOffice": "kg:heldOffice",
    "officeOf": "kg:officeOf",
    "broader": "skos:broader",
}


def entities_with(store: Store, property_: str, values: Collection[str], limit: int) -> list[str]:
    """Identifiers of things that have one of some values, in order.

    Args:
        store: Where to look.
        property_: A name of `LOOKUP_PROPERTIES`; another one is held by nothing.
        values: IRIs.
        limit: How many at most.
    """
    if property_ not in LOOKUP_PROPERTIES or not values:
        return []
    listed = " ".join(str(NamedNode(value)) for value in sorted(values))
    query = f"""SELECT DISTINCT ?thing WHERE {{
      VALUES ?value {{ {listed} }} ?thing {LOOKUP_PROPERTIES[property_]} ?value FILTER(?thing != ?value)
    }} ORDER BY ?thing LIMIT {limit}"""
    return [thing for (thing,) in rows(store, query)]
