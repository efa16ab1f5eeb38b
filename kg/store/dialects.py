"""In what SPARQL servers differ: all that the rest of the package need not know (docs/stores.md, a table)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import count
from typing import IO

import pyoxigraph as ox

from kg.errors import QueryError
from kg.store.change import UNION, Change, Graph
from kg.store.http_client import HttpResponse, ServerAccess
from kg.terms import BASE

__all__ = ["DIALECTS", "Dialect", "Fuseki", "Oxigraph", "Virtuoso", "form"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_FIXED = "kg_graph_"
_PROLOGUE = r"(?:\s|#[^\n]*(?:\n|\Z)|(?i:PREFIX)\s+[^\s<]*\s*<[^>]*>|(?i:BASE)\s*<[^>]*>)*"
_FORM = re.compile(_PROLOGUE + r"((?i:SELECT\s+DISTINCT|SELECT|ASK|CONSTRUCT|DESCRIBE))\b")


def form(text: str) -> str:
    """`SELECT`, `SELECT DISTINCT`, `ASK`, `CONSTRUCT` or `DESCRIBE`; nothing if there is no such word."""
    found = _FORM.match(text)
    return " ".join(found[1].upper().split()) if found else ""


class Dialect:
    """A server that keeps to the standards, and whose default graph is a graph of its own.

    Attributes:
        paths: Where queries, updates and the Graph Store are, below the address of the server.
        digest: Whether it wants Digest rather than Basic authentication.
        union: Named graph that holds the union; `None` if the default graph does.
        is_atomic: Whether one update is one transaction.
        takes_quads: Whether its Graph Store takes N-Quads.
        has_lateral: Whether it has lateral joins (`LATERAL`, SEP-0006).
        fewest_cut: Triples of a graph from which on its Graph Store may leave some out; `None`: never.
        longest_line: Bytes of N-Triples beyond which its Graph Store refuses a line.
    """

    paths = ("", "", "")
    digest = False
    union: str | None = None
    is_atomic = True
    takes_quads = False
    has_lateral = False
    fewest_cut: int | None = None
    longest_line = 1 << 30

    def located(self, access: ServerAccess) -> ServerAccess:
        """The access with all three addresses."""
        return _located(access, self.paths)

    def place(self, graph: str | None) -> dict[str, list[str]]:
        """The parameters that name a graph to the Graph Store; `None` is the union."""
        name = self.union if graph is None else graph
        return {"default": [""]} if name is None else {"graph": [name]}

    def pattern(self, graph: str | None) -> str:
        """What stands before the braces of a graph in SPARQL; `None` is the union."""
        name = self.union if graph is None else graph
        return "" if name is None else f"GRAPH <{name}>"

    def is_ours(self, graph: str) -> bool:  # noqa: ARG002  # others need the graph
        """Whether a named graph is one that we put there, rather than the server's own."""
        return True

    def query(
        self, text: str, default_graphs: Sequence[str] | None, named_graphs: Sequence[str] | None
    ) -> tuple[str, dict[str, list[str]]]:
        """A query as the server wants it, and the parameters beside it."""
        return text, _dataset(default_graphs, named_graphs)

    def rows(self, text: str, answer: HttpResponse) -> IO[bytes]:  # noqa: ARG002  # others need the query
        """The answer to a SELECT or ASK as SPARQL results in JSON."""
        return answer.body

    def encode(self, data: bytes) -> bytes:
        """N-Triples or N-Quads as the server can hold them."""
        return data

    def decode(self, data: bytes) -> bytes:
        """What `encode` was given, from what the server holds."""
        return data

    def removals(self, change: Change) -> Iterator[str]:
        """Updates that take out what a change takes out, for a server without transactions."""
        yield replace(change, added={}).sparql()


class Oxigraph(Dialect):
    """Oxigraph's own server, which has the engine of the embedded store and is asked in the same words."""

    paths = ("query", "update", "store")
    takes_quads = True
    has_lateral = True


class Fuseki(Dialect):
    """Apache Jena Fuseki, its address being that of a dataset; `tdb2:unionDefaultGraph` must be off."""

    paths = ("query", "update", "data")
    takes_quads = True


