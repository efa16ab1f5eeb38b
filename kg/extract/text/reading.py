"""One document made ready for the rules: its sentences, names, dates and durations, found by offset."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from spacy.tokens import Doc, Span, Token

from kg.extract.references.mentions import Mentions, find_mentions
from kg.extract.text.blocks import HEADINGS, Block, divide
from kg.extract.text.normalise import normalise
from kg.extract.time.dates import DateMention, find_dates, resolve
from kg.extract.time.durations import DurationMention, find_durations
from kg.language import language
from kg.lexicon import Lexicon
from kg.model import Document, Passage
from kg.report import ReadingReport

OFFSET = "offset"
LONGEST_SENTENCE = 300  # words; what has more is a table or a list, and its parse tells nothing
WORD = re.compile(r"[^\W\d_][\w']*")
DATELINE = re.compile(
    r"(?<![\w.'-])[A-Z][\w.'-]*(?:(?: ?/ ?| )[A-Z][\w.'-]*){0,4}"
    r"(?:, (?:[A-Z][\w.]+ \d{1,2}(?:, \d{4})?|[A-Z][\w. ]{2,20}))?"
    r"(?: \([^)]{1,30}\))?(?: --? | ?: )"
)
# “will (i) lower tariffs; and (ii) lift curbs”: the number of an item, which the parser takes for a word.
ITEM_NUMBER = re.compile(r"(?<=[\s;,:])\((?:[ivx]{1,5}|[a-h]|\d{1,2})\)(?=\s+[a-z])")
PIECE = re.compile(r"[^.!?\n]+")
SHOUTED_WORDS = 5  # words without a small letter that make a sentence in capitals, and no name
# Surnames that the parser would take for pronouns, under a stand-in of the same length.
# “The two discussed trade”, which the parser takes for a noun phrase, under a stand-in of the same length.
THE_TWO = re.compile(r"\bThe two(?= (?:also |then |had |have )?(?:\w+ed|met|spoke|held|began|had|saw)\b)")
# Family names that the parser knows, by their length: for those that it would take for adjectives or verbs.
COMMON_NAMES = {4: "Wood", 5: "Smith", 6: "Wilson", 7: "Johnson", 8: "Anderson", 9: "Alexander"}
STAND_INS = {"He": "Ho", "She": "Sho", "You": "Yuo"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place in the document."""

    span: Span
    block: Block
    start: int
    end: int
    is_question: bool  # whether it ends with a question mark

    @property
    def root(self) -> Token:
        """The word that heads it."""
        return self.span.root


def start_of(token: Token) -> int:
    """Offset of the first character of `token` in the body."""
    return int(token.doc.user_data[OFFSET]) + int(token.idx)


def end_of(token: Token) -> int:
    """Offset after the last character of `token` in the body."""
    return start_of(token) + len(token)


