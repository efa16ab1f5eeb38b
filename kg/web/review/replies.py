"""What the pages of reviewers answer with: seen by one person, kept by nobody."""

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from kg.web.html.render import page

__all__ = ["login_form", "private", "redirect"]


def login_form(request: Request, problem: str, status: int = 200) -> Response:
    """The form to log in."""
    return private(page(request, "review_login.html", title="Review", status=status, problem=problem))


def redirect(request: Request, path: str, **parameters: str) -> Response:
    """Leads to another page of reviewers."""
    given = urlencode({name: value for name, value in parameters.items() if value})
    root = request.scope.get("root_path", "")
    return private(RedirectResponse(f"{root}{path}{'?' if given else ''}{given}", 303))


def private(response: Response) -> Response:
    """What one person sees is kept by nobody."""
    response.headers["cache-control"] = "no-store"
    return response
