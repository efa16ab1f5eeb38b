"""Numbers of an evaluation, each worked out by hand."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import InputError
from kg.evaluate import (
    SLOTS,
    Count,
    Gold,
    GoldClaim,
    GoldEvent,
    Predictions,
    Scores,
    compare,
    read_gold,
    read_names,
)
from kg.lexicon import Lexicon
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Passage, Statement, Term
from kg.terms import BASE

FOLDER = Path(__file__).parent / "evaluate"
BODY = "Obama phoned Xi on 7 June. They spoke of climate, not Iran. Xi asked for calm. Analysts saw risks."
DOCUMENT = Document(id="note", body=BODY, published="2013-06-08")
OBAMA = Entity("Leader", "Barack Obama", f"{BASE}id/person/barack-obama")
XI = Entity("Leader", "Xi Jinping", f"{BASE}id/person/xi-jinping")
CLIMATE = Entity("Topic", "climate", f"{BASE}id/topic/climate")
IRAN = Entity("Topic", "Iran", f"{BASE}id/topic/iran")


def passage(words: str) -> Passage:
    start = BODY.index(words)
    return Passage(start, start + len(words), words)


FIRST, SECOND = passage("Obama phoned Xi on 7 June."), passage("They spoke of climate, not Iran.")
CALL = Event("Call", FIRST, "2013-06-07", (OBAMA, XI))


def fact(
    predicate: str, value: Term, *, event: Event = CALL, where: Passage = FIRST, rule: str = "a"
) -> Fact:
    return Fact(evidence=(where,), subject=event, predicate=predicate, object=value, rules=(rule,))


def claim(words: str, kind: str, *claimants: Entity, about: tuple[Entity, ...] = ()) -> Claim:
    return Claim(evidence=(passage(words),), kind=kind, content=words, claimants=claimants, about=about,
                 rules=("say", kind.lower()))  # fmt: skip


TOLD: list[Statement] = [
    fact("type", Name("Call")),
    fact("status", Name("Occurred")),
    fact("date", Literal("2013-06-07", "date")),
    fact("participant", OBAMA),
    fact("participant", XI),
    fact("discussedTopic", CLIMATE, where=SECOND, rule="b"),
    fact("discussedTopic", IRAN, where=SECOND, rule="b"),
    fact("duration", Literal("PT1H30M", "duration")),
]
WANTED = GoldEvent(
    type="Call", participants=("barack-obama", "xi-jinping"), date="2013-06-07", status="Occurred",
    duration_minutes=90, discussed=("climate",), excluded=("iran",), quotes=(FIRST.exact,),
)  # fmt: skip


def measured(gold: Gold, statements: Iterable[Statement], lexicon: Lexicon, **names: str) -> Scores:
    scores = Scores()
    compare(gold, Predictions(DOCUMENT, statements, lexicon, names), DOCUMENT, scores)
    return scores


def counts(scores: Scores) -> dict[str, tuple[int, int, int]]:
    return {slot: (it.right, it.wrong, it.missing) for slot, it in scores.slots.items()}


def test_shares_follow_from_the_counts() -> None:
    count = Count(right=6, wrong=2, missing=4)
    assert (count.precision, count.recall, count.f1) == (6 / 8, 6 / 10, 12 / 18)
    assert (Count().precision, Count().recall, Count().f1) == (None, None, None)


def test_event_is_counted_slot_by_slot(lexicon: Lexicon) -> None:
    """One topic is right, one is told with the wrong sign, everything else is as annotated."""
    scores = measured(Gold(events=(WANTED,)), TOLD, lexicon)
    assert counts(scores) == {
        "events": (1, 0, 0),
        "event type": (1, 0, 0),
        "participants": (2, 0, 0),
        "date": (1, 0, 0),
        "status": (1, 0, 0),
        "duration": (1, 0, 0),
        "discussed topics": (1, 1, 0),
        "excluded topics": (0, 0, 1),
        "evidence verbatim": (2, 0, 0),
    }
    assert scores.flips == 1


def test_rules_answer_for_what_they_gave(lexicon: Lexicon) -> None:
    scores = measured(Gold(events=(WANTED,)), TOLD, lexicon)
    assert scores.rules["a", "events"] == Count(right=1)
    assert scores.rules["b", "discussed topics"] == Count(right=1, wrong=1)
    assert ("b", "excluded topics") not in scores.rules


def test_mistake_names_slot_passage_and_rule(lexicon: Lexicon) -> None:
    spurious, missing = measured(Gold(events=(WANTED,)), TOLD, lexicon).mistakes
    assert (spurious.slot, spurious.fault, spurious.found) == ("discussed topics", "spurious", "Iran")
    assert (spurious.start, spurious.end, spurious.passage) == (SECOND.start, SECOND.end, SECOND.exact)
    assert spurious.rules == ("b",)
    assert (missing.slot, missing.fault, missing.expected) == ("excluded topics", "missing", "iran")


def test_event_without_counterpart_is_spurious_and_one_not_found_is_missing(lexicon: Lexicon) -> None:
    visit = GoldEvent(type="Visit", participants=("joe-biden",), date="2011", discussed=("climate",))
    scores = measured(Gold(events=(visit,)), TOLD, lexicon)
    assert counts(scores)["events"] == (0, 1, 1)
    assert counts(scores)["discussed topics"] == (0, 0, 1)


def test_dates_that_differ_keep_events_apart_unless_words_and_both_parties_agree(lexicon: Lexicon) -> None:
    other_day = WANTED.model_copy(update={"date": "2013-06-09"})
    assert counts(measured(Gold(events=(other_day,)), TOLD, lexicon))["date"] == (0, 1, 1)
    elsewhere = other_day.model_copy(update={"quotes": (SECOND.exact,), "participants": ("xi-jinping",)})
    found = [*TOLD[:5]]
    assert counts(measured(Gold(events=(elsewhere,)), found, lexicon))["events"] == (0, 1, 1)


def test_family_must_agree_and_class_counts_apart(lexicon: Lexicon) -> None:
    meeting = WANTED.model_copy(update={"type": "Meeting"})
    found = counts(measured(Gold(events=(meeting,)), TOLD, lexicon))
    assert (found["events"], found["event type"]) == ((1, 0, 0), (0, 1, 1))
    action = WANTED.model_copy(update={"type": "Sanction"})
    assert counts(measured(Gold(events=(action,)), TOLD, lexicon))["events"] == (0, 1, 1)


def test_claims_are_paired_by_their_words(lexicon: Lexicon) -> None:
    """The first has all, the second another class, the third is not annotated; one annotation is missed."""
    gold = Gold(claims=(
        GoldClaim(type="Demand", claimant="xi-jinping", quote="asked for calm"),
        GoldClaim(type="Prediction", claimant="analysts", quote="saw risks", about=("iran",)),
        GoldClaim(type="Warning", quote="phoned Xi"),
    ))  # fmt: skip
    found = [
        claim("Xi asked for calm", "Demand", XI),
        claim("saw risks", "Assessment", Entity("Group", "Analysts"), about=(IRAN, CLIMATE)),
        claim("not Iran", "Assertion"),
    ]
    scores = measured(gold, found, lexicon)
    assert counts(scores) == {
        "claims (found)": (2, 1, 1),
        "claims (found, right claimant and type)": (1, 2, 2),
        "claimant": (2, 0, 0),
        "claim type": (1, 1, 1),
        "claim polarity": (2, 0, 0),
        "claim topics": (1, 1, 0),
        "evidence verbatim": (3, 0, 0),
    }
    assert scores.rules["say", "claims (found)"] == Count(right=2, wrong=1)


def test_joint_claim_needs_every_claimant(lexicon: Lexicon) -> None:
    gold = Gold(claims=(GoldClaim(type="Demand", claimant=("barack-obama", "xi-jinping"), quote="calm"),))
    one = measured(gold, [claim("calm", "Demand", XI)], lexicon)
    both = measured(gold, [claim("calm", "Demand", XI, OBAMA)], lexicon)
    assert (counts(one)["claimant"], counts(both)["claimant"]) == ((0, 1, 1), (1, 0, 0))


def test_other_names_of_agents_count(lexicon: Lexicon) -> None:
    gold = Gold(claims=(GoldClaim(type="Demand", claimant="pundits", quote="saw risks"),))
    found = [claim("saw risks", "Demand", Entity("Group", "Analysts"))]
    assert counts(measured(gold, found, lexicon))["claimant"] == (0, 1, 1)
    assert counts(measured(gold, found, lexicon, analysts="pundits"))["claimant"] == (1, 0, 0)


def test_names_are_read_beside_the_annotations_or_above() -> None:
    names = read_names(FOLDER / "annotations")
    assert names["mr-obama"] == names["the-forty-fourth-president"] == "barack-obama"
    assert read_names(FOLDER / "annotations" / "below") == names
    assert read_names(FOLDER / "documents") == {}


def test_annotations_that_cannot_be_used_are_told_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no annotations"):
        [*read_gold(tmp_path)]
    (tmp_path / "a.json").write_text('{"claims": [{"type": "Demand"}]}', encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.json: claims\.0\.quote: Field required"):
        [*read_gold(tmp_path)]


def evaluated(*arguments: str) -> tuple[int, str, str]:
    folders = ["--docs", str(FOLDER / "documents"), "--gold", str(FOLDER / "annotations")]
    result = CliRunner().invoke(cli, ["evaluate", *folders, *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_command_measures_the_rules_on_a_text_of_ours() -> None:
    code, text, _ = evaluated("--json")
    found = json.loads(text)
    assert (code, found["documents"], found["refused"]) == (0, 1, {})
    assert [*found["slots"]] == [*SLOTS]
    assert found["slots"]["events"]["f1"] == found["slots"]["excluded topics"]["f1"] == 1
    assert found["slots"]["claims (found)"]["recall"] == 1
    [spurious] = [error for error in found["errors"] if error["slot"] == "claims (found)"]
    assert (spurious["fault"], spurious["passage"]) == ("spurious", "the United States would look at trade")


def test_bar_decides_the_exit_code() -> None:
    assert evaluated("--quiet", "--fail-under", "events=1", "--fail-under", "claims (found)=0.6") == (
        0,
        "",
        "",
    )
    code, text, problem = evaluated("--quiet", "--fail-under", "claims-found=0.7")
    assert (code, text) == (1, "")
    assert "claims (found): F1 0.667 is under 0.7" in problem


def test_unknown_slot_is_bad_input() -> None:
    code, _, problem = evaluated("--fail-under", "luck=1")
    assert code == 2
    assert "excluded-topics" in problem


def test_missing_document_is_bad_input(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        cli, ["evaluate", "--docs", str(tmp_path), "--gold", str(FOLDER / "annotations")]
    )
    assert result.exit_code == 2
    assert "no document 2013-06-08-desert-notes.md" in result.stderr
