"""What the README shows works as it is shown there, on the documents that ship, and gives something."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import SEEDS
from tests.web.conftest import TOKEN, Site, serving

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CURL = re.findall(r"^curl .*$", README, re.MULTILINE)
CONSOLE = re.findall(r"^\$ \.venv/bin/kg (.*)\n((?:.+\n)+)", README, re.MULTILINE)
PYTHON = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LISTS = ("items", "rows", "statements")


@pytest.fixture(scope="module")
def seeded(stored: Callable[..., str]) -> str:
    """The store that `make run` makes."""
    return stored(*SEEDS)


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[Site]:
    with serving(seeded, write_token=TOKEN) as site:
        yield site


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("line", CURL)
def test_curl_line_gives_something(server: Site, line: str) -> None:
    command = line.replace("http://127.0.0.1:8000", server.address).replace("curl ", "curl -sS --fail ", 1)
    ended = subprocess.run(["sh", "-c", command], capture_output=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert tells(ended.stdout.decode())


def tells(answer: str) -> bool:
    """Whether an answer in JSON, Turtle or CSV has anything in it."""
    if answer.startswith("{"):
        told = json.loads(answer)
        return bool(
            told["results"]["bindings"] if "results" in told else next(told[it] for it in LISTS if it in told)
        )
    if answer.startswith("@prefix"):
        return any(True for _ in ox.parse(answer, ox.RdfFormat.TURTLE))
    return answer == "true" or len(answer.splitlines()) > 1


def test_shell_and_endpoint_are_shown() -> None:
    assert any("/sparql" in line for line in CURL)
    assert any("/api/v1/extract" in line for line in CURL)
    assert CONSOLE
    assert PYTHON


@pytest.mark.parametrize(("arguments", "shown"), CONSOLE)
def test_command_prints_what_is_shown(seeded: str, arguments: str, shown: str) -> None:
    words = [sys.executable, "-m", "kg", *arguments.split()]
    environment = {**os.environ, "KG_STORE": seeded, "COLUMNS": "400"}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True, env=environment)
    assert done.stdout.split() == shown.removesuffix("```\n").split()


@pytest.mark.parametrize("block", PYTHON)
def test_lines_of_python_give_something(seeded: str, block: str) -> None:
    lines = [f"assert len({line})" if line.startswith("graph.") else line for line in block.splitlines()]
    environment = {**os.environ, "KG_STORE": seeded}
    subprocess.run([sys.executable, "-c", "\n".join(lines)], timeout=120, check=True, env=environment)
