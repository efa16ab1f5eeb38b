"""An MCP server over one store: asking, searching, looking up, read-only SPARQL; every answer is cited."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial, wraps
from io import BytesIO
from typing import Any, Literal, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from kg import __version__, entities, queries, resources
from kg.errors import KgError, NotFoundError
from kg.lexicon import Lexicon
from kg.mcp.formatting import (
    answer_of,
    entity_of,
    event_of,
    found_of,
    review_of,
    rows_of,
    texts_of,
    triples_of,
)
from kg.query_pool import QueryPool, QueryRequest
from kg.questions import Answerer, Context, TextSearch
from kg.review import Reviews
from kg.search import Filters
from kg.settings import Settings
from kg.store import Store
from kg.views.accounts import event_accounts
from kg.views.event_index import EventIndex
from kg.views.name_search import NameSearch
from kg.views.statements import SIDES

P = ParamSpec("P")
T = TypeVar("T")
INSTRUCTIONS = """\
A knowledge graph of U.S.–China relations. Every fact is cited to the exact characters of its source, every
claim has its speaker, and "not discussed" is a stored fact: tell it apart from what no document mentions.
Use `ask` first; quote the citations that come with an answer. Give both accounts where they differ. Where no
fact answers, `search_texts` finds the passages that have the words; what they say is not a checked fact.
"""
_MANY = 40
_ROWS = 500  # of an answer to a query
_BYTES = 4_000_000  # of one, before it is shortened
_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def create_server(store: Store, options: Settings) -> MCPServer[Any]:
    """The server; it reads `store`, and lets SPARQL run only in guarded processes.

    Args:
        store: For lookups; the caller closes it.
        options: The settings, with the bounds of queries.
    """
    tools = _Tools(store, options)

    @asynccontextmanager
    async def lifespan(_server: MCPServer[Any]) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await tools.pool.close()
            tools.text_search.close()

    server: MCPServer[Any] = MCPServer(
        "uschina-kg", title="U.S.–China relations", instructions=INSTRUCTIONS, version=__version__,
        lifespan=lifespan, log_level="WARNING",
    )  # fmt: skip
    reading = partial(
        server.tool, annotations=_READ_ONLY, structured_output=False
    )  # which would say all twice
    for tool in (tools.ask, tools.search, tools.search_texts, tools.entity, tools.event, tools.reviews):
        reading()(_clear(tool))
    reading()(tools.sparql)
    server.resource("kg://ontology", mime_type="text/turtle", description="The ontology.")(_ontology)
    server.resource(
        "kg://questions", mime_type="application/json", description="The catalogue of questions."
    )(_catalogue)
    return server


def _clear(tool: Callable[P, T]) -> Callable[P, T]:
    """The tool with its errors as texts that a model can act on."""

    @wraps(tool)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return tool(*args, **kwargs)
        except KgError as error:
            raise ToolError(str(error)) from error

    return wrapped


class _Tools:
    def __init__(self, store: Store, options: Settings) -> None:
        self.store = store
        self.pool = QueryPool(options.model_copy(update={"query_rows": min(options.query_rows, _ROWS)}))
        self.lexicon = Lexicon.load()
        self.text_search = TextSearch(store, self.lexicon)
        self._state: str | None = "unread"
        self._move()

    def ask(self, question: str, context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answer a question in plain English, with the passages that say so.

        Args:
            question: For example "Which topics were excluded from the June 5 call?".
            context: The `context` of the answer before, for follow-ups such as "and what did China say?".
        """
        self._move()
        before = Context.of(context.get("query"), context.get("values")) if context else None
        return answer_of(self.answerer.ask(question, before))

    def search(self, text: str, limit: int = 20) -> list[dict[str, str]]:
        """Find people, organizations, topics, events and documents by the beginning of words in their names.

        Args:
            text: English or Chinese; for example "rare", "Wang Y", "习近平".
            limit: How many at most.
        """
        self._move()
        return [found_of(it) for it in self.name_search.find(text, limit=max(1, min(limit, _MANY)))]

    def search_texts(
        self,
        words: str,
        side: Literal["us", "china", "third"] | None = None,
        speaker: str = "",
        topic: str = "",
        kind: str = "",
        year: str = "",
        publisher: str = "",
        limit: int = 5,
        page: int = 1,
    ) -> dict[str, Any]:
        """Find words in the texts of all documents: the passages where they stand, and what to narrow by.

        Args:
            words: All must be there, in all their forms; "in quotation marks" next to each other; -word must
                not be. English or Chinese in either script.
            side: Whose account a passage is.
            speaker: Who says something in the passage: a name, or a path such as person/xi-jinping.
            topic: What the passage is about, likewise.
            kind: Class of the document, such as Readout or Transcript.
            year: Of publication.
            publisher: Who published the document, likewise.
            limit: How many documents at most.
            page: Which part of the list, from 1.
        """
        self._move()
        size = max(1, min(limit, _MANY))
        filters = Filters(
            side=SIDES[side] if side else "",
            speaker=entities.find(speaker, self.store, kind="agent") if speaker else "",
            topic=entities.find(topic, self.store, kind="topic") if topic else "",
            kind=kind,
            year=year,
            publisher=entities.find(publisher, self.store, kind="agent") if publisher else "",
        )
        found = self.text_search.opened.find(words, filters, limit=size, start=size * (max(1, page) - 1))
        return texts_of(found, self.event_index)

    def entity(self, name: str) -> dict[str, Any]:
        """What is stored of one thing, with passages behind it: the first of each, and how many there are.

        Args:
            name: A name, a path such as person/xi-jinping, or an IRI.
        """
        self._move()
        return entity_of(entities.describe(entities.find(name, self.store), self.store))

    def event(self, name: str) -> dict[str, Any]:
        """One event with its accounts side by side: what each side says of each topic, in which words.

        Args:
            name: A path such as call/2025-06-05-donald-trump-xi-jinping, or an IRI.
        """
        self._move()
        iri = entities.find(name, self.store)
        if iri not in self.event_index.by_iri:
            raise NotFoundError(
                f"{name!r} is no event; `search` finds events, `entity` tells of other things"
            )
        return event_of(event_accounts(self.store, iri), self.event_index)

    def reviews(self, document: str = "", limit: int = 20) -> list[dict[str, str]]:
        """What people found of statements and events: accepted, rejected, corrected, added; latest first.

        Args:
            document: Identifier of a document; without it, those of all documents.
            limit: How many at most.
        """
        self._move()
        known = Reviews.of(self.store)
        found = known.by_document.get(document, ()) if document else known.all
        standing = [it for it in reversed(found) if not it.withdrawn]
        return [review_of(it) for it in standing[: max(1, min(limit, _MANY))]]

    async def sparql(self, query: str) -> str:
        """Run a read-only SPARQL 1.1 query, bounded in time, memory and rows; gives JSON or N-Triples.

        A long answer is cut, and says so: ask for what you need, count, or page with LIMIT and OFFSET.

        The prefixes kg, id, skos, dcterms, oa, rdf, rdfs, owl and xsd need no declaration.

        Args:
            query: SELECT, ASK, CONSTRUCT or DESCRIBE. The passage of a statement: kg:evidence/oa:exact.
        """
        try:
            answer = await self.pool.ask(QueryRequest(query, triples="ntriples", prefixed=True))
            try:
                file = BytesIO()
                await answer.collected(file, _BYTES)
            finally:
                answer.close()
            shape = rows_of if answer.head.format == "json" else triples_of
            return shape(file.getvalue().decode(), is_cut=answer.is_cut)
        except KgError as error:
            raise ToolError(str(error)) from error

    def _move(self) -> None:
        """Go on to the newest state of the store."""
        self.store.refresh()
        if self._state == "unread" or self.store.version != self._state:
            self._state = self.store.version
            self.event_index = EventIndex(self.store)
            self.name_search = NameSearch(self.event_index)
            self.answerer = Answerer(self.store, queries.catalogue(), self.lexicon, search=self.text_search)


def _ontology() -> str:
    return resources.text(resources.folder("ontology") / "kg.ttl")


def _catalogue() -> str:
    listed = {
        name: {
            "title": query.title,
            "description": query.description,
            "phrasings": query.phrasings,
            "parameters": {key: asdict(it) for key, it in query.parameters.items()},
            "columns": dict(query.columns),
        }
        for name, query in queries.catalogue().items()
    }
    return json.dumps(listed, ensure_ascii=False, indent=1)


__all__ = ["INSTRUCTIONS", "create_server"]
