"""Reads requests of the SPARQL 1.1 Protocol: what is asked, of which graphs, in which form."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.requests import ClientDisconnect

from kg.errors import InputError, QueryError, UnsupportedMediaTypeError
from kg.store.results import ROW_FORMATS, TRIPLE_FORMATS
from kg.web.http.asgi import Receive, Scope, header

__all__ = [
    "ROW_TYPES",
    "TRIPLE_TYPES",
    "SparqlRequest",
    "base_of",
    "content_type",
    "read_body",
    "read_request",
]

QUERY_TYPE, UPDATE_TYPE = "application/sparql-query", "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
_FIELDS = 1000  # of a form; an honest one has a handful
_UTF8 = ("", "utf-8", "utf8", "us-ascii")
ROW_TYPES = {
    **{format.media_type.partition(";")[0]: name for name, format in ROW_FORMATS.items()},
    "application/json": "json",
    "application/xml": "xml",
}
TRIPLE_TYPES = {
    **{format.media_type: name for name, format in TRIPLE_FORMATS.items()},
    "application/json": "jsonld",
    "application/xml": "rdfxml",
    "text/plain": "ntriples",
}


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """One request.

    Attributes:
        query: The query, if there is one.
        update: The update, if there is one.
        fields: All other fields, each with its values.
    """

    query: str | None
    update: str | None
    fields: dict[str, list[str]]

    @property
    def with_rejected(self) -> bool:
        """Whether what reviews reject is wanted too: `reviews=all`.

        Raises:
            InputError: the field holds something else.
        """
        given = self.fields.get("reviews", [])
        if given not in ([], ["all"]):
            raise InputError("reviews: write all, or leave it out")
        return bool(given)

    @property
    def dataset(self) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        """The default graphs and the named graphs; both `None` if the request names no graph."""
        default, named = self.graphs("default-graph-uri"), self.graphs("named-graph-uri")
        return (default, named) if default or named else (None, None)

    def graphs(self, name: str) -> tuple[str, ...]:
        """The graphs that a field names."""
        return tuple(self.fields.get(name, ()))

    @property
    def timeout(self) -> float | None:
        """Seconds that the client wants to wait.

        Raises:
            InputError: it is no positive number.
        """
        given = self.fields.get("timeout")
        if given is None:
            return None
        try:
            seconds = float(given[-1])
        except ValueError as error:
            raise InputError(f"timeout={given[-1]}: write a number of seconds") from error
        if not 0 < seconds < float("inf"):
            raise InputError(f"timeout={given[-1]}: write a number of seconds above 0")
        return seconds


def base_of(scope: Scope) -> str:
    """The address of the endpoint, which relative IRIs of a query are relative to."""
    return f"{Request(scope).base_url}sparql"


def content_type(scope: Scope) -> tuple[str, str]:
    """Media type and charset of the body, in lower case; empty if the request does not say.

    Raises:
        UnsupportedMediaTypeError: the charset is not UTF-8.
    """
    media_type, *parameters = (part.strip().lower() for part in header(scope, b"content-type").split(";"))
    charset = next((text[8:].strip('"') for text in parameters if text.startswith("charset=")), "")
    if charset not in _UTF8:
        raise UnsupportedMediaTypeError(f"{media_type}; charset={charset}", known=("UTF-8",))
    return media_type, charset


async def read_body(receive: Receive) -> bytes:
    """The whole body.

    Raises:
        ClientDisconnect: the client went away before all of it was here.
    """
    blocks = []
    while (message := await receive())["type"] == "http.request":
        blocks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(blocks)
    raise ClientDisconnect


async def read_request(scope: Scope, receive: Receive) -> SparqlRequest:
    """The request of a GET or POST.

    Raises:
        QueryError: it is not UTF-8, or asks more than one thing.
        UnsupportedMediaTypeError: the body is neither a form, nor a query, nor an update.
    """
    in_address = _fields(scope["query_string"])
    if scope["method"] == "GET":
        if any(name == "update" for name, _ in in_address):
            raise QueryError("an update changes things, so it cannot be sent with GET; use POST")
        return _call(in_address)
    media_type, _ = content_type(scope)
    known = (FORM_TYPE, QUERY_TYPE, UPDATE_TYPE)
    if media_type not in known:
        raise UnsupportedMediaTypeError(media_type, known=known)
    body = await read_body(receive)
    if media_type == FORM_TYPE:
        return _call([*in_address, *_fields(body)])
    return _call([*in_address, ("query" if media_type == QUERY_TYPE else "update", _text(body))])


def _fields(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise QueryError(f"the fields of the request are not percent-encoded UTF-8: {error}") from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"the query is not UTF-8: {error}") from error


def _call(pairs: Sequence[tuple[str, str]]) -> SparqlRequest:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    queries, updates = fields.pop("query", []), fields.pop("update", [])
    if len(queries) + len(updates) > 1:
        raise QueryError("the request has more than one query or update; send one at a time")
    return SparqlRequest(queries[0] if queries else None, updates[0] if updates else None, fields)
