"""What the commands of `kg review` share: a store open for reviews, and how a review is told."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack

import click

from kg import ingest
from kg.ingest import Pipeline
from kg.model import Document, EventReview, Review, Statement, Verdict
from kg.review import Applied, now, review_id
from kg.review.file import AnyReview
from kg.review.wording import event_summary, summary
from kg.search import open_indexed
from kg.store import Store

__all__ = ["ReviewSession", "preparing", "said", "state"]


class ReviewSession:
    """A store open for reviews, and the pipeline that reads its documents."""

    def __init__(self, store_url: str, reviewer: str) -> None:
        self._url, self.reviewer = store_url, reviewer
        self.pipeline = Pipeline()
        self.prepare = preparing(self.pipeline)

    def __enter__(self) -> "ReviewSession":
        self._opened = ExitStack()
        self.store: Store = self._opened.enter_context(open_indexed(self._url))
        return self

    def __exit__(self, *raised: object) -> None:
        self._opened.__exit__(*raised)  # type: ignore[arg-type]  # as Python passes them

    def find(self, name: str) -> tuple[Document, Applied, Statement]:
        """A statement, with its document and all that it says."""
        return ingest.statement_at(name, self.store, self.pipeline.read)

    def review(
        self,
        verdict: Verdict,
        document: Document,
        applied: Applied,
        statement: Statement,
        instead: Statement | None,
        note: str,
        also: Iterable[Statement] = (),
    ) -> Review:
        """A review of now."""
        by = ingest.Signature(self.reviewer, now(), note)
        return ingest.signed_review(verdict, by, document, applied, statement, instead, also)

    def put(self, reviews: Sequence[Review], quiet: bool) -> None:
        """Store reviews of one document, and say so."""
        ingest.record(reviews, self.store, self.prepare, self.pipeline)
        for it in () if quiet else reviews:
            click.echo(f"{it.verdict.lower()} {review_id(it)}  {said(it)}")


def preparing(pipeline: Pipeline) -> Callable[[Document], ingest.Prepared]:
    """Reads and checks a document by the steps of a pipeline."""
    return lambda document: next(iter(pipeline.prepare([document])))


def state(id: str, review: AnyReview, unlike: set[str], reasons: dict[str, str]) -> str:
    """What became of a review."""
    found = "events" if isinstance(review, EventReview) else review.verdict.lower()
    if review.withdrawn:
        return f"{found}, taken back"
    return f"{found}, to look at again" if id in reasons else f"{found}, disputed" if id in unlike else found


def said(review: AnyReview) -> str:
    """What a review says, in one line."""
    if isinstance(review, EventReview):
        return event_summary(review)
    its = summary(review.statement, review.document)
    return f"{its} → {summary(review.instead, review.document)}" if review.instead else its
