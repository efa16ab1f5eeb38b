"""`kg ask`: the questions of the catalogue, each a command with its own options."""

from collections.abc import Mapping

import click

from kg import entities, queries
from kg.cli import options, output
from kg.queries import Query
from kg.store import Store, open_store


class Questions(click.Group):
    """One command for each file in `queries/`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names of all questions."""
        return sorted(queries.catalogue())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a question."""
        query = queries.catalogue().get(cmd_name)
        return _command(query) if query else None


@click.group(cls=Questions)
def command() -> None:
    """Answer a question of the catalogue, with the words that say so.

    Agents and topics are given by name, slug or IRI; dates as 2025-06-05, 2025-06 or 2025.

    \b
    kg ask --help                                   all questions
    kg ask excluded-topics --help                   one question and its parameters
    kg ask excluded-topics --date 2025-06-05
    """


def _command(query: Query) -> click.Command:
    def answer(format: str, as_json: bool, store_url: str, **values: str | None) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        with open_store(store_url) as store:
            text = query.bind(given, resolve=_resolver(store))
            output.result(store.query(text), "json" if as_json else format)

    made = click.command(query.name, help=_help(query), short_help=query.title)(answer)
    made.params[:0] = [_option(name, query) for name in query.parameters]
    for add in (options.verbose, options.store, options.json_output, _format):
        add(made)
    return made


_format = click.option(
    "-f", "--format", type=click.Choice(output.FORMATS), default="table", show_default=True
)


def _option(name: str, query: Query) -> click.Option:
    parameter = query.parameters[name]
    return click.Option(
        [f"--{name.replace('_', '-')}", name],
        required=parameter.required,
        metavar=parameter.kind.upper(),
        help=f"{parameter.description}  Example: {parameter.example}",
    )


def _help(query: Query) -> str:
    columns: Mapping[str, str] = query.columns
    listed = "\n".join(f"{name}: {text}" for name, text in columns.items())
    return f"{query.title}.\n\n{query.description}\n\nColumns:\n\n\b\n{listed}"


def _resolver(store: Store) -> queries.Resolve:
    def resolve(kind: str, text: str) -> str:
        return entities.find(text, store, kind=kind)

    return resolve
