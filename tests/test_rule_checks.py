"""A user's own folder adds rules, words and names without touching the package."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import resources
from kg.cli import cli
from kg.errors import InputError, ResourceError
from kg.extract import RuleExtractor
from kg.extract.explain import explain
from kg.extract.rules import FOLDER, check, load
from kg.lexicon import Lexicon
from kg.settings import settings
from kg.terms import ID

NAMES = """\
@prefix kg:     <https://w3id.org/uschina-kg/ontology#> .
@prefix person: <https://w3id.org/uschina-kg/id/person/> .
@prefix country: <https://w3id.org/uschina-kg/id/country/> .
@prefix skos:   <http://www.w3.org/2004/02/skos/core#> .

person:wen-lanting
    a kg:Official ;
    skos:prefLabel "Wen Lanting"@en ;
    kg:represents country:china .
"""
RULES = """\
events:
  - id: own.huddle
    event: Meeting
    nouns: [huddle]
    roles: {participant: [subject, possessor, between, with]}
    examples:
      - "President Biden held a huddle with President Xi Jinping on Friday."
"""
LEXICON = "lists:\n  speak_verbs: [natter]\n"
TEXT = "President Biden nattered with Wen Lanting on Friday, June 6, 2025."


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """A folder with one of everything."""
    root = tmp_path / "own"
    for name, text in (
        ("ontology/names.ttl", NAMES),
        ("rules/mine.yaml", RULES),
        ("lexicons/verbs.yaml", LEXICON),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def chosen(overlay: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same folder, chosen in the settings."""
    monkeypatch.setenv("KG_OVERLAY", str(overlay))
    settings.cache_clear()
    resources.vocabulary.cache_clear()
    yield overlay
    monkeypatch.undo()
    settings.cache_clear()
    resources.vocabulary.cache_clear()


def edited(overlay: Path, name: str, change: Callable[[str], str]) -> None:
    path = overlay / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_own_names_words_and_rules_are_read(overlay: Path) -> None:
    found = explain(TEXT, Lexicon.load(overlay), rules=load(overlay=overlay))
    assert "call.speak" in {rule.id for rule, _ in found.fired}
    participants = {
        fact.object.iri for fact in found.statements if getattr(fact, "predicate", "") == "participant"
    }  # type: ignore[attr-defined]
    assert participants == {str(ID["person/joe-biden"]), str(ID["person/wen-lanting"])}
    assert "own.huddle" in {rule.id for rule in load(overlay=overlay).events}


def test_without_the_folder_nothing_of_it_is_known() -> None:
    assert Lexicon.load().lookup("Wen Lanting") == []
    assert "natter" not in load().lists["speak_verbs"]


def test_own_rules_come_first_and_take_the_place_of_their_namesakes(overlay: Path) -> None:
    edited(overlay, "rules/mine.yaml", lambda text: text.replace("own.huddle", "call.video"))
    rules = load(overlay=overlay).events
    assert (rules[0].id, rules[0].nouns) == ("call.video", frozenset({"huddle"}))
    assert len(rules) == len(load().events)
    assert rules[0].where == f"{overlay / 'rules' / 'mine.yaml'}:2"


def test_setting_decides_what_is_read_and_makes_documents_stale(
    overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, vocabulary = RuleExtractor().version, resources.vocabulary()
    with monkeypatch.context() as patch:
        patch.setenv("KG_OVERLAY", str(overlay))
        settings.cache_clear()
        resources.vocabulary.cache_clear()
        assert RuleExtractor().version != rules
        assert resources.vocabulary().version == vocabulary.version
        assert resources.vocabulary().digest != vocabulary.digest
        assert Lexicon.load().lookup("Wen Lanting")
    settings.cache_clear()
    resources.vocabulary.cache_clear()
    assert (RuleExtractor().version, resources.vocabulary()) == (rules, vocabulary)


def test_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        load(overlay=tmp_path / "nowhere")


def test_broken_rules_name_file_and_line(overlay: Path) -> None:
    edited(overlay, "rules/mine.yaml", lambda text: text.replace("nouns:", "noun:"))
    assert check(overlay) == [f"{overlay / 'rules' / 'mine.yaml'}:4: unknown key 'noun'; known: "
                              + check(overlay)[0].split("known: ")[1]]  # fmt: skip
    with pytest.raises(ResourceError, match=r"mine\.yaml:4: unknown key 'noun'"):
        load(overlay=overlay)


def test_broken_names_name_file_and_line(overlay: Path) -> None:
    edited(overlay, "ontology/names.ttl", lambda text: text.replace("a kg:Official ;", "a kg:Official"))
    with pytest.raises(ResourceError, match=r"names\.ttl:8: "):
        Lexicon.load(overlay)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["rules", *arguments])


def test_check_accepts_a_sound_folder(overlay: Path) -> None:
    result = run("check", str(overlay))
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"{len([*load().all()]) + 1} rules" in result.stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("rules/mine.yaml", "held a huddle", "stayed away", "mine.yaml:2: own.huddle does not fire"),
        (
            "rules/mine.yaml",
            "    examples:\n",
            "    counterexamples:\n",
            "own.huddle has no example.*fires on its",
        ),
        ("rules/mine.yaml", "Meeting", "Meating", "mine.yaml:3: event cannot be 'Meating'"),
        ("lexicons/verbs.yaml", "[natter]", "[no]", "verbs.yaml:2: words must be text"),
        ("ontology/names.ttl", "kg:Official", "kg:Offical", "wen-lanting is found in no text"),
        ("ontology/names.ttl", "kg:Official ;", "kg:Official", "names.ttl:8: "),
    ],
)
def test_check_tells_what_is_wrong(overlay: Path, name: str, old: str, new: str, problem: str) -> None:
    edited(overlay, name, lambda text: text.replace(old, new))
    result = run("check", str(overlay))
    assert result.exit_code == 1
    assert re.search(problem, result.stderr, re.DOTALL)


def test_check_tells_of_files_that_nobody_reads(overlay: Path) -> None:
    (overlay / "rules" / "mine.yml").write_text("", encoding="utf-8")
    assert "mine.yml: is not read" in run("check", str(overlay)).stderr


def test_check_of_the_settings_folder(chosen: Path) -> None:
    edited(chosen, "rules/mine.yaml", lambda text: text.replace("Meeting", "Meating"))
    assert "event cannot be 'Meating'" in run("check").stderr


def test_list_gives_file_and_line_of_every_rule() -> None:
    rows = json.loads(run("list", "--json").stdout)
    assert [row["rule"] for row in rows] == [rule.id for rule in load().all()]
    for row in rows:
        file, line = row["where"].split(":")
        text = (FOLDER / file).read_text(encoding="utf-8").splitlines()
        assert row["rule"] in text[int(line) - 1]


def test_explain_tells_what_fired_and_why_others_did_not() -> None:
    found = json.loads(
        run("explain", "President Biden called President Xi Jinping on Friday.", "--json").stdout
    )
    assert [it["rule"] for it in found["fired"]] == ["call.telephoned"]
    reasons = {it["rule"]: it["reason"] for it in found["almost"]}
    assert reasons["cue.say"].startswith("takes: ")
    assert any("participant Xi Jinping" in statement for statement in found["statements"])


def test_explain_says_which_condition_fails() -> None:
    text = run("explain", "The ministry renewed its call for restraint.").stdout
    assert "fired: none" in text
    assert "not_prepositions: “for” hangs on it" in text
