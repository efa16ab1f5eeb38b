"""The query page: a SPARQL editor with the catalogue as examples; answers as table, chart, text and files."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response

from kg.entities import find
from kg.errors import KgError, NotFoundError, QuerySyntaxError
from kg.queries import PREFIXES, catalogue
from kg.query_pool import QueryPool, QueryRequest, is_volatile
from kg.store import Store
from kg.views.vocabulary import vocabulary
from kg.web.html.problem_pages import page_router
from kg.web.html.render import page
from kg.web.http.parameters import refuse_unknown, shared
from kg.web.http.spooled_response import collected
from kg.web.pages import charts
from kg.web.pages.query_result import SHOWN_ROWS, QueryResult, read_result
from kg.web.sparql.protocol import base_of

__all__ = ["question_text", "result_of", "router", "rows_until"]

router = page_router(further=True)  # a question has parameters of its own
_FILES = {
    "csv": ("text/csv", "csv", None),
    "tsv": ("text/tab-separated-values", "tsv", None),
    "json": ("application/sparql-results+json", "json", None),
    "xml": ("application/sparql-results+xml", "xml", None),
    "ttl": ("text/turtle", None, "turtle"),
    "nt": ("application/n-triples", None, "ntriples"),
    "jsonld": ("application/ld+json", None, "jsonld"),
}
_ROWS = 50  # of one page
_FIRST = """SELECT ?event ?label ?date
WHERE {
  ?event a kg:Call ;
         kg:date ?date .
  OPTIONAL { ?event rdfs:label ?label }
}
ORDER BY DESC(?date)
LIMIT 20"""


@router.get("/query")
async def query_page(
    request: Request,
    query: Annotated[str, Query()] = "",
    question: Annotated[str, Query()] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> Response:
    """The editor, with the answer under it when the address holds a query.

    Args:
        request: The request; its further parameters are the values of `question`.
        query: SPARQL to run.
        question: Name of a question of the catalogue, to be run with the given values.
        number: Which page of the rows.
    """
    known = catalogue().get(question)
    refuse_unknown(
        request, ("query", "question", "page", *(known.parameters if known else ())), tracking=True
    )
    text = query.strip() or (question_text(request, question, request.query_params) if question else "")
    outcome, problem = None, None
    if text:
        try:
            outcome = await result_of(request, text, most=rows_until(number, _ROWS))
        except KgError as error:
            problem = error
    shown = page(
        request,
        "query.html",
        title=_title(question),
        status=200 if problem is None else problem.http_status,
        text=text or f"{_prefixes()}\n\n{_FIRST}",
        outcome=outcome,
        rows=outcome.rows[(number - 1) * _ROWS : number * _ROWS] if outcome else (),
        number=number,
        last=max(1, -(-len(outcome.rows) // _ROWS)) if outcome else 1,
        asked={key: value for key, value in request.query_params.items() if key != "page"},
        problem=problem,
        where=(problem.line, problem.column) if isinstance(problem, QuerySyntaxError) else None,
        chart=charts.of_rows(outcome.columns, outcome.plain) if outcome else None,
        questions=list(catalogue().values()),
        chosen=question,
    )
    if is_volatile(text):
        shown.headers["cache-control"] = "no-store"
    return shown


@router.get("/query/vocabulary", dependencies=[shared])
def vocabulary_of_editor(request: Request) -> Response:
    """What the editor completes: prefixes, and the terms of the ontology with their definitions."""
    terms = [
        {"iri": it.iri, "kind": it.kind, "label": it.label, "definition": it.definition}
        for it in vocabulary(request.app.state.store)
    ]
    return JSONResponse({"prefixes": dict(PREFIXES), "terms": terms})


@router.get("/query/answer.{suffix}", dependencies=[shared])
async def answer_file(request: Request, suffix: str, query: Annotated[str, Query()]) -> Response:
    """The whole answer as a file."""
    if suffix not in _FILES:
        raise NotFoundError(f"an answer has no form {suffix!r}; take {', '.join(_FILES)}")
    media_type, rows, triples = _FILES[suffix]
    pool: QueryPool = request.app.state.pool
    answer = await pool.ask(QueryRequest(query, rows=rows, triples=triples, base=base_of(request.scope)))
    headers = {"content-disposition": f'attachment; filename="answer.{suffix}"', "cache-control": "no-store"}
    try:
        body = await collected(answer, request.app)
    finally:
        answer.close()
    if answer.is_cut:
        headers["x-truncated"] = "true"
    return body.response(media_type, headers)


async def result_of(request: Request, text: str, *, most: int = SHOWN_ROWS) -> QueryResult:
    """The first part of what a query gives."""
    pool: QueryPool = request.app.state.pool
    return await read_result(pool, text, base_of(request.scope), most=most)


def rows_until(number: int, size: int) -> int:
    """How many rows must be read to show a page and know of the next ones."""
    return max(SHOWN_ROWS, -(-(number + 1) * size // SHOWN_ROWS) * SHOWN_ROWS)


def question_text(request: Request, name: str, values: Mapping[str, str], *, examples: bool = True) -> str:
    """The SPARQL of a question with its values; without its header, but for the title.

    Args:
        request: The request.
        name: Name of the question.
        values: Its values, by name; others are passed over.
        examples: Whether a value that it needs and that is not given is that of its example.

    Raises:
        NotFoundError: there is no such question, or a value names nothing.
        InputError: a value is missing or not of its kind.
    """
    known = catalogue().get(name)
    if known is None:
        raise NotFoundError(f"the catalogue has no question {name!r}")
    given = {key: it.example for key, it in known.parameters.items() if it.required and examples}
    given |= {key: value for key, value in values.items() if key in known.parameters and value}
    store: Store = request.app.state.store

    def resolve(kind: str, text: str) -> str:
        return find(text, store, kind=kind)

    sparql = re.sub(r"^#\+.*\n", "", known.bind(given, resolve=resolve).text, flags=re.M).strip()
    return f"# {known.title}\n{sparql}"


def _title(name: str) -> str:
    known = catalogue().get(name)
    return f"{known.title}: SPARQL" if known else "Query"


def _prefixes() -> str:
    wanted = ("id", "kg", "oa", "rdf", "rdfs", "skos", "xsd")
    return "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in wanted if name in PREFIXES)
