"""Questions in plain words, with their answer, its passages, and the query that gave it."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Query, Request
from fastapi.responses import Response

from kg.queries import catalogue
from kg.questions import COMPOSED, Context
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.pages.example_questions import examples
from kg.web.pages.questions import titles_of, without_repetition
from kg.web.pages.row_reviews import row_reviews
from kg.web.snapshot import snapshots

__all__ = ["router"]

router = page_router()
_ROWS = 25  # of one page
_HIDDEN = ("claim",)


@router.get("/ask")
def ask_page(
    request: Request,
    q: Annotated[str, Query(max_length=500)] = "",
    about: Annotated[str, Query(max_length=2000)] = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """The answer to a question.

    Args:
        request: The request.
        q: The question.
        about: What the question before was about, as its answer gave it.
        number: Which page of the rows.
    """
    kept = snapshots(request)
    answer = kept.answerer().ask(q, _context(about)) if q.strip() else None
    columns = answer.columns if answer else ()
    found = answer.rows if answer else ()
    shown = [place for place, name in enumerate(columns) if _is_shown(name, columns)]
    here = found[(number - 1) * _ROWS : number * _ROWS]
    rows = [[row[place] for place in shown] for row in here]
    rows, heads = without_repetition(rows, [columns[place].removesuffix("Label") for place in shown])
    return page(
        request,
        "ask.html",
        title=q or "Ask",
        q=q,
        answer=answer,
        heads=heads,
        rows=rows,
        titles=titles_of(request, rows),
        reviews=row_reviews(request, columns, here),
        total=len(found),
        number=number,
        last=max(1, -(-len(found) // _ROWS)),
        asked_about=about,
        about=_about(answer.context) if answer and answer.context else "",
        examples=examples(),
    )


def _is_shown(name: str, columns: tuple[str, ...]) -> bool:
    """Whether a column is worth a person's while: names rather than identifiers, passages further down."""
    return name not in _HIDDEN and f"{name}Label" not in columns


def _about(context: Context) -> str:
    return urlencode([("", context.query), *sorted(context.values.items())])


def _context(about: str) -> Context | None:
    """The context that an address holds; `None` if it names no question that we have."""
    pairs = dict(parse_qsl(about, keep_blank_values=True))
    query = pairs.pop("", "")
    if query == COMPOSED:
        return Context(query, pairs)
    known = catalogue().get(query)
    if known is None:
        return None
    return Context(query, {name: value for name, value in pairs.items() if name in known.parameters})
