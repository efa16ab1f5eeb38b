"""The tree of topics, and the page of one topic or policy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from kg.store import Store
from kg.terms import BASE
from kg.views.almanac import Almanac
from kg.views.profile import topic_profile
from kg.views.told import ACCOUNTS, told_each
from kg.web.pages import charts
from kg.web.pages.errors import page_router
from kg.web.pages.memory import memory
from kg.web.pages.render import Alternate, page
from kg.web.pages.words import slug_of

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
    almanac = memory(request).almanac()
    return page(request, "topics.html", title="Topics", tree=_tree(almanac))


def render(request: Request, iri: str, alternates: tuple[Alternate, ...]) -> Response:
    """The page of one topic."""
    kept = memory(request)
    almanac = kept.almanac()
    profile = kept.view(topic_profile, almanac, kept.ledger(), iri)
    store: Store = request.app.state.store
    events, left_out = almanac.by_topic.get(iri, ()), almanac.by_exclusion.get(iri, ())
    children = _children(almanac)
    return page(
        request,
        "topic.html",
        title=almanac.name(iri).en,
        alternates=alternates,
        data={
            "@type": "DefinedTerm",
            "@id": iri,
            "name": almanac.name(iri).en,
            "description": profile.definition,
        },
        iri=iri,
        profile=profile,
        claimants=[(who, number) for who, number in profile.claimants if "." not in slug_of(who)][
            :_CLAIMANTS
        ],
        above=_path(iri, almanac),
        below=children.get(iri, []),
        chart=charts.stacks(profile.mentions, ACCOUNTS) if profile.mentions else None,
        claims={account: told_each(store, claims) for account, claims in profile.claims.items()},
        events=events[::-1][:_EVENTS],
        total=len(events),
        left_out=left_out[::-1][:_EVENTS],
    )


def _path(iri: str, almanac: Almanac) -> list[str]:
    """The topics from the top of the tree to the one right above; of two parents, the first."""
    path: list[str] = []
    above = sorted(almanac.broader.get(iri, ()))
    while above and above[0] not in path:
        path.insert(0, above[0])
        above = sorted(almanac.broader.get(above[0], ()))
    return path


def _children(almanac: Almanac) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for topic, above in almanac.broader.items():
        for parent in above:
            found[parent].append(topic)
    return {
        parent: sorted(topics, key=lambda it: almanac.name(it).en.casefold())
        for parent, topics in found.items()
    }


def _tree(almanac: Almanac) -> tuple[Branch, ...]:
    children = _children(almanac)
    numbers = dict(almanac.topics_by_frequency)
    folders = (f"{BASE}id/topic/", f"{BASE}id/policy/")
    tops = [it for it in almanac.names if it.startswith(folders) and not almanac.broader.get(it)]

    def branch(topic: str) -> Branch:
        return Branch(topic, numbers.get(topic, 0), tuple(branch(it) for it in children.get(topic, ())))

    return tuple(branch(it) for it in sorted(tops, key=lambda it: almanac.name(it).en.casefold()))
