"""What every resource of the interface shares: parameters, names that lead to things, and how it answers."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import TypeAdapter

from kg.errors import NotFoundError
from kg.store import Store
from kg.terms import BASE
from kg.views.claim_index import ClaimIndex
from kg.views.event_index import EventIndex
from kg.views.pagination import Page
from kg.views.statements import SIDES
from kg.web.api.schemas import Side
from kg.web.api.serializers import Serializer
from kg.web.http.negotiation import choose
from kg.web.http.problems import documented
from kg.web.snapshot import SnapshotCache, snapshots, snapshots_with_rejected

__all__ = [
    "ACCOUNTS",
    "AGENTS",
    "DATE",
    "FOUND",
    "TOPICS",
    "Kind",
    "Paging",
    "RequestContext",
    "Reviews",
    "Slug",
]

AGENTS = ("person", "country", "organization", "group")
TOPICS = ("topic", "policy")
ACCOUNTS: dict[Side | None, str] = {
    None: "",
    "us": SIDES["us"],
    "china": SIDES["china"],
    "third": SIDES["third"],
}
DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
FOUND = documented(400, 404, 406, 429, 503)  # problems of whatever only reads
_TYPES = ("application/json", "application/ld+json")
_PATH = re.compile(r"[a-z-]+/[A-Za-z0-9._~-]+")

Kind = Annotated[
    str, Path(pattern=r"^[a-z-]+$", max_length=60, description="Kind of thing.", examples=["person"])
]
Slug = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9._~-]+$",
        max_length=400,
        description="What its identifier ends in.",
        examples=["xi-jinping"],
    ),
]

Reviews = Annotated[
    Literal["all"] | None,
    Query(description="`all`: also what reviews reject, marked so; it may take longer."),
]


@dataclass(frozen=True)
class Paging:
    """Which part of a list."""

    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50
    cursor: Annotated[
        str | None,
        Query(max_length=2000, description="`cursor` of the page before; without it, the first page."),
    ] = None


@dataclass(frozen=True)
class RequestContext:
    """What a handler works with."""

    request: Request

    @property
    def reviews(self) -> str | None:
        """The parameter `reviews`."""
        return self.request.query_params.get("reviews")

    @property
    def with_rejected(self) -> bool:
        """Whether what reviews reject is wanted too: `reviews=all`."""
        return self.reviews == "all"

    @property
    def snapshots(self) -> SnapshotCache:
        """What is remembered of the store."""
        return snapshots_with_rejected(self.request) if self.with_rejected else snapshots(self.request)

    @property
    def store(self) -> Store:
        """The store, for reading."""
        store: Store = self.request.app.state.store
        return store

    @property
    def event_index(self) -> EventIndex:
        """All events at a glance."""
        return self.snapshots.event_index()

    @property
    def claim_index(self) -> ClaimIndex:
        """All claims at a glance."""
        return self.snapshots.claim_index()

    @property
    def serializer(self) -> Serializer:
        """Writes bodies."""
        held = snapshots(self.request).event_index() if self.with_rejected else None
        return Serializer(self.event_index, str(self.request.base_url), held)

    def iri(self, kind: str, slug: str) -> str:
        """The identifier of a thing."""
        return f"{BASE}id/{kind}/{slug}"

    def meant(self, value: str | None, kinds: tuple[str, ...] = ()) -> str:
        """The thing that a parameter means: by path, by IRI, or by its whole name in English or Chinese.

        Args:
            value: The parameter; nothing if it is not given.
            kinds: Of what kinds it may be; any without them.

        Raises:
            NotFoundError: it means nothing, or several things; the message lists them.
        """
        if not value:
            return ""
        path = value.removeprefix(f"{BASE}id/")
        if _PATH.fullmatch(path):
            return f"{BASE}id/{path}"
        found = self.snapshots.name_search().named(value, kinds=kinds)
        if len(found) == 1:
            return found[0].iri
        paths = ", ".join(it.iri.removeprefix(f"{BASE}id/") for it in found[:8])
        problem = f"may mean {paths}; give one of these" if found else "is no name, path or IRI of a thing"
        raise NotFoundError(f"{value[:200]!r} {problem}")

    def answer(self, body: Any, **headers: str) -> Response:
        """An answer in JSON.

        Args:
            body: A dataclass; what is `None` in it is left out.
            headers: To send along; `_` stands for `-`.

        Raises:
            NotAcceptableError: the client takes no JSON.
        """
        media_type = choose(self.request.headers.get("accept"), _TYPES)
        adapter = _adapter(type(body))  # type: ignore[arg-type]  # a class can be a key
        content = adapter.dump_json(body, by_alias=True, exclude_none=True)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if not self.snapshots.is_fresh:  # its ETag would be that of the fresh answer
            named["cache-control"] = "no-store"
        return Response(content, media_type=media_type, headers={"vary": "Accept", **named})

    def next(self, window: Page[Any]) -> str | None:
        """The address of the next page; `None` after the last one."""
        if window.next is None:
            return None
        given = [pair for pair in self.request.query_params.multi_items() if pair[0] != "cursor"]
        path = self.request.url.path.removeprefix(self.request.scope.get("root_path", "")).lstrip("/")
        return f"{self.request.base_url}{path}?{urlencode([*given, ('cursor', window.next)])}"

    def page(self, body: Any, window: Page[Any]) -> Response:
        """An answer with one page of a list."""
        following = self.next(window)
        return self.answer(body, **({"link": f'<{following}>; rel="next"'} if following else {}))

    def moved(self, iri: str, under: str) -> Response | None:
        """The way to the event that a former identifier stands for now; `None` if it is none.

        Args:
            iri: The identifier.
            under: Resource of the interface under which it was asked for.
        """
        now = self.event_index.replaced.get(iri)
        if now is None:
            return None
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        path = now.removeprefix(f"{BASE}id/")
        return RedirectResponse(f"{self.serializer.root}api/v1/{under}/{path}{query}", 307)

    def known(self, iri: str) -> str:
        """The identifier itself.

        Raises:
            NotFoundError: no event has it.
        """
        if iri not in self.event_index.by_iri:
            raise NotFoundError(f"no event {iri.removeprefix(f'{BASE}id/')!r}; /api/v1/events lists them")
        return iri


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
