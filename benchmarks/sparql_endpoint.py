"""Measures the endpoint beside a bare Oxigraph server and rdflib-endpoint, on the same data in the same run.

    pip install oxigraph rdflib-endpoint      (and wrk, from the system's packages, for the throughput)
    python benchmarks/sparql_endpoint.py [--articles 1000] [--rounds 80] [--hostile 20]

Prints a table of latencies, the throughput of eight connections, and what a client with small questions feels
while others send hostile ones. Ours keeps short answers until the store changes, so each is measured twice:
“new”, with a text that nobody sent before, and “again”. All traffic stays on the loopback interface and ends
by itself.
"""

import argparse
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from socket import create_server
from urllib.parse import urlencode

from kg.store import open_store
from kg.store.directory import StoreDirectory

PREFIXES = """PREFIX kg: <https://w3id.org/uschina-kg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
ID, KG = "https://w3id.org/uschina-kg/id/", "https://w3id.org/uschina-kg/ontology#"
XSD, RDF, OA = (
    "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/ns/oa#",
)
SMALL = {
    "trivial": "ASK { }",
    "excluded": f"""SELECT ?topic ?quote WHERE {{ VALUES ?call {{ <{ID}call/7> }}
        ?call kg:excludedTopic ?topic .
        ?fact rdf:subject ?call ; rdf:object ?topic ; kg:evidence/oa:exact ?quote }}""",
    "entity": f"SELECT ?p ?o WHERE {{ <{ID}call/7> ?p ?o }}",
    "claims": f"SELECT ?fact ?day WHERE {{ ?fact kg:claimant <{ID}person/3> ; kg:reportedIn ?doc . "
    "?doc kg:date ?day } LIMIT 50",
}
LARGE = {
    "count": """SELECT ?topic (COUNT(?fact) AS ?n) WHERE { ?fact rdf:object ?topic ; kg:claimant ?who ;
        kg:evidence ?e . ?e oa:exact ?q } GROUP BY ?topic ORDER BY DESC(?n)""",
    "sorted": "SELECT ?e ?q WHERE { ?e oa:exact ?q } ORDER BY DESC(?q) LIMIT 10",
}
NUMBERS = count()
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) WHERE { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * WHERE { ?a (!<x:a>|^!<x:b>)+ ?b . ?b (!<x:a>|^!<x:b>)+ ?c }",
    'SELECT * WHERE { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a|b|ab)*(x+x+)+y")) }',
    "SELECT DISTINCT ?a ?d ?g WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]


def n_triples(number: int) -> str:
    """What one made-up article says: a call, the facts about it, their evidence."""
    day, call, doc = (
        f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
        f"<{ID}call/{number % 700}>",
        f"<{ID}document/{number}>",
    )
    date = f'"{day}"^^<{XSD}date>'
    lines = [
        f"{call} <{RDF}type> <{KG}Call> .",
        f"{call} <{KG}date> {date} .",
        f"{doc} <{RDF}type> <{KG}Article> .",
        f"{doc} <{KG}date> {date} .",
    ]
    for part in range(20):
        fact, evidence = f"<{ID}fact/{number}-{part}>", f"<{ID}evidence/{number}-{part}>"
        topic, predicate = (
            f"<{ID}topic/{(number * 7 + part * 13) % 300}>",
            "excludedTopic" if part % 4 == 0 else "discussedTopic",
        )
        lines += [
            f"{call} <{KG}{predicate}> {topic} .",
            f"{fact} <{RDF}type> <{KG}Fact> .",
            f"{fact} <{RDF}subject> {call} .",
            f"{fact} <{RDF}predicate> <{KG}{predicate}> .",
            f"{fact} <{RDF}object> {topic} .",
            f"{fact} <{KG}reportedIn> {doc} .",
            f"{fact} <{KG}claimant> <{ID}person/{(number + part) % 200}> .",
            f"{fact} <{KG}evidence> {evidence} .",
            f"{evidence} <{RDF}type> <{KG}Evidence> .",
            f"{evidence} <{OA}start> \"{part * 100}\"^^<{XSD}integer> .",
            f"{evidence} <{OA}exact> \"Sentence {part} of article {number}, as long as in the news.\" .",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def build(folder: Path, articles: int) -> Path:
    """A store of made-up articles, and the same as a file; the folder of the store's checkpoint."""
    graphs = {
        f"https://w3id.org/uschina-kg/graph/document/{n}": n_triples(n).encode() for n in range(articles)
    }
    with open_store(f"oxigraph:{folder / 'store'}", write=True) as store:
        store.replace_graphs(graphs)
    (folder / "data.nt").write_bytes(b"".join(graphs.values()))
    checkpoint = StoreDirectory(folder / "store").newest()
    assert checkpoint is not None
    return checkpoint


