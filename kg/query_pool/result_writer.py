"""Where a reader process writes an answer: bytes go out in blocks while the engine makes them."""

import socket
import zlib

from kg.query_pool import protocol

__all__ = ["ClientGoneError", "ResultWriter"]

_BLOCK = 65_536  # bytes of one DATA frame
_FIRST = 4 * _BLOCK  # an answer up to this long is sent whole: its end is known before its first byte leaves
_GZIP = 16 + zlib.MAX_WBITS
_WORTH_IT = 1024  # bytes; less does not get shorter


class ClientGoneError(Exception):
    """Nobody listens any more."""


class ResultWriter:
    """A writable file that frames what it is given; `finish` must come last.

    Attributes:
        is_started: Whether bytes have left, so that an error can no longer be told instead.
    """

    def __init__(self, channel: socket.socket, format: str, *, gzip: bool) -> None:
        self._channel, self._format, self._wants_gzip = channel, format, gzip
        self._pressed: zlib._Compress | None = None
        self._waiting: list[bytes] = []
        self._size = 0
        self.is_started = False

    def write(self, data: bytes) -> int:
        """Take a block.

        Raises:
            GoneError: nobody listens any more.
        """
        self._waiting.append(bytes(data))
        self._size += len(data)
        if self._size >= (_BLOCK if self.is_started else _FIRST):
            head = b"" if self.is_started else self._head(cut=None)
            send(self._channel, head + self._body())
        return len(data)

    def flush(self) -> None:
        """Nothing to do: blocks leave when they are large enough."""

    def finish(self, *, cut: bool, leaves: bool) -> None:
        """Send the rest, and say whether rows were left out and whether this process ends now.

        Raises:
            GoneError: nobody listens any more.
        """
        head = b"" if self.is_started else self._head(cut=cut)
        tail = protocol.edge(protocol.END, protocol.Tail(cut, leaves))
        send(self._channel, head + self._body(last=True) + tail)

    def _head(self, *, cut: bool | None) -> bytes:
        self.is_started = True
        if self._wants_gzip and self._size >= _WORTH_IT:
            self._pressed = zlib.compressobj(5, zlib.DEFLATED, _GZIP)
        return protocol.edge(protocol.HEAD, protocol.Head(self._format, self._pressed is not None, cut))

    def _body(self, *, last: bool = False) -> bytes:
        data = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        if self._pressed is not None:
            data = self._pressed.compress(data) + (self._pressed.flush() if last else b"")
        return protocol.frame(protocol.DATA, data) if data else b""


def send(channel: socket.socket, data: bytes) -> None:
    """Send all of it.

    Raises:
        GoneError: nobody listens any more.
    """
    try:
        channel.sendall(data)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise ClientGoneError from error
