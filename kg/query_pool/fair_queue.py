"""Lets clients wait in turn: whoever sends much does not hold up who sends little."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Generic, TypeVar

from kg.errors import BusyError

__all__ = ["CLIENT", "FairQueue", "FairSemaphore"]

CLIENT: ContextVar[str] = ContextVar("client", default="")  # for whom something is done
Thing = TypeVar("Thing")


class FairQueue(Generic[Thing]):
    """Who waits for a thing, by client; clients are served one after the other, one place at a time.

    When it is full, a newcomer takes the last place of the client that has the most, if that has more than
    the newcomer would have.
    """

    def __init__(self, room: int) -> None:
        """Let `room` wait."""
        self._room = room
        self._waiting: OrderedDict[str, deque[asyncio.Future[Thing]]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def join(self, client: str) -> asyncio.Future[Thing]:
        """A place at the end of what a client waits for; it is given the thing, or a `BusyError`.

        Raises:
            BusyError: there is no room.
        """
        if self._size >= self._room and not self._displaced(len(self._waiting.get(client, ())) + 1):
            raise BusyError("too many requests are waiting already; try again in a moment")
        place: asyncio.Future[Thing] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        self._size += 1
        return place

    def leave(self, client: str, place: asyncio.Future[Thing]) -> None:
        """Give up a place, if it is still held."""
        places = self._waiting.get(client)
        if places is not None and place in places:
            places.remove(place)
            self._removed(client)

    def give(self, thing: Thing, may: Callable[[str], bool] = lambda _: True) -> str | None:
        """Give a thing to the client whose turn it is, of those that may have one; who got it, if anybody."""
        while (client := next(filter(may, self._waiting), None)) is not None:
            place = self._waiting[client].popleft()
            self._removed(client)
            if client in self._waiting:
                self._waiting.move_to_end(client)
            if not place.done():
                place.set_result(thing)
                return client
        return None

    def places(self) -> dict[str, int]:
        """How many each client waits for."""
        return {client: len(places) for client, places in self._waiting.items()}

    def fail(self, error: Exception) -> None:
        """Tell all who wait that there is nothing to be had."""
        for places in [*self._waiting.values()]:
            for place in places:
                if not place.done():
                    place.set_exception(error)

    def _displaced(self, places: int) -> bool:
        client = max(self._waiting, key=lambda it: len(self._waiting[it]), default=None)
        if client is None or len(self._waiting[client]) <= places:
            return False
        last = self._waiting[client].pop()
        self._removed(client)
        if not last.done():
            last.set_exception(BusyError("this client has more requests waiting than others; send fewer"))
        return True

    def _removed(self, client: str) -> None:
        self._size -= 1
        if not self._waiting[client]:
            del self._waiting[client]


class FairSemaphore:
    """Lets a number of things be done at once; clients wait for their turn."""

    def __init__(self, at_once: int, room: int) -> None:
        """Let `at_once` be done and `room` wait."""
        self._free = at_once
        self._queue: FairQueue[None] = FairQueue(room)

    @property
    def is_free(self) -> bool:
        """Whether a turn can be had at once."""
        return self._free > 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    async def take(self) -> None:
        """Wait for a turn of the present client, which must be given back.

        Raises:
            BusyError: too many wait already.
        """
        if self._free:
            self._free -= 1
            return
        client = CLIENT.get()
        place = self._queue.join(client)
        try:
            await place
        except asyncio.CancelledError:
            self._queue.leave(client, place)
            if place.done() and not place.cancelled() and place.exception() is None:
                self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one in."""
        if self._queue.give(None) is None:
            self._free += 1
