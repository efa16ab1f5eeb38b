"""The page of one thing: an event, a document, a topic, an agent, or anything else that has an identifier."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response

from kg.entities import Description, describe
from kg.errors import NotFoundError
from kg.store import Store
from kg.store.results import NamedNode
from kg.views.event_index import EventIndex
from kg.web.html.formatting import folder_of, path_of
from kg.web.html.problem_pages import problem_page
from kg.web.html.render import Alternate, page
from kg.web.pages import agents, documents, events, topics
from kg.web.snapshot import snapshots

__all__ = ["alternates", "render"]

_AGENTS = ("person", "country", "organization", "group")
_TOPICS = ("topic", "policy")
_FORMS = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
}


def render(request: Request, iri: str) -> Response:
    """The page of a thing; one that says so if the store knows nothing of it.

    Args:
        request: The request, whose parameters may narrow long lists.
        iri: Identifier of the thing.
    """
    event_index = snapshots(request).event_index()
    try:
        return _page_of(iri, event_index)(request, iri, alternates(iri))
    except NotFoundError as error:
        return problem_page(request, error.http_status, str(error))


def alternates(iri: str) -> tuple[Alternate, ...]:
    """The same for machines."""
    return tuple(Alternate(media_type, f"{path_of(iri)}.{suffix}") for media_type, suffix in _FORMS.items())


def _page_of(iri: str, event_index: EventIndex) -> Callable[[Request, str, tuple[Alternate, ...]], Response]:
    if iri in event_index.by_iri:
        return events.render
    if iri in event_index.documents:
        return documents.render
    if folder_of(iri) in _TOPICS and iri in event_index.names:
        return topics.render
    if folder_of(iri) in _AGENTS and iri in event_index.names:
        return agents.render
    return _anything


def _anything(request: Request, iri: str, machine: tuple[Alternate, ...]) -> Response:
    found = snapshots(request).view(_described, iri)
    return page(request, "thing.html", title=found.label, alternates=machine, iri=iri, found=found)


def _described(store: Store, iri: str) -> Description:
    try:
        NamedNode(iri)
    except ValueError as error:
        raise NotFoundError(f"{iri!r} is no identifier") from error
    return describe(iri, store)
