"""The resolver of a store: built of what the store keeps of mentions, then kept up with what is written."""

from functools import cache
from weakref import WeakKeyDictionary

from kg.lexicon import Lexicon
from kg.resolution.decisions import Decisions
from kg.resolution.mention import Mention, read_mention
from kg.resolution.resolver import Resolver
from kg.store import Store
from kg.terms import KG, inferred_graph

__all__ = ["labels_lexicon", "note_written", "resolver_of"]

_known: "WeakKeyDictionary[Store, tuple[int, Resolver]]" = WeakKeyDictionary()


def resolver_of(store: Store) -> Resolver:
    """The resolver of what a store holds now; whoever updates it calls `note_written` after the write."""
    known = _known.get(store)
    if known is not None and known[0] == store.writes:
        return known[1]
    made = Resolver()
    made.update(_mentions(store), Decisions.of(store))
    _known[store] = (store.writes, made)
    return made


def note_written(store: Store, resolver: Resolver | None) -> None:
    """Keep a resolver that holds what was just written; without one, it is built anew when next needed."""
    if resolver is None:
        _known.pop(store, None)
    else:
        _known[store] = (store.writes, resolver)


@cache
def labels_lexicon() -> Lexicon:
    """The names by which events are called."""
    return Lexicon.load()


def _mentions(store: Store) -> dict[str, tuple[Mention, ...]]:
    rows = store.select(
        f"SELECT ?graph ?name ?record WHERE {{ GRAPH ?graph {{ ?name <{KG.fingerprint}> ?record }} }}"
    )
    found: dict[str, list[Mention]] = {}
    start = str(inferred_graph(""))
    for graph, name, text in rows.texts():
        document = (graph or "").removeprefix(start)
        found.setdefault(document, []).append(read_mention(document, name or "", text or ""))
    return {document: tuple(sorted(its, key=lambda it: it.name)) for document, its in found.items()}
