"""The files of a part: its quads, as N-Quads or Parquet, and a manifest that says that they are whole."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

import fsspec

from kg.errors import InputError

__all__ = ["FORMATS", "Folder", "arrow", "graph_of"]

FORMATS = {"nquads": "nq", "parquet": "parquet"}
_COLUMNS = ("subject", "predicate", "object", "graph")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder for parts, on a disk or in an object store.

    Attributes:
        url: Path, or URL for fsspec; every worker must reach it.
        format: A key of `FORMATS`.
    """

    url: str
    format: str

    @property
    def _fs(self) -> fsspec.AbstractFileSystem:
        return fsspec.url_to_fs(self.url)[0]

    @property
    def root(self) -> str:
        """The path within its file system."""
        return str(fsspec.url_to_fs(self.url)[1])

    def prepare(self) -> None:
        """Make the folder."""
        self._fs.makedirs(self.root, exist_ok=True)

    def quads_path(self, key: str) -> str:
        """Where the quads of a part are."""
        return f"{self.root}/part-{key}.{FORMATS[self.format]}"

    def manifest_path(self, key: str) -> str:
        """Where the manifest of a part is, which is written after the quads."""
        return f"{self.root}/part-{key}.json"

    def keys(self) -> list[str]:
        """The parts that are whole, sorted."""
        names = (path.rpartition("/")[2] for path in self._fs.find(self.root, maxdepth=1))
        return sorted(
            name.removeprefix("part-").removesuffix(".json")
            for name in names
            if name.startswith("part-") and name.endswith(".json")
        )

    def holds(self, key: str) -> bool:
        """Whether the quads of a part are there in this format."""
        return bool(self._fs.exists(self.quads_path(key)))

    def manifest(self, key: str) -> dict[str, object]:
        """What is known of a part that is whole."""
        with self._fs.open(self.manifest_path(key), "rb") as stream:
            told: dict[str, object] = json.load(stream)
        return told

    def write(self, key: str, lines: list[bytes], manifest: dict[str, object]) -> None:
        """Write a part; who looks meanwhile sees either no manifest or a whole part.

        Args:
            key: Of the part.
            lines: N-Quads, sorted.
            manifest: What is known of it.
        """
        write = _write_parquet if self.format == "parquet" else _write_lines
        self.replace(self.quads_path(key), lambda stream: write(stream, lines))
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        self.replace(self.manifest_path(key), lambda stream: stream.write(text.encode()))

    def lines(self, key: str) -> Iterator[bytes]:
        """The N-Quads of a part."""
        with self._fs.open(self.quads_path(key), "rb") as stream:
            yield from _parquet_lines(stream) if self.format == "parquet" else stream

    def remove(self, key: str) -> None:
        """Remove a part, its manifest first."""
        for path in (self.manifest_path(key), self.quads_path(key)):
            if self._fs.exists(path):
                self._fs.rm_file(path)

    def replace(self, path: str, write: Callable[[IO[bytes]], object]) -> None:
        """Write a file under another name and then give it its own."""
        new = f"{path}.new"
        with self._fs.open(new, "wb") as stream:
            write(stream)
        self._fs.mv(new, path)


def arrow() -> tuple[Any, Any]:  # the library has no types
    """The modules `pyarrow` and `pyarrow.parquet`, which only who reads or writes Parquet needs.

    Raises:
        InputError: they are not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError("Parquet needs pyarrow: pip install 'uschina-kg[cluster]'") from error
    return pyarrow, pyarrow.parquet


def graph_of(line: bytes) -> str:
    """The IRI of the graph of an N-Quads line."""
    return line[line.rindex(b" <") + 2 : line.rindex(b">")].decode()


def _write_lines(stream: IO[bytes], lines: Iterable[bytes]) -> None:
    stream.writelines(lines)


def _write_parquet(stream: IO[bytes], lines: list[bytes]) -> None:
    pa, parquet = arrow()
    rows = [_terms(line) for line in lines]
    table = pa.table(
        {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(_COLUMNS)}
    )
    parquet.write_table(table, stream, compression="zstd")


def _terms(line: bytes) -> tuple[str, ...]:
    """The four terms of an N-Quads line as N-Triples writes them."""
    subject, predicate, rest = line.decode().split(" ", 2)
    value, _, graph = rest.rstrip(" .\n").rpartition(" ")
    return subject, predicate, value, graph


def _parquet_lines(stream: IO[bytes]) -> Iterator[bytes]:
    _, parquet = arrow()
    for batch in parquet.ParquetFile(stream).iter_batches():
        for row in zip(*(batch.column(name).to_pylist() for name in _COLUMNS), strict=True):
            yield f"{' '.join(row)} .\n".encode()
