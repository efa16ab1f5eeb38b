"""Other names of what is searched for: those that the reference data give people, topics, places and offices."""

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

    def phrases(self, iris: Sequence[str]) -> tuple[Phrase, ...]:
        """The names of some things as phrases."""
        found = (tuple(forms(name)) for iri in iris for name in self.of(iri))
        return tuple(dict.fromkeys(phrase for phrase in found if phrase))

    def widened(self, query: Query) -> tuple[Query, tuple[Widening, ...]]:
        """A query that takes other names of what it names as well, and which these are."""
        terms: list[Term] = []
        told: list[Widening] = []
        for span, entry in self._named(query.terms):
            if entry is None:
                terms += span
                continue
            typed = " ".join(term.typed for term in span)
            own = tuple(form for term in span for form in term.phrase)
            others = {tuple(forms(name)): name for name in self.of(entry.iri)}
            others = {phrase: name for phrase, name in others.items() if phrase and phrase != own}
            terms.append(Term(typed, own, tuple(others)))
            told += [Widening(typed, tuple(others.values()))] if others else []
        return Query(tuple(terms), query.without, query.unused), tuple(told)

    def _named(self, terms: Sequence[Term]) -> Iterator[tuple[Sequence[Term], Entry | None]]:
        """The terms in groups that are a name of one thing, the longest first, or stand alone."""
        at = 0
        while at < len(terms):
            for size in range(min(_LONGEST, len(terms) - at), 0, -1):
                span = terms[at : at + size]
                found = self._by_phrase.get(tuple(form for term in span for form in term.phrase), ())
                if len(found) == 1:
                    yield span, found[0]
                    break
            else:
                size, span = 1, terms[at : at + 1]
                yield span, None
            at += size

    @cached_property
    def _by_phrase(self) -> Mapping[Phrase, Sequence[Entry]]:
        found: defaultdict[Phrase, dict[str, Entry]] = defaultdict(dict)
        for entry in self._lexicon.entries.values():
            for name, _ in entry.names:
                found[tuple(forms(name))][entry.iri] = entry
        return {phrase: tuple(entries.values()) for phrase, entries in found.items() if phrase}

    @cached_property
    def _narrower(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for entry in self._lexicon.entries.values():
            for above in entry.broader:
                found[above].append(entry.iri)
        return found
