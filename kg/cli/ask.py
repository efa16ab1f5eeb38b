"""`kg ask`: a question in plain words, or one of the catalogue as a command with its own options."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from difflib import get_close_matches

import click

from kg import entities, queries
from kg.cli import options, output
from kg.lexicon import Lexicon
from kg.queries import Query
from kg.questions import NUMBERS, Answer, Answerer, Context, Phrases, TextSearch, caveat_of_number
from kg.store import Store, open_store
from kg.views.hidden_characters import plain
from kg.views.undecided import undecided_pairs

_WITH_VALUE = ("--context", "--store", "--format", "-f")


class Questions(click.Group):
    """One command for each file in `queries/`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names of all questions."""
        return sorted(queries.names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a question."""
        return _command(queries.named(cmd_name)) if cmd_name in queries.names() else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options before a question as if they stood after it."""
        before, rest = [], [*args]
        while rest and rest[0].startswith("-") and rest[0] not in ("-", "--", "--help"):
            before.append(rest.pop(0))
            if rest and before[-1] in _WITH_VALUE:
                before.append(rest.pop(0))
        return super().parse_args(ctx, rest if rest[:1] == ["--help"] else [*rest, *before])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a name of the catalogue; any other words are a question of their own."""
        if args[0] in queries.names():
            return super().resolve_command(ctx, args)
        if " " not in args[0] and (near := get_close_matches(args[0], queries.names(), cutoff=0.8)):
            ctx.fail(f"no question is called {args[0]!r}; did you mean {near[0]}?")
        return "", _plain, args


@click.group(cls=Questions)
def command() -> None:
    """Answer a question in plain words, or one of the catalogue, with the words that say so.

    Exit code 1: the question is not answered, and what can be is told. In questions of the catalogue agents
    and topics are given by name, slug or IRI; dates as 2025-06-05, 2025-06 or 2025.

    \b
    kg ask "Which topics were excluded from the June 5 call?"
    kg ask "And what did China say?" --context "$CONTEXT"
    kg ask --help                                   all questions of the catalogue
    kg ask excluded-topics --help                   one question and its parameters
    kg ask excluded-topics --date 2025-06-05
    """


@click.command("question")
@click.argument("words", nargs=-1, required=True)
@click.option("--context", metavar="JSON", help="What `--json` gave as `context` for the question before.")
@options.json_output
@options.store
@options.verbose
@click.pass_context
def _plain(
    ctx: click.Context, words: tuple[str, ...], context: str | None, as_json: bool, store_url: str
) -> None:
    """Answer a question in plain words."""
    with open_store(store_url) as store:
        lexicon = Lexicon.load()
        search = TextSearch(store, lexicon)
        try:
            answerer = Answerer(store, queries.catalogue(), lexicon, search=search)
            answer = answerer.ask(" ".join(words), Context.parse(context) if context else None)
        finally:
            search.close()
    if as_json:
        click.echo(json.dumps(asdict(answer), ensure_ascii=False, default=dict))
    else:
        _print(answer)
    ctx.exit(0 if answer.verdict == "sure" else 1)


def _print(answer: Answer) -> None:
    click.echo(plain(answer.text))
    for suggestion in answer.suggestions:
        click.echo(f"  - {plain(suggestion.text)}")
    for citation in answer.citations:
        source = ", ".join(filter(None, (citation.publisher, citation.title, citation.issued)))
        where = f"[{citation.start}-{citation.end}]"
        click.echo(f"\n  “{plain(citation.exact)}”\n    {plain(source)} {where}")
    if answer.query:
        click.echo(f"\nRead as: {answer.understood}. The SPARQL: kg ask {answer.query} --help", err=True)


def _command(query: Query) -> click.Command:
    def answer(format: str, as_json: bool, store_url: str, **values: str | None) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        with open_store(store_url) as store:
            bound = query.bind(given, resolve=_resolver(store))
            output.result(store.query(bound), "json" if as_json else format)
            if note := _undecided(query, store):
                click.echo(note, err=True)

    made = click.command(query.name, help=_help(query), short_help=query.title)(answer)
    made.params[:0] = [_option(name, query) for name in query.parameters]
    for add in (options.verbose, options.store, options.json_output, _format):
        add(made)
    return made


def _undecided(query: Query, store: Store) -> str:
    """That a count or a silence may change, where events are told of that may be one."""
    if "event" not in query.columns and not any(name in query.columns for name in NUMBERS):
        return ""
    pairs = {frozenset((one, other)) for one, others in undecided_pairs(store).items() for other in others}
    if not pairs:
        return ""
    return caveat_of_number(len(pairs), Phrases(Lexicon.load()))


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
