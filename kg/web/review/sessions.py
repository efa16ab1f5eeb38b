"""Who reviews: sessions by signed cookie, tokens of programs, and forms that nobody else can send."""

import time
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from urllib.parse import quote, unquote, urlsplit

from fastapi import Request
from fastapi.responses import Response

from kg.errors import ForbiddenError, UnauthorizedError
from kg.review.reviewers import Reviewers
from kg.settings import Settings

__all__ = ["begin", "check_form", "end", "form_token", "log_in", "program", "reviewer", "reviewers_of"]

_COOKIE = "kg_review"
_LASTS = 12 * 3600  # seconds
_OFF = "nobody may review on this server; the setting `reviewers` names who may"


def reviewers_of(request: Request) -> Reviewers:
    """The people who may review.

    Raises:
        ForbiddenError: reviewing is off.
    """
    options: Settings = request.app.state.options
    if options.reviewers is None:
        raise ForbiddenError(_OFF)
    return Reviewers.read(options.reviewers.expanduser())


def reviewer(request: Request) -> str | None:
    """Whose session a request belongs to; `None` without one.

    Raises:
        ForbiddenError: reviewing is off.
    """
    known = reviewers_of(request)
    name, _, rest = request.cookies.get(_COOKIE, "").partition("|")
    until, _, rest = rest.partition("|")
    stamp, _, signature = rest.partition("|")
    person = unquote(name)
    is_signed = compare_digest(signature.encode(), _sign(known, f"{name}|{until}|{stamp}").encode())
    if not (known.key and is_signed and until.isdecimal() and int(until) > time.time()):
        return None
    is_same = bool(stamp) and compare_digest(stamp, known.stamp(person))
    return person if is_same else None


def program(request: Request) -> str:
    """Whose token a request brings: `Authorization: Bearer NAME:SECRET`.

    Raises:
        ForbiddenError: reviewing is off.
        UnauthorizedError: the token is missing or wrong.
    """
    known = reviewers_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    name, _, secret = token.strip().partition(":")
    if scheme.lower() != "bearer" or not known.is_let_in(name, secret):
        raise UnauthorizedError("reviewing takes the header `Authorization: Bearer NAME:SECRET`")
    return name


def log_in(request: Request, name: str, secret: str) -> bool:
    """Whether a person may begin a session."""
    _check_origin(request)
    return reviewers_of(request).is_let_in(name, secret)


def begin(request: Request, response: Response, name: str) -> None:
    """Begin a session."""
    known = reviewers_of(request)
    told = f"{quote(name, safe='')}|{int(time.time()) + _LASTS}|{known.stamp(name)}"
    response.set_cookie(
        _COOKIE,
        f"{told}|{_sign(known, told)}",
        max_age=_LASTS,
        path=_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def end(request: Request, response: Response) -> None:
    """End a session."""
    response.delete_cookie(_COOKIE, path=_path(request))


def form_token(request: Request) -> str:
    """What a form of this session must bring."""
    return _sign(reviewers_of(request), f"form|{request.cookies.get(_COOKIE, '')}")


def check_form(request: Request, token: str) -> str:
    """Whose form it is.

    Raises:
        ForbiddenError: reviewing is off, or the form comes from elsewhere.
        UnauthorizedError: there is no session.
    """
    name = reviewer(request)
    if name is None:
        raise UnauthorizedError("log in at /review first")
    _check_origin(request)
    if not compare_digest(token.encode(), form_token(request).encode()):
        raise ForbiddenError(
            "this form was not made for your session; go back, load the page again and resend"
        )
    return name


def _check_origin(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.url.netloc:
        raise ForbiddenError("this form was sent from another site")


def _sign(known: Reviewers, text: str) -> str:
    return hmac(known.key.encode(), text.encode(), sha256).hexdigest()


def _path(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/review"
