"""The document of a web page."""

import logging
import re
from collections.abc import Iterator

from kg.model import Document
from kg.read.document import document
from kg.read.encodings import decode
from kg.read.metadata import fields, metadata
from kg.read.source import ENCODINGS, Source

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_LANG = re.compile(r"<html(?=[\s>])[^<>]*?\slang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
# Without a latest date the library takes today, and the same page would read otherwise tomorrow.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


def html(source: Source) -> Iterator[Document]:
    """The main text of a page, its title above it."""
    from trafilatura import bare_extraction  # slow to import, and few inputs are HTML

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # our message says it in one line
    page = _page(source)
    found = bare_extraction(page, with_metadata=True, include_comments=False, date_extraction_params=_DATES)
    known = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    if not (known.get("text") or "").strip():
        raise source.error("has no main text that can be told from its menus; save the text alone")
    lang = _LANG.search(page)
    stated = {
        "title": known["title"],
        "publisher": known["sitename"],
        "date": known["date"],
        "url": known["url"],
        "language": lang[1] if lang else None,
    }
    body = with_title(known["title"], known["text"])
    yield document(source, source.storable(body), metadata(source, fields(stated)))


def _page(source: Source) -> str:
    """The page, in the encoding that it declares."""
    data = source.data()
    declared = _CHARSET.search(data, 0, 2048)
    if declared is None or any(data.startswith(mark) for mark in ENCODINGS):
        return source.decode(data)
    label = declared[1].decode("ascii")
    try:
        return decode(data, label)
    except (LookupError, UnicodeDecodeError) as error:
        problem = f"is not in the encoding that it declares, {label}; save it as UTF-8"
        raise source.error(problem) from error


def with_title(title: str | None, text: str) -> str:
    """A headline says things too, so it must stand where it can be cited."""
    return text if title is None or title in text.split("\n") else f"{title}\n\n{text}"
