"""Claims: what somebody puts forward, with who says it and the words."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from kg.errors import NotFoundError
from kg.store import Store
from kg.views.claim_index import ClaimFilter
from kg.views.pagination import paginate
from kg.views.statements import StatementSummary, statements_by_iri
from kg.web.api import dependencies
from kg.web.api.dependencies import Paging, RequestContext
from kg.web.api.schemas import ClaimKind, Context, Side, Statement

__all__ = ["Statements", "router", "statements"]

router = APIRouter(prefix="/claims", tags=["claims"])


@dataclass(frozen=True)
class ClaimParameters:
    """What narrows a list of claims. Things are given by path, IRI or whole name."""

    claimant: Annotated[
        str | None,
        Query(
            max_length=300,
            description="Who says it; of a country also those who speak for it.",
            examples=["person/xi-jinping"],
        ),
    ] = None
    topic: Annotated[
        str | None, Query(max_length=300, description="Topic, or one above it.", examples=["Taiwan"])
    ] = None
    side: Annotated[Side | None, Query(description="Whose telling it is.")] = None
    kind: Annotated[ClaimKind | None, Query(alias="type", description="Kind of claim.")] = None
    event: Annotated[
        str | None,
        Query(
            max_length=500,
            description="The exchange in which it was said.",
            examples=["call/2025-06-05-donald-trump-xi-jinping"],
        ),
    ] = None
    document: Annotated[str | None, Query(max_length=500, description="The document that reports it.")] = None

    def claim_filter(self, of: RequestContext) -> ClaimFilter:
        """What the claim index is asked for."""
        return ClaimFilter(
            by=of.meant(self.claimant, dependencies.AGENTS),
            about=of.meant(self.topic, dependencies.TOPICS),
            account=dependencies.ACCOUNTS[self.side],
            kind=self.kind or "",
            event=of.meant(self.event),
            document=of.meant(self.document, ("document",)),
        )


@dataclass(frozen=True, slots=True)
class Statements:
    """Part of a list of statements, within another body."""

    total: Annotated[int, Field(description="Length of the whole list.")]
    items: tuple[Statement, ...]
    cursor: Annotated[str | None, Field(description="For the next page; missing at the end.")] = None
    next: Annotated[str | None, Field(description="Address of the next page.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage(Statements):
    """Part of a list of statements."""

    context: Context


@dataclass(frozen=True, slots=True, kw_only=True)
class FullStatement(Statement):
    """A statement that is a body of its own."""

    context: Context


@router.get("", summary="Claims", response_model=StatementPage, responses=dependencies.FOUND)
def listed(
    request: Request,
    given: Annotated[ClaimParameters, Depends()],
    paging: Annotated[Paging, Depends()],
    order: Annotated[
        Literal["newest", "oldest"], Query(description="Whose documents come first.")
    ] = "newest",
    reviews: dependencies.Reviews = None,  # noqa: ARG001  # the context reads it
) -> Response:
    """Claims that meet all conditions, by the day on which their documents were published."""
    at = RequestContext(request)
    found = at.claim_index.select(given.claim_filter(at))
    part = paginate(
        found, lambda it: it.key, cursor=paging.cursor, limit=paging.limit, backwards=order == "newest"
    )
    items = statements(at, tuple(it.iri for it in part.items))
    page = StatementPage(part.total, items, part.next, at.next(part), context=at.serializer.context)
    return at.page(page, part)


@router.get("/{number}", summary="One claim", response_model=FullStatement, responses=dependencies.FOUND)
def one(
    request: Request,
    number: dependencies.Slug,
    reviews: dependencies.Reviews = None,  # noqa: ARG001  # the context reads it
) -> Response:
    """A claim with its passages."""
    at = RequestContext(request)
    found = statements(at, (at.iri("claim", number),))
    if not found:
        raise NotFoundError(f"there is no claim {number!r}")
    held = {name: getattr(found[0], name) for name in Statement.__dataclass_fields__}
    return at.answer(FullStatement(**held, context=at.serializer.context))


def statements(at: RequestContext, iris: tuple[str, ...]) -> tuple[Statement, ...]:
    """Statements by their identifiers, in order."""
    return at.serializer.statements(at.snapshots.view(_each, iris))


def _each(store: Store, iris: tuple[str, ...]) -> list[StatementSummary]:
    return statements_by_iri(store, iris)
