"""What reviewers can do, for the page and the interface alike; workers read the texts."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from fastapi import FastAPI

from kg import ingest
from kg.errors import ForbiddenError, NotFoundError
from kg.lexicon import Lexicon
from kg.model import Document, Review, Statement, Verdict
from kg.review import Applied, Reviews, now
from kg.review.change import added, added_event, corrected, passage
from kg.review.file import AnyReview
from kg.search import open_indexed
from kg.settings import Settings
from kg.store import Store
from kg.web.extraction_worker.pool import workers_of
from kg.web.pipeline import pipeline

__all__ = ["ReviewService", "Subject", "lexicon", "now"]

Value = TypeVar("Value")


@dataclass(frozen=True)
class Subject:
    """A statement that is looked at.

    Attributes:
        document: Its document, with what people decided on it.
        applied: All that the document says.
        statement: What a review of it is to be about.
        shown: The statement as it stands in the graph, or stood there.
    """

    document: Document
    applied: Applied
    statement: Statement
    shown: Statement


@cache
def lexicon() -> Lexicon:
    """The names of the reference data."""
    return Lexicon.load()


class ReviewService:
    """The reviews of the store of an application."""

    def __init__(self, app: FastAPI) -> None:
        """Work for `app`."""
        self._app = app
        self._workers = workers_of(app)

    @property
    def store(self) -> Store:
        """The store, for reading."""
        store: Store = self._app.state.store
        return store

    async def subject(self, iri: str) -> Subject:
        """A statement, with all that its document says.

        Raises:
            NotFoundError: there is no such statement.
        """
        read = self._waiting(self._workers.read)
        document, applied, statement = await asyncio.to_thread(ingest.statement_at, iri, self.store, read)
        return Subject(document, applied, statement, applied.shown(iri, document) or statement)

    async def document(self, document_id: str) -> tuple[Document, Applied]:
        """A document and what it says.

        Raises:
            NotFoundError: there is no such document.
        """
        document = await asyncio.to_thread(ingest.reviewed_document, document_id, self.store)
        return document, await self._workers.read(document)

    async def judge(
        self, who: str, iri: str, verdict: Verdict, changes: Mapping[str, Sequence[str]], note: str
    ) -> list[Review]:
        """Accept, reject or correct a statement.

        Raises:
            InputError: a correction changes nothing, or to what is not known.
            NotFoundError: there is no such statement.
            RefusedError: a check refuses it; nothing has changed.
        """
        it = await self.subject(iri)
        instead = None
        if verdict == "Corrected":
            names = await asyncio.to_thread(ingest.names_in, it.document, it.applied, self.store, lexicon())
            instead = corrected(it.statement, changes, names)
        review = self._review(who, verdict, it.document, it.applied, it.statement, instead, note)
        return await self._record([review])

    async def add(
        self,
        who: str,
        document_id: str,
        quote: str,
        start: int | None,
        parts: Mapping[str, Sequence[str]],
        note: str,
    ) -> list[Review]:
        """Add a statement, or an event, that was missed.

        Raises:
            InputError: the words do not stand there, or a value is not known.
            NotFoundError: there is no such document.
            RefusedError: a check refuses it; nothing has changed.
        """
        document, applied = await self.document(document_id)
        names = await asyncio.to_thread(ingest.names_in, document, applied, self.store, lexicon())
        where = passage(document, quote, start)
        made: Sequence[Statement]
        if parts.get("kind"):
            day, status = (" ".join(parts.get(name, ())) for name in ("day", "status"))
            people = parts.get("people", ())
            made = added_event(parts["kind"][0], people, day, status or "Occurred", where, names)
        else:
            made = [added(parts, where, names)]
        return await self._record(
            [self._review(who, "Added", document, applied, it, None, note, made) for it in made]
        )

    async def undo(self, who: str, id: str) -> list[AnyReview]:
        """Take a review of one's own back.

        Raises:
            ForbiddenError: it is somebody else's.
            InputError: it was taken back before.
            NotFoundError: there is no such review.
            RefusedError: a check refuses the document as it would then be; nothing has changed.
        """
        known = Reviews.of(self.store)
        review = known.by_id.get(id) or known.events.get(id)
        if review is None:
            raise NotFoundError(f"there is no review {id!r}")
        if review.reviewer != who:
            raise ForbiddenError(f"that review is {review.reviewer}'s; make one of your own beside it")
        return await self._write(partial(ingest.withdraw, [id], who, now()))

    async def decide_events(self, decision: Callable[[Store], None]) -> None:
        """Say that two events are one or two, or take that back.

        Raises:
            InputError: it is not open, or was not decided so.
            NotFoundError: there is no such event.
        """
        await self._write(lambda store, *_: decision(store))

    async def take_in(self, reviews: Sequence[AnyReview]) -> ingest.Imported:
        """Take in reviews from elsewhere.

        Raises:
            RefusedError: one breaks the shapes; nothing has changed.
        """
        return await self._write(partial(ingest.import_reviews, reviews))

    def _review(
        self,
        who: str,
        verdict: Verdict,
        document: Document,
        applied: Applied,
        statement: Statement,
        instead: Statement | None,
        note: str,
        also: Sequence[Statement] = (),
    ) -> Review:
        by = ingest.Signature(who, now(), note.strip()[:2000])
        return ingest.signed_review(verdict, by, document, applied, statement, instead, also)

    async def _record(self, reviews: Sequence[Review]) -> list[Review]:
        await self._write(partial(ingest.record, reviews))
        return [*reviews]

    async def _write(self, action: Callable[..., Value]) -> Value:
        """Change the store, off the event loop."""
        options: Settings = self._app.state.options
        prepare = self._waiting(self._workers.prepare)

        def work() -> Value:
            with open_indexed(options.store) as opened:
                return action(opened, prepare, pipeline())

        async with self._app.state.writing:
            made = await asyncio.to_thread(work)
        self.store.refresh()
        return made

    @staticmethod
    def _waiting(call: Callable[[Document], Coroutine[Any, Any, Value]]) -> Callable[[Document], Value]:
        """Has a document read by a worker process, for a thread that waits for it."""
        loop = asyncio.get_running_loop()
        return lambda document: asyncio.run_coroutine_threadsafe(call(document), loop).result()
