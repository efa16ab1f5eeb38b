"""Which rules read what, so that reviewers can look at what a rule gave that seldom fires."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from kg.identity import statement_iri
from kg.model import Document, Statement
from kg.store import Store
from kg.terms import BASE, KG

__all__ = ["rarely_read", "read_by"]

_FEW = 3  # statements that a rule may have given in all stored documents to be one that seldom fires
_SHARE = 0.01  # of all statements, which it may not exceed


def read_by(document: Document, statements: Iterable[Statement]) -> str:
    """Which rules read a document, a line each; with the statements of those that gave few."""
    given: defaultdict[str, set[str]] = defaultdict(set)
    for it in statements:
        for rule in it.rules:
            given[rule].add(statement_iri(it, document.id).removeprefix(f"{BASE}id/"))
    return "\n".join(f"{rule} {_told(given[rule])}" for rule in sorted(given))


def rarely_read(store: Store) -> set[str]:
    """The IRIs of the statements in which a rule had a part that seldom fires."""
    counts: Counter[str] = Counter()
    given: defaultdict[str, set[str]] = defaultdict(set)
    for rule, number, paths in _lines(store):
        counts[rule] += number
        for path in paths:
            given[path].add(rule)
    most = min(_FEW, _SHARE * counts.total())
    return {f"{BASE}id/{path}" for path, rules in given.items() if any(counts[it] <= most for it in rules)}


def _told(paths: set[str]) -> str:
    return " ".join(sorted(paths)) if len(paths) <= _FEW else str(len(paths))


def _lines(store: Store) -> Iterator[tuple[str, int, list[str]]]:
    rows = store.select(f"SELECT ?document ?rules WHERE {{ ?document <{KG.readBy}> ?rules }}")
    for _, text in rows.texts():
        for line in (text or "").splitlines():
            rule, *its = line.split(" ")
            is_number = len(its) == 1 and its[0].isdecimal()
            yield (rule, int(its[0]), []) if is_number else (rule, len(its), its)
