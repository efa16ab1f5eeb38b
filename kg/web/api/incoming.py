"""Documents and RDF as clients send them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field, TypeAdapter, ValidationError

from kg.errors import InputError, UnsupportedMediaTypeError
from kg.model import Document
from kg.read import MEDIA_TYPES, read_bytes
from kg.settings import Settings
from kg.web.protocol import content_type

__all__ = ["DOCUMENT", "RDF", "RDF_SUFFIXES", "NewDocument", "document_of", "rdf_of"]

_JSON = "application/json"
_WHOLE = ("text/plain", "text/markdown", "text/html", "application/pdf")  # formats that hold one document
_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
RDF_SUFFIXES: Mapping[str, str] = {
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/ld+json": ".jsonld",
}
_TEXT = "President Biden and President Xi spoke by telephone on April 2, 2024. They discussed Taiwan."


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A text, and what is known of it."""

    text: Annotated[
        str, Field(min_length=1, description="The text in which offsets will count.", examples=[_TEXT])
    ]
    id: Annotated[
        str | None,
        Field(max_length=200, description="Name for its identifier; without it, made of the text."),
    ] = None
    title: Annotated[str | None, Field(max_length=1000)] = None
    publisher: Annotated[
        str | None, Field(max_length=300, description="Who published it.", examples=["The White House"])
    ] = None
    published: Annotated[
        str | None,
        Field(
            pattern=_DAY,
            description="Day of publication, for dates such as “on Monday”.",
            examples=["2024-04-02"],
        ),
    ] = None
    kind: Annotated[
        str | None,
        Field(max_length=100, description="What it is: readout, post, transcript, …", examples=["readout"]),
    ] = None
    language: Annotated[str | None, Field(max_length=40, examples=["en"])] = None
    url: Annotated[str | None, Field(max_length=2000, description="Where it was published.")] = None


_ADAPTER = TypeAdapter(NewDocument)
_BINARY: dict[str, Any] = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
DOCUMENT: dict[str, Any] = {
    "required": True,
    "description": "A text with its metadata, or a file as it is; Markdown may have front matter.",
    "content": {
        _JSON: {"schema": {"$ref": "#/components/schemas/NewDocument"}},
        **{media_type: {"schema": {"type": "string", "minLength": 1}} for media_type in _WHOLE[:-1]},
        _WHOLE[-1]: _BINARY,
    },
}
RDF: dict[str, Any] = {
    "required": True,
    "description": "RDF that shall follow the ontology.",
    "content": {media_type: {"schema": {"type": "string"}} for media_type in RDF_SUFFIXES},
}


async def document_of(request: Request) -> Document:
    """The document in the body of a request.

    Raises:
        InputError: it holds none, or it is not what it says.
        UnsupportedMediaTypeError: its media type is not read.
    """
    media_type, _ = content_type(request.scope)
    if media_type not in (_JSON, *_WHOLE):
        raise UnsupportedMediaTypeError(media_type, known=(_JSON, *_WHOLE))
    options: Settings = request.app.state.options
    body = await request.body()
    data, name = (
        (_line(body), "body.jsonl") if media_type == _JSON else (body, f"body{MEDIA_TYPES[media_type]}")
    )
    [found] = read_bytes(data, name, max_bytes=options.max_bytes)
    return found


async def rdf_of(request: Request) -> tuple[bytes, str]:
    """The RDF in the body of a request, and its suffix.

    Raises:
        UnsupportedMediaTypeError: its media type is not read.
    """
    media_type, _ = content_type(request.scope)
    if media_type not in RDF_SUFFIXES:
        raise UnsupportedMediaTypeError(media_type, known=RDF_SUFFIXES)
    return await request.body(), RDF_SUFFIXES[media_type]


def _line(body: bytes) -> bytes:
    """A body in JSON as a line of JSON, once it is known to be what was asked for."""
    try:
        sent = _ADAPTER.validate_json(body)
    except ValidationError as error:
        found = "; ".join(f"{'/'.join(map(str, it['loc'])) or 'body'}: {it['msg']}" for it in error.errors())
        raise InputError(f"the body is no document: {found}") from error
    given = {name: getattr(sent, name) for name in NewDocument.__dataclass_fields__}
    return json.dumps({name: value for name, value in given.items() if value is not None}).encode()
