"""Linked data: every identifier answers, for people and for machines; so do the ontology and the shapes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from kg import resources
from kg.errors import InputError, NotFoundError
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE
from kg.views.description import PAGE, around, count
from kg.views.vocabulary import vocabulary
from kg.web.negotiation import choose
from kg.web.pages import things
from kg.web.pages.memory import memory
from kg.web.pages.render import Alternate, page
from kg.web.problems import documented

__all__ = ["router"]

router = APIRouter(tags=["linked data"])
_HTML = "text/html"
# Suffix of the address, media type, and how the engine calls the format.
_FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "jsonld"),
    "nt": ("application/n-triples", "ntriples"),
    "rdf": ("application/rdf+xml", "rdfxml"),
}
_SUFFIX_BY_TYPE = {media_type: suffix for suffix, (media_type, _) in _FORMS.items()}
_RDF: dict[str, dict[str, str]] = {media_type: {} for media_type in _SUFFIX_BY_TYPE}
_DOCUMENT = "document"


@router.get(
    "/id/{kind}/{slug:path}",
    summary="What is known of one thing",
    response_class=Response,
    responses={
        200: {"description": "Its page, or its triples.", "content": {_HTML: {}, **_RDF}},
        303: {"description": "Where its triples are: the address with a suffix."},
        **documented(400, 404, 406),
    },
)
def thing(
    request: Request,
    kind: str,
    slug: str,
    number: Annotated[int, Query(alias="page", ge=1, description="Page of the triples, from 1.")] = 1,
) -> Response:
    """A thing by content negotiation, or in the form that a suffix names (`.ttl`, `.jsonld`, `.nt`, `.rdf`).

    The triples are its own and those that point at it. A person or a call is not the file that tells of it,
    so a client that takes RDF is sent on with 303; a document is, and answers at once.
    """
    name, _, suffix = slug.rpartition(".")
    if suffix in _FORMS and name:
        return _triples(request, _iri(kind, name), suffix, number)
    if suffix == "html" and name:
        return things.render(request, _iri(kind, name))
    chosen = choose(request.headers.get("accept"), (_HTML, *_SUFFIX_BY_TYPE))
    if chosen == _HTML:
        return _varied(things.render(request, _iri(kind, slug)))
    suffix = _SUFFIX_BY_TYPE[chosen]
    if kind == _DOCUMENT:
        return _varied(_triples(request, _iri(kind, slug), suffix, number))
    _known(request.app.state.store, _iri(kind, slug))
    return _varied(RedirectResponse(f"{request.url.path}.{suffix}", 303))


@router.get(
    "/ontology",
    summary="The ontology",
    response_class=Response,
    responses={200: {"description": "A page, or Turtle.", "content": {_HTML: {}, "text/turtle": {}}},
               **documented(406)},
)  # fmt: skip
def ontology(request: Request) -> Response:
    """The classes, properties and values, with their definitions; as Turtle with all axioms."""
    if choose(request.headers.get("accept"), (_HTML, "text/turtle")) != _HTML:
        return _varied(_file("ontology", "kg.ttl", "text/turtle"))
    shown = page(
        request,
        "ontology.html",
        title="Ontology",
        alternates=(Alternate("text/turtle", "/ontology.ttl"),),
        terms=memory(request).view(vocabulary),
    )
    return _varied(shown)


@router.get("/ontology.ttl", summary="The ontology in Turtle", response_class=Response)
def ontology_turtle() -> Response:
    """All axioms, labels and definitions."""
    return _file("ontology", "kg.ttl", "text/turtle")


@router.get("/ontology/context.jsonld", summary="The JSON-LD context", response_class=Response)
def context() -> Response:
    """What the names in JSON-LD of this server mean."""
    return _file("ontology", "context.jsonld", "application/ld+json")


@router.get("/shapes.ttl", summary="The SHACL shapes", response_class=Response)
def shapes() -> Response:
    """All shapes that a document has to pass, in one file."""
    texts = (resources.text(path) for path in resources.files("shapes", ".ttl"))
    return Response("\n".join(texts), media_type="text/turtle")


def _iri(kind: str, slug: str) -> str:
    iri = f"{BASE}id/{kind}/{slug}"
    try:
        NamedNode(iri)
    except ValueError as error:
        raise InputError(f"{iri!r} is no IRI") from error
    return iri


def _triples(request: Request, iri: str, suffix: str, number: int) -> Response:
    store: Store = request.app.state.store
    total = _known(store, iri)
    last = max(1, -(-total // PAGE))
    if number > last:
        raise NotFoundError(f"{iri} has {last} pages of triples")
    media_type, format = _FORMS[suffix]
    response = Response(around(store, iri, page=number).serialize(format), media_type=media_type)
    base = request.url.path
    pages = {"first": 1, "prev": number - 1, "next": number + 1, "last": last}
    links = [f'<{base}?page={it}>; rel="{rel}"' for rel, it in pages.items() if 1 <= it <= last]
    response.headers["link"] = ", ".join(links)
    return response


def _known(store: Store, iri: str) -> int:
    """How many triples a thing stands in.

    Raises:
        NotFoundError: none.
    """
    if not (found := count(store, iri)):
        raise NotFoundError(f"the store knows nothing of {iri}")
    return found


def _file(folder: str, name: str, media_type: str) -> Response:
    return Response(resources.text(resources.folder(folder) / name), media_type=media_type)


def _varied(response: Response) -> Response:
    response.headers["vary"] = "Accept"
    return response
