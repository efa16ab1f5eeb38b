"""Checks that every citation stands, character for character, in the document that it cites."""

from collections.abc import Iterator
from hashlib import sha256

from rdflib import Literal
from rdflib.term import Node

from kg.terms import KG, OA
from kg.validate.index import Index
from kg.validate.report import Finding


def check_citations(document: Index) -> Iterator[Finding]:
    """Passages that are not in their document, and digests that are not of their body."""
    yield from _passages(document)
    yield from _digests(document)


def _passages(document: Index) -> Iterator[Finding]:
    without_body: dict[Node, None] = {}
    for passage in document.subjects(KG.inDocument):
        cited, exact = document.single(passage, KG.inDocument), document.single(passage, OA.exact)
        start, end = _offset(document, passage, OA.start), _offset(document, passage, OA.end)
        if cited is None or exact is None or start is None or end is None:
            continue  # the shapes of kg:Evidence tell what is missing or there twice
        bodies = document.values(cited, KG.body)
        if start >= end:
            yield Finding("Evidence-order", passage, OA.end, document.single(passage, OA.end))
        elif not bodies:
            without_body[cited] = None
        elif not all(_stands(str(exact), start, end, str(body)) for body in bodies):
            yield Finding("Evidence-citation", passage, OA.exact, exact)
    yield from (Finding("Evidence-uncheckable", cited, KG.body) for cited in without_body)


def _stands(exact: str, start: int, end: int, body: str) -> bool:
    # A slice forgives an end beyond the text, so the length is compared as well.
    return end - start == len(exact) and body[start:end] == exact


def _offset(document: Index, passage: Node, bound: Node) -> int | None:
    value = document.single(passage, bound)
    if isinstance(value, Literal) and isinstance(value.value, int) and not value.ill_typed:
        return value.value
    return None


def _digests(document: Index) -> Iterator[Finding]:
    for node in document.subjects(KG.digest):
        body, digest = document.single(node, KG.body), document.single(node, KG.digest)
        if body is not None and digest is not None and _digest(str(body)) != str(digest):
            yield Finding("Document-digest-match", node, KG.digest, digest)


def _digest(body: str) -> str:
    # A lone surrogate is no text to compute a digest of, but must not end the validation either.
    return sha256(body.encode(errors="surrogatepass")).hexdigest()
