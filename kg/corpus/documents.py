"""The documents of a piece of a corpus; one that cannot be read is told and harms no other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

import fsspec

from kg.corpus.output import arrow
from kg.corpus.plan import LINES, PARQUET, Piece
from kg.errors import InputError
from kg.model import Document
from kg.read import read_bytes, read_stream

__all__ = ["Unreadable", "documents"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no document.

    Attributes:
        source: File that it stands in.
        problem: What is wrong, and where.
    """

    source: str
    problem: str


def documents(piece: Piece, *, max_bytes: int) -> Iterator[Document | Unreadable]:
    """What a piece holds, in order.

    Args:
        piece: A file or a stretch of one.
        max_bytes: Largest document, in bytes.
    """
    suffix = PurePath(piece.url).suffix.lower()
    name = piece.url.removeprefix("file://").removeprefix("local://")
    try:
        with fsspec.open(piece.url, "rb") as stream:
            if suffix in LINES:
                yield from _of_lines(stream, piece, name, max_bytes)
            elif suffix == PARQUET:
                yield from _of_rows(stream, piece, name, max_bytes)
            else:
                yield from _of_file(stream, name, max_bytes)
    except OSError as error:
        yield Unreadable(name, f"{name}: cannot be read: {error}")


def _of_file(stream: BinaryIO, name: str, max_bytes: int) -> Iterator[Document | Unreadable]:
    try:
        yield from read_stream(stream, name, max_bytes=max_bytes)
    except InputError as error:
        yield Unreadable(name, str(error))


def _of_lines(stream: BinaryIO, piece: Piece, name: str, max_bytes: int) -> Iterator[Document | Unreadable]:
    """The lines that begin in the stretch, so that each belongs to one stretch."""
    at = piece.start
    if at:
        stream.seek(at - 1)
        at += len(stream.readline()) - 1
    while piece.end is None or at < piece.end:
        line = stream.readline()
        if not line:
            return
        if line.strip():
            yield from _of_record(line, name, f"byte {at}", max_bytes)
        at += len(line)


def _of_rows(stream: BinaryIO, piece: Piece, name: str, max_bytes: int) -> Iterator[Document | Unreadable]:
    pyarrow, parquet = arrow()
    try:
        groups = parquet.ParquetFile(stream).read_row_groups([*range(piece.start, piece.end or 0)])
    except pyarrow.ArrowInvalid as error:
        yield Unreadable(name, f"{name}: is no Parquet: {error}")
        return
    for number, row in enumerate(groups.to_pylist()):
        stated = {field: value for field, value in row.items() if value is not None}
        line = json.dumps(stated, default=str, ensure_ascii=False).encode()
        yield from _of_record(line, name, f"row {number} of group {piece.start}", max_bytes)


def _of_record(line: bytes, name: str, where: str, max_bytes: int) -> Iterator[Document | Unreadable]:
    try:
        yield from read_bytes(line, name, max_bytes=max_bytes, media_type="application/jsonl")
    except InputError as error:
        problem = str(error).removeprefix(name).removeprefix(":1").removeprefix(":").strip()
        yield Unreadable(name, f"{name}, {where}: {problem}")
