"""Documents and RDF as clients send them."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from kg.errors import UnsupportedMediaTypeError
from kg.web.extraction_worker.uploads import JSON, WHOLE, Upload
from kg.web.sparql.protocol import content_type

__all__ = ["DOCUMENT", "RDF", "RDF_SUFFIXES", "rdf_of", "upload_of"]

RDF_SUFFIXES: Mapping[str, str] = {
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/ld+json": ".jsonld",
}
_BINARY: dict[str, Any] = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
DOCUMENT: dict[str, Any] = {
    "required": True,
    "description": "A text with its metadata, or a file as it is; Markdown may have front matter.",
    "content": {
        JSON: {"schema": {"$ref": "#/components/schemas/NewDocument"}},
        **{media_type: {"schema": {"type": "string", "minLength": 1}} for media_type in WHOLE[:-1]},
        WHOLE[-1]: _BINARY,
    },
}
RDF: dict[str, Any] = {
    "required": True,
    "description": "RDF that shall follow the ontology.",
    "content": {media_type: {"schema": {"type": "string"}} for media_type in RDF_SUFFIXES},
}


async def upload_of(request: Request, *, longest: int | None = None) -> Upload:
    """The body of a request that is to hold a document; nothing in it has been looked at.

    Args:
        request: The request.
        longest: Characters that the text may have.

    Raises:
        UnsupportedMediaTypeError: its media type is not read.
    """
    media_type, _ = content_type(request.scope)
    if media_type not in (JSON, *WHOLE):
        raise UnsupportedMediaTypeError(media_type, known=(JSON, *WHOLE))
    return Upload(await request.body(), media_type, longest)


async def rdf_of(request: Request) -> tuple[bytes, str]:
    """The RDF in the body of a request, and its suffix.

    Raises:
        UnsupportedMediaTypeError: its media type is not read.
    """
    media_type, _ = content_type(request.scope)
    if media_type not in RDF_SUFFIXES:
        raise UnsupportedMediaTypeError(media_type, known=RDF_SUFFIXES)
    return await request.body(), RDF_SUFFIXES[media_type]
