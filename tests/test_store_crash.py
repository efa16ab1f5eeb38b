"""A loading process that is killed at any moment leaves whole documents, and a store that opens."""

import random
import subprocess
import sys
import time
from pathlib import Path

from kg.store import Store, open_store
from kg.terms import document_graph, inferred_graph

DOCUMENTS = ["a", "b", "c", "d"]
KILLS = 8

LOADER = """
import sys
from kg.store import open_store
from tests_generations import DOCUMENTS, generation

url, number = sys.argv[1], int(sys.argv[2])
print("ready", flush=True)
while True:
    with open_store(url, write=True) as store:
        for _ in range(5):
            number += 1
            for position, document in enumerate(DOCUMENTS):
                if (number + position) % 7 == 0:
                    store.delete(document)
                else:
                    store.replace(document, generation(document, number))
            print(number, flush=True)
            if number % 3 == 0:
                store.checkpoint()
"""


def generation(document: str, number: int) -> dict[str, bytes]:
    """Graphs whose every triple tells the generation; some triples are shared by documents."""
    said = [line(f"{document}/{fact}", number) for fact in range(60)]
    shared = [line(f"shared/{fact}", number // 2) for fact in range(5)]
    inferred = [line(f"{document}/inferred/{fact}", number) for fact in range(20)]
    return {
        str(document_graph(document)): "".join(said + shared).encode(),
        str(inferred_graph(document)): "".join(inferred + shared).encode(),
    }


def line(subject: str, number: int) -> str:
    return f"<http://example.org/{subject}> <http://example.org/generation> <http://example.org/{number}> .\n"


def newest_generation(store: Store, document: str) -> int:
    """The generation that a document is in, 0 if it is not there."""
    numbers = [
        int(row.rsplit(b"/", 1)[1].split(b">")[0])
        for row in store.lines(str(document_graph(document)))
        if b"/shared/" not in row
    ]
    return max(numbers, default=0)


def assert_whole(store: Store) -> int:
    """Every document is exactly one generation of itself, and the union is exactly theirs."""
    expected: set[bytes] = set()
    generations = {document: newest_generation(store, document) for document in DOCUMENTS}
    for document, number in generations.items():
        wanted = generation(document, number) if number else {}
        for graph in (str(document_graph(document)), str(inferred_graph(document))):
            rows = set(wanted.get(graph, b"").splitlines(keepends=True))
            assert set(store.lines(graph)) == rows
            expected |= rows
    union = list(store.lines())
    assert len(union) == len(set(union))
    assert set(union) == expected
    return max(generations.values())


def kill_a_loader(script: Path, url: str, number: int, finished: int, delay: float) -> None:
    """Let a loader finish some generations, then kill it a while later."""
    with subprocess.Popen(
        [sys.executable, script, url, str(number)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"ready\n"
        assert [int(process.stdout.readline()) for _ in range(finished)] == [
            number + further for further in range(1, finished + 1)
        ]
        time.sleep(delay)
        process.kill()
        assert process.stderr.read() == b""


def test_killed_loader_leaves_whole_documents(tmp_path: Path) -> None:
    moments = random.Random(5)
    url = f"oxigraph:{tmp_path}/store"
    script = tmp_path / "loader.py"
    script.write_text(LOADER)
    (tmp_path / "tests_generations.py").write_text(Path(__file__).read_text())
    number = 0
    with open_store(url, write=True):
        pass
    for kill in range(KILLS):
        kill_a_loader(script, url, number, kill % 3, moments.uniform(0, 0.3))
        if kill % 2:  # a reader may come first, or the next writer
            with open_store(url) as reader:
                assert_whole(reader)
        with open_store(url, write=True) as writer:
            seen = assert_whole(writer)
            assert seen >= number - len(DOCUMENTS)
        number = max(number, seen)
        with open_store(url) as reader:
            assert assert_whole(reader) == seen
    assert number >= sum(kill % 3 for kill in range(KILLS))
