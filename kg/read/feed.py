"""The items of an RSS or Atom feed."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError, tostring

from kg.errors import UnreadableDocumentError
from kg.model import Document
from kg.read.document import document
from kg.read.encodings import decode
from kg.read.metadata import fields, metadata
from kg.read.source import ENCODINGS, Source, Unreadable
from kg.read.web_page import with_title

_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rss": "http://purl.org/rss/1.0/",
}
_ITEMS = (".//item", ".//atom:entry", ".//rss:item")
_TITLE = ("title", "atom:title", "rss:title")
_TEXT = ("content:encoded", "atom:content", "description", "rss:description", "atom:summary")
_GUID = ("guid", "atom:id")
_LINK = ("link", "rss:link", "guid", "atom:id")
_DAY = ("pubDate", "atom:published", "dc:date", "atom:updated")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]+)["']""")
_BLOCKS = frozenset(
    ("article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6",
     "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul")
)  # fmt: skip


def feed(source: Source) -> Iterator[Document | Unreadable]:
    """The items of an RSS or Atom feed; one that cannot be read harms no other."""
    root = _root(source)
    items = [item for path in _ITEMS for item in root.iterfind(path, _NAMESPACES)]
    if not items:
        raise source.error("is no RSS or Atom feed, or an empty one; XML of another kind is not read")
    channel = _Channel(root, items)
    for number, item in enumerate(items, 1):
        try:
            yield _document(source, channel, item)
        except UnreadableDocumentError as error:
            yield Unreadable(source.name, f"item {number}: {error.problem}")


class _Channel:
    """What a feed says of itself, and what names its items."""

    def __init__(self, root: Element, items: Iterable[Element]) -> None:
        found = [*root.iterfind("channel"), *root.iterfind("rss:channel", _NAMESPACES)]
        channel = found[0] if found else root
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        self.title = _first(channel, _TITLE)
        self.language = _first(channel, ("language", "dc:language")) or root.get(lang)
        self._home = _first(channel, ("atom:id",)) or _address(channel) or self.title or ""
        addresses: dict[str, set[str | None]] = {}
        for item in items:
            addresses.setdefault(_first(item, _GUID) or "", set()).add(_address(item))
        self._doubled = {guid for guid, found in addresses.items() if len(found) > 1}

    def name(self, item: Element, body: str) -> tuple[str, str]:
        """What an item is called: the host that it comes from, and what tells it from all others.

        That is its guid, unless it shares it with another, or its address; a guid that is no address tells
        items of one feed apart, not of several.
        """
        guid, address = _first(item, _GUID), _address(item)
        if guid is None or guid in self._doubled:
            guid = address or guid or body
        part = guid if ":" in guid else f"{self._home} {guid}"
        return _host(address) or _host(self._home) or self.title or "item", part


def _document(source: Source, channel: _Channel, item: Element) -> Document:
    title, text = _prose(_first(item, _TITLE) or ""), _prose(_content(item))
    if not title and not text:
        raise source.error("has neither a title nor a text")
    day, url = _first(item, _DAY), _address(item)
    stated = {
        "title": title,
        "publisher": _first(item, ("dc:publisher", "source")) or channel.title,
        "date": _day(day) or day,
        "url": url if url and "://" in url else None,  # a guid may be any name
        "language": channel.language,
    }
    body = source.storable(with_title(title or None, text))
    origin, part = channel.name(item, body)
    return document(source, body, metadata(source, fields(stated)), part=part, origin=origin)


def _host(address: str | None) -> str | None:
    try:
        return urlsplit(address or "").hostname
    except ValueError:
        return None


def _root(source: Source) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(_markup(source), forbid_dtd=True)
    except DefusedXmlException as error:
        problem = "holds a document type or entities of its own, which are not read; remove them"
        raise source.error(problem) from error
    except ParseError as error:
        raise source.error(f"is no XML: {error.msg}", line=error.position[0]) from error
    except (LookupError, ValueError) as error:
        raise source.error(f"is in an encoding that is not read: {error}; save it as UTF-8") from error
    return root


def _markup(source: Source) -> str | bytes:
    """The XML as text, in the encoding that it declares, without the white space before it."""
    data = source.data()
    if any(data.startswith(mark) for mark in ENCODINGS):
        return source.decode(data).lstrip()
    data = data.lstrip()
    declared = _DECLARED.match(data)
    return decode(data, declared[1].decode("ascii") if declared else "utf-8")


def _first(element: Element, names: tuple[str, ...]) -> str | None:
    """The first of the children of these names that has a text."""
    texts = (child.text for name in names for child in element.iterfind(name, _NAMESPACES))
    return next((text.strip() for text in texts if text and text.strip()), None)


def _content(item: Element) -> str:
    """The fullest text of an item; XHTML inside it is written out."""
    xhtml = item.find("atom:content[@type='xhtml']", _NAMESPACES)
    if xhtml is not None:
        return "".join(tostring(child, encoding="unicode") for child in xhtml).replace("html:", "")
    return _first(item, _TEXT) or ""


def _address(item: Element) -> str | None:
    links = item.iterfind("atom:link", _NAMESPACES)
    linked = (link.get("href") for link in links if link.get("rel", "alternate") == "alternate")
    return next((href for href in linked if href), None) or _first(item, _LINK)


def _day(text: str | None) -> str | None:
    """The day of an ISO 8601 or RFC 5322 date, where it was written."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (IndexError, OverflowError, TypeError, ValueError):
        return None


class _Paragraphs(HTMLParser):
    """Collects the text of a fragment of HTML, a break for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in ("script", "style")
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")


def _prose(markup: str) -> str:
    """The text of a fragment of HTML, its paragraphs apart."""
    parser = _Paragraphs()
    parser.feed(markup)
    parser.close()
    lines = "".join(parser.pieces).split("\n")
    return "\n\n".join(text for line in lines if (text := " ".join(line.split())))
