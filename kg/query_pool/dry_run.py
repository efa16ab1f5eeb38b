"""Tries an update on a copy, to see which graphs it would change and into what."""

import re
from collections.abc import Collection, Sequence

import pyoxigraph as ox

from kg.errors import ForbiddenError, QueryError, RdfSyntaxError
from kg.query_pool.static_checks import refuse_loads, refuse_outside_calls
from kg.store import Store
from kg.store.results import TRIPLE_FORMATS
from kg.store.syntax_errors import OPAQUE, syntax_error

__all__ = ["allowed", "changes_of", "copy_of", "triples_of"]

_TOKEN = re.compile(
    # the engine refuses what is not closed
    rf"""(?P<skip> {OPAQUE}"""
    r""" | [\w.-]{0,200}:(?:[\w.:%-]|\\.)* | [?$]\w+ )
      | (?P<brace> [{}] ) | (?P<word> [A-Za-z]+ ) | .""",
    re.VERBOSE | re.DOTALL,
)
_Quads = set[ox.Quad]
_UNION = ox.DefaultGraph()


def allowed(
    update: str, *, using: Sequence[str] = (), using_named: Sequence[str] = (), hosts: Collection[str] = ()
) -> str:
    """The update with the graphs of the request, if its text has nothing in it that may not be.

    Raises:
        QueryError: it names its graphs twice.
        ForbiddenError: it would fetch something.
    """
    refuse_outside_calls(update, hosts)
    refuse_loads(update)
    return _with_graphs(update, using, using_named) if using or using_named else update


def changes_of(update: str, copy: ox.Store, *, base: str | None = None) -> dict[str, bytes]:
    """The graphs that an update would change, each with the N-Triples that it would then hold.

    Args:
        update: SPARQL 1.1 Update that is `allowed`.
        copy: What it works on, and changes.
        base: What relative IRIs are relative to; without it they are errors.

    Raises:
        QuerySyntaxError: it does not parse.
        QueryError: it cannot be run.
        ForbiddenError: it would write into the union.
    """
    before = {*copy}
    try:
        copy.update(update, base_iri=base)
    except SyntaxError as error:
        raise syntax_error(str(error.msg), update) from error
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"the update cannot be run: {' '.join(str(error).split())}") from error
    return _changed(before, {*copy})


def triples_of(data: bytes, format: str, base: str) -> bytes:
    """RDF in a format of `TRIPLE_FORMATS` as N-Triples.

    Raises:
        RdfSyntaxError: it does not parse.
    """
    try:
        quads = [*ox.parse(data, TRIPLE_FORMATS[format], base_iri=base)]
    except (SyntaxError, ValueError) as error:
        raise RdfSyntaxError("body", " ".join(str(error).split())) from error
    return ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES) or b""


def copy_of(store: Store) -> ox.Store:
    """All graphs of a store and their union, in memory."""
    copy = ox.Store()
    for graph in store.graphs():
        copy.bulk_load(b"".join(store.lines(graph)), ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))
    copy.bulk_load(b"".join(store.lines()), ox.RdfFormat.N_TRIPLES)
    return copy


def _changed(before: _Quads, after: _Quads) -> dict[str, bytes]:
    touched = {quad.graph_name for quad in before ^ after}
    if _UNION in touched:
        raise ForbiddenError("the default graph is the union of all others; say GRAPH <…> { … } or WITH <…>")
    lines: dict[str, list[str]] = {str(getattr(graph, "value", graph)): [] for graph in touched}
    for quad in after:
        if quad.graph_name in touched:
            lines[str(getattr(quad.graph_name, "value", quad.graph_name))].append(f"{quad.triple} .\n")
    return {graph: "".join(sorted(found)).encode() for graph, found in sorted(lines.items())}


def _with_graphs(update: str, using: Sequence[str], using_named: Sequence[str]) -> str:
    """The update with its graphs written into it, before each WHERE that belongs to no subquery."""
    clauses = [f"USING <{_iri(graph)}>" for graph in using]
    clauses += [f"USING NAMED <{_iri(graph)}>" for graph in using_named]
    written, depth, last = [], 0, ""
    for token in _TOKEN.finditer(update):
        word = (token["word"] or "").upper()
        depth += {"{": 1, "}": -1}.get(token["brace"] or "", 0)
        if depth == 0 and word in ("USING", "WITH"):
            raise QueryError("the request names graphs, and so does the update; let only one of them do it")
        if depth == 0 and word == "WHERE":
            if last == "DELETE":
                raise QueryError(
                    "DELETE WHERE takes no graphs from the request; write DELETE { … } WHERE { … }"
                )
            written += [" ".join(clauses), " "]
        written.append(token[0])
        last = word or (last if token[0].isspace() or token["skip"] else "")
    return "".join(written)


def _iri(graph: str) -> str:
    try:
        return ox.NamedNode(graph).value
    except ValueError as error:
        raise QueryError(f"{graph!r} is no IRI of a graph") from error
