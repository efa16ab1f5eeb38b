"""Other names of what is searched for: those of people, topics, places and offices in the reference data."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from kg.lexicon import Entry, Lexicon
from kg.search.model import Widening
from kg.search.query import Phrase, Query, Term
from kg.search.text import forms

__all__ = ["Names"]

_LONGEST = 6  # words of a name as they are typed without quotation marks
_MOST = 24  # names of one thing that are searched for


class Names:
    """The names of a lexicon, by their words as the index compares them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def of(self, iri: str) -> tuple[str, ...]:
        """The names of a thing; none if it is not known."""
        entry = self._lexicon.entries.get(iri)
        return () if entry is None else tuple(dict.fromkeys(name for name, _ in entry.names))[:_MOST]

    def below(self, topic: str) -> tuple[str, ...]:
        """A topic and all below it."""
        found, waiting = {topic: None}, [topic]
        while waiting:
            more = [it for it in self._narrower.get(waiting.pop(), ()) if it not in found]
            found.update(dict.fromkeys(more))
            waiting += more
        return tuple(found)

    def label(self, iri: str) -> str:
        """The English name of a thing."""
        return self._lexicon.label(iri)

    def phrases(self, iris: Sequence[str]) -> dict[Phrase, str]:
        """The names of some things by their words.

        Without those that are part of the name of somebody else: the Republic of China of the People's one.
        """
        wanted = {*iris}
        first = {self._lexicon.label(iri, language) for iri in iris for language in ("en", "zh")}
        found = {tuple(forms(name)): name for iri in iris for name in self.of(iri)}
        return {
            phrase: name
            for phrase, name in found.items()
            if phrase and (name in first or wanted.issuperset(self._within.get(phrase, ())))
        }

    def widened(self, query: Query) -> tuple[Query, tuple[Widening, ...]]:
        """A query that takes other names of what it names as well, and which these are."""
        terms: list[Term] = []
        told: list[Widening] = []
        for span, meant in self._named(query.terms):
            if not meant:
                terms += span
                continue
            typed = " ".join(term.typed for term in span)
            own = tuple(form for term in span for form in term.phrase)
            others = {phrase: name for phrase, name in self.phrases(meant).items() if phrase != own}
            terms.append(Term(typed, own, tuple(others)))
            told += [Widening(typed, tuple(others.values()))] if others else []
        return Query(tuple(terms), query.without, query.unused), tuple(told)

    def _named(self, terms: Sequence[Term]) -> Iterator[tuple[Sequence[Term], Sequence[str]]]:
        """The terms in groups that name something, the longest first, or stand alone; with what they name."""
        at = 0
        while at < len(terms):
            sizes = range(min(_LONGEST, len(terms) - at), 0, -1)
            groups = (terms[at : at + size] for size in sizes)
            named = ((group, self._meant(group)) for group in groups)
            span, meant = next((it for it in named if it[1]), (terms[at : at + 1], ()))
            yield span, meant
            at += len(span)

    def _meant(self, terms: Sequence[Term]) -> Sequence[str]:
        """What some words are the name of; if of several things, those of which they are the first name."""
        phrase = tuple(form for term in terms for form in term.phrase)
        found = self._by_phrase.get(phrase, ())
        first = [entry for entry in found if tuple(forms(entry.label)) == phrase]
        return [entry.iri for entry in (found if len(found) == 1 else first)]

    @cached_property
    def _by_phrase(self) -> Mapping[Phrase, Sequence[Entry]]:
        found: defaultdict[Phrase, dict[str, Entry]] = defaultdict(dict)
        for entry in self._lexicon.entries.values():
            for name, _ in entry.names:
                found[tuple(forms(name))][entry.iri] = entry
        return {phrase: tuple(entries.values()) for phrase, entries in found.items() if phrase}

    @cached_property
    def _within(self) -> Mapping[Phrase, set[str]]:
        """Of words that are part of a longer name of agents, whose."""
        found: defaultdict[Phrase, set[str]] = defaultdict(set)
        for phrase, entries in self._by_phrase.items():
            size = len(phrase)
            parts = (phrase[start:end] for start in range(size) for end in range(start + 1, size + 1))
            for part in parts:
                if len(part) < size and part in self._by_phrase:
                    found[part].update(it.iri for it in entries if self._lexicon.is_a(it.kind, "Agent"))
        return found

    @cached_property
    def _narrower(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for entry in self._lexicon.entries.values():
            for above in entry.broader:
                found[above].append(entry.iri)
        return found
