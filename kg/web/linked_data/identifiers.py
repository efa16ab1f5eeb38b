"""Linked data: every identifier answers, for people and for machines; so do the ontology and the shapes."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from kg import resources
from kg.dump import FORMATS, convert, render
from kg.errors import InputError, NotFoundError
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE
from kg.views.entity_triples import PAGE, Group, around, groups
from kg.views.vocabulary import vocabulary
from kg.web.html.render import Alternate, page
from kg.web.http.negotiation import choose
from kg.web.http.parameters import shared
from kg.web.http.problems import MEDIA_TYPE, documented
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = APIRouter(tags=["linked data"])
_HTML, _JSON = "text/html", "application/json"
# Suffix of an address, media type, and how a dump calls the format.
_FORMS = {FORMATS[name].suffix: (FORMATS[name].media_type, name)
          for name in ("turtle", "jsonld", "ntriples", "rdfxml")}  # fmt: skip
_SUFFIX_BY_TYPE = {media_type: suffix for suffix, (media_type, _) in _FORMS.items()}
_RDF: dict[str, dict[str, object]] = {name: {"schema": {"type": "string"}} for name in _SUFFIX_BY_TYPE}
_EITHER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A page, or RDF.", "content": {_HTML: {"schema": {"type": "string"}}, **_RDF}}
}
_DOCUMENT = "document"
_LD_JSON: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/ld+json": {"schema": {"type": "object"}}}}
}
_TURTLE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/turtle": {"schema": {"type": "string"}}}}}


@router.get(
    "/id/{kind}/{slug:path}",
    summary="What is known of one thing",
    response_class=Response,
    dependencies=[shared],
    responses={
        **_EITHER,
        303: {"description": "Where its triples are: the address with a suffix."},
        307: {"description": "What is known now to be another event: its address."},
        **documented(400, 406),
        404: {"description": "Nothing is known of it.", "content": {_HTML: {}, MEDIA_TYPE: {}}},
    },
)
def thing(
    request: Request,
    kind: str,
    slug: str,
    number: Annotated[
        int, Query(alias="page", ge=1, le=1_000_000, description="Page of the triples, from 1.")
    ] = 1,
    topic: Annotated[  # noqa: ARG001  # read by the page
        str, Query(max_length=300, description="Topic of the claims that the page of an agent shows.")
    ] = "",
    q: Annotated[  # noqa: ARG001  # read by the page
        str, Query(max_length=300, description="Words that the page of a document lights up.")
    ] = "",
    at: Annotated[  # noqa: ARG001  # read by the page
        str, Query(max_length=9, description="Offset of a passage that its page has `#passage` at.")
    ] = "",
) -> Response:
    """A thing by content negotiation, or in the form that a suffix names (`.ttl`, `.jsonld`, `.nt`, `.rdf`).

    The triples are its own and those that point at it, a thousand to a page; `Link` leads to the others. A
    person or a call is not the file that tells of it, so a client that takes RDF is sent on with 303; a
    document is, and answers at once. `.json` and plain JSON lead to the interface
    for programs.
    """
    name, _, suffix = slug.rpartition(".")
    if (moved := _moved(request, kind, slug)) is not None:
        return moved
    if suffix in _FORMS and name:
        return _triples(request, _iri(kind, name), suffix, number)
    if suffix == "json" and name:
        return RedirectResponse(_interface(request, kind, name), 303)
    if suffix == "html" and name:
        return _page(request, _iri(kind, name))
    chosen = choose(request.headers.get("accept"), (_HTML, *_SUFFIX_BY_TYPE, _JSON))
    if chosen == _HTML:
        return _varied(_page(request, _iri(kind, slug)))
    if chosen == _JSON:
        return _varied(RedirectResponse(_interface(request, kind, slug), 303))
    suffix = _SUFFIX_BY_TYPE[chosen]
    if kind == _DOCUMENT:
        return _varied(_triples(request, _iri(kind, slug), suffix, number))
    _known(request, _iri(kind, slug))
    return _varied(RedirectResponse(f"{request.url.path}.{suffix}", 303))


@router.get("/ontology", summary="The ontology", response_class=Response,
            responses={**_EITHER, **documented(406)})  # fmt: skip
def ontology(request: Request) -> Response:
    """The classes, properties and values, with their definitions; as RDF with all axioms."""
    chosen = choose(request.headers.get("accept"), (_HTML, *_SUFFIX_BY_TYPE))
    if chosen != _HTML:
        return _varied(_ontology(_SUFFIX_BY_TYPE[chosen]))
    shown = page(
        request,
        "ontology.html",
        title="Ontology",
        alternates=tuple(Alternate(kind, f"/ontology.{suffix}") for kind, suffix in _SUFFIX_BY_TYPE.items()),
        terms=snapshots(request).view(vocabulary),
    )
    return _varied(shown)


@router.get("/ontology.{suffix}", summary="The ontology in one form", response_class=Response,
            responses={200: {"content": _RDF}, **documented(404)})  # fmt: skip
def ontology_as(suffix: str) -> Response:
    """All axioms, labels and definitions: `ontology.ttl`, `.jsonld`, `.nt`, `.rdf`."""
    if suffix not in _FORMS:
        raise NotFoundError(f"the ontology has no form .{suffix}; take .{', .'.join(_FORMS)}")
    return _ontology(suffix)


@router.get("/ontology/context.jsonld", summary="The JSON-LD context", response_class=Response,
            responses=_LD_JSON)  # fmt: skip
def context() -> Response:
    """What the names in JSON-LD of this server mean."""
    return Response(_text("context.jsonld"), media_type="application/ld+json")


@router.get("/ontology/{version}", summary="The ontology of one version", response_class=Response,
            responses={**_EITHER, **documented(404, 406)})  # fmt: skip
def ontology_of_version(request: Request, version: str) -> Response:
    """The ontology under its version IRI; a server has one version."""
    if version != resources.vocabulary().version:
        raise NotFoundError(
            f"this server has version {resources.vocabulary().version} of the ontology, not {version!r}"
        )
    return ontology(request)


@router.get("/shapes", summary="The SHACL shapes", response_class=Response, include_in_schema=False)
@router.get("/shapes.ttl", summary="The SHACL shapes", response_class=Response,
            responses=_TURTLE)  # fmt: skip
def shapes() -> Response:
    """All shapes that a document has to pass, in one file."""
    texts = (resources.text(path) for path in resources.files("shapes", ".ttl"))
    return Response("\n".join(texts), media_type="text/turtle")


def _page(request: Request, iri: str) -> Response:
    render: Callable[[Request, str], Response] = request.app.state.entity_page
    return render(request, iri)


def _iri(kind: str, slug: str) -> str:
    iri = f"{BASE}id/{kind}/{slug}"
    try:
        NamedNode(iri)
    except ValueError as error:
        raise InputError(f"{iri!r} is no IRI") from error
    return iri


def _triples(request: Request, iri: str, suffix: str, number: int) -> Response:
    store: Store = request.app.state.store
    known = _known(request, iri)
    last = -(-sum(group.size for group in known) // PAGE)
    if number > last:
        raise NotFoundError(f"{iri} has {last} pages of triples")
    response = _written(around(store, iri, known, page=number), suffix)
    base = request.url.path
    pages = {"first": 1, "prev": number - 1, "next": number + 1, "last": last}
    links = [f'<{base}?page={it}>; rel="{rel}"' for rel, it in pages.items() if 1 <= it <= last]
    links.append(f'<{iri}>; rel="describes"')
    response.headers["link"] = ", ".join(links)
    return response


def _known(request: Request, iri: str) -> Sequence[Group]:
    """The triples that a thing stands in, by property.

    Raises:
        NotFoundError: none.
    """
    found = snapshots(request).view(groups, iri)
    if not found:
        raise NotFoundError(f"the store knows nothing of {iri}")
    return found


def _moved(request: Request, kind: str, slug: str) -> Response | None:
    """The way to the event that a former identifier stands for; not for good: decisions are taken back."""
    replaced = snapshots(request).event_index().replaced
    name, _, suffix = slug.rpartition(".")
    for path, ending in ((slug, ""), (name, f".{suffix}")):
        if (now := replaced.get(f"{BASE}id/{kind}/{path}")) is not None:
            query = f"?{request.url.query}" if request.url.query else ""
            root = request.scope.get("root_path", "")
            return RedirectResponse(f"{root}/id/{now.removeprefix(f'{BASE}id/')}{ending}{query}", 307)
    return None


def _interface(request: Request, kind: str, slug: str) -> str:
    event_index, iri = snapshots(request).event_index(), _iri(kind, slug)
    if kind == _DOCUMENT:
        path = f"documents/{slug}"
    else:
        path = f"{'events' if iri in event_index.by_iri else 'entities'}/{kind}/{slug}"
    return f"{request.base_url}api/v1/{path}"


def _written(lines: Sequence[bytes], suffix: str) -> Response:
    media_type, format = _FORMS[suffix]
    return Response(b"".join(render(lines, format)), media_type=media_type)


def _ontology(suffix: str) -> Response:
    media_type, format = _FORMS[suffix]
    turtle = _text("kg.ttl")
    # Turtle as it was written, with its comments
    return Response(turtle if suffix == "ttl" else convert(turtle, format), media_type=media_type)


def _text(name: str) -> str:
    return resources.text(resources.folder("ontology") / name)


def _varied(response: Response) -> Response:
    response.headers["vary"] = "Accept"
    return response
