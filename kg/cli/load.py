"""`kg load`: reads documents and stores them."""

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kg import ingest, read
from kg.cli import options
from kg.cli.outcomes import exit_code, reported
from kg.cli.summary import Summary
from kg.ingest import Outcome
from kg.read import Skipped
from kg.search import open_indexed
from kg.settings import settings

_WORTH_A_WORKER = 300_000  # bytes of documents: reading them takes longer than starting a process


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE|FOLDER…"
)
@click.option(
    "--workers", type=click.IntRange(1), help="Processes that read; by default one a core if there is much."
)
@click.option("--replace", is_flag=True, help="Let a document take the place of another one of the same id.")
@click.option("--follow-links", is_flag=True, help="Follow symbolic links in folders, wherever they lead.")
@options.json_output
@options.quiet
@options.store
@options.verbose
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    workers: int | None,
    replace: bool,
    follow_links: bool,
    as_json: bool,
    quiet: bool,
    store_url: str,
) -> None:
    """Read documents and store what they say; each is stored whole or not at all.

    Loading a document again changes nothing; a changed one replaces what it said before. Another document
    of the same id is refused. A bad file is reported and harms no other. Exit code 1: a document was
    refused; 2: a file could not be read, or one of the folder is in no format that is read.

    \b
    kg load seeds
    kg load ~/readouts report.pdf --json > outcome.jsonl
    """
    skipped: list[Skipped] = []
    files = [*read.find(paths, follow_links=follow_links, skipped=skipped.append)]
    summary = Summary(every_name=options.is_verbose(context))
    for it in skipped:
        summary.add_skipped(it)
    passed_over = (Outcome(str(it.path), "skipped", problem=it.reason) for it in skipped if it.is_loss)
    with open_indexed(store_url) as store:
        pipeline = ingest.Pipeline()
        ingest.put_ontology(store, pipeline)
        loading = ingest.load(
            _watched(files, quiet or as_json),
            store,
            pipeline,
            max_bytes=settings().max_bytes,
            workers=workers or _workers(files),
            replace=replace,
        )
        for outcome in reported(chain(passed_over, loading), as_json=as_json):
            summary.add(outcome)
    if not (quiet or as_json):
        summary.show()
    context.exit(exit_code(summary.documents))


def _workers(files: list[Path]) -> int:
    much = sum(map(_size, files))
    return max(1, min(os.cpu_count() or 1, much // _WORTH_A_WORKER))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # `-`, or gone meanwhile, which reading will tell
        return 0


def _watched(files: list[Path], silent: bool) -> Iterator[Path]:
    """The files, with a progress bar on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=silent or not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task("Loading", total=len(files))
        for file in files:
            progress.update(task, description=f"Loading {file.name}")
            yield file
            progress.advance(task)
