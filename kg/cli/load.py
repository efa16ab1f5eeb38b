"""`kg load`: reads documents and stores them."""

import json
import os
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
_WORTH_A_WORKER = 300_000  # bytes of documents: reading them takes longer than starting a process


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE|FOLDER…"
)
@click.option(
    "--workers", type=click.IntRange(1), help="Processes that read; by default one a core if there is much."
)
@options.json_output
@options.quiet
@options.store
@options.verbose
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    workers: int | None,
    as_json: bool,
    quiet: bool,
    store_url: str,
) -> None:
    """Read documents and store what they say; each is stored whole or not at all.

    Loading a document again changes nothing; a changed one replaces what it said before. A bad file is
    reported and harms no other. Exit code 1: a check refused a document; 2: a file could not be read.

    \b
    kg load seeds
    kg load ~/readouts report.pdf --json > outcome.jsonl
    """
    files = [*read.find(paths)]
    summary = _Summary()
    with open_store(store_url, write=True) as store:
        pipeline = ingest.Pipeline()
        ingest.put_ontology(store, pipeline)
        watched = _watched(files, quiet or as_json)
        loading = ingest.load(
            watched, store, pipeline, max_bytes=settings().max_bytes, workers=workers or _workers(files)
        )
        for outcome in _told(loading, as_json=as_json):
            summary.add(outcome)
    if not (quiet or as_json):
        summary.show()
    context.exit(max((_EXIT_CODES.get(status, 0) for status in summary.documents), default=0))


def _workers(files: list[Path]) -> int:
    much = sum(file.stat().st_size for file in files if file.is_file())
    return max(1, min(os.cpu_count() or 1, much // _WORTH_A_WORKER))


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


class _Summary:
    """Counts of what became of the documents, so that none has to be kept."""

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        self.triples = 0

    def add(self, outcome: Outcome) -> None:
        self.documents[outcome.status] += 1
        self.triples += outcome.triples
        if outcome.report:
            self.warnings.update(result.message for result in outcome.report.warnings)

    def show(self) -> None:
        rows = [(status, str(count)) for status, count in sorted(self.documents.items())]
        output.table(("outcome", "documents"), rows)
        click.echo(f"{self.triples} triples stored")
        for message, count in sorted(self.warnings.items()):
            click.echo(f"warning, {count} times: {message}", err=True)
