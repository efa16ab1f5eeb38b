"""Topics and policies as a tree, and one topic with who speaks of it when."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from kg.errors import NotFoundError
from kg.terms import BASE
from kg.views.profile import topic_profile
from kg.web.api import dependencies
from kg.web.api.claims import statements
from kg.web.api.dependencies import RequestContext, Slug
from kg.web.api.schemas import Account, Context, Id, Iri, Names, Statement, Thing

__all__ = ["router"]

router = APIRouter(tags=["topics"])
_FOLDERS = tuple(f"{BASE}id/{kind}/" for kind in dependencies.TOPICS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Thing):
    """A topic with those below it."""

    events: Annotated[
        int, Field(description="Number of events that raise it or leave it out, those below it not counted.")
    ]
    narrower: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """All topics and policies."""

    context: Context
    items: Annotated[tuple[Branch, ...], Field(description="Those with nothing above them, by name.")]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks of a topic."""

    agent: Thing
    claims: Annotated[int, Field(description="Number of claims.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic; what is counted counts for the topics below it too."""

    context: Context
    id: Id
    name: str
    prefLabel: Names | None = None  # noqa: N815  # a term of the ontology
    definition: Names | None = None
    broader: tuple[Thing, ...]
    narrower: tuple[Thing, ...]
    sameAs: tuple[Iri, ...]  # noqa: N815  # a term of the ontology
    events: Annotated[int, Field(description="Events that raise it or leave it out.")]
    excluded: Annotated[int, Field(description="Events of which somebody says that they left it out.")]
    mentions: Annotated[
        Mapping[str, Mapping[Account, int]],
        Field(
            description="Number of statements by year, then by account.",
            examples=[{"2025": {"ChinaAccount": 3}}],
        ),
    ]
    claimants: Annotated[tuple[Speaker, ...], Field(description="Who speaks of it, the most frequent first.")]
    claims: Annotated[
        Mapping[Account, tuple[Statement, ...]], Field(description="The latest claims of each account.")
    ]


@router.get("/topics", summary="The tree of topics", response_model=Tree, responses=dependencies.FOUND)
def tree(request: Request) -> Response:
    """All topics and policies, from the broadest down."""
    at = RequestContext(request)
    event_index, serializer = at.event_index, at.serializer
    below = _below(at)
    numbers = dict(event_index.topics_by_frequency)

    def branch(iri: str) -> Branch:
        it = serializer.thing(iri)
        under = tuple(branch(narrower) for narrower in below.get(iri, ()))
        return Branch(it.id, it.name, it.href, it.prefLabel, events=numbers.get(iri, 0), narrower=under)

    tops = [iri for iri in event_index.names if iri.startswith(_FOLDERS) and not event_index.broader.get(iri)]
    ordered = sorted(tops, key=lambda iri: (event_index.name(iri).en.casefold(), iri))
    return at.answer(Tree(serializer.context, tuple(map(branch, ordered))))


@router.get("/topics/{slug}", summary="One topic", response_model=Topic, responses=dependencies.FOUND)
def topic(request: Request, slug: Slug) -> Response:
    """A topic with its place in the tree, its mentions by year and account, and the latest claims on it."""
    return _answer(request, "topic", slug)


@router.get("/policies/{slug}", summary="One policy", response_model=Topic, responses=dependencies.FOUND)
def policy(request: Request, slug: Slug) -> Response:
    """A policy, which is a topic that sides can affirm."""
    return _answer(request, "policy", slug)


def _answer(request: Request, kind: str, slug: str) -> Response:
    at = RequestContext(request)
    iri, event_index, serializer = at.iri(kind, slug), at.event_index, at.serializer
    if iri not in event_index.names:
        raise NotFoundError(f"there is no {kind} {slug!r}; /api/v1/topics lists them")
    profile = at.snapshots.view(topic_profile, event_index, at.claim_index, iri)
    body = Topic(
        context=serializer.context,
        id=iri,
        name=event_index.name(iri).en,
        prefLabel=serializer.names(iri),
        definition={"en": profile.definition} if profile.definition else None,
        broader=serializer.things(event_index.broader.get(iri, ())),
        narrower=serializer.things(_below(at).get(iri, ())),
        sameAs=profile.same_as,
        events=len(event_index.by_topic.get(iri, ())),
        excluded=len(event_index.by_exclusion.get(iri, ())),
        mentions=profile.mentions,
        claimants=tuple(Speaker(serializer.thing(who), number) for who, number in profile.claimants),
        claims={account: statements(at, tuple(iris)) for account, iris in profile.claims.items()},
    )
    return at.answer(body)


def _below(at: RequestContext) -> Mapping[str, list[str]]:
    event_index = at.event_index
    found: defaultdict[str, list[str]] = defaultdict(list)
    for iri, above in event_index.broader.items():
        for parent in above:
            found[parent].append(iri)
    return {
        parent: sorted(iris, key=lambda iri: (event_index.name(iri).en.casefold(), iri))
        for parent, iris in found.items()
    }
