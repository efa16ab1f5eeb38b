"""The tree of topics, and the page of one topic or policy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from kg.store import Store
from kg.terms import BASE
from kg.views.event_index import EventIndex
from kg.views.profile import topic_profile
from kg.views.statements import ACCOUNTS, statements_by_iri
from kg.web.html.formatting import slug_of
from kg.web.html.problem_pages import page_router
from kg.web.html.render import Alternate, page
from kg.web.pages import charts
from kg.web.snapshot import snapshots

__all__ = ["Branch", "render", "router"]

router = page_router()
_EVENTS, _CLAIMANTS = 15, 14


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic with those below it; the number counts the events that raise it or leave it out."""

    topic: str
    number: int
    below: tuple["Branch", ...]


@router.get("/topics")
def topics_page(request: Request) -> Response:
    """All topics and policies as a tree."""
    event_index = snapshots(request).event_index()
    return page(request, "topics.html", title="Topics", tree=_tree(event_index))


def render(request: Request, iri: str, alternates: tuple[Alternate, ...]) -> Response:
    """The page of one topic."""
    kept = snapshots(request)
    event_index = kept.event_index()
    profile = kept.view(topic_profile, event_index, kept.claim_index(), iri)
    store: Store = request.app.state.store
    events, left_out = event_index.by_topic.get(iri, ()), event_index.by_exclusion.get(iri, ())
    children = _children(event_index)
    return page(
        request,
        "topic.html",
        title=event_index.name(iri).en,
        alternates=alternates,
        data={
            "@type": "DefinedTerm",
            "@id": iri,
            "name": event_index.name(iri).en,
            "description": profile.definition,
        },
        iri=iri,
        profile=profile,
        claimants=[(who, number) for who, number in profile.claimants if "." not in slug_of(who)][
            :_CLAIMANTS
        ],
        above=_path(iri, event_index),
        below=children.get(iri, []),
        chart=charts.stacks(profile.mentions, ACCOUNTS) if profile.mentions else None,
        claims={account: statements_by_iri(store, claims) for account, claims in profile.claims.items()},
        events=events[::-1][:_EVENTS],
        total=len(events),
        left_out=left_out[::-1][:_EVENTS],
    )


def _path(iri: str, event_index: EventIndex) -> list[str]:
    """The topics from the top of the tree to the one right above; of two parents, the first."""
    path: list[str] = []
    above = sorted(event_index.broader.get(iri, ()))
    while above and above[0] not in path:
        path.insert(0, above[0])
        above = sorted(event_index.broader.get(above[0], ()))
    return path


def _children(event_index: EventIndex) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for topic, above in event_index.broader.items():
        for parent in above:
            found[parent].append(topic)
    return {
        parent: sorted(topics, key=lambda it: event_index.name(it).en.casefold())
        for parent, topics in found.items()
    }


def _tree(event_index: EventIndex) -> tuple[Branch, ...]:
    children = _children(event_index)
    numbers = dict(event_index.topics_by_frequency)
    folders = (f"{BASE}id/topic/", f"{BASE}id/policy/")
    tops = [it for it in event_index.names if it.startswith(folders) and not event_index.broader.get(it)]

    def branch(topic: str) -> Branch:
        return Branch(topic, numbers.get(topic, 0), tuple(branch(it) for it in children.get(topic, ())))

    return tuple(branch(it) for it in sorted(tops, key=lambda it: event_index.name(it).en.casefold()))
