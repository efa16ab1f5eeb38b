"""`kg extract`: what would be stored of a document, without storing it."""

import sys
from pathlib import Path

import click

from kg import dump, ingest
from kg.cli import options
from kg.errors import RefusedError
from kg.settings import settings
from kg.store import open_store


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE…"
)
@click.option("-f", "--format", type=click.Choice([*dump.FORMATS]), default="trig", show_default=True)
@options.verbose
def command(files: tuple[Path, ...], format: str) -> None:
    """Print what is read from documents as RDF: each in its graph, what follows from it in another.

    FILE is text, Markdown, HTML, PDF, JSON lines, RSS or Atom; - is text from standard input. A document
    that fails a check is reported, and nothing of it is printed.

    \b
    kg extract seeds/2025-06-07-trump-xi-90-minute-call.txt
    kg extract report.html --format jsonld
    cat note.txt | kg extract -
    """
    with open_store("memory:", write=True) as store:
        outcomes = [*ingest.load(files, store, ingest.Pipeline(), max_bytes=settings().max_bytes)]
        stdout = sys.stdout.buffer
        for piece in dump.dump(store, format):
            stdout.write(piece)
    failed = [f"{outcome.source}: {outcome.problem}" for outcome in outcomes if outcome.problem]
    if failed:
        raise RefusedError("\n".join(failed))
