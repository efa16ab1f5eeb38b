"""A text in which every character knows where in its source it came from."""

import unicodedata
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from re import Match, Pattern
from typing import TypeAlias

Edit: TypeAlias = tuple[int, int, str]
Replacement: TypeAlias = Callable[[Match[str]], str | None]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A changed copy of a source.

    Attributes:
        source: What offsets of citations count in.
        text: The copy.
        starts: For each character of the copy, where the characters of the source begin that it stands for.
        ends: Where they end.
    """

    source: str
    text: str
    starts: "array[int]"
    ends: "array[int]"

    @classmethod
    def of(cls, source: str) -> "Mapped":
        """`source` unchanged."""
        return cls(source, source, array("L", range(len(source))), array("L", range(1, len(source) + 1)))

    def edited(self, edits: Iterable[Edit]) -> "Mapped":
        """A copy with spans replaced; they are in order, and none overlaps another."""
        pieces: list[str] = []
        starts, ends = array("L"), array("L")
        done = 0
        for start, end, new in edits:
            pieces += [self.text[done:start], new]
            starts += self.starts[done:start] + array("L", [self.starts[start]] * len(new))
            ends += self.ends[done:start] + array("L", [self.ends[end - 1]] * len(new))
            done = end
        if not pieces:
            return self
        pieces.append(self.text[done:])
        return Mapped(self.source, "".join(pieces), starts + self.starts[done:], ends + self.ends[done:])

    def replaced(self, pattern: Pattern[str], new: str | Replacement = "") -> "Mapped":
        """A copy with each match of `pattern` replaced, as `re.sub` would."""
        if pattern.search(self.text) is None:
            return self
        make = new if callable(new) else lambda _: new
        return self.edited(
            (m.start(), m.end(), words) for m in pattern.finditer(self.text)
            if m.end() > m.start() and (words := make(m)) is not None and words != m[0]
        )  # fmt: skip

    def translated(self, table: dict[int, str]) -> "Mapped":
        """A copy with single characters exchanged for single characters."""
        return Mapped(self.source, self.text.translate(table), self.starts, self.ends)

    def written(self, start: int, end: int) -> str:
        """What stands between two offsets of the copy, with the quotes, dashes and accents of the source."""
        words = self.text[start:end]
        if end > start and self.source[self.starts[start] : self.ends[end - 1]] == words:
            return words.strip()
        return "".join(self._written(at) for at in range(start, end)).strip()

    def _written(self, at: int) -> str:
        plain, words = self.text[at], self.source[self.starts[at] : self.ends[at]]
        if plain == words or plain.isspace():
            return plain
        if plain in "'\"-":
            return words if len(words) == 1 else plain
        composed = unicodedata.normalize("NFC", words)
        return composed if unicodedata.normalize("NFD", words)[:1] == plain and len(composed) == 1 else plain

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the source of the characters between two offsets of the copy, blanks aside."""
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        return self.starts[start], self.ends[end - 1]
