"""What became of the documents of a load: counts, and what was left out of which."""

from collections import Counter

import click

from kg.cli import output
from kg.ingest import Outcome
from kg.read import Skipped

_NAMED = 5  # documents of a message; `-v` names all


class Summary:
    """Counts of what became of the documents, and the first of those that something must be said of.

    Args:
        every_name: Whether to name all of them.
    """

    def __init__(self, *, every_name: bool = False) -> None:
        self.documents: Counter[str] = Counter()
        self.triples = 0
        self._every_name = every_name
        self._said: dict[tuple[str, str], list[str]] = {}
        self._times: Counter[tuple[str, str]] = Counter()

    def add(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.documents[outcome.status] += 1
        self.triples += outcome.triples
        name = outcome.document or outcome.source
        for note in outcome.notes:
            self._say("note", note, name)
        for result in outcome.report.warnings if outcome.report else ():
            self._say("warning", result.message, name)

    def add_skipped(self, skipped: Skipped) -> None:
        """Name a file that holds no document; one that may hold some has an outcome."""
        if not skipped.is_loss:
            self._say("skipped", skipped.reason, str(skipped.path))

    def show(self) -> None:
        """Print the counts, and on standard error what must be said."""
        rows = [(status, str(count)) for status, count in sorted(self.documents.items())]
        output.table(("outcome", "documents"), rows)
        click.echo(f"{self.triples} triples stored")
        for (kind, message), names in sorted(self._said.items()):
            left = self._times[kind, message] - len(names)
            more = f" and {left} more (-v names all)" if left else ""
            click.echo(f"{kind}: {message}: {', '.join(names)}{more}", err=True)

    def _say(self, kind: str, message: str, name: str) -> None:
        names = self._said.setdefault((kind, message), [])
        if self._times[kind, message] == 0 or name not in names:
            self._times[kind, message] += 1
            if self._every_name or len(names) < _NAMED:
                names.append(name)
