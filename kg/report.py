"""The reading report of a document: what was not read, and why; handed over beside its statements."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.model import Document

_LANGUAGES = {
    "zh": "Chinese", "fr": "French", "de": "German", "es": "Spanish", "pt": "Portuguese", "it": "Italian",
    "nl": "Dutch", "id": "Indonesian", "vi": "Vietnamese", "tr": "Turkish", "pl": "Polish", "ja": "Japanese",
    "ko": "Korean", "ru": "Russian", "ar": "Arabic", "el": "Greek", "he": "Hebrew", "th": "Thai",
    "hi": "Hindi",
}  # fmt: skip
_EXAMPLES = 3  # of each kind that lines quote
_LONGEST = 160  # characters of an example


NOT_READ, NOTHING = "not read", "nothing was read"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was not read, or not as the source may have meant it.

    Attributes:
        kind: What notes of its kind have in common, as a line begins: “not resolved”.
        text: The words in question, or the reason.
        start: Where they begin in the body; `None` where it is about the whole document.
        end: Where they end.
    """

    kind: str
    text: str
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class ReadingReport:
    """What a reader has to say of how it read a document.

    Attributes:
        document: Identifier of the document.
        language: Language that the text itself shows; `None` if it is too short to tell.
        published: Day as of which relative days were resolved.
        published_from: Where that day was found.
        statements: How many statements the text gave.
        notes: In order of the text as far as they have a place.
    """

    document: str
    language: str | None = None
    published: str | None = None
    published_from: str = ""
    statements: int = 0
    notes: list[Note] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document, statements: int = 0) -> "ReadingReport":
        """A report that says only where the day came from."""
        return cls(document.id, document.language, document.published, document.published_from, statements)

    def note(self, kind: str, span: tuple[int, int] | None, text: str) -> None:
        """Add a note, of the characters of the body between two offsets or of the whole document."""
        made = Note(kind, " ".join(text.split()), *(span or (None, None)))
        if made not in self.notes:
            self.notes.append(made)

    def lines(self) -> tuple[str, ...]:
        """What there is to say, a line for each kind of note, with a few examples of each."""
        return tuple(self._lines())

    def reasons(self) -> tuple[str, ...]:
        """Why nothing was read of it; empty if something was."""
        return tuple(f"{note.kind}: {note.text}" for note in self.notes if note.kind in (NOT_READ, NOTHING))

    def _lines(self) -> Iterator[str]:
        if self.published:
            place = f", from {self.published_from}" if self.published_from else ""
            yield f"day: {self.published}{place}"
        counts = Counter(note.kind for note in self.notes)
        for kind, count in counts.items():
            texts = [_short(note.text) for note in self.notes if note.kind == kind][:_EXAMPLES]
            more = f" … and {count - len(texts)} more" if count > len(texts) else ""
            yield f"{kind}: {' · '.join(texts)}{more}"


def unread(document: Document, language: str) -> ReadingReport:
    """The report of a document that is not read for its language."""
    report = ReadingReport.of(document)
    report.language = language
    name = _LANGUAGES.get(language.split("-")[0], f"the language {language!r}")
    report.note(NOT_READ, None, f"the text is in {name}; only English is read")
    return report


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
