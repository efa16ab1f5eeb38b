"""Divides an analysis text into headings, paragraphs, items, turns of speakers and what is not read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kg.extract.rules import load
from kg.extract.text.extras import extra, split_extra
from kg.extract.text.turns import Turn, Turns

# “KUALA LUMPUR, Malaysia (AP) - ”, “BEIJING, May 12 (Xinhua) -- ”: no part of the first sentence.
DATELINE = re.compile(
    r"(?:[A-Z][A-Z .'/-]{2,40}(?:, [A-Z][A-Za-z. ]{2,25})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?"
    r"(?: \([A-Z][\w .&']{1,40}\))?"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})? \([A-Z][\w .&']{1,40}\)) --? ?(?=\S)"
)
HEADING_MARK = re.compile(r"#{1,6} +(?=\S)")
ITEM_MARK = re.compile(r"(?:[-*+•·] +|\(?\d{1,2}[.)] |\((?:[a-z]|[ivx]{1,4})\) )(?=\S)")
_DAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2} [A-Z][a-z]{2,8}\.?,? \d{4}|\d{4}-\d\d-\d\d|(?:January|February|March|April|May|June|July"
    r"|August|September|October|November|December) \d{4})"
)
DAY_ALONE = re.compile(rf"(?P<day>{_DAY})[.:]?")
DAY_FIRST = re.compile(rf"(?P<day>{_DAY})(?: ?[:|] | --? )(?=[A-Z\"])")
CAPITALS_LABEL = re.compile(r"[A-Z0-9][A-Z0-9 ,.'&/-]{2,80}:")
SENTENCE_END = re.compile(r"[.!?:;\"')\]]\s*$")
LONGEST_HEADING = 160
# “- On tariffs: "…"”: a list of quotations, each under a label.
QUOTED_ITEM = re.compile(r"(?P<label>[^\":;.!?]{1,80}(?:\.[^\":;.!?]{1,60})?): ?(?=\"[^\"]+\"?$)")
HEADINGS = ("title", "heading")
END_OF_RECORD = re.compile(r"(?:END|###|# # #|-END-|\(END\)|-30-)(?:\s+\d.*)?")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text that is parsed for itself.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last character.
        kind: `title`, `heading`, `paragraph` or `item`; `metadata`, `caption` and `related` are not read.
        speaker: Name before the colon that opens it or the turn that it continues.
        is_question: Whether that speaker asks and does not answer.
        lead: What a list hangs on: “China will:” above its items.
        day: Where the day stands that heads its entry in a chronology.
    """

    start: int
    end: int
    kind: str
    speaker: str | None = None
    is_question: bool = False
    lead: "Block | None" = None
    day: tuple[int, int] | None = None

    @property
    def is_read(self) -> bool:
        """Whether it says something of its own."""
        return self.kind in (*HEADINGS, "paragraph", "item")


def divide(
    text: str, title: str | None, *, is_person: Callable[[str], bool] = lambda _: False,
    is_transcript: bool = False,
) -> list[Block]:  # fmt: skip
    """The blocks of an analysis text in its order.

    Args:
        text: A paragraph, item, heading or cell a line.
        title: The title that the document is known by.
        is_person: Tells the name of a known person, for a text in which one speaker has a label.
        is_transcript: Whether the source calls it one.
    """
    inside = load().patterns["related_inside"]
    lines = [span for line in _lines(text) for span in split_extra(text, *line, inside)]
    words = [text[start:end] for start, end in lines]
    turns = Turns(words, is_person, is_transcript=is_transcript)
    divider = _Divider(text, title, turns, words)
    return list(_answered(_with_leads(divider.blocks(lines), text, turns), text, turns))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if words := line.strip():
            first = start + len(line) - len(line.lstrip())
            yield first, first + len(words)
        start += len(line) + 1


