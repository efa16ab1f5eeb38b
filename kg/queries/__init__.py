"""The catalogue of questions in `queries/`: SPARQL files whose headers say what they answer and take."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import pyoxigraph as ox
import yaml

from kg import resources
from kg.errors import InputError, NotFoundError, ResourceError, UnknownParameterError
from kg.package_cache import kept
from kg.queries import composition
from kg.store.bound_query import BoundQuery
from kg.terms import BASE

Resolve: TypeAlias = Callable[[str, str], str]

PREFIXES = MappingProxyType(
    {
        "dcterms": "http://purl.org/dc/terms/",
        "id": f"{BASE}id/",
        "kg": f"{BASE}ontology#",
        "oa": "http://www.w3.org/ns/oa#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
KINDS = ("date", "iri", "topic", "agent", "text", "integer")
_HEADER = re.compile(r"^#\+ ?(.*)$", re.M)
_XSD = PREFIXES["xsd"]
_DATES = (
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), "date"),
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "gYearMonth"),
    (re.compile(r"\d{4}"), "gYear"),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question can be given.

    Attributes:
        kind: One of `KINDS`.
        description: What it narrows the answer to.
        example: A value that has an answer.
        required: Whether the question makes no sense without it.
    """

    kind: str
    description: str
    example: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    Attributes:
        name: File name without suffix; also its address.
        title: What it answers, as a heading.
        description: What a row says.
        phrasings: How people ask it, with `{parameter}` where a value stands.
        parameters: By name.
        columns: What each column holds, by name, in order.
        text: The SPARQL, header included, its blocks for parameters marked; runs as it is in any tool.
    """

    name: str
    title: str
    description: str
    phrasings: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, str]
    text: str

    @property
    def sums_up(self) -> bool:
        """Whether its answer is short, and takes long to find in a large store."""
        return "GROUP BY" in self.text

    @property
    def required(self) -> tuple[str, ...]:
        """The parameters that it makes no sense without."""
        return tuple(name for name, it in self.parameters.items() if it.required)

    @property
    def parts(self) -> list[str]:
        """What is asked for in it whatever it is asked with, each as a query of its own that sums up."""
        return composition.parts(self.text)

    @property
    def unnarrowed(self) -> BoundQuery:
        """The question without any value, though it may need one to be of use."""
        return composition.bound(self.text, {}, sums_up=self.sums_up)

    def bind(self, values: Mapping[str, str], *, resolve: Resolve | None = None) -> BoundQuery:
        """The question with the blocks of the values that are given, each value as one RDF term.

        Args:
            values: By parameter; one that is left out matches everything.
            resolve: Gives the IRI that a kind and a name lead to; without it only IRIs and paths such as
                `person/xi-jinping` are taken for things.

        Raises:
            UnknownParameterError: the question has no such parameter.
            InputError: a required value is missing, or a value is not of its kind.
        """
        for name in values:
            if name not in self.parameters:
                raise UnknownParameterError(f"query {self.name!r}", name, known=self.parameters)
        missing = [name for name in self.required if name not in values]
        if missing:
            raise InputError(f"query {self.name!r} needs a value for {', '.join(missing)}")
        terms = {name: self._term(name, value, resolve) for name, value in values.items()}
        return composition.bound(self.text, terms, sums_up=self.sums_up)

    def _term(self, name: str, value: str, resolve: Resolve | None) -> ox.NamedNode | ox.Literal:
        kind = self.parameters[name].kind
        try:
            if kind in ("date", "integer", "text"):
                return _literal(kind, value)
            return ox.NamedNode(_iri(kind, value, resolve))
        except ValueError as error:
            example = self.parameters[name].example
            raise InputError(f"query {self.name!r}: {name} is of kind {kind}, which {value!r} is not; "
                             f"write for example {example}") from error  # fmt: skip


@cache
def catalogue() -> Mapping[str, Query]:
    """All questions by name.

    Raises:
        ResourceError: a header is not what it should be; the message names file and line.
    """
    files = names()
    made = kept("queries", files.values(), lambda: {name: _read(path) for name, path in files.items()})
    return MappingProxyType(made)


@cache
def names() -> Mapping[str, Path]:
    """The names of all questions with their files, without a look into them."""
    return MappingProxyType({path.stem: path for path in resources.files("queries", ".rq")})


@cache
def named(name: str) -> Query:
    """One question of the catalogue.

    Raises:
        KeyError: there is none of this name.
        ResourceError: its file is not what it should be.
    """
    return _read(names()[name])


def load(path: Path) -> Query:
    """Read and check one file.

    Raises:
        ResourceError: header and query do not fit together, or one of them does not parse.
    """
    query = _read(path)
    for line, problem in _problems(query):
        raise _broken(path, line, problem)
    return query


def _read(path: Path) -> Query:
    """One file, without the checks that it is given before it is shipped."""
    text = resources.text(path)
    header = _header(path, text)
    try:
        parameters = {name: Parameter(**fields) for name, fields in (header.get("parameters") or {}).items()}
        return Query(path.stem, header["title"], header["description"], tuple(header["phrasings"]),
                     parameters, header["columns"], text)  # fmt: skip
    except (KeyError, TypeError) as error:
        raise _broken(path, 1, f"the header needs title, description, phrasings, columns: {error}") from error


def _header(path: Path, text: str) -> dict[str, Any]:  # what YAML holds is checked by `load`
    try:
        header = yaml.load("\n".join(_HEADER.findall(text)), resources.YAML)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _broken(path, line, f"the header is no YAML: {error.problem}") from error
    if not isinstance(header, dict):
        raise _broken(path, 1, "the header is missing; start the file with `#+ title: …`")
    return header


def _problems(query: Query) -> Iterator[tuple[int, str]]:
    for name in sorted(composition.parameters(query.text) ^ set(query.parameters)):
        yield _line(query.text, name), f"parameter {name!r} needs a block `#?{name} …`, and the block it"
    for name, parameter in query.parameters.items():
        if parameter.kind not in KINDS:
            yield (
                _line(query.text, name),
                f"kind {parameter.kind!r} of {name!r} is none of {', '.join(KINDS)}",
            )
    try:
        found = ox.Store().query(query.text)
    except SyntaxError as error:
        yield 1, f"the query does not parse: {error}"
        return
    if isinstance(found, ox.QuerySolutions):
        projected = [variable.value for variable in found.variables]
        if projected != list(query.columns):
            yield _line(query.text, "columns"), f"columns must be {projected}, in this order"


def _line(text: str, word: str) -> int:
    return text[: max(text.find(word), 0)].count("\n") + 1


def _broken(path: Path, line: int, problem: str) -> ResourceError:
    return ResourceError(f"queries/{path.name}:{line}: {problem}")


def _literal(kind: str, value: str) -> ox.Literal:
    if kind == "text":
        return ox.Literal(value)
    if kind == "integer":
        return ox.Literal(str(int(value)), datatype=ox.NamedNode(f"{_XSD}integer"))
    for pattern, name in _DATES:
        if pattern.fullmatch(value) and _is_day(value):
            return ox.Literal(value, datatype=ox.NamedNode(_XSD + name))
    raise ValueError(value)


def _is_day(value: str) -> bool:
    """Whether a date of the right form is one of the calendar, which has a year 0 too."""
    year, month, day = (int(it) for it in f"{value}-01-01"[:10].split("-"))
    return day <= monthrange(year or 2000, month)[1]


def _iri(kind: str, value: str, resolve: Resolve | None) -> str:
    if "://" in value:
        return value
    if resolve is not None:
        return resolve(kind, value)
    if "/" in value:
        return f"{BASE}id/{value}"
    raise NotFoundError(f"{value!r} is a name; give an IRI or a path such as person/xi-jinping")


__all__ = ["KINDS", "PREFIXES", "Parameter", "Query", "Resolve", "catalogue", "load", "named", "names"]
