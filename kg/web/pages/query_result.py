"""The first part of a query's answer, as a page shows it."""

import re
from dataclasses import dataclass
from functools import cached_property

from kg.query_pool import QueryPool, QueryRequest

__all__ = ["SHOWN_ROWS", "QueryResult", "ResultCell", "read_result"]

SHOWN_ROWS = 500
_SHOWN_BYTES = 250_000
_TERM = re.compile(r'<(?P<iri>.*)>|"(?P<text>.*)"(?:@(?P<language>[\w-]+)|\^\^<(?P<datatype>.*)>)?', re.S)
_ESCAPE = re.compile(r"\\(.)", re.S)
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class ResultCell:
    """One term of a row.

    Attributes:
        value: The IRI or the lexical form; empty if the variable is unbound.
        is_iri: Whether it can be followed.
        language: Tag of a literal in a language.
    """

    value: str
    is_iri: bool = False
    language: str | None = None


@dataclass(frozen=True)
class QueryResult:
    """What a query gave: rows, or else the text of triples or of yes and no.

    Attributes:
        columns: Names of the variables; empty without rows.
        rows: The first rows.
        text: The first part of the answer as it came.
        is_cut: Whether there is more than is shown.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[ResultCell, ...], ...]
    text: str
    is_cut: bool

    @cached_property
    def plain(self) -> list[tuple[str, ...]]:
        """The rows as strings."""
        return [tuple(cell.value for cell in row) for row in self.rows]


async def read_result(pool: QueryPool, query: str, base: str, *, most: int = SHOWN_ROWS) -> QueryResult:
    """Ask, and read as much of the answer as a page can show.

    Args:
        pool: What answers.
        query: SPARQL.
        base: What relative IRIs are of.
        most: How many rows are read.

    Raises:
        KgError: there is no answer; the kind of error says why.
    """
    answer = await pool.ask(QueryRequest(query, rows="tsv", triples="turtle", base=base))
    read = bytearray()
    is_rows = answer.head.format == "tsv"
    is_cut = False
    try:
        async for block in answer.blocks():
            read += block
            enough = _SHOWN_BYTES * max(1, most // SHOWN_ROWS)
            if len(read) > enough or (is_rows and read.count(b"\n") > most + 1):
                is_cut = True
                break
    finally:
        answer.close()
    text = read.decode("utf-8", "replace")
    if is_cut:
        text = text.rpartition("\n")[0]
    if not is_rows or not text.startswith("?"):
        return QueryResult((), (), text, is_cut)
    return _table(text, is_cut=is_cut, most=most)


def _table(text: str, *, is_cut: bool, most: int) -> QueryResult:
    head, *lines = text.removesuffix("\n").split("\n")
    columns = tuple(name.removeprefix("?") for name in head.split("\t"))
    rows = tuple(tuple(_cell(term) for term in line.split("\t")) for line in lines[:most])
    return QueryResult(columns, rows, text, is_cut or len(lines) > most)


def _cell(term: str) -> ResultCell:
    found = _TERM.fullmatch(term)
    if found is None:
        return ResultCell(term)
    if found["iri"] is not None:
        return ResultCell(found["iri"], is_iri=True)
    return ResultCell(
        _ESCAPE.sub(lambda it: _PLAIN.get(it[1], it[1]), found["text"]), language=found["language"]
    )
