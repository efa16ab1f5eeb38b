"""`kg docs`: the pages that are generated from ontology, shapes, questions, settings and imports."""

from pathlib import Path

import click

from kg import docs
from kg.cli import options
from kg.errors import RefusedError

FOLDER = Path("docs/reference")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a page is not what would be written.")
@options.verbose
def command(check: bool) -> None:
    """Write the reference pages and the drawing of the layers into docs/reference, and the JSON-LD context.

    Run it in a checkout.

    \b
    kg docs
    kg docs --check
    """
    if not check:
        docs.write(FOLDER)
    elif stale := docs.stale(FOLDER):
        raise RefusedError(f"out of date: {', '.join(stale)}; write them again with: kg docs")
