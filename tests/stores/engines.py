"""The engines that every store test runs against; each is started once and emptied before each test."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import requests

from kg.store import Store
from kg.store.http_client import ServerAccess
from kg.store.remote import RemoteStore
from kg.store.remote_graphs import RemoteGraphs

KINDS = ["memory", "disk", "oxigraph", "virtuoso"]
_PATIENCE = 60  # seconds that an engine may take to start
_VIRTUOSO_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {rows}
{bounds}
[Client]
"""


class MissingEngineError(Exception):
    """An engine is not installed here."""


@dataclass(frozen=True)
class Server:
    """A server under test, how to get in, and its process."""

    access: ServerAccess
    pid: int

    def empty(self) -> None:
        """Remove all that an earlier test left, graph by graph rather than triple by triple."""
        with RemoteStore(self.access, write=True) as store, closing(RemoteGraphs(self.access)) as server:
            for graph in store.graphs():
                server.update(f"CLEAR SILENT GRAPH <{graph}>")
            union = server.dialect.union
            server.update("CLEAR SILENT DEFAULT" if union is None else f"CLEAR SILENT GRAPH <{union}>")
            if left := [*islice(store.lines(), 3)]:
                raise RuntimeError(f"the union still holds {left}")

    def open(self, *, write: bool = True) -> Store:
        return RemoteStore(self.access, write=write)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def oxigraph_server(
    folder: Path, *, location: Path | None = None, seconds: int | None = None
) -> Iterator[Server]:
    """Oxigraph's own server, in memory or only reading what lies in a folder.

    Args:
        folder: For what it prints.
        location: Where an Oxigraph store lies.
        seconds: That a query may take; without it, any.
    """
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        raise MissingEngineError("the oxigraph server is not installed: make test")
    port = free_port()
    mode = ["serve"] if location is None else ["serve-read-only", "--location", str(location)]
    bounds = [] if seconds is None else ["--timeout-s", str(seconds)]
    command = [program, *mode, "--bind", f"127.0.0.1:{port}", *bounds]
    with _running(command, folder, f"http://127.0.0.1:{port}/") as pid:
        yield Server(ServerAccess(f"http://127.0.0.1:{port}"), pid)


@contextmanager
def virtuoso_server(
    folder: Path, *, rows: int = 1_000_000, buffers: int = 10_000, seconds: int | None = None
) -> Iterator[Server]:
    """OpenLink Virtuoso with an empty database.

    Args:
        folder: Where it keeps everything.
        rows: That it gives at most.
        buffers: Pages of 8 kB that it holds in memory.
        seconds: That a query may take; without it, any.
    """
    program = shutil.which("virtuoso-t")
    if program is None:
        raise MissingEngineError("Virtuoso is not installed: make engines")
    port = free_port()
    ini = folder / "virtuoso.ini"
    bounds = "" if seconds is None else f"MaxQueryExecutionTime = {seconds}"
    sizes = {"rows": rows, "buffers": buffers, "dirty": buffers * 6 // 10, "bounds": bounds}
    ini.write_text(_VIRTUOSO_INI.format(folder=folder, sql=free_port(), http=port, **sizes))
    command = [program, "+foreground", "+configfile", str(ini)]
    with _running(command, folder, f"http://127.0.0.1:{port}/sparql") as pid:
        yield Server(ServerAccess(f"http://127.0.0.1:{port}", user="dba", password="dba"), pid)


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[int]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            _await(process, address)
            yield process.pid
        finally:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            requests.get(address, timeout=5).close()
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"no answer from {address}")


SERVERS = {"oxigraph": oxigraph_server, "virtuoso": virtuoso_server}
