"""Answers of a store: the same types whatever engine gave them.

The terms in them (`NamedNode`, `Literal`, `BlankNode`) are plain values with `.value`; a literal also has
`.language` and `.datatype`. `str(term)` is its N-Triples form.
"""

from collections.abc import Iterator, Mapping
from typing import IO, TypeAlias, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse_query_results,
)

from kg.errors import QueryError
from kg.store.error_messages import reading, writing

__all__ = [
    "ROW_FORMATS",
    "TRIPLE_FORMATS",
    "BlankNode",
    "BooleanResult",
    "Literal",
    "NamedNode",
    "Result",
    "Rows",
    "Term",
    "Triple",
    "Triples",
    "parsed",
]  # fmt: skip

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Format = TypeVar("Format")

ROW_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
TRIPLE_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}


class Rows:
    """Rows of a SELECT: a stream, to be read or serialised once.

    Attributes:
        variables: Names of the columns, without the question mark.
    """

    def __init__(self, solutions: QuerySolutions, *, keep: object = None) -> None:
        self.variables = tuple(variable.value for variable in solutions.variables)
        self._solutions = solutions
        self._keep = keep  # what must not be given back while the stream is read

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        with reading():
            yield from map(tuple, self._solutions)

    def texts(self) -> Iterator[tuple[str | None, ...]]:
        """The rows as plain strings: the IRI, or the lexical form without language and datatype."""
        for row in self:
            yield tuple(None if term is None else _text(term) for term in row)

    def serialize(self, format: str) -> bytes:
        """The rows as `json`, `xml`, `csv` or `tsv`."""
        with reading():
            return self._solutions.serialize(format=_pick(format, ROW_FORMATS, "rows")) or b""

    def write(self, output: IO[bytes], format: str) -> None:
        """Write the rows to `output` while they are found."""
        with writing():
            self._solutions.serialize(output, _pick(format, ROW_FORMATS, "rows"))


def parsed(answer: bytes) -> QuerySolutions:
    """What stands in SPARQL results in TSV, which are read three times as fast as JSON."""
    found = parse_query_results(answer, format=QueryResultsFormat.TSV)
    assert isinstance(found, QuerySolutions)
    return found


class BooleanResult:
    """The answer of an ASK; true or false like a `bool`."""

    def __init__(self, answer: QueryBoolean) -> None:
        self._answer = answer

    def __bool__(self) -> bool:
        return bool(self._answer)

    def serialize(self, format: str) -> bytes:
        """The answer as `json`, `xml`, `csv` or `tsv`."""
        return self._answer.serialize(format=_pick(format, ROW_FORMATS, "yes or no")) or b""

    def write(self, output: IO[bytes], format: str) -> None:
        """Write the answer to `output`."""
        output.write(self.serialize(format))


class Triples:
    """Triples of a CONSTRUCT or DESCRIBE: a stream, to be read or serialised once."""

    def __init__(self, triples: QueryTriples, *, keep: object = None) -> None:
        self._triples = triples
        self._keep = keep

    def __iter__(self) -> Iterator[Triple]:
        with reading():
            yield from self._triples

    def serialize(self, format: str) -> bytes:
        """The triples as one of `TRIPLE_FORMATS`."""
        with reading():
            return self._triples.serialize(format=_pick(format, TRIPLE_FORMATS, "triples")) or b""

    def write(self, output: IO[bytes], format: str) -> None:
        """Write the triples to `output` while they are found."""
        with writing():
            self._triples.serialize(output, _pick(format, TRIPLE_FORMATS, "triples"))


Result: TypeAlias = Rows | BooleanResult | Triples


def _text(term: Term) -> str:
    return str(term) if isinstance(term, Triple) else term.value


def _pick(name: str, formats: Mapping[str, Format], what: str) -> Format:
    if name not in formats:
        raise QueryError(f"the query gives {what}, which have no format {name!r}; take {', '.join(formats)}")
    return formats[name]
