"""Things: search by name in both scripts, and one thing with its facts and their evidence."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from kg.terms import BASE
from kg.views import entity_summary
from kg.views.entity_summary import EntitySummary
from kg.views.name_search import SearchHit
from kg.views.pagination import paginate
from kg.views.profile import Office, agent_profile
from kg.web.api import dependencies
from kg.web.api.claims import Statements, statements
from kg.web.api.dependencies import Kind, Paging, RequestContext, Slug
from kg.web.api.schemas import Context, Date, Id, Iri, Names, Thing
from kg.web.api.serializers import Serializer, precision

__all__ = ["router"]

router = APIRouter(prefix="/entities", tags=["entities"])
_RANKED = 2000  # found by a text and put in order; whoever searches looks at fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Thing):
    """A thing that was found."""

    kind: Annotated[str, Field(description="Kind of thing.", examples=["person"])]
    note: Annotated[
        str | None, Field(description="Chinese name of a thing, date of an event or document.")
    ] = None


@dataclass(frozen=True, slots=True)
class Hits:
    """Part of a list of things."""

    context: Context
    total: Annotated[int, Field(description="Length of the whole list.")]
    items: tuple[Hit, ...]
    cursor: Annotated[str | None, Field(description="For the next page; missing at the end.")] = None
    next: Annotated[str | None, Field(description="Address of the next page.")] = None


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time in an office."""

    office: Thing
    holder: Thing
    startDate: Date | None = None  # noqa: N815  # a term of the ontology
    endDate: Date | None = None  # noqa: N815  # a term of the ontology
    context: Context = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing and a number."""

    thing: Thing
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What an agent did and said."""

    events: Annotated[int, Field(description="Events in which it takes part.")]
    claims: Annotated[int, Field(description="Claims that it makes.")]
    documents: Annotated[int, Field(description="Documents that mention it.")]
    offices: Annotated[
        tuple[Term, ...], Field(description="Held by it or belonging to it, the newest first.")
    ]
    met: Annotated[
        tuple[Counted, ...], Field(description="With whom it had how many exchanges that occurred.")
    ]
    topics: Annotated[tuple[Counted, ...], Field(description="On what it makes how many claims.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One thing."""

    context: Context
    id: Id
    type: Annotated[
        tuple[str, ...],
        Field(serialization_alias="@type", description="Local names of its classes.", examples=[["Leader"]]),
    ]
    name: str
    prefLabel: Names | None = None  # noqa: N815  # a term of the ontology
    altLabel: Annotated[  # noqa: N815  # a term of the ontology
        dict[str, tuple[str, ...]], Field(description="Other names by language.")
    ]
    definition: Names | None = None
    sameAs: Annotated[tuple[Iri, ...], Field(description="The same thing elsewhere.")]  # noqa: N815
    represents: tuple[Thing, ...] | None = None
    broader: tuple[Thing, ...] | None = None
    officeOf: tuple[Thing, ...] | None = None  # noqa: N815  # a term of the ontology
    holder: tuple[Thing, ...] | None = None
    office: tuple[Thing, ...] | None = None
    startDate: Date | None = None  # noqa: N815  # a term of the ontology
    endDate: Date | None = None  # noqa: N815  # a term of the ontology
    activity: Annotated[Activity | None, Field(description="Of agents: what they did and said.")] = None
    statements: Annotated[
        Statements,
        Field(description="What documents say of it or by it, the newest first, with evidence."),
    ]


@router.get("", summary="Search for things by name", response_model=Hits, responses=dependencies.FOUND)
def found(
    request: Request,
    paging: Annotated[Paging, Depends()],
    q: Annotated[
        str,
        Query(
            max_length=300,
            description="Words of a name, title or date in English or Chinese; each may be the beginning of "
            "one. Without it, all things are listed by identifier.",
            examples=["xi jin", "习近平"],
        ),
    ] = "",
    kind: Annotated[
        list[str] | None,
        Query(max_length=20, description="Kinds of things.", examples=[["person", "organization"]]),
    ] = None,
) -> Response:
    """The likeliest comes first: whole names before beginnings, short names before long ones."""
    at = RequestContext(request)
    name_search = at.snapshots.name_search()
    if q.strip():
        hits = name_search.find(q, kinds=kind or (), limit=_RANKED)
        places = {it.iri: f"{place:08}" for place, it in enumerate(hits)}  # a ranking has no other key
        part = paginate(hits, lambda it: (places[it.iri],), cursor=paging.cursor, limit=paging.limit)
    else:
        listed = name_search.listed(kind or ())
        part = paginate(listed, lambda it: (it.iri,), cursor=paging.cursor, limit=paging.limit)
    items = tuple(_hit(it, at.serializer) for it in part.items)
    return at.page(Hits(at.serializer.context, part.total, items, part.next, at.next(part)), part)


@router.get("/{kind}/{slug}", summary="One thing", response_model=Entity, responses=dependencies.FOUND)
def one(
    request: Request,
    kind: Kind,
    slug: Slug,
    paging: Annotated[Paging, Depends()],
    reviews: dependencies.Reviews = None,  # noqa: ARG001  # the context reads it
) -> Response:
    """What is known of a thing, and the statements in which it occurs, a page at a time."""
    at = RequestContext(request)
    iri = at.iri(kind, slug)
    if (moved := at.moved(iri, "entities")) is not None:
        return moved
    known = at.snapshots.view(entity_summary.entity_summary, iri)
    lines = at.snapshots.view(entity_summary.statements, at.event_index, iri)
    part = paginate(lines, lambda it: it, cursor=paging.cursor, limit=paging.limit, backwards=True)
    told = statements(at, tuple(statement for *_, statement in part.items))
    page = Statements(part.total, told, part.next, at.next(part))
    documents = len({document for _, document, _ in lines})
    activity = _activity(at, iri, documents) if kind in dependencies.AGENTS else None
    return at.page(_entity(known, page, activity, at.serializer), part)


def _entity(
    known: EntitySummary, page: Statements, activity: Activity | None, serializer: Serializer
) -> Entity:
    ties = dict(known.ties)
    start, end = (next(iter(ties.get(name, ())), None) for name in ("startDate", "endDate"))
    exact = precision(startDate=start, endDate=end)

    def tied(name: str) -> tuple[Thing, ...] | None:
        return serializer.things(ties[name]) if name in ties else None

    return Entity(
        context=[*serializer.context, exact] if exact else serializer.context,
        id=known.iri,
        type=known.classes,
        name=serializer.thing(known.iri).name,
        prefLabel=dict(known.names) or None,
        altLabel=_by_language(known.aliases),
        definition=dict(known.definitions) or None,
        sameAs=known.same_as,
        activity=activity,
        statements=page,
        represents=tied("represents"),
        broader=tied("broader"),
        officeOf=tied("officeOf"),
        holder=tied("holder"),
        office=tied("office"),
        startDate=start,
        endDate=end,
    )


def _activity(at: RequestContext, iri: str, documents: int) -> Activity:
    event_index, serializer = at.event_index, at.serializer
    profile = at.snapshots.view(agent_profile, at.claim_index, iri)
    return Activity(
        events=len(event_index.by_agent.get(iri, ())),
        claims=len(profile.claims),
        documents=documents,
        offices=tuple(_term(it, serializer) for it in profile.offices),
        met=tuple(Counted(serializer.thing(who), times) for who, times in event_index.met.get(iri, ())),
        topics=tuple(Counted(serializer.thing(topic), times) for topic, times in profile.claims_by_topic),
    )


def _term(it: Office, serializer: Serializer) -> Term:
    start, end = it.start or None, it.end or None
    return Term(
        serializer.thing(it.office),
        serializer.thing(it.holder),
        start,
        end,
        precision(startDate=start, endDate=end),
    )


def _hit(it: SearchHit, serializer: Serializer) -> Hit:
    thing = serializer.thing(it.iri)
    kind = it.iri.removeprefix(f"{BASE}id/").partition("/")[0]
    return Hit(thing.id, it.label, thing.href, thing.prefLabel, kind=kind, note=it.other or None)


def _by_language(names: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    languages = sorted({language for language, _ in names})
    return {tag: tuple(name for language, name in names if language == tag) for tag in languages}