def free_port() -> int:
    """A port that nobody listens on."""
    with create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(name: str, command: list[str], port: int, path: str) -> Iterator[Server]:
    """A server that runs until the block ends."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        server = Server(name, port, path, process)
        wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def wait_for(server: Server) -> None:
    """Return when the server answers."""
    for _ in range(600):
        try:
            ask(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), server.path, "ASK { }")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{server.name} does not answer")


def ask(connection: http.client.HTTPConnection, path: str, query: str, **fields: str) -> tuple[int, bytes]:
    """Status and body of one query."""
    address = f"{path}?{urlencode({'query': PREFIXES + query, **fields})}"
    connection.request("GET", address, headers={"Accept": "application/sparql-results+json"})
    response = connection.getresponse()
    return response.status, response.read()


def latencies(servers: list[Server], query: str, rounds: int, *, new: bool) -> dict[str, list[float]]:
    """Milliseconds of each server, which take turns so that all feel the same weather.

    With `new`, each query has a number in a comment, so that no server can know its answer.
    """
    connections = {s.name: http.client.HTTPConnection("127.0.0.1", s.port, timeout=600) for s in servers}
    taken: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(rounds + 3):
        for server in servers:
            start = time.perf_counter()
            text = f"{query}\n# {next(NUMBERS)}" if new else query
            status, _ = ask(connections[server.name], server.path, text)
            assert status == 200, (server.name, status)
            if number >= 3:
                taken[server.name].append((time.perf_counter() - start) * 1000)
    return taken


def percentile(values: list[float], share: float) -> float:
    """The value that a share of all stay under."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def throughput(server: Server, seconds: int, *, new: bool) -> float:
    """Requests a second over eight connections."""
    query = urlencode({"query": PREFIXES + SMALL["entity"]})
    script = Path(__file__).with_name("numbered.lua")
    done = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "-H", "Accept: application/sparql-results+json",
         *(["-s", str(script)] if new else []), f"http://127.0.0.1:{server.port}{server.path}?{query}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise SystemExit(f"{server.name}: {done.stdout}")
    return float(found[1])


def compare(servers: list[Server], queries: dict[str, str], rounds: int) -> None:
    """Print p50 and p99 of each query, and how many times as long as the first server each takes."""
    for name, query in queries.items():
        for new in (True, False):
            taken = latencies(servers, query, rounds, new=new)
            base = statistics.median(taken[servers[0].name])
            cells = [_cell(server, taken[server.name], base) for server in servers]
            print(f"{name:10} {'new  ' if new else 'again'} " + "   ".join(cells), flush=True)


def _cell(server: Server, taken: list[float], base: float) -> str:
    middle = statistics.median(taken)
    return f"{server.name} {middle:8.2f} / {percentile(taken, 0.99):8.2f} ({middle / base:5.2f}x)"


def memory(server: Server) -> float:
    """Megabytes that the server and its children occupy."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    family = {server.process.pid}
    for _ in range(4):
        family |= {pid for pid, parent, _ in rows if parent in family}
    return sum(rss for pid, _, rss in rows if pid in family) / 1024


def normal_client(server: Server, until: Callable[[], bool]) -> list[float]:
    """Milliseconds of small questions asked one after another, with a short pause between."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    taken = []
    while not until():
        for query in SMALL.values():
            start = time.perf_counter()
            status, _ = ask(connection, server.path, f"{query}\n# {next(NUMBERS)}")
            assert status == 200, status
            taken.append((time.perf_counter() - start) * 1000)
            time.sleep(0.002)
    return taken


