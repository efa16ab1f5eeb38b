"""Counts what was found rightly, wrongly and not at all: by slot, by rule, and one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal as Choice

from kg.evaluate.predictions import Span, Value
from kg.model import Document

Fault = Choice["missing", "spurious", "wrong"]


@dataclass(slots=True)
class Count:
    """How often a slot was filled rightly, wrongly, and not although it should have been."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right; `None` if nothing was found."""
        return self.right / found if (found := self.right + self.wrong) else None

    @property
    def recall(self) -> float | None:
        """Share of what is there that was found; `None` if nothing is there."""
        return self.right / there if (there := self.right + self.missing) else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; `None` if there is neither anything found nor anything to find."""
        both = 2 * self.right + self.wrong + self.missing
        return 2 * self.right / both if both else None


@dataclass(frozen=True, slots=True)
class Mistake:
    """One difference between annotations and what was found.

    Attributes:
        document: Identifier of the document.
        slot: Of what.
        fault: `missing`, `spurious`, or `wrong`: found, but as something else.
        expected: What the annotation says; `None` if it says nothing.
        found: What was found; `None` if nothing was.
        start: Offset of the passage; `None` if its words do not stand in the body.
        end: Offset after it.
        passage: Its words.
        rules: Names of the rules that gave what was found.
    """

    document: str
    slot: str
    fault: Fault
    expected: str | None
    found: str | None
    start: int | None
    end: int | None
    passage: str
    rules: tuple[str, ...] = ()


@dataclass(slots=True)
class Scores:
    """The result so far, over all documents.

    Attributes:
        slots: Counts by slot.
        rules: Counts by rule and slot; what is missing is no rule's fault.
        mistakes: Every difference.
        flips: Topics told with the wrong sign: excluded instead of discussed, or the other way round.
    """

    slots: dict[str, Count] = field(default_factory=dict)
    rules: dict[tuple[str, str], Count] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    flips: int = 0

    def count(self, slot: str, *, right: int = 0, wrong: int = 0, missing: int = 0,
              rules: Iterable[str] = ()) -> None:  # fmt: skip
        """Add to a slot, and to the rules that filled it."""
        total = self.slots.setdefault(slot, Count())
        total.right += right
        total.wrong += wrong
        total.missing += missing
        for rule in sorted(set(rules)) if right or wrong else ():
            share = self.rules.setdefault((rule, slot), Count())
            share.right += right
            share.wrong += wrong


@dataclass(frozen=True, slots=True)
class DocumentScores:
    """The scores open at one document."""

    scores: Scores
    document: Document

    def right(self, slot: str, rules: Iterable[str] = (), *, times: int = 1) -> None:
        """Note what was found as annotated."""
        self.scores.count(slot, right=times, rules=rules)

    def mistake(self, slot: str, expected: str | None, found: str | None, spans: Sequence[Span],
                rules: Iterable[str] = ()) -> None:  # fmt: skip
        """Note a difference: something missing, something spurious, or both at once."""
        self.scores.count(slot, wrong=found is not None, missing=expected is not None, rules=rules)
        fault: Fault = "missing" if found is None else "spurious" if expected is None else "wrong"
        start, end = min(spans, default=(None, None))
        passage = self.document.body[start:end] if start is not None else ""
        self.scores.mistakes.append(
            Mistake(self.document.id, slot, fault, expected, found, start, end, passage, tuple(sorted(rules)))
        )

    def choice(self, slot: str, expected: str | None, found: str, spans: Sequence[Span], *, is_right: bool,
               rules: Iterable[str] = ()) -> None:  # fmt: skip
        """Note a slot that holds one value and was filled."""
        if is_right:
            self.right(slot, rules)
        else:
            self.mistake(slot, expected, found, spans, rules)

    def several(self, slot: str, expected: Iterable[str], found: Iterable[Value],
                spans: Sequence[Span]) -> None:  # fmt: skip
        """Note a slot that holds several values; each annotated one counts once."""
        left = list(expected)
        for value in found:
            hit = next((name for name in left if name in value.names), None)
            if hit is None:
                self.mistake(slot, None, value.label, value.spans or spans, value.rules)
            else:
                left.remove(hit)
                self.right(slot, value.rules)
        for name in left:
            self.mistake(slot, name, None, spans)
