"""The command `kg`: each command is one call into the package, plus printing."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from kg import __version__
from kg.cli.options import Mode
from kg.errors import KgError

# By name, what each does: told here, so that `kg --help` imports none of them.
COMMANDS = {
    "extract": "Print what is read from documents, as RDF.",
    "load": "Read documents and store what they say.",
    "read": "Read a corpus into files of checked quads.",
    "bulk-load": "Load what `kg read` wrote, as fast as the store can.",
    "materialize": "Keep the answers that sum up the whole store.",
    "validate": "Check documents or RDF.",
    "query": "Run a SPARQL query.",
    "ask": "Answer a question in plain words, or of the catalogue.",
    "search": "Find words in the texts of all documents.",
    "show": "Show one thing and the passages that tell of it.",
    "explain-merge": "Say why several documents meet in one event.",
    "review": "Accept, reject, correct and add statements.",
    "reviewers": "Say who may review over HTTP.",
    "dump": "Write the graph as RDF.",
    "documents": "List the stored documents.",
    "remove": "Remove documents.",
    "check": "Check that the store is sound, and repair it.",
    "index": "Make the index of texts anew.",
    "backup": "Write the store into one file.",
    "restore": "Fill an empty store from a backup.",
    "rebuild": "Read stored documents again under the present rules.",
    "info": "Show versions, the store, its counts, the settings.",
    "serve": "Serve pages, SPARQL and REST.",
    "mcp": "Serve tools to a language model.",
    "candidates": "List names that the reference data do not know.",
    "rules": "List the rules, check them, try them on a sentence.",
    "evaluate": "Measure an extractor: precision, recall and F1.",
    "docs": "Write the reference pages again.",
    "completion": "Print the completion script of a shell.",
}


class LazyGroup(click.Group):
    """Imports the module of a command when it is called, so that none waits for what another one needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names of all commands, in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name; its module is named after it."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"kg.cli.{cmd_name.replace('-', '_')}"), "command")  # noqa: B009  # a module has no type
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; turn what the package refuses into one line and an exit code."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            if ctx.ensure_object(Mode).verbose:
                raise
            click.echo(f"kg: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(
    cls=LazyGroup, epilog="Exit codes: 0 done, 1 refused by a check, 2 bad input, 3 store unreachable."
)
@click.version_option(__version__, prog_name="kg")
def cli() -> None:
    """Read documents on U.S.–China relations into a graph of cited facts, and ask it questions.

    \b
    kg load seeds                                   read and store documents
    kg ask excluded-topics --date 2025-06-05        a question of the catalogue
    kg show xi-jinping                              all that is known of one thing
    kg dump --format turtle > graph.ttl             everything, for other tools
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `kg` with the arguments of the process.

    A reader that goes away early (`kg dump | head`) ends the command quietly.
    """
    gc.set_threshold(50_000, 20)  # what is imported and loaded stays, and need not be looked through often
    os.environ["PYTHONSAFEPATH"] = "1"  # processes of ours take no library from the working folder
    try:
        cli.main(args=None if arguments is None else list(arguments), prog_name="kg")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
