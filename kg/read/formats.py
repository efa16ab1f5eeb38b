"""From an input to its documents: a function a format, found by suffix or media type."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, TypeAlias

from kg.errors import UnreadableDocumentError
from kg.identity import slug
from kg.model import Document
from kg.read.document import document
from kg.read.feed import feed
from kg.read.front_matter import divided
from kg.read.metadata import TEXTS, Metadata, fields, metadata
from kg.read.pdf import pdf
from kg.read.source import STDIN, Source, Unreadable
from kg.read.web_page import html

Found: TypeAlias = Document | Unreadable
Reader = Callable[[Source], Iterator[Found]]
_LONGEST_PROBLEM = 300  # characters of what a parser says


def read(path: Path, *, max_bytes: int) -> Iterator[Document]:
    """The documents of a file, one after the other; `-` is standard input.

    Args:
        path: The file; its suffix tells the format.
        max_bytes: Largest document, in bytes.

    Raises:
        UnreadableDocumentError: the file holds something that is no document that can be read.
    """
    return _strict(each(path, max_bytes=max_bytes))


def read_bytes(
    data: bytes, name: str, *, max_bytes: int, media_type: str | None = None
) -> Iterator[Document]:
    """The documents of `data`, as `read` gives them; the rest as for `each_of`."""
    return _strict(each_of(BytesIO(data), name, max_bytes=max_bytes, media_type=media_type))


def each(path: Path, *, max_bytes: int) -> Iterator[Found]:
    """The documents of a file, and in its place whatever cannot be read; `-` is standard input."""
    try:
        with path.open("rb") if str(path) != STDIN else open(0, "rb", closefd=False) as stream:
            yield from each_of(stream, str(path), max_bytes=max_bytes)
    except OSError as error:
        yield Unreadable(str(path), f"cannot be read: {error.strerror}")


def each_of(stream: BinaryIO, name: str, *, max_bytes: int, media_type: str | None = None) -> Iterator[Found]:
    """The documents of an open file, and in its place whatever cannot be read.

    Args:
        stream: The bytes.
        name: Gives the identifier, the place in messages and, by its suffix, the format; the format of `-`
            is told from its first bytes.
        max_bytes: Largest document, in bytes.
        media_type: Tells the format instead of the suffix, if it is one of `MEDIA_TYPES`.
    """
    suffix = MEDIA_TYPES.get((media_type or "").partition(";")[0].strip().lower(), Path(name).suffix.lower())
    if name == STDIN and suffix not in FORMATS:
        data = stream.read(max_bytes + 1)
        stream, suffix = BytesIO(data), _guessed_suffix(data)
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        problem = f"suffix {suffix!r} is not read" if suffix else "has no suffix that tells its format"
        yield Unreadable(name, f"{problem}; known are {known}")
        return
    try:
        yield from _distinct(FORMATS[suffix], Source(_writable(name), stream, max_bytes))
    except UnreadableDocumentError as error:
        yield Unreadable(error.where, error.problem)
    except OSError:
        raise
    except Exception as error:  # whatever a parser raises over a damaged file must cost no other file
        yield Unreadable(name, f"cannot be read: {_message(error)}")


def _strict(found: Iterable[Found]) -> Iterator[Document]:
    for item in found:
        if isinstance(item, Unreadable):
            raise UnreadableDocumentError(item.where, item.problem)
        yield item


def _message(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:_LONGEST_PROBLEM]


def _writable(name: str) -> str:
    """A file name as text that can be stored, whatever bytes the file system has it in."""
    return name.encode("utf-8", "backslashreplace").decode()


def _guessed_suffix(data: bytes) -> str:
    head = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((suffix for start, suffix in _STARTS if head.startswith(start)), ".txt")


def _distinct(reader: Reader, source: Source) -> Iterator[Found]:
    """The documents of a source; one that stands there twice counts once, of two of one name the first."""
    digests: dict[str, bytes] = {}
    for found in reader(source):
        if isinstance(found, Unreadable):
            yield found
            continue
        digest = sha256(found.body.encode()).digest()
        if found.id not in digests:
            digests[found.id] = digest
            yield found
        elif digests[found.id] != digest:
            problem = f"two documents have the identifier {found.id!r}; give each an id of its own"
            yield Unreadable(source.name, problem)


def _text(source: Source) -> Iterator[Document]:
    yield document(source, source.text(), Metadata())


def _markdown(source: Source) -> Iterator[Document]:
    front, body = divided(source, source.text())
    if front is not None and not body.strip():
        raise source.error("has front matter but no text below it")
    yield document(source, body, Metadata() if front is None else metadata(source, front))


class _Number(str):
    """A number as it is written: one of a million digits is no reason to lose a document."""


def _json_lines(source: Source) -> Iterator[Found]:
    titles: dict[str, str | None] = {}
    for number, line in source.lines():
        try:
            found = _record(source, source.line(line, number), number)
        except UnreadableDocumentError as error:
            yield Unreadable(error.where, error.problem)
            continue
        if titles.setdefault(found.id, found.title) != found.title and found.url is None:
            found = replace(found, id=f"{found.id}-{slug(found.title or '')}")  # one text under two titles
        yield found


def _json(source: Source) -> Iterator[Found]:
    """One object, an array of objects, an object with one such array in it, or an object on each line."""
    data = source.data()
    text = Source(source.name, BytesIO(data), source.max_bytes).text()
    try:
        whole = json.loads(text, parse_int=_Number, parse_float=_Number)
    except RecursionError as error:
        raise source.error("is nested too deeply") from error
    except ValueError:
        yield from _json_lines(Source(source.name, BytesIO(data), source.max_bytes))
        return
    if isinstance(whole, dict) and not any(key.lower() in TEXTS for key in whole):
        lists = [it for it in whole.values() if isinstance(it, list) and it and isinstance(it[0], dict)]
        whole = lists[0] if len(lists) == 1 else whole
    if not isinstance(whole, list):
        yield _document_of(source, whole, None)
        return
    if not whole:
        raise source.error("is an empty list")
    for number, record in enumerate(whole, 1):
        try:
            yield _document_of(source, record, None)
        except UnreadableDocumentError as error:
            yield Unreadable(f"{source.name}, record {number}", error.problem)


def _record(source: Source, line: str, number: int) -> Document:
    try:
        record = json.loads(line, parse_int=_Number, parse_float=_Number)
    except (ValueError, RecursionError) as error:
        raise source.error(f"is no JSON: {error}; write one object a line", line=number) from error
    return _document_of(source, record, number)


def _document_of(source: Source, record: object, number: int | None) -> Document:
    """The document that a JSON object holds; the number is that of its line, if it has one of its own."""
    line = number or 1
    record = record if isinstance(record, dict) else {}
    texts = {key.lower(): key for key in record}
    named = (texts[key] for key in TEXTS if key in texts)
    where = next((key for key in named if _is_text(record[key])), None)
    if where is None:
        raise source.error('holds no text; write {"text": "…"} with the other fields beside it', line=number)
    body = record.pop(where)
    given = fields(record, line=line)
    stated = metadata(source, given)
    unused = (key for key, value in record.items() if key not in given and value is not None)
    notes = (*stated.notes, *(f"the field {key!r} holds no text, so it is not used" for key in unused))
    # The text and not the number of the line, so that a line more above changes no identifier.
    part = stated.url or body
    return document(source, source.storable(body, line=line), replace(stated, notes=notes), part=part)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, _Number) and bool(value.strip())


_STARTS = (
    (b"%pdf-", ".pdf"),
    (b"---\n", ".md"),
    (b"---\r\n", ".md"),
    (b"<!doctype html", ".html"),
    (b"<html", ".html"),
    (b"<?xml", ".xml"),
    (b"<rss", ".xml"),
    (b"<rdf:rdf", ".xml"),
    (b"<feed", ".xml"),
    (b"{", ".json"),
    (b"[", ".json"),
)
FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": _text,
        ".md": _markdown,
        ".markdown": _markdown,
        ".html": html,
        ".htm": html,
        ".pdf": pdf,
        ".json": _json,
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
        "application/json": ".json",
        "application/jsonl": ".jsonl",
        "application/x-ndjson": ".ndjson",
        "application/rss+xml": ".rss",
        "application/atom+xml": ".atom",
        "application/xml": ".xml",
        "text/xml": ".xml",
    }
)
