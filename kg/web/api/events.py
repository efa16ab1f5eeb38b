"""Events, and one event as each side tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from kg.terms import BASE
from kg.views.accounts import EventAccounts, EventDetail, TopicAccounts, event_accounts
from kg.views.event_index import EventFilter, EventSummary
from kg.views.pagination import paginate
from kg.views.statements import ACCOUNTS as ORDER
from kg.views.statements import StatementSummary
from kg.web.api import dependencies
from kg.web.api.dependencies import Kind, Paging, RequestContext, Slug
from kg.web.api.schemas import (
    Account,
    Context,
    DocumentLink,
    Event,
    KindOfStatement,
    Side,
    Statement,
    Status,
    Thing,
)
from kg.web.api.serializers import Serializer

__all__ = ["EventParameters", "router"]

router = APIRouter(prefix="/events", tags=["events"])
_COUNTRY = f"{BASE}id/country/"
_StatementsByAccount = Annotated[
    Mapping[Account, tuple[Statement, ...]], Field(description="Statements by whose telling they are.")
]


@dataclass(frozen=True)
class EventParameters:
    """What narrows a list of events. Things are given by path, IRI or whole name."""

    after: Annotated[
        str | None,
        Query(
            alias="from",
            pattern=dependencies.DATE,
            description="First day, month or year.",
            examples=["2025-01"],
        ),
    ] = None
    before: Annotated[
        str | None,
        Query(
            alias="to",
            pattern=dependencies.DATE,
            description="Last day, month or year.",
            examples=["2025-12-31"],
        ),
    ] = None
    participant: Annotated[
        list[str] | None,
        Query(
            max_length=4,
            description="All of these take part; for a country, somebody who acts for it.",
            examples=[["person/xi-jinping"]],
        ),
    ] = None
    topic: Annotated[
        str | None,
        Query(max_length=300, description="Raised or left out, or one below it.", examples=["Taiwan"]),
    ] = None
    excluded_topic: Annotated[
        str | None, Query(max_length=300, description="Left out, or one below it.", examples=["topic/iran"])
    ] = None
    status: Annotated[Status | None, Query(description="What became of it.")] = None
    kind: Annotated[
        str | None, Query(pattern="^[a-z-]+$", max_length=60, description="Kind of event.", examples=["call"])
    ] = None
    side: Annotated[Side | None, Query(description="Somebody of this side tells of it.")] = None

    def event_filter(self, of: RequestContext) -> EventFilter:
        """What the event index is asked for."""
        agents = [of.meant(it, dependencies.AGENTS) for it in self.participant or ()]
        return EventFilter(
            kind=self.kind or "",
            agents=tuple(it for it in agents if not it.startswith(_COUNTRY)),
            countries=tuple(it for it in agents if it.startswith(_COUNTRY)),
            topic=of.meant(self.topic, dependencies.TOPICS),
            status=self.status or "",
            account=dependencies.ACCOUNTS[self.side],
            start=self.after or "",
            end=self.before or "",
            excluded=of.meant(self.excluded_topic, dependencies.TOPICS),
        )


@dataclass(frozen=True, slots=True)
class EventPage:
    """Part of a list of events."""

    context: Context
    total: Annotated[int, Field(description="Length of the whole list.")]
    items: tuple[Event, ...]
    cursor: Annotated[str | None, Field(description="For the next page; missing at the end.")] = None
    next: Annotated[str | None, Field(description="Address of the next page.")] = None


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic in all accounts."""

    topic: Thing
    marks: Annotated[
        tuple[Literal["only-here", "excluded", "contradicted", "main"], ...],
        Field(
            description="`only-here`: one account alone has a word of it. `excluded`: somebody says it was "
            "not raised. `contradicted`: somebody else says it was. `main`: it took up most of the time."
        ),
    ]
    tellers: Annotated[tuple[Account, ...], Field(description="The accounts that have a word of it.")]
    accounts: _StatementsByAccount


@dataclass(frozen=True, slots=True)
class Detail:
    """One value of one property, with who gives it."""

    property: Annotated[str, Field(description="Name in the ontology.", examples=["duration"])]
    accounts: tuple[Account, ...]
    statements: tuple[Statement, ...]
    thing: Thing | None = None
    value: Annotated[str | None, Field(examples=["PT1H30M"])] = None


