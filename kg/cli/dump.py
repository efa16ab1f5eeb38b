"""`kg dump`: everything that is stored, for other tools."""

import sys
from pathlib import Path

import click

from kg import dump
from kg.cli import options
from kg.store import open_store


@click.command()
@click.option("-f", "--format", "formats", type=click.Choice([*dump.FORMATS]), multiple=True,
              help="May be repeated with --output.  [default: turtle; with --output all]")  # fmt: skip
@click.option("-d", "--document", metavar="ID", help="Only this document and what follows from it.")
@click.option("--no-ontology", is_flag=True, help="Leave out ontology and reference data.")
@click.option("--reviews", is_flag=True, help="Also reviews, and what they reject.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False),
              help="Write files with a VoID description and checksums into this folder.")  # fmt: skip
@click.option("--gzip", is_flag=True, help="Compress the files in --output.")
@options.quiet
@options.store
@options.verbose
def command(
    formats: tuple[str, ...],
    document: str | None,
    no_ontology: bool,
    reviews: bool,
    folder: Path | None,
    gzip: bool,
    quiet: bool,
    store_url: str,
) -> None:
    """Write the graph as RDF, sorted, so that two dumps can be compared with diff.

    What reviews reject is left out, like the reviews themselves, unless --reviews is given.

    \b
    kg dump > graph.ttl
    kg dump --format nquads --no-ontology | sort -c
    kg dump --output dumps --gzip
    """
    if folder and (document or no_ontology or reviews):
        raise click.UsageError(
            "--output writes the whole store; leave out --document, --no-ontology and --reviews"
        )
    if not folder and (gzip or len(formats) > 1):
        raise click.UsageError("--gzip and several formats need --output FOLDER")
    with open_store(store_url) as store:
        if folder:
            written = dump.write_dump(store, folder, formats or tuple(dump.FORMATS), gzip=gzip)
            for path in [] if quiet else written:
                click.echo(path)
            return
        stdout = sys.stdout.buffer
        chosen = formats[0] if formats else "turtle"
        pieces = dump.dump(store, chosen, document_id=document, ontology=not no_ontology, reviews=reviews)
        for piece in pieces:
            stdout.write(piece)
