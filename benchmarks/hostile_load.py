"""What a normal client feels while others send hostile queries, uploads, and next to nothing very slowly.

    python -m benchmarks.hostile_load [--seconds 300] [--articles 300]

The server runs with its default settings. Prints latencies idle and under attack, what became of the hostile
requests, and memory, processes and descriptors before, during and after; ends with 1 if the p99 of a normal
client is ten times that of idle or more, a request of it fails, or something is left behind. All traffic
stays on the loopback interface and ends by itself; each client has an address of its own there.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.sparql_endpoint import PREFIXES, SMALL, Server, build, free_port, tool, wait_for

_TIMES = 10  # idle latencies that a p99 may reach
_REST = 120  # seconds in which memory has to be back
_PAUSE = 0.15  # seconds between two requests of the normal client
_MB = 1_000_000
_NUMBERS = count()


def _query() -> str:
    name = list(SMALL)[next(_NUMBERS) % len(SMALL)]
    return f"/sparql?{urlencode({'query': f'{PREFIXES}{SMALL[name]} # {next(_NUMBERS)}'})}"


NORMAL: dict[str, Callable[[], str]] = {
    "SPARQL": _query,
    "REST": lambda: "/api/v1/events?limit=5",
    "page": lambda: "/topics",
    "search": lambda: "/search?q=call",
}


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a server and its processes hold."""

    memory: int
    processes: int
    descriptors: int
    files: int

    @classmethod
    def of(cls, process: int, folder: Path) -> "Footprint":
        """Look now."""
        family = [process, *_descendants(process)]
        pages = sum(_resident(it) for it in family)
        descriptors = len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208  # they are no files
        return cls(pages * os.sysconf("SC_PAGE_SIZE"), len(family), descriptors, len([*folder.iterdir()]))


def _descendants(process: int) -> list[int]:
    try:
        children = [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    except OSError:
        return []
    return [it for child in children for it in (child, *_descendants(child))]


def _resident(process: int) -> int:
    """Pages that no other process shares."""
    try:
        fields = Path(f"/proc/{process}/statm").read_text().split()
    except OSError:
        return 0
    return int(fields[1]) - int(fields[2])


class Client:
    """Somebody who asks a little, again and again, over one connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self.failed: list[str] = []

    def ask(self, seconds: float) -> None:
        """Ask for so long."""
        end = time.monotonic() + seconds
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        while time.monotonic() < end:
            for kind, path in NORMAL.items():
                start = time.perf_counter()
                try:
                    connection.request("GET", path(), headers={"Accept-Encoding": "identity"})
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status != 200:
                        self.failed.append(f"{kind} {answer.status}")
                except (OSError, HTTPException) as error:
                    self.failed.append(f"{kind} {error!r}")
                    connection.close()
                self.taken[kind].append((time.perf_counter() - start) * 1000)
                time.sleep(_PAUSE)
        connection.close()


def _rank(taken: list[float], share: float) -> float:
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)]


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300, help="of attack; idle is measured for a fifth")
    parser.add_argument("--articles", type=int, default=300)
    chosen = parser.parse_args()
    os.environ.pop("KG_RATE_LIMIT", None)
    with tempfile.TemporaryDirectory() as name:
        folder, own = Path(name), Path(name) / "tmp"
        own.mkdir()
        build(folder, chosen.articles)
        port = free_port()
        command = [str(tool("kg")), "serve", "--store", f"oxigraph:{folder / 'store'}", "--port", str(port)]
        options = os.environ | {"TMPDIR": str(own), "KG_LOG_FORMAT": "json"}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, env=options)
        try:
            wait_for(Server("kg", port, "/sparql", process))
            good = measure(process, port, chosen.seconds, own)
        finally:
            process.terminate()
            process.wait(60)
        left = [it.name for it in own.iterdir()]
        print("left behind:", *left or ["nothing"])
        lines = (folder / "log").read_text(encoding="utf-8").splitlines()
        strange = [line for line in lines if not line.startswith("{") or '"level": "error"' in line]
        print(f"log: {len(lines)} lines, {len(strange)} of them no request")
        print(*(line[:500] for line in strange[:3]), sep="\n")
    return 0 if good and not left else 1


def measure(process: subprocess.Popen[bytes], port: int, seconds: float, own: Path) -> bool:
    """Idle, attacked, and afterwards; whether all is as it should be."""
    _warm(port)
    idle, attacked = Client(port), Client(port)
    idle.ask(max(seconds / 5, 10))
    before = Footprint.of(process.pid, own)
    attack = [sys.executable, "-m", "benchmarks.attackers", str(port), str(seconds)]
    peak = [before]
    with subprocess.Popen(attack, stdout=subprocess.PIPE) as attackers:
        watching = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, own, peak, watching))
        watcher.start()
        attacked.ask(seconds)
        told, _ = attackers.communicate(timeout=120)
        watching.set()
        watcher.join()
    after = _rested(process.pid, own, before)
    is_quick = _latencies(idle, attacked)
    for kind, ended in json.loads(told).items():
        print(f"hostile {kind:14}", "  ".join(f"{status}: {number}" for status, number in ended.items()))
    highest = max(peak, key=lambda it: it.memory)
    for name, found in (("before", before), ("peak", highest), ("after", after)):
        print(f"{name:7} {found.memory / _MB:6.0f} MB  {found.processes:3} processes  "
              f"{found.descriptors:4} descriptors  {found.files} temporary files")  # fmt: skip
    if attacked.failed or idle.failed:
        print("failed:", *idle.failed[:5], *attacked.failed[:10])
    return is_quick and not (attacked.failed or idle.failed) and _is_back(before, after)


def _warm(port: int) -> None:
    """Have everything read that is read once."""
    Client(port).ask(3)
    connection = HTTPConnection("127.0.0.1", port, timeout=180)
    text = "On May 9, 2024, Li Hui met with Antony Blinken. Tibet was not discussed."
    connection.request("POST", "/api/v1/extract", text.encode(), {"Content-Type": "text/plain"})
    assert connection.getresponse().status == 200
    connection.close()
    connection.request("GET", "/dumps/")  # they have a folder as long as the server runs
    connection.getresponse().read()
    connection.close()


def _watch(process: int, own: Path, peak: list[Footprint], over: threading.Event) -> None:
    while not over.wait(1):
        peak.append(Footprint.of(process, own))


def _rested(process: int, own: Path, before: Footprint) -> Footprint:
    end = time.monotonic() + _REST
    while not _is_back(before, found := Footprint.of(process, own)) and time.monotonic() < end:
        time.sleep(1)
    return found


def _is_back(before: Footprint, after: Footprint) -> bool:
    return (
        after.memory <= before.memory * 1.2 + 50 * _MB
        and after.processes <= before.processes + 1
        and after.descriptors <= before.descriptors + 5
        and after.files <= before.files + 1
    )


def _latencies(idle: Client, attacked: Client) -> bool:
    good = True
    for kind in NORMAL:
        usual, now = idle.taken[kind], attacked.taken[kind]
        times = _rank(now, 0.99) / _rank(usual, 0.99)
        good = good and times < _TIMES
        told = "   ".join(
            f"{when} p50 {_rank(taken, 0.5):6.1f}  p99 {_rank(taken, 0.99):6.1f} ms"
            for when, taken in (("idle", usual), ("attacked", now))
        )
        print(f"{kind:7} {told}   {times:4.1f} times")
    return good


if __name__ == "__main__":
    sys.exit(main())
