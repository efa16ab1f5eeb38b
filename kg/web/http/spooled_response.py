"""Sends an answer of any length only when it is whole, by way of a file, so that none is ever broken off."""

from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile

from fastapi import FastAPI
from fastapi.responses import Response, StreamingResponse
from starlette.background import BackgroundTask
from starlette.middleware.gzip import GZipMiddleware

from kg.errors import BusyError, NoSpaceError
from kg.query_pool import Answer
from kg.settings import Settings
from kg.web.http.asgi import Receive, Scope, Send, header
from kg.web.http.negotiation import accepts_gzip

__all__ = ["Compression", "SpoolSpace", "SpooledBody", "collected"]

_IN_MEMORY = 1_000_000  # bytes
_BLOCK = 65_536


class Compression(GZipMiddleware):
    """Compresses answers for clients that take gzip; Starlette's own reads `gzip;q=0` as a yes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not accepts_gzip(header(scope, b"accept-encoding")):
            scope["headers"] = [it for it in scope["headers"] if it[0] != b"accept-encoding"]
        await super().__call__(scope, receive, send)


class SpoolSpace:
    """The room for answers that pass by disk, shared by all."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> None:
        """Use so many bytes.

        Raises:
            BusyError: there is no room for them now.
        """
        if size > self._left:
            raise BusyError("too many long answers are on their way; try again in a moment")
        self._left -= size

    def give_back(self, size: int) -> None:
        """Have them for others."""
        self._left += size


class SpooledBody:
    """The bytes of an answer, in memory or in a file that is gone once it is closed.

    Attributes:
        size: How many they are.
    """

    def __init__(self, space: SpoolSpace) -> None:
        self._space, self.size = space, 0
        self._file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # `close` does
        self._held = 0

    async def fill(self, answer: Answer, most: int) -> None:
        """Take all of an answer."""
        self.size = await answer.collected(self._file, most, self._count)

    def _count(self, size: int) -> None:
        self._space.take(size)
        self._held += size

    def blocks(self) -> Iterator[bytes]:
        """The bytes, once; also if nobody takes the rest, the file is closed."""
        try:
            while block := self._file.read(_BLOCK):
                yield block
        finally:
            self.close()

    def close(self) -> None:
        """Forget them."""
        self._file.close()
        self._space.give_back(self._held)
        self._held = 0

    def response(self, media_type: str, headers: Mapping[str, str]) -> Response:
        """The bytes as a response, which closes the body."""
        told = {**headers, "content-length": str(self.size)}
        ending = BackgroundTask(self.close)
        return StreamingResponse(self.blocks(), media_type=media_type, headers=told, background=ending)


async def collected(answer: Answer, app: FastAPI) -> SpooledBody:
    """All of an answer.

    Raises:
        QueryTooCostlyError: it is longer than the settings allow.
        BusyError: there is no room for it now.
        KgError: the rest will not come.
    """
    options: Settings = app.state.options
    body = SpooledBody(app.state.spool)
    try:
        await body.fill(answer, options.query_answer)
    except OSError as error:
        body.close()
        raise NoSpaceError("the disk by which long answers pass") from error
    except BaseException:
        body.close()
        raise
    return body
