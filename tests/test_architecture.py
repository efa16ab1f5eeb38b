"""What holds the design together beyond the layers: who may use which library, names that stay, the wheel."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from click import Context

from kg.cli import cli
from kg.docs import layers
from kg.terms import KG

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kg"
TERMS = Path(__file__).parent / "golden" / "terms.txt"
# A library, and the modules that may import it: whoever swaps it has to look nowhere else.
AT_HOME = {
    "rdflib": "conflicts corpus docs dump evaluate graph ingest lexicon maintenance package_cache reason terms validate resolution",
    "pyoxigraph": "corpus docs dump query_pool lexicon queries reason store validate",
    "pyshacl": "validate",
    "owlrl": "reason",
    "spacy": "extract",
    "fastapi": "web",
    "starlette": "web",
    "click": "cli",
    "mcp": "mcp",
}


@cache
def trees() -> dict[Path, ast.Module]:
    """Each module of the package, parsed."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def imports() -> frozenset[tuple[str, str]]:
    """Each library with a package of ours that imports it."""
    found = set()
    for path, tree in trees().items():
        module = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found |= {(name.split(".")[0], module) for name in names}
    return frozenset(found)


@pytest.mark.parametrize("library", AT_HOME)
def test_library_is_used_where_it_is_at_home(library: str) -> None:
    strangers = {module for name, module in imports() if name == library} - set(AT_HOME[library].split())
    assert not strangers


def test_no_module_is_longer_than_one_can_read_at_a_sitting() -> None:
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in trees()}
    assert not {path.name: length for path, length in lengths.items() if length > 400}


# Longer than any other, each one decision over many kinds of words or mentions; they may not grow.
LONG_CLASSES = {"EventFinder": 360, "RoleFinder": 330, "kg.resolution.resolver.Resolver": 300}


def test_no_class_is_longer_than_one_holds_in_the_head() -> None:
    lengths = {
        (path, node.name): (node.end_lineno or 0) - node.lineno + 1
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    for (path, name), length in lengths.items():
        full = ".".join((*path.relative_to(ROOT).with_suffix("").parts, name))
        assert length <= LONG_CLASSES.get(name, LONG_CLASSES.get(full, 260)), full


def test_no_leaf_class_is_named_outside_terms_and_extraction() -> None:
    """A new kind of action or exchange is data: the ontology, a shape, a rule file, a question."""
    leaves = {"TariffAction", "ExportControl", "Sanction", "TradeTalk"}
    for path, tree in trees().items():
        if path.name != "terms.py" and "extract" not in path.parts:
            named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert not named & leaves, path


def test_no_term_of_the_ontology_is_lost_golden() -> None:
    """Saved queries and dumps name these; one that is no longer wanted is deprecated, not deleted."""
    now = "".join(f"{name}\n" for name in sorted(KG.__annotations__))
    if os.environ.get("GOLDEN") == "write":
        TERMS.write_text(now, encoding="utf-8")
    assert set(TERMS.read_text(encoding="utf-8").split()) <= set(now.split())
    assert now == TERMS.read_text(encoding="utf-8"), "a new term: run `make golden`"


def test_wheel_brings_all_it_needs(tmp_path: Path) -> None:
    """Built, unpacked alone, and run from elsewhere: the folders of the checkout are inside."""
    run = {"check": True, "capture_output": True, "text": True}
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, **run)  # type: ignore[call-overload]
    [wheel] = tmp_path.glob("*.whl")
    place = tmp_path / "site"
    unpack = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(place)]
    subprocess.run(unpack, **run)  # type: ignore[call-overload]
    asked = "import kg, sys; print(kg.__file__); from kg import queries, resources; print(resources.folder('shapes'));"
    asked += "print(len(queries.catalogue()))"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(place)}, **run
    )  # type: ignore[call-overload]
    module, shapes, questions = told.stdout.split()
    assert module.startswith(str(place))
    assert shapes.startswith(str(place))
    assert int(questions) > 25


def test_no_arrow_of_the_drawing_runs_up() -> None:
    depth = {name: number for number, row in enumerate(layers.layers()) for name in row}
    drawn = layers.direct(layers.imports())
    assert set(depth) == {name for edge in layers.imports() for name in edge}
    assert not {edge for edge in drawn if depth[edge[0]] >= depth[edge[1]]}


def test_what_the_drawing_leaves_out_follows_from_what_it_shows() -> None:
    edges = {("web", "views"), ("views", "store"), ("web", "store"), ("web", "errors"), ("store", "errors")}
    assert layers.direct(edges) == {("web", "views"), ("views", "store"), ("store", "errors")}


def test_architecture_page_names_what_is_there() -> None:
    """Each path on the page is one of the repository, and each package has its place on it."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w.]+/[\w./]*|\.\w+)`", page))
    roots = (ROOT, PACKAGE / "extract", PACKAGE / "web")
    assert not {path for path in named if not any((root / path).exists() for root in roots)}
    parts = {path.name for path in (PACKAGE / "web").iterdir() if (path / "__init__.py").exists()}
    assert not {part for part in parts if f"`{part}/`" not in page}


def defined_in(path: str) -> set[str]:
    """The names of a module."""
    tree = trees()[ROOT / path]
    found = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    targets = [
        target
        for it in tree.body
        if isinstance(it, ast.Assign | ast.AnnAssign)
        for target in (it.targets if isinstance(it, ast.Assign) else [it.target])
    ]
    return found | {target.id for target in targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize(("page", "most"), [("architecture.md", 15), ("tasks.md", 9)])
def test_look_ups_of_a_page_lead_to_what_they_name(page: str, most: int) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"`(kg/[\w/]+\.py)` \(((?:`\w+`(?:, )?)+)\)", text)
    assert len(found) >= most
    for path, names in found:
        assert set(re.findall(r"`(\w+)`", names)) <= defined_in(path), path


def test_ten_tasks_begin_at_rows_of_the_architecture_page() -> None:
    tasks = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^\d+\. \*\*", tasks, re.MULTILINE)) == 10
    rows = re.findall(r"(?:“Where to touch”|“Where is it\?”), “([^”]+)”", tasks)
    assert len(rows) >= 7
    assert not {row for row in rows if f"| {row} |" not in page}
    commands = set(re.findall(r"`kg ([a-z-]+)", tasks))
    assert commands <= set(cli.list_commands(Context(cli)))


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], ids=lambda it: it.name)
def test_paths_and_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:kg|docs|tests|scripts|benchmarks|shapes|queries)/[\w./-]+\w/?)`", text)
    assert not {path for path in named if not (ROOT / path).exists()}
    links = {it for it in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in it}
    assert not {it for it in links if not (page.parent / it).exists()}
