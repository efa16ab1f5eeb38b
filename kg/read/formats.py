"""From an input to its documents: a function a format, found by suffix or media type."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from kg.errors import UnreadableDocumentError
from kg.identity import slug
from kg.model import Document
from kg.read.document import document
from kg.read.feed import feed
from kg.read.front_matter import divided
from kg.read.metadata import TEXTS, Metadata, fields, metadata
from kg.read.page import html
from kg.read.pdf import pdf
from kg.read.source import STDIN, Source

Reader = Callable[[Source], Iterator[Document]]


def read(path: Path, *, max_bytes: int) -> Iterator[Document]:
    """The documents of a file, one after the other; `-` is standard input.

    Args:
        path: The file; its suffix tells the format.
        max_bytes: Largest document, in bytes.

    Raises:
        UnreadableDocumentError: the file holds no document that can be read.
    """
    try:
        with path.open("rb") if str(path) != STDIN else open(0, "rb", closefd=False) as stream:
            yield from read_stream(stream, str(path), max_bytes=max_bytes)
    except OSError as error:
        raise UnreadableDocumentError(str(path), f"cannot be read: {error.strerror}") from error


def read_bytes(
    data: bytes, name: str, *, max_bytes: int, media_type: str | None = None
) -> Iterator[Document]:
    """The documents of `data`, as `read_stream` gives them."""
    return read_stream(BytesIO(data), name, max_bytes=max_bytes, media_type=media_type)


def read_stream(
    stream: BinaryIO, name: str, *, max_bytes: int, media_type: str | None = None
) -> Iterator[Document]:
    """The documents of an open file.

    Args:
        stream: The bytes.
        name: Gives the identifier, the place in messages and, by its suffix, the format; the format of `-`
            is told from its first bytes.
        max_bytes: Largest document, in bytes.
        media_type: Tells the format instead of the suffix, if it is one of `MEDIA_TYPES`.

    Raises:
        UnreadableDocumentError: as for `read`.
    """
    suffix = MEDIA_TYPES.get((media_type or "").partition(";")[0].strip().lower(), Path(name).suffix.lower())
    if name == STDIN and suffix not in FORMATS:
        data = stream.read(max_bytes + 1)
        stream, suffix = BytesIO(data), _guessed_suffix(data)
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        problem = f"suffix {suffix!r} is not read" if suffix else "has no suffix that tells its format"
        raise UnreadableDocumentError(name, f"{problem}; known are {known}")
    yield from _distinct(FORMATS[suffix], Source(name, stream, max_bytes))


def _guessed_suffix(data: bytes) -> str:
    head = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((suffix for start, suffix in _STARTS if head.startswith(start)), ".txt")


def _distinct(reader: Reader, source: Source) -> Iterator[Document]:
    """The documents of a source; one that stands there twice counts once."""
    bodies: dict[str, str] = {}
    for found in reader(source):
        if found.id not in bodies:
            bodies[found.id] = found.body
            yield found
        elif bodies[found.id] != found.body:
            raise source.error(f"two documents have the identifier {found.id!r}; give each an id of its own")


def _text(source: Source) -> Iterator[Document]:
    yield document(source, source.text(), Metadata())


def _markdown(source: Source) -> Iterator[Document]:
    front, body = divided(source, source.text())
    if front is not None and not body.strip():
        raise source.error("has front matter but no text below it")
    yield document(source, body, Metadata() if front is None else metadata(source, front))


def _json_lines(source: Source) -> Iterator[Document]:
    problem: UnreadableDocumentError | None = None
    more = 0
    titles: dict[str, str | None] = {}
    for number, line in source.lines():
        try:
            found = _record(source, line, number)
        except UnreadableDocumentError as error:  # the records below it are none the worse for it
            problem, more = problem or error, more + (problem is not None)
            continue
        if titles.setdefault(found.id, found.title) != found.title and found.url is None:
            found = replace(found, id=f"{found.id}-{slug(found.title or '')}")  # one text under two titles
        yield found
    if problem is not None:
        raise _with_count(problem, more)


def _with_count(problem: UnreadableDocumentError, more: int) -> UnreadableDocumentError:
    """The first of several problems, with how many more there are."""
    place, _, words = str(problem).partition(": ")
    return UnreadableDocumentError(place, f"{words} (and {more} more records)") if more else problem


def _record(source: Source, line: str, number: int) -> Document:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise source.error(f"is no JSON: {error}; write one object a line", line=number) from error
    texts = {key.lower(): value for key, value in record.items()} if isinstance(record, dict) else {}
    body = next((text for key in TEXTS if isinstance(text := texts.get(key), str) and text.strip()), None)
    if body is None:
        raise source.error('holds no text; write {"text": "…"} with the other fields beside it', line=number)
    stated = metadata(source, fields(record, line=number))
    # The text and not the number of the line, so that a line more above changes no identifier.
    return document(source, source.storable(body, line=number), stated, part=stated.url or body)


_STARTS = (
    (b"%pdf-", ".pdf"),
    (b"---\n", ".md"),
    (b"---\r\n", ".md"),
    (b"<!doctype html", ".html"),
    (b"<html", ".html"),
    (b"<?xml", ".xml"),
    (b"<rss", ".xml"),
    (b"<feed", ".xml"),
    (b"{", ".jsonl"),
)
FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": _text,
        ".md": _markdown,
        ".markdown": _markdown,
        ".html": html,
        ".htm": html,
        ".pdf": pdf,
        ".jsonl": _json_lines,
        ".ndjson": _json_lines,
        ".xml": feed,
        ".rss": feed,
        ".atom": feed,
    }
)
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "text/plain": ".txt",
        "text/markdown": ".md",
        "text/html": ".html",
        "application/xhtml+xml": ".html",
        "application/pdf": ".pdf",
        "application/jsonl": ".jsonl",
        "application/x-ndjson": ".ndjson",
        "application/rss+xml": ".rss",
        "application/atom+xml": ".atom",
        "application/xml": ".xml",
        "text/xml": ".xml",
    }
)
