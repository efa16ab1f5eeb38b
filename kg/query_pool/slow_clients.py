"""Knows which clients have sent a long query lately."""

import asyncio
from collections import OrderedDict

__all__ = ["SlowClients"]

_LATELY = 60.0  # seconds for which a client is known to send long queries
_CLIENTS = 10_000  # of them that are known at a time


class SlowClients:
    """Clients with the time at which each last sent a long query."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, float] = OrderedDict()

    def note(self, client: str) -> None:
        """That a query of a client has become a long one."""
        self._last[client] = asyncio.get_running_loop().time()
        self._last.move_to_end(client)
        if len(self._last) > _CLIENTS:
            self._last.popitem(last=False)

    def __contains__(self, client: str) -> bool:
        """Whether a client has sent a long query lately."""
        since = self._last.get(client)
        return since is not None and asyncio.get_running_loop().time() - since < _LATELY
