"""A small process that forks reader processes, ends them, and tells how they ended.

It holds no store and has one thread, so that a fork costs milliseconds and copies nothing that runs. It is
started as `python -m kg.query_pool.forkserver_process DESCRIPTOR LIMITS`, and ends when the other side of the
socket is gone.
"""

import gc
import json
import os
import signal
import socket
import sys
from select import POLLIN, poll

from kg.query_pool.control_messages import EXITED, IDLE, KILL, LIMIT, RECORD, SPAWN, STARTED
from kg.query_pool.reader import ReaderLimits, work
from kg.query_pool.sandbox import change_memory_limit, stand_back

__all__ = ["main"]


class _ForkserverProcess:
    def __init__(self, server: socket.socket, limits: ReaderLimits) -> None:
        self._server, self._limits = server, limits
        self._children: set[int] = set()
        self._wakeup, signalled = os.pipe()
        os.set_blocking(signalled, False)
        os.set_blocking(self._wakeup, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(signalled, warn_on_full_buffer=False)

    def run(self) -> None:
        """Obey until the server is gone."""
        watched = poll()  # `select` takes no descriptor above 1023, and ours is as high as the server's was
        for descriptor in (self._server.fileno(), self._wakeup):
            watched.register(descriptor, POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in watched.poll()}
            if self._wakeup in ready:
                os.read(self._wakeup, 4096)
                self._reap()
            if self._server.fileno() in ready and not self._handle():
                return self._end()

    def _end(self) -> None:
        """Leave nobody behind."""
        for child in self._children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _handle(self) -> bool:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._server, RECORD.size, 1)
        except ConnectionResetError:
            return False
        if len(data) < RECORD.size:
            return False
        what, number, more = RECORD.unpack(data)
        if what == SPAWN:
            self._spawn(number, descriptors[0])
        elif number in self._children:  # a process that is buried may have given its number to another one
            if what == KILL:
                os.kill(number, signal.SIGKILL)
            elif what == LIMIT:
                change_memory_limit(number, self._limits.memory - (more << 20))
            else:
                stand_back(number, idle=what == IDLE)
        return True

    def _spawn(self, serial: int, descriptor: int) -> None:
        child = os.fork()
        if child == 0:
            self._become_reader(descriptor)
        os.close(descriptor)
        self._children.add(child)
        self._send(STARTED, serial, child)

    def _become_reader(self, descriptor: int) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._server.close()
        work(socket.socket(fileno=descriptor), self._limits)
        sys.exit()

    def _reap(self) -> None:
        for child in sorted(self._children):
            gone, status = os.waitpid(child, os.WNOHANG)
            if gone:
                self._children.discard(child)
                self._send(EXITED, child, os.waitstatus_to_exitcode(status))

    def _send(self, what: bytes, number: int, more: int) -> None:
        try:
            self._server.sendall(RECORD.pack(what, number, more))
        except BrokenPipeError:
            return  # the server is gone; the next look at its socket ends the loop


def main(arguments: list[str]) -> None:
    """Run a forkserver on an inherited socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the whole group; the server decides
    gc.freeze()  # so that collecting garbage in a child does not copy the pages of the parent
    _ForkserverProcess(
        socket.socket(fileno=int(arguments[0])), ReaderLimits(**json.loads(arguments[1]))
    ).run()


if __name__ == "__main__":
    main(sys.argv[1:])
