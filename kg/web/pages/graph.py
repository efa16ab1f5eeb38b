"""The graph view: what a thing is tied to, drawn by the browser, with a table that says the same."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response

from kg.errors import NotFoundError
from kg.terms import BASE
from kg.views.event_index import EventIndex
from kg.views.hidden_characters import plain
from kg.views.neighbourhood import Neighbour, neighbourhood
from kg.web.html.formatting import day, folder_of, path_of, slug_of, spaced
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_DRAWN = 32
_Thing = Annotated[str, Query(max_length=500)]
_GROUPS = {
    "person": "agent", "country": "agent", "organization": "agent", "group": "agent", "topic": "topic",
    "policy": "topic", "office": "other", "place": "other",
}  # fmt: skip


@router.get("/graph")
def graph_page(request: Request, iri: _Thing = "") -> Response:
    """The neighbourhood of a thing, given by IRI or path; without one, a way to choose."""
    event_index = snapshots(request).event_index()
    if not iri:
        return page(request, "graph.html", title="Graph", thing="", name="", ties=[], total=0)
    thing = _known(iri, event_index)
    ties = neighbourhood(request.app.state.store, event_index, thing)
    name = _label(thing, event_index)
    title = f"Neighbourhood of {name}"
    return page(
        request, "graph.html", title=title, thing=thing, name=name, ties=ties[:_DRAWN], total=len(ties)
    )


@router.get("/graph/data")
def graph_data(request: Request, iri: _Thing) -> Response:
    """The same as nodes and edges."""
    event_index = snapshots(request).event_index()
    thing = _known(iri, event_index)
    ties = neighbourhood(request.app.state.store, event_index, thing)
    root = request.scope.get("root_path", "")
    nodes = [
        _node(node, event_index, root)
        for node in dict.fromkeys([thing, *(tie.other for tie in ties[:_DRAWN])])
    ]
    edges = [_edge(thing, tie) for tie in ties[:_DRAWN]]
    return JSONResponse({"thing": thing, "nodes": nodes, "edges": edges, "total": len(ties)})


def _known(iri: str, event_index: EventIndex) -> str:
    full = iri if "://" in iri else f"{BASE}id/{iri}"
    if full not in event_index.names and full not in event_index.by_iri:
        raise NotFoundError(f"the graph has no thing {iri!r}; give a path such as person/xi-jinping")
    return full


def _node(iri: str, event_index: EventIndex, root: str) -> dict[str, str]:
    return {
        "id": iri,
        "slug": slug_of(iri),
        "label": plain(_label(iri, event_index)),
        "short": plain(_short(iri, event_index)),
        "kind": spaced(folder_of(iri)),
        "group": _GROUPS.get(folder_of(iri), "event"),
        "href": root + path_of(iri),
    }


def _label(iri: str, event_index: EventIndex) -> str:
    event = event_index.by_iri.get(iri)
    return event_index.name(iri).en if event is None else f"{event_index.title(event)}, {day(event.date)}"


def _short(iri: str, event_index: EventIndex) -> str:
    """A label with room in a drawing: of an event only its kind and its date."""
    event = event_index.by_iri.get(iri)
    return (
        event_index.name(iri).en if event is None else f"{spaced(event.kind).capitalize()}, {day(event.date)}"
    )


def _edge(thing: str, tie: Neighbour) -> dict[str, str]:
    source, target = (thing, tie.other) if tie.is_outgoing else (tie.other, thing)
    return {"id": f"{source} {tie.relation} {target}", "source": source, "target": target,
            "relation": spaced(tie.relation)}  # fmt: skip
