"""The server's side of the forkserver: has readers started, ended, and made to stand back."""

import asyncio
import json
import os
import signal
import socket
import subprocess
from collections import deque
from dataclasses import asdict

from kg.errors import StoreError
from kg.query_pool.control_messages import IDLE, KILL, LIMIT, NICE, RECORD, SPAWN, STARTED
from kg.query_pool.reader import ReaderLimits
from kg.query_pool.sandbox import python
from kg.query_pool.stderr_log import logged_stderr

__all__ = ["Forkserver"]

_NO_READER = "no process can be started to read the store"
_PATIENCE = 2.0  # seconds that the forkserver has to end its readers and itself


class Forkserver:
    """Starts the forkserver when it is first needed, and again if it should die.

    Attributes:
        trouble: Why no reader can be started; `None` while they can, as far as is known.
    """

    def __init__(self, limits: ReaderLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._starting: dict[int, asyncio.Future[int]] = {}
        self._exits: dict[int, asyncio.Future[int]] = {}
        self._serial = 0
        self._received = bytearray()
        self._unsent: deque[bytes] = deque()
        self.trouble: str | None = None

    async def spawn(self) -> tuple[int, socket.socket]:
        """A new reader: its process, and the channel to it.

        Raises:
            StoreError: no process can be started.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                started = self._ordered(theirs)
        except OSError as error:
            ours.close()
            self._fail()
            raise StoreError(_NO_READER) from error
        ours.setblocking(False)
        try:
            return await started, ours
        except (asyncio.CancelledError, StoreError):
            ours.close()
            raise

    def _ordered(self, channel: socket.socket) -> asyncio.Future[int]:
        """The number of a new reader at the other end of a channel, once it is started."""
        forkserver = self._running()
        self._serial += 1
        started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        socket.send_fds(forkserver, [RECORD.pack(SPAWN, self._serial, 0)], [channel.fileno()])
        self._starting[self._serial] = started
        return started

    async def exit_code(self, process: int) -> int:
        """How a reader ended: its exit code, negative for a signal."""
        end = self._exits.get(process)
        return -signal.SIGKILL if end is None else await end

    def kill(self, process: int) -> None:
        """End a reader at once."""
        self._order(KILL, process)

    def stand_back(self, process: int, *, idle: bool = False) -> None:
        """Leave a reader a small share of the processors, or with `idle` what nobody else wants."""
        self._order(IDLE if idle else NICE, process)

    def limit_memory(self, process: int, memory: int) -> None:
        """Let the query of a reader use so many bytes."""
        self._order(LIMIT, process, memory >> 20)

    def close(self) -> None:
        """End the forkserver, and with it all readers."""
        if self._process is None or self._socket is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        loop.remove_writer(self._socket)
        self._socket.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = self._socket = None
        self._received.clear()
        self._unsent.clear()
        for future in [*self._starting.values(), *self._exits.values()]:
            future.cancel()

    def _order(self, what: bytes, process: int, more: int = 0) -> None:
        if self._socket is not None:  # the forkserver knows by itself whether the process still is
            self._unsent.append(RECORD.pack(what, process, more))
            self._send()

    def _send(self) -> None:
        """Send what is to be sent; what the socket does not take now, it takes when it can."""
        if self._socket is None:
            return
        loop = asyncio.get_running_loop()
        try:
            while self._unsent:
                self._socket.send(self._unsent[0])
                self._unsent.popleft()
        except BlockingIOError:
            loop.add_writer(self._socket, self._send)
        except OSError:
            loop.call_soon(self._fail)
        else:
            loop.remove_writer(self._socket)

    def forget(self, process: int) -> None:
        """Nobody will ask how this reader ended."""
        self._exits.pop(process, None)

    def _running(self) -> socket.socket:
        if self._socket is not None:
            return self._socket
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            limits = json.dumps(asdict(self._limits))
            command = python("kg.query_pool.forkserver_process", str(theirs.fileno()), limits)
            quiet = os.environ | {"RUST_BACKTRACE": "0"}  # memory running out is news in one line
            try:
                with logged_stderr("a process that answers queries") as stderr:
                    self._process = subprocess.Popen(
                        command, pass_fds=[theirs.fileno()], stderr=stderr, env=quiet
                    )
            except OSError:
                ours.close()
                raise
        self._socket = ours
        asyncio.get_running_loop().add_reader(ours, self._listen)
        return ours

    def _listen(self) -> None:
        assert self._socket is not None
        try:
            data = self._socket.recv(4096)
        except BlockingIOError:
            return
        except OSError:  # it died before it had read all orders
            data = b""
        if not data:
            return self._fail()
        self._received += data
        while len(self._received) >= RECORD.size:
            what, number, more = RECORD.unpack_from(self._received)
            del self._received[: RECORD.size]
            if what == STARTED:
                self.trouble = None
                self._exits[more] = asyncio.get_running_loop().create_future()
                if not (started := self._starting.pop(number)).done():
                    started.set_result(more)
            elif number in self._exits and not self._exits[number].done():
                self._exits[number].set_result(more)

    def _fail(self) -> None:
        """The forkserver is gone, and the kernel ends its children: who waits for them must know."""
        self.trouble = _NO_READER
        births, ends = [*self._starting.values()], [*self._exits.values()]
        self._starting, self._exits = {}, {}
        if self._process is not None:
            self._process.kill()
        self.close()
        for birth in births:
            if not birth.done():
                birth.set_exception(StoreError(_NO_READER))
        for end in ends:
            if not end.done():
                end.set_result(-signal.SIGKILL)
