"""Trains the model of claims' classes on annotations, and compares it with the rules on the same folds.

usage: python -m benchmarks.claim_classes DOCUMENTS ANNOTATIONS [--write]

Multinomial logistic regression on the features of `kg.extract.claims.features`, fitted by gradient descent
from zero, so that the same annotations give the same weights.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.tables import table
from kg import read
from kg.evaluate import read_gold
from kg.evaluate.match import places
from kg.extract.claims.classes import ClassReader
from kg.extract.claims.model import WEIGHTS, best
from kg.extract.clauses.en import parse
from kg.extract.engine import Engine
from kg.extract.rules import load
from kg.extract.text.reading import Reading
from kg.lexicon import Lexicon

FOLDS = 10
RARE = 3  # a feature that fewer claims have says nothing
STRENGTH = 2.0  # of the pull towards zero
ROUNDS = 120
NEAR = 0.5
SMALL = 0.03  # a weight below it is left out

Weights = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A claim that was found, with its annotated class and what the rules make of it."""

    document: str
    features: frozenset[str]
    kind: str
    by_rules: str
    is_certain: bool


def examples(documents: Path, annotations: Path) -> Iterator[Example]:
    """The claims of each document that an annotation has too."""
    lexicon, rules = Lexicon.load(), load()
    for name, gold in read_gold(annotations):
        path = next(documents.glob(f"{name}.*"))
        document = next(iter(read.read(path, max_bytes=50_000_000)))
        reading = Reading(document, lexicon)
        reading.take(parse(reading.texts()))
        engine = Engine(reading, rules)
        list(engine.statements())
        classes: ClassReader = engine.claims.reader.classes
        pairs = []
        for wanted, claim in enumerate(gold.claims):
            for start, end in places([claim.quote], document):
                for index, (draft, _) in enumerate(engine.claimed):
                    shared = min(end, draft.end) - max(start, draft.start)
                    near = shared / max(1, min(end - start, draft.end - draft.start))
                    if near >= NEAR:
                        pairs.append((-near, wanted, index))
        seen: set[tuple[str, int]] = set()
        for _, wanted, index in sorted(pairs):
            if not seen & {("gold", wanted), ("found", index)}:
                seen |= {("gold", wanted), ("found", index)}
                source = engine.claimed[index][0].source
                rule = classes.by_rules(source)
                if source.claimants and rule is not None:
                    certain = classes.is_certain(rule, source)
                    features = classes.features_of(source, rule)
                    yield Example(name, features, gold.claims[wanted].type, rule.type, certain)


def fit(found: Sequence[Example]) -> Weights:
    """The weights that explain the classes of examples best."""
    counts = Counter(feature for example in found for feature in example.features)
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    kinds = sorted({example.kind for example in found})
    column = {name: index for index, name in enumerate(names)}
    x = np.zeros((len(found), len(names)))
    y = np.zeros((len(found), len(kinds)))
    for row, example in enumerate(found):
        for feature in example.features:
            if feature in column:
                x[row, column[feature]] = 1.0
        y[row, kinds.index(example.kind)] = 1.0
    w = np.zeros((len(names), len(kinds)))
    before = w
    step = 1.0 / (0.5 * float(np.linalg.norm(x, 2)) ** 2 + STRENGTH)
    for number in range(1, ROUNDS + 1):  # Nesterov's accelerated gradient
        ahead = w + (number - 1) / (number + 2) * (w - before)
        exponent = np.exp((scores := x @ ahead) - scores.max(axis=1, keepdims=True))
        gradient = x.T @ (exponent / exponent.sum(axis=1, keepdims=True) - y) + STRENGTH * ahead
        before, w = w, ahead - step * gradient
    return {
        name: kept
        for index, name in enumerate(names)
        if (kept := {k: round(float(v), 3) for k, v in zip(kinds, w[index], strict=True) if abs(v) >= SMALL})
    }


def cross_validated(found: Sequence[Example]) -> list[tuple[Example, str]]:
    """Each example with the class that a model trained on other documents gives it."""
    names = sorted({example.document for example in found})
    fold = {name: index % FOLDS for index, name in enumerate(names)}
    told: list[tuple[Example, str]] = []
    for number in range(FOLDS):
        weights = fit([e for e in found if fold[e.document] != number])
        held = [e for e in found if fold[e.document] == number]
        told += [(e, best(e.features, weights) or e.by_rules) for e in held]
    return told


def report(found: Sequence[Example]) -> str:
    """How often rules, model, and both together are right, by class."""
    told = cross_validated(found)
    ways: dict[str, Callable[[Example, str], str]] = {
        "rules": lambda e, _: e.by_rules,
        "model": lambda _, model: model,
        "rules where certain, else model": lambda e, model: e.by_rules if e.is_certain else model,
    }
    kinds = sorted({e.kind for e in found})
    rows = []
    for name, way in ways.items():
        given = [(e.kind, way(e, model)) for e, model in told]
        row: list[object] = [name, sum(a == b for a, b in given) / len(given)]
        for kind in kinds:
            hits = sum(a == b == kind for a, b in given)
            row.append(2 * hits / max(1, sum(a == kind for a, _ in given) + sum(b == kind for _, b in given)))
        rows.append(row)
    documents = len({e.document for e in found})
    title = (
        f"Classes of {len(found)} claims of {documents} documents, {FOLDS} folds over documents (F1 by class)"
    )
    return table(title, ["", "accuracy", *kinds], rows)


def main() -> None:
    """Print the comparison; write the weights trained on everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", type=Path)
    parser.add_argument("annotations", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    found = list(examples(options.documents, options.annotations))
    print(report(found))
    if options.write:
        weights = fit(found)
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(weights[name])}" for name in sorted(weights))
        WEIGHTS.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
