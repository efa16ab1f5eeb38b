"""Measures an extractor against annotations: precision, recall and F1 a slot, the rules, the mistakes."""

from kg.evaluate.compare import RULE_SLOTS, SLOTS, compare
from kg.evaluate.found import Finds
from kg.evaluate.gold import Gold, GoldClaim, GoldEvent, read_gold, read_names
from kg.evaluate.ledger import Count, Ledger, Mistake
from kg.evaluate.run import Evaluation, evaluate

__all__ = [
    "RULE_SLOTS",
    "SLOTS",
    "Count",
    "Evaluation",
    "Finds",
    "Gold",
    "GoldClaim",
    "GoldEvent",
    "Ledger",
    "Mistake",
    "compare",
    "evaluate",
    "read_gold",
    "read_names",
]
