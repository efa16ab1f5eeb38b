"""Bounds on what one client may send, and turns in which clients are served."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from kg.errors import BusyError, KgError, TooLargeError, TooManyRequestsError
from kg.query_pool import CLIENT, FairSemaphore
from kg.web.http.asgi import ASGIApp, Message, Receive, Scope, Send, client_of, header, whole_request
from kg.web.http.problems import problem_of

__all__ = ["BodyLimit", "FairScheduling", "RateLimit"]

_BURST = 10  # seconds' worth of requests that may come at once
_CLIENTS = 10_000  # addresses remembered; the one not seen for longest is forgotten first
_PER_REQUEST = 50_000  # bytes of a body that count as one more request
_HELD = 250_000_000  # bytes of all bodies at once


class BodyLimit:
    """Refuses bodies that are too long for their address, announced or not, as soon as that is known."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[Scope], int]) -> None:
        """Wrap `app`; `limit_of` tells how many bytes the body of a request may have."""
        self._app, self._limit_of = app, limit_of
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        limit, announced = self._limit_of(scope), header(scope, b"content-length")
        if announced.isdigit() and int(announced) > limit:
            return await problem_of(TooLargeError("the body", limit))(scope, receive, send)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            size = len(message.get("body", b""))
            seen += size
            self._held += size
            if seen > limit:
                raise TooLargeError("the body", limit)
            if self._held > _HELD:
                raise BusyError("too much is being sent at the same time; try again in a moment")
            return message

        try:
            await self._app(scope, counted, send)
        finally:
            self._held -= seen


class FairScheduling:
    """Works on the requests of each client in turn, so that many of one hold up nobody else.

    A turn begins when all of the request is here and ends when the answer begins: a slow client keeps none.
    """

    def __init__(self, app: ASGIApp, turns_of: Callable[[Scope], FairSemaphore | None]) -> None:
        """Wrap `app`; `turns_of` tells in whose turns a request belongs, `None` if it needs none."""
        self._app, self._turns_of = app, turns_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a turn."""
        turns = self._turns_of(scope) if scope["type"] == "http" else None
        if turns is None:
            return await self._app(scope, receive, send)
        try:
            again = receive if scope["method"] in ("GET", "HEAD") else await whole_request(receive)
            await turns.take()
        except KgError as error:
            return await problem_of(error)(scope, receive, send)
        is_held = True

        def give_back() -> None:
            nonlocal is_held
            if is_held:
                is_held = False
                turns.give_back()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                give_back()
            await send(message)

        try:
            await self._app(scope, again, watched)
        finally:
            give_back()


class RateLimit:
    """Gives each client a bucket of requests that fills up at a steady rate; long bodies count as several."""

    def __init__(self, app: ASGIApp, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Wrap `app`; `per_second` of 0 sets no limit."""
        self._app, self._rate, self._clock = app, per_second, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request out of the client's bucket, or refuse it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        client = client_of(scope)
        CLIENT.set(client)
        if not self._rate:
            return await self._app(scope, receive, send)
        if (wait := self._wait(client)) > 0:
            error = TooManyRequestsError(math.ceil(wait))
            return await problem_of(error)(scope, receive, send)

        async def counted() -> Message:
            message = await receive()
            if size := len(message.get("body", b"")):
                self._charge(client, size / _PER_REQUEST)
            return message

        await self._app(scope, counted, send)

    def _wait(self, client: str) -> float:
        """Seconds until the client may come again; 0 if it may now."""
        left = self._left(client)
        if left >= 1:
            self._charge(client, 1)
            return 0.0
        return (1 - left) / self._rate

    def _charge(self, client: str, requests: float) -> None:
        """Take out of the bucket, also more than there is, within bounds."""
        self._set(client, max(self._left(client) - requests, -self._capacity))

    @property
    def _capacity(self) -> float:
        return max(1.0, self._rate * _BURST)

    def _left(self, client: str) -> float:
        now = self._clock()
        left, then = self._buckets.get(client, (self._capacity, now))
        left = min(self._capacity, left + (now - then) * self._rate)
        self._set(client, left)
        return left

    def _set(self, client: str, left: float) -> None:
        self._buckets[client] = (left, self._clock())
        self._buckets.move_to_end(client)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
