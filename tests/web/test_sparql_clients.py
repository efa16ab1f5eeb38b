"""Programs that people already have work against the endpoint."""

import io
import warnings
from urllib.parse import urlencode
from urllib.request import urlopen

import pandas as pd
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, RDFXML, TURTLE, URLENCODED, XML, SPARQLWrapper

from tests.web.conftest import EX, FIRST, Site

QUERY = f"SELECT ?s ?o WHERE {{ ?s <{EX}p> ?o }} ORDER BY ?s"


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("way", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_reads_rows(site: Site, method: str, way: str) -> None:
    client = SPARQLWrapper(f"{site.address}/sparql", returnFormat=JSON)
    client.setMethod(method)
    client.setRequestMethod(way)
    client.setQuery(QUERY)
    found = client.queryAndConvert()
    assert [row["s"]["value"] for row in found["results"]["bindings"]] == [f"{EX}a", f"{EX}b", f"{EX}both"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_reads_other_formats(site: Site) -> None:
    client = SPARQLWrapper(f"{site.address}/sparql")
    client.addDefaultGraph(FIRST)
    client.setQuery(QUERY)
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == 2
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().startswith(b"s,o\r\n")
    client.setQuery(f"CONSTRUCT WHERE {{ <{EX}a> ?p ?o }}")
    for format in (TURTLE, RDFXML):
        client.setReturnFormat(format)
        converted = client.queryAndConvert()
        graph = converted if isinstance(converted, Graph) else Graph().parse(data=converted, format="turtle")
        assert len(graph) == 1


def test_rdflib_reads_the_endpoint_like_a_graph(site: Site) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the library, about itself
        graph = Graph(store=SPARQLStore(f"{site.address}/sparql"))
        assert graph.value(URIRef(f"{EX}a"), URIRef(f"{EX}p")) == Literal("one")
        assert sorted(str(row[0]) for row in graph.query(QUERY)) == [f"{EX}a", f"{EX}b", f"{EX}both"]
        assert (URIRef(f"{EX}b"), URIRef(f"{EX}p"), Literal("two", lang="en")) in graph
        built = graph.query(f"CONSTRUCT WHERE {{ <{EX}a> ?p ?o }}").graph
        assert built is not None
        assert len(built) == 1


def test_pandas_reads_csv(site: Site) -> None:
    address = f"{site.address}/sparql?{urlencode({'query': QUERY})}"
    table = pd.read_csv(address, storage_options={"Accept": "text/csv"})
    assert table.o.tolist() == ["one", "two", "shared"]
    with urlopen(address) as response:
        assert pd.read_json(io.BytesIO(response.read()))["results"]["bindings"]
