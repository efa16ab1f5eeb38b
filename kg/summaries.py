"""Answers beforehand what sums up a whole store, as materialised views: slow to find, short to keep."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.queries import catalogue
from kg.store import BoundQuery, Store
from kg.terms import BASE

__all__ = ["Summary", "kept_wrongly", "materialize", "summaries"]

_TALKED_OF = f"SELECT DISTINCT ?topic WHERE {{ ?claim <{BASE}ontology#about> ?topic }} ORDER BY ?topic"


@dataclass(frozen=True, slots=True)
class Summary:
    """A question of the catalogue that sums up, bound to its values.

    Attributes:
        name: Of the question, or of one of those that have the part.
        topic: IRI of the topic that it is asked about; `None` if it sums up all there is.
        query: What is asked: a question with its values, or a part as SPARQL.
        is_part: Whether it is only a part of the question, the same whatever that is asked with.
    """

    name: str
    topic: str | None
    query: BoundQuery | str
    is_part: bool = False

    @property
    def text(self) -> str:
        """Its SPARQL, by which the answer is kept."""
        return self.query if isinstance(self.query, str) else self.query.text


def summaries(topics: Iterable[str] = ()) -> list[Summary]:
    """What sums up all there is, parts of questions and the simplest first, then what sums up each topic."""
    shared = {part: it.name for it in catalogue().values() for part in it.parts}
    first = [Summary(name, None, part, is_part=True) for part, name in shared.items()]
    asked = sorted((it for it in catalogue().values() if it.sums_up), key=lambda it: (len(it.text), it.name))
    whole = [Summary(it.name, None, it.bind({})) for it in asked if not it.required]
    by_topic = [
        Summary(it.name, topic, it.bind({"topic": topic}))
        for topic in topics
        for it in asked
        if it.required == ("topic",)
    ]
    return [*first, *whole, *by_topic]


def kept_wrongly(store: Store, *, forget: bool = False) -> Iterator[tuple[Summary, bool]]:
    """Each answer that is kept, and whether it is another than the store gives now.

    Args:
        store: Open for reading.
        forget: Whether to remove those that are, so that they are found anew.
    """
    topics = [str(row[0]) for row in store.select(_TALKED_OF).texts()]
    for summary in summaries(topics):
        kept = store.kept_answer(summary.text)
        if kept is not None:
            is_wrong = sorted(kept.splitlines()) != sorted(_answer(store, summary).splitlines())
            if is_wrong and forget:
                store.forget(summary.text)
            yield summary, is_wrong


def _answer(store: Store, summary: Summary) -> bytes:
    return store.select(summary.text).serialize("tsv")


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
        store.keep(summary.text, store.select(summary.query).serialize("tsv"))
        yield summary
