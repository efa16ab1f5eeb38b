"""Cuts a corpus into parts that can be read apart: by the input alone, whoever reads them later."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path, PurePath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from kg.corpus.output import arrow
from kg.errors import InputError
from kg.read import FORMATS, Skipped, find, of_no_format

__all__ = ["LINES", "PARQUET", "PART_SIZE", "InputSlice", "Part", "plan"]

LINES = (".jsonl", ".ndjson")
PARQUET = ".parquet"
_KNOWN = frozenset({*FORMATS, PARQUET})
PART_SIZE = 250_000  # bytes of input: some seconds of work, so that workers end together


@dataclass(frozen=True, slots=True)
class InputSlice:
    """A file, or a stretch of one that holds many documents.

    Attributes:
        url: Path, or URL for fsspec.
        mark: Changes when the file does: a digest of its bytes, or what an object store says of it.
        start: First byte of a stretch of lines, first row group of a stretch of Parquet.
        end: Where the stretch ends, exclusive; `None` for a file that is read whole.
    """

    url: str
    mark: str
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker reads at a time, and one file holds afterwards.

    Attributes:
        key: Digest of the pieces and of how they are read.
        pieces: In order.
    """

    key: str
    pieces: tuple[InputSlice, ...]


def plan(
    urls: Iterable[str],
    *,
    size: int,
    under: str,
    follow_links: bool = False,
    skipped: Callable[[Skipped], None] | None = None,
) -> list[Part]:
    """The parts of a corpus, in order of its files.

    Args:
        urls: Files and folders; paths, or URLs that fsspec knows. A folder counts with all folders in it.
        size: Bytes of input from which on a part is full.
        under: What else the outcome depends on: extractor, ontology, format.
        follow_links: Whether links in folders of this machine are followed wherever they lead.
        skipped: Called with each visible file of a folder that is not read.

    Raises:
        InputError: a path does not exist, or there is nothing to read.
    """
    parts: list[Part] = []
    waiting: list[InputSlice] = []
    room = size
    search = _Search(follow_links, skipped)
    for piece, length in _pieces(urls, size, search):
        waiting.append(piece)
        room -= length
        if room <= 0:
            parts.append(_part(waiting, under))
            waiting, room = [], size
    if waiting:
        parts.append(_part(waiting, under))
    if not parts:
        raise InputError(f"nothing to read; known suffixes are {', '.join([*FORMATS, PARQUET])}")
    return parts


def _part(pieces: list[InputSlice], under: str) -> Part:
    told = json.dumps([under, [asdict(piece) for piece in pieces]], sort_keys=True)
    return Part(sha256(told.encode()).hexdigest()[:20], tuple(pieces))


def _pieces(urls: Iterable[str], size: int, search: "_Search") -> Iterator[tuple[InputSlice, int]]:
    """Each piece with its length in bytes."""
    seen: set[str] = set()
    for url in urls:
        fs, root = fsspec.url_to_fs(url)
        for path in search.files(fs, root, url):
            if path not in seen:
                seen.add(path)
                yield from _of_file(fs, path, size)


class _Search:
    """Finds the files of a corpus."""

    def __init__(self, follow_links: bool, skipped: Callable[[Skipped], None] | None) -> None:
        self._follow_links, self._skipped = follow_links, skipped

    def files(self, fs: fsspec.AbstractFileSystem, root: str, url: str) -> list[str]:
        if isinstance(fs, LocalFileSystem):
            found = find(
                [Path(root)], suffixes=_KNOWN, follow_links=self._follow_links, skipped=self._skipped
            )
            return sorted(map(str, found))
        if fs.isfile(root):
            return [root]
        if not fs.isdir(root):
            raise InputError(f"{url}: no such file or folder")
        paths = sorted(path for path in fs.find(root) if not _is_hidden(path, root))
        for path in paths:
            if self._skipped and PurePath(path).suffix.lower() not in _KNOWN:
                self._skipped(of_no_format(Path(path)))
        return [path for path in paths if PurePath(path).suffix.lower() in _KNOWN]


def _is_hidden(path: str, root: str) -> bool:
    return any(part.startswith(".") for part in PurePath(path.removeprefix(root)).parts)


def _of_file(fs: fsspec.AbstractFileSystem, path: str, size: int) -> Iterator[tuple[InputSlice, int]]:
    url, suffix = fs.unstrip_protocol(path), PurePath(path).suffix.lower()
    length, mark = fs.size(path) or 0, _mark(fs, path)
    if suffix in LINES:
        for start in range(0, length, size):
            end = min(start + size, length)
            yield InputSlice(url, mark, start, end), end - start
    elif suffix == PARQUET:
        yield from ((InputSlice(url, mark, group, group + 1), bytes_) for group, bytes_ in _groups(fs, path))
    else:
        yield InputSlice(url, mark), length


def _groups(fs: fsspec.AbstractFileSystem, path: str) -> Iterator[tuple[int, int]]:
    """The row groups of a Parquet file with their lengths."""
    _, parquet = arrow()
    with fs.open(path, "rb") as stream:
        told = parquet.ParquetFile(stream).metadata
    yield from ((group, told.row_group(group).total_byte_size) for group in range(told.num_row_groups))


def _mark(fs: fsspec.AbstractFileSystem, path: str) -> str:
    if not isinstance(fs, LocalFileSystem):
        return str(fs.ukey(path))  # object stores keep a digest, which costs no reading
    with Path(path).open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
