"""Measures an extractor against annotations: precision, recall and F1 a slot, the rules, the mistakes."""

from kg.evaluate.compare import RULE_SLOTS, SLOTS, compare
from kg.evaluate.gold import Gold, GoldClaim, GoldEvent, read_gold, read_names
from kg.evaluate.predictions import Predictions
from kg.evaluate.reviews import REVIEW_SLOTS, evaluate_reviews
from kg.evaluate.run import Evaluation, evaluate
from kg.evaluate.scores import Count, Mistake, Scores

__all__ = [
    "REVIEW_SLOTS",
    "RULE_SLOTS",
    "SLOTS",
    "Count",
    "Evaluation",
    "Gold",
    "GoldClaim",
    "GoldEvent",
    "Mistake",
    "Predictions",
    "Scores",
    "compare",
    "evaluate",
    "evaluate_reviews",
    "read_gold",
    "read_names",
]
