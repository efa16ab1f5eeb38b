"""The description of `/sparql`, which is no route of the framework."""

from typing import Any

from kg.web.http.problems import documented
from kg.web.sparql.protocol import FORM_TYPE, QUERY_TYPE, ROW_TYPES, TRIPLE_TYPES

__all__ = ["endpoint"]

_TEXT = """\
The SPARQL 1.1 Protocol. Without a query, the service description (or the query page for a browser). A query
runs with bounds on time, snapshots and rows; an answer that is cut says so in `X-Truncated` or at its end.
"""
_EXAMPLE = "SELECT ?person WHERE { ?person a <https://w3id.org/uschina-kg/ontology#Leader> } LIMIT 3"
_PROBLEMS = (400, 401, 403, 406, 413, 415, 422, 429, 503, 504)
_STRING = {"type": "string"}
_FIELDS: dict[str, dict[str, Any]] = {
    "query": {"description": "SPARQL 1.1.", "schema": {**_STRING, "examples": [_EXAMPLE]}},
    "default-graph-uri": {
        "description": "Graphs to merge into the default graph instead of the union of all.",
        "schema": {"type": "array", "items": {**_STRING, "format": "uri"}},
    },
    "named-graph-uri": {
        "description": "Graphs that GRAPH may see, instead of all.",
        "schema": {"type": "array", "items": {**_STRING, "format": "uri"}},
    },
    "timeout": {
        "description": "Seconds after which the query shall be given up.",
        "schema": {"type": "number", "minimum": 1, "examples": [5]},
    },
}


def endpoint() -> dict[str, Any]:
    """The path item of the endpoint."""
    answers: dict[str, Any] = {media_type: {} for media_type in sorted({*ROW_TYPES, *TRIPLE_TYPES})}
    common: dict[str, Any] = {
        "tags": ["sparql"],
        "description": _TEXT,
        "responses": {
            "200": {"description": "The answer.", "content": answers},
            "303": {"description": "The query page."},
            **{str(status): told for status, told in documented(*_PROBLEMS).items()},
        },
    }
    asked = [{"name": name, "in": "query", **told} for name, told in _FIELDS.items()]
    return {
        "get": {**common, "summary": "Ask a query", "operationId": "sparql_get", "parameters": asked},
        "post": {
            **common,
            "summary": "Ask a query, or send an update with the token",
            "operationId": "sparql_post",
            "parameters": [it for it in asked if it["name"] != "query"],
            "requestBody": {"required": True, "content": _request_bodies()},
            "responses": {**common["responses"], "204": {"description": "The update is done."}},
            "security": [{}, {"token": []}],
        },
    }


def _request_bodies() -> dict[str, Any]:
    properties = {name: told["schema"] for name, told in _FIELDS.items()}
    form = {"type": "object", "required": ["query"], "properties": properties}
    return {FORM_TYPE: {"schema": form}, QUERY_TYPE: {"schema": {**_STRING, "examples": [_EXAMPLE]}}}
