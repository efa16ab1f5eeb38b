"""`kg load`: reads documents and stores them."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kg import ingest, read
from kg.cli import options, output
from kg.ingest import Outcome
from kg.settings import settings
from kg.store import open_store

_EXIT_CODES = {"refused": 1, "unreadable": 2}


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE|FOLDER…"
)
@options.json_output
@options.quiet
@options.store
@options.verbose
@click.pass_context
def command(
    context: click.Context, paths: tuple[Path, ...], as_json: bool, quiet: bool, store_url: str
) -> None:
    """Read documents and store what they say; each is stored whole or not at all.

    Loading a document again changes nothing; a changed one replaces what it said before. A bad file is
    reported and harms no other. Exit code 1: a check refused a document; 2: a file could not be read.

    \b
    kg load seeds
    kg load ~/readouts report.pdf --json > outcome.jsonl
    """
    files = [*read.find(paths)]
    with open_store(store_url, write=True) as store:
        pipeline = ingest.Pipeline()
        ingest.put_ontology(store, pipeline)
        watched = _watched(files, quiet or as_json)
        loading = ingest.load(watched, store, pipeline, max_bytes=settings().max_bytes)
        outcomes = [*_told(loading, as_json=as_json)]
    if not (quiet or as_json):
        _summary(outcomes)
    context.exit(max((_EXIT_CODES.get(outcome.status, 0) for outcome in outcomes), default=0))


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


def _told(outcomes: Iterable[Outcome], *, as_json: bool) -> Iterator[Outcome]:
    """The outcomes, each told as it comes: problems on standard error, or all as JSON lines."""
    for outcome in outcomes:
        if as_json:
            click.echo(json.dumps(_fields(outcome), ensure_ascii=False))
        elif outcome.problem:
            click.echo(f"kg: {outcome.problem}", err=True)
        yield outcome


def _fields(outcome: Outcome) -> dict[str, object]:
    warnings = [result.message for result in outcome.report.warnings] if outcome.report else []
    return {"source": outcome.source, "document": outcome.document, "status": outcome.status,
            "triples": outcome.triples, "warnings": warnings, "problem": outcome.problem}  # fmt: skip


def _summary(outcomes: list[Outcome]) -> None:
    numbers = Counter(outcome.status for outcome in outcomes)
    triples = sum(outcome.triples for outcome in outcomes)
    output.table(
        ("outcome", "documents"), [(status, str(count)) for status, count in sorted(numbers.items())]
    )
    click.echo(f"{triples} triples stored")
    warnings = [
        result.message for outcome in outcomes if outcome.report for result in outcome.report.warnings
    ]
    for message, count in sorted(Counter(warnings).items()):
        click.echo(f"warning, {count} times: {message}", err=True)
