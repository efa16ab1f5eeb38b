"""Finds who speaks: the labels that open turns, and sentences that announce speech."""

from collections.abc import Callable
from dataclasses import dataclass

from kg.extract.rules import load

_LETTERS = ("A", "Q")
_SPEECH = 60  # characters that make a turn even without a full stop
_LAST_SENTENCE = 240
_PRONOUNS = ("he", "she")


@dataclass(frozen=True, slots=True)
class Turn:
    """The opening of a turn.

    Attributes:
        speaker: The label before the colon.
        length: Characters of the line up to what is said.
        has_speech: Whether what follows on the line is more than a word or two.
    """

    speaker: str
    length: int
    has_speech: bool


class Turns:
    """Tells the turns of one text from other lines with a colon."""

    def __init__(self, lines: list[str], is_person: Callable[[str], bool], *, is_transcript: bool) -> None:
        self._patterns = load().patterns
        self._is_person = is_person
        self._has_stops = sum(bool(self._patterns["stopped_turn"].match(line)) for line in lines) > 1
        found = [turn for line in lines if (turn := self._open(line)) and turn.has_speech]
        names = {turn.speaker for turn in found}
        alone = {name for name in names if self._is_formal(name)}
        self._all = is_transcript or len(names) > 1
        self._accepted = names if self._all else {name for name in alone if name not in _LETTERS}

    def open(self, line: str) -> Turn | None:
        """The opening of a turn that `line` is."""
        turn = self._open(line)
        return turn if turn and (self._all or turn.speaker in self._accepted) else None

    def is_questioner(self, speaker: str) -> bool:
        """Whether a label is that of somebody who asks and does not answer."""
        return self._patterns["questioner"].fullmatch(speaker) is not None

    def is_speaker(self, label: str) -> bool:
        """Whether a label names somebody by title or as a known person."""
        return self._is_formal(label) and not self._patterns["no_speaker"].search(label)

    def announced(self, line: str) -> str | None:
        """Who is said to say what the next paragraph holds: the name before “said:” at the end of a line."""
        pattern = self._patterns["announced_speech"]
        found = pattern.search(line[-_LAST_SENTENCE:]) if line.endswith(":") else None
        if found is None or found["speaker"].lower() in _PRONOUNS:
            return None
        return found["speaker"]

    def _open(self, line: str) -> Turn | None:
        names = ("stopped_turn", "turn") if self._has_stops else ("turn",)
        found = next((match for name in names if (match := self._patterns[name].match(line))), None)
        if found is None:
            return None
        speaker = found["speaker"] or found["question"]
        if not self._is_name(speaker):
            return None
        rest = line[found.end() :]
        has_speech = rest[-1] in ".?!…\"'-)" if rest else self._is_formal(speaker)
        has_speech = has_speech or len(rest) > _SPEECH
        return Turn(speaker, found.end(), has_speech)

    def _is_formal(self, speaker: str) -> bool:
        """Whether a label is a speaker's even where only one speaks, or only one line has it."""
        return self._patterns["formal_label"].match(speaker) is not None or self._is_person(speaker)

    def _is_name(self, speaker: str) -> bool:
        if speaker in _LETTERS or self._is_person(speaker):
            return True
        if self._patterns["page_label"].fullmatch(speaker):
            return False
        return self._patterns["questioner"].fullmatch(speaker) is not None or not self._patterns[
            "no_speaker"
        ].search(speaker)
