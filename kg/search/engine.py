"""Searches the texts of the documents of one store."""

import sqlite3
from collections import OrderedDict
from threading import Lock

from kg.lexicon import Lexicon
from kg.search.columns import Columns, Matches
from kg.search.follow import Follower
from kg.search.model import Filters, Found, Mention, Near, Span
from kg.search.names import Names
from kg.search.nearby import nearby
from kg.search.query import Query, parse
from kg.search.results import having, hit, lit
from kg.store import Store

__all__ = ["Search"]

_SECONDS = 2.0  # that one search may take
_WEIGHTS = "5.0, 1.0"  # of a word in the title and in the body
_FACETS = 50  # values of one
_KEPT = 16  # queries whose matches are remembered, for the next page and the next facet


class Search:
    """Searches the texts of one store; threads may share it.

    Its index follows the store by itself: whoever asks after a write sees what was written, or is told that
    the index is not that far yet.
    """

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        """Search a store, with the names of a lexicon.

        Raises:
            StoreError: there is no place for the index.
        """
        self._names = Names(lexicon)
        self._follower = Follower(store)
        self._lock = Lock()
        self._columns: tuple[str, Columns] | None = None
        self._matches: OrderedDict[str, Matches] = OrderedDict()

    def find(
        self,
        text: str,
        filters: Filters | None = None,
        *,
        limit: int = 10,
        start: int = 0,
        widen: bool | None = None,
    ) -> Found:
        """The documents that have all the words of a text, with the passages where they stand.

        Args:
            text: Words; in quotation marks they stand next to each other; `-word` leaves out what has it.
                Chinese needs no spaces, and either script finds the other.
            filters: What the passages must be of.
            limit: How many documents at most.
            start: How many of the best are passed over.
            widen: Whether other names of what is named count as well; `None` only where nothing is found
                without them.

        Raises:
            TooHardError: it takes too long.
            StoreError: the index cannot be used.
        """
        wanted, query = filters or Filters(), parse(text)
        is_complete = self._follower.follow()
        if not query.terms:
            return Found(0, (), unused=query.unused, is_complete=is_complete)
        wider, widenings = self._names.widened(query)
        with self._follower.index.reading(_SECONDS) as connection:
            columns = self._read(connection)
            if not columns.names:
                return Found(0, (), unused=query.unused, is_complete=is_complete)
            matches = self._matched(connection, columns, wider if widen else query)
            is_wider = bool(widen)
            if widen is None and widenings and not matches.documents.any():
                matches, is_wider = self._matched(connection, columns, wider), True
            used = wider if is_wider else query
            documents, passages = matches.narrowed(wanted)
            ranked = matches.ranked(documents)
            page = ranked[start : start + limit]
            hits = tuple(hit(connection, int(it), used, matches, passages) for it in page)
            facets = columns.counted(matches, wanted, _FACETS)
        return Found(
            total=len(ranked),
            hits=hits,
            facets=facets,
            widened=widenings if is_wider else (),
            offered=() if is_wider else widenings,
            unused=query.unused,
            is_complete=is_complete,
        )

    def spans(self, text: str, words: str) -> tuple[Span, ...]:
        """Where words that are searched for stand in a text, or other names of what they name."""
        query = parse(words)
        return lit(text, (*query.telling, *self._names.widened(query)[0].telling))

    def nearby(self, near: Near, *, limit: int = 5) -> tuple[Mention, ...]:
        """Passages that name what a question is about, for when the graph holds no fact that answers it.

        A passage names a topic or a word, and its document all of them; one of the agents at least, if there
        are any; and it is of the time: published then, or a week later at most, or naming the day. What
        names the most comes first.

        Raises:
            TooHardError: it takes too long.
            StoreError: the index cannot be used.
        """
        self._follower.follow()
        with self._follower.index.reading(_SECONDS) as connection:
            return nearby(connection, self._read(connection), self._names, near, limit)

    def warm(self) -> None:
        """Read what the first search will need, and begin to bring the index in step."""
        self.find("warm")

    def close(self) -> None:
        """Let go of the index."""
        self._follower.close()

    def _read(self, connection: sqlite3.Connection) -> Columns:
        """The columns of the index as this connection sees it."""
        found = connection.execute("SELECT value FROM meta WHERE name = 'edition'").fetchone()
        edition = str(found[0]) if found else ""
        known = self._columns
        if known is None or known[0] != edition:
            known = edition, Columns(connection)
            with self._lock:
                self._columns = known
                self._matches.clear()
        return known[1]

    def _matched(self, connection: sqlite3.Connection, columns: Columns, query: Query) -> Matches:
        with self._lock:
            kept = self._matches.get(query.match)
            if kept is not None and kept.columns is columns:
                return kept
        scored = connection.execute(
            f"SELECT rowid, bm25(texts, {_WEIGHTS}) FROM texts WHERE texts MATCH ?", (query.match,)
        ).fetchall()
        by_term = [having(connection, term.match) for term in query.telling] if scored else []
        made = Matches(columns, scored, by_term)
        with self._lock:
            self._matches[query.match] = made
            if len(self._matches) > _KEPT:
                self._matches.popitem(last=False)
        return made
