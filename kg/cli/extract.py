"""`kg extract`: what would be stored of a document, without storing it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from kg import dump, ingest, read
from kg.cli import options
from kg.cli.outcomes import located
from kg.errors import KgError, RefusedError
from kg.extract import read_many
from kg.model import Document
from kg.report import ReadingReport
from kg.settings import settings
from kg.store import open_store


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE…"
)
@click.option("-f", "--format", type=click.Choice([*dump.FORMATS]), default="trig", show_default=True)
@click.option("--report", is_flag=True, help="Print how each document was read instead; --json for scripts.")
@options.json_output
@options.verbose
def command(files: tuple[Path, ...], format: str, report: bool, as_json: bool) -> None:
    """Print what is read from documents as RDF: each in its graph, what follows from it in another.

    FILE is text, Markdown, HTML, PDF, JSON (lines), RSS or Atom; - is standard input. A document
    that fails a check is reported, and nothing of it is printed. A report tells in which language a document
    is, where its day came from, which sentences name both sides and gave nothing, and why.

    \b
    kg extract seeds/2025-06-07-trump-xi-90-minute-call.txt
    kg extract report.html --format jsonld
    kg extract --report speech.md
    cat note.txt | kg extract -
    """
    problems = _reports(files, as_json=as_json) if report or as_json else _graphs(files, format)
    if problems:
        raise RefusedError("\n".join(problems))


def _graphs(files: tuple[Path, ...], format: str) -> list[str]:
    """Print the graphs; what could not be read."""
    with open_store("memory:", write=True) as store:
        outcomes = [*ingest.load(files, store, ingest.Pipeline(), max_bytes=settings().max_bytes)]
        stdout = sys.stdout.buffer
        for piece in dump.dump(store, format):
            stdout.write(piece)
    return [located(outcome.source, outcome.problem) for outcome in outcomes if outcome.problem]


def _reports(files: tuple[Path, ...], *, as_json: bool) -> list[str]:
    """Print how the documents are read; what could not be."""
    pipeline = ingest.Pipeline()
    problems: list[str] = []
    for found in read_many(pipeline.extractor, _documents(files, problems), pipeline.lexicon):
        if as_json:
            click.echo(json.dumps(asdict(found.report), ensure_ascii=False))
        else:
            _tell(found.report)
    return problems


def _documents(files: tuple[Path, ...], problems: list[str]) -> Iterator[Document]:
    for path in files:
        try:
            for found in read.each(path, max_bytes=settings().max_bytes):
                if isinstance(found, Document):
                    yield found
                else:
                    problems.append(str(found))
        except KgError as error:
            problems.append(str(error))


def _tell(report: ReadingReport) -> None:
    number = report.statements
    click.echo(f"{report.document}: {number} statement{'' if number == 1 else 's'}")
    for line in report.lines():
        click.echo(f"  {line}")
