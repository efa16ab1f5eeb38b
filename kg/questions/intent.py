"""Which question of the catalogue somebody asks: the words of its phrasings weighed against theirs.

Each concept weighs by its inverse document frequency over the questions of the catalogue (Spärck Jones 1972);
question and phrasing are compared by the weighted Dice coefficient. What a question names must find a place
among the parameters, a negation must be on both sides or on none, and words that nobody knows count against.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from kg import queries, resources
from kg.lexicon import Lexicon
from kg.package_cache import kept
from kg.queries import Query
from kg.questions.recognition import AGENT, EVENT, Name
from kg.questions.slot_filling import fill
from kg.questions.stemming import WORDS, concepts
from kg.terms import BASE

SLOT = re.compile(r"\{(\w+)\}")
NEGATIONS = frozenset({"not", "excluded", "only", "silent"})
SIDES = frozenset({f"{BASE}id/country/united-states", f"{BASE}id/country/china"})
AGENT_KEYS = frozenset({"side", "agent", "person", "account", "country"})
EVENTS = frozenset({"event", "other_event", "date", "subject"})
# What kind of answer is wanted.
ASKED = frozenset({"who", "when", "where", "how_often", "how_many", "how_long", "per_year", "whom", "whose"})
ASKING = 0.8  # for each of them that only one side has
UNUSED = 0.45  # for each name that finds no parameter
SECOND = 0.75  # for a further agent beside one that has found its place
IMPLIED = 0.85  # where both sides are named, and the question speaks of them anyway
INDIRECT = 0.8  # for an event of which only the day can be used
ORDER = 0.06  # what the order of the words adds at most
UNFILLED = 0.92  # for each slot of the phrasing that nothing fills
TURNED = 0.3  # where one side is negated and the other not


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to understand a question.

    Attributes:
        query: Name of the question of the catalogue.
        values: Its parameters.
        phrasing: The phrasing that came nearest.
        score: From 0 to 1.
        unused: Names that it has no place for.
    """

    query: str
    values: Mapping[str, str]
    phrasing: str
    score: float
    unused: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class _Phrasing:
    query: Query
    text: str
    concepts: Counter[str]
    order: tuple[str, ...]
    slots: tuple[str, ...]
    literals: frozenset[str]


class Intents:
    """The phrasings of a catalogue, weighed; built once."""

    def __init__(self, catalogue: Mapping[str, Query], lexicon: Lexicon) -> None:
        self.catalogue, self.lexicon = catalogue, lexicon
        self.phrasings = _of_package() if _is_package(catalogue, lexicon) else _each(catalogue, lexicon)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """What each concept weighs."""
        by_query: dict[str, set[str]] = {}
        for phrasing in self.phrasings:
            by_query.setdefault(phrasing.query.name, set()).update(phrasing.concepts)
        counts = Counter(concept for found in by_query.values() for concept in found)
        return {concept: math.log(1 + len(by_query) / count) for concept, count in counts.items()}

    def candidates(
        self, words: Sequence[str], names: Iterable[Name], *, is_passive: bool = False
    ) -> list[Candidate]:
        """Every question of the catalogue with its best phrasing, the likeliest first.

        Args:
            words: Concepts of the question in order, those of its names left out.
            names: What it names.
            is_passive: Whether the first agent is the one to whom something is done.
        """
        best: dict[str, Candidate] = {}
        second: dict[str, float] = {}  # of two that fit alike, the one of which more phrasings fit
        named = list(names)
        has_agents = any(name.kind == AGENT for name in named)
        for phrasing in self.phrasings:
            is_received = phrasing.slots[:1] == ("addressee",)
            if has_agents and "addressee" in phrasing.query.parameters and is_received != is_passive:
                continue
            candidate = self._candidate(phrasing, words, named)
            before = best.get(candidate.query)
            if before is None or candidate.score > before.score:
                best[candidate.query] = candidate
                second[candidate.query] = before.score if before is not None else 0.0
            else:
                second[candidate.query] = max(second[candidate.query], candidate.score)
        return sorted(best.values(), key=lambda it: (-it.score, -second[it.query], it.query))

    def _candidate(self, phrasing: _Phrasing, words: Sequence[str], names: list[Name]) -> Candidate:
        implied = phrasing.literals | (SIDES if not AGENT_KEYS & phrasing.query.parameters.keys() else set())
        is_pair = len([name for name in names if {*name.iris} <= SIDES and name.iris]) > 1
        free = implied if is_pair else phrasing.literals
        own = [name for name in names if not (name.iris and {*name.iris} <= free)]
        filled = fill(phrasing.query, phrasing.slots, own, self.lexicon)
        said = Counter(words)
        score = self._likeness(said, phrasing.concepts)
        for name in filled.unused:
            has_agent = any(it.kind == AGENT and it not in filled.unused for it in own)
            score *= SECOND if name.kind == AGENT and has_agent else UNUSED
        if is_pair and free is implied and len(own) < len(names):
            score *= IMPLIED
        if phrasing.literals and len(own) == len(names):
            score *= UNFILLED  # it speaks of somebody whom the question does not name
        score *= UNFILLED ** sum(slot not in filled.values for slot in phrasing.slots)
        if any(it.kind == EVENT and not it.relation for it in own) and not EVENTS & filled.values.keys():
            score *= INDIRECT
        score *= ASKING ** len((said.keys() ^ phrasing.concepts.keys()) & ASKED)
        if bool(NEGATIONS & said.keys()) != bool(NEGATIONS & phrasing.concepts.keys()):
            score *= TURNED
        if any(it.required and key not in filled.values for key, it in phrasing.query.parameters.items()):
            score *= 0.2
        if score > 0:
            score += ORDER * score * SequenceMatcher(None, words, phrasing.order, autojunk=False).ratio()
        return Candidate(
            phrasing.query.name, filled.values, phrasing.text, score / (1 + ORDER), filled.unused
        )

    def _likeness(self, words: Counter[str], other: Counter[str]) -> float:
        common = sum(self._weight(word) * count for word, count in (words & other).items())
        total = sum(self._weight(word) * count for found in (words, other) for word, count in found.items())
        return 2 * common / total if total else 0.0

    def _weight(self, word: str) -> float:
        return self.weights.get(word) or math.log(1 + len(self.catalogue))


def _is_package(catalogue: Mapping[str, Query], lexicon: Lexicon) -> bool:
    return catalogue is queries.catalogue() and lexicon is Lexicon.load()


def _of_package() -> list[_Phrasing]:
    """The phrasings of the package's own catalogue, with the names of its own lexicon."""
    files = (WORDS, *queries.names().values(), *resources.files("ontology", ".ttl"))
    return kept("phrasings", files, lambda: _each(queries.catalogue(), Lexicon.load()))


def _each(catalogue: Mapping[str, Query], lexicon: Lexicon) -> list[_Phrasing]:
    return [it for query in catalogue.values() for it in _phrasings(query, lexicon)]


def _phrasings(query: Query, lexicon: Lexicon) -> Iterator[_Phrasing]:
    for text in query.phrasings:
        words = SLOT.sub(" ", text)
        named = [match for match in lexicon.find(words) if match.group == AGENT]
        for match in reversed(named):
            words = f"{words[: match.start]} {words[match.end :]}"
        literals = frozenset(entry.iri for match in named for entry in match.entries)
        order = tuple(concepts(words))
        yield _Phrasing(query, text, Counter(order), order, tuple(SLOT.findall(text)), literals)