@dataclass(frozen=True, slots=True)
class DocumentAccounts:
    """A document that tells of the event."""

    document: DocumentLink
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class MayBe:
    """An event that may be the same."""

    event: Event
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullEvent(Event):
    """An event with its accounts side by side."""

    details: Annotated[
        tuple[Detail, ...], Field(description="Date, place, duration and the like, each with who gives it.")
    ]
    topics: Annotated[tuple[TopicRow, ...], Field(description="Where the tellings part comes first.")]
    claims: Annotated[
        Mapping[KindOfStatement, _StatementsByAccount], Field(description="By kind, then by whose telling.")
    ]
    links: Annotated[tuple[Statement, ...], Field(description="Facts that tie it to other events.")]
    denials: Annotated[tuple[Statement, ...], Field(description="What somebody says was not so.")]
    possiblySameAs: Annotated[  # noqa: N815  # a term of the ontology
        tuple[MayBe, ...],
        Field(
            description="Events that may be this one, which nobody has decided. While there is one, a side "
            "that seems silent may tell there, and no topic is marked `only-here`."
        ),
    ]
    documents: tuple[DocumentAccounts, ...]


@router.get("", summary="Events", response_model=EventPage, responses=dependencies.FOUND)
def listed(
    request: Request,
    given: Annotated[EventParameters, Depends()],
    paging: Annotated[Paging, Depends()],
    order: Annotated[Literal["newest", "oldest"], Query(description="Which come first.")] = "newest",
    reviews: dependencies.Reviews = None,  # noqa: ARG001  # the context reads it
) -> Response:
    """Events that meet all conditions. One without a date counts as the oldest, and meets no date."""
    at = RequestContext(request)
    found = at.event_index.select(given.event_filter(at))
    part = paginate(
        found, lambda it: it.key, cursor=paging.cursor, limit=paging.limit, backwards=order == "newest"
    )
    serializer = at.serializer
    items = tuple(serializer.event(it) for it in part.items)
    return at.page(EventPage(serializer.context, part.total, items, part.next, at.next(part)), part)


@router.get(
    "/{kind}/{slug}",
    summary="One event, accounts side by side",
    response_model=FullEvent,
    responses=dependencies.FOUND,
)
def one(
    request: Request,
    kind: Kind,
    slug: Slug,
    reviews: dependencies.Reviews = None,  # noqa: ARG001  # the context reads it
) -> Response:
    """All that is said of an event: topic by topic what each side tells, then details, claims and links.

    Nothing is resolved: where two accounts contradict each other, both are there, with their passages.
    """
    at = RequestContext(request)
    if (moved := at.moved(at.iri(kind, slug), "events")) is not None:
        return moved
    iri = at.known(at.iri(kind, slug))
    event_index, serializer = at.event_index, at.serializer
    may_be = tuple(MayBe(serializer.event(it), reason) for it, reason in event_index.may_be(iri))
    found = at.snapshots.view(event_accounts, iri)
    return at.answer(_full(event_index.by_iri[iri], found, may_be, serializer))


def _full(
    it: EventSummary, found: EventAccounts, may_be: tuple[MayBe, ...], serializer: Serializer
) -> FullEvent:
    short = serializer.event(it)
    copied = {field.name: getattr(short, field.name) for field in fields(short)}
    return FullEvent(
        **{
            **copied,
            "context": [*serializer.context, short.context] if short.context else serializer.context,
        },
        details=tuple(_detail(detail, serializer) for detail in found.details),
        topics=tuple(_row(row, serializer, is_certain=not may_be) for row in found.rows),
        claims={kind: _sides(sides, serializer) for kind, sides in found.claims.items()},
        links=serializer.statements(found.links),
        denials=serializer.statements(found.denials),
        possiblySameAs=may_be,
        documents=tuple(
            DocumentAccounts(serializer.document(document), accounts)
            for document, accounts in found.documents.items()
        ),
    )


def _row(row: TopicAccounts, serializer: Serializer, *, is_certain: bool) -> TopicRow:
    cells = {cell.account: serializer.statements(cell.statements) for cell in row.cells}
    return TopicRow(
        serializer.thing(row.topic), tuple(_marks(row, is_certain=is_certain)), row.tellers, cells
    )


def _marks(
    row: TopicAccounts, *, is_certain: bool
) -> Iterable[Literal["only-here", "excluded", "contradicted", "main"]]:
    if len(row.tellers) == 1 and is_certain:
        yield "only-here"
    if any(cell.excludes for cell in row.cells):
        yield "excluded"
    if row.is_contradicted:
        yield "contradicted"
    if any(cell.is_main for cell in row.cells):
        yield "main"


def _detail(it: EventDetail, serializer: Serializer) -> Detail:
    is_thing = it.value.startswith(("http://", "https://"))
    return Detail(
        it.relation,
        it.accounts,
        serializer.statements(it.statements),
        serializer.thing(it.value) if is_thing else None,
        None if is_thing else it.value,
    )


def _sides(
    by_account: Mapping[str, Iterable[StatementSummary]], serializer: Serializer
) -> dict[Account, tuple[Statement, ...]]:
    return {account: serializer.statements(by_account.get(account, ())) for account in ORDER}
