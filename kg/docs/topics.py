"""The page of the topic scheme."""

from rdflib import RDF, SKOS
from rdflib.term import Node

from kg.docs.source import local, names, topics, tree, words
from kg.terms import KG

_INTRODUCTION = """# Topics

The topic scheme of `ontology/topics.ttl`, from the broad to the particular; policies, which are topics too,
in italics. A question about a topic also finds those below it.

"""


def page() -> str:
    """The page as Markdown."""
    graph = topics()
    below: dict[Node, list[Node]] = {}
    for topic, broader in sorted(graph.subject_objects(SKOS.broader), key=lambda pair: _key(pair[0])):
        below.setdefault(broader, []).append(topic)
    roots = sorted(graph.subjects(SKOS.topConceptOf), key=_key)
    return _INTRODUCTION + "".join(
        f"{'  ' * depth}- {_entry(topic)}\n" for depth, topic in tree(roots, below)
    )


def _key(topic: Node) -> str:
    return names(topics(), topic).casefold()


def _entry(topic: Node) -> str:
    graph = topics()
    name = names(graph, topic)
    if (topic, RDF.type, KG.Policy) in graph:
        name = f"*{name}*"
    definition = " ".join(words(graph, topic, SKOS.definition))
    other = ", ".join(words(graph, topic, SKOS.altLabel))
    also = f" Also: {other}." if other else ""
    return f'<a id="{local(topic)}"></a>{name} (`{local(topic)}`): {definition}{also}'
