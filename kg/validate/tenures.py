"""Checks that who speaks as holder of an office held it at the time."""

from collections.abc import Iterator, Sequence
from itertools import product

from rdflib import DCTERMS
from rdflib.term import Node

from kg.terms import KG
from kg.validate.context import Context
from kg.validate.index import Index
from kg.validate.report import Finding


def check_capacity(document: Index, context: Context) -> Iterator[Finding]:
    """Statements made in an office that none of their claimants is known to have held at the time.

    The time is that of the event in which it was said, else that of the document. An office without known
    tenures tells nothing.
    """
    layers = (document, context.index)
    for statement in document.subjects(KG.inCapacity):
        claimants, dates = document.values(statement, KG.claimant), _dates(statement, document)
        for office in document.values(statement, KG.inCapacity):
            tenures = [tenure for layer in layers for tenure in layer.subjects(KG.office, office)]
            known = bool(claimants and dates and tenures)
            if known and not any(_covers(t, d, claimants, layers) for t, d in product(tenures, dates)):
                yield Finding("Statement-inCapacity-held", statement, KG.inCapacity, office)


def _dates(statement: Node, document: Index) -> list[str]:
    events, sources = document.values(statement, KG.inEvent), document.values(statement, KG.reportedIn)
    said = [str(date) for event in events for date in document.values(event, KG.date)]
    return said or [str(date) for source in sources for date in document.values(source, DCTERMS.issued)]


def _covers(tenure: Node, date: str, holders: Sequence[Node], layers: tuple[Index, ...]) -> bool:
    if not set(_values(tenure, KG.holder, layers)) & set(holders):
        return False
    too_early = any(_is_later(str(start), date) for start in _values(tenure, KG.startDate, layers))
    too_late = any(_is_later(date, str(end)) for end in _values(tenure, KG.endDate, layers))
    return not too_early and not too_late


def _is_later(date: str, other: str) -> bool:
    # Dates of different precision are compared as far as the coarser one tells.
    length = min(len(date), len(other))
    return date[:length] > other[:length]


def _values(node: Node, predicate: Node, layers: tuple[Index, ...]) -> list[Node]:
    return [value for layer in layers for value in layer.values(node, predicate)]
