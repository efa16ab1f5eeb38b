"""The documents of one state of a store in memory: title, day, publisher and kind."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from kg.questions.evidence import PREFIXES
from kg.questions.periods import Period
from kg.store import Store
from kg.terms import BASE

__all__ = ["DocumentLookup", "Listed"]

_MAIN = f"""{PREFIXES}SELECT ?document ?title ?issued ?by WHERE {{
  ?document a kg:Document ; dcterms:title ?title ; dcterms:issued ?issued .
  OPTIONAL {{ ?document dcterms:publisher ?by }} }}"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One document."""

    issued: str
    iri: str
    title: str
    publisher: str


class DocumentLookup:
    """All documents with a title and a day, the oldest first; read when the first question needs them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kinds: dict[str, frozenset[str]] = {}

    def find(
        self,
        kind: str,
        period: Period,
        publishers: Collection[str] = (),
        among: Collection[str] | None = None,
    ) -> list[Listed]:
        """The documents of a kind and a time.

        Args:
            kind: Local name of a class; `Document` for any.
            period: When they were published.
            publishers: IRIs, one of which published them; any if empty.
            among: IRIs of those that may be meant; `None` if all may.
        """
        of_kind = self._of_kind(kind) if kind != "Document" else None
        return [
            it
            for it in self._read
            if (not period or period.holds(it.issued))
            and (not publishers or it.publisher in publishers)
            and (among is None or it.iri in among)
            and (of_kind is None or it.iri in of_kind)
        ]

    def _of_kind(self, kind: str) -> frozenset[str]:
        if kind not in self._kinds:
            query = f"SELECT ?document WHERE {{ ?document a <{BASE}ontology#{kind}> }}"
            self._kinds[kind] = frozenset(row[0] or "" for row in self._store.select(query).texts())
        return self._kinds[kind]

    @cached_property
    def _read(self) -> list[Listed]:
        found: defaultdict[str, list[Listed]] = defaultdict(list)
        for row in self._store.select(_MAIN).texts():
            document, title, issued, by = (value or "" for value in row)
            found[document].append(Listed(issued, document, title, by))
        return sorted((min(its, key=lambda it: (it.title, it.publisher)) for its in found.values()),
                      key=lambda it: (it.issued, it.iri))  # fmt: skip
