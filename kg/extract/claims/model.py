"""A log-linear model of the class of a claim; `benchmarks/claim_classes.py` makes its weights."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

MODEL = "model.claim-class"
WEIGHTS = Path(__file__).parent / "weights.json"


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """The weight of each class for each feature."""
    found: Mapping[str, Mapping[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


def scores(features: Iterable[str], table: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """How well each class fits; features that the model does not know say nothing."""
    found: dict[str, float] = {}
    for feature in sorted(features):
        for kind, weight in table.get(feature, {}).items():
            found[kind] = found.get(kind, 0.0) + weight
    return found


def best(features: Iterable[str], table: Mapping[str, Mapping[str, float]] | None = None) -> str | None:
    """The class that fits best, `None` if no feature is known; of equals the first by name."""
    found = scores(features, weights() if table is None else table)
    return max(sorted(found), key=lambda kind: found[kind]) if found else None
