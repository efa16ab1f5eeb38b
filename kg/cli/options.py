"""Options that several commands share, and what they set."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Mode:
    """How the process talks; one per run, kept on click's root context."""

    verbose: bool = False


def _be_verbose(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().ensure_object(Mode).verbose = True


def _store_url(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    # after the command line is parsed, so that --help needs no sound kg.toml
    from kg.settings import settings, store_url

    return store_url(value) if value else settings().store


def is_verbose(context: click.Context) -> bool:
    """Whether `--verbose` was given."""
    return context.find_root().ensure_object(Mode).verbose


def verbose(command: Command) -> Command:
    """Add `--verbose`."""
    return click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_be_verbose,
        help="Say more; on an error show where it came from.",
    )(command)


def quiet(command: Command) -> Command:
    """Add `--quiet`."""
    return click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")(command)


def json_output(command: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")(command)


def store(command: Command) -> Command:
    """Add `--store`."""
    return click.option(
        "--store",
        "store_url",
        metavar="URL|FOLDER",
        callback=_store_url,
        help="Where the graph is kept; KG_STORE or kg.toml say it for good.  [default: oxigraph:data/store]",
    )(command)
