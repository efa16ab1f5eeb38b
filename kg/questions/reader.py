"""Reads a question: what it names, which question of the catalogue it is, and how sure that is."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal as Choice

from kg.errors import InputError
from kg.lexicon import Lexicon
from kg.queries import Query, catalogue
from kg.questions.event_matching import EXCHANGES, EventMatcher
from kg.questions.intent import SLOT, Candidate, Intents
from kg.questions.recognition import AGENT, DATE, EVENT, OFFICE, PLACE, TOPIC, Name, recognise
from kg.questions.stemming import WORD, concepts
from kg.store import Store
from kg.terms import BASE

Verdict = Choice["sure", "unsure", "declined"]
SURE, UNSURE = 0.58, 0.34
MARGIN = 0.04  # by which the best reading must lead
UNKNOWN = 0.62  # for each word that no phrasing knows
NEAREST = 3
LONGEST = 400
COMPOSED = "question"  # what the context of a composed answer calls its query; its values are the questions
FOREIGN = "the graph is about the relations of the United States and China"
AGENT_FOLDERS = frozenset({"country", "group", "organization", "person"})
CODE = re.compile(r"[{}<>\\]|\b(?:select|insert|delete|drop|construct|union|filter)\b.*[{?*]|;\s*\w+", re.I)
# What no document can answer: advice, worth, causes, what is yet to come.
BEYOND = re.compile(
    r"^\s*(?:should|would|could|why|will|shall|may i|can you|are you|do you|is it (?:right|good|fair))\b|"
    r"\b(?:do you think|your opinion|in your view|better than|best|worst|who will (?:win|be|become)|"
    r"who is right|(?:is|are|was|were) .*\b(?:good|bad|fair|right|wrong) (?:for|that|to)|recommend|"
    r"advice|predict for me|stocks?|invest|poem|joke)\b",
    re.IGNORECASE,
)
PASSIVE = re.compile(r"\b(?:was|were|is|are|been)\s+(?:the\s+)?$", re.IGNORECASE)
DONE = re.compile(r"\s+(?:\w+ed|told|put)\b", re.IGNORECASE)
FOLLOW_UP = re.compile(r"^\s*(?:and|what about|how about|but|also)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation was about: goes out with an answer and comes back with the next question.

    Attributes:
        query: Name of the question of the catalogue.
        values: Its parameters.
    """

    query: str
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Context":
        """The context that JSON holds.

        Raises:
            InputError: it is not what an answer gives back.
        """
        try:
            found = json.loads(text)
            return cls.of(found["query"], found.get("values", {}))
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                'a context is JSON such as {"query": "calls", "values": {"from": "2024"}}'
            ) from error

    @classmethod
    def of(cls, query: object, values: object) -> "Context":
        """A context of a query that the catalogue has and values that are text.

        Raises:
            InputError: it is none.
        """
        if not isinstance(query, str) or (query != COMPOSED and query not in catalogue()):
            raise InputError(f"context: the catalogue has no question {query!r}")
        if not isinstance(values, dict) or not all(
            isinstance(it, str) for pair in values.items() for it in pair
        ):
            raise InputError("context: values must be an object of texts")
        return cls(query, values)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question is understood.

    Attributes:
        question: The words.
        verdict: `sure`, `unsure` (the nearest readings are offered) or `declined`.
        query: Name of the question of the catalogue; `None` if declined.
        values: Its parameters.
        confidence: From 0 to 1.
        names: What the question names.
        nearest: Other readings, the likeliest first.
        problem: Why it is not answered, in one line.
    """

    question: str
    verdict: Verdict
    query: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.0
    names: tuple[Name, ...] = ()
    nearest: tuple[Candidate, ...] = ()
    problem: str | None = None


class QuestionReader:
    """Reads questions; built once for a catalogue and a state of the store."""

    def __init__(
        self, catalogue: Mapping[str, Query], lexicon: Lexicon, store: Store, *, today: str | None = None
    ) -> None:
        """Prepare to read.

        Args:
            catalogue: The questions that can be answered.
            lexicon: The names that are known.
            store: Where described events are looked up.
            today: Day that “last month” counts from; by default that of the newest document.
        """
        self.catalogue, self.lexicon = catalogue, lexicon
        self.intents = Intents(catalogue, lexicon)
        self.events = EventMatcher(store, lexicon)
        self.today = today or _newest(store)

    def read(self, question: str, context: Context | None = None) -> Reading:
        """Understand a question, or say why not.

        Args:
            question: Words of a person, in English.
            context: What the question before was about, for “and what did China say?”.
        """
        if problem := problem_of(question):
            return Reading(question, "declined", problem=problem)
        names = [self.events.resolve(it) for it in recognise(question, self.lexicon, self.today)]
        names = self._implied(names)
        if not self._is_ours(names):
            return Reading(question, "declined", names=tuple(names), problem=FOREIGN)
        if context is not None:
            names = [*names, *self._kept(context, names, question)]
        words, names, found = self._weighed(question, names, context)
        return self._judged(question, names, words, found)

    def _kept(self, context: Context, names: list[Name], question: str) -> list[Name]:
        """What the question before named and this one does not replace: “and what did *China* say?”."""
        given = {EVENT if it.kind in (DATE, PLACE) else it.kind for it in names}
        is_whole = bool(names) and not FOLLOW_UP.search(question) and EVENT in given
        kept = [] if is_whole else [self._remembered(key, value) for key, value in context.values.items()]
        return [it for it in kept if (EVENT if it.kind == DATE else it.kind) not in given]

    def _remembered(self, key: str, value: str) -> Name:
        if "://" not in value:
            return Name(0, 0, DATE, (), value, None, {"from": "since", "to": "until"}.get(key))
        folder = value.removeprefix(f"{BASE}id/").split("/")[0]
        kind = {"topic": TOPIC, "policy": TOPIC, "office": OFFICE, "place": PLACE}.get(folder)
        if kind is None:
            kind = AGENT if folder in AGENT_FOLDERS else EVENT
        return Name(0, 0, kind, (value,))

    def _implied(self, names: list[Name]) -> list[Name]:
        """“What did *Trump and Xi* discuss on *June 5*?”: agents with a day or place stand for an event."""
        parts = [it for it in names if it.kind == AGENT or (it.kind in (DATE, PLACE) and it.relation is None)]
        agents = [it for it in parts if it.kind == AGENT and it.relation is None]
        dates = [it for it in parts if it.kind == DATE]
        if len(agents) != 2 or len(parts) != 3 or any(it.kind == EVENT for it in names):
            return names
        event = Name(parts[0].start, parts[-1].end, EVENT, parts=tuple(parts), kinds=EXCHANGES)
        if dates:
            event = replace(event, date=dates[0].date, yearless=dates[0].yearless)
        found = self.events.resolve(event)
        return [found, *(it for it in names if it not in parts)] if found.iris else names

    def _weighed(
        self, question: str, names: list[Name], context: Context | None
    ) -> tuple[list[str], list[Name], list[Candidate]]:
        """The likeliest reading: with all names, or with the words of one of them taken for what is asked."""
        best: tuple[list[str], list[Name], list[Candidate]] | None = None
        for left_out in (None, *(it for it in names if it.kind in (TOPIC, PLACE, OFFICE) and it.end)):
            kept = [it for it in names if it is not left_out]
            words = self._words(question, kept)
            if not words and context is not None:  # “and Iran?”
                words = [*concepts(SLOT.sub(" ", self.catalogue[context.query].phrasings[0]))]
            if left_out is not None and not any(
                word in self.intents.weights for word in concepts(question[left_out.start : left_out.end])
            ):
                continue
            found = self.intents.candidates(words, kept, is_passive=_is_passive(question, kept))
            if best is None or found[0].score > best[2][0].score + MARGIN:
                best = words, kept, found
        assert best is not None
        return best

    def _judged(self, question: str, names: list[Name], words: list[str], found: list[Candidate]) -> Reading:
        unknown = [word for word in words if word not in self.intents.weights and word != "not"]
        factor = UNKNOWN ** len(unknown)
        if any(it.kind == EVENT and not it.iris and it.date is None and it.parts for it in names):
            factor *= 0.5  # an event that nobody knows
        best, *others = found
        confidence = best.score * factor
        meant = sorted(best.values.values())
        rival = next((it for it in others if sorted(it.values.values()) != meant), None)
        is_close = rival is not None and best.score - rival.score < MARGIN
        nearest = tuple(it for it in found[:NEAREST])
        if confidence < UNSURE:
            problem = f"no question of the catalogue fits{_of(unknown)}"
            return Reading(question, "declined", None, {}, confidence, tuple(names), nearest, problem)
        verdict: Verdict = "sure" if confidence >= SURE and not is_close and not best.unused else "unsure"
        return Reading(question, verdict, best.query, best.values, confidence, tuple(names), nearest)

    def _words(self, question: str, names: list[Name]) -> list[str]:
        """The concepts of a question, but for its names; the noun of an event counts."""
        text = question
        for name in sorted((it for it in names if it.end), key=lambda it: -it.start):
            noun = " ".join(_nouns(question, name)) if name.kind == EVENT else ""
            text = f"{text[: name.start]} {noun} {text[name.end :]}"
        return [*concepts(text)]

    def _is_ours(self, names: list[Name]) -> bool:
        """Whether a question that names countries or persons names one of the two sides."""
        agents = [name for name in names if name.kind == AGENT]
        agents += [part for name in names if name.kind == EVENT for part in name.parts if part.kind == AGENT]
        ours = {f"{BASE}id/country/united-states", f"{BASE}id/country/china"}
        sides = [self._sides(name) for name in agents]
        return not sides or any(not side or side & ours for side in sides)

    def _sides(self, name: Name) -> set[str]:
        entries = [self.lexicon.entries[iri] for iri in name.iris if iri in self.lexicon.entries]
        own = {entry.represents for entry in entries if entry.represents}
        return own | {entry.iri for entry in entries if self.lexicon.is_a(entry.kind, "Country")}


def _is_passive(question: str, names: list[Name]) -> bool:
    """“What was *China* asked to do?”, but not “by whom was it asked”."""
    agent = next((name for name in names if name.kind == AGENT), None)
    return (
        agent is not None
        and PASSIVE.search(question[: agent.start]) is not None
        and bool(DONE.match(question[agent.end :]))
    )


def _nouns(question: str, name: Name) -> list[str]:
    spans = [(part.start, part.end) for part in name.parts]
    words = WORD.finditer(question, name.start, name.end)
    return [w[0] for w in words if not any(a <= w.start() < b for a, b in spans)]


def problem_of(question: str) -> str | None:
    if not WORD.search(question):
        return "the question is empty"
    if len(question) > LONGEST:
        return f"the question is longer than {LONGEST} characters"
    if CODE.search(question):
        return "this looks like code; SPARQL is answered at /sparql"
    if BEYOND.search(question):
        return "this asks for causes, advice or the future, and the graph holds what documents say"
    return None


def _of(unknown: list[str]) -> str:
    return f"; unknown here: {', '.join(unknown)}" if unknown else ""


def _newest(store: Store) -> str | None:
    query = "SELECT (MAX(STR(?day)) AS ?last) WHERE { ?document <http://purl.org/dc/terms/issued> ?day }"
    return next((row[0] for row in store.select(query).texts()), None) or None


def followed_by(reading: Reading) -> Context | None:
    """What to give back with the next question."""
    return Context(reading.query, reading.values) if reading.query else None


__all__ = ["Context", "QuestionReader", "Reading", "Verdict", "followed_by"]
