"""Notices when a client goes away, so that nobody works for it any longer."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from kg.web.http.asgi import ASGIApp, Receive, Scope, Send, whole_request

__all__ = ["DisconnectWatcher", "EndWithClient"]

_AFTER = 0.1  # seconds; most answers are there before, and watching costs as much as a small query


class DisconnectWatcher:
    """Ends what is done within it once the client has gone.

    Attributes:
        is_gone: Whether it has.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._listener: asyncio.Task[None] | None = None
        self.is_gone = False

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._timer = loop.call_later(_AFTER, self._start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._timer.cancel()
        if self._listener is not None:
            self._listener.cancel()
        return self.is_gone and isinstance(error, asyncio.CancelledError)

    def _start(self) -> None:
        self._listener = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        if self._task is not None:
            self._task.cancel()


class EndWithClient:
    """Ends the work on some requests when their clients have gone; only for what stores nothing."""

    def __init__(self, app: ASGIApp, applies: Callable[[Scope], bool]) -> None:
        """Wrap `app`; `applies` tells of a request whether its work ends so."""
        self._app, self._applies = app, applies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch the client once its request is here."""
        if scope["type"] != "http" or not self._applies(scope):
            return await self._app(scope, receive, send)
        again = await whole_request(receive)
        async with DisconnectWatcher(receive):
            await self._app(scope, again, send)
