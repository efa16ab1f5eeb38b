"""The page of the questions that can be asked by name."""

import shlex
from collections.abc import Iterator

from kg.queries import Parameter, Query, catalogue

_INTRODUCTION = """# Questions

Each is a file of `queries/`, plain SPARQL that runs in any tool. `kg ask` runs it by name; a parameter that
is left out matches everything.
"""


def page() -> str:
    """The page as Markdown."""
    return _INTRODUCTION + "".join("".join(_section(query)) for query in catalogue().values())


def _section(query: Query) -> Iterator[str]:
    yield f"\n## {query.title}\n\n{query.description}\n\n```sh\n{_command(query)}\n```\n\n"
    yield f"- Asked as: {'; '.join(f'“{phrasing}”' for phrasing in query.phrasings)}\n"
    for name, parameter in query.parameters.items():
        yield f"- `{_option(name)}` {_kind(parameter)}: {parameter.description}\n"
    columns = "; ".join(f"`{name}`, {description}" for name, description in query.columns.items())
    yield f"- Columns: {columns}\n"


def _command(query: Query) -> str:
    """The question with the first example, or with all that it requires."""
    required = [name for name, parameter in query.parameters.items() if parameter.required]
    shown = required or list(query.parameters)[:1]
    options = (f" {_option(name)} {shlex.quote(str(query.parameters[name].example))}" for name in shown)
    return f"kg ask {query.name}{''.join(options)}"


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _kind(parameter: Parameter) -> str:
    return f"({parameter.kind}, required)" if parameter.required else f"({parameter.kind})"
