"""The text of a PDF."""

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from kg.model import Document
from kg.read.columns import Fragment, unwoven
from kg.read.document import document
from kg.read.metadata import fields, metadata
from kg.read.source import UNSTORABLE, Source

if TYPE_CHECKING:
    from pypdf import PageObject

Matrix: TypeAlias = list[float]
# What the library lets through when a file is damaged: its parser trusts the numbers and types it finds.
_DAMAGED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_FULL = 0.8  # of the longest line: a line so long went on into the next
_ENDS = (".", "!", "?", ":", ";", "”", '"')


def pdf(source: Source) -> Iterator[Document]:
    """The document of a PDF; its inner title counts only if it stands in the text."""
    body, title = _contents(source)
    if not body.strip():
        raise source.error("has no text, only pictures; run a text recognition on it first")
    stated = fields({"title": title if title and title in body else None})
    yield document(source, body, metadata(source, stated))


def _contents(source: Source) -> tuple[str, str | None]:
    """Text and inner title."""
    from pypdf import PdfReader  # slow to import, and few inputs are PDF
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports what our message says in one line
    data = source.data()
    try:
        reader = PdfReader(BytesIO(data))
        text = "\n".join(_text(page) for page in reader.pages)
        title = reader.metadata.title if reader.metadata else None
    except (DependencyError, FileNotDecryptedError) as error:
        raise source.error("is encrypted; save it without a password") from error
    except (PyPdfError, *_DAMAGED) as error:
        raise source.error(f"is no PDF that can be read: {error}") from error
    return UNSTORABLE.sub(" ", text), title


def _text(page: "PageObject") -> str:
    """The text of a page, columns side by side one after the other."""
    fragments: list[Fragment] = []

    def collect(words: str, matrix: Matrix, text_matrix: Matrix, _font: object, _size: float) -> None:
        if words.strip():
            x, y = text_matrix[4], text_matrix[5]
            left = x * matrix[0] + y * matrix[2] + matrix[4]
            fragments.append(Fragment(left, x * matrix[1] + y * matrix[3] + matrix[5], words))

    text = page.extract_text(visitor_text=collect)
    parts = unwoven(fragments)
    return "\n".join(map(_unwrapped, [text] if parts is None else parts))


def _unwrapped(page: str) -> str:
    """The text of a page with a blank for each line break inside a sentence."""
    lines = [line.rstrip() for line in re.split(r"\r?\n", page)]
    width = max(map(len, lines), default=0)
    text = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        goes_on = len(line) >= _FULL * width or following[:1].islower()
        is_wrapped = bool(line and following) and goes_on and not line.endswith(_ENDS)
        text += line + (" " if is_wrapped else "\n")
    return text
