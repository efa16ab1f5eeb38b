"""Who may write: whoever brings the token of the settings."""

from hmac import compare_digest

from kg.errors import ForbiddenError, UnauthorizedError
from kg.settings import Settings
from kg.web.http.asgi import Scope, header

__all__ = ["authorize"]


def authorize(scope: Scope) -> None:
    """Let a request write that brings the token.

    Raises:
        ForbiddenError: nobody may write here.
        UnauthorizedError: the token is missing or wrong.
    """
    options: Settings = scope["app"].state.options
    if options.write_token is None:
        raise ForbiddenError("this server takes no writes; set write_token to allow them")
    scheme, _, token = header(scope, b"authorization").partition(" ")
    expected = options.write_token.get_secret_value().encode()
    if scheme.lower() != "bearer" or not compare_digest(token.strip().encode(), expected):
        raise UnauthorizedError("writing takes the header `Authorization: Bearer TOKEN`")
