"""`kg evaluate`: how well an extractor reads, measured against annotations."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from kg import evaluate
from kg.cli import options, output, progress
from kg.errors import InputError, RefusedError
from kg.evaluate import Count, Evaluation, Mistake, Scores
from kg.evaluate.reviews import interval
from kg.identity import slug
from kg.ingest import Pipeline
from kg.review import Reviews
from kg.settings import settings
from kg.store import open_store

SECTIONS = ("slots", "rules", "errors")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_COLUMNS = ("precision", "recall", "F1", "right", "wrong", "missing")


@click.command()
@click.option("--docs", type=_FOLDER, help="Folder of documents.")
@click.option("--gold", type=_FOLDER, help="Folder of annotations, NAME.json for each document.")
@click.option("--reviews", is_flag=True, help="Take the reviews of the store instead of annotations.")
@click.option(
    "--agents", type=_FOLDER, help="Folder of agents.tsv, the other names of agents.  [default: --gold]"
)
@click.option("--extractor", default="rules", show_default=True, help="What reads.")
@click.option(
    "--show", multiple=True, type=click.Choice(SECTIONS), help="Print this only; several may be given."
)
@click.option(
    "--fail-under", "bars", multiple=True, metavar="SLOT=F1", help="Exit with 1 if a slot has less."
)
@options.json_output
@options.quiet
@options.store
@options.verbose
def command(
    docs: Path | None, gold: Path | None, reviews: bool, agents: Path | None, extractor: str,
    show: tuple[str, ...], bars: tuple[str, ...],
    as_json: bool, quiet: bool, store_url: str,
) -> None:  # fmt: skip
    """Measure an extractor: precision, recall and F1 of each slot, of each rule, and the errors themselves.

    NAME.json annotates the document NAME.md (or another format) in --docs:

    \b
    {"events": [{"type": "Call", "participants": ["barack-obama", "xi-jinping"],
                 "date": "2013-06-07", "status": "Occurred", "duration_minutes": 30,
                 "discussed": ["climate"], "excluded": [], "quotes": ["words of the body"]}],
     "claims": [{"type": "Demand", "claimant": "xi-jinping", "about": ["taiwan"],
                 "affirms": [], "polarity": "Affirmed", "quote": "words of the body"}]}

    Agents and topics go by the end of their IRI, or by the words of the text as a slug; agents.tsv (slug,
    label, side, kind, other names) beside the annotations or above them adds names. A date is a day, month
    or year, or two with a slash between. A claim without claimant is the document's own.

    An event counts as found if its family agrees, and two of date, participants and words do; a claim if it
    shares half of the shorter passage. Exit code 1: a slot is under its bar.

    --reviews asks what is read now of what reviewers judged in the store: precision rests on what was
    accepted, rejected and corrected, recall also on what was added, each with its 95% confidence interval.

    \b
    kg evaluate --docs tests/evaluate/documents --gold tests/evaluate/annotations
    kg evaluate --docs texts --gold texts/gold --show errors
    kg evaluate --reviews
    kg evaluate --docs texts --gold texts/gold --quiet --fail-under events=0.85 --fail-under claims-found=0.84
    """
    wanted = dict(map(_bar, bars))
    if reviews:
        _of_reviews(store_url, extractor, as_json=as_json, quiet=quiet, show=show or SECTIONS)
        return
    if docs is None or gold is None:
        raise click.UsageError("give --docs and --gold, or --reviews")
    total = len([*gold.glob("*.json")])
    running = evaluate.evaluate(docs, gold, Pipeline(extractor), max_bytes=settings().max_bytes, names=agents)
    *_, result = progress.watched(running, "Reading", total, silent=quiet or as_json)
    if as_json:
        click.echo(json.dumps(_fields(result), ensure_ascii=False, indent=1))
    elif not quiet:
        _print(result, show or SECTIONS)
    _check(result.scores, wanted)


def _of_reviews(store_url: str, extractor: str, *, as_json: bool, quiet: bool, show: tuple[str, ...]) -> None:
    with open_store(store_url) as store:
        known = Reviews.of(store).by_id.values()
        running = evaluate.evaluate_reviews(known, store, Pipeline(extractor))
        shown = progress.watched(
            running, "Reading", len({it.document for it in known}), silent=quiet or as_json
        )
        result = Evaluation()
        for result.documents, result.scores in shown:
            pass
    if as_json:
        told = _fields(result)
        told["intervals"] = {
            slot: {"precision": interval(it.right, it.right + it.wrong),
                   "recall": interval(it.right, it.right + it.missing)}
            for slot, it in result.scores.slots.items()
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif not quiet:
        if "slots" in show:
            click.echo(f"{result.documents} documents with reviews\n")
            output.table(
                ("slot", "precision", "95%", "recall", "95%", "right", "wrong", "missing"),
                [_measured(slot, result.scores.slots.get(slot, Count())) for slot in evaluate.REVIEW_SLOTS],
            )
        _print(result, tuple(it for it in show if it != "slots"))


def _measured(slot: str, it: Count) -> tuple[str, ...]:
    shares = ((it.precision, it.right + it.wrong), (it.recall, it.right + it.missing))
    cells = [cell for share, of in shares for cell in (_share(share), _between(interval(it.right, of)))]
    return (slot, *cells, str(it.right), str(it.wrong), str(it.missing))


def _between(bounds: tuple[float, float] | None) -> str:
    return "–" if bounds is None else f"{bounds[0]:.2f}–{bounds[1]:.2f}"


def _bar(text: str) -> tuple[str, float]:
    """The slot and the least F1 of `SLOT=VALUE`."""
    slots = {slug(slot): slot for slot in evaluate.SLOTS}
    name, equals, value = text.partition("=")
    if not equals or slug(name) not in slots:
        raise InputError(f"--fail-under {text}: write SLOT=0.85, SLOT one of {', '.join(slots)}")
    try:
        return slots[slug(name)], float(value)
    except ValueError as error:
        raise InputError(f"--fail-under {text}: {value!r} is no number between 0 and 1") from error


def _check(scores: Scores, wanted: dict[str, float]) -> None:
    below = []
    for slot, bar in wanted.items():
        reached = scores.slots.get(slot, Count()).f1
        if reached is None or reached < bar:
            below.append(f"{slot}: F1 {_share(reached)} is under {bar:g}")
    if below:
        raise RefusedError("; ".join(below))


def _print(result: Evaluation, sections: tuple[str, ...]) -> None:
    scores = result.scores
    if "slots" in sections:
        click.echo(f"{result.documents} documents, {scores.flips} topics with the wrong sign\n")
        output.table(("slot", *_COLUMNS), [(slot, *_cells(scores.slots.get(slot, Count())))
                                           for slot in evaluate.SLOTS])  # fmt: skip
    if "rules" in sections:
        click.echo()
        output.table(("rule", "slot", "right", "wrong", "precision"), [
            (rule, slot, str(count.right), str(count.wrong), _share(count.precision))
            for (rule, slot), count in sorted(scores.rules.items())
            if slot in evaluate.RULE_SLOTS
        ])  # fmt: skip
    if "errors" in sections:
        click.echo()
        output.table(("document", "at", "slot", "error", "expected", "found", "passage", "rules"),
                     [_row(mistake) for mistake in scores.mistakes])  # fmt: skip
    for document, problem in result.refused.items():
        click.echo(f"kg: {document}: nothing of it counts, since a check refuses it: {problem}", err=True)


def _cells(count: Count) -> tuple[str, ...]:
    shares = (_share(count.precision), _share(count.recall), _share(count.f1))
    return (*shares, str(count.right), str(count.wrong), str(count.missing))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _row(mistake: Mistake) -> tuple[str, ...]:
    place = "" if mistake.start is None else f"{mistake.start}–{mistake.end}"
    return (mistake.document, place, mistake.slot, mistake.fault, mistake.expected or "", mistake.found or "",
            " ".join(mistake.passage.split()), ", ".join(mistake.rules))  # fmt: skip


def _fields(result: Evaluation) -> dict[str, object]:
    scores = result.scores
    return {
        "documents": result.documents,
        "refused": result.refused,
        "slots": {slot: _numbers(scores.slots.get(slot, Count())) for slot in evaluate.SLOTS},
        "flips": scores.flips,
        "rules": [{"rule": rule, "slot": slot, **_numbers(count)}
                  for (rule, slot), count in sorted(scores.rules.items())],
        "errors": [asdict(mistake) for mistake in scores.mistakes],
    }  # fmt: skip


def _numbers(count: Count) -> dict[str, float | None]:
    return {**asdict(count), "precision": count.precision, "recall": count.recall, "f1": count.f1}
