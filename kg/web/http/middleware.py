"""What every answer goes through: identity, headers, limits, validators.

Plain ASGI rather than Starlette's `BaseHTTPMiddleware`, which would cost more than a small query does.
"""

import re
from collections.abc import Callable, Collection
from hashlib import blake2b
from secrets import token_hex

from kg import __version__
from kg.web.http.asgi import ASGIApp, Headers, Message, Receive, Scope, Send, header
from kg.web.http.problems import problem

__all__ = ["CommonHeaders", "Conditional", "Prefix", "TrustedHosts"]

_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.ASCII)
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    ),
]
_ALLOWED = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"Accept, Authorization, Content-Type, If-None-Match, X-Request-ID"),
    (b"access-control-max-age", b"86400"),
]
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, Retry-After, X-Request-ID, "
     b"X-Row-Limit, X-Truncated"),
]  # fmt: skip


class Prefix:
    """Puts the path prefix of a proxy before all paths, whether the proxy strips it or not."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app, self._root = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the prefix as the root path."""
        if self._root and scope["type"] == "http":
            path: str = scope["path"]
            inside = path == self._root or path.startswith(f"{self._root}/")
            scope["root_path"], scope["path"] = self._root, path if inside else self._root + path
        await self._app(scope, receive, send)


class TrustedHosts:
    """Lets no client choose the name under which addresses in answers are: the `Host` header is anybody's."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        """Wrap `app`; `names` are host names in lower case, with a port or for all ports; `*` is any."""
        self._app, self._names = app, frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Replace a name that is not known by the address that the client reached."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if sum(name == b"host" for name, _ in scope["headers"]) > 1:  # RFC 9112, section 3.2
            return await problem(400, "bad-request", "a request has one Host header")(scope, receive, send)
        if not self._is_known(header(scope, b"host").lower()):
            rest = [pair for pair in scope["headers"] if pair[0] != b"host"]
            scope["headers"] = [(b"host", _reached(scope)), *rest]
        await self._app(scope, receive, send)

    def _is_known(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        return found is not None and not self._names.isdisjoint(("*", found["name"], host))


def _reached(scope: Scope) -> bytes:
    """The address of our end of the connection."""
    host, port = scope.get("server") or ("localhost", None)
    name = f"[{host}]" if ":" in host else host
    is_usual = port in (None, {"http": 80, "https": 443}.get(scope["scheme"]))
    return (name if is_usual else f"{name}:{port}").encode()


class CommonHeaders:
    """What every answer carries: the id of the request, care for browsers, and leave for other origins.

    The id is the caller's own if it is a sound one. Pages of any origin may read the answers (CORS): they are
    public, and no cookie plays a part. An answer that sets one of these headers itself keeps its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight; add the headers to everything else."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        given = header(scope, b"x-request-id")
        number = given if _ID.fullmatch(given) else token_hex(8)
        scope.setdefault("state", {})["request_id"] = number
        added = [*_SECURITY, (b"x-request-id", number.encode())]
        if header(scope, b"origin"):
            added += _OPEN
            if scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method"):
                return await _reply(send, 204, [*added, *_ALLOWED])

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                missing = [pair for pair in added if pair[0] not in present]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self._app(scope, receive, marked)


class Conditional:
    """Answers HEAD like GET without a body, marks answers with an ETag, and says 304 to who has them.

    A GET depends on its address, on what the client accepts, and on the state of the store, so those make
    the tag, before any work is done. An answer that depends on more says `Cache-Control: no-store`, or
    brings its own ETag.
    """

    def __init__(self, app: ASGIApp, version: Callable[[], str | None]) -> None:
        """Wrap `app`; `version` names the state of the store, `None` if nobody can tell."""
        self._app, self._version = app, version

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compare before and after."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        version = self._version()
        if scope["method"] not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        tag = None if version is None or header(scope, b"authorization") else _tag(scope, version)
        wanted = header(scope, b"if-none-match")
        if tag is not None and _names(wanted, tag):
            return await _reply(send, 304, [(b"etag", tag), (b"cache-control", b"no-cache")])
        send = _Validated(send, scope["method"], tag, wanted)
        inner = {**scope, "method": "GET"}  # the server itself must know that it was a HEAD
        try:
            await self._app(inner, receive, send)
        finally:
            if "route" in inner:
                scope["route"] = inner["route"]  # by which the request is counted


class _Validated:
    """A `send` that adds the validator and drops bodies that nobody wants."""

    def __init__(self, send: Send, method: str, tag: bytes | None, wanted: str) -> None:
        self._send, self._tag, self._wanted = send, tag, wanted
        self._bodiless = method == "HEAD"

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = self._start(message)
        elif self._bodiless:
            message = {**message, "body": b""}
        await self._send(message)

    def _start(self, message: Message) -> Message:
        if message["status"] != 200 or "no-store" in header(message, b"cache-control"):
            return message
        headers: Headers = [*message.get("headers", ())]
        own = header(message, b"etag").encode()
        if not own and self._tag is not None:
            headers.append((b"etag", self._tag))
        if not header(message, b"cache-control"):
            headers.append((b"cache-control", b"no-cache"))  # keep it, but ask each time
        if own and _names(self._wanted, own):
            self._bodiless = True
            kept = [pair for pair in headers if pair[0] not in (b"content-length", b"content-type")]
            return {**message, "status": 304, "headers": kept}
        return {**message, "headers": headers}


def _tag(scope: Scope, version: str) -> bytes:
    """A weak tag: the same bytes are not promised, since an answer may come compressed."""
    parts = (
        __version__,
        version,
        scope.get("root_path", "") + scope["path"],
        scope["query_string"].decode("latin-1"),
        *(header(scope, name) for name in (b"host", b"accept", b"accept-language", b"accept-encoding")),
    )
    digest = blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'.encode()


def _names(wanted: str, tag: bytes) -> bool:
    """Whether an `If-None-Match` header names a tag; the comparison is the weak one."""
    tags = {part.strip().removeprefix("W/") for part in wanted.split(",")}
    return "*" in tags or tag.decode("latin-1").removeprefix("W/") in tags


async def _reply(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