class Virtuoso(Dialect):
    """OpenLink Virtuoso 7.

    Its default graph is all graphs together with duplicates, so the union is a named graph, which queries get
    as their default graph and `GRAPH ?g` does not see. Updates are no transactions: a request that fails half
    way leaves its first half.
    """

    paths = ("sparql-auth", "sparql-auth", "sparql-graph-crud-auth")
    digest = True
    union = f"{BASE}graph/union"
    is_atomic = False
    unseen = (
        union,
        f"{BASE}graph/journal",
        "http://localuriqaserver/sparql",
        "http://www.openlinksw.com/schemas/virtrdf#",
        "http://www.w3.org/2002/07/owl#",
        "http://www.w3.org/ns/ldp#",
        "urn:activitystreams-owl:map",
    )
    fewest_cut = 1_000  # its ResultSetMaxRows, 10,000 by default, cuts graphs as well as rows
    longest_line = 30_000  # at 100,000 it takes the data for something else

    _TRIPLES_AT_ONCE = 500  # its compiler runs out of memory at some 5,000
    # it turns a duration into a number of seconds or months, which it then cannot delete
    _DURATION = (f"{_XSD}duration>".encode(), b"urn:uschina-kg:duration>")
    # what is quoted is passed over
    _REWRITTEN = re.compile(
        r"""[\"]{3}.*?[\"]{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|\#[^\n]*
        |(?P<undef>VALUES\s+\?\w+\s*\{\s*UNDEF\s*\})
        |STRLEN\s*\(\s*STR\s*\(\s*(?P<length>[?$]\w+)\s*\)\s*\)
        |GRAPH\s+(?P<graph>[?$]\w+|<[^<>\s]*>|[\w-]*:[\w.-]*)\s*\{
        |(?P<negated>NOT\s+)?EXISTS\s*\{\s*(?P<near>[?$]\w+)\s+
            (?:(?P<way>\^?[\w-]*:[\w.-]+|\([^()]*\))\s*/\s*)?
            (?P<step>[\w-]*:[\w.-]+)\?\s+(?P<far>[?$]\w+|<[^<>\s]*>|[\w-]*:[\w.-]+)\s*\}""",
        re.DOTALL | re.IGNORECASE | re.VERBOSE,
    )

    def located(self, access: ServerAccess) -> ServerAccess:
        """The addresses; without a user those that need none."""
        if access.user is None and access.token is None:
            return _located(access, ("sparql", "sparql", "sparql-graph-crud"))
        return super().located(access)

    def query(
        self, text: str, default_graphs: Sequence[str] | None, named_graphs: Sequence[str] | None
    ) -> tuple[str, dict[str, list[str]]]:
        """The union as default graph, and forms that go wrong written out.

        A `VALUES` slot that is UNDEF multiplies rows; `SUBSTR` fails for a length that is unbound; `GRAPH ?g`
        sees graphs that are ours alone or the server's own; `GRAPH <g>` finds nothing beside a default graph;
        what a path with `?` finds depends on the plan.
        """
        names = (f"?{_FIXED}{number}" for number in count())

        def written_out(form: re.Match[str]) -> str:
            if form["undef"]:
                return ""
            if form["length"]:
                return f'STRLEN(COALESCE(STR({form["length"]}), ""))'
            if form["graph"]:
                return _graph(form["graph"], next(names), () if named_graphs else self.unseen)
            if form["step"]:
                return _either(form)
            return form[0]

        text = self.encode(self._REWRITTEN.sub(written_out, text).encode()).decode()
        return text, _dataset(default_graphs or [self.union], named_graphs)

    def is_ours(self, graph: str) -> bool:
        """Whether it is below our base IRI; Virtuoso has graphs of its own."""
        return graph.startswith(BASE)

    def rows(self, text: str, answer: HttpResponse) -> IO[bytes]:
        """The answer with `true` for 1, and without the rows that DISTINCT lets through twice."""
        if most := answer.headers.get("X-SPARQL-MaxRows"):
            raise QueryError(f"the server gives no more than {most} rows; raise its ResultSetMaxRows")
        found = json.loads(self.decode(answer.body.read()))
        bindings = found["results"]["bindings"]
        if form(text) == "ASK":
            return BytesIO(json.dumps({"head": {}, "boolean": bool(bindings)}).encode())
        for term in (term for row in bindings for term in row.values()):
            if term.get("datatype") == f"{_XSD}boolean":
                term["value"] = {"1": "true", "0": "false"}.get(term["value"], term["value"])
        _without_fixed(found, bindings)
        if form(text) == "SELECT DISTINCT":
            found["results"]["bindings"] = _unique(bindings)
        return BytesIO(json.dumps(found).encode())

    def encode(self, data: bytes) -> bytes:
        """Durations under a datatype that it leaves alone."""
        return data.replace(*self._DURATION)

    def decode(self, data: bytes) -> bytes:
        """Durations under their own datatype, in RDF and in JSON."""
        ours, theirs = self._DURATION
        return data.replace(theirs, ours).replace(theirs.replace(b">", b'"'), ours.replace(b">", b'"'))

    def removals(self, change: Change) -> Iterator[str]:
        """Small updates, the union's first, so that it never holds what no graph holds."""
        for graph in sorted(change.removed, key=lambda graph: graph != UNION):
            yield from self._removal(graph, [*change.removed[graph]])

    def _removal(self, graph: Graph, triples: Sequence[ox.Triple]) -> Iterator[str]:
        """Updates of one graph each: with several in one request, some deletions are not made."""
        where = self.pattern(graph.value if isinstance(graph, ox.NamedNode) else None)
        for start in range(0, len(triples), self._TRIPLES_AT_ONCE):
            batch = triples[start : start + self._TRIPLES_AT_ONCE]
            data = "\n".join(f"{triple} ." for triple in batch)
            yield self.encode(f"DELETE DATA {{ {where} {{\n{data}\n}} }}".encode()).decode()


