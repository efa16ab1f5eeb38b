"""The bytes of one input and the text in them, or a message that says what is wrong with them."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from kg.errors import UnreadableDocumentError

# Not allowed in XML, so not in every syntax of RDF; form feed and vertical tab are among them.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
STDIN = "-"
ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands in a source and is no document that can be read; it harms no other of the source.

    Attributes:
        where: The file, with the line after a colon where it is known.
        problem: What is wrong, then what would be right.
    """

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Source:
    """An input that is being read.

    Attributes:
        name: File name or another name, for messages and for the identifier.
        stream: The bytes.
        max_bytes: Largest document; a larger one is refused, not cut.
    """

    name: str
    stream: BinaryIO
    max_bytes: int

    @property
    def stem(self) -> str:
        """The name without folder and suffix."""
        return "stdin" if self.name == STDIN else PurePath(self.name).stem

    def error(self, problem: str, *, line: int | None = None) -> UnreadableDocumentError:
        """An error that says where it is."""
        return UnreadableDocumentError(self.name if line is None else f"{self.name}:{line}", problem)

    def data(self) -> bytes:
        """All bytes.

        Raises:
            UnreadableDocumentError: there are none or too many.
        """
        data = self.stream.read(self.max_bytes + 1)
        self._check_size(data)
        if not data:
            raise self.error("is empty; a document needs a text")
        return data

    def text(self) -> str:
        """All bytes as text, without the byte order mark.

        Raises:
            UnreadableDocumentError: they are not a text that can be stored.
        """
        text = self.decode(self.data())
        if not text.strip():
            raise self.error("holds nothing but white space; a document needs a text")
        return self.storable(text)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines that are not empty, with their numbers; of one larger than a document only its start."""
        number = 0
        while line := self.stream.readline(self.max_bytes + 1):
            number += 1
            if line.strip():
                yield number, line
            while len(line) > self.max_bytes and not line.endswith(b"\n"):
                line = self.stream.readline(self.max_bytes + 1)

    def line(self, data: bytes, number: int) -> str:
        """A line as text.

        Raises:
            UnreadableDocumentError: it is too long, or not text.
        """
        self._check_size(data, line=number)
        return self.decode(data, first_line=number)

    def decode(self, data: bytes, *, first_line: int = 1) -> str:
        """`data` as text, in UTF-8 or in what its byte order mark says.

        Raises:
            UnreadableDocumentError: it is binary or in another encoding.
        """
        encoding = next((name for mark, name in ENCODINGS.items() if data.startswith(mark)), "utf-8")
        if encoding == "utf-8" and b"\0" in data:
            raise self.error("is binary, not text; convert it to text, Markdown, HTML or PDF")
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = first_line + data[: error.start].count(b"\n")
            problem = f"byte 0x{data[error.start]:02X} is not {encoding.upper()}; save the file as UTF-8"
            raise self.error(problem, line=line) from error

    def storable(self, text: str, *, line: int = 1) -> str:
        """`text` itself.

        Raises:
            UnreadableDocumentError: it holds a character that RDF cannot store.
        """
        if found := UNSTORABLE.search(text):
            code = f"U+{ord(found[0]):04X}"
            problem = f"the control character {code} cannot be stored; remove it"
            raise self.error(problem, line=line + text.count("\n", 0, found.start()))
        return text

    def _check_size(self, data: bytes, *, line: int | None = None) -> None:
        if len(data) > self.max_bytes:
            problem = f"is larger than {self.max_bytes:,} bytes; split it, or raise the setting max_bytes"
            raise self.error(problem, line=line)