class Reading:
    """A document under analysis.

    Attributes:
        document: What is read.
        mapped: Its body made ready for analysis; all offsets but those of passages count in it.
        text: The characters of that.
        title: Its title, made ready likewise.
        mentions: The names in it.
        blocks: Its paragraphs and headings.
        skipped: What stands around them and is not read.
        report: What was not read, and why; each stage may add to it.
    """

    def __init__(self, document: Document, lexicon: Lexicon) -> None:
        self.document = document
        self.lexicon = lexicon
        self.mapped = normalise(document.body, lexicon)
        self.text = self.mapped.text
        self.title = normalise(document.title, lexicon).text.strip() if document.title else None
        self.mentions: Mentions = find_mentions(document, self.text, lexicon, title=self.title)
        divided = divide(
            self.text,
            self.title,
            is_person=self._is_person,
            is_transcript=document.kind == "Transcript",
        )
        self.blocks = [block for block in divided if block.is_read]
        self.skipped = [block for block in divided if not block.is_read]
        self.report = ReadingReport(
            document.id, language(self.text) or document.language, document.published, document.published_from
        )
        self.sentences: list[Sentence] = []
        self.headline = self._headline()

    def texts(self) -> list[str]:
        """What is to be parsed: one text a block, of the block's length."""
        own = [self._parsable(block) for block in self.blocks]
        return own + self.headline.texts() if self.headline else own

    def take(self, parses: Iterable[Doc]) -> None:
        """Accept the parses of `texts`, in their order."""
        waiting = iter(parses)
        for block in self.blocks:
            doc = next(waiting)
            doc.user_data[OFFSET] = block.start
            self.sentences += _sentences(doc, block)
        if self.headline:
            self.headline.take(waiting)

    def passage(self, start: int, end: int) -> Passage:
        """The characters of the body that stand between two offsets, without blanks at the ends."""
        start, end = self.mapped.span(start, end)
        return Passage(start, end, self.document.body[start:end])

    def note(self, kind: str, start: int, end: int, text: str = "") -> None:
        """Note in the reading report what is not read of the characters between two offsets, or why not."""
        self.report.note(kind, self.mapped.span(start, end), text or self.words(start, end))

    def words(self, start: int, end: int) -> str:
        """The characters between two offsets as one line, spelt as the document spells them."""
        return self.mapped.written(start, end)

    @cached_property
    def dates(self) -> list[DateMention]:
        """The date expressions, resolved as of the past."""
        return find_dates(self.text, published=self.document.published)

    @cached_property
    def durations(self) -> list[DurationMention]:
        """The lengths of time."""
        return find_durations(self.text)

    def dates_in(self, start: int, end: int) -> list[DateMention]:
        """The date expressions between two offsets."""
        starts = self._date_starts
        near = self.dates[bisect_left(starts, start) : bisect_left(starts, end)]
        return [found for found in near if found.end <= end]

    @cached_property
    def _date_starts(self) -> list[int]:
        return [found.start for found in self.dates]

    def ahead(self, mention: DateMention, since: str | None = None) -> DateMention:
        """`mention` as a date to come, seen from the day of publication or from `since`."""
        return resolve(mention, since or self.document.published, future=True)

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that covers an offset."""
        index = bisect_right(self._sentence_starts, offset) - 1
        return self.sentences[index] if index >= 0 and offset < self.sentences[index].end else None

    def sentences_before(self, offset: int) -> Iterator[Sentence]:
        """The sentences that end before the one at an offset, the nearest first."""
        index = bisect_right(self._sentence_starts, offset) - 1
        is_inside = index >= 0 and offset < self.sentences[index].end
        return reversed(self.sentences[: index if is_inside else index + 1])

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def token_at(self, sentence: Sentence, offset: int) -> Token | None:
        """The word of `sentence` that covers an offset."""
        base = offset - sentence.block.start
        doc, at, end = sentence.span.doc, sentence.span.start, sentence.span.end
        while at + 1 < end:  # the last word that does not begin after it
            middle = (at + end) // 2
            at, end = (middle, end) if doc[middle].idx <= base else (at, middle)
        return word if (word := doc[at]).idx <= base < word.idx + len(word) else None

    def _is_person(self, name: str) -> bool:
        """Whether `name` is that of a known person and nothing else."""
        found = [match for match in self.lexicon.find(name) if match.group == "agent"]
        return any(
            self.lexicon.is_a(entry.kind, "Person") and match.end == len(name)
            for match in found
            for entry in match.entries
        )

    def _headline(self) -> "Reading | None":
        """The title as a text of its own, where it does not stand in the body."""
        title = self.document.title
        if not title or self.title == self.text.strip() or any(b.kind == "title" for b in self.blocks):
            return None
        return Reading(replace(self.document, body=title, title_passage=None), self.lexicon)

    def _parsable(self, block: Block) -> str:
        words = self.text[block.start : block.end]
        if block.kind in HEADINGS:
            words = self._lowered(words, block.start).replace(";", ".")
        else:
            words = self._without_dateline(words, block.start)
            words = PIECE.sub(lambda m: self._spoken(m[0], block.start + m.start()), words)
        for mention in self.mentions.agents_in(block.start, block.end):
            if mention.is_person:
                words = _masked(words, mention.start - block.start, mention.end - block.start)
        words = ITEM_NUMBER.sub(lambda m: " " * len(m[0]), words)
        return THE_TWO.sub("Leaders", words)

    def _without_dateline(self, words: str, offset: int) -> str:
        """A paragraph with blanks for “BEIJING, May 12 (Xinhua) --” or “Beijing/Washington:”."""
        dateline = DATELINE.match(words)
        if dateline is None or not self.mentions.places_in(offset, offset + 1):
            return words
        return " " * dateline.end() + words[dateline.end() :]

    def _spoken(self, words: str, offset: int) -> str:
        """A sentence in capitals as it would be written without: the parser takes capitals for names."""
        if not words.isupper() or len(words.split()) < SHOUTED_WORDS:
            return words
        names = [
            (m.start - offset, m.end - offset) for m in self.mentions.agents_in(offset, offset + len(words))
        ]

        def lower(match: re.Match[str]) -> str:
            if any(a <= match.start() < b for a, b in names):
                return match[0].title() if len(match[0]) > 2 or match[0] == "XI" else match[0]
            return "I" if match[0] == "I" else match[0].lower()

        return WORD.sub(lower, words)

    def _lowered(self, words: str, offset: int) -> str:
        """A headline without its capitals, names left alone: “Trump *holds call* with Xi”."""
        names = [
            (m.start - offset, m.end - offset) for m in self.mentions.agents_in(offset, offset + len(words))
        ]
        names += [
            (m.start - offset, m.end - offset) for m in self.mentions.places_in(offset, offset + len(words))
        ]
        names += [(m.start - offset, m.end - offset) for m in self.mentions.offices]

        def lower(match: re.Match[str]) -> str:
            is_name = any(a <= match.start() < b for a, b in names) or match[0].isupper()
            return match[0] if is_name else match[0].lower()

        return WORD.sub(lower, words)


def _masked(words: str, start: int, end: int) -> str:
    """A text with a person's name as the parser knows names, no longer and no shorter."""
    name = words[start:end]
    if name.isalpha() and name.istitle() and len(name) in COMMON_NAMES:
        return words[:start] + COMMON_NAMES[len(name)] + words[end:]
    parts = re.sub(r"\b(?:He|She|You)\b", lambda m: STAND_INS[m[0]], words[start:end])
    return words[:start] + parts + words[end:]


def _sentences(doc: Doc, block: Block) -> Iterator[Sentence]:
    for span in doc.sents:
        tokens = [token for token in span if not token.is_space]
        if tokens and len(tokens) <= LONGEST_SENTENCE:
            asks = span.text.rstrip("\"')] ").endswith("?")
            yield Sentence(span, block, start_of(tokens[0]), end_of(tokens[-1]), asks)
