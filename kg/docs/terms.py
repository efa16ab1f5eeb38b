"""The page of classes, properties and values."""

from collections.abc import Iterable, Iterator

from rdflib import OWL, RDF, RDFS, SKOS, URIRef
from rdflib.term import Node

from kg.docs.source import code, codes, local, names, ontology, tree, words
from kg.terms import KG

_INTRODUCTION = """# Terms

The vocabulary of `ontology/kg.ttl`, under `{namespace}`. A term stands below the one that it is a kind of.
*Is also* names a foreign term that holds too wherever ours does, *close to* one from which nothing follows.
"""
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)


def page() -> str:
    """The page as Markdown."""
    classes = _terms(OWL.Class)
    properties = sorted((term for kind in _PROPERTIES for term in _terms(kind)), key=local)
    parts = [
        _INTRODUCTION.format(namespace=str(KG)),
        "\n## Classes\n\n" + _list(classes, RDFS.subClassOf),
        "\n## Properties\n\n" + _list(properties, RDFS.subPropertyOf),
        "\n## Values\n" + "".join(_values(classes)),
    ]
    return "".join(parts)


def _terms(kind: URIRef) -> list[Node]:
    return sorted((term for term in ontology().subjects(RDF.type, kind) if _is_ours(term)), key=local)


def _is_ours(term: Node) -> bool:
    return str(term).startswith(str(KG))


def _list(terms: list[Node], link: URIRef) -> str:
    parents = {term: [upper for upper in ontology().objects(term, link) if _is_ours(upper)] for term in terms}
    below: dict[Node, list[Node]] = {}
    for term, uppers in parents.items():
        for upper in uppers:
            below.setdefault(upper, []).append(term)
    roots = [term for term in terms if not parents[term]]
    return "".join(f"{'  ' * depth}- {_entry(term, link)}\n" for depth, term in tree(roots, below))


def _values(classes: Iterable[Node]) -> Iterator[str]:
    for kind in classes:
        values = sorted(ontology().subjects(RDF.type, kind), key=local)
        if values:
            yield f"\n### {code(ontology(), kind)}\n\n"
            yield from (f"- {_entry(value, RDF.type)}\n" for value in values)


def _entry(term: Node, link: URIRef) -> str:
    graph = ontology()
    told = [*words(graph, term, SKOS.definition), *words(graph, term, SKOS.scopeNote), *_axioms(term, link)]
    told += [f"*Example:* {example}" for example in words(graph, term, SKOS.example)]
    return f'<a id="{local(term)}"></a>{code(graph, term)} ({names(graph, term)}): {" ".join(told)}'


def _axioms(term: Node, link: URIRef) -> Iterator[str]:
    graph = ontology()
    domain, target = list(graph.objects(term, RDFS.domain)), list(graph.objects(term, RDFS.range))
    if domain or target:
        yield f"{codes(graph, domain) or 'Anything'} → {codes(graph, target) or 'anything'}."
    for inverse in graph.objects(term, OWL.inverseOf):
        yield f"Inverse of {code(graph, inverse)}."
    for head in graph.objects(term, OWL.propertyChainAxiom):
        yield f"Follows from {' and then '.join(code(graph, step) for step in graph.items(head))}."
    if (term, RDF.type, OWL.SymmetricProperty) in graph:
        yield "Symmetric."
    for phrase, predicate in (("Is also", link), ("Close to", SKOS.closeMatch)):
        foreign = [other for other in graph.objects(term, predicate) if not _is_ours(other)]
        if foreign:
            yield f"{phrase} {codes(graph, foreign)}."
