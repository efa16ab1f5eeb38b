"""The server's side of the nursery: has readers born, ended, and made to stand back."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict

from kg.errors import StoreError
from kg.guard.reader import Terms
from kg.guard.records import BORN, KILL, NICE, RECORD, SPAWN

__all__ = ["Keeper"]


class Keeper:
    """Starts the nursery when it is first needed, and again if it should die."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._births: dict[int, asyncio.Future[int]] = {}
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._serial = 0
        self._heard = bytearray()

    async def spawn(self) -> tuple[int, socket.socket]:
        """A new reader: its process, and the channel to it.

        Raises:
            StoreError: no process can be started.
        """
        nursery = self._nursery()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._serial += 1
        born = self._births[self._serial] = asyncio.get_running_loop().create_future()
        with theirs:
            socket.send_fds(nursery, [RECORD.pack(SPAWN, self._serial, 0)], [theirs.fileno()])
        try:
            return await born, ours
        except (asyncio.CancelledError, StoreError):
            ours.close()
            raise

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
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._process.wait()
        self._process = self._socket = None
        for future in [*self._births.values(), *self._ends.values()]:
            future.cancel()

    def _order(self, what: bytes, process: int) -> None:
        if self._socket is not None:  # the nursery knows by itself whether the process still is
            self._socket.send(RECORD.pack(what, process, 0))

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
            command = [sys.executable, "-m", "kg.guard.nursery", str(theirs.fileno()), terms]
            quiet = os.environ | {"RUST_BACKTRACE": "0"}  # memory running out is news in one line
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=quiet)
        self._socket = ours
        asyncio.get_running_loop().add_reader(ours, self._listen)
        return ours

    def _listen(self) -> None:
        assert self._socket is not None
        data = self._socket.recv(4096)
        if not data:
            return self._fail()
        self._heard += data
        while len(self._heard) >= RECORD.size:
            what, number, more = RECORD.unpack_from(self._heard)
            del self._heard[: RECORD.size]
            if what == BORN:
                self._ends[more] = asyncio.get_running_loop().create_future()
                if not (born := self._births.pop(number)).done():
                    born.set_result(more)
            elif number in self._ends:
                self._ends[number].set_result(more)

    def _fail(self) -> None:
        """The nursery is gone, and the kernel ends its children: who waits for them must know."""
        for birth in self._births.values():
            if not birth.done():
                birth.set_exception(StoreError("no process can be started to read the store"))
        for end in self._ends.values():
            if not end.done():
                end.set_result(-signal.SIGKILL)
        self.close()
        self._births, self._ends = {}, {}
