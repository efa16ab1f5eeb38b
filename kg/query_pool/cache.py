"""Short answers, kept for as long as the store is in the state that they were read from."""

from collections import OrderedDict
from collections.abc import Callable

from kg.query_pool import protocol
from kg.query_pool.answer import Answer
from kg.query_pool.static_checks import is_volatile

__all__ = ["AnswerCache"]

_OVERHEAD = 1000  # bytes that an entry takes besides its texts


class AnswerCache:
    """Answers by question, those asked for longest ago thrown out first.

    Attributes:
        hits: How many questions were answered from here.
    """

    def __init__(self, limit: int, version: Callable[[], str | None]) -> None:
        """Keep up to `limit` bytes; `version` tells the state of the store, `None` if nobody can."""
        self._limit, self._version = limit, version
        self._kept: OrderedDict[protocol.QueryRequest, tuple[protocol.Head, bytes]] = OrderedDict()
        self._bytes = 0
        self._of: str | None = None
        self.hits = 0

    @property
    def size(self) -> int:
        """How many answers are here."""
        return len(self._kept)

    @property
    def state(self) -> str | None:
        """The state of the store, to be asked for before a question is sent to a reader."""
        version = self._version() if self._limit else None
        if version != self._of:
            self._kept.clear()
            self._bytes, self._of = 0, version
        return version

    def find(self, question: protocol.QueryRequest) -> Answer | None:
        """The answer, whole, if it is here; ask for the `state` first."""
        found = self._kept.get(question)
        if found is None:
            return None
        self._kept.move_to_end(question)
        self.hits += 1
        return Answer.of(*found)

    async def keep(self, question: protocol.QueryRequest, answer: Answer, state: str | None) -> None:
        """Keep an answer if it is short and would be the same again.

        Args:
            question: What was asked.
            answer: An open answer of which nothing was taken yet.
            state: The state before the question was sent; a reader never answers from an older one.

        Raises:
            KgError: the rest of the answer will not come.
        """
        if state is None or answer.head.cut is None or is_volatile(question.text):
            return
        body = await answer.complete()
        if state == self._of and question not in self._kept:
            self._kept[question] = (answer.head, body)
            self._bytes += _size(question, body)
            while self._bytes > self._limit:
                oldest, (_, gone) = self._kept.popitem(last=False)
                self._bytes -= _size(oldest, gone)


def _size(question: protocol.QueryRequest, body: bytes) -> int:
    return len(question.text) + len(body) + _OVERHEAD
