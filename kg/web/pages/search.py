"""Search over names, titles and the words of all documents, and completion while somebody types."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response

from kg.search import FACETS, Facet, Filters, Found
from kg.search.results import marked
from kg.views.event_index import EventIndex
from kg.views.hidden_characters import plain
from kg.views.statements import SIDES
from kg.web.html.formatting import path_of
from kg.web.html.problem_pages import page_router
from kg.web.html.render import ACCOUNT_STYLES, page
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_Typed = Annotated[str, Query(max_length=300)]
_Value = Annotated[str, Query(max_length=400)]
_NAMES, _ALL_NAMES = 6, 100
_PER_PAGE = 10
_VALUES = 12  # of a facet


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow to, in words, or the one that is chosen."""

    value: str
    label: str
    number: int


@router.get("/search")
def search_page(
    request: Request,
    q: _Typed = "",
    side: _Value = "",
    speaker: _Value = "",
    topic: _Value = "",
    kind: _Value = "",
    year: _Value = "",
    publisher: _Value = "",
    widen: Annotated[bool | None, Query()] = None,
    names: Annotated[bool, Query()] = False,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """What has the words of `q` in a name, a title, a date, or in its text."""
    kept = snapshots(request)
    given = {"side": side, "speaker": speaker, "topic": topic, "kind": kind, "year": year,
             "publisher": publisher}  # fmt: skip
    filters = Filters(**given)
    named = kept.name_search().find(q, limit=_ALL_NAMES)
    found = (
        Found(0, ())
        if names
        else kept.full_text.find(q, filters, limit=_PER_PAGE, start=(number - 1) * _PER_PAGE, widen=widen)
    )
    chosen = {name: value for name, value in asdict(filters).items() if value}
    event_index = kept.event_index()
    return page(
        request,
        "search.html",
        title=f"Search: {q}" if q else "Search",
        q=q,
        named=named if names else named[:_NAMES],
        names_in_all=len(named),
        all_names=names,
        found=found,
        facets=_facets(found, chosen, event_index),
        chosen={name: _label(name, value, event_index) for name, value in chosen.items()},
        given={**chosen, "q": q, **({} if widen is None else {"widen": "true" if widen else "false"})},
        number=number,
        last=max(1, -(-found.total // _PER_PAGE)),
        marked=marked,
    )


@router.get("/search/suggest")
def suggest(request: Request, q: _Typed = "") -> Response:
    """The first few, for the search box."""
    root = request.scope.get("root_path", "")
    found = snapshots(request).name_search().find(q, limit=8)
    told = [
        {
            "href": root + path_of(it.iri),
            "label": plain(it.label),
            "other": plain(it.other),
            "kind": it.kind.replace("-", " "),
        }
        for it in found
    ]
    return JSONResponse(told)


def _facets(found: Found, chosen: Mapping[str, str], event_index: EventIndex) -> dict[str, Sequence[Choice]]:
    """What the list can be narrowed to, without what is chosen already or changes nothing."""
    return {
        name: [_choice(name, it, event_index) for it in values]
        for name in FACETS
        if name not in chosen and (values := found.facets.get(name, ())[:_VALUES])
    }


def _choice(name: str, it: Facet, event_index: EventIndex) -> Choice:
    return Choice(it.value, _label(name, it.value, event_index), it.number)


def _label(name: str, value: str, event_index: EventIndex) -> str:
    if name == "side":
        return ACCOUNT_STYLES[value][1] if value in SIDES.values() else value
    if "://" in value:
        return event_index.name(value).en
    return value
