"""What a person sees when something cannot be shown."""

import json
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from kg.errors import KgError
from kg.web.html.render import page
from kg.web.http.parameters import shared

__all__ = ["PageRoute", "handle_for_people", "page_router", "problem_page"]

_TITLES = {
    400: "That does not work",
    404: "Nothing is here",
    413: "That is too long",
    429: "A little slower, please",
    503: "Busy",
    504: "That took too long",
}
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose errors are pages for a browser; a program gets them as everywhere else."""

    def get_route_handler(self) -> _Handler:
        """The handler, with its errors caught."""
        answer = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await answer(request)
            except KgError as error:
                if not _is_for_people(request):
                    raise
                return problem_page(request, error.http_status, str(error))
            except RequestValidationError as error:
                if not _is_for_people(request):
                    raise
                wrong = "; ".join(f"{found['loc'][-1]}: {found['msg']}" for found in error.errors())
                return problem_page(request, 400, wrong)

        return handler


def page_router(*, further: bool = False) -> APIRouter:
    """A router for pages: not part of the described interface, errors for people.

    Args:
        further: Whether the routes have more parameters than they declare, and check them themselves.
    """
    checks = [] if further else [shared]
    return APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=checks)


def problem_page(request: Request, status: int, detail: str) -> Response:
    """A page that says what is wrong, then where to go."""
    title = _TITLES.get(status, "Something went wrong")
    return page(request, "problem.html", title=title, status=status, detail=detail)


def handle_for_people(app: FastAPI) -> None:
    """Answer errors with a page where a browser asks, at whatever address; programs get what they got before.

    The handlers of an application for programs must be there already.
    """
    for kind in (KgError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, partial(_shown, app.exception_handlers[kind]))


def _shown(for_programs: Callable[..., Any], request: Request, error: Exception) -> Response:
    answer: Response = for_programs(request, error)
    if not _is_for_people(request):
        return answer
    try:
        shown = problem_page(request, answer.status_code, str(json.loads(bytes(answer.body))["detail"]))
    except KgError:  # a page needs the store
        return answer
    for name in ("allow", "retry-after", "www-authenticate"):
        if name in answer.headers:
            shown.headers[name] = answer.headers[name]
    return shown


def _is_for_people(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
