"""Lends readers memory of the budget that all queries share."""

from kg.query_pool.connection import ReaderConnection
from kg.query_pool.forkserver import Forkserver
from kg.query_pool.memory_budget import MemoryBudget

__all__ = ["ReaderMemory"]


class ReaderMemory:
    """What each reader may use, and how much of the budget it was lent.

    Attributes:
        budget: What all of them share.
        share: Bytes that each reader has without asking.
    """

    def __init__(self, budget: MemoryBudget, forkserver: Forkserver) -> None:
        self.budget, self._forkserver, self.share = budget, forkserver, budget.share

    def lend(self, connection: ReaderConnection, *, is_at_work: bool) -> bool:
        """Let the query of a connection use more memory, if there is some and it may.

        Args:
            connection: The connection.
            is_at_work: Whether its query has begun, so that it may die of its share before it gets more.
        """
        more = self.budget.lend(connection.lent)
        if more:
            connection.lent += more
            connection.is_short = is_at_work or self.share + connection.lent < self.budget.most
            self._forkserver.limit_memory(connection.process, self.share + connection.lent)
        return more > 0

    def take_back(self, connection: ReaderConnection) -> None:
        """Have the memory that a connection was lent for others."""
        self.budget.give_back(connection.lent)
        connection.lent, connection.is_short = 0, self.share < self.budget.most
