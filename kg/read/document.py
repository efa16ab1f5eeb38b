"""A document of what its source states and, where the source is silent, of what its text shows."""

import re
import unicodedata
from hashlib import sha256

from kg.identity import slug
from kg.language import language
from kg.model import Document, Passage
from kg.read import heading, kinds
from kg.read.metadata import Metadata
from kg.read.source import STDIN, Source

_BLANKS = re.compile(r"[\s_-]+")
_MARKS_BEFORE, _MARKS_AFTER = " \t#*_", " \t*_"


def document(
    source: Source, body: str, stated: Metadata, *, part: str | None = None, origin: str | None = None
) -> Document:
    """The document that `body` is.

    Args:
        source: Where it was read.
        body: The text in which offsets count.
        stated: What the source says of it.
        part: What tells it from others of the same source: an address, or the text itself.
        origin: Where all documents with such a `part` come from, if that is not the source.
    """
    head = heading.head(body)
    title = stated.title or (head.title.exact if head.title else None)
    published, published_from = _published(source, body, stated, head)
    return Document(
        id=_identifier(source, body, stated, part, origin),
        body=body,
        kind=kinds.kind(stated.kind, title, body),
        title=title,
        title_passage=passage_of(body, title) if title else None,
        publisher=stated.publisher or head.publisher,
        published=published,
        language=stated.language or language(body) or "en",
        url=stated.url,
        source=source.name,
        notes=stated.notes,
        published_from=published_from,
    )


def _published(source: Source, body: str, stated: Metadata, head: heading.Head) -> tuple[str | None, str]:
    """The day of publication, and where it was found; never today."""
    in_address, in_name = heading.day_in(stated.url or ""), heading.day_in(source.stem)
    found = (
        (stated.published, "its metadata"),
        (head.day, "the head of the text"),
        (heading.dateline_day(body, in_address or in_name), "the dateline"),
        (in_address, "its address"),
        (in_name, "the name of the file"),
    )
    return next(((day, place) for day, place in found if day), (None, ""))


def _identifier(source: Source, body: str, stated: Metadata, part: str | None, origin: str | None) -> str:
    if stated.id is not None:
        return _own_slug(stated.id)
    if part is None and source.name == STDIN:
        part = body
    name = _slug(source.stem if origin is None else origin)
    return name if part is None else f"{name}-{_digest(part)}"


def _own_slug(id: str) -> str:
    """An identifier that a source gives: `a/b` and `a b` are two, however alike their words."""
    plain = _BLANKS.sub("-", id.lower()).strip("-")
    return _slug(id) if plain == slug(id) or not id.isascii() else f"{slug(id)}-{_digest(id)}"


def _slug(text: str) -> str:
    """ASCII words of `text`, with a digest where letters are lost, so that two names do not become one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = sum(map(str.isalnum, plain))
    return f"{slug(text)}-{_digest(text)}" if 0 < kept < sum(map(str.isalnum, text)) else slug(text)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def passage_of(body: str, title: str) -> Passage | None:
    """Where the title stands in the body on a line of its own, marks of Markdown aside."""
    start = 0
    for line in body.split("\n"):
        at = _alone(line.removesuffix("\r"), title)
        if at is not None:
            return Passage(start + at, start + at + len(title), title)
        start += len(line) + 1
    return None


def _alone(line: str, title: str) -> int | None:
    """Where the title stands in a line that holds nothing else but marks."""
    lead = len(line) - len(line.lstrip(_MARKS_BEFORE))
    trail = len(line.rstrip(_MARKS_AFTER))
    at = line.find(title, max(trail - len(title), 0), lead + len(title))
    return None if at < 0 else at
