"""The drawing of the layers: each package in its row, and what it imports below."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from configparser import ConfigParser
from html import escape

from kg.resources import PACKAGE

_CONTRACT = "importlinter:contract:layers"
_WIDTH, _ROW, _BOX, _TOP = 1180, 74, 26, 44
_LETTER = 7.3  # width of a letter of the boxes

Edge = tuple[str, str]


def layers() -> list[list[str]]:
    """The rows of the contract in `.importlinter`, the highest first."""
    contract = ConfigParser()
    contract.read_string((PACKAGE.parent / ".importlinter").read_text(encoding="utf-8"))
    rows = contract[_CONTRACT]["layers"].strip().splitlines()
    return [[name.strip() for name in row.split("|")] for row in rows]


def imports() -> set[Edge]:
    """Which package of `kg` imports which other, as the sources say."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        importer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if importer.startswith("__"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {(importer, name) for name in _imported(node) if name != importer}
    names = {name for row in layers() for name in row}
    return {edge for edge in found if edge[1] in names}


def direct(edges: Iterable[Edge]) -> set[Edge]:
    """The edges that no longer way replaces: what they leave out follows from them."""
    below: dict[str, set[str]] = {}
    for importer, imported in edges:
        below.setdefault(importer, set()).add(imported)
    reached = {name: _reached(name, below) for name in below}
    return {
        (importer, imported)
        for importer, names in below.items()
        for imported in names
        if not any(imported in reached.get(other, ()) for other in names - {imported})
    }


def drawing() -> str:
    """The drawing as SVG."""
    rows, edges = layers(), direct(imports())
    place = _places(_untangled(rows, edges))
    height = _TOP + _ROW * len(rows)
    lines = "".join(_line(place[importer], place[imported]) for importer, imported in sorted(edges))
    boxes = "".join(_box(name, *place[name]) for row in rows for name in row)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">\n'
        "<title>The packages of kg in their layers; each line leads down to what a package imports</title>\n"
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 1L7 4L0 7z" fill="#5b667a"/></marker>\n'
        f'<g fill="none" stroke="#8a94a6">\n{lines}</g>\n'
        f'<g fill="#f3f6fb" stroke="#33415c">\n{boxes}</g>\n</svg>\n'
    )


def _imported(node: ast.AST) -> list[str]:
    """The packages of `kg` that a statement imports."""
    if isinstance(node, ast.ImportFrom) and node.module:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    elif isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        names = []
    return [name.split(".")[1] for name in names if name.startswith("kg.")]


def _reached(name: str, below: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = below.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _untangled(rows: Sequence[Sequence[str]], edges: Iterable[Edge]) -> list[list[str]]:
    """The rows with each package near the middle of those that import it, so that few lines cross."""
    importers: dict[str, list[str]] = {}
    for importer, imported in edges:
        importers.setdefault(imported, []).append(importer)
    at: dict[str, float] = {}
    ordered = []
    for row in rows:
        middles = {
            name: sum(at[it] for it in above) / len(above) if (above := importers.get(name)) else 0.5
            for name in row
        }
        ordered.append(sorted(row, key=lambda name: (middles[name], name)))
        at |= {name: (number + 0.5) / len(row) for number, name in enumerate(ordered[-1])}
    return ordered


def _places(rows: Sequence[Sequence[str]]) -> dict[str, tuple[int, int, int]]:
    """Of each package the middle of its box, its upper edge and its width."""
    return {
        name: (
            round(_WIDTH * (number + 0.5) / len(row)),
            _TOP // 2 + _ROW * depth,
            round(_LETTER * len(name)) + 18,
        )
        for depth, row in enumerate(rows)
        for number, name in enumerate(row)
    }


def _line(start: tuple[int, int, int], end: tuple[int, int, int]) -> str:
    (x1, y1), (x2, y2) = (start[0], start[1] + _BOX), end[:2]
    bend = (y2 - y1) // 2
    curve = f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"
    return f'<path d="{curve}" marker-end="url(#head)"/>\n'


def _box(name: str, middle: int, top: int, width: int) -> str:
    frame = f'<rect x="{middle - width // 2}" y="{top}" width="{width}" height="{_BOX}" rx="4"/>'
    text = f'<text x="{middle}" y="{top + 17}" text-anchor="middle" fill="#1b2433" stroke="none">'
    return f"{frame}{text}{escape(name)}</text>\n"
