"""Errors as problem documents (RFC 9457)."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from kg.errors import KgError, UnauthorizedError
from kg.terms import BASE

__all__ = ["MEDIA_TYPE", "documented", "handle_problems", "problem", "problem_of"]

MEDIA_TYPE = "application/problem+json"
_PHRASES = {404: "nothing is here", 405: "this method does nothing here"}


def handle_problems(app: FastAPI) -> None:
    """Answer every error of the application with a problem document."""
    app.add_exception_handler(KgError, _kg_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(Exception, _failure)


def problem(
    status: int, kind: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """A problem document.

    Args:
        status: HTTP status.
        kind: What sort of problem, in kebab case; becomes part of the `type` IRI.
        detail: One line for a person: what is wrong, then what would be right.
        headers: To send along.
        more: Further members.
    """
    title = kind.replace("-", " ").capitalize()
    body = {"type": f"{BASE}problem/{kind}", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, dict(headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: KgError) -> Response:
    """The problem document of an error of the package."""
    name = type(error).__name__.removesuffix("Error")
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    headers = {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
    if isinstance(error, UnauthorizedError):
        headers["www-authenticate"] = "Bearer"
    return problem(error.http_status, kind, str(error), headers=headers, **error.details())


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The problems that a route may answer with, for the description of the interface."""
    schema = {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    }
    content = {MEDIA_TYPE: {"schema": schema}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def _kg_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)
    return problem_of(error)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = {"allow": ", ".join(_allowed(request))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allowed)
        return problem(405, "method-not-allowed", _PHRASES[405], headers=allowed)
    detail = _PHRASES.get(error.status_code, error.detail)
    kind = re.sub(r"\W+", "-", error.detail.lower()) if error.status_code in _PHRASES else "http"
    return problem(error.status_code, kind, detail, headers=error.headers)


def _allowed(request: Request) -> list[str]:
    """The methods that an address takes, whichever routes they lead to."""
    routes: Sequence[BaseRoute] = request.app.routes
    fitting = {
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    }
    return sorted({*fitting, "OPTIONS", *(["HEAD"] if "GET" in fitting else [])})


def _bad_request(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": "/".join(map(str, found["loc"])), "detail": str(found["msg"])} for found in error.errors()
    ]
    detail = "; ".join(f"{item['where']}: {item['detail']}" for item in wrong)
    return problem(400, "invalid-request", detail, errors=wrong)


def _failure(request: Request, _error: Exception) -> Response:
    """Anything unforeseen: the log has the traceback, the client gets the id to find it by."""
    number = request.scope.get("state", {}).get("request_id", "unknown")
    return problem(500, "failure", f"the server failed; its log has the reason under request {number}")
