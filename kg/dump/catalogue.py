"""Describes a served graph with VoID and DCAT: its files, and the services that answer from it."""

import pyoxigraph as ox
from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, VOID, Graph, Literal, URIRef

from kg.dump.blocks import PREFIXES
from kg.dump.description import ABOUT, AUTHORITY, TITLE
from kg.terms import ID

__all__ = ["catalogue"]

_AVAILABLE = Literal("SPARQL 1.1 endpoint of a knowledge graph of U.S.–China relations", lang="en")
_RESOURCES = Literal("REST interface to a knowledge graph of U.S.–China relations", lang="en")
_PROTOCOL = URIRef("http://www.w3.org/TR/sparql11-protocol/")
_OPENAPI = URIRef("https://spec.openapis.org/oas/v3.1.0")


def catalogue(root: str, described: bytes | None, publisher: str) -> str:
    """Turtle that describes what a server offers.

    Args:
        root: Its address, with the slash at its end.
        described: The description of its dumps, which lie in `dumps/`; `None` if they are not made yet.
        publisher: Name of who serves it.
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
    agent, themes = URIRef(f"{root}void#publisher"), AUTHORITY["data-theme"]
    services = (
        (dataset, RDF.type, VOID.Dataset), (dataset, RDF.type, DCAT.Dataset),
        (dataset, DCTERMS.title, TITLE), (dataset, DCTERMS.description, ABOUT),
        (dataset, VOID.uriSpace, Literal(str(ID))),
        (dataset, VOID.sparqlEndpoint, endpoint), (dataset, VOID.uriLookupEndpoint, URIRef(f"{root}id/")),
        (dataset, DCAT.landingPage, URIRef(root)),
        (dataset, DCTERMS.publisher, agent),
        (agent, RDF.type, FOAF.Agent), (agent, FOAF.name, Literal(publisher)),
        (whole, RDF.type, DCAT.Catalog), (whole, DCTERMS.title, TITLE), (whole, DCTERMS.description, ABOUT),
        (whole, DCTERMS.publisher, agent), (whole, FOAF.homepage, URIRef(root)),
        (whole, DCAT.themeTaxonomy, themes), (themes, RDF.type, SKOS.ConceptScheme),
        (themes, DCTERMS.title, Literal("Data theme", lang="en")),
        *((whole, DCTERMS.language, AUTHORITY[f"language/{it}"]) for it in ("ENG", "ZHO")),
        (whole, DCAT.dataset, dataset), (whole, DCAT.service, endpoint), (whole, DCAT.service, interface),
        (endpoint, RDF.type, DCAT.DataService), (endpoint, DCAT.endpointURL, endpoint),
        (endpoint, DCTERMS.title, _AVAILABLE), (endpoint, DCTERMS.publisher, agent),
        (endpoint, DCAT.endpointDescription, endpoint),
        (endpoint, DCTERMS.conformsTo, _PROTOCOL), (endpoint, DCAT.servesDataset, dataset),
        (interface, RDF.type, DCAT.DataService), (interface, DCAT.endpointURL, interface),
        (interface, DCTERMS.title, _RESOURCES), (interface, DCTERMS.publisher, agent),
        (interface, DCTERMS.conformsTo, _OPENAPI), (interface, DCAT.servesDataset, dataset),
        (interface, DCAT.endpointDescription, URIRef(f"{root}openapi.json")),
    )  # fmt: skip
    for triple in services:
        graph.add(triple)
    return graph.serialize(format="turtle")
