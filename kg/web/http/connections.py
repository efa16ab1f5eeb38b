"""Connections with deadlines and bounds, so that slow clients, and many of them, take nothing from others."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.settings import Settings
from kg.web.http.asgi import network_of
from kg.web.http.logs import line

__all__ = ["Connection", "Connections"]

_ROUND = 1.0  # seconds between two looks at all connections
_LONGEST_HEAD = 131_072  # bytes of a request line with its headers
_SLOWEST = 5_000  # bytes a second that a body has to bring
_LINGER = 5.0  # seconds in which a client may send the rest of a body that nobody wants
_REFUSED = b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Phase(Enum):
    """What is waited for."""

    HEAD = auto()  # the client's next request
    BODY = auto()  # the rest of its body
    ANSWER = auto()  # us


@dataclass(frozen=True, slots=True)
class Bounds:
    """What connections may take.

    Attributes:
        most: How many there may be.
        per_client: How many of one address.
        patience: Seconds for the head of a request; the other deadlines are multiples of it.
        longest_body: Bytes.
    """

    most: int
    per_client: int
    patience: float
    longest_body: int

    @classmethod
    def of(cls, options: Settings) -> "Bounds":
        """The bounds that the settings say."""
        return cls(
            options.max_connections, options.client_connections, options.request_timeout, options.max_body
        )


class Connections:
    """All connections of one server."""

    def __init__(self, options: Settings) -> None:
        self.bounds = Bounds.of(options)
        self._log_format = options.log_format
        self._is_proxy = _among(options.trusted_proxies.split(","))
        self._open: set[Connection] = set()
        self._by_client: Counter[str] = Counter()
        self._round: asyncio.TimerHandle | None = None

    def __call__(self, **given: Any) -> "Connection":
        """A protocol for a new connection, as uvicorn makes it."""
        return Connection(self, **given)

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, connection: "Connection") -> str | None:
        """Take in a connection; why not, if there is no room for it."""
        if len(self._open) >= self.bounds.most and not self._make_room():
            return "503 Service Unavailable"
        address = connection.address
        if self._by_client[address] >= self.bounds.per_client and not self._is_proxy(connection.host):
            return "429 Too Many Requests"
        self._open.add(connection)
        self._by_client[address] += 1
        if self._round is None:
            self._round = asyncio.get_running_loop().call_later(_ROUND, self._look)
        return None

    def closed(self, connection: "Connection") -> None:
        """Forget a connection."""
        if connection in self._open:
            self._open.discard(connection)
            self._by_client[connection.address] -= 1
            if not self._by_client[connection.address]:
                del self._by_client[connection.address]

    def note(self, connection: "Connection", status: int) -> None:
        """Write a line on a client that was cut off before there was a request to write one on."""
        if self._log_format != "off":
            scope = {"client": (connection.host, 0), "method": "-", "path": "-"}
            sys.stderr.write(line(scope, status, 0, connection.waited, as_json=self._log_format == "json"))

    def _look(self) -> None:
        self._round = None
        for connection in [*self._open]:
            connection.check()
        if self._open:
            self._round = asyncio.get_running_loop().call_later(_ROUND, self._look)

    def _make_room(self) -> bool:
        """End the connection that has waited longest for a request, of the client that has the most."""
        waiting = [it for it in self._open if it.phase is Phase.HEAD]
        if not waiting:
            return False
        chosen = max(waiting, key=lambda it: (self._by_client[it.address], it.waited))
        self.closed(chosen)
        chosen.cut(503)
        return True


class Connection(HttpToolsProtocol):
    """One client's connection, as uvicorn speaks HTTP over it.

    Attributes:
        phase: What is waited for.
        host: The address at its other end.
        address: The same, or the network that it belongs to.
    """

    def __init__(self, all_of_them: Connections, **given: Any) -> None:
        super().__init__(**given)
        self._all = all_of_them
        self.phase = Phase.HEAD
        self.host = self.address = ""
        self._since = self.loop.time()
        self._size = 0
        self._stuck: float | None = None

    @property
    def waited(self) -> float:
        """Seconds since this phase began."""
        return self.loop.time() - self._since

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the client in, if there is room."""
        super().connection_made(transport)  # type: ignore[arg-type]  # of a socket, so it is a two-way one
        self.host = self.client[0] if self.client else ""
        self.address = network_of(self.host)
        if (refused := self._all.opened(self)) is not None:
            self.transport.write(_REFUSED % refused.encode())
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._all.closed(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        super().data_received(data)
        self._size += len(data)
        if self.transport.is_closing():
            return
        if self.phase is Phase.HEAD and self._size > _LONGEST_HEAD:
            self._refuse(431, "431 Request Header Fields Too Large")
        elif self.phase is Phase.BODY and self._size > self._all.bounds.longest_body + _LONGEST_HEAD:
            self.cut(413)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._begin(Phase.HEAD)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its body begins."""
        self._begin(Phase.BODY)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is all here."""
        self._begin(Phase.ANSWER)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is answered."""
        self._begin(Phase.BODY if self.phase is Phase.BODY else Phase.HEAD)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client does not take what is there."""
        self._stuck = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """It does again."""
        self._stuck = None
        super().resume_writing()

    def check(self) -> None:
        """End what takes too long."""
        patience = self._all.bounds.patience
        if self._stuck is not None:
            if self.loop.time() - self._stuck > 3 * patience:
                self.cut(None)
        elif self.transport.is_closing():
            self._stuck = self.loop.time()  # what was written last is not taken
        elif self.phase is Phase.HEAD and self.waited > patience:
            if self._size:
                self._refuse(408, "408 Request Timeout")
            else:
                self.transport.close()
        elif self.phase is Phase.BODY and not self.flow.read_paused:
            rest = self.cycle is not None and self.cycle.response_complete
            if self.waited > (_LINGER if rest else 2 * patience + self._size / _SLOWEST):
                self.cut(None)

    def cut(self, status: int | None) -> None:
        """End the connection at once; with a status, if there is no request that would be written of."""
        if status is not None and (self.cycle is None or self.cycle.response_complete):
            self._all.note(self, status)
        self.transport.abort()

    def _refuse(self, status: int, told: str) -> None:
        self._all.note(self, status)
        self.transport.write(_REFUSED % told.encode())
        self.transport.close()

    def _begin(self, phase: Phase) -> None:
        if phase is not self.phase or phase is Phase.HEAD:
            self.phase, self._since, self._size = phase, self.loop.time(), 0


def _among(names: Iterable[str]) -> Callable[[str], bool]:
    """Whether an address is one of these addresses or networks; `*` is all."""
    wanted = {name.strip() for name in names if name.strip()}
    networks: list[IPv4Network | IPv6Network] = []
    for name in wanted:
        try:
            networks.append(ip_network(name, strict=False))
        except ValueError:
            continue

    def is_among(address: str) -> bool:
        if "*" in wanted or address in wanted:
            return True
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in networks)

    return is_among