class _Divider:
    """Goes through the lines of a text and remembers who speaks and of which day."""

    def __init__(self, text: str, title: str | None, turns: Turns, lines: list[str]) -> None:
        self.text, self.title, self.turns = text, title, turns
        self.extras = extra(lines)
        self.speaker: str | None = None
        self.is_question = False
        self.day: tuple[int, int] | None = None
        self.has_text = False
        heads = [line for line in lines if DAY_ALONE.fullmatch(line) or DAY_FIRST.match(line)]
        self.is_chronology = len(heads) > 1

    def blocks(self, lines: list[tuple[int, int]]) -> Iterator[Block]:
        for number, (start, end) in enumerate(lines):
            yield from self._block(start, end, number, is_last=number == len(lines) - 1)

    def _block(self, start: int, end: int, number: int, *, is_last: bool) -> Iterator[Block]:
        words = self.text[start:end]
        if (day := DAY_ALONE.fullmatch(words)) is not None:
            if self.has_text or self.is_chronology:
                self.day = (start, start + day.end("day"))
            yield Block(start, end, "metadata")
            return
        if END_OF_RECORD.fullmatch(words):
            self.speaker = None
        if self.title and words == self.title:
            yield Block(start, end, "title")
            return
        turn = self.turns.open(words)
        if turn is None and (kind := self.extras(words)) is not None:
            self.day = None if words.isalpha() else self.day  # a heading of one word
            yield Block(start, end, kind)
            return
        if turn is None and (mark := ITEM_MARK.match(words)) is not None:
            quoted = QUOTED_ITEM.match(self.text, start + mark.end(), end)
            if quoted is not None and quoted.end() < end:
                yield from self._quoted_item(quoted, end)
                return
        if turn is not None:
            start = self._take(turn, start, words)
        if start < end:
            yield self._read(start, end, number, is_last=is_last)

    def _quoted_item(self, quoted: re.Match[str], end: int) -> Iterator[Block]:
        """“- Secretary Bessent: "…"”: a turn of one item; another label says nothing itself."""
        self.has_text = True
        is_speaker = self.turns.is_speaker(quoted["label"])
        if not is_speaker:
            yield Block(*quoted.span("label"), "metadata")
        speaker = quoted["label"] if is_speaker else self.speaker
        yield Block(quoted.end(), end, "item", speaker, day=self.day)

    def _take(self, turn: Turn, start: int, words: str) -> int:
        """Begin a turn; where its words begin."""
        self.speaker = turn.speaker
        self.is_question = self.turns.is_questioner(turn.speaker) or words.endswith("?")
        return start + turn.length

    def _read(self, start: int, end: int, number: int, *, is_last: bool) -> Block:
        words = self.text[start:end]
        day = self.day
        if (mark := HEADING_MARK.match(words)) is not None:
            self.day = self.speaker = None
            kind = "title" if number == 0 and not self.title else "heading"
            return Block(start + mark.end(), end, kind)
        if (mark := ITEM_MARK.match(words)) is not None:
            self.has_text = True
            start, kind = start + mark.end(), "item"
        else:
            kind = self._kind(words, number, is_last=is_last) if self.speaker is None else "paragraph"
        if kind in HEADINGS:
            self.day = None
            return Block(start, end, kind)
        self.has_text = True
        if (head := DAY_FIRST.match(self.text, start, end)) is not None:
            day, start = head.span("day"), head.end()
        elif (dateline := DATELINE.match(self.text, start, end)) is not None:
            start = dateline.end()
        return Block(start, end, kind, self.speaker, self.is_question, day=day)

    def _kind(self, words: str, number: int, *, is_last: bool) -> str:
        is_short = len(words) <= LONGEST_HEADING and not SENTENCE_END.search(words)
        if (is_short and not is_last) or CAPITALS_LABEL.fullmatch(words):
            return "title" if number == 0 and not self.title else "heading"
        return "paragraph"


def _with_leads(blocks: Iterator[Block], text: str, turns: Turns) -> Iterator[Block]:
    """The blocks with what their lists hang on, and with the speaker whom the sentence before announces."""
    lead: Block | None = None
    speaker: str | None = None
    goes_on = False
    for block in blocks:
        if not block.is_read:
            yield block
            continue
        words = text[block.start : block.end]
        is_item = block.kind == "item"
        if speaker is not None and (goes_on and not is_item and words[0] != '"'):
            speaker = None
        if speaker is not None and block.speaker is None and block.kind not in HEADINGS:
            block, goes_on = replace(block, speaker=speaker), True
        if is_item and lead is not None:
            block = replace(block, lead=lead)
        yield block
        if words.endswith(":") and not is_item:
            lead = block
            speaker, goes_on = turns.announced(words) if block.speaker is None else None, False
        elif not is_item:
            lead = None


def _answered(blocks: Iterator[Block], text: str, turns: Turns) -> Iterator[Block]:
    """The blocks with each speaker who only ever asks told as one who asks."""
    found = list(blocks)
    answering = {b.speaker for b in found if b.speaker and "?" not in text[b.start : b.end]}
    for block in found:
        if block.speaker is None:
            yield block
            continue
        never_answers = block.is_question and block.speaker not in answering
        yield replace(block, is_question=never_answers or turns.is_questioner(block.speaker))
