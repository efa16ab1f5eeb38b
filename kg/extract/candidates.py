"""Finds people and organizations that a text names and the reference data do not know.

They are proposals for a person to look at. Nothing is linked to them: until somebody adds one to the
reference data, each document that names it keeps an entity of its own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, partial
from json import dumps

import spacy
from spacy.language import Language
from spacy.tokens import Span

from kg.errors import ResourceError
from kg.extract.clauses.en import MODEL
from kg.extract.references.mentions import Mentions, find_mentions
from kg.extract.rules import Rules, Words, load
from kg.extract.text.mapped import Mapped
from kg.extract.text.normalise import normalise
from kg.identity import kind_slug, slug
from kg.lexicon import Entry, Lexicon
from kg.model import Document, Passage
from kg.terms import BASE

PERSON, ORGANIZATION = "Person", "Organization"
_KINDS = {"PERSON": PERSON, "ORG": ORGANIZATION}
_PARSER = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]
_GUESSES = (
    ("MediaOutlet", "media_words"),
    ("Government", "government_words"),
    ("ThinkTank", "think_tank_words"),
    ("Company", "company_words"),
)
_LETTERS = re.compile(r"[^\W\d_][\w.'’&-]*(?: (?:[^\W\d_]|&)[\w.'’&-]*)*")
_SMALL = frozenset(["of", "the", "and", "for", "on", "in", "de", "van", "von", "al", "&"])
_ALIKE = 0.84  # of 1, by common letters: one or two letters of a name may differ
_AROUND = 120  # characters of context beside a name


@dataclass(frozen=True, slots=True)
class NameMention:
    """A place where a document uses an unknown name.

    Attributes:
        name: The name without titles and article.
        kind: Class that it may be of.
        document: Identifier of the document.
        passage: The name in the body.
        context: The words around it, on one line.
        has_title: Whether a title stands before it.
    """

    name: str
    kind: str
    document: str
    passage: Passage
    context: str
    has_title: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """An unknown name over all documents.

    Attributes:
        name: The name, spelled as it is most often.
        kind: Class that it may be of.
        count: How often it stands.
        sightings: Its first place in each document.
        resembles: Entries of the reference data that it may be a spelling of, or shares a surname with.
    """

    name: str
    kind: str
    count: int
    sightings: tuple[NameMention, ...]
    resembles: tuple[Entry, ...]


@cache
def _model() -> Language:
    try:
        return spacy.load(MODEL, exclude=_PARSER)
    except OSError as error:
        raise ResourceError(
            f"the language model is missing; install it with: pip install {MODEL.replace('_', '-')}==3.8.0"
        ) from error


def sightings(documents: Iterable[Document], lexicon: Lexicon) -> Iterator[NameMention]:
    """Where English documents use names that `lexicon` lacks, in order of documents and text.

    Raises:
        ResourceError: the language model is missing.
    """
    english = ((d, normalise(d.body, lexicon)) for d in documents if d.language.split("-")[0] == "en")
    texts = ((text.text, (document, text)) for document, text in english)
    for doc, (document, text) in _model().pipe(texts, as_tuples=True, batch_size=8):
        finder = _Finder(document, text, lexicon, load())
        yield from finder.unknown(entity for entity in doc.ents if entity.label_ in _KINDS)


def gather(found: Iterable[NameMention], lexicon: Lexicon) -> list[Candidate]:
    """The names of sightings, those in most documents first.

    A surname alone counts for the full name that the same document gives, and for nobody without one,
    unless a title stands before it.
    """
    by_name: dict[str, list[NameMention]] = {}
    for sighting in _in_full(found):
        by_name.setdefault(sighting.name.casefold(), []).append(sighting)
    candidates = [_candidate(places, lexicon) for places in by_name.values()]
    return sorted(candidates, key=lambda c: (-len(c.sightings), -c.count, c.name))


class _Finder:
    def __init__(self, document: Document, text: Mapped, lexicon: Lexicon, rules: Rules) -> None:
        self.document, self.mapped, self.lexicon, self.lists = document, text, lexicon, rules.lists
        self.text = text.text
        self.mentions: Mentions = find_mentions(document, self.text, lexicon, title=document.title)

    def unknown(self, entities: Iterable[Span]) -> Iterator[NameMention]:
        for entity in entities:
            kind = _KINDS[entity.label_]
            place = self._name(entity.start_char, entity.end_char, kind)
            if place is not None and not self._is_known(*place):
                yield self._sighting(*place, kind)

    def _name(self, start: int, end: int, kind: str) -> tuple[int, int] | None:
        """The offsets of the name proper, `None` if it does not look like one."""
        found = _LETTERS.match(self.text, start, end)
        if found is None or "\n" in found[0] or "://" in self.text[start:end]:
            return None
        words = [(m.start() + start, m.end() + start) for m in re.finditer(r"\S+", found[0])]
        titles = self.lists["person_titles"] if kind == PERSON else frozenset({"the", "a", "an"})
        while words and self._bare(words[0]) in titles | {"the"}:
            words = words[1:]
        while words and (not self.text[words[-1][0]].isupper() or self._bare(words[-1]) in _SMALL):
            words = words[:-1]
        if not words or not self._looks_like_name(words, kind):
            return None
        return words[0][0], self._without_possessive(words[-1][1])

    def _bare(self, word: tuple[int, int]) -> str:
        return self.text[word[0] : word[1]].lower().strip(".,'’")

    def _looks_like_name(self, words: list[tuple[int, int]], kind: str) -> bool:
        """Capital letters, and not the whole of a line in capitals."""
        texts = [self.text[start:end] for start, end in words]
        capital = all(text[0].isupper() or text.lower() in _SMALL for text in texts)
        if not capital or self._bare(words[-1]) in self.lists["other_names"]:
            return False
        if len(texts) == 1 and self._is_plain_word(texts[0].strip(".,'’")):
            return False
        if self._is_in_capitals(words[0][0]):
            return False
        if kind == PERSON:
            return len(texts) <= 4 and any(len(text) > 2 and not text.isupper() for text in texts)
        return (len(texts) > 1 or len(texts[0]) > 2) and len(texts) <= 9

    def _is_in_capitals(self, start: int) -> bool:
        """Whether most letters around a name are capitals, so that they tell nothing."""
        around = self.text[max(0, start - _AROUND // 2) : start + _AROUND // 2]
        return sum(map(str.isupper, around)) > sum(map(str.islower, around))

    def _is_plain_word(self, word: str) -> bool:
        """Whether the same text also writes a word without capitals."""
        return re.search(rf"\b{re.escape(word.lower())}s?\b", self.text) is not None

    def _without_possessive(self, end: int) -> int:
        for suffix in ("'s", "’s", "'", "’", ".", ",", "-"):
            if self.text[:end].endswith(suffix):
                return end - len(suffix)
        return end

    def _is_known(self, start: int, end: int) -> bool:
        """Whether a name of the reference data stands in it: the text may mean that one."""
        mentions = self.mentions
        taken = [
            *((m.start, m.end) for m in mentions.agents_in(start - _AROUND, end) if m.entity.iri),
            *((m.start, m.end) for m in mentions.places_in(start - _AROUND, end)),
            *((m.start, m.end) for m in mentions.topics_in(start - _AROUND, end) if m.end >= end),
            *((m.start, m.end) for m in mentions.offices if m.start <= start and m.end >= end),
        ]
        inside = [(a, b) for a, b in taken if a < end and start < b]
        words = self.text[start:end].split()
        is_part = any(b - a >= end - start or self._names_person(a) for a, b in inside)
        return is_part or any(b == end and len(words) > 1 and a > start for a, b in inside) or (
            len(words) == 1 and bool(self.lexicon.lookup(words[0]))
        )  # fmt: skip

    def _names_person(self, offset: int) -> bool:
        mention = self.mentions.agent_at(offset)
        return mention is not None and mention.is_person and mention.entity.iri is not None

    def _sighting(self, start: int, end: int, kind: str) -> NameMention:
        exact = Passage(*(span := self.mapped.span(start, end)), self.document.body[slice(*span)])
        around = self.mapped.written(max(0, start - _AROUND), min(len(self.text), end + _AROUND))
        name = _one_line(self.mapped.written(start, end).replace("’", "'"))
        return NameMention(
            name,
            self._guess(name, kind),
            self.document.id,
            exact,
            _one_line(around),
            self._has_title(start),
        )

    def _has_title(self, start: int) -> bool:
        before = self.text[max(0, start - _AROUND) : start].split()[-1:]
        return bool(before) and before[0].lower().strip(".") in self.lists["person_titles"]

    def _guess(self, name: str, kind: str) -> str:
        """What a name may be, by its words."""
        if kind == PERSON and not self._has_any(name, self.lists["organization_words"]):
            return PERSON
        return next(
            (made for made, words in _GUESSES if self._has_any(name, self.lists[words])), ORGANIZATION
        )

    def _has_any(self, name: str, words: Words) -> bool:
        return any(word.lower().strip(".,") in words for word in name.split())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _in_full(found: Iterable[NameMention]) -> Iterator[NameMention]:
    """Sightings by document, a surname alone under the full name."""
    by_document: dict[str, list[NameMention]] = {}
    for sighting in found:
        by_document.setdefault(sighting.document, []).append(sighting)
    for places in by_document.values():
        full = _full_names(place.name for place in places)
        for place in places:
            is_alone = place.kind == PERSON and len(place.name.split()) == 1
            if not is_alone or place.name in full or place.has_title:
                yield replace(place, name=full.get(place.name, place.name) if is_alone else place.name)


def _full_names(names: Iterable[str]) -> dict[str, str]:
    """The full name by each word that may stand for it: the last, and the first as Chinese surnames do."""
    found: dict[str, str] = {}
    for name in sorted(set(names)):
        words = name.split()
        if len(words) > 1:
            found[words[-1]] = name
            found.setdefault(words[0], name)
    return found


def _candidate(places: list[NameMention], lexicon: Lexicon) -> Candidate:
    names, kinds = Counter(p.name for p in places), Counter(p.kind for p in places)
    name, kind = (min(counts, key=partial(_rank, counts)) for counts in (names, kinds))
    first: dict[str, NameMention] = {}
    for place in places:
        first.setdefault(place.document, place)
    return Candidate(name, kind, len(places), tuple(first.values()), _resembling(name, kind, lexicon))


def _rank(counts: Counter[str], value: str) -> tuple[int, str]:
    return -counts[value], value


def _resembling(name: str, kind: str, lexicon: Lexicon) -> tuple[Entry, ...]:
    """Known agents with a name that differs in a letter or two, or persons of the same surname."""
    root = PERSON if kind == PERSON else ORGANIZATION
    agents = [entry for entry in lexicon.entries.values() if lexicon.is_a(entry.kind, root)]
    return tuple(entry for entry in agents if any(_is_alike(name, known) for known, _ in entry.names))


def _is_alike(name: str, known: str) -> bool:
    if len(known.split()) < 2:
        return name.casefold() == known.casefold()
    letters = SequenceMatcher(None, name.casefold(), known.casefold())
    return letters.real_quick_ratio() > _ALIKE and letters.quick_ratio() > _ALIKE and letters.ratio() > _ALIKE


def turtle(candidates: Iterable[Candidate]) -> str:
    """Candidates as Turtle of the reference data, each below a comment that says where it was found.

    What a name is and for whom a person acts is guessed or unknown; a person has to look at each entry.
    """
    found = list(candidates)
    kinds = sorted({kind_slug(candidate.kind) for candidate in found})
    lines = [f"@prefix {name}: <{BASE}id/{name}/> ." for name in kinds]
    lines += [f"@prefix kg: <{BASE}ontology#> .", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."]
    for candidate in found:
        lines += ["", *_entry_lines(candidate)]
    return "\n".join(lines) + "\n"


def _entry_lines(candidate: Candidate) -> Iterator[str]:
    first = candidate.sightings[0]
    where = f"{first.document} {first.passage.start}–{first.passage.end}"
    yield f"# {candidate.count} times, in {len(candidate.sightings)} documents; first in {where}:"
    yield f"# {first.context}"
    for entry in candidate.resembles:
        yield f"# It may be {entry.label}: then add the name there as skos:altLabel instead."
    yield f"{kind_slug(candidate.kind)}:{slug(candidate.name)}"
    yield f"    a kg:{candidate.kind} ;"
    yield f"    skos:prefLabel {dumps(candidate.name, ensure_ascii=False)}@en ."
