"""Events that may be one, which nobody decided: while a pair is open, no silence and no count is certain."""

from collections import defaultdict
from collections.abc import Mapping

from kg.store import Store
from kg.views.rows import rows

__all__ = ["undecided_pairs"]

_PAIRS = """SELECT ?event ?other ?reason WHERE { ?event kg:possiblySameAs ?other OPTIONAL {
  ?judgement rdf:predicate kg:possiblySameAs ; rdf:subject ?event ;
             rdf:object ?other ; kg:reason ?reason } }"""


def undecided_pairs(store: Store) -> Mapping[str, Mapping[str, str]]:
    """By event, the events that it may be, each with the reason; told from either end of a pair.

    Args:
        store: Where the events are.
    """
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for event, other, reason in sorted(rows(store, _PAIRS)):
        for one, two in ((event, other), (other, event)):
            found[one][two] = found[one].get(two) or reason
    return {event: dict(sorted(others.items())) for event, others in found.items()}
