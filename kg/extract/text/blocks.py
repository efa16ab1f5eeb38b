"""Divides a body into headings, paragraphs and turns of speakers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE = re.compile(r"[^\n]*\S[^\n]*")
# “Karoline Leavitt: …”, “Q: …”, “MR. KIRBY: …”: a name of few words, then a colon.
TURN = re.compile(
    r"(?P<speaker>(?:[A-Z][\w.'-]*)(?:,? (?:of|the|from|[A-Z(][\w.,')-]*)){0,7}|Q|A|QUESTION|ANSWER)"
    r"(?: ?\([^)]{1,40}\))?: (?=\S)|(?P<question>Q)[.  ]+(?=\S)"
)
# “Published: 2025-08-12”, “Contact: the press office”: what a page says of itself.
LABEL = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|released|issued|edited|written)(?: by| on| at)?|"
    r"dates?|dateline|sources?|authors?|by(?:line)?|editors?|contacts?|location|venue|time|photos?|captions?|"
    r"images?|videos?|notes?|related|read more|see also|tags?|categor(?:y|ies)|topics?|keywords?|subjects?|"
    r"re|to|from|cc|url|links?|copyright|language|section|summary|background|participants|updates?|correction)",
    re.IGNORECASE,
)
# “KUALA LUMPUR, Malaysia (AP) - ”, “BEIJING, May 12 (Xinhua) -- ”: no part of the first sentence.
DATELINE = re.compile(
    r"[A-Z][A-Z .'/-]{2,40}(?:, [A-Z][A-Za-z. ]{2,25})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?"
    r"(?: \([A-Z][\w .&']{1,40}\))? (?:--?|[–—]) (?=\S)"
)
NO_NAME = re.compile(r"\b(?:with|for|on|to|in|and|an?|by|at|this|that|more|new|\w+ing)\b|\d", re.IGNORECASE)
QUESTIONERS = re.compile(r"(?i:Q|question|reporter|journalist|media|moderator|operator|host|press)\b.*")
METADATA = re.compile(
    r"\([^()]{1,60}\)|(?i:via [a-z]+)|"
    r"(?:[\w ]{1,20}:\s*)?[\d\s:/.-]*|\S{1,40}|-?\S*\.(?:jpg|png|jpeg|gif)|Tags?:.*"
)
SENTENCE_END = re.compile(r"[.!?:;\"')\]]\s*$")
HEADING_MARK = re.compile(r"#{1,6} +(?=\S)")
LONGEST_HEADING = 160
SPEECH = 60  # characters that make a turn even without a full stop
TURN_LETTERS = ("A", "Q")
HEADINGS = ("title", "heading")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the body that is parsed for itself.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last character.
        kind: `title`, `heading`, `paragraph` or `metadata`.
        speaker: Name before the colon that opens it or the turn that it continues.
        is_question: Whether that speaker asks and does not answer.
    """

    start: int
    end: int
    kind: str
    speaker: str | None = None
    is_question: bool = False


def divide(text: str, title: str | None) -> list[Block]:
    """The blocks of a normalised body in its order."""
    lines = list(LINE.finditer(text))
    names = {name for line in lines if (name := _speaks(line[0].strip()))}
    is_transcript = len(names) > 1
    blocks: list[Block] = []
    speaker: str | None = None
    is_question = False
    for number, line in enumerate(lines):
        start, end = _stripped(line)
        mark = HEADING_MARK.match(text, start, end)
        start = mark.end() if mark else start
        words = text[start:end]
        if is_transcript and (turn := _turn(words)):
            speaker = turn["speaker"] or turn["question"]
            is_question = QUESTIONERS.fullmatch(speaker) is not None or words.endswith("?")
            start += turn.end()
        elif (dateline := DATELINE.match(words)) is not None:
            start += dateline.end()
        kind = (
            _kind(words, number, title, is_last=number == len(lines) - 1) if speaker is None else "paragraph"
        )
        if mark is not None and kind == "paragraph":
            kind = "heading"
        blocks.append(Block(start, end, kind, speaker, is_question))
    return list(_answered(blocks, text))


def _answered(blocks: list[Block], text: str) -> Iterator[Block]:
    """The blocks with each speaker who only ever asks told as one who asks."""
    answering = {b.speaker for b in blocks if b.speaker and not _asks(b, text)}
    for block in blocks:
        never_answers = block.is_question and block.speaker not in answering
        asks = block.speaker is not None and (never_answers or bool(QUESTIONERS.fullmatch(block.speaker)))
        yield Block(block.start, block.end, block.kind, block.speaker, asks)


def _asks(block: Block, text: str) -> bool:
    return "?" in text[block.start : block.end]


def _turn(words: str) -> re.Match[str] | None:
    """The name and colon that open a turn; no heading such as “WHAT COMES WITH IT: …”."""
    turn = TURN.match(words)
    if turn is None or turn["speaker"] in TURN_LETTERS:
        return turn
    if turn["speaker"] and NO_NAME.search(turn["speaker"]):
        return None
    return None if turn["speaker"] and LABEL.fullmatch(turn["speaker"]) else turn


def _speaks(words: str) -> str | None:
    """The name that opens a turn of more than a word or two, so that a list of labels makes no transcript."""
    turn = _turn(words)
    is_speech = turn is not None and (words[-1] in ".?!…\"'" or len(words) - turn.end() > SPEECH)
    return (turn["speaker"] or turn["question"]) if turn and is_speech else None


def _stripped(line: re.Match[str]) -> tuple[int, int]:
    words = line[0]
    return line.start() + len(words) - len(words.lstrip()), line.start() + len(words.rstrip())


def _kind(words: str, number: int, title: str | None, *, is_last: bool) -> str:
    if title and words == title.strip():
        return "title"
    if METADATA.fullmatch(words):
        return "metadata"
    is_short = len(words) <= LONGEST_HEADING and not SENTENCE_END.search(words)
    if is_short and not is_last:
        return "title" if number == 0 and not title else "heading"
    return "paragraph"
