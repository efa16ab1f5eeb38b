"""The page on which anybody can have a text read: what is found, the verdict of the shapes, the Turtle."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from kg.dump import dump
from kg.errors import InputError, TooLargeError
from kg.identity import document_iri
from kg.ingest import Pipeline, Prepared, put_ontology
from kg.model import Document
from kg.store import Store, open_store
from kg.terms import document_graph, inferred_graph
from kg.views.almanac import Almanac
from kg.views.reading import Reading, reading
from kg.web.pages.errors import page_router
from kg.web.pages.passages import anchor, paragraphs
from kg.web.pages.render import page

__all__ = ["router"]

router = page_router()
KINDS = ("Article", "Readout", "Post", "JointStatement", "Transcript")
_DAY = r"^(\d{4}-\d\d-\d\d)?$"
_MOST = 40_000  # characters: some seconds of reading
_EXAMPLE = """\
On March 4, 2024, Secretary of State Antony Blinken spoke by telephone with Foreign Minister Wang Yi.
The two sides discussed export controls and counternarcotics. Tibet was not discussed.

Wang Yi said that the United States should lift its sanctions.
Blinken warned that unfair trade practices would have consequences."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What became of a text."""

    made: Prepared
    read: Reading | None
    almanac: Almanac | None
    turtle: str


class _Bench:
    """A pipeline, and a store in memory that holds one text at a time."""

    def __init__(self) -> None:
        self._lock = Lock()

    @cached_property
    def _pipeline(self) -> Pipeline:
        return Pipeline()

    @cached_property
    def _store(self) -> Store:
        store = open_store("memory:", write=True)
        put_ontology(store, self._pipeline)
        return store

    def attempt(self, document: Document) -> _Attempt:
        """Read a text, and forget it."""
        with self._lock:
            [made] = self._pipeline.prepare([document])
            if made.problem is not None:
                return _Attempt(made, None, None, "")
            graphs = {
                str(document_graph(document.id)): made.stated,
                str(inferred_graph(document.id)): made.inferred,
            }
            self._store.replace(document.id, graphs)
            try:
                turtle = b"".join(dump(self._store, "turtle", document_id=document.id)).decode()
                found = reading(self._store, document_iri(document.id))
                return _Attempt(made, found, Almanac(self._store), turtle)
            finally:
                self._store.delete(document.id)


@router.get("/try")
def try_page(request: Request) -> Response:
    """The empty form, with a text to begin with."""
    return _form(request, _EXAMPLE, "", "", "Article")


@router.post("/try")
def attempt_page(
    request: Request,
    text: Annotated[str, Form()] = "",
    publisher: Annotated[str, Form(max_length=200)] = "",
    published: Annotated[str, Form(pattern=_DAY)] = "",
    kind: Annotated[str, Form()] = "Article",
) -> Response:
    """What is read from a text.

    Args:
        request: The request.
        text: The text.
        publisher: Who published it.
        published: When, for dates such as "on Monday".
        kind: Local name of a class of documents.
    """
    body = text.replace("\r\n", "\n")
    if len(body) > _MOST:
        raise TooLargeError("the text", _MOST)
    if kind not in KINDS:
        raise InputError(f"no kind of document is called {kind!r}; take {', '.join(KINDS)}")
    name = f"try-{sha256(body.encode()).hexdigest()[:12]}"
    document = Document(name, body, kind, publisher=publisher.strip() or None, published=published or None)
    attempt = _bench(request).attempt(document) if body.strip() else None
    return _form(request, body, publisher, published, kind, attempt)


def _bench(request: Request) -> _Bench:
    state = request.app.state
    if not hasattr(state, "bench"):
        state.bench = _Bench()
    found: _Bench = state.bench
    return found


def _form(
    request: Request, text: str, publisher: str, published: str, kind: str, attempt: _Attempt | None = None
) -> Response:
    found = attempt.read if attempt else None
    spans = found.by_span if found else {}
    return page(
        request,
        "try.html",
        title="Try it",
        almanac=attempt.almanac if attempt else None,
        text=text,
        publisher=publisher,
        published=published,
        kind=kind,
        kinds=KINDS,
        attempt=attempt,
        read=found,
        paragraphs=list(paragraphs(found.body, spans)) if found else [],
        numbers={span: place for place, span in enumerate(spans, start=1)},
        anchor=anchor,
        stored=False,
    )
