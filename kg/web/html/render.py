"""Renders what the views found as a page: one environment, one frame, one policy."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kg import __version__
from kg.terms import BASE
from kg.views.event_index import EventIndex
from kg.views.hidden_characters import plain
from kg.views.statements import ACCOUNTS, SIDES
from kg.web.html import formatting, static
from kg.web.html.citations import Citation, cite
from kg.web.snapshot import snapshots

__all__ = ["Alternate", "Site", "page"]

# Nothing from elsewhere, no inline script, no inline style: a document that smuggles in markup gains nothing.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# By local name of the account: the class of its colours and rules, and what it is called.
ACCOUNT_STYLES = {
    "UnitedStatesAccount": ("us", "U.S. account"),
    "ChinaAccount": ("cn", "Chinese account"),
    "ThirdPartyAccount": ("third", "Third parties"),
}
_TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same for machines: its media type, and its path from the root of the application."""

    media_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Site:
    """Addresses as a template needs them, under the prefix of the proxy."""

    root: str
    origin: str
    path: str

    def url(self, path: str, **parameters: object) -> str:
        """A path of the application, with the parameters that are not empty."""
        given = urlencode(
            {name: value for name, value in parameters.items() if value not in (None, "", [])}, doseq=True
        )
        return f"{self.root}{path}{'?' if given else ''}{given}"

    def asset(self, name: str) -> str:
        """A file of the style sheet's folder."""
        return self.root + static.address(name)

    def to(self, iri: str) -> str:
        """Where to read of a thing: here if it is ours; else where its IRI leads."""
        path = formatting.path_of(iri)
        return self.root + path if path.startswith("/") else path

    @property
    def here(self) -> str:
        """The address of this page, for citations."""
        return f"{self.origin}{quote(self.root + self.path, safe='/-._~%')}"


def page(
    request: Request,
    template: str,
    *,
    title: str,
    status: int = 200,
    alternates: tuple[Alternate, ...] = (),
    data: Mapping[str, object] | None = None,
    citation: Citation | None = None,
    event_index: EventIndex | None = None,
    **values: object,
) -> HTMLResponse:
    """One page.

    Args:
        request: Tells where the application is mounted.
        template: File in `templates/`.
        title: Heading of the browser's window, and of the citation.
        status: HTTP status.
        alternates: The same for machines.
        data: A JSON-LD description that search engines read, without its context.
        citation: How to cite what the page shows; without it, the page itself.
        event_index: Where the names come from, if not from the store.
        values: What the template shows.
    """
    kept = snapshots(request)
    known = event_index or kept.event_index()
    root = request.scope.get("root_path", "")
    site = Site(root, f"{request.url.scheme}://{request.url.netloc}", request.url.path.removeprefix(root))
    described = {"@context": "https://schema.org", "@type": "WebPage", "name": title, "url": site.here}
    html = (
        environment()
        .get_template(template)
        .render(
            site=site,
            title=title,
            alternates=alternates,
            data={**described, **(data or {})},
            citation=citation or cite(title, str(values.get("iri") or site.here)),
            event_index=known,
            reviewing=request.app.state.options.reviewers is not None,
            **values,
        )
    )
    headers = {"content-security-policy": POLICY, "vary": "Accept"}
    if not kept.is_fresh:  # its ETag would be that of the fresh page
        headers["cache-control"] = "no-store"
    return HTMLResponse(html, status, headers=headers)


@cache
def environment() -> Environment:
    """The templates with their filters; everything is escaped unless it is marked safe here."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=formatting.day,
        duration=formatting.long_duration,
        local=formatting.local,
        plain=plain,
        shown=formatting.shown,
        slug=formatting.slug_of,
        slug_path=_path,
        folder=formatting.folder_of,
        spaced=formatting.spaced,
        ld=_inert_json,
    )
    made.globals.update(
        base=BASE,
        ontology=f"{BASE}ontology#",
        version=__version__,
        account_styles=ACCOUNT_STYLES,
        order=ACCOUNTS,
        sides=SIDES,
    )
    return made


def _path(iri: str) -> str:
    """An identifier without the base that all share."""
    return iri.removeprefix(f"{BASE}id/")


def _inert_json(value: object) -> Markup:
    """JSON that cannot end the element that holds it."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # nothing in it can be markup any more
