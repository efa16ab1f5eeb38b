"""Reads RDF that somebody else wrote, with messages that name the line."""

from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from kg.errors import InputError, RdfSyntaxError

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def read_rdf(path: Path) -> Graph:
    """The triples of a file in the format of its suffix, a key of `FORMATS`.

    Raises:
        InputError: the file cannot be read.
        RdfSyntaxError: it does not parse; the message names the line.
    """
    try:
        triples = ox.parse(path.read_bytes(), FORMATS[path.suffix], base_iri=path.absolute().as_uri())
        lines = ox.serialize([quad.triple for quad in triples], format=ox.RdfFormat.N_TRIPLES)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        where = str(path) if error.lineno is None else f"{path}:{error.lineno}"
        raise RdfSyntaxError(where, " ".join(error.msg.split())) from error
    return Graph().parse(data=lines or b"", format="nt")
