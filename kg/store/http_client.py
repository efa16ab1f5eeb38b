"""Talks SPARQL 1.1 Protocol and Graph Store Protocol to a server: retries, back-off, time limits, errors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3.util import Retry

from kg.errors import KgError, QueryError, QueryTimeoutError, StoreError
from kg.store.syntax_errors import has_position, syntax_error

__all__ = ["ROWS", "TRIPLES", "HttpClient", "HttpResponse", "ServerAccess"]

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
_BUSY = (429, 502, 503, 504)
_PAUSE = 0.2  # seconds before the second retry; then doubled each time
_CONNECT = 10  # seconds
_CHUNK = 1 << 16
_SPOOL = 4_000_000  # bytes of a graph that are kept in memory
_MESSAGE = 400  # characters of what a server says that are worth repeating


@dataclass(frozen=True, slots=True)
class ServerAccess:
    """Where a server is and how it lets us in.

    Attributes:
        address: What the other addresses are derived from if they are not given.
        dialect: Name of a dialect, or `auto`.
        query: Address of queries.
        update: Address of updates.
        graphs: Address of the Graph Store.
        user: For Basic or Digest, with `password`.
        token: Bearer token.
        timeout: Seconds of silence after which we give up.
        retries: How often a request to a busy or absent server is sent again.
    """

    address: str
    dialect: str = "auto"
    query: str | None = None
    update: str | None = None
    graphs: str | None = None
    user: str | None = None
    password: str = ""
    token: str | None = None
    timeout: float = 60
    retries: int = 4


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole answer.

    Attributes:
        status: Of HTTP.
        headers: Of HTTP; names in any case.
        body: At its start.
    """

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]

    def message(self) -> str:
        """What the server says, in one line."""
        return " ".join(self.body.read().decode("utf-8", "replace").split())[:_MESSAGE]


class HttpClient:
    """Requests to one server; several threads may use it."""

    def __init__(self, access: ServerAccess, *, digest: bool = False) -> None:
        self._access = access
        self._session = requests.Session()
        self._session.trust_env = False  # a store is named by our settings alone, its password too
        self._session.auth = _auth(access, digest=digest)
        retry = Retry(
            access.retries,
            backoff_factor=_PAUSE,
            status_forcelist=_BUSY,
            allowed_methods=None,  # every request here can be repeated: it sets a state, or only asks
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def ask(self, address: str, text: str, params: Mapping[str, list[str]], accept: str) -> HttpResponse:
        """Send a query.

        Raises:
            QueryError: the server cannot run it.
            QueryTimeoutError: it took too long.
            StoreError: the server does not answer, or does not let us in.
        """
        answer = self._send("POST", address, {"Accept": accept}, params, {"query": text}, is_query=True)
        if answer.status >= 400:
            told = answer.message()
            if has_position(told):
                raise syntax_error(told, text)
            raise QueryError(f"the query cannot be run: {told}")
        return answer

    def update(self, address: str, text: str) -> None:
        """Send an update.

        Raises:
            StoreError: the server refuses it, or does not answer.
        """
        answer = self._send("POST", address, {}, {}, {"update": text})
        if answer.status >= 400:
            raise StoreError(f"{address} refuses an update: {answer.message()}")

    @contextmanager
    def get(self, address: str, params: Mapping[str, list[str]]) -> Iterator[IO[bytes]]:
        """The triples of a graph as N-Triples, which may be many; none if the server has no such graph.

        Raises:
            StoreError: the server refuses to give them, or does not answer.
        """
        with SpooledTemporaryFile(_SPOOL) as body:
            answer = self._send("GET", address, {"Accept": TRIPLES}, params, None, into=body)
            if answer.status >= 400 and answer.status != 404:
                raise StoreError(f"{address} refuses to give a graph: {answer.message()}")
            if answer.status == 404:
                body.truncate(0)
            yield body

    def post(
        self, address: str, params: Mapping[str, list[str]], data: bytes | IO[bytes], media_type: str
    ) -> None:
        """Add triples or quads.

        Raises:
            StoreError: the server refuses them, or does not answer.
        """
        answer = self._send("POST", address, {"Content-Type": media_type}, params, data)
        if answer.status >= 400:
            raise StoreError(f"{address} refuses data: {answer.message()}")

    def server(self, address: str) -> str:
        """What the server calls itself, in lower case."""
        return self._send("GET", address, {}, {}, None).headers.get("Server", "").lower()

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def _send(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        params: Mapping[str, list[str]],
        data: bytes | IO[bytes] | Mapping[str, str] | None,
        *,
        is_query: bool = False,
        into: IO[bytes] | None = None,
    ) -> HttpResponse:
        body = BytesIO() if into is None else into
        limits = (_CONNECT, self._access.timeout)
        try:
            with self._session.request(
                method, address, params=params, data=data, headers=headers, timeout=limits, stream=True
            ) as response:
                for chunk in response.iter_content(_CHUNK):
                    body.write(chunk)
        except requests.RequestException as error:
            raise self._explained(address, error, is_query=is_query) from error
        body.seek(0)
        if response.status_code in (401, 403):
            raise StoreError(
                f"{address} does not let us in; set KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN"
            )
        if response.status_code in _BUSY:
            raise StoreError(f"{address} is too busy or not ready ({response.status_code}); try again later")
        return HttpResponse(response.status_code, response.headers, body)

    def _explained(self, address: str, error: requests.RequestException, *, is_query: bool) -> KgError:
        late = isinstance(error, requests.ReadTimeout) or "Read timed out" in str(error)
        if late and is_query:
            return QueryTimeoutError(self._access.timeout)
        if late:
            return StoreError(f"{address} did not answer in {self._access.timeout:g} s")
        return StoreError(f"no SPARQL server answers at {address}: start it, or check KG_STORE")


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _auth(access: ServerAccess, *, digest: bool) -> AuthBase | None:
    if access.token:
        return _Bearer(access.token)
    if access.user is None:
        return None
    kind = HTTPDigestAuth if digest else HTTPBasicAuth
    return kind(access.user, access.password)
