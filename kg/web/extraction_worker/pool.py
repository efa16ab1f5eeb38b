"""Has bodies parsed, texts read and RDF checked for strangers, in processes that can be stopped."""

import asyncio
import json
import os
import pickle
import signal
import socket
import subprocess
from contextlib import suppress
from types import TracebackType
from typing import Any

from fastapi import FastAPI

from kg.errors import BusyError, KgError, TooHardError
from kg.ingest import Prepared
from kg.model import Document
from kg.query_pool import FairSemaphore, logged_stderr
from kg.query_pool.sandbox import python, time_worked
from kg.review import Applied
from kg.validate import Report
from kg.web.extraction_worker.process import (
    LENGTH,
    LONG,
    ExtractionResult,
    ExtractionTask,
    ParsingTask,
    PreparationTask,
    ReadingTask,
    TaskLimits,
    ValidationTask,
)
from kg.web.extraction_worker.uploads import Upload

__all__ = ["LONGEST", "ExtractionResult", "ExtractionWorkers", "Place", "workers_of"]

LIMITS = TaskLimits()
LONGEST = 40_000  # characters of a text: some seconds of reading
_AT_ONCE = 2  # tasks, and as many long ones
_ROOM, _LONG_ROOM = 32, 2  # who may wait; a long task keeps its memory meanwhile
_START = 120.0  # seconds until what every task needs must be read
_AT_REST = 300.0  # seconds after which the memory is given back
_ENDED = "the process that reads texts has ended; try again in a moment"


class Place:
    """The turn that a task has: first beside others that may be quick, then beside others that are long."""

    def __init__(self, quick: FairSemaphore, long: FairSemaphore) -> None:
        self._quick, self._long = quick, long
        self._held: FairSemaphore | None = None

    async def __aenter__(self) -> "Place":
        await self._quick.take()
        self._held = self._quick
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._held is not None:
            self._held.give_back()

    async def lingers(self, process: int) -> None:
        """Let the next one in; the process waits meanwhile until there is room among the long ones."""
        self._held = None
        self._quick.give_back()
        if not self._long.is_free:
            os.kill(process, signal.SIGSTOP)
        await self._long.take()
        self._held = self._long
        os.kill(process, signal.SIGCONT)


