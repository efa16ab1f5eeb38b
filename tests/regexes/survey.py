"""Run in a process of its own: prints each pattern of the package that is not linear, with a text that shows it.

Whatever the package compiles while its modules are imported, its rules are read, and a few documents and
questions are gone through is written down, wherever it stands: in a module, a table, or a rule.
"""

import importlib
import json
import linecache
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from tests.regexes.attack import repetitive, slow_on

__all__ = ["main"]

_compile = re._compile  # type: ignore[attr-defined]  # which all functions of `re` go through
_ANCHORED = {"match", "fullmatch"}
_BY_POSITION = (
    "kg.query_pool.static_checks",
    "kg.validate.datatypes",
)  # from tables, but always at a given position
_found: dict[re.Pattern[str], tuple[str, set[str]]] = {}
_texts_by_package: dict[str, str] = {}


def main(package: str, *others: str) -> None:
    """Survey modules by the beginnings of their names."""
    re._compile = _recorded  # type: ignore[attr-defined]
    import kg

    for found in pkgutil.walk_packages(kg.__path__, "kg."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    _use_everything()
    re._compile = _compile  # type: ignore[attr-defined]
    wanted = (package, *others)
    slow = []
    for pattern, (where, methods) in sorted(_found.items(), key=lambda it: it[1][0]):
        if where.startswith(wanted) and isinstance(pattern.pattern, str):
            methods = _ANCHORED if where.startswith(_BY_POSITION) else methods
            if (text := next(_slow(pattern, methods), None)) is not None:
                slow.append([where, pattern.pattern, text])
    print(json.dumps({"patterns": len(_found), "slow": slow}))


def _use_everything() -> None:
    """Read and ask a little, so that what is compiled on demand is compiled."""
    from kg import package_cache
    from kg.ingest import Pipeline
    from kg.model import Document
    from kg.read import read_bytes

    package_cache._folder = lambda: None  # or rules would come compiled from an earlier process
    english = (
        "BEIJING, May 12 (Xinhua) -- On May 9, 2024, Li Hui met with Antony Blinken. Tibet was not discussed."
    )
    chinese = "2024年5月9日，中国外长王毅会见美国国务卿布林肯。双方没有讨论台湾问题。"
    page = f"<html lang=en><body><article><h1>Talks</h1><p>{english}</p></article></body></html>"
    inputs = {"a.txt": english, "b.txt": chinese, "c.md": f"---\ntitle: X\n---\n{english}", "d.html": page}
    documents = [
        found for name, text in inputs.items() for found in read_bytes(text.encode(), name, max_bytes=10_000)
    ]
    spoken = Document("e", "Q: Will they meet?\n\nMao Ning: I have no information.", "Transcript")
    for _ in Pipeline().prepare([*documents, spoken]):
        pass


def _recorded(pattern: Any, flags: int) -> Any:
    made = _compile(pattern, flags)
    frame = sys._getframe(1)
    if (caller := frame.f_back) is not None and isinstance(made, re.Pattern):
        name = str(caller.f_globals.get("__name__", ""))
        if name.startswith("kg.") and name != _ONLY_CHECKS:
            method = frame.f_code.co_name
            used = _uses(name, caller) if method == "compile" else {method}
            _found.setdefault(made, (f"{name}:{caller.f_lineno}", set()))[1].update(used)
    return made


def _uses(module: str, caller: FrameType) -> set[str]:
    """The methods that the package of a module calls on a pattern with a name; any, if it has none."""
    lines = linecache.getlines(caller.f_code.co_filename)
    name = next((found[1] for line in reversed(lines[max(caller.f_lineno - 12, 0) : caller.f_lineno])
                 if (found := _ASSIGNED.match(line))), None)  # fmt: skip
    if caller.f_code.co_name == _PATTERNS_OF_RULES:
        return _uses_of_rules(caller.f_locals["name"])
    if name is None:
        return {"search"}
    package = module.split(".")[1] if not name.startswith("_") else module
    words = rf"\b{name}\b(?:\[[^\]]*\])?"
    text = _text_of(package, Path(caller.f_code.co_filename) if package == module else None)
    used = {found[1] for found in re.finditer(rf"{words}\.(\w+)", text)}
    other = len(re.findall(words, text)) - len(re.findall(rf"{words}\.\w+", text)) > 1
    return used | {"search"} if other or not used else used


def _uses_of_rules(name: str) -> set[str]:
    """The methods that the reader calls on a pattern of its rules; any, if it is also passed on."""
    text = _text_of("extract", None)
    used = re.findall(rf'patterns\["{name}"\]\.(\w+)', text)
    return {*used} if len(used) == text.count(f'"{name}"') > 0 else {"search"}


def _text_of(package: str, module: Path | None) -> str:
    if package not in _texts_by_package:
        place = Path(str(sys.modules["kg"].__file__)).parent / package
        files = [module] if module else place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
        _texts_by_package[package] = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return _texts_by_package[package]


_PATTERNS_OF_RULES = "_read_patterns"
_ONLY_CHECKS = "kg.extract.schema"  # compiles what the rules compile again
_ASSIGNED = _compile(r"(\w+)(?:: [^=]+)? = ", 0)


def _slow(pattern: re.Pattern[str], methods: set[str]) -> Iterator[str]:
    find = _finder(pattern, methods)
    return (piece for piece in repetitive(pattern) if slow_on(find, piece))


def _finder(pattern: re.Pattern[str], methods: set[str]) -> Callable[[str], object]:
    if methods and methods <= _ANCHORED:
        return lambda text: (pattern.match(text), pattern.fullmatch(text))
    return lambda text: sum(1 for _ in pattern.finditer(text))


if __name__ == "__main__":
    main(*sys.argv[1:])
