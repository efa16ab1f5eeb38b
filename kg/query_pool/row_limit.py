"""Ends a serialised result after a number of rows, without reading it term by term.

The engine writes JSON, XML, CSV or TSV in blocks of bytes. In each of these formats the place where a row
begins or ends can be told from the bytes around it, once quoted text is left out of account.
"""

from dataclasses import dataclass

__all__ = ["RowLimiter"]

_UNREAD = 262_144  # bytes at the start that are passed on unread, if they cannot hold rows enough


@dataclass(frozen=True, slots=True)
class _FormatSyntax:
    """How rows stand in a format.

    Attributes:
        mark: Bytes that stand once a row.
        spare: How many more marks than rows may pass before the one at which to stop.
        keep: How many bytes of that mark still belong to what stays.
        quoted: Whether text in double quotes may hold the mark.
        ending: What closes a result that was cut.
    """

    mark: bytes
    spare: int
    keep: int
    quoted: bool
    ending: bytes


_LAYOUTS = {
    # `},{` outside of strings stands between rows only: within a row, a name follows the comma
    "json": _FormatSyntax(b"},{", -1, 1, True, b"]}}"),
    "xml": _FormatSyntax(b"<result>", 0, 0, False, b"</results></sparql>"),
    "csv": _FormatSyntax(b"\n", 0, 1, True, b""),
    "tsv": _FormatSyntax(b"\n", 0, 1, False, b""),
}


class RowLimiter:
    """Passes on the bytes of a result until it has had its rows."""

    def __init__(self, format: str, rows: int) -> None:
        self._layout = _LAYOUTS[format]
        self._has_escapes = format == "json"
        self._left = rows + self._layout.spare
        self._unread = min(_UNREAD, rows // 2)  # a row takes a byte at least
        self._passed: list[bytes] = []
        self._ahead = 0  # bytes that are held back and have left all the same
        self._in_quotes = False
        self._held = b""
        self._is_full = False
        self._is_over = False

    @property
    def is_cut(self) -> bool:
        """Whether there was a row too many."""
        return self._is_full and self._is_over

    @property
    def ending(self) -> bytes:
        """What makes a result well-formed that was cut."""
        return self._layout.ending

    def feed(self, block: bytes) -> bytes:
        """What is sure to belong to the rows, of this block and of what was held back before."""
        if self._is_full:
            self._is_over = self._is_over or bool(block)
            return b""
        if len(block) <= self._unread:
            self._unread -= len(block)
            self._passed.append(block)
            return block
        if self._unread >= 0:
            self._read(b"".join(self._passed))
            self._ahead, self._unread, self._passed = len(self._held), -1, []
        data = self._read(block)
        news, self._ahead = data[self._ahead :], max(0, self._ahead - len(data))
        return news

    def _read(self, block: bytes) -> bytes:
        data = self._held + block
        size = len(data) - self._unsure(data)
        data, self._held = data[:size], data[size:]
        pieces = self._unquoted(data)
        found = sum(piece.count(self._layout.mark) for _, piece in pieces)
        if found <= self._left:
            self._left -= found
            return data
        return self._last(data, pieces)

    def close(self) -> bytes:
        """What was held back at the end of the result."""
        return b"" if self._is_full else self._held[self._ahead :]

    def _last(self, data: bytes, pieces: list[tuple[int, bytes]]) -> bytes:
        mark = self._layout.mark
        marks = (offset + at for offset, piece in pieces for at in _places(piece, mark))
        end = next(at for number, at in enumerate(marks) if number == self._left) + self._layout.keep
        self._is_full = True
        self._is_over = end < len(data)  # a line feed may be the last byte of all
        return data[:end]

    def _unsure(self, data: bytes) -> int:
        """How many of the last bytes may be half of an escape or of a mark."""
        if self._has_escapes and (len(data) - len(data.rstrip(b"\\"))) % 2:
            return 1
        mark = self._layout.mark
        return next(size for size in range(len(mark) - 1, -1, -1) if data.endswith(mark[:size]))

    def _unquoted(self, data: bytes) -> list[tuple[int, bytes]]:
        """The pieces of the data that are not quoted, each with its offset."""
        if not self._layout.quoted:
            return [(0, data)]
        plain = data.replace(rb"\\", b"__").replace(rb"\"", b"__") if self._has_escapes else data
        pieces, offset = [], 0
        for number, piece in enumerate(plain.split(b'"')):
            if self._in_quotes == bool(number % 2):
                pieces.append((offset, piece))
            offset += len(piece) + 1
        self._in_quotes ^= plain.count(b'"') % 2 == 1
        return pieces


def _places(piece: bytes, mark: bytes) -> list[int]:
    places = []
    at = piece.find(mark)
    while at >= 0:
        places.append(at)
        at = piece.find(mark, at + len(mark))
    return places
