"""Splits memory among the readers, so that all queries together use no more than the settings say."""

from kg.settings import Settings

__all__ = ["MemoryBudget"]


class MemoryBudget:
    """An even share for each reader that there may be, and the rest for queries that need more.

    At least half is the rest. It is lent to whoever needs it first, and to each query no more than one may
    have; so the sum never exceeds the total, whatever is asked.

    Attributes:
        share: Bytes that each reader has for a query without asking.
        most: Bytes that one query may have.
    """

    def __init__(self, options: Settings) -> None:
        self.most = options.query_memory
        self.share = min(self.most, options.query_memory_total // (2 * options.query_readers))
        self._left = options.query_memory_total - self.share * options.query_readers

    def lend(self, lent: int) -> int:
        """As much more as there is for a query that has `lent` bytes besides its share; 0 for none."""
        more = max(min(self._left, self.most - self.share - lent), 0)
        self._left -= more
        return more

    def give_back(self, lent: int) -> None:
        """Have what was lent for others."""
        self._left += lent
