"""What the endpoint can do, in the terms of SPARQL 1.1 Service Description."""

import pyoxigraph as ox

from kg.settings import Settings
from kg.store.results import ROW_FORMATS, TRIPLE_FORMATS

__all__ = ["describe"]

_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "format": "http://www.w3.org/ns/formats/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}
_TURTLE = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
<{address}> a sd:Service ;
    sd:endpoint <{address}> ;
    dcterms:title "SPARQL endpoint of a knowledge graph of U.S.–China relations"@en ;
    dcterms:description "{limits}"@en ;
    sd:supportedLanguage {languages} ;
    sd:feature {features} ;
    sd:resultFormat {formats} ;
    sd:defaultDataset <{address}#dataset> .
<{address}#dataset> a sd:Dataset ; sd:defaultGraph <{address}#union> .
<{address}#union> a sd:Graph ; dcterms:description "Union of all named graphs, each triple once."@en .
"""
_LIMITS = "A query may run for {seconds:g} s; an answer is cut after {rows} rows."


def describe(address: str, options: Settings, format: str) -> bytes:
    """The service description.

    Args:
        address: IRI of the endpoint.
        options: The settings, which say what is switched on.
        format: A key of `TRIPLE_FORMATS`.
    """
    languages, features = ["sd:SPARQL10Query", "sd:SPARQL11Query"], ["sd:UnionDefaultGraph"]
    if options.updates and options.write_token is not None:
        languages.append("sd:SPARQL11Update")
    if options.service_hosts:
        features.append("sd:BasicFederatedQuery")
    formats = [f"<{known.iri}>" for known in ROW_FORMATS.values()]
    formats += [f"<{known.iri}>" for known in TRIPLE_FORMATS.values()]
    turtle = _TURTLE.format(
        address=address,
        limits=_LIMITS.format(seconds=options.query_timeout, rows=options.query_rows),
        languages=" , ".join(languages),
        features=" , ".join(features),
        formats=" , ".join(formats),
    )
    triples = ox.parse(turtle.encode(), ox.RdfFormat.TURTLE)
    kept = [quad.triple for quad in triples]
    return ox.serialize(kept, format=TRIPLE_FORMATS[format], prefixes=_PREFIXES) or b""
