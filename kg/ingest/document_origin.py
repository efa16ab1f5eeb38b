"""Tells a document that was edited from another one that would take its place."""

import re
from pathlib import Path

from kg.identity import document_iri
from kg.model import Document
from kg.read.source import STDIN
from kg.store import Store
from kg.terms import BASE, document_graph

__all__ = ["origin_of", "other_document", "remember"]

_SHARED = 0.5  # of the sentences of the shorter of two texts, from which on one is an edition of the other
_SENTENCE = re.compile(r"[^.!?。！？\n]+")


def origin_of(source: str) -> str | None:
    """The file of a document as it is remembered; `None` for what was no file."""
    return None if source == STDIN or not Path(source).exists() else str(Path(source).resolve())


def other_document(document: Document, store: Store) -> str | None:
    """The name of the stored document that `document` would replace and that is another one; else `None`.

    It is the same if it has the same address; or comes from the same file; or, where neither is known, if
    the two texts share most of their sentences.
    """
    stored = _stored(document.id, store)
    if stored is None:
        return None
    body, url, title = stored
    name = store.origins.get(document.id)
    if document.url and url:
        return None if document.url == url else url
    here = origin_of(document.source)
    if here is not None and name is not None and (here == name or Path(name).exists()):
        return None if here == name else name
    return None if _is_edition(body, document.body) else name or url or title or body[:60].strip()


def remember(document_id: str, source: str, store: Store) -> None:
    """Note the file that a document was loaded from."""
    origin = origin_of(source)
    if origin is not None and store.origins.get(document_id) != origin:
        store.origins.put(document_id, origin)


def _stored(document_id: str, store: Store) -> tuple[str, str | None, str | None] | None:
    """Body, address and title of the document of an identifier."""
    node, terms = f"<{document_iri(document_id)}>", "http://purl.org/dc/terms/"
    rows = store.select(f"""SELECT ?body ?url ?title WHERE {{ GRAPH <{document_graph(document_id)}> {{
        {node} <{BASE}ontology#body> ?body
        OPTIONAL {{ {node} <{terms}source> ?url }} OPTIONAL {{ {node} <{terms}title> ?title }} }} }}""")
    found = next(rows.texts(), None)
    return None if found is None else (found[0] or "", found[1], found[2])


def _is_edition(one: str, other: str) -> bool:
    ours, theirs = _sentences(one), _sentences(other)
    return len(ours & theirs) >= _SHARED * min(len(ours), len(theirs))


def _sentences(text: str) -> set[str]:
    return {" ".join(words) for part in _SENTENCE.findall(text) if (words := part.split())}
