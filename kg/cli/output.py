"""Prints answers: tables for people, the standard formats for scripts."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from kg.store import Result, Rows, Triples
from kg.store.results import ROW_FORMATS, TRIPLE_FORMATS, Literal, NamedNode, Term
from kg.terms import BASE
from kg.views.hidden_characters import plain

if TYPE_CHECKING:
    from rich.console import Console

FORMATS = ("table", *dict.fromkeys([*ROW_FORMATS, *TRIPLE_FORMATS]))
_UNBOUNDED = 100_000  # columns; a file or pipe has no width, and a quotation must stay on one line


def console() -> "Console":
    """A console on standard output that never breaks lines in a file or pipe."""
    from rich.console import Console  # only for tables: most answers are plain lines

    return Console(width=None if sys.stdout.isatty() else _UNBOUNDED, highlight=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; texts are shown as they are, whatever markup they seem to hold."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(Text(plain(cell), overflow="fold") for cell in row))
    console().print(grid)


def result(answer: Result, format: str) -> None:
    """Print the answer of a query in a format of `FORMATS`.

    Raises:
        QueryError: the answer has no such format.
    """
    if format != "table":
        answer.write(sys.stdout.buffer, format)
    elif isinstance(answer, Rows):
        _rows(answer)
    elif isinstance(answer, Triples):
        answer.write(sys.stdout.buffer, "turtle")
    else:
        click.echo("yes" if answer else "no")


def short(iri: str) -> str:
    """An identifier as people write it: `person/xi-jinping`, `kg:Call`."""
    for start, prefix in ((f"{BASE}id/", ""), (f"{BASE}ontology#", "kg:")):
        if iri.startswith(start):
            return prefix + iri.removeprefix(start)
    return iri


def _rows(rows: Rows) -> None:
    named = {variable.removesuffix("Label") for variable in rows.variables if variable.endswith("Label")}
    shown = [index for index, variable in enumerate(rows.variables) if variable not in named]
    columns = [rows.variables[index].removesuffix("Label") for index in shown]
    cells = [[_cell(row[index]) for index in shown] for row in rows]
    if cells:
        table(columns, cells)
    else:
        click.echo("no rows", err=True)


def _cell(term: Term | None) -> str:
    if isinstance(term, NamedNode):
        return short(term.value)
    return term.value if isinstance(term, Literal) else "" if term is None else str(term)
