"""The examples and counter-examples inside the rules, each a test."""

from pathlib import Path

import pytest

from kg.errors import ResourceError
from kg.extract.explain import explain
from kg.extract.rules import Rule, load
from kg.lexicon import Lexicon

RULES = list(load().all())
EXAMPLES = [(rule, text) for rule in RULES for text in rule.examples]
COUNTEREXAMPLES = [(rule, text) for rule in RULES for text in rule.counterexamples]


def _fired(text: str, lexicon: Lexicon) -> set[str]:
    return {rule.id for rule, _ in explain(text, lexicon, published="2025-06-07").fired}


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=lambda value: getattr(value, "id", ""))
def test_rule_fires_on_its_example(rule: Rule, text: str, lexicon: Lexicon) -> None:
    assert rule.id in _fired(text, lexicon)


@pytest.mark.parametrize(("rule", "text"), COUNTEREXAMPLES, ids=lambda value: getattr(value, "id", ""))
def test_rule_keeps_silent_on_its_counterexample(rule: Rule, text: str, lexicon: Lexicon) -> None:
    assert rule.id not in _fired(text, lexicon)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_an_example(rule: Rule) -> None:
    assert rule.examples


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("events:\n  - id: a\n    event: Call\n    verb: [call]\n", "bad.yaml:4: unknown key 'verb'"),
        ("events:\n  - id: a\n", "bad.yaml:2: the key 'event' is missing"),
        ("events:\n  - {id: a, event: Call, verbs: [$none]}\n", "unknown word list '\\$none'"),
        ("topics:\n  - {id: a, pattern: '('}\n", "bad.yaml:2: '\\(' is not a regular expression"),
        ("events:\n  - {id: a, event: Call, prepositions: [on]}\n", "put quotes around"),
        ("verbs: [call]\n", "unknown section 'verbs'"),
        ("events: [\n", "bad.yaml:2: .* no YAML"),
        ("events:\n  - {id: a, event: Cal, verbs: [call]}\n", "bad.yaml:2: event cannot be 'Cal'"),
        ("events:\n  - id: a\n    event: Call\n    minimum: two\n", "bad.yaml:4: minimum must be a whole"),
        ("events:\n  - id: a\n    event: Call\n    id: b\n", "bad.yaml:4: the key 'id' stands twice"),
        ("cues:\n  - {id: a, verbs: [say], takes: [verb]}\n", "bad.yaml:2: takes cannot be 'verb'"),
        ("events: call\n", "bad.yaml:1: events is a list of rules"),
        ("events: [call]\n", "bad.yaml:1: a rule is a mapping"),
        ("lists: [call]\n", "bad.yaml:1: lists is a mapping"),
        ("call\n", "bad.yaml:1: a rule file is a mapping"),
    ],
)
def test_broken_rule_file_is_told_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ResourceError, match=message):
        load(tmp_path)


def test_rule_name_is_used_once(tmp_path: Path) -> None:
    rule = "  - {id: a, event: Call, verbs: [call]}\n"
    (tmp_path / "twice.yaml").write_text(f"events:\n{rule}{rule}", encoding="utf-8")
    with pytest.raises(ResourceError, match=r"twice.yaml:3: the rule name 'a' is used twice; see .*:2"):
        load(tmp_path)


def test_pattern_name_is_used_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("patterns:\n  a: 'x'\n", encoding="utf-8")
    with pytest.raises(ResourceError, match=r"two.yaml:2: the pattern name 'a' is used twice; see .*one"):
        load(tmp_path)


def test_rules_of_two_kinds_or_files_do_not_share_a_name(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("cues:\n  - {id: a, verbs: [say]}\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("events:\n  - {id: a, event: Call, verbs: [call]}\n", encoding="utf-8")
    with pytest.raises(ResourceError, match="'a' is used twice"):
        load(tmp_path)
