"""Answers a question: a sentence or two, the rows, the passages behind them, and the SPARQL that was run."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

from kg.lexicon import Lexicon
from kg.queries import Query
from kg.questions.absence import described
from kg.questions.citation import Citation, cited
from kg.questions.composition import COMPOSABLE, Composed, Composition
from kg.questions.disputed import caveat_of_reviews
from kg.questions.event_matching import EventMatcher
from kg.questions.frame import Frame
from kg.questions.grammar import is_han
from kg.questions.passages import TextSearch
from kg.questions.phrases import Phrases
from kg.questions.reader import (
    COMPOSED,
    FOREIGN,
    UNSURE,
    Context,
    QuestionReader,
    Reading,
    followed_by,
    problem_of,
)
from kg.questions.recognition import AGENT, TOPIC
from kg.questions.table_sentence import sentence
from kg.questions.topic_status import is_yes_no, topic_status
from kg.questions.undecided import caveat_of_rows
from kg.store import BoundQuery, Rows, Store

# What can be told of an agent or a topic that a question names, if it cannot be answered itself.
OFFERS = (
    ("claims-by-topic", "topic", TOPIC),
    ("excluded-topics", "topic", TOPIC),
    ("discussed-topics", "agent", AGENT),
    ("statements-by-person", "person", AGENT),
)
_ACCOUNT_WORD = re.compile(r"\b(?:readout|account|version|telling)s?\b", re.IGNORECASE)
ACCOUNTS = {"china": "Chinese account", "united-states": "U.S. account"}
CITED = 25
CERTAIN = 0.82  # from which the catalogue's own reading comes first though every word could be bound
PAST = 3  # questions of a conversation that are kept


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that could have been meant, in words and as a query with values."""

    text: str
    query: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back.

    Attributes:
        question: The words.
        verdict: `sure`, `unsure` or `declined`.
        text: The answer in a sentence or two, or why there is none.
        understood: How the question was read, in words.
        query: Name of the question of the catalogue.
        values: Its parameters.
        columns: Names of the columns.
        rows: Plain values, in the order of the columns; empty for what is unknown.
        citations: The passages, each once, in order of the rows.
        only_mentions: Whether these only mention what is asked about, as no fact was read that answers.
        sparql: What was run, or a query that gives the same.
        link: Path of the query page with it.
        suggestions: Other readings, or what can be answered about what the question names.
        context: To be sent with the next question.
    """

    question: str
    verdict: str
    text: str
    understood: str = ""
    query: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    citations: tuple[Citation, ...] = ()
    only_mentions: bool = False
    sparql: str = ""
    link: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    context: Context | None = None


class Select(Protocol):
    """Runs a SELECT, as `Store.select` does."""

    def __call__(self, query: str | BoundQuery) -> Rows:
        """The rows."""


class Answerer:
    """Answers questions from one store; built once for a state of it."""

    def __init__(
        self,
        store: Store,
        catalogue: Mapping[str, Query],
        lexicon: Lexicon,
        *,
        select: Select | None = None,
        search: TextSearch | None = None,
    ) -> None:
        """Answer from a store.

        Args:
            store: Where the answers are.
            catalogue: The questions that can be answered.
            lexicon: Names and words.
            select: Runs the question itself, which may take long; without it, the store does.
            search: Finds passages where the graph has no fact.
        """
        self.store, self.catalogue, self.lexicon = store, catalogue, lexicon
        self.select = store.select if select is None else select
        self.reader = QuestionReader(catalogue, lexicon, store)
        self.composition = Composition(store, lexicon, self.reader.events, self.reader.today, search)

    @property
    def events(self) -> EventMatcher:
        """The stored events."""
        return self.reader.events

    def ask(self, question: str, context: Context | None = None) -> Answer:
        """Read and answer a question.

        Args:
            question: Words of a person.
            context: What the answer before gave back.
        """
        if problem := problem_of(question):
            return self._declined(Reading(question, "declined", problem=problem))
        asked = [*_asked(context), question]
        frame = self.composition.reader.read(asked)
        before = context if context is not None and context.query != COMPOSED else None
        reading = self.reader.read(question, before)
        own = None
        if reading.verdict == "sure" and self._comes_first(reading, frame, context):
            own = self._answered(reading)
            if own.rows or frame is None or frame.is_special:
                return own
        if frame is not None and self.composition.is_ours(frame):
            composed = self.composition.answer(frame)
            is_better = own is None and (reading.verdict != "sure" or reading.query in COMPOSABLE)
            if composed.reply.is_found or composed.mentions or frame.cancelled or is_better:
                return self._composed(composed, asked, reading)
        if reading.verdict == "sure" and not is_han(question):
            return own or self._answered(reading)
        if reading.verdict == "declined" and (found := self.composition.passages(question)) is not None:
            words = Phrases(self.lexicon, "zh" if is_han(question) else "en")
            if not found:
                text = words.say("No document in the graph has these words.", "图谱中没有文件含有这些词。")
                return Answer(question, "declined", text, suggestions=tuple(self._offers(reading)))
            text = words.say(
                "This is no question that I know; these passages have its words.",
                "没有认出问题；以下段落含有这些词。",
            )
            return Answer(question, "unsure", text, citations=found, only_mentions=True)
        if frame is not None and not self.composition.is_ours(frame):
            return self._declined(replace(reading, problem=FOREIGN))
        return self._declined(reading) if reading.verdict == "declined" else self._unsure(reading)

    def _comes_first(self, reading: Reading, frame: Frame | None, context: Context | None) -> bool:
        """Whether a question of the catalogue is surely meant that composition cannot answer."""
        if frame is None:
            return True
        if reading.query in COMPOSABLE or (context is not None and context.query == COMPOSED):
            return False
        if not frame.is_special and not _has_all(reading, frame):
            return False
        return bool(frame.unknown) or frame.is_special or reading.confidence >= CERTAIN

    def _composed(self, composed: Composed, asked: Sequence[str], reading: Reading) -> Answer:
        frame, reply = composed.frame, composed.reply
        words = Phrases(self.lexicon, frame.language)
        columns = tuple(reply.rows[0]) if reply.rows else ()
        is_dropped = bool(frame.unknown and (not frame.words or (frame.is_guess and not composed.mentions)))
        rows = (
            tuple(tuple(row.get(name, "") for name in columns) for row in reply.rows)
            if reply.is_found
            else ()
        )
        text, verdict = reply.text, "sure"
        if is_dropped and reply.is_found:
            verdict = "unsure"
        citations: tuple[Citation, ...] = ()
        if reply.is_found:
            wanted = [*dict.fromkeys(reply.quotes)][:CITED]
            citations = cited(self.store, wanted)
        elif composed.mentions:
            verdict = "unsure"
            text = words.say(
                "No fact was read that answers this; these passages mention it.",
                "没有读到能回答这个问题的事实；以下段落提到了它。",
            )
            if reply.text and reply.instead:
                text = f"{reply.text} {text}" if not words.is_chinese else reply.text + text
            citations = composed.mentions
        elif is_dropped:
            verdict = "declined"
            text = words.say("I can't answer that.", "无法回答这个问题。")
        text += self._notes(frame, words, is_dropped=is_dropped) + self.composition.undecided(composed)
        text += caveat_of_reviews(self.store, words, citations)
        return Answer(
            question=frame.question,
            verdict=verdict,
            text=text,
            understood=described(frame, words),
            columns=columns if rows else (),
            rows=rows,
            citations=citations,
            only_mentions=not reply.is_found and bool(citations),
            sparql=reply.sparql,
            link="/query?" + urlencode({"query": reply.sparql}) if reply.sparql else "",
            suggestions=self._others(reading),
            context=Context(COMPOSED, {str(number): text for number, text in enumerate(asked[-PAST:], 1)}),
        )

    def _others(self, reading: Reading) -> tuple[Suggestion, ...]:
        """The questions of the catalogue that could have been meant, but for those that need a value more."""
        return tuple(
            Suggestion(self.describe(query, it.values), it.query, it.values)
            for it in reading.nearest
            if it.score >= UNSURE and it.values
            for query in (self.catalogue[it.query],)
            if not any(need.required and key not in it.values for key, need in query.parameters.items())
        )

    def _notes(self, frame: Frame, words: Phrases, *, is_dropped: bool) -> str:
        """What was read otherwise than typed, and what could not be bound."""
        notes = ""
        if frame.corrected:
            pairs = words.listed(f"“{typed}” → “{read}”" for typed, read in frame.corrected)
            notes += words.say(" Read: {pairs}.", "读作：{pairs}。", pairs=pairs)
        if is_dropped:
            unknown = words.listed(f"“{word}”" for word in frame.unknown)
            notes += words.say(" Not understood: {unknown}.", "未理解：{unknown}。", unknown=unknown)
        return notes

    def _answered(self, reading: Reading) -> Answer:
        assert reading.query is not None
        query = self.catalogue[reading.query]
        bound = query.bind(reading.values)
        sparql = bound.text
        found = self.select(bound)
        columns = found.variables
        rows = tuple(tuple(value or "" for value in row) for row in found.texts())
        citations = tuple(self._citations(columns, rows))
        words = Phrases(self.lexicon, _language(reading))
        return Answer(
            question=reading.question,
            verdict=reading.verdict,
            text=self._text(reading, query, columns, rows)
            + caveat_of_rows(self.events, words, columns, rows, sparql)
            + caveat_of_reviews(self.store, words, citations),
            understood=self.describe(query, reading.values),
            query=query.name,
            values=reading.values,
            columns=columns,
            rows=rows,
            citations=citations,
            sparql=sparql,
            link="/query?" + urlencode({"query": sparql}),
            context=followed_by(reading),
        )

    def _unsure(self, reading: Reading) -> Answer:
        suggestions = tuple(
            Suggestion(self.describe(self.catalogue[it.query], it.values), it.query, it.values)
            for it in reading.nearest
        )
        return Answer(
            reading.question,
            "unsure",
            "I am not sure what is asked. Did you mean one of these?",
            suggestions=suggestions,
        )

    def _declined(self, reading: Reading) -> Answer:
        offered = tuple(self._offers(reading))
        text = f"I can't answer that: {reading.problem}."
        if offered:
            text += " What I can answer about what you name:"
        return Answer(reading.question, "declined", text, suggestions=offered)

    def _offers(self, reading: Reading) -> Iterator[Suggestion]:
        """Questions about the agents and topics that were recognised."""
        names = {
            kind: [n for n in reading.names if n.kind == kind and len(n.iris) == 1] for kind in (AGENT, TOPIC)
        }
        for name, key, kinds in OFFERS:
            query = self.catalogue.get(name)
            if query is not None and names[kinds] and key in query.parameters:
                values = {key: names[kinds][0].iris[0]}
                yield Suggestion(self.describe(query, values), name, values)

    def describe(self, query: Query, values: Mapping[str, str]) -> str:
        """A query with its values in words: “Demands (side: China)”."""
        parts = [f"{key.replace('_', ' ')}: {self.caption(value)}" for key, value in values.items()]
        return f"{query.title} ({'; '.join(parts)})" if parts else query.title

    def caption(self, value: str) -> str:
        """A value in words: the name of a thing, the description of an event, a date as it is."""
        if "://" not in value:
            return value
        return self.events.title(value) or self.lexicon.label(value)

    # ── The sentence ──

    def _text(
        self, reading: Reading, query: Query, columns: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> str:
        if is_yes_no(reading.question) and "topic" in reading.values:
            events = self._events(reading, columns, rows)
            if len(events) == 1:
                topic = reading.values["topic"]
                return topic_status(
                    reading.question,
                    events[0],
                    topic,
                    self.store,
                    self.caption(events[0]),
                    self.caption(topic),
                    _account(reading),
                )
        if not rows:
            return f"No document in the graph says so ({self.describe(query, reading.values)})."
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        return sentence(query.title, columns, named, self.caption)

    def _events(self, reading: Reading, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        if "event" in reading.values:
            return [reading.values["event"]]
        if "date" in reading.values:
            return self.events.on(reading.values["date"])
        index = columns.index("event") if "event" in columns else None
        return sorted({row[index] for row in rows if row[index]}) if index is not None else []

    # ── The passages ──

    def _citations(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Citation]:
        if "quote" not in columns or "document" not in columns:
            return
        quote, document = columns.index("quote"), columns.index("document")
        wanted = dict.fromkeys((row[document], row[quote]) for row in rows if row[document] and row[quote])
        yield from cited(self.store, [*wanted][:CITED])


def _has_all(reading: Reading, frame: Frame) -> bool:
    """Whether a question of the catalogue has a value for the place, the time and whoever is named."""
    values = {*reading.values}
    if "event" in values:
        return True
    has_place = not frame.places or "place" in values
    has_time = not frame.period or bool({"date", "from", "to", "year"} & values)
    return has_place and has_time and (not frame.parties or bool(values - {"date", "from", "to", "place"}))


def _asked(context: Context | None) -> list[str]:
    """The questions of a conversation, in order."""
    if context is None or context.query != COMPOSED:
        return []
    return [text for _, text in sorted(context.values.items())]


def _language(reading: Reading) -> str:
    return "zh" if is_han(reading.question) else "en"


def _account(reading: Reading) -> str:
    """The account that a question confines itself to: “in the *Chinese readout*”."""
    if not _ACCOUNT_WORD.search(reading.question):
        return ""
    named = [part for name in reading.names for part in (name, *name.parts)]
    sides = [iri.rsplit("/", 1)[-1] for name in named if name.kind == AGENT for iri in name.iris]
    known = [ACCOUNTS[side] for side in sides if side in ACCOUNTS]
    return known[0] if len(known) == 1 else ""


__all__ = ["Answer", "Answerer", "Citation", "Select", "Suggestion"]
