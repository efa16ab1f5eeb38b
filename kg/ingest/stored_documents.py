"""Gives back the documents that a store holds, as they were read."""

from collections.abc import Iterator
from dataclasses import replace

from kg.errors import NotFoundError
from kg.identity import document_iri
from kg.ingest.pipeline import Prepared
from kg.model import Document
from kg.read.document import passage_of
from kg.store import Store
from kg.terms import BASE, KG, document_graph

_DAY, _FROM = "day: ", ", from "  # how a reading report says where the day of publication was found
_PREFIXES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def stored_documents(store: Store) -> Iterator[Document]:
    """The documents in a store, in order of their identifiers; each is fetched when it is asked for."""
    start = document_iri("")
    listed = store.select(
        f"{_PREFIXES} SELECT ?document WHERE {{ ?document kg:body ?body }} ORDER BY ?document"
    )
    for iri in [iri for (iri,) in listed.texts() if iri]:
        yield stored_document(iri.removeprefix(start), store)


def stored_document(document_id: str, store: Store) -> Document:
    """A stored document with its body and metadata.

    Raises:
        NotFoundError: the store has no such document.
    """
    node = f"<{document_iri(document_id)}>"
    rows = store.select(f"""{_PREFIXES}
        SELECT ?body ?kind ?title ?publisher ?published ?language ?url ?day ?named WHERE {{
          GRAPH <{document_graph(document_id)}> {{
            {node} kg:body ?body ; dcterms:language ?language ; a ?kind .
            OPTIONAL {{ {node} dcterms:title ?title }}
            OPTIONAL {{ {node} dcterms:issued ?published }}
            OPTIONAL {{ {node} dcterms:source ?url }}
            OPTIONAL {{ {node} kg:publisherName ?named }}
            OPTIONAL {{ {node} kg:readingNote ?day FILTER(STRSTARTS(?day, "{_DAY}")) }}
          }}
          OPTIONAL {{
            {node} dcterms:publisher/skos:prefLabel ?publisher FILTER(LANG(?publisher) IN ("en", ?language))
          }}
        }} ORDER BY ?publisher""")
    found = next(rows.texts(), None)
    if found is None:
        raise NotFoundError(f"the store holds no document {document_id!r}; `kg documents` lists them")
    body, kind, title, publisher, published, language, url, day, named = found
    assert body is not None
    assert kind is not None
    return Document(
        id=document_id,
        body=body,
        kind=kind.removeprefix(f"{BASE}ontology#"),
        title=title,
        title_passage=passage_of(body, title) if title else None,
        publisher=named or publisher,
        published=published,
        language=language or "en",
        url=url,
        source=document_id,
        published_from=(day or "").partition(_FROM)[2],
    )


def as_loaded(made: Prepared, store: Store) -> Prepared:
    """A document with the digest of what it was loaded from, which has not changed."""
    rows = store.select(
        f"SELECT ?digest WHERE {{ <{document_iri(made.document)}> <{KG.inputDigest}> ?digest }}"
    )
    before = next(rows.texts(), None)
    if before is None:
        return made
    mark = f"<{KG.inputDigest}> ".encode()
    lines = made.stated.splitlines(keepends=True)
    stated = b"".join(
        line[: line.index(mark)] + mark + f'"{before[0]}" .\n'.encode() if mark in line else line
        for line in lines
    )
    return replace(made, stated=stated)
