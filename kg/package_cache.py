"""Keeps what is computed of the package's own data from one start to the next, in the user's cache folder.

An entry is found only by what it was made of: the code, the data files, the versions of the packages that
took part and the settings. Without a folder that can be written, everything is computed as before.
"""

import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_path
from rdflib import Literal, URIRef

from kg.resources import PACKAGE
from kg.settings import settings

T = TypeVar("T")

_ENTRIES_OF_A_NAME = 8
_PACKAGES = ("rdflib", "pyoxigraph", "owlrl", "pyyaml")
_known: dict[tuple[str, str], object] = {}


def kept(name: str, inputs: Iterable[Path], make: Callable[[], T]) -> T:
    """What `make` makes, from this process, from an earlier one or made now; it must never be changed.

    Args:
        name: What it is, as a file's name can begin.
        inputs: The files that it is made of, beside the package's code.
        make: Makes it. The value can be pickled, and depends on nothing but code, files and base IRI.

    Raises:
        Exception: what `make` raises; nothing is kept then.
    """
    key = _key(inputs)
    known = _known.get((name, key))
    if known is None:
        folder = _folder()
        file = folder / f"{name}-{key}.pickle" if folder else None
        known = _read(file) if file else None
        if known is None:
            known = make()
            if file:
                _write(file, known)
                _drop_old(file.parent, name)
        _known[name, key] = known
    return known  # type: ignore[return-value]  # the name and the inputs decide the type


def _key(inputs: Iterable[Path]) -> str:
    digest = sha256("\n".join((*_environment(), settings().base_iri)).encode())
    for path in inputs:
        digest.update(f"\n{_stamp(path)}".encode())
    return digest.hexdigest()[:32]


@cache
def _environment() -> tuple[str, ...]:
    """Interpreter, packages and the package's code, which does not change while a process runs."""
    packages = (f"{package} {version(package)}" for package in _PACKAGES)
    return (sys.version, *packages, *map(_stamp, sorted(_code(PACKAGE))))


def _code(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _code(Path(entry.path))
            elif entry.name.endswith(".py"):
                yield Path(entry.path)


def _stamp(path: Path) -> str:
    state = path.stat()
    return f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"


def _folder() -> Path | None:
    """The folder, if it is this user's alone: a pickle of somebody else's would run their code."""
    folder = user_cache_path("uschina-kg", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
    except OSError:
        return None
    foreign = hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022)
    return None if foreign else folder


def _read(file: Path) -> object | None:
    try:
        return pickle.loads(file.read_bytes())  # type: ignore[no-any-return]
    except FileNotFoundError:
        return None
    except Exception:  # a torn or foreign file may raise anything; it is made again
        return None


def _write(file: Path, value: object) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as made:
            _Pickler(made, pickle.HIGHEST_PROTOCOL).dump(value)
        Path(made.name).replace(file)
    except OSError:
        return  # a full disk costs time at the next start and nothing else


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:
        if isinstance(value, Literal):  # rdflib's own way would put its words into their canonical form
            return _literal, (str(value), value.language, value.datatype)
        return NotImplemented


def _literal(words: str, language: str | None, datatype: URIRef | None) -> Literal:
    return Literal(words, lang=language, datatype=datatype, normalize=False)


def _drop_old(folder: Path, name: str) -> None:
    try:
        entries = sorted(folder.glob(f"{name}-*.pickle"), key=lambda path: path.stat().st_mtime_ns)
        for path in entries[:-_ENTRIES_OF_A_NAME]:
            path.unlink(missing_ok=True)
    except OSError:
        return  # another process was faster
