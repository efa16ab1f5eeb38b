"""Days of events that no text states: concluded from when a document was published, or from its title."""

from collections import defaultdict
from collections.abc import Mapping

from kg.store import Store
from kg.views.rows import local, rows

__all__ = ["CONCLUDED", "concluded_days"]

CONCLUDED = {
    "DayOfPublication": ("day of publication", "发布日期"),
    "Title": ("day in the title", "标题中的日期"),
}
_BASES = """SELECT ?event ?date ?basis WHERE { ?fact rdf:predicate kg:date ; rdf:subject ?event ;
  rdf:object ?date ; kg:polarity kg:Affirmed OPTIONAL { ?fact kg:dateBasis ?basis } }"""


def concluded_days(store: Store) -> Mapping[str, Mapping[str, str]]:
    """By event and day, the local name of the `kg:DateBasis`; a day that some text states is left out.

    Args:
        store: Where the events are.
    """
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for event, date, basis in rows(store, _BASES):
        found[event][date].add(local(basis))
    return {
        event: concluded
        for event, by_day in found.items()
        if (concluded := {day: min(bases) for day, bases in by_day.items() if bases <= CONCLUDED.keys()})
    }