DIALECTS: Mapping[str, type[Dialect]] = {
    "standard": Dialect,
    "oxigraph": Oxigraph,
    "fuseki": Fuseki,
    "virtuoso": Virtuoso,
}


def _graph(graph: str, name: str, unseen: Sequence[str]) -> str:
    """The beginning of a `GRAPH` clause with the graph as a condition."""
    if graph[0] not in "?$":
        return f"GRAPH {name} {{ FILTER({name} = {graph})"
    without = ", ".join(f"<{other}>" for other in unseen)
    return f"GRAPH {graph} {{ FILTER({graph} NOT IN ({without}))" if without else f"GRAPH {graph} {{"


def _either(test: re.Match[str]) -> str:
    """A test of a path whose last step may be left out, without and with that step."""
    near, way, step, far = test.group("near", "way", "step", "far")
    # what is not bound may be anything, so also the same
    without = f"EXISTS {{ {near} {way} {far} }}" if way else f"COALESCE({near} = {far}, true)"
    path = f"{way} / {step}" if way else step
    either = f"({without} || EXISTS {{ {near} {path} {far} }})"
    return f"(!{either})" if test["negated"] else either


def _located(access: ServerAccess, paths: tuple[str, str, str]) -> ServerAccess:
    base = access.address.rstrip("/")
    query, update, graphs = (f"{base}/{path}" if path else access.address for path in paths)
    return replace(
        access,
        query=access.query or query,
        update=access.update or update,
        graphs=access.graphs or graphs,
    )


def _dataset(
    default_graphs: Sequence[str | None] | None, named_graphs: Sequence[str] | None
) -> dict[str, list[str]]:
    wanted = {"default-graph-uri": default_graphs, "named-graph-uri": named_graphs}
    return {name: [graph for graph in graphs if graph] for name, graphs in wanted.items() if graphs}


def _without_fixed(found: dict[str, dict[str, list[str]]], bindings: list[dict[str, object]]) -> None:
    """Take out the columns that `SELECT *` has because a graph became a variable."""
    fixed = [name for name in found["head"]["vars"] if name.startswith(_FIXED)]
    for name in fixed:
        found["head"]["vars"].remove(name)
        for row in bindings:
            row.pop(name, None)


def _unique(bindings: Iterable[object]) -> list[object]:
    return [*{json.dumps(row, sort_keys=True): row for row in bindings}.values()]
