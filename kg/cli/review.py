"""`kg review`: puts statements right, once and for good."""

import getpass
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kg import ingest
from kg.cli import options, output
from kg.errors import InputError
from kg.ingest import Pipeline
from kg.model import Document, Review, Statement, Verdict
from kg.review import Applied, Reviews, review_id
from kg.review.agreement import agreement, disagreements
from kg.review.change import added, added_event, corrected, passage
from kg.review.file import export, read_file
from kg.review.record import encode
from kg.review.stored import open_reasons
from kg.review.wording import summary
from kg.store import Store, open_store


@click.group()
def command() -> None:
    """Say of statements whether they are right; what is put right stays so, however documents are read.

    A statement is named by its path or IRI (`kg show`, pages and dumps give it), a review by its identifier
    (`kg review list`). What is rejected leaves the graph and stays on record.

    \b
    kg review accept fact/6d1fd0 --as anna
    kg review correct claim/8e2c11 --set class=Demand --set topics=tariffs,soybeans --as anna
    kg review export > reviews.jsonl
    """


def _by(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--as", "reviewer", metavar="NAME", default=getpass.getuser, help="Who says so.  [default: the user]"
    )(command)


def _note(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--note", default="", help="What else there is to say.")(command)


@command.command("list")
@click.option("--document", metavar="ID", help="Only reviews of this document.")
@click.option("--reviewer", metavar="NAME", help="Only those of this person.")
@click.option(
    "--verdict", type=click.Choice(["Accepted", "Rejected", "Corrected", "Added"]), help="Only these."
)
@click.option("--disputed", is_flag=True, help="Only those of statements on which reviewers do not agree.")
@click.option("--open", "is_open", is_flag=True, help="Only those that have no effect, with the reason.")
@click.option("--all", "every", is_flag=True, help="Also those that were taken back.")
@options.json_output
@options.store
@options.verbose
def list_reviews(
    document: str | None,
    reviewer: str | None,
    verdict: str | None,
    disputed: bool,
    is_open: bool,
    every: bool,
    as_json: bool,
    store_url: str,
) -> None:
    """List reviews, the earliest first.

    \b
    kg review list --document 2025-06-07-trump-xi-90-minute-call
    kg review list --open --json
    """
    with open_store(store_url) as store:
        known, reasons = Reviews.of(store).by_id, open_reasons(store)
    unlike = {review_id(it) for its in disagreements(known.values()) for it in its.values()}
    wanted = [
        (id, it)
        for id, it in sorted(known.items(), key=lambda item: (item[1].time, item[0]))
        if (every or not it.withdrawn)
        and document in (None, it.document)
        and reviewer in (None, it.reviewer)
        and verdict in (None, it.verdict)
        and (not disputed or id in unlike)
        and (not is_open or id in reasons)
    ]
    if as_json:
        for id, it in wanted:
            more = {"id": id, "disputed": id in unlike, "open": reasons.get(id)}
            click.echo(json.dumps({**json.loads(encode(it)), **more}, ensure_ascii=False))
        return
    rows = [(id, it.time[:16], it.reviewer, _state(id, it, unlike, reasons), _said(it)) for id, it in wanted]
    output.table(("review", "time", "reviewer", "verdict", "statement"), rows)


@command.command()
@click.argument("statements", nargs=-1, required=True, metavar="STATEMENT…")
@_by
@_note
@options.quiet
@options.store
@options.verbose
def accept(statements: Sequence[str], reviewer: str, note: str, quiet: bool, store_url: str) -> None:
    """Say that statements are right: they stay, whatever later rules make of the text.

    \b
    kg review accept fact/6d1fd0 claim/8e2c11 --as anna
    """
    _judge("Accepted", statements, reviewer, note, quiet, store_url)


@command.command()
@click.argument("statements", nargs=-1, required=True, metavar="STATEMENT…")
@_by
@_note
@options.quiet
@options.store
@options.verbose
def reject(statements: Sequence[str], reviewer: str, note: str, quiet: bool, store_url: str) -> None:
    """Say that the text does not make these statements: they leave the graph and stay on record.

    To reject the class of an event is to say that there was no such event.

    \b
    kg review reject fact/6d1fd0 --as anna --note "only wished for"
    """
    _judge("Rejected", statements, reviewer, note, quiet, store_url)


@command.command()
@click.argument("statement")
@click.option("--set", "changes", multiple=True, required=True, metavar="FIELD=VALUE[,…]", help="What holds.")
@_by
@_note
@options.quiet
@options.store
@options.verbose
def correct(
    statement: str, changes: Sequence[str], reviewer: str, note: str, quiet: bool, store_url: str
) -> None:
    """Say what holds in the place of a statement.

    Fields of a fact: event, property, value (or day, people, place, topics, class), speaker, polarity,
    certainty. Fields of a claim: class, speaker, topics, affirms, addressee, event, polarity, certainty.

    \b
    kg review correct fact/6d1fd0 --set day=2025-06-05
    kg review correct claim/8e2c11 --set class=Demand --set speaker=person/wang-yi
    """
    with _Desk(store_url, reviewer) as desk:
        document, applied, found = desk.find(statement)
        names = ingest.names_in(document, applied, desk.store, desk.pipeline.lexicon)
        instead = corrected(found, _fields(changes), names)
        desk.put([desk.review("Corrected", document, applied, found, instead, note)], quiet)


@command.command()
@click.argument("document")
@click.option("--quote", required=True, help="The words that say so.")
@click.option("--at", type=int, help="Where they begin, if they stand in several places.")
@click.option(
    "--set", "parts", multiple=True, required=True, metavar="FIELD=VALUE[,…]", help="What they say."
)
@_by
@_note
@options.quiet
@options.store
@options.verbose
def add(
    document: str,
    quote: str,
    at: int | None,
    parts: Sequence[str],
    reviewer: str,
    note: str,
    quiet: bool,
    store_url: str,
) -> None:
    """Add what was missed in a document: a fact, a claim or an event.

    A fact takes event, property and value; a claim class, and what else `correct` names; an event kind,
    people, status, and day if the text gives one.

    \b
    kg review add ID --quote "Iran did not come up" \\
      --set event=call/2025-06-05-… --set property=excludedTopic --set value=Iran
    kg review add ID --quote "must stop" --set class=Demand --set speaker="Marco Rubio" --set topics=tariffs
    kg review add ID --quote "They met in May" --set kind=Meeting --set people="Xi Jinping,Joe Biden"
    """
    with _Desk(store_url, reviewer) as desk:
        found = ingest.reviewed_document(document, desk.store)
        applied = desk.pipeline.read(found)
        names = ingest.names_in(found, applied, desk.store, desk.pipeline.lexicon)
        evidence = passage(found, quote, at)
        fields = _fields(parts)
        if "kind" in fields:
            day, status = (" ".join(fields.get(name, ())) for name in ("day", "status"))
            made: Sequence[Statement] = added_event(
                fields["kind"][0], fields.get("people", ()), day, status or "Occurred", evidence, names
            )
        else:
            made = [added(fields, evidence, names)]
        desk.put([desk.review("Added", found, applied, it, None, note, made) for it in made], quiet)


@command.command()
@click.argument("reviews", nargs=-1, required=True, metavar="REVIEW…")
@_by
@options.quiet
@options.store
@options.verbose
def undo(reviews: Sequence[str], reviewer: str, quiet: bool, store_url: str) -> None:
    """Take reviews back; they stay on record, with who took them back and when.

    \b
    kg review undo 0a1b2c3d4e5f60718293 --as anna
    """
    with _Desk(store_url, reviewer) as desk:
        for it in ingest.withdraw(reviews, reviewer, _now(), desk.store, desk.prepare, desk.pipeline):
            if not quiet:
                click.echo(f"taken back {review_id(it)}  {_said(it)}")


@command.command("export")
@options.store
@options.verbose
def export_reviews(store_url: str) -> None:
    """Print all reviews, also those that were taken back, a line each, sorted; `kg review import` reads them.

    \b
    kg review export > reviews.jsonl
    """
    with open_store(store_url) as store:
        for line in export(Reviews.of(store).by_id.values()):
            click.echo(line, nl=False)


@command.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, allow_dash=True)
)
@options.json_output
@options.store
@options.verbose
def import_reviews(files: Sequence[Path], as_json: bool, store_url: str) -> None:
    """Take in reviews from files: what is known already changes nothing, and nothing is lost.

    Tells on which statements reviewers do not agree, and which reviews have no effect and why. Reviews of
    documents that are not stored wait for them.

    \b
    kg review import reviews.jsonl colleague.jsonl
    """
    coming = [it for file in files for it in read_file(_text(file), str(file))]
    with open_store(store_url, write=True) as store:
        pipeline = Pipeline()
        found = ingest.import_reviews(coming, store, _preparing(pipeline), pipeline)
    merged = found.merged
    if as_json:
        conflicts = [{who: review_id(it) for who, it in its.items()} for its in merged.conflicts]
        told = {
            "new": [*map(review_id, merged.new)],
            "withdrawn": [*map(review_id, merged.withdrawn)],
            "known": merged.known,
            "conflicts": conflicts,
            "open": found.open,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"{len(merged.new)} new, {len(merged.withdrawn)} taken back, {merged.known} known already")
    for its in merged.conflicts:
        said = "; ".join(f"{who}: {it.verdict.lower()}" for who, it in sorted(its.items()))
        click.echo(f"conflict: {_said(next(iter(its.values())))}: {said}")
    for id, why in found.open.items():
        click.echo(f"no effect yet: {id}: {why}")


