"""The ready questions: each with a form for its parameters, and its answer as table, chart and file."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import Response

from kg.errors import KgError, NotFoundError
from kg.queries import Query as Question
from kg.queries import catalogue
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.http.parameters import refuse_unknown, shared
from kg.web.pages import charts
from kg.web.pages.query import question_text, result_of, rows_until
from kg.web.pages.row_reviews import row_reviews
from kg.web.snapshot import snapshots

__all__ = ["router", "titles_of", "without_repetition"]

router = page_router(further=True)  # a question has parameters of its own
_ROWS = 25  # of one page
_NAMED = ("agent", "topic", "iri")  # kinds of values that are completed by name
_LAST = ("document", "quote")  # columns that come last: where it says so, and the words


@router.get("/questions", dependencies=[shared])
def questions_page(request: Request) -> Response:
    """All ready questions with what they answer."""
    return page(request, "questions.html", title="Ready questions", questions=[*catalogue().values()])


@router.get("/questions/{name}")
async def question_page(
    request: Request,
    name: str,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    run: str = "",
) -> Response:
    """One question with a form, and its answer once it has been asked or needs nothing.

    Args:
        request: The request; its further parameters are the values of the question.
        name: Name of the question.
        number: Which page of the rows.
        run: Given once the form was sent.
    """
    question = catalogue().get(name)
    if question is None:
        raise NotFoundError(f"the catalogue has no question {name!r}")
    refuse_unknown(request, ("page", "run", *question.parameters), tracking=True)
    given = {key: value.strip() for key, value in request.query_params.items() if key in question.parameters}
    given = {key: value for key, value in given.items() if value}
    result, problem, text = None, None, ""
    if given or run or not question.required:
        try:
            text = question_text(request, name, given, examples=False)
            result = await result_of(request, text, most=rows_until(number, _ROWS))
        except KgError as error:
            problem = error
    shown = _shown(question) if result is None else [it for it in _shown(question) if it in result.columns]
    places = [result.columns.index(it) for it in shown] if result else []
    rows = [tuple(row[place] for place in places) for row in result.rows] if result else []
    last = max(1, -(-len(rows) // _ROWS))
    here = slice((number - 1) * _ROWS, number * _ROWS)
    shown_rows = [[cell.value for cell in row] for row in rows[here]]
    shown_rows, shown = without_repetition(shown_rows, shown)
    return page(
        request,
        "question.html",
        title=question.title,
        status=200 if problem is None else problem.http_status,
        question=question,
        given=given,
        named=_NAMED,
        problem=problem,
        result=result,
        text=text,
        heads=[it.removesuffix("Label") for it in shown],
        rows=bool(rows),
        plain_rows=shown_rows,
        titles=titles_of(request, shown_rows),
        reviews=row_reviews(request, result.columns, result.plain[here]) if result else [],
        total=len(rows),
        number=number,
        last=last,
        chart=charts.of_rows(result.columns, result.plain) if result and question.sums_up else None,
        csv=urlencode({"query": text}),
        asked={**given, "run": "1"},
        undecided=snapshots(request).undecided(result.columns, result.plain, text) if result else "",
    )


def without_repetition(rows: list[list[str]], heads: list[str]) -> tuple[list[list[str]], list[str]]:
    """The rows without a passage that only repeats what is said; without its column if all do."""
    if "quote" not in heads or "content" not in heads:
        return rows, heads
    quote, content = heads.index("quote"), heads.index("content")
    told = [
        [*row[:quote], "" if row[quote] == row[content] else row[quote], *row[quote + 1 :]] for row in rows
    ]
    if any(row[quote] for row in told):
        return told, heads
    return [row[:quote] + row[quote + 1 :] for row in told], heads[:quote] + heads[quote + 1 :]


def titles_of(request: Request, rows: list[list[str]]) -> dict[str, str]:
    """The titles of the documents in a table, by their IRIs."""
    known = snapshots(request).event_index().documents
    return {cell: known[cell].title or cell for row in rows for cell in row if cell in known}


def _shown(question: Question) -> list[str]:
    """The columns that say something to a person: names rather than identifiers, the passage last."""
    columns = [it for it in question.columns if f"{it}Label" not in question.columns and it != "claim"]
    return [it for it in columns if it not in _LAST] + [it for it in _LAST if it in columns]
