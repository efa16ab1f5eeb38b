"""`kg review export`, `import`, `agreement`: reviews as a file, and how far their authors agree."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from kg import ingest
from kg.cli import options, output
from kg.cli.review_session import preparing, said
from kg.ingest import Pipeline
from kg.review import Reviews, review_id
from kg.review.agreement import agreement
from kg.review.file import export, read_file
from kg.search import open_indexed
from kg.store import open_store

__all__ = ["export_reviews", "import_reviews", "show_agreement"]


@click.command("export")
@options.store
@options.verbose
def export_reviews(store_url: str) -> None:
    """Print all reviews, also those that were taken back, a line each, sorted; `kg review import` reads them.

    \b
    kg review export > reviews.jsonl
    """
    with open_store(store_url) as store:
        for line in export(Reviews.of(store).all):
            click.echo(line, nl=False)


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, allow_dash=True)
)
@options.json_output
@options.store
@options.verbose
def import_reviews(files: Sequence[Path], as_json: bool, store_url: str) -> None:
    """Take in reviews from files: what is known already changes nothing, and nothing is lost.

    Tells on which statements reviewers do not agree, and which reviews have no effect and why. Reviews of
    documents that are not stored wait for them.

    \b
    kg review import reviews.jsonl colleague.jsonl
    """
    coming = [it for file in files for it in read_file(_text(file), str(file))]
    with open_indexed(store_url) as store:
        pipeline = Pipeline()
        found = ingest.import_reviews(coming, store, preparing(pipeline), pipeline)
    merged = found.merged
    if as_json:
        conflicts = [{who: review_id(it) for who, it in its.items()} for its in merged.conflicts]
        told = {
            "new": [*map(review_id, merged.new)],
            "withdrawn": [*map(review_id, merged.withdrawn)],
            "known": merged.known,
            "conflicts": conflicts,
            "open": found.open,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"{len(merged.new)} new, {len(merged.withdrawn)} taken back, {merged.known} known already")
    for its in merged.conflicts:
        verdicts = "; ".join(f"{who}: {it.verdict.lower()}" for who, it in sorted(its.items()))
        click.echo(f"conflict: {said(next(iter(its.values())))}: {verdicts}")
    for id, why in found.open.items():
        click.echo(f"no effect yet: {id}: {why}")


@click.command("agreement")
@options.json_output
@options.store
@options.verbose
def show_agreement(as_json: bool, store_url: str) -> None:
    """Say how far each two reviewers agree on what both judged: shares, and Cohen's kappa, slot by slot.

    \b
    kg review agreement
    """
    with open_store(store_url) as store:
        found = agreement(Reviews.of(store).by_id.values())
    if as_json:
        click.echo(json.dumps([asdict(it) for it in found], ensure_ascii=False, indent=1))
        return
    rows = [
        (
            " · ".join(it.reviewers),
            it.slot,
            str(it.both),
            f"{it.same / it.both:.2f}",
            "–" if it.kappa is None else f"{it.kappa:.2f}",
        )
        for it in found
    ]
    output.table(("reviewers", "slot", "both judged", "agree", "kappa"), rows)


def _text(file: Path) -> str:
    return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
