"""Questions in plain words, with the sentences, the rows and the passages that answer them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from kg import questions
from kg.web.api.dependencies import RequestContext
from kg.web.http.problems import documented

__all__ = ["router"]

router = APIRouter(prefix="/ask", tags=["questions"])
_LONGEST = 500  # characters
_EXAMPLE = "Which topics were excluded from the June 5 call?"
_PROBLEMS = documented(400, 406, 413, 415, 422, 429, 503, 504)

Values = Annotated[
    Mapping[str, str],
    Field(description="Its parameters.", examples=[{"date": "2025-06-05"}], max_length=20),
]


@dataclass(frozen=True, slots=True)
class About:
    """What a question and its answer were about; keeps a conversation together."""

    query: Annotated[str, Field(description="Name of a question of the catalogue.", max_length=100)]
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in plain words."""

    question: Annotated[str, Field(min_length=1, max_length=_LONGEST, examples=[_EXAMPLE])]
    context: Annotated[
        About | None, Field(description="`context` of the answer before, for “and what did China say?”.")
    ] = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage that the answer rests on."""

    document: Annotated[str, Field(description="IRI of the document.")]
    title: str
    publisher: str
    issued: Annotated[str, Field(description="Day of publication; empty if nobody says.")]
    start: Annotated[int, Field(description="Offset of the passage in the body.")]
    end: Annotated[int, Field(description="Offset after it.")]
    exact: Annotated[str, Field(description="Its words.")]
    before: Annotated[str, Field(description="Words before it.")]
    after: Annotated[str, Field(description="Words after it.")]


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that can be answered."""

    text: str
    query: str
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a question gets back."""

    question: str
    verdict: Annotated[
        str,
        Field(
            description="`sure`; `unsure`: see `suggestions`; `declined`: `text` says why.",
            json_schema_extra={"enum": ["sure", "unsure", "declined"]},
        ),
    ]
    text: Annotated[str, Field(description="The answer in a sentence or two, or why there is none.")]
    understood: Annotated[str, Field(description="How the question was read.")]
    query: Annotated[str | None, Field(description="The question of the catalogue that it became.")] = None
    values: Values
    rows: Annotated[list[dict[str, str]], Field(description="Values by column; what is unknown is missing.")]
    citations: tuple[Cited, ...]
    mentions: Annotated[
        bool,
        Field(
            description="Whether `citations` only mention what is asked about: no fact was read that answers."
        ),
    ]
    sparql: Annotated[str, Field(description="What was run, or a query that gives the same.")]
    link: Annotated[str, Field(description="The query page with it.")]
    suggestions: Annotated[tuple[Offer, ...], Field(description="Other readings, or what can be answered.")]
    context: Annotated[About | None, Field(description="To be sent with the next question.")] = None


@router.post("", summary="Ask in plain words", response_model=Reply, responses=_PROBLEMS)
def ask(request: Request, asked: Asked) -> Response:
    """The answer with its passages; no answer is made up: what is unsure or cannot be answered says so."""
    return _answered(request, asked)


@router.get("", summary="Ask in plain words, by an address", response_model=Reply, responses=_PROBLEMS)
def ask_by_address(
    request: Request,
    q: Annotated[
        str,
        Query(min_length=1, max_length=_LONGEST, description="The question.", examples=[_EXAMPLE]),
    ],
) -> Response:
    """The same for a question that stands alone, so that its answer can be linked to."""
    return _answered(request, Asked(q))


def _answered(request: Request, asked: Asked) -> Response:
    at, given = RequestContext(request), asked.context
    before = None if given is None else questions.Context.of(given.query, dict(given.values))
    return at.answer(_reply(at.snapshots.answerer().ask(asked.question, before), at.serializer.root))


def _reply(found: questions.Answer, root: str) -> Reply:
    context = found.context
    return Reply(
        question=found.question,
        verdict=found.verdict,
        text=found.text,
        understood=found.understood,
        query=found.query,
        values=found.values,
        rows=[
            {name: value for name, value in zip(found.columns, row, strict=True) if value}
            for row in found.rows
        ],
        citations=tuple(
            Cited(it.document, it.title, it.publisher, it.issued, it.start, it.end, it.exact,
                  it.before, it.after)
            for it in found.citations
        ),
        mentions=found.only_mentions,
        sparql=found.sparql,
        link=f"{root}{found.link.lstrip('/')}" if found.link else "",
        suggestions=tuple(Offer(it.text, it.query, it.values) for it in found.suggestions),
        context=None if context is None else About(context.query, context.values),
    )  # fmt: skip
