"""The document of a web page."""

import logging
import re
from collections.abc import Iterator

from kg.model import Document
from kg.read.document import document
from kg.read.metadata import ADDRESS, LANGUAGE, Fields, fields, metadata
from kg.read.source import Source

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
    yield document(source, source.storable(body), metadata(source, usable(stated)))


def _page(source: Source) -> str:
    """The page, in the encoding that it declares."""
    data = source.data()
    declared = _CHARSET.search(data, 0, 2048)
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8"):
        return source.decode(data)
    try:
        return data.decode(declared[1].decode("ascii"))
    except (LookupError, UnicodeDecodeError) as error:
        problem = f"is not in the encoding that it declares, {declared[1].decode('ascii')}; save it as UTF-8"
        raise source.error(problem) from error


def with_title(title: str | None, text: str) -> str:
    """A headline says things too, so it must stand where it can be cited."""
    return text if title is None or title in text.split("\n") else f"{title}\n\n{text}"


def usable(stated: dict[str, str | None]) -> Fields:
    """What a program wrote into a page cannot be corrected by the reader, so what is no value is left out."""
    if not ADDRESS.fullmatch(stated.get("url") or ""):
        stated = stated | {"url": None}
    if not LANGUAGE.fullmatch(stated.get("language") or ""):
        stated = stated | {"language": None}
    return fields(stated)