@command.command("agreement")
@options.json_output
@options.store
@options.verbose
def show_agreement(as_json: bool, store_url: str) -> None:
    """Say how far each two reviewers agree on what both judged: shares, and Cohen's kappa, slot by slot.

    \b
    kg review agreement
    """
    with open_store(store_url) as store:
        found = agreement(Reviews.of(store).by_id.values())
    if as_json:
        click.echo(json.dumps([asdict(it) for it in found], ensure_ascii=False, indent=1))
        return
    rows = [
        (
            " · ".join(it.reviewers),
            it.slot,
            str(it.both),
            f"{it.same / it.both:.2f}",
            "–" if it.kappa is None else f"{it.kappa:.2f}",
        )
        for it in found
    ]
    output.table(("reviewers", "slot", "both judged", "agree", "kappa"), rows)


class _Desk:
    """A store open for reviews, and the pipeline that reads its documents."""

    def __init__(self, store_url: str, reviewer: str) -> None:
        self._url, self.reviewer = store_url, reviewer
        self.pipeline = Pipeline()
        self.prepare = _preparing(self.pipeline)

    def __enter__(self) -> "_Desk":
        self.store: Store = open_store(self._url, write=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def find(self, name: str) -> tuple[Document, Applied, Statement]:
        """A statement, with its document and all that it says."""
        return ingest.statement_at(name, self.store, self.pipeline.read)

    def review(
        self,
        verdict: Verdict,
        document: Document,
        applied: Applied,
        statement: Statement,
        instead: Statement | None,
        note: str,
        also: Iterable[Statement] = (),
    ) -> Review:
        """A review of now."""
        return Review(
            document=document.id,
            verdict=verdict,
            reviewer=self.reviewer,
            time=_now(),
            statement=statement,
            instead=instead,
            context=ingest.context_of((statement, instead), applied, also),
            note=note,
        )

    def put(self, reviews: Sequence[Review], quiet: bool) -> None:
        """Store reviews of one document, and say so."""
        ingest.record(reviews, self.store, self.prepare, self.pipeline)
        for it in () if quiet else reviews:
            click.echo(f"{it.verdict.lower()} {review_id(it)}  {_said(it)}")


def _judge(
    verdict: Verdict, statements: Sequence[str], reviewer: str, note: str, quiet: bool, store_url: str
) -> None:
    with _Desk(store_url, reviewer) as desk:
        for name in statements:
            document, applied, found = desk.find(name)
            desk.put([desk.review(verdict, document, applied, found, None, note)], quiet)


def _preparing(pipeline: Pipeline) -> Callable[[Document], ingest.Prepared]:
    return lambda document: next(iter(pipeline.prepare([document])))


def _fields(given: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for it in given:
        name, equals, values = it.partition("=")
        if not equals:
            raise InputError(f"{it!r} sets nothing; write FIELD=VALUE")
        found.setdefault(name.strip(), []).extend(value.strip() for value in values.split(","))
    return found


def _state(id: str, review: Review, unlike: set[str], reasons: dict[str, str]) -> str:
    state = review.verdict.lower()
    if review.withdrawn:
        return f"{state}, taken back"
    return f"{state}, to look at again" if id in reasons else f"{state}, disputed" if id in unlike else state


def _said(review: Review) -> str:
    said = summary(review.statement, review.document)
    return f"{said} → {summary(review.instead, review.document)}" if review.instead else said


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _text(file: Path) -> str:
    return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
