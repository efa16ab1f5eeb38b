"""Tells what became of documents, one by one, and as an exit code."""

import json
from collections.abc import Iterable, Iterator

import click

from kg.ingest import Outcome

_EXIT_CODES = {"refused": 1, "failed": 1, "unreadable": 2, "skipped": 2}


def exit_code(statuses: Iterable[str]) -> int:
    """0 if all went well; 1 if a document was refused, 2 if something could not be read."""
    return max((_EXIT_CODES.get(status, 0) for status in statuses), default=0)


def reported(outcomes: Iterable[Outcome], *, as_json: bool) -> Iterator[Outcome]:
    """The outcomes, each reported as it comes: problems on standard error, or all as JSON lines."""
    for outcome in outcomes:
        if as_json:
            click.echo(json.dumps(_fields(outcome), ensure_ascii=False))
        elif outcome.problem:
            click.echo(f"kg: {located(outcome.source, outcome.problem)}", err=True)
        yield outcome


def _fields(outcome: Outcome) -> dict[str, object]:
    warnings = [result.message for result in outcome.report.warnings] if outcome.report else []
    return {"source": outcome.source, "document": outcome.document, "status": outcome.status,
            "triples": outcome.triples, "warnings": warnings, "notes": outcome.notes,
            "problem": outcome.problem}  # fmt: skip


def located(source: str, problem: str) -> str:
    """A problem with where it is, said once."""
    return problem if problem.startswith(source) else f"{source}: {problem}"
