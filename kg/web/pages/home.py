"""The first page, and the page that says how to read the others."""

from itertools import islice

from fastapi import Request
from fastapi.responses import Response

from kg.queries import catalogue
from kg.views.reviewed import reviewed_share
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.pages.example_questions import examples
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_LATEST, _TOPICS, _APART = 6, 14, 4


@router.get("/")
def home(request: Request) -> Response:
    """What this is, a box for questions, the latest events, figures, and the ways in for machines."""
    kept = snapshots(request)
    event_index = kept.event_index()
    told = (it for it in reversed(event_index.events) if it.date and it.status == "Occurred")
    return page(
        request,
        "home.html",
        title="A knowledge graph of U.S.–China relations",
        examples=examples(),
        latest=[*islice(told, _LATEST)],
        topics=event_index.topics_by_frequency[:_TOPICS],
        figures=kept.figures(),
        events=len(event_index.events),
        questions=len(catalogue()),
        parting=kept.differences()[:_APART],
        in_all=len(kept.differences()),
        data={"@type": "Dataset", "license": "https://creativecommons.org/publicdomain/zero/1.0/",
              "description": "Who met or called whom, what was and was not discussed, and who says so."},
    )  # fmt: skip


@router.get("/about")
def about(request: Request) -> Response:
    """How to read the pages, and how much of what they show people have reviewed."""
    return page(
        request,
        "about.html",
        title="How to read these pages",
        reviewed=snapshots(request).view(reviewed_share),
    )
