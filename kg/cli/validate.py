"""`kg validate`: the shapes and the citation check, over documents or anybody's RDF."""

import json
from pathlib import Path

import click

from kg import ingest
from kg.cli import options, output
from kg.errors import InputError
from kg.settings import settings
from kg.validate import Report


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--rdf", is_flag=True, help="Print the SHACL report as Turtle.")
@options.json_output
@options.quiet
@options.verbose
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], rdf: bool, as_json: bool, quiet: bool) -> None:
    """Check documents, or RDF in Turtle, N-Triples, RDF/XML or JSON-LD.

    Exit code 1: something is wrong in what was read; 2: a file could not be read.

    \b
    kg validate mine.ttl
    kg validate seeds/*.txt --json
    """
    pipeline = ingest.Pipeline()
    code = 0
    for file in files:
        try:
            for name, report in pipeline.check(file, max_bytes=settings().max_bytes):
                code = max(code, 0 if report.conforms else 1)
                if not quiet:
                    _show(name, report, rdf=rdf, as_json=as_json)
        except InputError as error:
            code = 2
            click.echo(f"kg: {error}", err=True)
    context.exit(code)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _show(name: str, report: Report, *, rdf: bool, as_json: bool) -> None:
    if rdf:
        click.echo(report.turtle())
    elif as_json:
        fields = ("severity", "shape", "focus", "path", "value", "message")
        found = [{name: _text(getattr(result, name)) for name in fields} for result in report.results]
        click.echo(
            json.dumps({"source": name, "conforms": report.conforms, "results": found}, ensure_ascii=False)
        )
    else:
        click.echo(f"{name}: {'conforms' if report.conforms else 'does not conform'}")
        rows = [(str(it.severity), output.short(str(it.focus)), output.short(it.path or ""), it.message)
                for it in report.results]  # fmt: skip
        if rows:
            output.table(("severity", "focus", "property", "message"), rows)
