"""Answers beforehand what sums up a whole store, as materialised views: slow to find, short to keep."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.queries import catalogue
from kg.store import Store
from kg.terms import BASE

__all__ = ["Summary", "materialize", "summaries"]

_TALKED_OF = f"SELECT DISTINCT ?topic WHERE {{ ?claim <{BASE}ontology#about> ?topic }} ORDER BY ?topic"


@dataclass(frozen=True, slots=True)
class Summary:
    """A question of the catalogue that sums up, bound to its values.

    Attributes:
        name: Of the question.
        topic: IRI of the topic that it is asked about; `None` if it sums up all there is.
        text: Its SPARQL.
    """

    name: str
    topic: str | None
    text: str


def summaries(topics: Iterable[str] = ()) -> list[Summary]:
    """The questions that sum up all there is, the simplest first, then those that sum up each topic."""
    asked = sorted((it for it in catalogue().values() if it.sums_up), key=lambda it: (len(it.text), it.name))
    whole = [Summary(it.name, None, it.bind({})) for it in asked if not it.required]
    return whole + [
        Summary(it.name, topic, it.bind({"topic": topic}))
        for topic in topics
        for it in asked
        if it.required == ("topic",)
    ]


def materialize(store: Store) -> Iterator[Summary]:
    """Answer each of these questions and keep the answer with the state of the store; yields each when it is.

    Args:
        store: Open for reading. One that does not tell its state keeps nothing, so nothing is asked of it.

    Raises:
        StoreError: the store cannot be read.
    """
    if store.version is None:
        return
    topics = [str(row[0]) for row in store.select(_TALKED_OF).texts()]
    for summary in summaries(topics):
        store.keep(summary.text, store.select(summary.text).serialize("json"))
        yield summary