def hostile_mix(server: Server, seconds: float, deadline: float) -> None:
    """Print what a normal client feels while eight others send hostile queries."""
    before, end = memory(server), time.monotonic() + seconds
    idle = normal_client(server, lambda: time.monotonic() > end)
    end = time.monotonic() + seconds
    ends: list[tuple[int, float]] = []

    def attack(number: int) -> None:
        while time.monotonic() < end:
            number, start = number + 1, time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=deadline * 20)
            status, _ = ask(connection, server.path, HOSTILE[number % len(HOSTILE)], timeout=str(deadline))
            ends.append((status, time.monotonic() - start))

    attackers = [threading.Thread(target=attack, args=(number,)) for number in range(8)]
    for thread in attackers:
        thread.start()
    busy = normal_client(server, lambda: time.monotonic() > end)
    for thread in attackers:
        thread.join()
    time.sleep(1)
    tell(idle, busy, ends, deadline)
    print(f"memory: {before:.0f} MB before, {memory(server):.0f} MB after")


def tell(idle: list[float], busy: list[float], ends: list[tuple[int, float]], deadline: float) -> None:
    """Print what became of both sides."""
    for name, taken in (("idle", idle), ("attacked", busy)):
        middle, late = statistics.median(taken), percentile(taken, 0.99)
        print(f"normal client, {name}: p50 {middle:.2f} ms, p99 {late:.2f} ms (n={len(taken)})")
    print(f"p99 times {percentile(busy, 0.99) / percentile(idle, 0.99):.1f}")
    statuses = {status: sum(one == status for one, _ in ends) for status in sorted({one for one, _ in ends})}
    longest = max(took for _, took in ends)
    print(f"hostile: {len(ends)} queries, by status {statuses}, longest {longest:.2f} s of {deadline:g} s")


def tool(name: str) -> str | None:
    """A program beside this Python, or anywhere."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=80)
    parser.add_argument("--hostile", type=float, default=20, help="seconds; 0 leaves it out")
    parser.add_argument("--deadline", type=float, default=2)
    parser.add_argument("--rdflib-rounds", type=int, default=10, help="0 leaves rdflib-endpoint out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        measure(Path(name), chosen, stack)


def measure(folder: Path, chosen: argparse.Namespace, stack: ExitStack) -> None:
    """Start the servers and print the tables."""
    checkpoint = build(folder, chosen.articles)
    os.environ |= {"KG_LOG_FORMAT": "off", "KG_RATE_LIMIT": "0"}
    oxigraph, kg, port = tool("oxigraph"), str(tool("kg")), free_port()
    command = [kg, "serve", "--store", f"oxigraph:{folder / 'store'}", "--port", str(port)]
    ours = stack.enter_context(serving("kg", command, port, "/sparql"))
    servers = [ours]
    if oxigraph:
        port = free_port()
        command = [oxigraph, "serve-read-only", "--location", str(checkpoint), "--bind", f"127.0.0.1:{port}"]
        servers.insert(0, stack.enter_context(serving("oxigraph", command, port, "/query")))
    print("p50 / p99 in ms (times the p50 of the first)")
    compare(servers, SMALL, chosen.rounds * 5)
    compare(servers, LARGE, chosen.rounds // 4)
    if tool("wrk"):
        for server, new in product(servers * 2, (True, False)):
            number, which = throughput(server, 5, new=new), "new" if new else "again"
            print(f"throughput {server.name:10} {which:5} {number:8.0f} requests/s", flush=True)
    if chosen.hostile:
        hostile_mix(ours, chosen.hostile, chosen.deadline)
    if chosen.rdflib_rounds and (endpoint := tool("rdflib-endpoint")):
        port = free_port()
        command = [endpoint, "serve", str(folder / "data.nt"), "--port", str(port), "--host", "127.0.0.1"]
        other = stack.enter_context(serving("rdflib", command, port, "/"))
        compare([ours, other], {**SMALL, **LARGE}, chosen.rdflib_rounds)


if __name__ == "__main__":
    main()
