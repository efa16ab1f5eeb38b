"""What the README shows works as it is shown there, on the documents that ship, and gives something."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from distributed import LocalCluster

from kg.cli import COMMANDS, cli
from kg.settings import settings
from tests.conftest import SEEDS, copied
from tests.stores.engines import oxigraph_server
from tests.web.conftest import TOKEN, Site, serving

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
SHOWN = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SHELL = [line for block in re.findall(r"^```sh\n(.*?)^```", SHOWN, re.MULTILINE | re.DOTALL)
         for line in block.splitlines()]  # fmt: skip
KG = [line for line in SHELL if line.startswith(("kg ", ".venv/bin/kg ", "KG_STORE="))]
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
    assert len(KG) > 15


def test_every_line_of_a_shell_is_of_a_kind_that_is_tried() -> None:
    kinds = ("curl ", "kg ", "make ", "KG_STORE=", ".venv/bin/kg ", ".venv/bin/pytest ")
    assert not [line for line in SHELL if not line.startswith(kinds)]


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("make ")])
def test_target_of_make_is_there(line: str) -> None:
    subprocess.run(["make", "--dry-run", *shlex.split(line, comments=True)[1:]], cwd=ROOT, check=True,
                   capture_output=True)  # fmt: skip


def test_lines_of_pytest_find_tests() -> None:
    lines = [shlex.split(line, comments=True)[1:] for line in SHELL if line.startswith(".venv/bin/pytest ")]
    words = dict.fromkeys(word for line in lines for word in line if word not in ("-n", "auto"))
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *words]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "tests/test_dates.py::" in found


@dataclass(frozen=True)
class Shell:
    """Runs lines as they are shown, with names of this machine in the place of those of others."""

    here: Mapping[str, str]

    def run(self, line: str) -> Result:
        for shown, name in self.here.items():
            line = line.replace(shown, name)
        given, *words = shlex.split(line, comments=True)
        environment = dict([given.split("=", 1)]) if "=" in given else {}
        settings.cache_clear()
        return CliRunner().invoke(cli, words[1:] if environment else words, env=environment)


@pytest.fixture(scope="module")
def shell(seeded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A folder with what the lines name: the seeds, a store, a corpus, and what stands for other machines."""
    folder = tmp_path_factory.mktemp("shell")
    for name in ("seeds", "tests"):
        (folder / name).symlink_to(ROOT / name)
    corpora = {"~/corpus": folder / "corpus", "s3://bucket/news": folder / "bucket" / "news"}
    for corpus in corpora.values():
        corpus.mkdir(parents=True)
        (corpus / f"{corpus.name}.txt").write_text("The two sides met in Geneva on May 11, 2025.")
    with (
        oxigraph_server(folder) as server,
        LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.chdir(folder)
        patched.setenv("KG_STORE", copied(seeded, folder))
        yield Shell(
            {
                **{name: str(path) for name, path in corpora.items()},
                "s3://bucket": f"file://{folder / 'bucket'}",
                "tcp://head:8786": cluster.scheduler_address,
                "sparql+http://127.0.0.1:7878": f"sparql+{server.access.address}",
            }
        )
    settings.cache_clear()


@pytest.mark.parametrize("line", KG)
def test_line_of_kg_works(shell: Shell, line: str) -> None:
    for command in line.removeprefix(".venv/bin/").split(" && "):
        done = shell.run(command)
        assert done.exit_code == 0, done.output
        assert done.output


def test_every_command_has_its_row() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `kg"))
    named = set(re.findall(r"`kg ([a-z-]+)", rows)) | set(
        re.findall(r"`kg ([a-z-]+)", page.partition("|")[0])
    )
    assert named >= COMMANDS.keys() - {"docs"}


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_commands_and_targets_that_a_page_names_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not set(re.findall(r"`kg ([a-z][a-z-]+)", text)) - COMMANDS.keys()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert not {word for line in re.findall(r"`make ([a-z ]+)`", text) for word in line.split()} - targets


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
