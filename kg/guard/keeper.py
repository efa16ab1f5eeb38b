"""The server's side of the nursery: has readers born, ended, and made to stand back."""

import asyncio
import json
import os
import signal
import socket
import subprocess
from collections import deque
from dataclasses import asdict

from kg.errors import StoreError
from kg.guard.confine import python
from kg.guard.reader import Terms
from kg.guard.records import BORN, KILL, NICE, RECORD, SPAWN

__all__ = ["Keeper"]

_NO_READER = "no process can be started to read the store"
_PATIENCE = 2.0  # seconds that the nursery has to end its readers and itself


class Keeper:
    """Starts the nursery when it is first needed, and again if it should die.

    Attributes:
        trouble: Why no reader can be started; `None` while they can, as far as is known.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._births: dict[int, asyncio.Future[int]] = {}
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._serial = 0
        self._heard = bytearray()
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
                born = self._ordered(theirs)
        except OSError as error:
            ours.close()
            self._fail()
            raise StoreError(_NO_READER) from error
        ours.setblocking(False)
        try:
            return await born, ours
        except (asyncio.CancelledError, StoreError):
            ours.close()
            raise

    def _ordered(self, channel: socket.socket) -> asyncio.Future[int]:
        """The number of a new reader at the other end of a channel, once it is born."""
        nursery = self._nursery()
        self._serial += 1
        born: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        socket.send_fds(nursery, [RECORD.pack(SPAWN, self._serial, 0)], [channel.fileno()])
        self._births[self._serial] = born
        return born

    async def exit_code(self, process: int) -> int:
        """How a reader ended: its exit code, negative for a signal."""
        end = self._ends.get(process)
        return -signal.SIGKILL if end is None else await end

    def kill(self, process: int) -> None:
        """End a reader at once."""
        self._order(KILL, process)

    def stand_back(self, process: int) -> None:
        """Let a reader run only when nobody else wants to."""
        self._order(NICE, process)

    def close(self) -> None:
        """End the nursery, and with it all readers."""
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
        self._heard.clear()
        self._unsent.clear()
        for future in [*self._births.values(), *self._ends.values()]:
            future.cancel()

    def _order(self, what: bytes, process: int) -> None:
        if self._socket is not None:  # the nursery knows by itself whether the process still is
            self._unsent.append(RECORD.pack(what, process, 0))
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
        self._ends.pop(process, None)

    def _nursery(self) -> socket.socket:
        if self._socket is not None:
            return self._socket
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            terms = json.dumps(asdict(self._terms))
            command = python("kg.guard.nursery", str(theirs.fileno()), terms)
            quiet = os.environ | {"RUST_BACKTRACE": "0"}  # memory running out is news in one line
            try:
                self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=quiet)
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
        self._heard += data
        while len(self._heard) >= RECORD.size:
            what, number, more = RECORD.unpack_from(self._heard)
            del self._heard[: RECORD.size]
            if what == BORN:
                self.trouble = None
                self._ends[more] = asyncio.get_running_loop().create_future()
                if not (born := self._births.pop(number)).done():
                    born.set_result(more)
            elif number in self._ends and not self._ends[number].done():
                self._ends[number].set_result(more)

    def _fail(self) -> None:
        """The nursery is gone, and the kernel ends its children: who waits for them must know."""
        self.trouble = _NO_READER
        births, ends = [*self._births.values()], [*self._ends.values()]
        self._births, self._ends = {}, {}
        if self._process is not None:
            self._process.kill()
        self.close()
        for birth in births:
            if not birth.done():
                birth.set_exception(StoreError(_NO_READER))
        for end in ends:
            if not end.done():
                end.set_result(-signal.SIGKILL)
