"""Bounds on what one client may send: the size of a body, the number of requests."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from kg.errors import TooLargeError, TooManyRequestsError
from kg.web.messages import ASGIApp, Message, Receive, Scope, Send, header
from kg.web.problems import problem_of

__all__ = ["BodyLimit", "RateLimit"]

_BURST = 10  # seconds' worth of requests that may come at once
_CLIENTS = 10_000  # addresses remembered; the one not seen for longest is forgotten first


class BodyLimit:
    """Refuses bodies that are too long, whether their length is announced or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        announced = header(scope, b"content-length")
        if announced.isdigit() and int(announced) > self._limit:
            return await problem_of(self._error())(scope, receive, send)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise self._error()
            return message

        await self._app(scope, counted, send)

    def _error(self) -> TooLargeError:
        return TooLargeError("the body", self._limit)


class RateLimit:
    """Gives each client a bucket of requests that fills up at a steady rate."""

    def __init__(self, app: ASGIApp, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Wrap `app`; `per_second` of 0 sets no limit."""
        self._app, self._rate, self._clock = app, per_second, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request out of the client's bucket, or refuse it."""
        if scope["type"] == "http" and self._rate and (wait := self._wait(_client(scope))) > 0:
            error = TooManyRequestsError(math.ceil(wait))
            return await problem_of(error)(scope, receive, send)
        await self._app(scope, receive, send)

    def _wait(self, client: str) -> float:
        """Seconds until the client may come again; 0 if it may now."""
        now, capacity = self._clock(), max(1.0, self._rate * _BURST)
        left, then = self._buckets.pop(client, (capacity, now))
        left = min(capacity, left + (now - then) * self._rate)
        self._buckets[client] = (max(left - 1, 0.0) if left >= 1 else left, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / self._rate


def _client(scope: Scope) -> str:
    """The address of the client; of IPv6 the network, since one household has billions of addresses."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    return f"{int(address) >> 64:x}::" if isinstance(address, IPv6Address) else host
