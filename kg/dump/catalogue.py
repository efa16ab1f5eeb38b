"""Describes a served graph with VoID and DCAT: its files, and the services that answer from it."""

import pyoxigraph as ox
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, Literal, URIRef

from kg.dump.blocks import PREFIXES
from kg.terms import ID

__all__ = ["catalogue"]

_TITLE = Literal("Knowledge graph of U.S.–China relations", lang="en")
_PROTOCOL = URIRef("http://www.w3.org/TR/sparql11-protocol/")
_OPENAPI = URIRef("https://spec.openapis.org/oas/v3.1.0")


def catalogue(root: str, described: bytes | None) -> str:
    """Turtle that describes what a server offers.

    Args:
        root: Its address, with the slash at its end.
        described: The description of its dumps, which lie in `dumps/`; `None` if they are not made yet.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, iri in {**PREFIXES, "dcat": DCAT, "void": VOID}.items():
        graph.bind(prefix, iri)
    home = f"{root}dumps/void.ttl"
    if described is not None:
        # read by the engine, since rdflib takes `#class-kg:Call` for an absolute IRI
        triples = [quad.triple for quad in ox.parse(described, ox.RdfFormat.TURTLE, base_iri=home)]
        graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
    dataset, whole = URIRef(f"{home}#dataset"), URIRef(f"{root}void#catalog")
    endpoint, interface = URIRef(f"{root}sparql"), URIRef(f"{root}api/v1")
    services = (
        (dataset, RDF.type, VOID.Dataset), (dataset, RDF.type, DCAT.Dataset),
        (dataset, DCTERMS.title, _TITLE), (dataset, VOID.uriSpace, Literal(str(ID))),
        (dataset, VOID.sparqlEndpoint, endpoint), (dataset, VOID.uriLookupEndpoint, URIRef(f"{root}id/")),
        (dataset, DCAT.landingPage, URIRef(root)),
        (whole, RDF.type, DCAT.Catalog), (whole, DCTERMS.title, _TITLE),
        (whole, DCAT.dataset, dataset), (whole, DCAT.service, endpoint), (whole, DCAT.service, interface),
        (endpoint, RDF.type, DCAT.DataService), (endpoint, DCAT.endpointURL, endpoint),
        (endpoint, DCTERMS.conformsTo, _PROTOCOL), (endpoint, DCAT.servesDataset, dataset),
        (interface, RDF.type, DCAT.DataService), (interface, DCAT.endpointURL, interface),
        (interface, DCTERMS.conformsTo, _OPENAPI), (interface, DCAT.servesDataset, dataset),
        (interface, DCAT.endpointDescription, URIRef(f"{root}openapi.json")),
    )  # fmt: skip
    for triple in services:
        graph.add(triple)
    return graph.serialize(format="turtle")
