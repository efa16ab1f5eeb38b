"""`kg rebuild`: stored documents under the present ontology and rules."""

import click

from kg import ingest, maintenance
from kg.cli import options
from kg.cli.outcomes import exit_code, reported
from kg.cli.progress import watched
from kg.cli.summary import Summary
from kg.search import open_indexed


@click.command()
@click.option("--all", "every", is_flag=True, help="Also documents that are up to date.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that read.")
@options.json_output
@options.quiet
@options.store
@options.verbose
@click.pass_context
def command(
    context: click.Context, every: bool, workers: int, as_json: bool, quiet: bool, store_url: str
) -> None:
    """Read the texts of stored documents again that were read under another ontology or other rules.

    Each is replaced whole; one that a check refuses now stays as it is, and is named. Documents whose
    statements were written by other programs are left alone. What was changed in a document by SPARQL Update
    is read anew like all else. Exit code 1: a document was refused.

    \b
    kg rebuild
    kg rebuild --workers 4 --json
    """
    summary = Summary(every_name=options.is_verbose(context))
    with open_indexed(store_url) as store:
        pipeline = ingest.Pipeline()
        ids = maintenance.stale(store, pipeline, every=every)
        outcomes = maintenance.rebuild(ids, store, pipeline, workers=workers)
        shown = watched(outcomes, "Reading again", len(ids), silent=quiet or as_json)
        for outcome in reported(shown, as_json=as_json):
            summary.add(outcome)
    if not (quiet or as_json):
        summary.show()
    context.exit(exit_code(summary.documents))
