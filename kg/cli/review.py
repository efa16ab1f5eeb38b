"""`kg review`: puts statements right, once and for good."""

import getpass
import json
from collections.abc import Callable, Sequence
from typing import Any

import click

from kg import ingest
from kg.cli import options, output
from kg.cli.review_files import export_reviews, import_reviews, show_agreement
from kg.cli.review_session import ReviewSession, said, state
from kg.errors import InputError
from kg.model import Review, Statement, Verdict
from kg.review import Reviews, now, review_id
from kg.review.agreement import disagreements
from kg.review.change import added, added_event, corrected, passage
from kg.review.event_reviews import event_disagreements
from kg.review.record import encode
from kg.review.stored import open_reasons
from kg.store import open_store


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
        known, reasons = Reviews.of(store), open_reasons(store)
    unlike = {review_id(it) for its in disagreements(known.by_id.values()) for it in its.values()}
    unlike |= {review_id(it) for its in event_disagreements(known.events.values()) for it in its.values()}
    wanted = [
        (id, it)
        for id, it in ((review_id(it), it) for it in known.all)
        if (every or not it.withdrawn)
        and (document is None or (isinstance(it, Review) and it.document == document))
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
    rows = [(id, it.time[:16], it.reviewer, state(id, it, unlike, reasons), said(it)) for id, it in wanted]
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
    with ReviewSession(store_url, reviewer) as session:
        document, applied, found = session.find(statement)
        names = ingest.names_in(document, applied, session.store, session.pipeline.lexicon)
        instead = corrected(found, _fields(changes), names)
        session.put([session.review("Corrected", document, applied, found, instead, note)], quiet)


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
    with ReviewSession(store_url, reviewer) as session:
        found = ingest.reviewed_document(document, session.store)
        applied = session.pipeline.read(found)
        names = ingest.names_in(found, applied, session.store, session.pipeline.lexicon)
        evidence = passage(found, quote, at)
        fields = _fields(parts)
        if "kind" in fields:
            day, status = (" ".join(fields.get(name, ())) for name in ("day", "status"))
            made: Sequence[Statement] = added_event(
                fields["kind"][0], fields.get("people", ()), day, status or "Occurred", evidence, names
            )
        else:
            made = [added(fields, evidence, names)]
        session.put([session.review("Added", found, applied, it, None, note, made) for it in made], quiet)


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
    with ReviewSession(store_url, reviewer) as session:
        for it in ingest.withdraw(reviews, reviewer, now(), session.store, session.prepare, session.pipeline):
            if not quiet:
                click.echo(f"taken back {review_id(it)}  {said(it)}")


def _judge(
    verdict: Verdict, statements: Sequence[str], reviewer: str, note: str, quiet: bool, store_url: str
) -> None:
    with ReviewSession(store_url, reviewer) as session:
        for name in statements:
            document, applied, found = session.find(name)
            session.put([session.review(verdict, document, applied, found, None, note)], quiet)


def _fields(given: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for it in given:
        name, equals, values = it.partition("=")
        if not equals:
            raise InputError(f"{it!r} sets nothing; write FIELD=VALUE")
        found.setdefault(name.strip(), []).extend(value.strip() for value in values.split(","))
    return found


for _made in (export_reviews, import_reviews, show_agreement):
    command.add_command(_made)
