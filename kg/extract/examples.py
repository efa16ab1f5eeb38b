"""Runs the examples and counter-examples that stand inside the rules."""

from collections.abc import Iterable, Iterator

from kg.extract.explain import explain
from kg.extract.rules import Rule, Rules
from kg.lexicon import Lexicon

PUBLISHED = "2025-06-07"  # the day as of which their dates are resolved


def failures(chosen: Iterable[Rule], rules: Rules, lexicon: Lexicon) -> Iterator[str]:
    """What does not hold of the examples of `chosen`, each as `file:line: what`.

    Args:
        chosen: The rules to try.
        rules: All rules that read together, these among them.
        lexicon: The names to know.
    """
    for rule in chosen:
        if not rule.examples:
            yield f"{rule.where}: {rule.id} has no example; add a text in which it fires"
        for text in rule.examples:
            reason = _silence(rule, text, rules, lexicon)
            if reason is not None:
                yield f"{rule.where}: {rule.id} does not fire on its example “{text}”: {reason}"
        for text in rule.counterexamples:
            if _silence(rule, text, rules, lexicon) is None:
                yield f"{rule.where}: {rule.id} fires on its counter-example “{text}”"


def _silence(rule: Rule, text: str, rules: Rules, lexicon: Lexicon) -> str | None:
    """Why a rule gives nothing for a text; `None` if it fires."""
    found = explain(text, lexicon, published=PUBLISHED, rules=rules)
    if rule.id in {fired.id for fired, _ in found.fired}:
        return None
    reasons = (miss.reason for miss in found.almost if miss.rule.id == rule.id)
    return next(reasons, "none of its words stands there")
