"""The graph in a notebook: answers, events and claims as pandas frames.

pandas is wanted only here: `pip install 'uschina-kg[notebook]'`.
"""

from collections.abc import Mapping
from functools import cached_property
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Self

from kg import entities, queries
from kg.errors import InputError
from kg.lexicon import Lexicon
from kg.questions import Answerer, Context, TextSearch
from kg.settings import settings
from kg.store import Rows, Store, open_store
from kg.store.results import Literal, Term

if TYPE_CHECKING:
    import pandas as pd

EVENT_QUESTIONS = ("calls", "meetings", "trade-talks", "visits")
CLAIM_QUESTIONS = {
    "Assertion": "assertions",
    "Demand": "demands",
    "Commitment": "commitments",
    "Warning": "warnings",
    "Assessment": "assessments",
    "Prediction": "risks",
}
_NUMBERS = ("integer", "nonNegativeInteger", "decimal", "double")


class Graph:
    """A store that is open for reading; `with kg.open() as graph:` closes it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def ask(self, question: str, context: Context | None = None) -> "pd.DataFrame":
        """The rows that answer a question in plain words, or one of the catalogue by its name.

        The frame's `attrs` hold `verdict`, `text`, `citations` (a list of objects), `sparql`, `suggestions`
        and `context`, which goes into the next call.

        Args:
            question: “Which topics were excluded from the June 5 call?”
            context: `attrs["context"]` of the frame before, for follow-ups.
        """
        answer = self._answerer.ask(question, context)
        frame = _pandas().DataFrame(answer.rows, columns=list(answer.columns))
        frame.attrs = {
            "verdict": answer.verdict,
            "text": answer.text,
            "citations": list(answer.citations),
            "sparql": answer.sparql,
            "suggestions": [it.text for it in answer.suggestions],
            "context": answer.context,
        }
        return frame

    def events(
        self,
        kind: str | None = None,
        *,
        agent: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> "pd.DataFrame":
        """Calls, meetings, trade talks and visits; a row for each with its participants.

        Args:
            kind: One of `calls`, `meetings`, `trade-talks`, `visits`; without it all.
            agent: Name, path or IRI of who takes part.
            since: First day, month or year.
            until: Last one.

        Raises:
            InputError: there is no such kind.
            NotFoundError: nobody has that name.
        """
        if kind is not None and kind not in EVENT_QUESTIONS:
            raise InputError(f"kind {kind!r}: take one of {', '.join(EVENT_QUESTIONS)}")
        names = [kind] if kind else EVENT_QUESTIONS
        given = {"agent": agent, "from": since, "to": until}
        rows = _pandas().concat([self._question(name, given).assign(kind=name) for name in names])
        keys = ["kind", "event", "date", "statusLabel"]
        return (
            rows.groupby(keys, dropna=False, sort=False)["participantLabel"]
            .agg(lambda names: ", ".join(sorted({name for name in names if isinstance(name, str)})))
            .reset_index()
            .rename(columns={"statusLabel": "status", "participantLabel": "participants"})
            .sort_values(["date", "event"], na_position="last", ignore_index=True)
        )

    def claims(
        self,
        kind: str | None = None,
        *,
        topic: str | None = None,
        side: str | None = None,
        person: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> "pd.DataFrame":
        """What is put forward: who, when, what, and the passage.

        Args:
            kind: `Assertion`, `Demand`, `Commitment`, `Warning`, `Assessment` or `Prediction`, or all.
            topic: Name, path or IRI; the topics below it count.
            side: Country for which the claimant speaks.
            person: Who says it.
            since: First day, month or year of publication.
            until: Last one.

        Raises:
            InputError: there is no such kind.
            NotFoundError: nothing has that name.
        """
        if kind is not None and kind not in CLAIM_QUESTIONS:
            raise InputError(f"kind {kind!r}: take one of {', '.join(CLAIM_QUESTIONS)}")
        kinds = [kind] if kind else [*CLAIM_QUESTIONS]
        given = {"topic": topic, "side": side, "person": person, "from": since, "to": until}
        frames = [self._question(CLAIM_QUESTIONS[name], given).assign(kind=name) for name in kinds]
        return _pandas().concat(frames, ignore_index=True)

    def sparql(self, query: str) -> "pd.DataFrame":
        """The rows of a SELECT; the project's prefixes need no declaration.

        Raises:
            QueryError: it does not parse, or it gives no rows.
        """
        return _frame(self._store.select(query, prefixes=queries.PREFIXES))

    def _question(self, name: str, given: Mapping[str, str | None]) -> "pd.DataFrame":
        query = queries.catalogue()[name]
        values = {key: value for key, value in given.items() if value is not None and key in query.parameters}
        bound = query.bind(values, resolve=lambda kind, text: entities.find(text, self._store, kind=kind))
        return _frame(self._store.select(bound))

    @cached_property
    def _answerer(self) -> Answerer:
        lexicon = Lexicon.load()
        return Answerer(self._store, queries.catalogue(), lexicon, search=TextSearch(self._store, lexicon))


def open_graph(store: str | None = None) -> Graph:
    """The graph of a store, at its newest checkpoint.

    Args:
        store: `oxigraph:PATH` or another URL; without it that of the settings.

    Raises:
        StoreError: it cannot be opened.
    """
    return Graph(open_store(store or settings().store))


def _frame(rows: Rows) -> "pd.DataFrame":
    return _pandas().DataFrame([[_value(term) for term in row] for row in rows], columns=list(rows.variables))


def _value(term: Term | None) -> str | int | float | None:
    if term is None:
        return None
    if isinstance(term, Literal):
        local = term.datatype.value.rpartition("#")[2]
        if local in _NUMBERS:
            return float(term.value) if "." in term.value or "E" in term.value.upper() else int(term.value)
    return getattr(term, "value", str(term))


def _pandas() -> ModuleType:
    try:
        import pandas
    except ImportError as error:
        raise InputError("frames need pandas; install it with: pip install 'uschina-kg[notebook]'") from error
    module: ModuleType = pandas
    return module


__all__ = ["CLAIM_QUESTIONS", "EVENT_QUESTIONS", "Graph", "open_graph"]
