"""The files that paths on a command line stand for."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kg.errors import InputError
from kg.read.formats import FORMATS
from kg.read.source import STDIN


def find(paths: Iterable[Path], *, skipped: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """The files among `paths` and in the folders among them, each once; folders in order of name.

    In folders only files of a known format count; hidden files and folders, and links to folders, are left
    out. A file that is named itself is always given, and so is `-`, standard input.

    Args:
        paths: Files and folders.
        skipped: Called with each visible file of a folder that has no known format.

    Raises:
        InputError: a path does not exist, or a folder cannot be listed.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _files(path, skipped):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _files(path: Path, skipped: Callable[[Path], None] | None) -> Iterator[Path]:
    if str(path) == STDIN:
        yield path
        return
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    if not path.is_dir():
        yield path
        return
    for entry in _entries(path):
        if entry.is_dir():
            yield from () if entry.is_symlink() else _files(entry, skipped)
        elif entry.suffix.lower() in FORMATS:
            yield entry
        elif skipped is not None:
            skipped(entry)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise InputError(f"{folder}: cannot be listed: {error.strerror}") from error
