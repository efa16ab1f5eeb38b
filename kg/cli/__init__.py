"""The command `kg`: each command is one call into the package, plus printing."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from kg import __version__
from kg.cli.options import Mode
from kg.errors import KgError

COMMANDS = ("extract", "load", "read", "bulk-load", "materialize", "validate", "query", "ask", "show",
            "explain-merge", "dump", "documents", "remove", "info", "serve", "mcp", "candidates", "rules",
            "evaluate", "docs", "completion")  # fmt: skip


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
    os.environ["PYTHONSAFEPATH"] = "1"  # processes of ours take no library from the working folder
    try:
        cli.main(args=None if arguments is None else list(arguments), prog_name="kg")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
