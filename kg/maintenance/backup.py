"""Writes a store into one file that says of itself what it is and whether it is whole."""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from hashlib import sha256
from pathlib import Path
from typing import IO, cast

from kg import __version__
from kg.dump import dump
from kg.errors import InputError
from kg.resources import vocabulary
from kg.store import Store

__all__ = ["Backup", "backup", "quads_of"]

_FIRST = b"# uschina-kg backup 1\n"
_WHOLE = b"# whole: "
_GZIP = b"\x1f\x8b"
_LONGEST_LINE = 100_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        quads: How many.
        digest: SHA-256 of their lines.
        has_end: Whether the file says so itself, so that it is known to be whole.
    """

    quads: int
    digest: str
    has_end: bool = True


def backup(store: Store, path: Path) -> Backup:
    """Write all documents, and what people decided on them, into a file; what follows from them as well.

    It is N-Quads with a head and an end in comments, compressed if its name ends in `.gz`; any tool for RDF
    reads it. The same graph gives the same bytes. A file of that name is replaced once the new one is whole.

    Args:
        store: Open for reading.
        path: The file.

    Raises:
        InputError: the file cannot be written.
        StoreError: the store cannot be read.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with new.open("wb") as file:
            if path.suffix == ".gz":  # without name and time, which would differ from run to run
                with GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                    made = _write(store, cast(IO[bytes], packed))
            else:
                made = _write(store, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        new.unlink(missing_ok=True)
    return made


def _write(store: Store, file: IO[bytes]) -> Backup:
    file.write(_FIRST)
    file.write(f"# by version {__version__}, ontology {vocabulary().version}\n".encode())
    digest, number = sha256(), 0
    for piece in dump(store, "nquads", ontology=False, reviews=True):
        digest.update(piece)
        number += piece.count(b"\n")
        file.write(piece)
    file.write(_WHOLE + f"{number} quads, sha256 {digest.hexdigest()}\n".encode())
    return Backup(number, digest.hexdigest())


def quads_of(path: Path, into: IO[bytes]) -> Backup:
    """Copy the lines of a backup, or of any N-Quads, plain or compressed, without its comments.

    Raises:
        InputError: the file cannot be read, or is a backup that is cut or changed.
    """
    digest, number = sha256(), 0
    is_backup, end = False, b""
    with _opened(path) as file:
        for at, line in enumerate(_lines(file, path)):
            is_backup = is_backup or (at == 0 and line == _FIRST)
            if line.startswith(b"#") or not line.strip():
                end = line
                into.write(b"\n")  # so that an error of syntax names the line of the file
                continue
            end = b""
            digest.update(line)
            number += 1
            into.write(line)
    made = Backup(number, digest.hexdigest(), is_backup)
    if is_backup and end != _WHOLE + f"{number} quads, sha256 {made.digest}\n".encode():
        problem = (
            "was changed since it was written" if end.startswith(_WHOLE) else "is cut: its end is missing"
        )
        raise InputError(f"{path}: the backup {problem}; take another one")
    return made


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            if is_packed:
                with GzipFile(fileobj=file) as unpacked:
                    yield cast(IO[bytes], unpacked)
            else:
                yield file
    except (BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path}: the compressed file is damaged or cut ({error}); take another one"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _lines(file: IO[bytes], path: Path) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if not line.endswith(b"\n"):
            if len(line) == _LONGEST_LINE:
                raise InputError(f"{path}: a line is longer than {_LONGEST_LINE} bytes")
            line += b"\n"
        yield line
