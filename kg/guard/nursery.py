"""A small process that forks reader processes, ends them, and tells how they ended.

It holds no store and has one thread, so that a fork costs milliseconds and copies nothing that runs. It is
started as `python -m kg.guard.nursery DESCRIPTOR TERMS`, and ends when the other side of the socket is gone.
"""

import gc
import json
import os
import signal
import socket
import sys
from select import POLLIN, poll

from kg.guard.confine import stand_back
from kg.guard.reader import Terms, work
from kg.guard.records import BORN, DEAD, KILL, RECORD, SPAWN

__all__ = ["main"]


class _Nursery:
    def __init__(self, master: socket.socket, terms: Terms) -> None:
        self._master, self._terms = master, terms
        self._children: set[int] = set()
        self._ears, mouth = os.pipe()
        os.set_blocking(mouth, False)
        os.set_blocking(self._ears, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)

    def run(self) -> None:
        """Obey until the master is gone."""
        watched = poll()  # `select` takes no descriptor above 1023, and ours is as high as the server's was
        for descriptor in (self._master.fileno(), self._ears):
            watched.register(descriptor, POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in watched.poll()}
            if self._ears in ready:
                os.read(self._ears, 4096)
                self._bury()
            if self._master.fileno() in ready and not self._obey():
                return self._end()

    def _end(self) -> None:
        """Leave nobody behind."""
        for child in self._children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _obey(self) -> bool:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._master, RECORD.size, 1)
        except ConnectionResetError:
            return False
        if len(data) < RECORD.size:
            return False
        what, number, _ = RECORD.unpack(data)
        if what == SPAWN:
            self._spawn(number, descriptors[0])
        elif number in self._children:  # a process that is buried may have given its number to another one
            if what == KILL:
                os.kill(number, signal.SIGKILL)
            else:
                stand_back(number)
        return True

    def _spawn(self, serial: int, descriptor: int) -> None:
        child = os.fork()
        if child == 0:
            self._become_reader(descriptor)
        os.close(descriptor)
        self._children.add(child)
        self._tell(BORN, serial, child)

    def _become_reader(self, descriptor: int) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._master.close()
        work(socket.socket(fileno=descriptor), self._terms)
        sys.exit()

    def _bury(self) -> None:
        for child in sorted(self._children):
            gone, status = os.waitpid(child, os.WNOHANG)
            if gone:
                self._children.discard(child)
                self._tell(DEAD, child, os.waitstatus_to_exitcode(status))

    def _tell(self, what: bytes, number: int, more: int) -> None:
        try:
            self._master.sendall(RECORD.pack(what, number, more))
        except BrokenPipeError:
            return  # the master is gone; the next look at its socket ends the loop


def main(arguments: list[str]) -> None:
    """Run a nursery on an inherited socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the whole group; the master decides
    gc.freeze()  # so that collecting garbage in a child does not copy the pages of the parent
    _Nursery(socket.socket(fileno=int(arguments[0])), Terms(**json.loads(arguments[1]))).run()


if __name__ == "__main__":
    main(sys.argv[1:])
