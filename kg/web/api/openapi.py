"""The description of the interface in OpenAPI 3.1."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from kg.queries import Parameter, catalogue
from kg.web.api.dependencies import DATE
from kg.web.api.sparql_description import endpoint
from kg.web.extraction_worker.uploads import NewDocument

__all__ = ["describe"]

_REVIEWS = {
    "name": "reviews",
    "in": "query",
    "required": False,
    "description": "`all`: as if reviews had rejected nothing.",
    "schema": {"type": "string", "enum": ["all"]},
}
_ROWS = "/api/v1/queries/{name}/rows"
_TEXT = """\
A knowledge graph of U.S.–China relations, read from articles, readouts and statements. Every fact is cited to
the characters of the document that says it; every claim has an owner; the two sides' accounts stay apart.

- **Things** are named by paths such as `person/xi-jinping`, by IRIs, or by whole names in English or Chinese.
- **Parameters** that an address does not have are refused, with the names of those that it has.
- **Lists** are paged: `next` (also as `Link: rel="next"`) is the address of the next page.
- **Bodies** are JSON-LD as well (`Accept: application/ld+json`): keys that are terms of the ontology mean
  what `/ontology/context.jsonld` says; all others are for convenience. What is unknown is left out.
- **Reviews**: what people rejected is left out; `reviews=all` adds it, marked so (`reviewStatus` of a
  statement, `rejected` of an event).
- **Answers** carry an `ETag`; send it as `If-None-Match` and get 304 as long as nothing has changed.
- **Errors** are problem documents (RFC 9457).
"""
_TAGS = {
    "search": "Names, titles and the words of all documents.",
    "entities": "People, organizations, countries, topics and all else that has an identifier.",
    "events": "Calls, meetings, visits, measures and plans, each with what every side tells of it.",
    "claims": "What somebody puts forward: assertions, demands, commitments, warnings and the like.",
    "topics": "What is talked about, as a tree.",
    "documents": "What was read, with the passages that statements rest on.",
    "timeline": "What happened when.",
    "sparql": "The SPARQL 1.1 Protocol.",
    "queries": "Ready-made questions with typed parameters.",
    "questions": "Questions in plain words.",
    "attempts": "Reading texts and checking RDF without storing anything.",
    "linked data": "Every identifier, the ontology and the shapes, for people and machines.",
    "dumps": "The whole graph as files.",
    "reconciliation": "Matching names of a table to the graph, for OpenRefine and the like.",
    "graphs": "The Graph Store Protocol.",
    "operations": "For whatever watches over the server.",
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "date": {"type": "string", "pattern": DATE},
    "integer": {"type": "integer"},
}
_METHODS = ("get", "put", "post", "delete", "patch")


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="Knowledge graph of U.S.–China relations",
            version=app.version,
            description=_TEXT,
            routes=app.routes,
            tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            servers=[{"url": app.state.options.root_path or "/"}],
        )
        made["paths"]["/sparql"] = endpoint()
        _name_questions(made)
        for operation in _operations(made):
            _drop_unreal(operation)
        _complete(made)
        app.openapi_schema = made
    return app.openapi_schema


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in made["paths"].values():
        yield from (path[method] for method in _METHODS if method in path)


def _drop_unreal(operation: dict[str, Any]) -> None:
    """Take out the 422 that the framework adds: what does not fit is answered with 400."""
    schema = (
        operation["responses"].get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
    )
    if schema.get("$ref", "").endswith("/HTTPValidationError"):
        del operation["responses"]["422"]


def _name_questions(made: dict[str, Any]) -> None:
    """Put each question in the place of the one path that answers all of them."""
    common = made["paths"].pop(_ROWS)["get"]
    for query in catalogue().values():
        made["paths"][_ROWS.replace("{name}", query.name)] = {
            "get": {
                **common,
                "summary": query.title,
                "description": query.description,
                "operationId": "rows_" + query.name.replace("-", "_"),
                "parameters": [
                    *(_parameter(name, it) for name, it in query.parameters.items()),
                    _REVIEWS,
                ],
            }
        }


def _parameter(name: str, it: Parameter) -> dict[str, Any]:
    schema = _SCHEMAS.get(it.kind, {"type": "string", "minLength": 1, "maxLength": 300})
    example: str | int = int(it.example) if it.kind == "integer" else it.example
    return {
        "name": name,
        "in": "query",
        "required": it.required,
        "description": it.description,
        "schema": {**schema, "examples": [example]},
    }


def _complete(made: dict[str, Any]) -> None:
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unreal in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unreal, None)
    schemas["NewDocument"] = TypeAdapter(NewDocument).json_schema()
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
