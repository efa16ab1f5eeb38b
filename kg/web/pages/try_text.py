"""The page on which anybody can have a text read: what is found, the verdict of the shapes, the Turtle."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from kg.errors import InputError, TooLargeError
from kg.model import Document
from kg.web.extraction_worker.pool import LONGEST, ExtractionResult, workers_of
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.pages.passages import anchor, paragraphs

__all__ = ["router"]

router = page_router()
KINDS = ("Article", "Readout", "Post", "JointStatement", "Transcript")
_DAY = r"^(\d{4}-\d\d-\d\d)?$"
_EXAMPLE = """\
On March 4, 2024, Secretary of State Antony Blinken spoke by telephone with Foreign Minister Wang Yi.
The two sides discussed export controls and counternarcotics. Tibet was not discussed.

Wang Yi said that the United States should lift its sanctions.
Blinken warned that unfair trade practices would have consequences."""


@router.get("/try")
def try_page(request: Request) -> Response:
    """The empty form, with a text to begin with."""
    return _form(request, _EXAMPLE, "", "", "Article")


@router.post("/try")
async def extract_page(
    request: Request,
    text: Annotated[str, Form()] = "",
    publisher: Annotated[str, Form(max_length=200)] = "",
    published: Annotated[str, Form(pattern=_DAY)] = "",
    kind: Annotated[str, Form()] = "Article",
) -> Response:
    """What is read from a text.

    Args:
        request: The request.
        text: The text.
        publisher: Who published it.
        published: When, for dates such as "on Monday".
        kind: Local name of a class of documents.
    """
    body = text.replace("\r\n", "\n")
    if len(body) > LONGEST:
        raise TooLargeError("the text", LONGEST, "characters")
    if kind not in KINDS:
        raise InputError(f"no kind of document is called {kind!r}; take {', '.join(KINDS)}")
    document = Document("try", body, kind, publisher=publisher.strip() or None, published=published or None)
    result = await workers_of(request.app).extract(document) if body.strip() else None
    return await run_in_threadpool(_form, request, body, publisher, published, kind, result)


def _form(
    request: Request,
    text: str,
    publisher: str,
    published: str,
    kind: str,
    result: ExtractionResult | None = None,
) -> Response:
    found = result.read if result else None
    spans = found.by_span if found else {}
    return page(
        request,
        "try.html",
        title="Try it",
        event_index=result.event_index if result else None,
        text=text,
        publisher=publisher,
        published=published,
        kind=kind,
        kinds=KINDS,
        result=result,
        read=found,
        paragraphs=list(paragraphs(found.body, spans)) if found else [],
        numbers={span: place for place, span in enumerate(spans, start=1)},
        anchor=anchor,
        stored=False,
    )
