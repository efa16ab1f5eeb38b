"""The files that paths on a command line stand for."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError
from kg.read.formats import FORMATS
from kg.read.source import STDIN

__all__ = ["Skipped", "find", "of_no_format"]

# What lies beside documents and holds no text of its own.
_NO_TEXT = re.compile(
    r".*\.(?:avi|bmp|css|eot|gif|ico|jpe?g|js|m4a|map|mov|mp[34]|ogg|otf|png|svg|tiff?|ttf|wav|web[mp]|woff2?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A visible file of a folder that is not read.

    Attributes:
        path: The file.
        reason: Why.
        is_loss: Whether it may hold a document.
    """

    path: Path
    reason: str
    is_loss: bool = True


def find(
    paths: Iterable[Path],
    *,
    suffixes: Collection[str] = FORMATS,
    follow_links: bool = False,
    skipped: Callable[[Skipped], None] | None = None,
) -> Iterator[Path]:
    """The files among `paths` and in the folders among them, each once; folders in order of name.

    In folders only files of these suffixes count; hidden files and folders are left out, and so are links
    that lead out of the folder, and to folders. A file that is named itself is always given, and so is `-`,
    standard input.

    Args:
        paths: Files and folders.
        suffixes: Of the formats that are read.
        follow_links: Whether links in folders are followed wherever they lead.
        skipped: Called with each visible file of a folder that is not given.

    Raises:
        InputError: a path does not exist.
    """
    walk = _Walk(suffixes, follow_links, skipped or _ignore)
    for path in paths:
        if str(path) == STDIN:
            yield path
        elif not path.exists():
            raise InputError(f"{path}: {_missing(path)}")
        elif path.is_dir():
            yield from walk.folder(path, path.resolve())
        elif walk.is_new(path):
            yield path


def of_no_format(path: Path) -> Skipped:
    """A file of a folder whose format is not read; no loss if it is of a kind that lies beside documents."""
    reason = f"files of the suffix {path.suffix!r} are not read" if path.suffix else "has no suffix"
    return Skipped(path, reason, is_loss=_NO_TEXT.fullmatch(path.name) is None)


class _Walk:
    def __init__(
        self, suffixes: Collection[str], follow_links: bool, skipped: Callable[[Skipped], None]
    ) -> None:
        self._suffixes, self._follow_links, self._skipped = suffixes, follow_links, skipped
        self._seen: set[Path] = set()

    def is_new(self, path: Path) -> bool:
        """Whether a file or folder is met for the first time."""
        place = path.resolve()
        is_new = place not in self._seen
        self._seen.add(place)
        return is_new

    def folder(self, folder: Path, root: Path) -> Iterator[Path]:
        if not self.is_new(folder):
            return
        try:
            entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        except OSError as error:
            self._skipped(Skipped(folder, f"cannot be listed: {error.strerror}"))
            return
        for entry in entries:
            try:
                yield from self._entry(entry, root)
            except OSError as error:
                self._skipped(Skipped(entry, f"cannot be read: {error.strerror}"))

    def _entry(self, entry: Path, root: Path) -> Iterator[Path]:
        if entry.is_symlink() and (reason := self._refusal(entry, root)):
            self._skipped(Skipped(entry, reason, is_loss=not _is_within(entry, root)))
        elif entry.is_dir():
            yield from self.folder(entry, root)
        elif entry.suffix.lower() not in self._suffixes:
            self._skipped(of_no_format(entry))
        elif not entry.is_file():
            self._skipped(Skipped(entry, "is no file but a device or a pipe"))
        elif self.is_new(entry):
            yield entry

    def _refusal(self, link: Path, root: Path) -> str | None:
        """Why a link is not followed."""
        if not link.exists():
            return _missing(link)
        if self._follow_links:
            return None
        if link.is_dir():
            return "is a link to a folder, which is not followed"
        return None if _is_within(link, root) else "is a link out of the folder, which is not followed"


def _is_within(link: Path, root: Path) -> bool:
    try:
        return link.exists() and link.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # RuntimeError for a circle
        return False


def _missing(path: Path) -> str:
    if not path.is_symlink():
        return "no such file or folder"
    try:
        path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        return "is a link that leads " + (
            "nowhere" if isinstance(error, FileNotFoundError) else "in a circle"
        )
    return "no such file or folder"


def _ignore(skipped: Skipped) -> None:
    pass