class ExtractionWorkers:
    """Has each task done by a process of its own; what goes wrong in it ends that, and not the server.

    Belongs to the event loop in which it is first used. Clients wait in turn, and quick tasks
    not for long ones.
    """

    def __init__(self, memory: int = LIMITS.memory) -> None:
        """Let each task use so many bytes of memory."""
        self._limits = LIMITS._replace(memory=memory)
        self._quick = FairSemaphore(_AT_ONCE, _ROOM)
        self._long = FairSemaphore(_AT_ONCE, _LONG_ROOM)
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._at_work = 0

    async def parse(self, upload: Upload) -> Document:
        """The document in a body.

        Raises:
            BusyError: too many wait already.
            InputError: it holds none.
            TooHardError: it takes too much time or memory.
        """
        found = await self._do(upload)
        assert isinstance(found, Document)
        return found

    async def extract(self, given: Upload | Document) -> ExtractionResult:
        """Read a text, and forget it.

        Raises:
            KgError: as for `parse`.
        """
        found = await self._do(ExtractionTask(given))
        assert isinstance(found, ExtractionResult)
        return found

    async def check(self, data: bytes, suffix: str) -> Report:
        """What the shapes and the citation check say of RDF in a format of `kg.validate`.

        Raises:
            KgError: as for `parse`.
        """
        found = await self._do(ValidationTask(data, suffix))
        assert isinstance(found, Report)
        return found

    async def triples(self, data: bytes, format: str, base: str) -> bytes:
        """RDF in a format of `TRIPLE_FORMATS` as N-ParsingTask.

        Raises:
            KgError: as for `parse`.
        """
        found = await self._do(ParsingTask(data, format, base))
        assert isinstance(found, bytes)
        return found

    async def read(self, document: Document) -> Applied:
        """What a document says, its reviews taken into account.

        Raises:
            KgError: as for `parse`.
        """
        found = await self._do(ReadingTask(document))
        assert isinstance(found, Applied)
        return found

    async def prepare(self, document: Document) -> Prepared:
        """A document read and checked, as `Pipeline.prepare` does it.

        Raises:
            KgError: as for `parse`.
        """
        found = await self._do(PreparationTask(document))
        assert isinstance(found, Prepared)
        return found

    def close(self) -> None:
        """End the processes; the next task starts them again."""
        if self._rest is not None:
            self._rest.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._orders is not None:
            self._orders.close()
        self._process = self._orders = None

    async def _do(self, task: object) -> object:
        async with Place(self._quick, self._long) as place:
            if self._rest is not None:
                self._rest.cancel()
                self._rest = None
            channel = self._channel()
            self._at_work += 1
            try:
                found = await self._answer(channel, task, place)
            finally:
                channel.close()
                self._at_work -= 1
                if not self._at_work:
                    self._rest = asyncio.get_running_loop().call_later(_AT_REST, self.close)
        if isinstance(found, KgError):
            raise found
        return found

    async def _answer(self, channel: socket.socket, task: object, place: Place) -> object:
        forkserver = self._process
        try:
            process = await asyncio.wait_for(_received(channel), _START)
        except (TimeoutError, EOFError, OSError) as error:
            self.close()
            raise BusyError(_ENDED) from error
        try:
            found = await asyncio.wait_for(_asked(channel, task), LIMITS.patience)
            if found == LONG:
                await place.lingers(process)
                found = await asyncio.wait_for(_received(channel), LIMITS.patience)
            return found
        except TimeoutError as error:
            raise _too_long(process) from error
        except (EOFError, OSError) as error:
            if forkserver is not self._process or forkserver is None or forkserver.poll() is not None:
                raise BusyError(_ENDED) from error  # with all that it forked, whatever they did
            raise _too_hard() from error
        except (BusyError, asyncio.CancelledError):
            _end(process)
            raise

    def _channel(self) -> socket.socket:
        """A channel to a new process."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            for _ in range(2):  # the one that there is may have ended unseen
                try:
                    socket.send_fds(self._started(), [b"T"], [theirs.fileno()])
                    return ours
                except OSError as error:
                    self.close()
                    reason = error
        ours.close()
        raise BusyError("no process can be started to read texts; try again in a moment") from reason

    def _started(self) -> socket.socket:
        if self._orders is None:
            self._orders, theirs = socket.socketpair()
            with theirs:
                command = python("kg.web.extraction_worker", str(theirs.fileno()), json.dumps(self._limits))
                one_thread = {"OPENBLAS_NUM_THREADS": "1"}  # a process with one thread can be forked
                with logged_stderr("a process that reads texts") as stderr:
                    self._process = subprocess.Popen(
                        command,
                        pass_fds=[theirs.fileno()],
                        stdin=subprocess.DEVNULL,
                        stderr=stderr,
                        env=os.environ | one_thread | {"RUST_BACKTRACE": "0"},
                    )
        return self._orders


async def _asked(channel: socket.socket, task: object) -> object:
    data = pickle.dumps(task)
    await asyncio.get_running_loop().sock_sendall(channel, LENGTH.pack(len(data)) + data)
    return await _received(channel)


async def _received(channel: socket.socket) -> Any:
    [length] = LENGTH.unpack(await _exactly(channel, LENGTH.size))
    return pickle.loads(await _exactly(channel, length))


async def _exactly(channel: socket.socket, size: int) -> bytes:
    loop, found = asyncio.get_running_loop(), bytearray()
    while len(found) < size:
        block = await loop.sock_recv(channel, min(size - len(found), 1 << 18))
        if not block:
            raise EOFError
        found += block
    return bytes(found)


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _too_long(process: int) -> KgError:
    """End a process that has had its time, whose fault that may not be."""
    worked = time_worked(process)
    _end(process)
    if worked is not None and worked < LIMITS.work / 2:
        return BusyError("the machine is too busy to read this; try again in a moment")
    return _too_hard()


def _too_hard() -> TooHardError:
    return TooHardError(
        f"this takes more than {LIMITS.work} s of a processor, or more memory than there is; "
        "send less at a time"
    )


def workers_of(app: FastAPI) -> ExtractionWorkers:
    """The workers of an application."""
    found: ExtractionWorkers = app.state.workers
    return found
