"""Documents as clients send them: from the bytes of a body to a document."""

import json
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from kg.errors import InputError
from kg.model import Document
from kg.read import MEDIA_TYPES, read_bytes

__all__ = ["JSON", "WHOLE", "NewDocument", "Upload", "document_in"]

JSON = "application/json"
WHOLE = ("text/plain", "text/markdown", "text/html", "application/pdf")  # formats that hold one document
_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
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


@dataclass(frozen=True, slots=True)
class Upload:
    """The body of a request that is to hold a document.

    Attributes:
        data: The bytes as they came.
        media_type: `JSON` or one of `WHOLE`.
        longest: Characters that the text may have; `None` for as many as a document may have.
    """

    data: bytes
    media_type: str
    longest: int | None = None


_ADAPTER = TypeAdapter(NewDocument)


def document_in(upload: Upload, *, max_bytes: int) -> Document:
    """The document in an upload. It is for a process that can be stopped: strangers choose the bytes.

    Raises:
        InputError: it holds none, or it is not what it says.
    """
    if upload.media_type == JSON:
        data, name = _line(upload.data), "body.jsonl"
    else:
        data, name = upload.data, f"body{MEDIA_TYPES[upload.media_type]}"
    [found] = read_bytes(data, name, max_bytes=max_bytes)
    return found


def _line(body: bytes) -> bytes:
    """A body in JSON as a line of JSON, once it is known to be what was asked for."""
    try:
        sent = _ADAPTER.validate_json(body)
    except ValidationError as error:
        found = "; ".join(f"{'/'.join(map(str, it['loc'])) or 'body'}: {it['msg']}" for it in error.errors())
        raise InputError(f"the body is no document: {found}") from error
    given = {name: getattr(sent, name) for name in NewDocument.__dataclass_fields__}
    return json.dumps({name: value for name, value in given.items() if value is not None}).encode()
