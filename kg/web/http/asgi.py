"""Small readings of ASGI scopes and messages, for the layers around the application."""

from collections.abc import MutableMapping
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ASGIApp", "Headers", "Message", "Receive", "Scope", "Send", "client_of", "header", "network_of",
           "request_id", "whole_request"]  # fmt: skip

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


def client_of(scope: Scope) -> str:
    """Who sends a request, as far as that can be told: its address, or the network that it belongs to."""
    return network_of(scope["client"][0] if scope.get("client") else "")


def network_of(host: str) -> str:
    """An address; of IPv6 the network, since one household has billions of addresses."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"{int(address) >> 64:x}::" if isinstance(address, IPv6Address) else host


async def whole_request(receive: Receive) -> Receive:
    """Take a request up to the end of its body; what gives its messages once more, then whatever follows."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return again
