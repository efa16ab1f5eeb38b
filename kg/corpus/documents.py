"""The documents of a piece of a corpus; one that cannot be read is told and harms no other."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

import fsspec

from kg.corpus.output import arrow
from kg.corpus.plan import LINES, PARQUET, InputSlice
from kg.model import Document
from kg.read import Unreadable, each_of

__all__ = ["documents", "name_of"]


def name_of(piece: InputSlice) -> str:
    """The file of a piece as people call it."""
    return piece.url.removeprefix("file://").removeprefix("local://")


def documents(piece: InputSlice, *, max_bytes: int) -> Iterator[Document | Unreadable]:
    """What a piece holds, in order.

    Args:
        piece: A file or a stretch of one.
        max_bytes: Largest document, in bytes.
    """
    suffix, name = PurePath(piece.url).suffix.lower(), name_of(piece)
    try:
        with fsspec.open(piece.url, "rb") as stream:
            if suffix in LINES:
                yield from _of_lines(stream, piece, name, max_bytes)
            elif suffix == PARQUET:
                yield from _of_rows(stream, piece, name, max_bytes)
            else:
                yield from each_of(stream, name, max_bytes=max_bytes)
    except Exception as error:  # whatever a library raises over a file must cost no other
        said = " ".join(str(error).split())
        problem = said if isinstance(error, OSError) else f"{type(error).__name__}: {said}"
        yield Unreadable(name, f"cannot be read: {problem}")


def _of_lines(
    stream: BinaryIO, piece: InputSlice, name: str, max_bytes: int
) -> Iterator[Document | Unreadable]:
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


def _of_rows(
    stream: BinaryIO, piece: InputSlice, name: str, max_bytes: int
) -> Iterator[Document | Unreadable]:
    pyarrow, parquet = arrow()
    try:
        groups = parquet.ParquetFile(stream).read_row_groups([*range(piece.start, piece.end or 0)])
    except pyarrow.ArrowInvalid as error:
        yield Unreadable(name, f"is no Parquet: {error}")
        return
    for number, row in enumerate(groups.to_pylist()):
        stated = {field: value for field, value in row.items() if value is not None}
        line = json.dumps(stated, default=str, ensure_ascii=False).encode()
        yield from _of_record(line, name, f"row {number} of group {piece.start}", max_bytes)


def _of_record(line: bytes, name: str, where: str, max_bytes: int) -> Iterator[Document | Unreadable]:
    for found in each_of(BytesIO(line), name, max_bytes=max_bytes, media_type="application/jsonl"):
        yield Unreadable(f"{name}, {where}", found.problem) if isinstance(found, Unreadable) else found
