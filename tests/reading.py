"""What tests of the reader share."""

from kg.model import Entity, Fact, Literal, Name

__all__ = ["value_of"]


def value_of(fact: Fact) -> str:
    """The value of a fact in a word: the end of an IRI, the words of a literal, the name of a term."""
    match fact.object:
        case Entity():
            return (fact.object.iri or fact.object.label).rsplit("/", 1)[-1]
        case Literal():
            return fact.object.lexical
        case Name():
            return fact.object.name
        case _:
            return fact.object.kind
