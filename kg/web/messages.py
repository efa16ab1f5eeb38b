"""Small readings of ASGI scopes and messages, for the layers around the application."""

from collections.abc import MutableMapping
from typing import Any, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ASGIApp", "Headers", "Message", "Receive", "Scope", "Send", "header", "request_id"]

Headers: TypeAlias = list[tuple[bytes, bytes]]


def header(scope: MutableMapping[str, Any], name: bytes) -> str:
    """The first header of a name (lower case), of a scope or a message; empty if there is none."""
    for key, value in scope.get("headers", ()):
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return ""


def request_id(scope: MutableMapping[str, Any]) -> str:
    """The id that the request was given."""
    return str(scope.get("state", {}).get("request_id", ""))
