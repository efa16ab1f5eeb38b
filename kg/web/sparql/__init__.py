"""SPARQL over HTTP: queries and updates by the SPARQL 1.1 Protocol, graphs by the Graph Store Protocol."""
