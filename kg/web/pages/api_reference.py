"""The interface for programs, described for people out of its OpenAPI document."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from kg.web.html.problem_pages import page_router
from kg.web.html.render import Alternate, page

__all__ = ["Operation", "Parameter", "operations", "router"]

router = page_router()
_METHODS = ("get", "post", "put", "patch", "delete")
_Node = Mapping[str, Any]  # JSON, as OpenAPI has it


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an operation takes: where it stands, its type, what it means."""

    name: str
    place: str
    kind: str
    text: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    group: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]


@router.get("/docs")
def interface_page(request: Request) -> Response:
    """All operations, by group."""
    document = request.app.openapi()
    groups: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in operations(document):
        groups[operation.group].append(operation)
    machine = (Alternate("application/json", "/openapi.json"),)
    return page(
        request, "interface.html", title="The interface for programs", alternates=machine, groups=groups
    )


def operations(document: _Node) -> Iterator[Operation]:
    """The operations of an OpenAPI document, in its order."""
    for path, methods in document.get("paths", {}).items():
        for method in _METHODS:
            if method in methods:
                yield _operation(method, path, methods[method])


def _operation(method: str, path: str, told: _Node) -> Operation:
    answers = [
        (status, answer.get("description", "")) for status, answer in told.get("responses", {}).items()
    ]
    return Operation(
        method=method.upper(),
        path=path,
        group=(told.get("tags") or ["other"])[0],
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        parameters=tuple(_parameter(it) for it in told.get("parameters", ())),
        answers=tuple(sorted(answers)),
    )


def _parameter(told: _Node) -> Parameter:
    schema = told.get("schema", {})
    kinds = [schema, *schema.get("anyOf", ())]
    kind = next((it["type"] for it in kinds if it.get("type", "null") != "null"), "")
    choices = next((it["enum"] for it in kinds if "enum" in it), ())
    return Parameter(
        name=told["name"],
        place=told["in"],
        kind=" or ".join(str(choice) for choice in choices) or str(kind),
        text=told.get("description", ""),
        is_required=bool(told.get("required")),
    )
