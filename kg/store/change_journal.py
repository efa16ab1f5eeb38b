"""Writes down as triples what graphs shall hold, for engines that cannot change several at once."""

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

__all__ = ["COMPLETE", "read", "written"]

_PIECE = 8_000  # characters: short enough for every engine, escapes included
_WANTED = ox.NamedNode("urn:uschina-kg:wanted")
_MARK = ox.Triple(ox.NamedNode("urn:uschina-kg:journal"), _WANTED, ox.Literal("complete"))

COMPLETE = f"{_MARK} .\n".encode()


def written(graphs: Mapping[str, bytes]) -> Iterator[bytes]:
    """The N-Triples lines that tell what each graph shall hold; `COMPLETE` is to be written after them."""
    for iri, data in graphs.items():
        text = data.decode()
        for start in range(0, len(text) or 1, _PIECE):
            piece = ox.Literal(f"{start:012} {text[start : start + _PIECE]}")
            yield f"{ox.Triple(ox.NamedNode(iri), _WANTED, piece)} .\n".encode()


def read(lines: Iterable[bytes]) -> dict[str, bytes] | None:
    """What was written; `None` if nothing was, or not all of it, so that nothing has been changed yet."""
    triples = [quad.triple for quad in ox.parse(b"".join(lines), ox.RdfFormat.N_TRIPLES)]
    if _MARK not in triples:
        return None
    pieces = sorted((str(it.subject), str(it.object.value)) for it in triples if it != _MARK)
    graphs: dict[str, str] = {}
    for subject, piece in pieces:
        iri = subject[1:-1]
        graphs[iri] = graphs.get(iri, "") + piece.partition(" ")[2]
    return {iri: text.encode() for iri, text in graphs.items()}
