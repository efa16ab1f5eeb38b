"""Full text: documents by their words, with the passages, and what they can be narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from kg import search
from kg.search import Filters
from kg.terms import BASE
from kg.views.pagination import ranked_page, start_of
from kg.web.api import dependencies
from kg.web.api.dependencies import ACCOUNTS, AGENTS, TOPICS, Paging, RequestContext
from kg.web.api.schemas import Account, Context, Href, Id, Side, Thing, Type
from kg.web.api.serializers import Serializer
from kg.web.http.problems import documented

__all__ = ["router"]

router = APIRouter(prefix="/search", tags=["search"])
_THINGS = 10  # found by name beside the texts
Spread: TypeAlias = Annotated[
    tuple[int, int],
    Field(description="Offsets of the first character and after the last.", examples=[[0, 5]]),
]
_Facet = Literal["side", "speaker", "topic", "kind", "year", "publisher"]


@dataclass(frozen=True)
class Narrowed:
    """What found passages must be of. Things are given by path, IRI or whole name."""

    side: Annotated[Side | None, Query(description="Whose account a passage is.")] = None
    speaker: Annotated[
        str | None, Query(max_length=300, description="Who says something in the passage.")
    ] = None
    topic: Annotated[
        str | None,
        Query(max_length=300, description="What the passage is about; topics below it count."),
    ] = None
    kind: Annotated[
        str | None,
        Query(pattern="^[A-Za-z]+$", max_length=60, description="Class of the document: `Readout`."),
    ] = None
    year: Annotated[str | None, Query(pattern="^[0-9]{4}$", description="Year of publication.")] = None
    publisher: Annotated[str | None, Query(max_length=300, description="Who published the document.")] = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """Words of a document."""

    start: Annotated[int, Field(description="Offset in the body of the document.")]
    end: Annotated[int, Field(description="Offset after it.")]
    text: str
    lit: Annotated[
        tuple[Spread, ...], Field(description="Where the words stand that were searched for, in the body.")
    ]
    speakers: Annotated[tuple[Thing, ...], Field(description="Who says something in it.")]
    topics: Annotated[tuple[Thing, ...], Field(description="What it is about, and what is above that.")]
    page: Annotated[str, Field(description="Where it stands in the page of its document.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A document that has the words."""

    id: Id
    type: Type
    name: Annotated[str, Field(description="Its title.")]
    href: Href
    issued: Annotated[str | None, Field(description="Day of publication.")] = None
    publisher: Thing | None = None
    account: Annotated[Account, Field(description="Whose account it gives where nobody else speaks.")]
    passages: Annotated[tuple[FoundPassage, ...], Field(description="The best, in order of the text.")]
    more: Annotated[int, Field(description="How many other passages have the words.")]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """What a search can be narrowed to."""

    value: Annotated[str, Field(description="To be given as the parameter.", examples=["person/xi-jinping"])]
    name: str
    number: Annotated[int, Field(description="How many documents then stay.")]


@dataclass(frozen=True, slots=True)
class OtherNames:
    """Other names of what a word of the search means."""

    word: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Part of what was found."""

    context: Context
    total: Annotated[int, Field(description="Number of documents.")]
    items: Annotated[tuple[FoundDocument, ...], Field(description="The best first.")]
    things: Annotated[
        tuple[Thing, ...], Field(description="Things with such a name, on the first page; at most ten.")
    ]
    facets: Annotated[
        Mapping[_Facet, tuple[FacetValue, ...]],
        Field(description="What the search can be narrowed to, the most frequent first."),
    ]
    widened: Annotated[tuple[OtherNames, ...], Field(description="What was searched for as well.")]
    offered: Annotated[tuple[OtherNames, ...], Field(description="What `widen` would search for as well.")]
    unused: Annotated[str, Field(description="What of `q` was not used.")]
    complete: Annotated[
        bool, Field(description="Whether the index holds the whole store; if not, it is being made.")
    ]
    cursor: Annotated[str | None, Field(description="For the next page; missing at the end.")] = None
    next: Annotated[str | None, Field(description="Address of the next page.")] = None


@router.get("", summary="Search names, titles and texts", response_model=SearchResult,
            responses={**dependencies.FOUND, **documented(422)})  # fmt: skip
def found(
    request: Request,
    paging: Annotated[Paging, Depends()],
    narrowed: Annotated[Narrowed, Depends()],
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=300,
            description="Words that all must be there, in all their forms; “in quotation marks” next to each "
            "other; `-word` must not be. Chinese in either script.",
            examples=["fringe separatists", "台灣"],
        ),
    ],
    widen: Annotated[
        bool | None,
        Query(
            description="Whether other names of what is named count as well; without it, only if nothing is "
            "found otherwise."
        ),
    ] = None,
) -> Response:
    """Documents with the passages that have the words, and how many there are of each side, speaker, …."""
    at, start = RequestContext(request), start_of(paging.cursor)
    filters = _filters(narrowed, at)
    hits = at.snapshots.full_text.find(q, filters, limit=paging.limit, start=start, widen=widen)
    part = ranked_page(hits.hits, start, hits.total)
    serializer = at.serializer
    named = () if start else at.snapshots.name_search().find(q, limit=_THINGS)
    body = SearchResult(
        context=serializer.context,
        total=hits.total,
        items=tuple(_document(it, serializer) for it in part.items),
        things=serializer.things(it.iri for it in named),
        facets={
            name: tuple(_value(it, serializer) for it in values)  # type: ignore[misc]  # the names of FACETS
            for name, values in hits.facets.items()
        },
        widened=tuple(OtherNames(it.word, it.names) for it in hits.widened),
        offered=tuple(OtherNames(it.word, it.names) for it in hits.offered),
        unused=hits.unused,
        complete=hits.is_complete,
        cursor=part.next,
        next=at.next(part),
    )
    return at.page(body, part)


def _filters(narrowed: Narrowed, at: RequestContext) -> Filters:
    return Filters(
        side=ACCOUNTS[narrowed.side],
        speaker=at.meant(narrowed.speaker, AGENTS),
        topic=at.meant(narrowed.topic, TOPICS),
        kind=narrowed.kind or "",
        year=narrowed.year or "",
        publisher=at.meant(narrowed.publisher, AGENTS),
    )


def _document(it: search.Hit, serializer: Serializer) -> FoundDocument:
    link = serializer.document(it.document)
    return FoundDocument(
        id=it.document,
        type=it.kind,
        name=it.title,
        href=link.href,
        issued=it.issued or None,
        publisher=serializer.thing(it.publisher) if it.publisher else None,
        account=it.side,
        passages=tuple(_passage(passage, it, serializer) for passage in it.passages),
        more=it.more,
    )


def _passage(it: search.Passage, of: search.Hit, serializer: Serializer) -> FoundPassage:
    path = of.document.removeprefix(BASE)
    return FoundPassage(
        start=it.start,
        end=it.end,
        text=it.text,
        lit=it.lit,
        speakers=serializer.things(it.speakers),
        topics=serializer.things(it.topics),
        page=f"{serializer.root}{path}?at={it.start}#passage",
    )


def _value(it: search.Facet, serializer: Serializer) -> FacetValue:
    side = next((name for name, account in ACCOUNTS.items() if name and account == it.value), None)
    if side is not None:
        return FacetValue(side, it.value, it.number)
    if it.value.startswith(f"{BASE}id/"):
        return FacetValue(it.value.removeprefix(f"{BASE}id/"), serializer.thing(it.value).name, it.number)
    return FacetValue(it.value, it.value, it.number)
